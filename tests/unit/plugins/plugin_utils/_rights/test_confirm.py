# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself: the order of its steps, each way that it ends, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    BusyError,
    HalfDoneError,
    ReadError,
    RefusedError,
    UnreachableError,
    WindowsError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import CachedPolicy, Caller
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.confirm import GRACE, moments
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict, parse_rights
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Identity, Remains
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    BYSTANDER,
    EXSVC,
    OLD,
    MemoryHost,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._rights.confirming import (
    AUDIT,
    BEFORE,
    CALLER,
    TASK,
    TASK_NAME,
    TCB,
    Time,
    computer,
    run,
    shut,
    steps,
)


def test_each_step_comes_after_the_one_that_it_relies_on() -> None:
    host = computer()
    result, warnings = run(host)
    assert steps(host) == [
        "read_rights", "rehearse", "arm", "apply", "log_on_anew", "read_rights", "disarm", "read_rights",
    ]  # fmt: skip
    assert host.armed is None
    assert warnings == []
    assert result["changed"] is True
    assert "failed" not in result
    assert result["confirm"] == {
        "status": "confirmed", "timeout": 300, "way": "cim", "task": TASK_NAME, "took": 0.0, "undone": [],
        "reason": None,
    }  # fmt: skip
    assert host.rights[TCB] == [EXSVC]


def test_the_roll_back_holds_the_lines_of_the_touched_rights_and_no_others() -> None:
    host = computer()
    seen = []
    host.on_apply = lambda one: seen.append(one.armed)
    run(host, seconds=60)
    (armed,) = seen
    assert armed is not None
    assert armed.lines == {TCB: (), AUDIT: (OLD, BYSTANDER)}
    assert armed.seconds == 60


@pytest.mark.parametrize(("task", "status"), [(TASK, "planned"), ([{"name": TCB, "set": []}], "not_needed")])
def test_check_mode_arms_nothing_and_says_what_it_would(task: list[dict[str, Any]], status: str) -> None:
    host = computer()
    result, dummy = run(host, check=True, task=task)
    assert steps(host) == ["read_rights"]
    assert result["confirm"]["status"] == status
    assert result["confirm"]["task"] is None


def test_nothing_to_change_costs_nothing_more() -> None:
    task = [{"name": AUDIT, "add": [OLD]}]
    plain, confirmed = computer(), computer()
    RightsChange(
        plain, parse_rights({"rights": task}), Choices("warn", allow_lockout=False, check_mode=False), print
    ).run()
    result, dummy = run(confirmed, task=task)
    assert confirmed.requests == plain.requests
    assert confirmed.calls == plain.calls
    assert result["confirm"]["status"] == "not_needed"
    assert result["changed"] is False


@pytest.mark.parametrize("error", [WindowsError, ReadError, BusyError])
def test_a_host_that_cannot_be_rolled_back_is_left_alone(error: type[WinmailError]) -> None:
    host = computer(refuse={"rehearse": error("its Task Scheduler takes no task.")})
    with pytest.raises(RefusedError, match=r"cannot be rolled back.*its Task Scheduler takes no task\.") as caught:
        run(host)
    assert not caught.value.tells
    assert "apply" not in host.calls
    assert host.rights == BEFORE


def test_a_rehearsal_that_left_something_says_so_itself() -> None:
    host = computer(refuse={"rehearse": ApplyError("it failed. This could not be removed: the task 'x'.")})
    with pytest.raises(ApplyError, match=r"^Refused: .*could not be removed: the task 'x'\."):
        run(host)
    assert "apply" not in host.calls


def test_a_roll_back_that_cannot_be_armed_is_taken_back_and_nothing_is_changed() -> None:
    host = computer(refuse={"arm": WindowsError("the task is not ready")})
    with pytest.raises(RefusedError, match="the task is not ready"):
        run(host)
    assert steps(host)[-1] == "disarm"
    assert host.rights == BEFORE


def test_a_connection_lost_while_arming_is_made_anew_to_take_the_roll_back_back() -> None:
    host = computer(refuse={"arm": UnreachableError("lost")})
    with pytest.raises(UnreachableError, match="lost"):
        run(host)
    assert steps(host)[-2:] == ["log_on_anew", "disarm"]
    assert host.rights == BEFORE


@pytest.mark.parametrize("caller", [None, Caller("S-1-5-21-1-2-3-500", frozenset())])
def test_who_confirms_must_be_known_before(caller: Caller | None) -> None:
    host = computer(caller=caller)
    with pytest.raises(RefusedError, match="whoami"):
        run(host)
    assert "rehearse" not in host.calls


def governed() -> dict[str, Any]:
    return {"policies": (CachedPolicy("gpt00001.inf", "{G}", {TCB: ("*S-1-5-32-544",)}),)}


@pytest.mark.parametrize("conflict", ["warn", "fail"])
@pytest.mark.parametrize("check", [False, True])
def test_what_a_policy_sets_cannot_be_confirmed(conflict: GpoConflict, check: bool) -> None:
    host = computer(**governed())
    with pytest.raises(RefusedError, match=r"a policy sets Act as part of the operating system \(SeTcbPrivilege\)"):
        run(host, conflict=conflict, check=check)
    assert steps(host) == ["read_rights"]


def test_what_a_policy_sets_is_confirmed_where_that_is_to_be_ignored() -> None:
    result, dummy = run(computer(**governed()), conflict="ignore")
    assert result["confirm"]["status"] == "confirmed"


