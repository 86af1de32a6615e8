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
    clean,
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
    first, again, last = task["actions"]
    assert first.startswith("C:\\Windows\\System32\\secedit.exe /configure /db C:\\Windows\\security\\winmail-")
    assert again == first.replace(".sdb ", ".2.sdb ").replace(".log ", ".2.log ")
    assert last.startswith('C:\\Windows\\System32\\schtasks.exe /delete /tn "winmail restores user rights unless')
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
    run(desk, [{"name": DENY, "add": [OLD]}], seconds=None)
    (warning,) = desk.warnings
    assert (
        "An earlier change of Deny access to this computer from the network (SeDenyNetworkLogonRight), Act as"
        in warning
    )
    assert tasks[0]["path"].removeprefix("\\") in warning


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


@pytest.mark.parametrize("world", ["whole", "cut_4096"])
def test_a_line_that_secedit_would_cut_is_not_rehearsed_on_the_rights_themselves(make: Make, world: str) -> None:
    desk = make(inf_long_line=world)
    many = {f"S-1-5-21-1-2-3-{rid}" for rid in range(100000, 100300)}
    desk.computer.machine.rights.set("SeBatchLogonRight", many)
    before = desk.rights()
    task = [{"name": "SeBatchLogonRight", "add": [EXSVC]}]
    result, said = attempt(desk, task)
    if world == "whole":
        assert result is not None
        assert result["confirm"]["status"] == "confirmed"
        assert desk.rights() == planned(before, task)
    else:
        assert result is None
        assert "does not read the 300 holders of SeBatchLogonRight from one line as meant" in said
        assert said.endswith("Nothing was changed.")
        assert desk.rights() == before
    assert clean(desk)
