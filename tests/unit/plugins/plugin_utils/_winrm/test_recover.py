# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A write whose connection drops, or whose answer is lost: old or new per right, told truly, and nothing stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    UnreachableError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.tests.support.desk import (
    TEMP,
    Desk,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.writing import (
    EVERY,
    TASK,
    attempt,
    planned,
    program,
    run,
)

Make = Callable[..., Desk]


@pytest.mark.parametrize("point", ["program.start", "program.end"])
@pytest.mark.parametrize(("way", "step"), EVERY)
def test_a_connection_that_drops_anywhere_leaves_old_or_new_and_the_truth(
    make: Make, way: str, step: str, point: str
) -> None:
    desk = make()
    desk.step_by_step = way != "at once"
    before = desk.rights()
    desk.computer.faults.add(program(step, point, "drop", way))
    result, sentence = attempt(desk)
    assert desk.rights() in (before, planned(before))
    if result is not None:
        assert result["changed"] is True
        assert desk.rights() == planned(before)
    if "Nothing was changed" in sentence:
        assert desk.rights() == before
    assert desk.computer.faults.fired
    assert desk.files() == []
    run(desk)
    assert desk.rights() == planned(before)


@pytest.mark.parametrize(("way", "index"), [("at once", 1), ("at once", 2), *(("steps", index) for index in (1, 2, 3))])
@pytest.mark.parametrize("point", ["command.start", "command.end"])
def test_a_line_that_gets_no_answer_leaves_old_or_new_and_the_truth(
    make: Make, point: str, way: str, index: int
) -> None:
    desk = make()
    desk.step_by_step = way != "at once"
    before = desk.rights()
    desk.computer.faults.add({"at": point, "skip": index - 1, "do": "drop"})
    result, sentence = attempt(desk)
    assert desk.rights() == (before if result is None else planned(before))
    assert index == 1 or result is not None or "Nothing was changed" in sentence
    assert desk.files() == []


def test_a_write_that_still_runs_after_a_minute_is_not_told_as_nothing_changed(make: Make) -> None:
    desk = make()
    desk.computer.faults.add(program("/configure", "program.start", "exit_code", code=3))
    desk.computer.faults.add(program("/configure", "program.end", "drop"))

    def still_running(_index: int, line: str) -> None:
        found = re.search(r'if exist "%windir%.Temp.(winmail-[^.]*)\.out" type', line)
        if found:
            answer = f"{TEMP}\\{found.group(1)}.out"
            data = desk.computer.machine.files.read(answer)
            desk.computer.machine.files.write(answer, data.rpartition(b"@@")[0])

    desk.before_line = still_running
    with pytest.raises(UnreachableError, match="so far, but the write was still running on the host"):
        run(desk)
    assert sum("type" in line and "/export" not in line for line in desk.lines) > 100
    assert desk.files() == []


def test_a_command_that_begins_after_all_writes_nothing_once_it_was_given_up(make: Make) -> None:
    desk = make()
    before = desk.rights()
    desk.computer.faults.add({"at": "command.start", "skip": 1, "do": "drop"})

    def late(index: int, _line: str) -> None:
        if index == 4:  # it was looked for once, and told not to
            desk.computer.run(desk.caller, desk.lines[1], 65001)

    desk.before_line = late
    with pytest.raises(UnreachableError) as lost:
        run(desk)
    assert desk.told(lost.value).endswith("Nothing was changed.")
    assert "/configure" in desk.lines[1]
    assert desk.rights() == before
    assert desk.files() == []


@pytest.mark.parametrize(("way", "step"), [one for one in EVERY if one[1] != "/export read"])
def test_a_host_that_is_gone_for_good_is_told_as_unknown_once_the_write_was_sent(
    make: Make, way: str, step: str
) -> None:
    desk = make()
    desk.step_by_step = way != "at once"
    before = desk.rights()
    desk.allowed_logons = 1
    desk.computer.faults.add(program(step, "program.start", "drop", way))
    with pytest.raises(UnreachableError) as lost:
        run(desk)
    sentence = desk.told(lost.value)
    unknown = "Whether the change took is unknown" in sentence
    assert ("Nothing was changed" in sentence) is not unknown
    assert unknown is (step != "/export first")
    assert unknown or desk.rights() == before
    assert "Logging on again failed" in sentence
    assert "may be left in %windir%\\Temp" in sentence
    assert len(set(re.findall(r"winmail-\w+-\w+\.\*", sentence))) == (1 if step == "/export first" else 2)
    assert all(name.partition(".")[0] in sentence for name in desk.files())
    desk.allowed_logons = 9
    desk.computer.advance(660)
    run(desk)
    assert desk.rights() == planned(before)
    assert desk.files() == []


