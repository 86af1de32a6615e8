# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of a change that undoes itself: at which of its steps what happens, and how each one has to end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

Rule: TypeAlias = Mapping[str, Any]
OURS = "\\winmail*"
TEMPLATE = "C:\\Windows\\security\\winmail-*.t.inf"
NOTHING = "Nothing was changed."
UNDONE = "the host undid it"
BY_ITSELF = "The host puts back who held"
DAY = 86400

# The request in which a step happens, as the wire sees it.
COMMAND = "/Command$"
STEPS: Mapping[int, Rule] = {
    1: {"action": COMMAND, "line": r"echo \[Privilege Rights\].*%windir%\\security"},
    2: {"action": "StartByPath"},
    3: {"action": "RegisterByXml", "body": "BootTrigger"},
    4: {"action": COMMAND, "line": r'secedit\.exe" /configure'},
    5: {"action": COMMAND, "line": r"/export.*whoami"},
    6: {"action": COMMAND, "line": r'if exist "%windir%\\security\\winmail-[^"]*\.t\.inf" del'},
}


def request(step: int, do: str, **more: Any) -> Rule:
    """Before the host does the step."""
    return {"at": "http.request", "match": STEPS[step], "do": do, **more}


def answer(step: int, do: str, **more: Any) -> Rule:
    """After it, before its answer goes out."""
    return {"at": "http.response", "match": STEPS[step], "do": do, **more}


def event(step: int, *, after: bool = False, **change: Any) -> Rule:
    """Something happens to the host before or after a step."""
    return (answer if after else request)(step, "state", change=change)


def refused(times: int | None, skip: int = 1) -> Rule:
    """The next logons are refused, whatever the rights say; the first one of all made the change."""
    return {"at": "logon", "skip": skip, "times": times, "do": "refuse"}


def program(name: str, verb: str, skip: int, **more: Any) -> Rule:
    """A program fails; ``skip`` runs of it went well."""
    match = {"program": name, "verb": verb}
    return {"at": "program.start", "match": match, "skip": skip, "do": "exit_code", "code": 1, **more}


@dataclass(frozen=True)
class Fault:
    """One fault: ``door`` is what the change does to whoever logs on, ``ends`` what the rights are for good.

    ``says`` is in the failure (or in the status of a success), ``warns`` in a warning of the task, ``reported`` tells
    whether the next run names a roll-back that ran. ``boots``: the host restarts before it is looked at.
    """

    step: int
    kind: Literal["lost", "rebooted", "clock", "removed", "tool"]
    name: str
    rules: tuple[Rule, ...]
    ends: Literal["old", "new"]
    says: str
    door: Literal["open", "shut"] = "open"
    warns: str = ""
    reported: bool = False
    boots: bool = False

    @property
    def title(self) -> str:
        """Its name in the output of the tests."""
        return f"{self.step} {self.kind}: {self.name}, door {self.door}"


def _shut(fault: Fault, **other: Any) -> Fault:
    return replace(fault, door="shut", **other)


def _lost() -> list[Fault]:
    """The connection ends before a step reached the host, or before its answer is back."""
    found = []
    for step in (1, 2, 3, 4, 5, 6):
        for way, where in (("request", request), ("answer", answer)):
            fault = Fault(step, "lost", f"{way} dropped", (where(step, "drop"),), "new", "confirmed")
            found.append(fault)
            if step < 6:
                found.append(_shut(fault, ends="old", says=UNDONE))
    found.append(Fault(7, "lost", "logons fail for a while", (refused(3),), "new", "confirmed"))
    found.append(Fault(7, "lost", "logons fail for good", (refused(None),), "old", BY_ITSELF, reported=True))
    return found


def _rebooted() -> list[Fault]:
    return [
        fault
        for step in (1, 2, 3, 4, 5, 6)
        for after in (False, True)
        for fault in (
            Fault(step, "rebooted", "after" if after else "before", (event(step, after=after, reboot=True),), "old", ""),
        )
    ] + [
        Fault(7, "rebooted", "while logons fail", (refused(2), {"at": "logon", "skip": 2, "do": "state", "change": {"reboot": True}}), "old", UNDONE),
        Fault(7, "rebooted", "while the door is shut", ({"at": "logon", "skip": 2, "do": "state", "change": {"reboot": True}},), "old", UNDONE, door="shut"),
    ]


def _clock() -> list[Fault]:
    return [
        fault
        for step in (1, 2, 3, 4, 5, 6)
        for seconds in (DAY, -DAY)
        for fault in (
            Fault(step, "clock", f"{seconds:+d} s", (event(step, clock_step=seconds),), "new", "confirmed"),
            Fault(step, "clock", f"{seconds:+d} s", (event(step, clock_step=seconds),), "old", UNDONE, door="shut"),
        )
        if step < 6 or fault.door == "open"
    ]


FAULTS = (*_lost(), *_rebooted(), *_clock())
