# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user-rights section of a public hardening role, 52 tasks, converted and played on five kinds of host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.convert.section import ALL_RULES, SECTION, made_of
from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from ansible_collections.winmail.exchange.tests.support.observer import left_behind, moved, snapshots
from ansible_collections.winmail.exchange.tests.support.player import ROOT, Played, Player, playing
from lab.server import RunningLab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTS = ("member", "dc", "workgroup", "german", "r2")
# A member server that is reached with a local account, as after a rebuild or without a domain controller at hand.
BY_LOCAL_ACCOUNT = "deaddomain"
PLAY = """---
- name: Harden
  hosts: "{{{{ target }}}}"
  gather_facts: false
  vars:
    is_domain_controller: "{{{{ inventory_hostname == 'dc' }}}}"
    is_domain_member: "{{{{ inventory_hostname in ['member', 'german', 'r2', 'deaddomain'] }}}}"
    hyperv_installed: false
    iis_installed: false
    exchange_in_domain: false
    scheduling_priority: [Administrators, 'Window Manager\\Window Manager Group']
  tasks:
    - name: Take in what was made of the section
      ansible.builtin.include_tasks: {tasks}
"""


@pytest.fixture
def lab(lab_of: LabOf) -> RunningLab:
    """The hosts of the scenario ``rights``."""
    return lab_of("rights")


@pytest.fixture
def player(lab: RunningLab, tmp_path: Path) -> Iterator[Player]:
    """Plays with the lab's inventory."""
    with playing(lab, tmp_path) as one:
        yield one


@pytest.fixture
def hardening(player: Player, tmp_path: Path) -> Path:
    """A playbook that takes in the section as ``winmail.exchange.convert`` made it."""
    tasks = tmp_path / "user_rights.yml"
    made = player.play("playbooks/convert.yml", from_file=str(SECTION), to_file=str(tasks))
    assert made.code == 0, made.output
    assert "51 rules in 51 entries of 1 task, 1 left as they were." in made.output
    return player.write("harden.yml", PLAY.format(tasks=tasks))


def rights_in(snapshot: dict[str, Any]) -> dict[str, set[str]]:
    return {right.lower(): set(holders) for right, holders in snapshot["rights"].items() if holders}


def of_task(played: Played, host: str) -> dict[str, Any]:
    """What the one task returned on a host."""
    (event,) = [one for one in played.of(host, "ok") if one.action.endswith("user_right")]
    return event.result


def told(played: Played, host: str) -> list[tuple[Any, ...]]:
    """Each right of the task's result with who holds it before and after, whom it gave and took."""
    rights = of_task(played, host)["rights"]
    return [
        (one["name"], *(sorted(held["sid"] for held in one[when]) for when in ("before", "after")), one["added"])
        for one in rights
    ]


def test_one_task_makes_of_five_kinds_of_host_what_fifty_one_would(
    lab: RunningLab, player: Player, hardening: Path
) -> None:
    play = {**ALL_RULES, "target": ",".join(HOSTS)}
    before = snapshots(lab)
    check = player.play(hardening, "--check", extra=play)
    assert check.code == 0, check.output
    assert moved(before, snapshots(lab)) == []
    first = player.play(hardening, extra=play)
    assert first.code == 0, first.output
    after = snapshots(lab)
    assert left_behind(after) == []
    second = player.play(hardening, extra=play)
    for host in HOSTS:
        assert rights_in(after[host]) == made_of(host, before[host]["rights"]), host
        assert told(check, host) == told(first, host)
        assert (check.changed[host], first.changed[host]) == (1, 1)
        assert (second.code, second.changed[host]) == (0, 0), second.output
    assert moved(after, snapshots(lab)) == []


def told_on_the_page() -> str:
    """The page on the guard, its lines put together."""
    page = ROOT / "docs" / "user_rights" / "lockout_guard.md"
    return " ".join(page.read_text(encoding="utf-8").split())


def test_the_rule_that_denies_network_logon_to_local_administrators_is_refused_to_one_of_them(
    lab: RunningLab, player: Player, hardening: Path
) -> None:
    play = {**ALL_RULES, "target": BY_LOCAL_ACCOUNT}
    before = snapshots(lab)
    for words in (["--check"], []):
        refused = player.play(hardening, *words, extra=play)
        assert refused.failed[BY_LOCAL_ACCOUNT] == 1
        (event,) = refused.of(BY_LOCAL_ACCOUNT, "failed")
        message = event.result["msg"]
        assert message.startswith("Refused: ")
        assert "SeDenyNetworkLogonRight (Deny access to this computer from the network)" in message
        assert "the connecting account" in message
        assert message.endswith("Nothing was changed.")
        assert re.sub(r"S-1-5-21-[0-9-]+-500", "S-1-5-21-…-500", message) in told_on_the_page()
        assert moved(before, snapshots(lab)) == []
    # Rule 27 denies it remote desktop in the same way; both are of use to who comes as an account of the domain.
    without = player.play(hardening, extra={**play, "rule_22": False, "rule_27": False})
    assert without.code == 0, without.output
    rights = rights_in(snapshots(lab)[BY_LOCAL_ACCOUNT])
    assert "S-1-5-114" not in rights.get("sedenynetworklogonright", set())
    assert rights["sedebugprivilege"] == {"S-1-5-32-544"}
    again = player.play(hardening, extra={**play, "rule_22": False, "rule_27": False})
    assert (again.code, again.changed[BY_LOCAL_ACCOUNT]) == (0, 0), again.output
