# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself and every fault at each of its steps: old or new per right, in words that match."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import change
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.confirm import Clock
from ansible_collections.winmail.exchange.tests.integration.actions.confirm_faults import FAULTS, Fault
from ansible_collections.winmail.exchange.tests.integration.actions.confirming import (
    ADMIN,
    DENY,
    DOORS,
    HOST,
    SECONDS,
    Rights,
    Waiting,
    held,
    planned,
    settled,
    the_next_run_tidies,
)
from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf, Outcome
from lab.server import RunningLab


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


def truthful(outcome: Outcome, fault: Fault, now: Rights, before: Rights) -> None:
    """What is told agrees with what is there at that moment."""
    status = outcome.result.get("confirm", {}).get("status")
    said = outcome.failed or outcome.unreachable or status
    assert fault.says in said
    assert fault.warns in outcome.warnings
    assert bool(outcome.warnings) is bool(fault.warns)
    if status == "confirmed":
        assert now == planned(before, fault.door)
    if status == "reverted" or "Nothing was changed" in said or "was not begun" in said:
        assert now == before


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_each_fault_ends_old_or_new(lab: RunningLab, waiting: Waiting, fault: Fault) -> None:
    before = held(lab)
    for rule in fault.rules:
        lab.computer(HOST).faults.add(rule)
    options: dict[str, Any] = {
        "rights": DOORS[fault.door],
        "allow_lockout": True,
        "confirm": True,
        "confirm_timeout": SECONDS,
    }
    outcome = Controller(lab, HOST).run("user_right", **options)
    assert lab.computer(HOST).faults.fired, "the fault did not happen"
    truthful(outcome, fault, held(lab), before)
    settled(lab, waiting)
    assert held(lab) == (before if fault.ends == "old" else planned(before, fault.door))
    if fault.ends == "new" and fault.door == "shut":
        lab.computer(HOST).change(revoke={"right": DENY, "sid": ADMIN})  # by a person at the console
    the_next_run_tidies(lab, waiting, reported=fault.reported)


def test_every_step_meets_every_kind_of_fault() -> None:
    met = {(fault.step, fault.kind) for fault in FAULTS}
    assert met == {(step, kind) for step in range(1, 8) for kind in ("lost", "rebooted", "clock", "removed", "tool")}
    assert len({fault.title for fault in FAULTS}) == len(FAULTS) > 60
