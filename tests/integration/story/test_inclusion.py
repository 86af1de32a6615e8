# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role inside a larger server build: other roles around it, become, serial, tags, colliding names, check mode."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.observer import (
    EXSVC,
    GRANTED,
    TCB,
    moved,
    restarted,
    snapshots,
)

if TYPE_CHECKING:
    from ansible_collections.winmail.exchange.tests.support.player import Player
    from lab.server import RunningLab

# A build as people have it: names that collide with those of any role, become for all, roles before and after.
BUILD = """
- name: Build the mail servers
  hosts: exchange_pop3
  gather_facts: false
  become: true
  serial: 3
  vars:
    server: mine
    probe: mine
    service: mine
    account: mine
    rights: mine
    restart: mine
    result: mine
    target: mine
    cure: mine
  tasks:
    - name: Base of every server
      ansible.builtin.include_role:
        name: base
      tags: [base]
    - name: Mail of every server
      ansible.builtin.include_role:
        name: winmail.exchange.pop3_prerequisites
        apply:
          tags: [mail]
      vars:
        pop3_prerequisites_restart: service
        pop3_prerequisites_probe_login: credentials
      loop: [mine]
      tags: [mail]
    - name: Watch every server
      ansible.builtin.include_role:
        name: watch
      tags: [watch]
"""
BASE = """
- name: Keep results under common names
  ansible.builtin.set_fact:
    hosting: mine
    changed: mine
- name: Register a common name
  ansible.builtin.command: "true"
  delegate_to: localhost
  become: false
  changed_when: false
  vars:
    ansible_connection: local
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  register: answer
"""
WATCH = """
- name: Find everything as it was, and the outcome of the role
  ansible.builtin.assert:
    that:
      - >-
        [server, probe, service, account, rights, restart, result, target, cure, hosting, changed] | unique == ['mine']
      - answer is defined
      - pop3_prerequisites_result.host == inventory_hostname
"""
STATIC = """
- hosts: exchange_pop3
  gather_facts: false
  roles:
    - base
    - role: winmail.exchange.pop3_prerequisites
      pop3_prerequisites_restart: service
    - role: last
"""
LAST = """
- name: Say that the build has ended
  ansible.builtin.debug:
    msg: the end
"""


@pytest.fixture
def build(player: Player) -> str:
    """The larger build in the player's folder."""
    for name, text in {"base": BASE, "watch": WATCH, "last": LAST}.items():
        player.write(f"roles/{name}/tasks/main.yml", text)
    player.write("static.yml", STATIC)
    return str(player.write("build.yml", BUILD))


def test_a_larger_build(player: Player, lab: RunningLab, build: str) -> None:
    start = snapshots(lab)
    predicted = player.play(build, "--check", "--diff")
    assert predicted.code == 0, predicted.output
    assert moved(start, snapshots(lab)) == []
    played = player.play(build)
    assert played.code == 0, played.output
    assert predicted.changed == played.changed == {"exch50": 2, "exch55": 0, "exch2019": 0, "exchgpo": 0}
    assert moved(start, snapshots(lab)) == GRANTED
    assert played.outcome("exch50")["verdict_after"] == "logon_ok"
    cured = snapshots(lab)
    again = player.play(build)
    assert set(again.changed.values()) == {0}
    assert restarted(cured, snapshots(lab)) == []


PARTS = {
    "--tags mail": GRANTED,
    "--tags base": [],
    "--skip-tags mail,watch": [],
    "--limit exch55": [],
    "--limit exch50": GRANTED,
    "--start-at-task 'Mail of every server' --skip-tags watch": GRANTED,
    "--start-at-task 'Watch every server' --skip-tags watch": [],
}


@pytest.mark.parametrize("arguments", PARTS)
def test_a_part_of_the_build(player: Player, lab: RunningLab, build: str, arguments: str) -> None:
    start = snapshots(lab)
    played = player.play(build, "--limit", "exch50", *shlex.split(arguments))
    assert played.code == 0, played.output
    assert moved(start, snapshots(lab)) == PARTS[arguments]


STATIC_PARTS = {
    "": GRANTED,
    "--tags pop3_prerequisites": GRANTED,
    "--skip-tags pop3_prerequisites": [],
    "--start-at-task 'last : Say that the build has ended'": [],
}


@pytest.mark.parametrize("arguments", STATIC_PARTS)
def test_the_role_under_roles(player: Player, lab: RunningLab, build: str, arguments: str) -> None:
    start = snapshots(lab)
    static = build.replace("build.yml", "static.yml")
    played = player.play(static, "--limit", "exch50", *shlex.split(arguments))
    assert played.code == 0, played.output
    assert moved(start, snapshots(lab)) == STATIC_PARTS[arguments]


def test_starting_in_the_middle_of_the_role_changes_nothing(player: Player, lab: RunningLab, build: str) -> None:
    start = snapshots(lab)
    static = build.replace("build.yml", "static.yml")
    played = player.play(static, "--start-at-task", "winmail.exchange.pop3_prerequisites : Remediate what was found")
    assert played.code == 2
    assert moved(start, snapshots(lab)) == []


def test_twice_in_one_run_keeps_the_outcomes_apart(player: Player, lab: RunningLab) -> None:
    twice = player.write(
        "twice.yml",
        """
- hosts: exch50
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: winmail.exchange.pop3_prerequisites
      vars:
        pop3_prerequisites_restart: service
        pop3_prerequisites_probe_login: credentials
    - ansible.builtin.include_role:
        name: winmail.exchange.pop3_prerequisites
      vars:
        pop3_prerequisites_probe_login: credentials
""",
    )
    start = snapshots(lab)
    played = player.play(twice)
    assert played.code == 0, played.output
    assert moved(start, snapshots(lab)) == [("exch50", "+", TCB, EXSVC)]
    outcome = played.outcome("exch50")
    assert (outcome["done"], outcome["restarted"], outcome["restore"]) == ([], [], [])
    assert (outcome["verdict_before"], outcome["verdict_after"]) == ("logon_ok", "logon_ok")
    assert played.changed == {"exch50": 2}
