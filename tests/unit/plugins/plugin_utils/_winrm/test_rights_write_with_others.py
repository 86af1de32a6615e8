# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else at the same rights at the same moment: no grant is lost silently, and never without end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ApplyError, MovedError
from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.writing import (
    BATCH,
    CORP,
    EVERY,
    EXSVC,
    OLD,
    TCB,
    attempt,
    planned,
    program,
    run,
)

Make = Callable[..., Desk]
# Between the second export and secedit's own start no command can stand: the window that docs name.
WINDOW = [("/export second", "program.end"), ("/configure", "program.start")]
WORLDS: list[dict[str, str]] = [
    {},
    {"fc_exit_codes": "always_zero"},
    {"export_order_stable": "no"},
    {"type_converts_utf16": "raw"},
]


@pytest.mark.parametrize("worlds", WORLDS, ids=str)
@pytest.mark.parametrize("point", ["program.start", "program.end"])
@pytest.mark.parametrize(("way", "step"), EVERY)
def test_a_grant_that_somebody_else_makes_meanwhile_is_never_lost(
    make: Make, way: str, step: str, point: str, worlds: dict[str, str]
) -> None:
    desk = make(**worlds)
    desk.step_by_step = way != "at once"
    before = desk.rights()
    desk.computer.faults.add(program(step, point, "state", way, grant={"right": TCB, "sid": OLD}))
    result, sentence = attempt(desk)
    assert OLD in desk.rights()[TCB] or OLD in sentence or (step, point) in WINDOW
    assert result is None or EXSVC in desk.rights()[TCB]
    assert desk.computer.faults.fired
    assert {right: held for right, held in desk.rights().items() if right not in (TCB, BATCH)} == {
        right: held for right, held in before.items() if right not in (TCB, BATCH)
    }
    assert desk.files() == []


@pytest.mark.parametrize("worlds", WORLDS, ids=str)
@pytest.mark.parametrize("point", ["program.start", "program.end"])
@pytest.mark.parametrize(("way", "step"), EVERY)
def test_what_somebody_else_takes_meanwhile_is_not_given_back(
    make: Make, way: str, step: str, point: str, worlds: dict[str, str]
) -> None:
    desk = make(**worlds)
    desk.step_by_step = way != "at once"
    gone = "S-1-5-32-559"
    assert gone in desk.rights()[BATCH]
    desk.computer.faults.add(program(step, point, "state", way, revoke={"right": BATCH, "sid": gone}))
    result, dummy = attempt(desk)
    assert result is None or gone not in desk.rights()[BATCH] or (step, point) in WINDOW
    assert desk.files() == []


def grant_unseen(desk: Desk) -> None:
    """Somebody grants a right just before the second export, on a host whose ``fc`` sees no difference."""
    desk.computer.faults.add(program("/export second", "program.start", "state", grant={"right": TCB, "sid": OLD}))


def test_what_was_overwritten_is_put_back_though_the_connection_drops(make: Make) -> None:
    desk = make(fc_exit_codes="always_zero")
    grant_unseen(desk)
    desk.computer.faults.add(program("/configure", "program.end", "drop"))
    desk.computer.faults.add({**program("/export read", "program.start", "drop"), "skip": 5})
    result = run(desk)
    assert result["changed"] is True
    assert desk.computer.faults.fired.count(("program.end", "drop")) == 1
    assert desk.computer.faults.fired.count(("program.start", "drop")) == 1
    assert {EXSVC, OLD} <= desk.rights()[TCB]
    assert desk.files() == []


@pytest.mark.parametrize("drop", [True, False])
def test_what_was_overwritten_and_cannot_be_put_back_is_told_by_name(make: Make, drop: bool) -> None:
    desk = make(fc_exit_codes="always_zero")
    grant_unseen(desk)
    desk.computer.faults.add({**program("/configure", "program.start", "exit_code", code=3), "skip": 1})
    if drop:
        desk.computer.faults.add({**program("/configure", "program.end", "drop"), "skip": 1})
    with pytest.raises(ApplyError) as lost:
        run(desk)
    assert f"{TCB}: give it to {OLD}, take it from nobody" in str(lost.value)
    assert "could not be put back" in str(lost.value)
    assert EXSVC in desk.rights()[TCB]
    assert desk.files() == []


