# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section of a hardening role as a baseline: its verdicts are what the tasks would have said of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.convert.section import ALL_RULES, SECTION, tasks_for
from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from ansible_collections.winmail.exchange.tests.support.player import playing
from lab.server import RunningLab

if TYPE_CHECKING:
    from pathlib import Path

HOSTS = ("member", "dc", "workgroup", "german", "r2")
EVERYWHERE = ["member_server", "domain_controller", "workgroup_member"]
ROLES = {
    "is_domain_controller": ["domain_controller"],
    "is_domain_member": ["member_server"],
    "not (skip_what_may_cut_off | bool)": EVERYWHERE,
    **{key: [] for key in ("hyperv_installed", "iis_installed", "exchange_in_domain")},
}
# A list that denies is at_least in a baseline, so more denials are no fault there and a change to the task.
DENIED_BY_LIST = "27"
# Its accounts are a variable, which a baseline does not have.
NO_CONTROL = "34"


@pytest.fixture
def lab(lab_of: LabOf) -> RunningLab:
    """The hosts of the scenario ``rights``."""
    return lab_of("rights")


@pytest.fixture
def made(lab: RunningLab, tmp_path: Path) -> tuple[Path, Path]:
    """The task and the baseline that the section becomes."""
    tasks, controls = tmp_path / "user_rights.yml", tmp_path / "hardening.yml"
    with playing(lab, tmp_path) as player:
        played = player.play(
            "playbooks/convert.yml",
            extra={"host_roles": ROLES},
            from_file=str(SECTION),
            to_file=str(tasks),
            baseline_file=str(controls),
        )
    assert played.code == 0, played.output
    return tasks, controls


def judged(lab: RunningLab, host: str, controls: Path) -> dict[str, str]:
    """The verdict of each control that applies to a host, by the number of its rule."""
    outcome = Controller(lab, host).run("user_right_baseline_info", baseline=str(controls))
    assert outcome.failed is None
    return {one["id"]: one["status"] for one in outcome.result["controls"] if one["status"] != "not_applicable"}


def would_say(lab: RunningLab, host: str) -> dict[str, str]:
    """What the tasks say of a host: pass where they would change nothing."""
    held: dict[str, Any] = {right.lower(): set(sids) for right, sids in rights_of(lab, host).items()}
    said = {}
    for task in tasks_for(host):
        if task.rule == NO_CONTROL:
            continue
        now = held.get(task.right, set())
        more = task.rule == DENIED_BY_LIST and now >= task.sids
        said[task.rule] = "pass" if more or task.after(now) == now else "fail"
    return said


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_is_judged_as_the_tasks_would_judge_it_before_and_after(
    lab: RunningLab, made: tuple[Path, Path], tmp_path: Path, host: str
) -> None:
    tasks, controls = made
    before = judged(lab, host, controls)
    assert before == would_say(lab, host)
    assert "fail" in before.values()
    assert "pass" in before.values()
    with playing(lab, tmp_path) as player:
        play = player.write(
            "harden.yml",
            f"- hosts: {host}\n  gather_facts: false\n  tasks:\n    - ansible.builtin.include_tasks: {tasks}\n",
        )
        done = player.play(
            play,
            extra={
                **ALL_RULES,
                "is_domain_controller": host == "dc",
                "is_domain_member": host in ("member", "german", "r2"),
                **dict.fromkeys(("hyperv_installed", "iis_installed", "exchange_in_domain"), False),
                "scheduling_priority": ["Administrators", "Window Manager\\Window Manager Group"],
            },
        )
    assert done.code == 0, done.output
    after = judged(lab, host, controls)
    assert after == would_say(lab, host)
    assert set(after.values()) == {"pass"}


def test_more_denials_are_no_fault_though_the_task_would_take_them(lab: RunningLab, made: tuple[Path, Path]) -> None:
    dummy, controls = made
    (task,) = [one for one in tasks_for("member") if one.rule == DENIED_BY_LIST]
    denied = [*task.sids, "S-1-5-32-547"]
    given = Controller(lab, "member").run("user_right", rights=[{"name": task.right, "add": denied}])
    assert given.changed
    held = set(rights_of(lab, "member")["SeDenyRemoteInteractiveLogonRight"])
    assert task.after(held) != held
    assert judged(lab, "member", controls)[DENIED_BY_LIST] == "pass"
