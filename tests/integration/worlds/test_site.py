# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``site.yml`` in every world at once: one broken host for each answer to each open question about Windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.integration.worlds.behaviours import CONNECTIONS
from ansible_collections.winmail.exchange.tests.support.harness import PSRP
from ansible_collections.winmail.exchange.tests.support.observer import (
    EXSVC,
    TCB,
    left_behind,
    moved,
    restarted,
    snapshots,
)
from ansible_collections.winmail.exchange.tests.support.player import Played, playing
from lab.scenario import FOLDER
from lab.server import running
from lab.worlds import REGISTRY

if TYPE_CHECKING:
    from ansible_collections.winmail.exchange.tests.support.observer import Snapshots

WORLDS = {
    f"{name}-{value}".replace("_", "-"): {name: value} for name, world in REGISTRY.items() for value in world.values[1:]
}
# The story is played over one connection.
OVER = {} if "winrm" in CONNECTIONS else {"ansible_connection": "ansible.builtin.psrp", **PSRP}
# No exit code, no proof that anything was read: nothing is ever written, and the answer is "unknown".
WITHOUT_PROOF = {"call-errorlevel-literal"}


@dataclass(frozen=True)
class Worlds:
    """Two runs on the hosts of all worlds, and the hosts before, between and after."""

    start: Snapshots
    first: Played
    cured: Snapshots
    second: Played
    end: Snapshots


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    folder = tmp_path_factory.mktemp("worlds")
    sick = {"release": "2012R2", "generation": "5.0", "site_account": "CORP\\exsvc", "lab_only": True}
    granted = {"SeServiceLogonRight": ["CORP\\exsvc"], "SeInteractiveLogonRight": ["CORP\\exsvc"]}
    shared = {"policies": ["default"], "mailboxes": {"pop3test": "CORP\\pop3test"}}
    hosts = [{"name": name, **sick, "grant": granted, "worlds": answer} for name, answer in WORLDS.items()]
    scenario = folder / "worlds.yml"
    described = {
        "description": "One broken host for each world.",
        "base": str(FOLDER / "pop3"),
        "defaults": shared,
        "hosts": hosts,
    }
    scenario.write_text(yaml.safe_dump(described, sort_keys=False), encoding="utf-8")
    with running(scenario=scenario, transcript=0) as lab, playing(lab, folder) as player:
        start = snapshots(lab)
        words = {"batch": "100%", "max_failed": 100, **OVER}
        first = player.play("site.yml", "--forks", "10", extra=words)
        cured = snapshots(lab)
        second = player.play("site.yml", "--forks", "10", extra=words)
        return Worlds(start, first, cured, second, snapshots(lab))


@pytest.mark.parametrize("host", WORLDS)
def test_the_answer_is_right_or_nothing_changed(worlds: Worlds, host: str) -> None:
    grants = [change for change in moved(worlds.start, worlds.cured) if change[0] == host]
    if worlds.first.unreachable[host]:
        assert grants == []
        return
    outcome = worlds.first.outcome(host)
    assert grants == ([(host, "+", TCB, EXSVC)] if "grant" in outcome["done"] else [])
    services = worlds.cured[host]["services"]
    if outcome["verdict_after"] == "logon_ok":
        assert TCB in services["MSExchangeIS"]["privileges"]
    if not grants:
        assert [one for one in restarted(worlds.start, worlds.cured) if one[0] == host] == []
        assert outcome["action"] in ("unknown", "governed") or outcome["failure"]
    assert {name: one["state"] for name, one in services.items()} == {
        name: one["state"] for name, one in worlds.start[host]["services"].items()
    }


def test_every_world_is_cured_but_those_without_proof(worlds: Worlds) -> None:
    cured = {host for host in WORLDS if worlds.first.outcome(host)["verdict_after"] == "logon_ok"}
    assert set(WORLDS) - cured == WITHOUT_PROOF


def test_nothing_of_ours_stays_in_any_world(worlds: Worlds) -> None:
    assert left_behind(worlds.end) == []


def test_the_second_run_changes_nothing(worlds: Worlds) -> None:
    assert {host: number for host, number in worlds.second.changed.items() if number} == {}
    assert moved(worlds.cured, worlds.end) == []