def test_a_shut_door_is_tried_until_the_host_has_opened_it_again() -> None:
    host, time = computer(on_logon=shut), Time()
    time.events[300.0] = host.fire
    result, warnings = run(host, time)
    assert host.rights == {**BEFORE, TCB: []}
    assert result["failed"] is True
    assert result["changed"] is False
    assert result["restore"] == []
    assert result["confirm"]["status"] == "reverted"
    assert result["confirm"]["undone"] == [TCB, AUDIT]
    assert result["confirm"]["took"] == 310.0
    assert result["msg"] == result["confirm"]["reason"]
    assert result["msg"].startswith(
        "The change was not confirmed in time, and the host undid it: read after a new logon"
    )
    assert [entry["verified"] for entry in result["rights"]] == [False, False]
    assert warnings == []


def test_a_door_that_stays_shut_leaves_the_host_to_itself_and_says_what_it_will_do() -> None:
    host, time = computer(on_logon=shut), Time()
    with pytest.raises(HalfDoneError) as caught:
        run(host, time)
    assert time.passed == 300 + GRACE
    assert host.armed is not None
    said = str(caught.value)
    for part in (
        "the specified credentials were rejected",
        "300 s after it was armed (about 09:05:00 UTC by the controller's clock)",
        "or at its next boot",
        f"by its task '{TASK_NAME}'",
    ):
        assert part in said


def test_a_door_that_opens_in_time_is_a_confirmation() -> None:
    tries: list[int] = []

    def late(_host: MemoryHost) -> None:
        tries.append(1)
        if len(tries) < 4:
            raise UnreachableError("Nobody answered")

    host, time = computer(on_logon=late), Time()
    result, dummy = run(host, time)
    assert result["confirm"]["status"] == "confirmed"
    assert result["confirm"]["took"] == sum(time.waits) < 300


@pytest.mark.parametrize(
    "other", [Identity("S-1-5-21-1-2-3-501", "EXCH"), Identity(CALLER.sid, "EXCH2"), Identity(None, "EXCH")]
)
def test_somebody_else_or_another_computer_confirms_nothing(other: Identity) -> None:
    host, time = computer(stranger=other), Time()
    told = f"The new connection is {other.sid} at {other.computer} and not S-1-5-21-1-2-3-500 at EXCH"
    if other.sid is None:
        told = "The new connection to EXCH does not tell who it is"
    with pytest.raises(HalfDoneError, match=told):
        run(host, time)
    assert "disarm" not in host.calls
    assert host.armed is not None


def test_a_task_that_something_else_removed_is_warned_of() -> None:
    host = computer()
    host.on_logon = MemoryHost.take_away
    result, (warning,) = run(host)
    assert result["confirm"]["status"] == "confirmed"
    assert TASK_NAME in warning
    assert "removed from the host by something else" in warning


def test_files_that_stay_are_named() -> None:
    dummy, (warning,) = run(computer(left=("winmail-x.t.inf",)))
    assert "winmail-x.t.inf" in warning


def test_a_roll_back_that_began_before_it_was_disarmed_is_read() -> None:
    host = computer()
    host.on_logon = MemoryHost.fire
    result, dummy = run(host)
    assert result["failed"] is True
    assert result["confirm"]["status"] == "reverted"
    assert host.rights == {**BEFORE, TCB: []}


def test_a_roll_back_that_began_to_no_effect_is_told_beside_a_success() -> None:
    host = computer(rollback_fails=True)
    host.on_logon = MemoryHost.fire
    result, (warning,) = run(host)
    assert result["confirm"]["status"] == "confirmed"
    assert "had begun before it was taken back" in warning


def test_whom_the_roll_back_took_a_right_from_is_named() -> None:
    host = computer(rollback_names=frozenset({OLD, EXSVC, "S-1-5-21-1-2-3-4444"}))
    host.on_logon = MemoryHost.fire
    result, dummy = run(host)
    assert "the roll-back also names S-1-5-21-1-2-3-4444" in result["msg"]


def test_a_grant_that_the_rehearsal_overwrote_is_warned_of() -> None:
    dummy, (warning,) = run(computer(rehearsal_names=frozenset({OLD, BYSTANDER, "S-1-5-21-1-2-3-4444"})))
    assert "The log of the rehearsal also names S-1-5-21-1-2-3-4444" in warning


def test_what_an_earlier_roll_back_left_is_named() -> None:
    found = Remains(TASK_NAME, (TCB,), result=1)
    dummy, (warning,) = run(computer(remains=(found,)))
    assert TASK_NAME in warning
    assert "SeTcbPrivilege" in warning
    assert "It ended with 1 (0x00000001)" in warning


def test_the_last_reads_do_not_tidy_up() -> None:
    host = computer()
    run(host)
    assert [query.tidy for query in host.queries] == [True, False, False]


@given(st.floats(0, 5000), st.integers(60, 3600))
def test_tries_are_few_rising_and_go_on_until_a_minute_after_the_deadline(passed: float, seconds: int) -> None:
    times = list(moments(passed, seconds))
    assert times == sorted(times)
    assert times[0] == passed
    assert times[-1] == max(seconds, passed) + GRACE
    assert 4 <= len(times) <= 18
    assert len([one for one in times if one > seconds]) >= 3
