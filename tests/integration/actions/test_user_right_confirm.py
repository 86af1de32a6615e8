# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_right with confirm over the wire: a second logon, a shut door, what stays, and what it costs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import change
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.confirm import Clock
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import left_behind, moved, rights_of, snapshots
from ansible_collections.winmail.exchange.tests.support.player import playing
from lab.server import RunningLab

HOST = "exch50"
TCB, DENY = "SeTcbPrivilege", "SeDenyNetworkLogonRight"
CORP = "S-1-5-21-2840394521-1093752863-3410756322"
EXSVC, ADMIN = f"{CORP}-1107", f"{CORP}-1103"
OPEN: dict[str, Any] = {"name": TCB, "accounts": ["CORP\\exsvc"], "confirm": True}
SHUT: dict[str, Any] = {
    "rights": [{"name": DENY, "add": [ADMIN]}, {"name": TCB, "add": [EXSVC]}],
    "allow_lockout": True,
    "confirm": True,
    "confirm_timeout": 60,
}
CONNECTIONS = ["ansible.builtin.winrm", "ansible.builtin.psrp"]

Rights = Callable[[], dict[str, list[str]]]


@dataclass
class Waiting:
    """Whoever waits here lets that time pass on the host, and none for the test."""

    lab: RunningLab
    passed: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.passed += seconds
        self.lab.computer(HOST).advance(seconds)


