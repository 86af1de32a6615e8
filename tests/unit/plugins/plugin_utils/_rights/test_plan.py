# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: deltas per right, refusals before any change, what Windows forces, and what a read-back proves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import compare
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, UnresolvedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Change, Holder, Plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import (
    Wanted,
    check_wanted,
    make_plan,
    restore_of,
)

A, B, C, D = (f"S-1-5-21-1-2-3-{rid}" for rid in (1101, 1102, 1103, 1104))
ADMINISTRATORS, SERVICE = "S-1-5-32-544", "S-1-5-6"
TCB, IMPERSONATE, LOCALLY = "SeTcbPrivilege", "SeImpersonatePrivilege", "SeInteractiveLogonRight"


def held(*sids: str) -> tuple[Holder, ...]:
    return tuple(Holder("*" + sid, sid) for sid in sids)


def plan_one(want: Wanted, *sids: str, unpinned: tuple[str, ...] = (), reason: str | None = None) -> Change:
    holders = (*held(*sids), *(Holder(token, None) for token in unpinned))
    plan = make_plan([want], {want.right: holders} if holders else {}, {want.right: reason} if reason else {})
    assert len(plan.changes) == 1
    return plan.changes[0]


@pytest.mark.parametrize(
    ("want", "before", "after", "added", "removed"),
    [
        pytest.param(Wanted(TCB, add=(A,)), (), (A,), (A,), (), id="add to nobody"),
        pytest.param(Wanted(TCB, add=(A,)), (B,), (B, A), (A,), (), id="add keeps the others"),
        pytest.param(Wanted(TCB, add=(A, A)), (A,), (A,), (), (), id="add of a holder"),
        pytest.param(Wanted(TCB, remove=(A,)), (A, B), (B,), (), (A,), id="remove"),
        pytest.param(Wanted(TCB, remove=(A,)), (B,), (B,), (), (), id="remove of no holder"),
        pytest.param(Wanted(TCB, remove=(A,)), (), (), (), (), id="remove from nobody"),
        pytest.param(Wanted(TCB, remove=(A,)), (A,), (), (), (A,), id="remove the last"),
        pytest.param(Wanted(TCB, add=(C,), remove=(A,)), (A, B), (B, C), (C,), (A,), id="add and remove"),
        pytest.param(Wanted(TCB, exact=(A, C)), (B, A), (A, C), (C,), (B,), id="exact"),
        pytest.param(Wanted(TCB, exact=(A, B)), (B, A), (B, A), (), (), id="exact in another order"),
        pytest.param(Wanted(TCB, exact=(A, A)), (A,), (A,), (), (), id="exact with a duplicate"),
        pytest.param(Wanted(TCB, exact=()), (A, B), (), (), (A, B), id="exact nobody"),
        pytest.param(Wanted(TCB, exact=()), (), (), (), (), id="exact nobody of nobody"),
        pytest.param(Wanted(TCB, add=(A,)), (B, B), (B, A), (A,), (), id="a duplicate in the export"),
    ],
)
def test_a_plan_holds_the_deltas(
    want: Wanted, before: tuple[str, ...], after: tuple[str, ...], added: tuple[str, ...], removed: tuple[str, ...]
) -> None:
    change = plan_one(want, *before)
    assert change.after == after
    assert (change.added, change.removed) == (added, removed)
    assert change.changes is bool(added or removed)
    assert Plan((change,)).changed is change.changes


def test_only_rights_that_change_are_written_and_all_are_reported_in_the_tasks_order() -> None:
    plan = make_plan(
        [Wanted("SeBackupPrivilege", add=(A,)), Wanted(TCB, add=(B,)), Wanted("SeAuditPrivilege", exact=())],
        {"SeBackupPrivilege": held(A), "SeAuditPrivilege": held(C), "SeDebugPrivilege": held(D)},
        {},
    )
    assert [change.right for change in plan.changes] == ["SeBackupPrivilege", TCB, "SeAuditPrivilege"]
    assert [change.right for change in plan.deltas] == [TCB, "SeAuditPrivilege"]


@pytest.mark.parametrize(
    "want",
    [
        pytest.param(Wanted(TCB, add=(A,)), id="add"),
        pytest.param(Wanted(TCB, remove=(B,)), id="remove of a holder"),
        pytest.param(Wanted(TCB, remove=(C,)), id="remove of somebody who may hide behind the token"),
        pytest.param(Wanted(TCB, exact=(B,)), id="exact"),
        pytest.param(Wanted(TCB, exact=()), id="exact nobody"),
    ],
)
@pytest.mark.parametrize("token", ["G?st", "Gu\ufffdst", "&544", "oldname", "*S-1-5-21-x"])
def test_a_line_with_a_holder_that_nobody_can_pin_is_refused_by_name(want: Wanted, token: str) -> None:
    with pytest.raises(UnresolvedError) as refused:
        plan_one(want, B, unpinned=(token,))
    text = str(refused.value)
    assert "SeTcbPrivilege (Act as part of the operating system) cannot be changed safely: " in text
    assert token in text or repr(token) in text


@pytest.mark.parametrize("want", [Wanted(TCB, add=(A,)), Wanted(TCB, remove=(B,)), Wanted(TCB, exact=(A,))])
def test_an_unreadable_line_is_refused_with_its_reason(want: Wanted) -> None:
    with pytest.raises(UnresolvedError, match="the export has a line that nobody expects"):
        plan_one(want, B, reason="the export has a line that nobody expects")


def test_adding_a_holder_again_is_no_change_even_beside_a_token_that_nobody_can_pin() -> None:
    assert not plan_one(Wanted(TCB, add=(B,)), B, unpinned=("G?st",)).changes


