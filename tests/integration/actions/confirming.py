# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of a change that undoes itself share: two doors, the time of the host, and a look at it after all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import left_behind
from lab.server import RunningLab

HOST = "exch50"
TCB, DENY, AUDIT = "SeTcbPrivilege", "SeDenyNetworkLogonRight", "SeAuditPrivilege"
CORP = "S-1-5-21-2840394521-1093752863-3410756322"
EXSVC, ADMIN = f"{CORP}-1107", f"{CORP}-1103"
DOORS: dict[str, list[dict[str, Any]]] = {
    "open": [{"name": "SeNetworkLogonRight", "add": [EXSVC]}, {"name": TCB, "add": [EXSVC]}],
    "shut": [{"name": DENY, "add": [ADMIN]}, {"name": TCB, "add": [EXSVC]}],
}
SECONDS = 60
Rights = dict[str, set[str]]


@dataclass
class Waiting:
    """Whoever waits lets that time pass on the host, and none for the test."""

    lab: RunningLab
    passed: float = 0.0

    def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.passed += seconds
        self.lab.computer(HOST).advance(seconds)


def held(lab: RunningLab) -> Rights:
    """Who holds what, as the lab itself keeps it."""
    rights: Any = lab.computer(HOST).snapshot()["rights"]
    return {right: set(sids) for right, sids in rights.items() if sids}


def planned(before: Rights, door: str) -> Rights:
    """What the task makes of the rights."""
    after = {right: set(sids) for right, sids in before.items()}
    for entry in DOORS[door]:
        after[entry["name"]] = after.get(entry["name"], set()) | set(entry["add"])
    return after


def settled(lab: RunningLab, waiting: Waiting) -> None:
    """The deadline is over, and the host has restarted: whatever was armed has had its turns."""
    waiting.sleep(SECONDS + 60)
    lab.computer(HOST).faults.clear()
    lab.computer(HOST).change(reboot=True)
    waiting.sleep(120)


def the_next_run_tidies(lab: RunningLab, waiting: Waiting, *, reported: bool) -> None:
    """Nothing of ours stays after it, and a roll-back that ran is named."""
    waiting.sleep(700)
    later = Controller(lab, HOST).run("user_right", rights=[{"name": AUDIT, "add": [EXSVC]}])
    assert later.changed, later
    assert ("An earlier change of" in later.warnings) is reported, later
    seen: Any = lab.computer(HOST).snapshot()
    assert left_behind({HOST: seen}) == []
    assert seen["tasks"] == []
