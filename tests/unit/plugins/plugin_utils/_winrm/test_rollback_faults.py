# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A roll-back and what can go wrong around it: old or new per right, words that match, and nothing that stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.confirming import (
    OPEN,
    SHUT,
    ControllerGone,
    at_line,
    attempt,
    clean,
    killed_at,
    planned,
    run,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.writing import EXSVC, OLD, TCB

Make = Callable[..., Desk]


@pytest.mark.parametrize("word", ["\\System32\\fc.exe", "whoami.exe", 't.inf" del'])
def test_a_controller_that_dies_while_armed_leaves_the_old_state(make: Make, word: str) -> None:
    """It dies before the write, before it asks who the new connection is, or before it removes the files."""
    desk = make()
    before = desk.rights()

    def kill(_number: int, line: str) -> None:
        if word in line and any(task["triggers"] for task in desk.tasks()):
            raise ControllerGone

    desk.before_line = kill
    if word.endswith("del"):
        killed_at(desk, "still[")
    with pytest.raises(ControllerGone):
        run(desk, OPEN)
    desk.before_line = None
    disarmed = desk.tasks() == []
    desk.sleep(301)
    assert disarmed is word.endswith("del")
    assert desk.rights() == (planned(before, OPEN) if disarmed else before)
    assert desk.tasks() == []
    desk.sleep(700)
    run(desk, [{"name": "SeBatchLogonRight", "add": [OLD]}], seconds=None)
    assert clean(desk)
    assert len(desk.warnings) == (0 if disarmed else 1)


@pytest.mark.parametrize("worlds", [{}, {"cim_tasks": "absent"}], ids=["cim", "schtasks"])
def test_a_controller_that_dies_in_the_rehearsal_leaves_nothing_for_long(make: Make, worlds: dict[str, str]) -> None:
    desk = make(**worlds)
    before = desk.rights()
    killed_at(desk, "there[")
    with pytest.raises(ControllerGone):
        run(desk, OPEN)
    desk.before_line = None
    (task,) = desk.tasks()
    assert task["triggers"] == []
    assert desk.rights() == before
    desk.sleep(700)
    run(desk, [{"name": "SeBatchLogonRight", "add": [OLD]}], seconds=None)
    assert desk.warnings == []
    assert clean(desk)


def test_a_restart_while_armed_brings_the_old_state(make: Make) -> None:
    desk = make()
    before = desk.rights()
    killed_at(desk, "\\System32\\fc.exe")
    with pytest.raises(ControllerGone):
        run(desk, SHUT)
    desk.before_line = None
    assert len(desk.tasks()) == 1
    desk.computer.machine.rights.set(TCB, {EXSVC})
    desk.computer.passing.reboot()
    desk.sleep(30)
    assert desk.rights() == before
    assert desk.tasks() == []


@pytest.mark.parametrize("task", [OPEN, SHUT], ids=["open", "shut"])
@pytest.mark.parametrize("point", ["command.start", "command.end"])
@pytest.mark.parametrize("skip", range(9))
def test_a_connection_that_drops_at_any_line_ends_old_or_new(
    make: Make, task: list[dict[str, Any]], point: str, skip: int
) -> None:
    desk = make()
    before = desk.rights()
    desk.computer.faults.add({"at": point, "skip": skip, "do": "drop"})
    result, said = attempt(desk, task)
    told(desk, before, task, result, said)


@pytest.mark.parametrize("task", [OPEN, SHUT], ids=["open", "shut"])
@pytest.mark.parametrize("skip", range(24))
def test_a_connection_that_drops_at_any_question_ends_old_or_new(
    make: Make, task: list[dict[str, Any]], skip: int
) -> None:
    desk = make()
    before = desk.rights()
    desk.computer.faults.add({"at": "cim", "skip": skip, "do": "drop"})
    result, said = attempt(desk, task)
    told(desk, before, task, result, said)


def told(
    desk: Desk, before: dict[str, set[str]], task: list[dict[str, Any]], result: dict[str, Any] | None, said: str
) -> None:
    """What was told is what is there, now and after the deadline."""
    new = planned(before, task)
    now = desk.rights()
    assert now in (before, new)
    if result is not None:
        assert now == (new if result["confirm"]["status"] == "confirmed" else before)
    if "Nothing was changed" in said:
        assert now == before
    desk.sleep(400)
    later = desk.rights()
    if result is not None:
        assert later == now
    elif "puts back" in said or task is SHUT:
        assert later == before
    assert [one for one in desk.tasks() if one["triggers"]] == []


def test_a_roll_back_that_begins_while_it_is_disarmed_is_waited_for(make: Make) -> None:
    """Its time comes between the look at the task and its deletion, and what it began goes on without it."""
    desk = make(task_run="slow")
    before = desk.rights()
    deletions: list[str] = []

    def late(action: str) -> None:
        if action == "Delete":
            deletions.append(action)
            if len(deletions) == 2:  # the first one ends the rehearsal
                desk.sleep(300.5)

    desk.before_message = late
    result = run(desk, OPEN)
    assert desk.rights() == before
    assert result["failed"] is True
    assert result["confirm"]["status"] == "reverted"
    assert clean(desk)
    desk.sleep(400)
    assert desk.rights() == before


def test_a_roll_back_that_runs_when_it_is_disarmed_is_waited_for(make: Make) -> None:
    desk = make(task_run="slow")
    before = desk.rights()
    seen: list[int] = []

    def late(_number: int, line: str) -> None:
        if "whoami.exe" in line and [task for task in desk.tasks() if task["triggers"]] and not seen:
            seen.append(1)
            desk.sleep(300.5)

    desk.before_line = late
    result = run(desk, OPEN)
    assert desk.rights() == before
    assert result["confirm"]["status"] == "reverted"
    assert clean(desk)


@pytest.mark.parametrize("step", [-86400.0, 86400.0])
def test_a_clock_that_is_set_while_armed_changes_nothing(make: Make, step: float) -> None:
    desk = make()
    before = desk.rights()
    at_line(desk, "fc.exe", lambda: desk.computer.machine.clock.step(step))
    result = run(desk, SHUT)
    assert result["confirm"]["status"] == "reverted"
    assert desk.rights() == before
    assert clean(desk)


def test_a_roll_back_that_fails_once_is_carried_out_all_the_same(make: Make) -> None:
    """As where another secedit is at work at that moment; after its last action there is no task any more."""
    desk = make()
    before = desk.rights()
    desk.computer.faults.add(
        {
            "at": "program.start",
            "match": {"program": "secedit", "verb": "/configure"},
            "skip": 2,
            "do": "exit_code",
            "code": 1,
        }
    )
    result = run(desk, SHUT)
    assert desk.rights() == before
    assert result["confirm"]["status"] == "reverted"
    assert clean(desk)


@pytest.mark.parametrize("task", [OPEN, SHUT], ids=["open", "shut"])
def test_a_rehearsal_that_hangs_is_a_refusal(make: Make, task: list[dict[str, Any]]) -> None:
    desk = make()
    before = desk.rights()
    desk.computer.faults.add({"at": "task.action", "do": "hang", "seconds": 100})
    result, said = attempt(desk, task)
    assert result is None
    assert "did not end within a minute" in said
    assert desk.rights() == before
    desk.sleep(4000)
    assert desk.rights() == before
    assert desk.tasks() == []
