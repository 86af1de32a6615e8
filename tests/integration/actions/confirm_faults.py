# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of a change that undoes itself: at which of its steps what happens, and how each one has to end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

Rule: TypeAlias = Mapping[str, Any]
Door: TypeAlias = Literal["open", "shut"]
OURS = "\\winmail*"
TEMPLATE = "C:\\Windows\\security\\winmail-*.t.inf"
NOTHING = "Nothing was changed."
UNDONE = "the host undid it"
BY_ITSELF = "The host puts back who held"
ROLLED_BACK = "so the roll-back was used"
NOT_BEGUN = "The change itself was not begun"
CANNOT = "this host cannot be rolled back"
GONE = "removed from the host by something else"
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


def logon(skip: int, **change: Any) -> Rule:
    """Something happens to the host while somebody logs on, after ``skip`` logons."""
    return {"at": "logon", "skip": skip, "do": "state", "change": change}


def deletion(do: str, **more: Any) -> Rule:
    """Where the armed task is deleted: the deletion before ended the rehearsal."""
    return {"at": "cim", "match": {"operation": "Delete"}, "skip": 1, "do": do, **more}


def program(name: str, verb: str, skip: int, **more: Any) -> Rule:
    """A program fails; ``skip`` runs of it went well."""
    match = {"program": name, "verb": verb}
    return {"at": "program.start", "match": match, "skip": skip, "do": "exit_code", "code": 1, **more}


@dataclass(frozen=True)
class Fault:
    """One fault: ``door`` is what the change does to whoever logs on, ``ends`` what the rights are for good.

    ``says`` is in the failure (or is the status of a success), ``warns`` in a warning of the task, ``reported`` tells
    whether the next run names a roll-back that ran.
    """

    step: int
    kind: Literal["lost", "rebooted", "clock", "removed", "tool"]
    name: str
    rules: tuple[Rule, ...]
    ends: Literal["old", "new"]
    says: str
    door: Door = "open"
    warns: str = ""
    reported: bool = False

    @property
    def title(self) -> str:
        """Its name in the output of the tests."""
        return f"{self.step} {self.kind}: {self.name}, door {self.door}"


def _both(fault: Fault, says: str = UNDONE) -> tuple[Fault, Fault]:
    """The same with a change that shuts the door: it is old in the end, whatever the other one is."""
    return fault, replace(fault, door="shut", ends="old", says=says)


def _lost() -> Iterator[Fault]:
    """The connection ends before a step reached the host, or before its answer is back."""
    for way, where in (("request", request), ("answer", answer)):
        for step in (1, 2):
            yield Fault(step, "lost", way, (where(step, "drop"),), "old", NOT_BEGUN)
        yield Fault(3, "lost", way, (where(3, "drop"),), "old", NOTHING)
        yield from _both(Fault(5, "lost", way, (where(5, "drop"),), "new", "confirmed"))
        yield Fault(6, "lost", f"{way} about the files", (where(6, "drop"),), "new", "confirmed")
    yield from _both(Fault(4, "lost", "request", (request(4, "drop"),), "old", NOTHING), NOTHING)
    yield from _both(Fault(4, "lost", "answer", (answer(4, "drop"),), "new", "confirmed"), ROLLED_BACK)
    yield Fault(6, "lost", "while the task is deleted", (deletion("drop"),), "new", "confirmed")
    yield Fault(7, "lost", "three logons refused", (refused(3),), "new", "confirmed")
    yield Fault(7, "lost", "every logon refused", (refused(None),), "old", BY_ITSELF, reported=True)
    yield Fault(7, "lost", "every logon refused", (refused(None),), "old", BY_ITSELF, door="shut", reported=True)


def _rebooted() -> Iterator[Fault]:
    for when, after in (("before", False), ("after", True)):
        for step in (1, 2):
            yield Fault(step, "rebooted", when, (event(step, after=after, reboot=True),), "old", NOT_BEGUN)
        yield from _both(
            Fault(4, "rebooted", when, (event(4, after=after, reboot=True),), "old", ROLLED_BACK), ROLLED_BACK
        )
        yield Fault(5, "rebooted", when, (event(5, after=after, reboot=True),), "old", UNDONE)
        yield Fault(6, "rebooted", f"{when} the files go", (event(6, after=after, reboot=True),), "new", "confirmed")
    yield Fault(3, "rebooted", "before", (event(3, reboot=True),), "old", NOT_BEGUN)
    yield Fault(3, "rebooted", "after", (event(3, after=True, reboot=True),), "old", NOT_BEGUN, reported=True)
    yield Fault(6, "rebooted", "as the task is deleted", (deletion("state", change={"reboot": True}),), "old", UNDONE)
    yield Fault(7, "rebooted", "while logons fail", (refused(2), logon(2, reboot=True)), "old", UNDONE)
    yield Fault(7, "rebooted", "while the door is shut", (logon(2, reboot=True),), "old", UNDONE, door="shut")


