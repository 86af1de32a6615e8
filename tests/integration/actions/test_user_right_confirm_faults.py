# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself and every fault at each of its steps: old or new per right, in words that match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import change
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.confirm import Clock
from ansible_collections.winmail.exchange.tests.integration.actions.confirm_faults import FAULTS, Fault
from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf, Outcome
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
        self.passed += seconds
        self.lab.computer(HOST).advance(seconds)


@pytest.fixture
def lab(lab_of: LabOf) -> RunningLab:
    """The story's hosts as they are at the start; one lab for all tests here."""
    return lab_of("pop3")


@pytest.fixture
def waiting(lab: RunningLab, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """A confirmation whose time is that of the host."""
    one = Waiting(lab)
    monkeypatch.setattr(change, "Clock", lambda: Clock(lambda: one.passed, one.sleep))
    return one


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


def truthful(outcome: Outcome, fault: Fault, now: Rights, before: Rights) -> None:
    """What is told agrees with what is there at that moment."""
    said = outcome.failed or outcome.unreachable or outcome.result["confirm"]["status"]
    assert fault.says in said
    assert fault.warns in outcome.warnings
    if outcome.result.get("confirm", {}).get("status") == "confirmed":
        assert now == planned(before, fault.door)
    if outcome.result.get("confirm", {}).get("status") == "reverted" or "Nothing was changed" in said:
        assert now == before


def settled(lab: RunningLab, waiting: Waiting, fault: Fault) -> None:
    """The deadline is over, and the host restarted where the fault took its timer."""
    waiting.sleep(SECONDS + 60)
    if fault.boots:
        lab.computer(HOST).change(reboot=True)
        waiting.sleep(120)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_each_fault_ends_old_or_new(lab: RunningLab, waiting: Waiting, fault: Fault) -> None:
    before = held(lab)
    for rule in fault.rules:
        lab.computer(HOST).faults.add(rule)
    options = {"rights": DOORS[fault.door], "allow_lockout": True, "confirm": True, "confirm_timeout": SECONDS}
    outcome = Controller(lab, HOST).run("user_right", **options)
    assert lab.computer(HOST).faults.fired, "the fault did not happen"
    import json, os
    open("/tmp/f13.log","a").write(json.dumps({"t": fault.title, "st": outcome.result.get("confirm",{}).get("status"), "f": outcome.failed, "u": outcome.unreachable, "w": outcome.warnings, "now": "old" if held(lab)==before else "new" if held(lab)==planned(before,fault.door) else "OTHER", "tasks": len(lab.computer(HOST).snapshot()["tasks"])})+"\n")
    truthful(outcome, fault, held(lab), before)
    settled(lab, waiting, fault)
    assert held(lab) == (before if fault.ends == "old" else planned(before, fault.door))
    the_next_run_tidies(lab, waiting, fault)


def the_next_run_tidies(lab: RunningLab, waiting: Waiting, fault: Fault) -> None:
    """Nothing of ours stays after it, and a roll-back that ran is named."""
    lab.computer(HOST).faults.clear()
    waiting.sleep(700)
    later = Controller(lab, HOST).run("user_right", rights=[{"name": AUDIT, "add": [EXSVC]}])
    assert later.changed
    assert ("An earlier change of" in later.warnings) is fault.reported
    seen: Any = lab.computer(HOST).snapshot()
    assert left_behind({HOST: seen}) == []
    assert seen["tasks"] == []