def test_one_refused_right_stops_the_whole_task() -> None:
    with pytest.raises(UnresolvedError, match="SeAuditPrivilege"):
        make_plan(
            [Wanted(TCB, add=(A,)), Wanted("SeAuditPrivilege", add=(A,))],
            {"SeAuditPrivilege": (Holder("x?", None),)},
            {},
        )


def test_a_token_that_nobody_can_pin_on_another_line_does_no_harm() -> None:
    plan = make_plan([Wanted(TCB, add=(A,))], {"SeAuditPrivilege": (Holder("x?", None),)}, {})
    assert plan.deltas == (Change(TCB, (), (A,)),)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([Wanted(TCB, add=(A,)), Wanted(TCB, remove=(B,))], "named twice"),
        ([Wanted(TCB, add=(A, B), remove=(C, B))], f"both given to and taken from {B}"),
    ],
)
def test_a_task_that_contradicts_itself_is_refused(wanted: list[Wanted], words: str) -> None:
    with pytest.raises(InputError, match=re.escape(words)) as refused:
        check_wanted(wanted)
    assert "SeTcbPrivilege (Act as part of the operating system)" in str(refused.value)


def test_a_task_that_makes_sense_is_not_refused() -> None:
    check_wanted([Wanted(TCB, add=(A,), remove=(B,)), Wanted("SeAuditPrivilege", exact=(A,))])


def windows(right: str, written: tuple[str, ...]) -> tuple[str, ...]:
    """What the security engine makes of a written line (captures: "must be assigned to … This setting is adjusted")."""
    forced = {IMPERSONATE: (ADMINISTRATORS, SERVICE), LOCALLY: (ADMINISTRATORS,)}.get(right, ())
    return tuple(sorted({*written, *forced}))


HOLDERS = st.lists(st.sampled_from([A, B, C, ADMINISTRATORS, SERVICE]), unique=True, max_size=5).map(tuple)


@given(st.sampled_from([TCB, IMPERSONATE, LOCALLY]), HOLDERS, HOLDERS, HOLDERS, st.booleans())
def test_a_second_run_changes_nothing_even_where_windows_forces_entries(
    right: str, before: tuple[str, ...], one: tuple[str, ...], two: tuple[str, ...], exact: bool
) -> None:
    if exact:
        want = Wanted(right, exact=one)
    else:
        want = Wanted(right, add=one, remove=tuple(sid for sid in two if sid not in one))
    first = plan_one(want, *before)
    now = windows(right, first.after) if first.changes else before
    assert compare(first, held(*now)).as_planned
    assert set(now) == set(first.after)
    assert not plan_one(want, *now).changes


@pytest.mark.parametrize("right", [IMPERSONATE, LOCALLY])
def test_what_windows_forces_is_named_and_written_by_the_plan_itself(right: str) -> None:
    forced = {IMPERSONATE: (ADMINISTRATORS, SERVICE), LOCALLY: (ADMINISTRATORS,)}[right]
    change = plan_one(Wanted(right, exact=(A,)), B)
    assert change.adjusted == forced
    assert set(change.after) == {A, *forced}


def test_removing_what_windows_would_put_back_is_no_change() -> None:
    change = plan_one(Wanted(LOCALLY, remove=(ADMINISTRATORS,)), ADMINISTRATORS, B)
    assert not change.changes
    assert change.before == change.after
    assert change.adjusted == (ADMINISTRATORS,)


def test_a_right_that_is_not_written_is_not_adjusted() -> None:
    change = plan_one(Wanted(IMPERSONATE, add=(B,)), B)
    assert (change.changes, change.adjusted) == (False, ())


ADD = Change(TCB, (B,), (B, A))


def test_restore_lists_exactly_the_touched_rights_with_what_they_were() -> None:
    plan = Plan((ADD, Change("SeAuditPrivilege", (A,), (A,)), Change("SeDebugPrivilege", (), (A,))))
    assert restore_of(plan) == [{"name": TCB, "set": [B]}, {"name": "SeDebugPrivilege", "set": []}]


@given(HOLDERS, HOLDERS)
def test_feeding_restore_back_restores_and_is_idempotent(before: tuple[str, ...], add: tuple[str, ...]) -> None:
    done = make_plan([Wanted(TCB, add=add)], {TCB: held(*before)}, {})
    after = done.changes[0].after
    undo = [Wanted(str(entry["name"]), exact=tuple(entry["set"])) for entry in restore_of(done)]  # type: ignore[arg-type]  # a list of SIDs
    back = make_plan(undo, {TCB: held(*after)}, {})
    for change in back.changes:
        assert set(change.after) == set(before)
        assert not make_plan(undo, {TCB: held(*change.after)}, {}).changed
    assert bool(undo) is done.changed


@pytest.mark.parametrize(
    "want", [Wanted(TCB, exact=(A,)), Wanted(TCB, remove=(B,)), Wanted(TCB, add=(A,), remove=(B,))]
)
def test_a_line_that_is_partly_unread_is_not_taken_for_the_list_that_was_asked_for(want: Wanted) -> None:
    """What was read is as it shall be; what was not read may hold the account that shall go."""
    with pytest.raises(UnresolvedError, match="odd"):
        plan_one(want, A, reason="odd")
    assert not plan_one(Wanted(TCB, add=(A,)), A, reason="odd").changes


@pytest.mark.parametrize(
    ("want", "exact"), [(Wanted(IMPERSONATE, exact=(A,)), True), (Wanted(IMPERSONATE, add=(A,)), False)]
)
def test_a_list_is_exact_also_where_windows_adds_to_it(want: Wanted, exact: bool) -> None:
    assert plan_one(want).adjusted == (ADMINISTRATORS, SERVICE)
    assert plan_one(want).exact is exact