@pytest.fixture
def waiting(lab: RunningLab, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """A confirmation whose time is that of the host."""
    one = Waiting(lab)
    monkeypatch.setattr(change, "Clock", lambda: Clock(lambda: one.passed, one.sleep))
    return one


def clean(lab: RunningLab) -> bool:
    """No file and no task of ours is on any host, and no shell is open."""
    seen = snapshots(lab)
    return left_behind(seen) == [] and all(not one["tasks"] for one in seen.values()) and lab.open_shells(HOST) == 0


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_new_logon_confirms(lab: RunningLab, rights: Rights, connection: str) -> None:
    before = rights()
    outcome = Controller(lab, HOST, connection=connection).run("user_right", **OPEN)
    assert (outcome.failed, outcome.unreachable) == (None, None)
    assert outcome.result["confirm"]["status"] == "confirmed"
    assert outcome.result["confirm"]["way"] == "cim"
    assert rights() == {**before, TCB: [EXSVC]}
    assert clean(lab)
    assert len(lab.logons(HOST)) == 2, "one to change, a second one to confirm"


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_plain_change_logs_on_once_and_makes_no_task(lab: RunningLab, connection: str) -> None:
    options = {**OPEN, "confirm": False}
    outcome = Controller(lab, HOST, connection=connection).run("user_right", **options)
    assert "confirm" not in outcome.result
    assert len(lab.logons(HOST)) == 1
    assert "RegisterByXml" not in str(lab.requests_by_action(HOST))


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_shut_door_is_opened_by_the_host_and_the_task_fails(
    lab: RunningLab, rights: Rights, waiting: Waiting, connection: str
) -> None:
    before = rights()
    outcome = Controller(lab, HOST, connection=connection).run("user_right", **SHUT)
    assert rights() == before
    assert outcome.failed is not None
    assert "was not confirmed in time, and the host undid it" in outcome.failed
    assert outcome.result["confirm"]["status"] == "reverted"
    assert not outcome.changed
    assert waiting.passed < 60 + 60
    assert len(lab.refused(HOST)) > 2
    assert clean(lab)


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_host_that_stays_shut_is_unreachable_and_says_what_it_will_do(
    lab: RunningLab, rights: Rights, waiting: Waiting, connection: str
) -> None:
    before = rights()
    lab.computer(HOST).faults.add({"at": "logon", "skip": 1, "times": None, "do": "refuse"})
    outcome = Controller(lab, HOST, connection=connection).run("user_right", **SHUT)
    assert outcome.unreachable is not None
    for part in ("No new logon succeeded", "The host puts back who held", "or at its next boot", "'winmail restores"):
        assert part in outcome.unreachable
    assert waiting.passed >= 120
    assert lab.computer(HOST).snapshot()["rights"] == before
    lab.computer(HOST).faults.clear()
    waiting.sleep(700)
    later = Controller(lab, HOST, connection=connection).run("user_right", **OPEN)
    assert later.result["confirm"]["status"] == "confirmed"
    assert "An earlier change of" in later.warnings
    assert clean(lab)


def test_several_in_a_row_share_a_connection_and_each_is_confirmed(lab: RunningLab, rights: Rights) -> None:
    items = [{**OPEN, "name": right} for right in (TCB, "SeBatchLogonRight", TCB)]
    outcomes = Controller(lab, HOST).loop("user_right", items)
    told = [outcome.result["confirm"]["status"] for outcome in outcomes]
    assert told == ["confirmed", "confirmed", "not_needed"]
    assert EXSVC in rights()[TCB]
    assert clean(lab)


def test_check_mode_arms_nothing_and_a_second_run_needs_nothing(lab: RunningLab, rights: Rights) -> None:
    controller, before = Controller(lab, HOST), rights()
    planned = controller.run("user_right", _check=True, **OPEN)
    assert (planned.changed, planned.result["confirm"]["status"]) == (True, "planned")
    assert rights() == before
    assert "RegisterByXml" not in str(lab.requests_by_action(HOST))
    assert controller.run("user_right", **OPEN).changed
    lab.clear_requests()
    again = controller.run("user_right", **OPEN)
    assert (again.changed, again.result["confirm"]["status"]) == (False, "not_needed")
    assert lab.requests(HOST) <= 12


def test_no_rights_need_no_confirmation(lab: RunningLab) -> None:
    outcome = Controller(lab, HOST).run("user_right", rights=[], confirm=True)
    assert outcome.result["confirm"]["status"] == "not_needed"


def test_what_a_policy_sets_is_refused_unless_that_is_to_be_ignored(lab: RunningLab) -> None:
    controller = Controller(lab, "exchgpo")
    before = rights_of(lab, "exchgpo")
    refused = controller.run("user_right", **OPEN)
    assert refused.failed is not None
    assert "applies it again at its next refresh" in refused.failed
    assert refused.failed.endswith("Nothing was changed.")
    assert rights_of(lab, "exchgpo") == before
    assert controller.run("user_right", gpo_conflict="ignore", **OPEN).result["confirm"]["status"] == "confirmed"


@pytest.mark.parametrize("seconds", [59, 3601, 0, -1])
def test_a_time_out_of_range_is_refused_before_anything_is_sent(lab: RunningLab, seconds: int) -> None:
    outcome = Controller(lab, HOST).run("user_right", confirm_timeout=seconds, **OPEN)
    assert f"confirm_timeout is {seconds}; it has to be 60 to 3600 seconds." in str(outcome.failed)
    assert lab.requests(HOST) == 0


def test_it_costs_no_more_than_the_page_tells(lab: RunningLab) -> None:
    Controller(lab, HOST).run("user_right", **OPEN)
    assert lab.requests(HOST) <= 60


PLAY = """---
- name: Two hosts, one after the other
  hosts: exch50:exch55
  gather_facts: false
  serial: 1
  max_fail_percentage: 0
  tasks:
    - name: Give the right, or undo it
      winmail.exchange.user_right:
        name: SeTcbPrivilege
        accounts: ['CORP\\exsvc']
        confirm: true
- name: From another host
  hosts: exch55
  gather_facts: false
  tasks:
    - name: Give a right there, or undo it
      winmail.exchange.user_right:
        name: SeBatchLogonRight
        accounts: ['CORP\\exsvc']
        confirm: true
      delegate_to: exch50
"""


def test_hosts_in_turn_and_a_task_for_another_host(lab: RunningLab, tmp_path: Path) -> None:
    with playing(lab, tmp_path) as player:
        before = snapshots(lab)
        played = player.play(player.write("turns.yml", PLAY))
        assert played.code == 0, played.output
        changes = {(host, right, sid) for host, dummy, right, sid in moved(before, snapshots(lab))}
    assert changes == {(HOST, TCB, EXSVC), (HOST, "SeBatchLogonRight", EXSVC)}
    assert clean(lab)


def test_a_shut_door_on_the_first_host_stops_the_play_before_the_second(lab: RunningLab, tmp_path: Path) -> None:
    """In real time: the host's clock is set ahead of it as soon as the change is there."""
    text = PLAY.partition("- name: From another host")[0]
    text = text.replace("confirm: true", "confirm: true\n        confirm_timeout: 60")
    before = snapshots(lab)
    lab.computer(HOST).faults.add({"at": "logon", "skip": 1, "times": 1, "do": "refuse"})
    ended = threading.Event()

    def hurry() -> None:
        """Once the door was found shut a minute passes on the host."""
        while not ended.wait(0.1):
            if lab.refused(HOST):
                lab.computer(HOST).advance(60)
                return

    helper = threading.Thread(target=hurry)
    with playing(lab, tmp_path) as player:
        helper.start()
        try:
            played = player.play(player.write("turns.yml", text))
        finally:
            ended.set()
            helper.join(10)
    assert played.code != 0
    assert "the host undid it" in played.output
    assert moved(before, snapshots(lab)) == []
    assert lab.logons("exch55") == []
    assert clean(lab)
