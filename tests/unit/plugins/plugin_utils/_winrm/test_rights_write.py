# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing on computers of the lab: whatever goes wrong wherever, old or new per right, and the sentence is true."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    ReadError,
    RefusedError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.tests.support.desk import (
    Desk,
    spoiled,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.writing import (
    BATCH,
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


def test_a_change_is_made_and_nothing_else_moves_and_nothing_stays(make: Make) -> None:
    desk = make()
    before = desk.rights()
    result = run(desk)
    assert desk.rights() == planned(before)
    assert result["changed"] is True
    assert "failed" not in result
    assert all(entry["verified"] for entry in result["rights"])
    assert desk.files() == []
    assert len(desk.lines) == 2
    assert desk.messages[-1] == "Delete"
    run(desk, result["restore"])
    assert desk.rights() == before
    assert run(desk, result["restore"])["changed"] is False


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_configure_that_did_nothing_is_never_taken_for_success(make: Make, code: int) -> None:
    desk = make()
    before = desk.rights()
    desk.computer.faults.add({**program("/configure", "program.start", "exit_code", code=code), "times": None})
    result, sentence = attempt(desk)
    if result is None:
        assert f"exit code {code}" in sentence
        assert "Nothing was changed" in sentence
    else:
        assert (result["failed"], result["changed"]) == (True, False)
        assert f"secedit ended with exit code {code}" in result["msg"]
        assert not any(entry["verified"] for entry in result["rights"])
    assert desk.rights() == before
    assert desk.files() == []


def test_a_configure_that_was_busy_once_is_done_again(make: Make) -> None:
    desk = make()
    before = desk.rights()
    desk.computer.faults.add(program("/configure", "program.start", "exit_code", code=1))
    assert run(desk)["changed"] is True
    assert desk.rights() == planned(before)


@pytest.mark.parametrize("code", [1, 3])
def test_a_configure_that_did_it_all_and_complained_is_success(make: Make, code: int) -> None:
    desk = make()
    before = desk.rights()
    desk.computer.faults.add(program("/configure", "program.start", "exit_code", code=code, run=True))
    result = run(desk)
    assert "failed" not in result
    assert desk.rights() == planned(before)


def test_a_holder_that_the_write_lost_is_found_in_the_read_back(make: Make) -> None:
    desk = make()
    lost = "S-1-5-32-551"
    desk.computer.faults.add(program("/configure", "program.end", "state", revoke={"right": BATCH, "sid": lost}))
    result = run(desk)
    assert result["failed"] is True
    assert "it was lost by" in result["msg"]
    assert lost in result["msg"]
    run(desk, result["restore"])
    assert lost in desk.rights()[BATCH]


@pytest.mark.parametrize("bytes_left", [0, 40, 900])
def test_a_read_back_that_is_cut_off_is_told_as_unknown(make: Make, bytes_left: int) -> None:
    desk = make()
    desk.computer.faults.add(program("/export back", "program.end", "truncate", bytes=bytes_left))
    result, sentence = attempt(desk)
    assert result is None
    assert sentence.endswith("Whether the change took is unknown; the next run of the task reads first.")
    assert desk.files() == []


def test_a_read_back_that_fails_is_told_as_unknown_and_never_repeated(make: Make) -> None:
    desk = make()
    desk.computer.faults.add(program("/export back", "program.start", "exit_code", code=1))
    dummy, sentence = attempt(desk)
    assert "secedit /configure ended with exit code 0, but the rights could not be read back: " in sentence
    assert sentence.endswith("Whether the change took is unknown; the next run of the task reads first.")
    assert sum("/configure" in line for line in desk.lines) == 1


CUT = [one for one in EVERY if one[1] in ("/export first", "/export second")]


@pytest.mark.parametrize(("way", "step"), CUT)
@pytest.mark.parametrize("bytes_left", [0, 400, 2000])
def test_an_export_that_is_cut_off_before_the_write_stops_it(make: Make, way: str, step: str, bytes_left: int) -> None:
    desk = make()
    desk.step_by_step = way != "at once"
    before = desk.rights()
    desk.computer.faults.add({**program(step, "program.end", "truncate", way, bytes=bytes_left), "times": None})
    with pytest.raises(ReadError) as failed:
        run(desk)
    assert desk.told(failed.value).endswith(" Nothing was changed.")
    assert desk.rights() == before
    assert desk.files() == []


@pytest.mark.parametrize("step_by_step", [False, True])
def test_a_template_that_was_spoiled_on_its_way_is_never_applied(make: Make, step_by_step: bool) -> None:
    desk = make()
    desk.step_by_step = step_by_step
    before = desk.rights()
    original = desk.computer.run

    def garble(caller: Any, line: str, codepage: int) -> Any:
        return original(caller, line.replace(f"*{EXSVC}", "*S-1-5-18"), codepage)

    desk.computer.run = garble  # type: ignore[method-assign]  # a host that garbles what it is told
    with pytest.raises(ApplyError, match="could not be written to %windir%"):
        run(desk, [{"name": TCB, "add": [EXSVC]}])
    assert desk.rights() == before
    assert desk.files() == []
    assert any("/configure" in line for line in desk.lines) is not step_by_step


def test_300_holders_are_written_in_pieces_and_none_is_lost(make: Make) -> None:
    desk = make("many")
    before = desk.rights()
    assert len(before[BATCH]) >= 300
    result = run(desk, [{"name": BATCH, "add": ["CORP\\old"]}])
    assert result["changed"] is True
    assert desk.rights() == {**before, BATCH: before[BATCH] | {OLD}}
    assert desk.files() == []


def test_a_long_line_that_secedit_does_not_read_whole_is_not_applied(make: Make) -> None:
    desk = make("many")
    before = desk.rights()
    desk.computer.faults.add(
        {
            "at": "program.start",
            "match": {"program": "secedit", "verb": "/import"},
            "do": "exit_code",
            "code": 1,
            "times": None,
        }
    )
    with pytest.raises(WinmailError) as failed:
        run(desk, [{"name": BATCH, "add": ["CORP\\old"]}])
    assert desk.told(failed.value).endswith(" Nothing was changed.")
    assert desk.rights() == before
    assert desk.files() == []


def test_a_long_line_that_secedit_understands_otherwise_is_not_applied(make: Make) -> None:
    desk = make("many")
    before = desk.rights()
    some = re.compile(rb",\*S-1-5-21-[0-9-]+")
    desk.after_line = lambda line, out: spoiled(out, lambda d: some.sub(b"", d, count=1)) if "/import" in line else out
    with pytest.raises(ApplyError, match=r"does not read the 30[0-9] holders of SeBatchLogonRight"):
        run(desk, [{"name": BATCH, "add": ["CORP\\old"]}])
    assert desk.rights() == before
    assert desk.files() == []


@pytest.mark.parametrize("answer", [b"", b"The command line is too long.\r\n"])
def test_a_preparation_that_left_no_marker_ends_before_the_write(make: Make, answer: bytes) -> None:
    desk = make()
    desk.step_by_step = True
    before = desk.rights()
    desk.after_line = lambda line, out: answer if ".t.inf" in line and "/configure" not in line else out
    with pytest.raises(ReadError, match="did not run to its end"):
        run(desk)
    assert desk.rights() == before
    assert desk.files() == []


def test_forty_rights_cost_three_lines_like_one(make: Make) -> None:
    desk = make()
    chosen = [right for right in sorted(RIGHTS) if "Deny" not in right][:40]
    before = desk.rights()
    run(desk, [{"name": right, "add": [OLD]} for right in chosen])
    assert all(OLD in desk.rights()[right] for right in chosen)
    assert {right: held - {OLD} for right, held in desk.rights().items() if held - {OLD}} == before
    assert len(desk.lines) <= 4


def test_a_deny_that_hits_the_connecting_account_is_refused_by_its_group(make: Make) -> None:
    desk = make()
    before = desk.rights()
    with pytest.raises(RefusedError, match="the connecting account"):
        run(desk, [{"name": "SeDenyNetworkLogonRight", "add": ["CORP\\Domain Admins"]}])
    assert desk.rights() == before
    assert len(desk.lines) == 2