def _clock() -> Iterator[Fault]:
    for seconds in (DAY, -DAY):
        for step in (1, 2, 3, 4):
            name = f"{seconds // DAY:+d} day"
            yield from _both(Fault(step, "clock", name, (event(step, clock_step=seconds),), "new", "confirmed"))
        yield Fault(5, "clock", name, (event(5, clock_step=seconds),), "new", "confirmed")
        yield Fault(6, "clock", name, (event(6, clock_step=seconds),), "new", "confirmed")
        yield Fault(7, "clock", name, (logon(2, clock_step=seconds),), "old", UNDONE, door="shut")
    yield Fault(4, "clock", "+6 days", (event(4, clock_step=6 * DAY),), "old", UNDONE, door="shut")


def _removed() -> Iterator[Fault]:
    """A security product, or a person, removes the task or its files."""
    task: dict[str, Any] = {"remove_task": OURS}
    files: dict[str, Any] = {"delete_file": TEMPLATE}
    yield Fault(1, "removed", "files", (event(1, after=True, **files),), "old", CANNOT)
    yield Fault(2, "removed", "task", (event(2, **task),), "old", CANNOT)
    yield Fault(3, "removed", "task", (event(3, after=True, **task),), "old", CANNOT)
    yield Fault(4, "removed", "task", (event(4, **task),), "new", "confirmed", warns=GONE)
    yield Fault(5, "removed", "task", (event(5, **task),), "new", "confirmed", warns=GONE)
    yield Fault(5, "removed", "files", (event(5, **files),), "new", "confirmed")
    yield Fault(6, "removed", "task", (deletion("state", change=task),), "new", "confirmed")
    # The one exception, which docs/user_rights/confirm.md tells: nobody is there any more who could open the door.
    yield Fault(4, "removed", "task", (event(4, after=True, **task),), "new", BY_ITSELF, door="shut")
    yield Fault(7, "removed", "files", (logon(2, **files),), "new", BY_ITSELF, door="shut", reported=True)
    yield Fault(7, "removed", "task", (logon(2, **task),), "new", BY_ITSELF, door="shut")
    yield Fault(7, "clock", "+8 days", (logon(2, clock_step=8 * DAY),), "new", BY_ITSELF, door="shut")


def _tool() -> Iterator[Fault]:
    yield Fault(1, "tool", "secedit exports nothing", (program("secedit", "/export", 1),), "old", CANNOT)
    yield Fault(2, "tool", "secedit fails as a task", (program("secedit", "/configure", 0),), "old", CANNOT)
    idle = program("secedit", "/configure", 0, code=0, run=False)
    yield Fault(2, "tool", "secedit does nothing as a task", (idle,), "old", CANNOT)
    yield Fault(3, "tool", "registration refused", (request(3, "fault", code=5),), "old", CANNOT)
    yield from _both(
        Fault(4, "tool", "secedit fails", (program("secedit", "/configure", 1, times=2),), "old", "exit code 1"),
        "exit code 1",
    )
    yield Fault(5, "tool", "whoami fails once", (program("whoami", "/user", 1),), "new", "confirmed")
    nobody = program("whoami", "/user", 1, times=None)
    yield Fault(5, "tool", "whoami fails for good", (nobody,), "old", BY_ITSELF, reported=True)
    yield Fault(6, "tool", "deletion refused", (deletion("fault", code=5),), "new", "confirmed")
    last = program("secedit", "/export", 5)
    yield Fault(6, "tool", "the last read fails", (last,), "new", "confirmed")
    once = program("secedit", "/configure", 2)
    yield Fault(7, "tool", "secedit fails in the roll-back, once", (once,), "old", UNDONE, door="shut")
    twice = program("secedit", "/configure", 2, times=2)
    yield Fault(7, "tool", "secedit fails in the roll-back, twice", (twice,), "new", BY_ITSELF, door="shut")


FAULTS = (*_lost(), *_rebooted(), *_clock(), *_removed(), *_tool())
