# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Becoming by a variable counts like the keyword; the role works where a play, an inventory or ansible.cfg asks for it.

In Ansible a variable wins over the keyword, so what Ansible settled is asked for and not what the task says.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.observer import GRANTED, moved, snapshots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.winmail.exchange.tests.support.player import Player
    from lab.server import RunningLab

pytestmark = pytest.mark.case("A1")

ROLE = """
- hosts: exchange_pop3
  gather_facts: false
{keywords}
  tasks:
    - ansible.builtin.include_role:
        name: winmail.exchange.pop3_prerequisites
        tasks_from: "{{{{ entry | default('main') }}}}"
      vars:
        pop3_prerequisites_restart: service
        pop3_prerequisites_report_dir: "{{{{ playbook_dir }}}}/reports"
"""
TASKS = """
- hosts: exch50
  gather_facts: false
{keywords}
  tasks:
    - winmail.exchange.user_right:
        name: SeTcbPrivilege
        accounts: ['CORP\\exsvc']
      ignore_errors: true
    - winmail.exchange.user_right_info:
      ignore_errors: true
    - winmail.exchange.pop3_server_info:
      ignore_errors: true
    - winmail.exchange.service_restart:
        name: MSExchangeIMC
      ignore_errors: true
    - winmail.exchange.pop3_probe:
"""
KEYWORD = "  become: true"
VARIABLE = "  vars: {ansible_become: true, ansible_become_method: runas, ansible_become_user: SYSTEM}"
TEMPLATED = "  vars: {wanted: 'yes', ansible_become: '{{ wanted }}'}"
# The variable wins over the keyword, in both directions.
OVERRULED = "  become: false\n  vars: {ansible_become: true}"
UNBECOMING = "  become: true\n  vars: {ansible_become: false}"


def refused(player: Player, name: str, variables: Mapping[str, object] | None = None) -> list[str]:
    """What each task that was refused said."""
    played = player.play(player.folder / name, extra=variables)
    assert played.code == 0, played.output
    return [str(event.result["msg"]) for event in played.of("exch50", "ignored")]


@pytest.mark.parametrize(
    ("keywords", "off"),
    [
        pytest.param(KEYWORD, "Write become: false on this task", id="keyword"),
        pytest.param(VARIABLE, "vars: {ansible_become: false}", id="variable"),
        pytest.param(TEMPLATED, "vars: {ansible_become: false}", id="template"),
        pytest.param(OVERRULED, "a variable wins over the keyword", id="variable over keyword"),
    ],
)
def test_every_task_over_winrm_refuses_to_become_and_the_probe_does_not_care(
    player: Player, lab: RunningLab, keywords: str, off: str
) -> None:
    before = snapshots(lab)
    player.write("tasks.yml", TASKS.format(keywords=keywords))
    said = refused(player, "tasks.yml")
    assert len(said) == 4
    assert all("become needs PowerShell" in sentence and off in sentence for sentence in said)
    assert moved(before, snapshots(lab)) == []
    assert lab.requests("exch50") == 0


def test_extra_variables_and_ansible_cfg_ask_for_it_too(player: Player, lab: RunningLab) -> None:
    player.write("tasks.yml", TASKS.format(keywords=""))
    assert len(refused(player, "tasks.yml", {"ansible_become": True})) == 4
    player.more["ANSIBLE_BECOME"] = "true"
    assert len(refused(player, "tasks.yml")) == 4
    assert lab.requests("exch50") == 0


def test_what_a_variable_turns_off_is_not_refused(player: Player, lab: RunningLab) -> None:
    before = snapshots(lab)
    player.write("tasks.yml", TASKS.format(keywords=UNBECOMING))
    assert refused(player, "tasks.yml") == []
    assert moved(before, snapshots(lab)) == GRANTED


@pytest.mark.parametrize("keywords", [KEYWORD, VARIABLE, OVERRULED], ids=["keyword", "variable", "both"])
def test_the_role_cures_in_a_play_that_becomes(player: Player, lab: RunningLab, keywords: str) -> None:
    before = snapshots(lab)
    played = player.play(player.write("role.yml", ROLE.format(keywords=keywords)))
    assert played.code == 0, played.output
    assert moved(before, snapshots(lab)) == GRANTED
    assert len(list((player.folder / "reports").glob("restore-exch50-*.json"))) == 1


def test_the_audit_works_where_the_inventory_becomes(player: Player, lab: RunningLab) -> None:
    """As a group variable for all, which the controller's own tasks would get as well."""
    before = snapshots(lab)
    player.write("group_vars/all.yml", json.dumps({"ansible_become": True}))
    played = player.play(player.write("role.yml", ROLE.format(keywords="")), extra={"entry": "audit"})
    assert played.code == 0, played.output
    assert moved(before, snapshots(lab)) == []
    assert len(list((player.folder / "reports").glob("pop3-audit-*.json"))) == 1