def test_an_overwritten_change_that_moves_again_is_no_reason_to_say_that_nothing_was_written(make: Make) -> None:
    desk = make(fc_exit_codes="always_zero")
    grant_unseen(desk)

    def interfere(_index: int, line: str) -> None:
        if "/configure" not in line and sum("/configure" in sent for sent in desk.lines) == 1:
            desk.computer.machine.rights.grant(TCB, f"{CORP}-5000")

    desk.before_line = interfere
    with pytest.raises(ApplyError) as failed:
        run(desk)
    assert OLD in str(failed.value)
    assert "othing was written" not in str(failed.value)
    assert desk.rights()[TCB] == {EXSVC, f"{CORP}-5000"}
    assert desk.files() == []


def test_a_second_export_that_cannot_be_read_leaves_a_doubt_that_is_told(make: Make) -> None:
    desk = make(fc_exit_codes="always_zero")
    desk.computer.faults.add(program("/export second", "program.end", "truncate", bytes=300))
    with pytest.raises(ApplyError, match="Whether somebody else had changed them at the same moment is unknown"):
        run(desk)
    assert EXSVC in desk.rights()[TCB]
    assert desk.files() == []


def test_an_entry_nobody_can_pin_that_was_overwritten_is_told(make: Make) -> None:
    desk = make(fc_exit_codes="always_zero")
    guest = "S-1-5-21-2315843530-1563403064-648863213-501"
    desk.computer.faults.add(program("/export second", "program.start", "state", grant={"right": TCB, "sid": guest}))
    desk.computer.faults.add(
        {"at": "cim", "match": {"text": "Guest"}, "do": "fault", "code": 2150858752, "text": "no", "times": None}
    )
    with pytest.raises(ApplyError, match=f"{TCB}: Guest"):
        run(desk)
    assert desk.files() == []


def test_somebody_who_never_stops_ends_the_task_before_a_write(make: Make) -> None:
    desk = make()
    others = iter(range(5000, 5100))

    def interfere(_index: int, line: str) -> None:
        if "/configure" in line:
            desk.computer.machine.rights.grant(TCB, f"{CORP}-{next(others)}")

    desk.before_line = interfere
    with pytest.raises(MovedError) as moved:
        run(desk)
    assert desk.told(moved.value).endswith(" Nothing was changed.")
    assert desk.rights()[TCB] == {f"{CORP}-{rid}" for rid in (5000, 5001, 5002)}
    assert desk.files() == []


@pytest.mark.parametrize("step_by_step", [False, True])
def test_another_right_that_moves_is_compared_anew_and_the_comparison_stays_on(make: Make, step_by_step: bool) -> None:
    desk = make()
    desk.step_by_step = step_by_step
    before = desk.rights()
    desk.computer.faults.add(
        program(
            "/export second",
            "program.start",
            "state",
            "step by step" if step_by_step else "at once",
            grant={"right": "SeAuditPrivilege", "sid": OLD},
        )
    )
    assert run(desk)["changed"] is True
    writes = [line for line in desk.lines if "/configure" in line]
    assert len(writes) == (2 if step_by_step else 1)
    assert all("fc.exe" in line for line in writes)
    assert desk.rights() == {**planned(before), "SeAuditPrivilege": before["SeAuditPrivilege"] | {OLD}}
    assert desk.files() == []


def test_other_rights_that_never_stop_moving_end_a_write_that_needs_them_to_stand_still(make: Make) -> None:
    desk = make()
    desk.step_by_step = True
    before = desk.rights()
    others = iter(range(5000, 5100))

    def interfere(_index: int, line: str) -> None:
        if "/configure" in line:
            desk.computer.machine.rights.grant("SeAuditPrivilege", f"{CORP}-{next(others)}")

    desk.before_line = interfere
    with pytest.raises(MovedError) as moved:
        run(desk)
    assert desk.told(moved.value).endswith("Nothing was changed.")
    writes = [line for line in desk.lines if "/configure" in line]
    assert len(writes) == 3
    assert all("fc.exe" in line for line in writes)
    assert {right: held for right, held in desk.rights().items() if right != "SeAuditPrivilege"} == {
        right: held for right, held in before.items() if right != "SeAuditPrivilege"
    }
    assert desk.files() == []


def test_a_host_whose_exports_differ_by_themselves_is_written_without_comparing_their_bytes(make: Make) -> None:
    desk = make(export_order_stable="no")
    before = desk.rights()
    assert run(desk)["changed"] is True
    assert desk.rights() == planned(before)
    assert desk.files() == []
