# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roll-back on computers of the lab: what is armed, a shut door that opens again, and nothing that stays."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.confirming import (
    DENY,
    OPEN,
    SHUT,
    ControllerGone,
    at_line,
    attempt,
    killed_at,
    planned,
    run,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.writing import EXSVC, OLD, TCB

Make = Callable[..., Desk]
# Answers of Windows under which the roll-back can be rehearsed.
WORLDS = [
    {},
    {"task_not_found": "wsman"},
    {"task_next_action": "skipped"},
    {"task_run": "slow"},
    {"boot_trigger": "late"},
    {"machine_language": "zh"},
    {"quiet_log": "suppressed"},
    {"secedit_log_encoding": "ansi"},
    {"type_converts_utf16": "raw"},
    {"new_database_exit": "3"},
    {"fault_detail": "wmi"},
    {"fault_detail": "wsman"},
    {"logon_refused": "fault"},
    {"cim_tasks": "absent"},
    {"task_register": "cim_refused"},
    {"task_delete": "absent"},
]
CANNOT = [
    ({"cim_tasks": "absent", "schtasks": "blocked"}, "takes no task"),
    ({"task_register": "denied"}, "takes no task"),
    ({"task_scheduler": "stopped"}, "takes no task"),
    ({"secedit_as_task": "fails"}, "the rehearsal of the roll-back, a task of the system, ended with 1 (0x00000001)"),
    ({"task_guard": "at_once"}, "was gone as soon as it was made"),
    ({"whoami": "blocked"}, "whoami.exe"),
]


def named(worlds: Any) -> str:
    return ",".join(f"{name}={value}" for name, value in worlds.items()) if isinstance(worlds, dict) else ""


def clean(desk: Desk) -> bool:
    """Nothing of ours is on the computer."""
    return desk.files() == [] and desk.tasks() == []


@pytest.mark.parametrize("worlds", WORLDS, ids=named)
def test_a_change_with_an_open_door_is_confirmed(make: Make, worlds: dict[str, str]) -> None:
    desk = make(**worlds)
    before = desk.rights()
    result = run(desk, OPEN)
    assert result["confirm"]["status"] == "confirmed"
    assert result["changed"] is True
    assert desk.rights() == planned(before, OPEN)
    assert desk.warnings == []
    assert clean(desk)
    desk.sleep(4000)
    assert desk.rights() == planned(before, OPEN)


@pytest.mark.parametrize("worlds", WORLDS, ids=named)
def test_a_shut_door_is_open_again_at_the_deadline(make: Make, worlds: dict[str, str]) -> None:
    desk = make(**worlds)
    before = desk.rights()
    result = run(desk, SHUT)
    assert desk.rights() == before
    assert result["failed"] is True
    assert result["changed"] is False
    assert result["confirm"]["status"] == "reverted"
    assert result["confirm"]["undone"] == [DENY, TCB]
    assert 300 <= result["confirm"]["took"] <= 360
    assert clean(desk)


@pytest.mark.parametrize(("worlds", "why"), CANNOT, ids=named)
def test_a_host_that_cannot_be_rolled_back_is_not_changed(make: Make, worlds: dict[str, str], why: str) -> None:
    desk = make(**worlds)
    before = desk.rights()
    result, said = attempt(desk, OPEN)
    assert result is None
    assert said.startswith("Refused: ")
    assert why in said
    assert said.endswith("Nothing was changed.")
    assert desk.rights() == before
    assert clean(desk)


def armed(desk: Desk, task: list[dict[str, Any]], seconds: int = 300) -> dict[str, Any]:
    """The task that is there when the change is written, as the computer tells it."""
    seen: list[dict[str, Any]] = []
    at_line(desk, "if not exist", lambda: seen.extend(desk.tasks()))
    run(desk, task, seconds=seconds)
    (one,) = seen
    return one


