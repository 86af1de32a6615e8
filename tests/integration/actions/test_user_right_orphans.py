# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holders without an account, and domains that do not answer: kept, listed, removable by SID, and never a long wait."""

from __future__ import annotations

import time

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running

CORP = "S-1-5-21-2840394521-1093752863-3410756322"
EXSVC, OLD = f"{CORP}-1107", f"{CORP}-1112"
BATCH, SERVICE, TCB = "SeBatchLogonRight", "SeServiceLogonRight", "SeTcbPrivilege"
ORPHANS = sorted([f"{CORP}-9998", f"{CORP}-9999", "S-1-5-21-1-2-3-1001", "S-1-5-21-11-22-33-1234"])
# Real time: the lab's waits are simulated, so anything longer than this is a loop of the controller.
SOON = 20.0


@pytest.fixture
def lab(rights_lab: RunningLab) -> RunningLab:
    """Here every host is one of the scenario ``rights``."""
    return rights_lab


def test_orphans_are_kept_when_their_right_is_rewritten(lab: RunningLab) -> None:
    before = rights_of(lab, "orphans")
    rights = [{"name": right, "add": ["CORP\\old"]} for right in (BATCH, SERVICE, TCB)]
    outcome = Controller(lab, "orphans").run("user_right", rights=rights)
    assert outcome.failed is None
    after = rights_of(lab, "orphans")
    assert after == {**before, **{right: sorted([*before[right], OLD]) for right in (BATCH, SERVICE, TCB)}}


def test_orphans_are_shown_as_such(lab: RunningLab) -> None:
    outcome = Controller(lab, "orphans").run("user_right", name=TCB, accounts=["CORP\\old"])
    [right] = outcome.result["rights"]
    assert right["before"] == [{"sid": f"{CORP}-9998", "name": None, "kind": "orphan"}]
    info = Controller(lab, "orphans").run("user_right_info").result
    assert info["orphans"] == ORPHANS
    listed = {account["sid"]: account for account in info["accounts"]}
    for sid in ORPHANS:
        assert listed[sid]["name"] is None
        assert listed[sid]["kind"] == "orphan"
        assert listed[sid]["direct"] != []


def test_an_orphan_goes_by_its_sid_alone(lab: RunningLab) -> None:
    """The account is deleted after it was granted: its name finds nothing then, its SID does."""
    controller = Controller(lab, "orphans")
    controller.run("user_right", name="SeCreateTokenPrivilege", accounts=["CORP\\old"])
    lab.computer("orphans").faults.add(
        {
            "at": "program.start",
            "match": {"program": "secedit"},
            "do": "state",
            "delete_account": OLD,
        }
    )
    by_name = controller.run("user_right", name="SeCreateTokenPrivilege", accounts=["CORP\\old"], state="absent")
    assert by_name.failed is not None
    assert "CORP\\old" in by_name.failed
    assert rights_of(lab, "orphans")["SeCreateTokenPrivilege"] == [OLD]
    by_sid = controller.run("user_right", name="SeCreateTokenPrivilege", accounts=[OLD], state="absent")
    assert by_sid.result["rights"][0]["removed"] == [OLD]
    assert "SeCreateTokenPrivilege" not in rights_of(lab, "orphans")


def test_one_orphan_goes_and_the_others_stay(lab: RunningLab) -> None:
    before = rights_of(lab, "orphans")
    controller = Controller(lab, "orphans")
    outcome = controller.run("user_right", name=SERVICE, accounts=[f"{CORP}-9999"], state="absent")
    assert outcome.changed
    assert rights_of(lab, "orphans") == {**before, SERVICE: [s for s in before[SERVICE] if s != f"{CORP}-9999"]}


@pytest.mark.parametrize("world", ["empty", "null", "fault"])
def test_orphans_are_the_same_however_windows_shows_them(world: str) -> None:
    with running(scenario="rights", worlds={"unmapped_sid": world}) as lab:
        assert Controller(lab, "orphans").run("user_right_info").result["orphans"] == ORPHANS


@pytest.mark.parametrize("world", ["works", "fault_on_orphan", "absent"])
def test_an_account_that_was_not_asked_for_is_no_orphan(world: str) -> None:
    """Whatever the helper does, an account that exists is never listed as an orphan."""
    with running(scenario="rights", worlds={"sddl_helper": world}) as lab:
        result = Controller(lab, "orphans").run("user_right_info").result
    assert EXSVC not in result["orphans"]
    assert result["orphans"] == ORPHANS


def test_a_dead_domain_costs_one_bounded_wait_and_never_the_run(lab: RunningLab) -> None:
    before = rights_of(lab, "deaddomain")
    begin = time.monotonic()
    controller = Controller(lab, "deaddomain")
    by_sid = controller.run("user_right", name=TCB, accounts=[EXSVC])
    assert by_sid.failed is None
    assert by_sid.unreachable is None
    assert rights_of(lab, "deaddomain") == {**before, TCB: [EXSVC]}
    assert lab.requests("deaddomain") <= 30
    lab.clear_requests()
    again = controller.run("user_right", name=TCB, accounts=[EXSVC])
    assert not again.changed
    assert lab.requests("deaddomain") <= 16
    assert time.monotonic() - begin < SOON


def test_a_name_of_a_dead_domain_is_refused_before_any_change(lab: RunningLab) -> None:
    before = rights_of(lab, "deaddomain")
    begin = time.monotonic()
    outcome = Controller(lab, "deaddomain").run("user_right", name=TCB, accounts=["S-1-5-19", "CORP\\old"])
    assert outcome.failed is not None
    assert "CORP\\old" in outcome.failed
    assert "cannot reach its domain" in outcome.failed
    assert rights_of(lab, "deaddomain") == before
    assert lab.requests("deaddomain") <= 24
    assert time.monotonic() - begin < SOON


def test_info_of_a_host_with_a_dead_domain_names_what_it_can(lab: RunningLab) -> None:
    begin = time.monotonic()
    outcome = Controller(lab, "deaddomain").run("user_right_info", names=[SERVICE, "SeBackupPrivilege"])
    assert outcome.failed is None
    service, backup = outcome.result["rights"]
    assert EXSVC in [account["sid"] for account in service["holders"]]
    assert "S-1-5-32-544" in [account["sid"] for account in backup["holders"]]
    assert lab.requests("deaddomain") <= 24
    assert time.monotonic() - begin < SOON