LOST = [b"", b"The command line is too long.\r\n"]


@pytest.mark.parametrize("step_by_step", [False, True])
@pytest.mark.parametrize("answer", [*LOST, b"cut", b"other"])
def test_an_answer_that_was_lost_on_its_way_is_read_from_its_file(
    make: Make, answer: bytes, step_by_step: bool
) -> None:
    desk = make()
    desk.step_by_step = step_by_step
    before = desk.rights()
    torn = {b"cut": (b"Unicode=yes", b"Unicode=ye"), b"other": (b"@@", b"@@@")}

    def tear(line: str, out: bytes) -> bytes:
        if "/configure" not in line:
            return out
        return out.replace(*torn[answer], 1) if answer in torn else answer

    desk.after_line = tear
    result = run(desk)
    assert result["changed"] is True
    assert all(entry["verified"] for entry in result["rights"])
    assert desk.rights() == planned(before)
    assert desk.files() == []


DELETE = {"at": "cim", "match": {"class_name": "CIM_DataFile"}}


def test_a_connection_that_drops_while_the_answer_is_removed_hides_no_success(make: Make) -> None:
    desk = make()
    before = desk.rights()
    desk.computer.faults.add({**DELETE, "do": "drop"})
    result = run(desk)
    assert desk.computer.faults.fired
    assert (result["changed"], desk.rights()) == (True, planned(before))
    assert desk.files() == []


def test_an_answer_that_cannot_be_removed_any_more_is_named(make: Make) -> None:
    desk = make()
    before = desk.rights()
    desk.allowed_logons = 1
    desk.computer.faults.add({**DELETE, "do": "drop"})
    host, careless = desk.host(), Choices("ignore", allow_lockout=False, check_mode=False)
    change = RightsChange(host, parse_rights({"rights": TASK}), careless, desk.warnings.append)
    assert change.run()[0]["changed"] is True
    assert desk.rights() == planned(before)
    (left,) = desk.files()
    assert host.left_behind() == (left.removesuffix(".out"),)


@pytest.mark.parametrize("fault", [None, {"do": "fault", "code": 2150859013, "text": "denied"}])
def test_where_cim_removes_no_files_a_command_does(make: Make, fault: dict[str, Any] | None) -> None:
    desk = make(**({"cim_files": "absent"} if fault is None else {}))
    if fault is not None:
        desk.computer.faults.add({**DELETE, **fault})
    assert run(desk)["changed"] is True
    assert len(desk.lines) == 3
    assert desk.files() == []


def test_a_write_whose_answer_is_nowhere_is_told_as_unknown(make: Make) -> None:
    desk = make()
    desk.after_line = lambda line, out: b"" if "/configure" in line or ":kept" in line else out
    dummy, sentence = attempt(desk)
    assert sentence.endswith(
        "run the task again. Whether the change took is unknown; the next run of the task reads first."
    )
    assert desk.files() == []


def test_a_host_that_answers_nothing_after_a_new_logon_is_not_told_as_one_that_refused_it(make: Make) -> None:
    desk = make()
    desk.computer.faults.add(program("/configure", "program.end", "drop"))
    desk.after_line = lambda line, out: b"" if ":kept" in line else out
    with pytest.raises(UnreachableError) as lost:
        run(desk)
    assert "After a new logon: The command line on the host did not run to its end" in str(lost.value)
    assert "Logging on again failed" not in str(lost.value)
    assert desk.told(lost.value).endswith("Whether the change took is unknown; the next run of the task reads first.")
    assert all(name.partition(".")[0] in str(lost.value) for name in desk.files())
