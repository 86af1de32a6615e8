# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``site.yml`` on every generation of Exchange that the lab knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.observer import (
    EXSVC,
    TCB,
    left_behind,
    moved,
    restarted,
    snapshots,
)
from ansible_collections.winmail.exchange.tests.support.player import Played, playing
from lab.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.winmail.exchange.tests.support.observer import Snapshots

POP3SVC = "S-1-5-21-2840394521-1093752863-3410756322-1111"
# Host: generation, action, what was done, verdict after. The POP3 servers from 2007 on refuse clear text as they come.
EXPECTED = {
    "gen50": ("5.0", "grant", ["grant", "restart"], "logon_ok"),
    "gen55": ("5.5", "grant", ["grant", "restart"], "logon_ok"),
    "gen55group": ("5.5", "none", [], "logon_ok"),
    "gen55stuck": ("5.5", "grant", ["grant"], None),
    "gen2000": ("2000", "not_applicable", [], "logon_ok"),
    "gen2003": ("2003", "not_applicable", [], "logon_ok"),
    "srv2003pop3": ("none", "not_applicable", [], "logon_ok"),
    "gen2007": ("2007", "not_applicable", [], "cleartext_refused"),
    "gen2010": ("2010", "not_applicable", [], "cleartext_refused"),
    "gen2013": ("2013", "not_applicable", [], "cleartext_refused"),
    "gen2016": ("2016", "not_applicable", [], "cleartext_refused"),
    "gen2019": ("2019", "not_applicable", [], "logon_ok"),
    "gense": ("SE", "not_applicable", [], "cleartext_refused"),
    "gen2016off": ("2016", "not_applicable", [], "no_listener"),
    "gen2019custom": ("2019", "none", [], "cleartext_refused"),
    "gen2019gmsa": ("2019", "none", [], "cleartext_refused"),
    "gen2019nolog": ("2019", "grant", ["grant"], "no_listener"),
    "noexchange": ("none", "unknown", [], "no_listener"),
    "dc55": ("5.5", "grant", ["grant", "restart"], "logon_ok"),
}


@dataclass(frozen=True)
class Fleet:
    """Two runs on all of them, and the hosts before, between and after."""

    start: Snapshots
    first: Played
    cured: Snapshots
    second: Played
    end: Snapshots


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with running(scenario="generations") as lab, playing(lab, tmp_path_factory.mktemp("generations")) as player:
        start = snapshots(lab)
        # One batch; the host whose service does not stop must not take others with it.
        words = {"batch": "100%", "max_failed": 100, "pop3_prerequisites_restart_timeout": 3}
        first = player.play("site.yml", "--forks", "10", extra=words)
        cured = snapshots(lab)
        second = player.play("site.yml", "--forks", "10", extra=words)
        yield Fleet(start, first, cured, second, snapshots(lab))


def test_the_expectations_name_every_host(fleet: Fleet) -> None:
    assert set(fleet.start) == set(EXPECTED)


@pytest.mark.parametrize("host", EXPECTED)
def test_the_outcome(fleet: Fleet, host: str) -> None:
    outcome = fleet.first.outcome(host)
    found = (outcome["generation"], outcome["action"], outcome["done"], outcome["verdict_after"])
    assert found == EXPECTED[host]


def test_only_the_accounts_that_lack_a_right_get_it(fleet: Fleet) -> None:
    assert sorted(moved(fleet.start, fleet.cured)) == [
        ("dc55", "+", TCB, EXSVC),
        ("gen2019nolog", "+", "SeServiceLogonRight", POP3SVC),
        ("gen50", "+", TCB, EXSVC),
        ("gen55", "+", TCB, EXSVC),
        ("gen55stuck", "+", TCB, EXSVC),
    ]


def test_only_services_of_granted_hosts_restart(fleet: Fleet) -> None:
    assert {host for host, _service in restarted(fleet.start, fleet.cured)} <= {"dc55", "gen50", "gen55", "gen55stuck"}


def test_the_host_whose_service_does_not_stop_fails_alone(fleet: Fleet) -> None:
    assert [host for host, number in fleet.first.failed.items() if number] == ["gen55stuck"]
    failure = fleet.first.outcome("gen55stuck")["failure"]
    assert "MSExchangeIMC did not stop within 3 seconds" in failure
    assert fleet.first.outcome("gen55stuck")["restart_required"]


def test_the_second_run_changes_nothing(fleet: Fleet) -> None:
    assert set(fleet.second.changed.values()) == {0}
    assert moved(fleet.cured, fleet.end) == []
    assert restarted(fleet.cured, fleet.end) == []
    assert left_behind(fleet.end) == []


def test_on_a_domain_controller_whose_policies_set_nothing_the_grant_is_made_and_said(fleet: Fleet) -> None:
    outcome = fleet.first.outcome("dc55")
    assert "belongs in the Domain Controllers' policy" in outcome["reason"]
    assert outcome["compliant"] is True
