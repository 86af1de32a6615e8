# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself and whose write goes wrong: all of it or nothing, and words that match."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    BusyError,
    HalfDoneError,
    MovedError,
    ReadError,
    UnreachableError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Remains, Waiting
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    BYSTANDER,
    MemoryHost,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._rights.confirming import (
    AUDIT,
    BEFORE,
    TCB,
    Time,
    computer,
    run,
    steps,
)


def test_somebody_who_moved_before_the_write_begins_it_anew() -> None:
    host = computer()
    moved = [True]

    def move(one: MemoryHost) -> None:
        if moved.pop() if moved else False:
            one.rights[AUDIT].append("S-1-5-21-1-2-3-4444")
            raise MovedError("moved")

    host.on_apply = move
    result, dummy = run(host)
    assert result["confirm"]["status"] == "confirmed"
    assert steps(host)[:5] == ["read_rights", "rehearse", "arm", "apply", "disarm"]
    assert host.rights[AUDIT] == [BYSTANDER, "S-1-5-21-1-2-3-4444"]


def test_an_armed_roll_back_that_cannot_be_taken_back_is_told() -> None:
    host = computer(refuse={"disarm": UnreachableError("lost")})

    def move(_host: MemoryHost) -> None:
        raise MovedError("moved")

    host.on_apply = move
    with pytest.raises(HalfDoneError, match=r"could not be taken back \(lost\).*300 s after it was armed"):
        run(host)
    assert host.armed is not None


def fails_after(error: WinmailError, *, part: bool) -> Callable[[MemoryHost], None]:
    def fail(host: MemoryHost) -> None:
        if part:
            host.rights[TCB] = []
        raise error

    return fail


@pytest.mark.parametrize(
    "error", [ApplyError("Windows did something else."), ReadError("not whole"), HalfDoneError("lost in the middle")]
)
def test_a_change_that_broke_off_in_the_middle_is_undone(error: WinmailError) -> None:
    host = computer()
    host.after_apply = fails_after(error, part=True)
    result, dummy = run(host)
    assert steps(host)[3:] == ["apply", "log_on_anew", "read_rights", "run", "disarm", "read_rights"]
    assert host.rights == {**BEFORE, TCB: []}
    assert result["failed"] is True
    assert result["changed"] is False
    assert str(error).rstrip(".") in result["msg"]
    assert "the roll-back was used" in result["msg"]


def test_a_change_whose_answer_was_lost_is_confirmed_by_what_is_read() -> None:
    host = computer()
    host.after_apply = fails_after(HalfDoneError("lost"), part=False)
    result, dummy = run(host)
    assert result["confirm"]["status"] == "confirmed"
    assert "failed" not in result


@pytest.mark.parametrize("error", [BusyError("secedit is busy"), UnreachableError("lost")])
def test_a_write_of_which_nothing_took_ends_with_its_own_error(error: WinmailError) -> None:
    host = computer()

    def fail(_host: MemoryHost) -> None:
        raise error

    host.on_apply = fail
    with pytest.raises(type(error), match=str(error)):
        run(host)
    assert host.armed is None
    assert "run" not in host.calls
    assert host.rights == BEFORE


def test_a_change_that_windows_made_in_part_is_undone() -> None:
    host = computer()

    def in_part(one: MemoryHost) -> None:
        one.rights[TCB] = []

    host.after_apply = in_part
    result, dummy = run(host)
    assert result["confirm"]["status"] == "reverted"
    assert "Windows did not carry out the whole change" in result["msg"]
    assert host.rights == {**BEFORE, TCB: []}


def test_somebody_who_changes_the_same_right_meanwhile_is_no_roll_back() -> None:
    host = computer()

    def overtake(one: MemoryHost) -> None:
        one.rights[TCB] = [BYSTANDER]

    host.on_logon = overtake
    result, dummy = run(host)
    assert result["failed"] is True
    assert result["changed"] is True
    assert result["confirm"]["status"] == "overtaken"
    assert "run" not in host.calls
    assert result["msg"].count("SeTcbPrivilege") == 1
    assert "SeAuditPrivilege" not in result["msg"]
    assert result["restore"] != []


def test_a_slow_write_is_armed_anew_before_the_new_logon() -> None:
    host, time = computer(), Time()
    host.after_apply = lambda _host: time.pass_(290)
    run(host, time)
    assert steps(host) == [
        "read_rights", "rehearse", "arm", "apply", "arm", "log_on_anew", "read_rights", "disarm", "read_rights",
    ]  # fmt: skip


def test_a_connection_lost_in_the_rehearsal_says_that_the_change_was_not_begun() -> None:
    host = computer(refuse={"rehearse": UnreachableError("The connection was lost.")})
    with pytest.raises(
        HalfDoneError, match=r"was lost\. The change itself was not begun\. .*SeTcbPrivilege.* a later run"
    ):
        run(host)
    assert "apply" not in host.calls


@pytest.mark.parametrize(("error", "kind"), [(UnreachableError, HalfDoneError), (ReadError, ApplyError)])
def test_a_roll_back_that_may_be_armed_for_nothing_is_told(error: type[WinmailError], kind: type[WinmailError]) -> None:
    host = computer(refuse={"arm": error("It broke."), "disarm": UnreachableError("again")})
    with pytest.raises(kind, match=r"It broke\. .*not begun, but its roll-back may be armed.* 300 s after"):
        run(host)
    assert "apply" not in host.calls


def test_a_roll_back_without_its_old_lines_may_have_put_nothing_back() -> None:
    dummy, (warning,) = run(computer(remains=(Remains("winmail x", ()),)))
    assert "may have put nothing back: check the rights" in warning


def test_a_roll_back_that_ran_before_the_write_is_told() -> None:
    host = computer(rollback_names=frozenset({BYSTANDER}))
    moved = [True]

    def move(one: MemoryHost) -> None:
        if moved:
            moved.pop()
            one.fire()
            raise MovedError("moved")

    host.on_apply = move
    dummy, warnings = run(host)
    assert "ran before anything was written" in warnings[0]
    assert "SeTcbPrivilege" in warnings[0]
    assert f"Its log names {BYSTANDER}." in warnings[0]


@pytest.mark.parametrize(("error", "kind"), [(UnreachableError, HalfDoneError), (ReadError, ApplyError)])
def test_a_roll_back_that_somebody_started_while_it_was_armed_is_told(
    error: type[WinmailError], kind: type[WinmailError]
) -> None:
    host = computer(refuse={"arm": error("Its state is 4.")}, rollback_ran=True)
    with pytest.raises(kind, match=r"Its state is 4\. The roll-back .* ran before anything was written"):
        run(host)
    assert "apply" not in host.calls


@pytest.mark.parametrize(("rights", "warned"), [((TCB, "SeDebugPrivilege"), 1), (("SeDebugPrivilege",), 0), ((), 1)])
def test_a_roll_back_of_somebody_else_is_warned_of_where_it_may_undo_the_change(
    rights: tuple[str, ...], warned: int
) -> None:
    host = MemoryHost(waiting=(Waiting("winmail restores", rights),))
    warnings: list[str] = []
    asked = parse_rights({"rights": [{"name": TCB, "add": [BYSTANDER]}]})
    choices = Choices("ignore", allow_lockout=True, check_mode=False)
    RightsChange(host, asked, choices, warnings.append).run()
    assert ["waits to be confirmed" in one and "'winmail restores'" in one for one in warnings] == [True] * warned
    warnings.clear()
    RightsChange(host, asked, choices, warnings.append).run()
    assert warnings == [], "nothing is written the second time"
