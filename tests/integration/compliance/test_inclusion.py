# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role inside a larger build: other roles around it, become, serial, tags, colliding names, twice in one run."""

from __future__ import annotations

import shlex

import pytest

from ansible_collections.winmail.exchange.tests.support.fleet import BACKUP, DENY, GUESTS, OPERATORS, Fleet, reported
from ansible_collections.winmail.exchange.tests.support.observer import moved

CURED = [("workgroup", "+", DENY, GUESTS), ("workgroup", "-", BACKUP, OPERATORS)]
# A build as people have it: become for all, batches, names that collide with those of any role.
BUILD = """
- name: Build the servers
  hosts: workgroup,governed
  gather_facts: false
  become: true
  serial: 1
  vars: {{baseline: mine, first: mine, change: mine, controls: mine, remedy: mine, result: mine, judged: mine}}
  tasks:
    - name: Base of every server
      ansible.builtin.set_fact:
        status: mine
      tags: [base]
    - name: Rights of every server
      ansible.builtin.include_role:
        name: winmail.exchange.user_rights_baseline
        apply:
          tags: [rights]
      vars:
        user_rights_baseline_baseline: {rules}
      loop: [mine]
      tags: [rights]
    - name: Find everything as it was, and the outcome of the role
      ansible.builtin.assert:
        that:
          - "[baseline, first, change, controls, remedy, result, judged, status] | unique == ['mine']"
          - user_rights_baseline_result.host == inventory_hostname
          - user_rights_baseline_result.status == 'compliant'
      tags: [watch]
"""
STATIC = """
- hosts: workgroup
  gather_facts: false
  roles:
    - role: winmail.exchange.user_rights_baseline
      user_rights_baseline_baseline: {rules}
  post_tasks:
    - name: Say that the build has ended
      ansible.builtin.debug:
        msg: the end
"""
TWICE = """
- hosts: workgroup,governed
  gather_facts: false
  serial: 1
  tasks:
    - name: Look before
      ansible.builtin.import_role:
        name: winmail.exchange.user_rights_baseline
        tasks_from: audit
      vars:
        user_rights_baseline_baseline: {rules}
    - name: Cure
      ansible.builtin.import_role:
        name: winmail.exchange.user_rights_baseline
      vars:
        user_rights_baseline_baseline: {rules}
        user_rights_baseline_report: false
    - name: Look after
      ansible.builtin.import_role:
        name: winmail.exchange.user_rights_baseline
        tasks_from: audit
      vars:
        user_rights_baseline_baseline: {rules}
"""


def written(fleet: Fleet, text: str) -> str:
    """A playbook with the house rules."""
    return str(fleet.player.write("build.yml", text.format(rules=fleet.rules)))


def test_a_larger_build(fleet: Fleet) -> None:
    build = written(fleet, BUILD)
    start = fleet.seen()
    predicted = fleet.player.play(build, "--check", "--diff")
    assert predicted.code == 0, predicted.output
    assert moved(start, fleet.seen()) == []
    played = fleet.player.play(build)
    assert played.code == 0, played.output
    assert predicted.changed == played.changed == {"workgroup": 1, "governed": 1}
    assert set(CURED) < set(moved(start, fleet.seen()))
    assert len(reported(played)) == 1
    again = fleet.player.play(build)
    assert (again.code, set(again.changed.values())) == (0, {0})


PARTS = {
    "--tags rights": CURED,
    "--tags base": [],
    "--skip-tags rights,watch": [],
    "--start-at-task 'Rights of every server'": CURED,
    "--start-at-task 'Find everything as it was, and the outcome of the role' --skip-tags watch": [],
}


@pytest.mark.parametrize("arguments", PARTS)
def test_a_part_of_the_build(fleet: Fleet, arguments: str) -> None:
    start = fleet.seen()
    # What the watcher wants stands in its first task, which some of these leave out.
    skip = () if "watch" in arguments or "rights" in arguments else ("--skip-tags", "watch")
    played = fleet.player.play(written(fleet, BUILD), "--limit", "workgroup", *shlex.split(arguments), *skip)
    assert played.code == 0, played.output
    assert sorted(moved(start, fleet.seen())) == sorted(PARTS[arguments])


STATIC_PARTS = {
    "": CURED,
    "--tags user_rights_baseline": CURED,
    "--skip-tags user_rights_baseline": [],
    "--start-at-task 'Say that the build has ended'": [],
    # In the middle of the role there is nothing that it could go by.
    "--start-at-task 'winmail.exchange.user_rights_baseline : Cure what was found'": [],
    "--start-at-task 'winmail.exchange.user_rights_baseline : end | See who fails'": [],
}


@pytest.mark.parametrize("arguments", STATIC_PARTS)
def test_the_role_under_roles(fleet: Fleet, arguments: str) -> None:
    start = fleet.seen()
    fleet.player.play(written(fleet, STATIC), *shlex.split(arguments))
    assert sorted(moved(start, fleet.seen())) == sorted(STATIC_PARTS[arguments])


def test_twice_in_one_play_reports_once_for_each(fleet: Fleet) -> None:
    played = fleet.player.play(written(fleet, TWICE))
    assert played.code == 0, played.output
    counts = [result["counts"] for result in reported(played)]
    assert [(one["compliant"], one["not_compliant"]) for one in counts] == [(1, 1), (2, 0)]


def test_a_variable_that_cannot_be_meant_is_refused_by_the_role_itself(fleet: Fleet) -> None:
    fleet.lab.clear_requests()
    played = fleet.audit(target="workgroup", user_rights_baseline_report="perhaps")
    assert played.failed == {"workgroup": 1}
    said = played.of("workgroup", "failed")[-1].result["msg"]
    assert said == "user_rights_baseline_report is 'perhaps'; it has to be true or false."
    assert fleet.lab.requests("workgroup") == 0
