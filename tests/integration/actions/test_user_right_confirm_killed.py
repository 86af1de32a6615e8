# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself, and a controller that is killed at each of its steps: a real process, and SIGKILL."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from ansible_collections.winmail.exchange.tests.integration.actions.confirm_faults import (
    STEPS,
    Door,
    Rule,
    answer,
    refused,
)
from ansible_collections.winmail.exchange.tests.integration.actions.confirming import (
    DOORS,
    HOST,
    Waiting,
    held,
    planned,
    settled,
    the_next_run_tidies,
)
from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from ansible_collections.winmail.exchange.tests.support.player import BIN, ROOT, Player, environment, playing
from lab.server import RunningLab

PLAY = """---
- name: A change that undoes itself
  hosts: exch50
  gather_facts: false
  tasks:
    - name: Change rights
      winmail.exchange.user_right:
        rights: %s
        allow_lockout: true
        confirm: true
        confirm_timeout: 60
"""
# The host is slow with its answer where the controller dies, in real seconds: long enough to be seen.
SLOW = 8
PATIENCE = 60.0


@dataclass(frozen=True)
class Killed:
    """The step whose answer never arrives, the door, how it ends for good, and whether a roll-back ran."""

    step: int
    door: Door
    ends: Literal["old", "new"]
    ran: bool


KILLED = (
    Killed(1, "open", "old", ran=False),
    Killed(2, "open", "old", ran=False),
    Killed(3, "open", "old", ran=True),
    Killed(4, "open", "old", ran=True),
    Killed(4, "shut", "old", ran=True),
    Killed(5, "open", "old", ran=True),
    Killed(6, "open", "new", ran=False),
    Killed(7, "shut", "old", ran=True),
)


def descendants(ps: Path, parent: int) -> list[int]:
    """The processes below one: Ansible's workers have sessions of their own and would go on alone."""
    listed = subprocess.run([ps, "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    above = {int(pid): int(ppid) for pid, ppid in (line.split() for line in listed.splitlines())}
    found = [parent]
    for one in found:
        found += [pid for pid, ppid in above.items() if ppid == one]
    return found[1:]


def kill_at(lab: RunningLab, player: Player, ps: Path, door: Door, rules: list[Rule]) -> None:
    """Run the play and kill all of it once the last rule has fired."""
    faults = lab.computer(HOST).faults
    for rule in rules:
        faults.add(rule)
    playbook = player.write("change.yml", PLAY % json.dumps(DOORS[door]))
    command = [str(BIN / "ansible-playbook"), "-i", str(player.inventory), str(playbook)]
    env = environment(player.folder, player.temporary)
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            over = time.monotonic() + PATIENCE
            while faults.pending and process.poll() is None and time.monotonic() < over:
                time.sleep(0.02)
            assert process.poll() is None, "the play ended before the fault"
            assert not faults.pending, "the fault did not happen"
        finally:
            for one in [process.pid, *descendants(ps, process.pid)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)


@pytest.mark.parametrize("killed", KILLED, ids=lambda one: f"{one.step} killed, door {one.door}")
def test_a_controller_that_is_killed_leaves_the_host_to_itself(
    lab_of: LabOf, tmp_path: Path, need_program: Callable[[str], Path], killed: Killed
) -> None:
    lab = lab_of("pop3")
    waiting, before = Waiting(lab), held(lab)
    rules = [answer(killed.step, "delay", seconds=SLOW)] if killed.step in STEPS else [refused(1)]
    with playing(lab, tmp_path) as player:
        kill_at(lab, player, need_program("ps"), killed.door, rules)
    settled(lab, waiting)
    assert held(lab) == (before if killed.ends == "old" else planned(before, killed.door))
    the_next_run_tidies(lab, waiting, reported=killed.ran)