def test_what_is_armed_is_said_plainly_and_ends_by_itself(make: Make) -> None:
    desk = make()
    task = armed(desk, OPEN, 90)
    assert task["path"].startswith("\\winmail restores user rights unless confirmed 20")
    assert task["state"] == 3
    assert task["user"] == "S-1-5-18"
    first, second = task["actions"]
    assert first.startswith("C:\\Windows\\System32\\secedit.exe /configure /db C:\\Windows\\security\\winmail-")
    assert second.startswith('C:\\Windows\\System32\\schtasks.exe /delete /tn "winmail restores user rights unless')
    text = task["xml"]
    for part in (
        "<Delay>PT90S</Delay>",
        "<DisallowStartIfOnBatteries>false<",
        "<StopIfGoingOnBatteries>false<",
        "<MultipleInstancesPolicy>IgnoreNew<",
        "<AllowStartOnDemand>true<",
        "<Hidden>false<",
        "<ExecutionTimeLimit>PT5M<",
        "<DeleteExpiredTaskAfter>PT0S<",
        "unless the Ansible task that changed it confirms within 90 seconds",
    ):
        assert part in text
    week = (desk.computer.now() + datetime.timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    assert text.count(f"<EndBoundary>{week}") == 2
    assert "password" not in text.lower()
    assert EXSVC not in text


def test_the_clock_of_the_host_decides_when_it_ends(make: Make) -> None:
    desk = make()
    desk.computer.machine.clock.step(90 * 86400)
    week = (desk.computer.now() + datetime.timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    assert f"<EndBoundary>{week}" in armed(desk, OPEN)["xml"]
    assert desk.warnings == []


def test_another_right_that_somebody_changes_meanwhile_stays_changed(make: Make) -> None:
    desk = make()
    before = desk.rights()
    other = "SeBatchLogonRight"

    def give() -> None:
        desk.computer.machine.rights.set(other, {*before[other], OLD, EXSVC})

    at_line(desk, "if not exist", give)
    result = run(desk, SHUT)
    assert result["confirm"]["status"] == "reverted"
    assert desk.rights() == {**before, other: {*before[other], OLD, EXSVC}}


def test_a_late_delay_leaves_the_host_to_itself_and_the_next_run_tells_what_was(make: Make) -> None:
    desk = make(registration_delay="late")
    before = desk.rights()
    result, said = attempt(desk, SHUT)
    assert result is None
    assert "The host puts back who held" in said
    assert "or at its next boot" in said
    desk.sleep(600)
    assert desk.rights() == before
    assert desk.tasks() == []
    desk.sleep(700)
    assert run(desk, OPEN)["confirm"]["status"] == "confirmed"
    (warning,) = desk.warnings
    assert "was not confirmed: its roll-back 'winmail restores user rights unless confirmed 20" in warning
    assert DENY in warning
    assert clean(desk)


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


def test_a_controller_that_dies_in_the_rehearsal_leaves_nothing_for_long(make: Make) -> None:
    desk = make()
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


def test_an_armed_roll_back_is_left_alone_by_others_however_old(make: Make) -> None:
    desk = make()
    killed_at(desk, "\\System32\\fc.exe")
    with pytest.raises(ControllerGone):
        run(desk, SHUT, seconds=3600)
    desk.before_line = None
    desk.sleep(1800)
    tasks, files = desk.tasks(), [name for name in desk.files() if name.endswith((".t.inf", ".armed"))]
    assert len(tasks) == 1
    assert len(files) == 2
    run(desk, [{"name": "SeBatchLogonRight", "add": [OLD]}], seconds=None)
    assert [task["path"] for task in desk.tasks()] == [tasks[0]["path"]]
    assert set(files) <= set(desk.files())
    assert desk.warnings == []


def test_a_task_that_a_product_removes_after_arming_is_told(make: Make) -> None:
    desk = make(task_guard="after_arming")
    result = run(desk, OPEN)
    assert result["confirm"]["status"] == "confirmed"
    (warning,) = desk.warnings
    assert "removed from the host by something else" in warning
    assert clean(desk)


def test_two_tasks_in_a_row_each_have_their_own(make: Make) -> None:
    desk = make()
    first = run(desk, [OPEN[0]])
    second = run(desk, [OPEN[1]])
    assert first["confirm"]["status"] == second["confirm"]["status"] == "confirmed"
    assert first["confirm"]["task"] != second["confirm"]["task"]
    assert run(desk, OPEN)["confirm"]["status"] == "not_needed"
    assert clean(desk)


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
