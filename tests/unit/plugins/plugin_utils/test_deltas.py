# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans held against read-backs: nothing undone passes for success; what a write took from others goes back to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import (
    as_before,
    compare,
    holders_of,
    overwritten,
    unpinned,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Change, Holder, Plan

TCB, BATCH = "SeTcbPrivilege", "SeBatchLogonRight"
A, B, C, D = (f"S-1-5-21-1-2-3-{rid}" for rid in (1001, 1002, 1003, 1004))


def held(*sids: str) -> tuple[Holder, ...]:
    return tuple(Holder(f"*{sid}", sid) for sid in sids)


@pytest.mark.parametrize(
    ("change", "then", "now", "after"),
    [
        pytest.param(Change(TCB, (A,), (A, B)), (A,), (A, B), None, id="nobody moved"),
        pytest.param(Change(TCB, (A,), (A, B)), (A, C), (A, B), (A, B, C), id="a grant of somebody else"),
        pytest.param(Change(TCB, (A, C), (A, C, B)), (A,), (A, C, B), (A, B), id="a removal by somebody else"),
        pytest.param(Change(TCB, (A, C), (A, B)), (A, D), (A, B), (A, B, D), id="both, and what was meant stays"),
        pytest.param(Change(TCB, (A,), (A, B)), (A, B), (A, B), None, id="somebody did the same"),
        pytest.param(Change(TCB, (A,), (B,), exact=True), (A, C), (B,), None, id="an exact list takes them as well"),
        pytest.param(Change(TCB, (A, C), (C, B), exact=True), (A,), (C, B), (B,), id="taken out of what was to stay"),
        pytest.param(Change(TCB, (A,), (A, B)), (A, C), (A, B, C), None, id="it was not lost"),
    ],
)
def test_what_a_write_took_is_planned_back(
    change: Change, then: tuple[str, ...], now: tuple[str, ...], after: tuple[str, ...] | None
) -> None:
    back = overwritten(Plan((change,)), {TCB: held(*then)}, {TCB: held(*now)})
    assert [(one.before, one.after) for one in back.deltas] == ([] if after is None else [(now, after)])
    assert back.changed is (after is not None)


def test_each_right_is_merged_by_itself_and_an_unchanged_one_is_left_out() -> None:
    plan = Plan((Change(TCB, (), (A,)), Change(BATCH, (A,), (B,)), Change("SeAuditPrivilege", (A,), (A,))))
    back = overwritten(plan, {BATCH: held(A, C)}, {TCB: held(A), BATCH: held(B)})
    assert back == Plan((Change(TCB, (A,), (A,)), Change(BATCH, (B,), (B, C))))


SIDS = st.lists(st.sampled_from([A, B, C, D]), unique=True).map(tuple)


@given(before=SIDS, after=SIDS, then=SIDS)
def test_a_merge_keeps_what_was_meant_and_what_somebody_else_did(
    before: tuple[str, ...], after: tuple[str, ...], then: tuple[str, ...]
) -> None:
    plan = Plan((Change(TCB, before, after),))
    (merged,) = overwritten(plan, {TCB: held(*then)}, {TCB: held(*after)}).changes or (Change(TCB, after, after),)
    if not plan.deltas:
        return
    given_by_us, taken_by_us = set(after) - set(before), set(before) - set(after)
    given_by_others, taken_by_others = set(then) - set(before), set(before) - set(then)
    assert set(merged.after) == ((set(before) | given_by_us | given_by_others) - taken_by_us - taken_by_others)


def test_a_token_without_a_sid_is_no_holder_and_is_named_unless_the_list_is_exact() -> None:
    plan = Plan((Change(TCB, (A,), (A, B)), Change(BATCH, (A,), (B,), exact=True)))
    seen = {TCB: (*held(A), Holder("Guest", None)), BATCH: (Holder("x", None),)}
    assert holders_of(plan, seen) == {TCB: (A,), BATCH: ()}
    assert unpinned(plan, seen) == (f"{TCB}: Guest",)
    assert unpinned(plan, {}) == ()


def test_rights_are_as_before_where_all_of_them_are() -> None:
    plan = Plan((Change(TCB, (), (A,)), Change(BATCH, (A, B), (B,))))
    assert as_before(plan, {TCB: (), BATCH: (B, A)})
    assert not as_before(plan, {TCB: (), BATCH: (B,)})
    assert not as_before(plan, {TCB: (A,), BATCH: (A, B)})


ADD = Change(TCB, (B,), (B, A))
REMOVE = Change(TCB, (A, B), (B,))
EXACT = Change(TCB, (B,), (A,), exact=True)


@pytest.mark.parametrize(
    ("change", "now", "field", "sids"),
    [
        pytest.param(ADD, (B,), "missing", (A,), id="not given"),
        pytest.param(REMOVE, (A, B), "staying", (A,), id="not taken"),
        pytest.param(ADD, (A,), "lost", (B,), id="somebody lost it"),
        pytest.param(EXACT, (A, C), "extra", (C,), id="exact and one more"),
        pytest.param(REMOVE, (), "lost", (B,), id="all lost it"),
    ],
)
def test_what_was_not_done_is_never_taken_for_success(
    change: Change, now: tuple[str, ...], field: str, sids: tuple[str, ...]
) -> None:
    outcome = compare(change, held(*now))
    assert getattr(outcome, field) == sids
    assert not outcome.as_planned


@pytest.mark.parametrize(
    ("change", "now"), [(ADD, (A, B)), (ADD, (C, A, B)), (REMOVE, (B,)), (REMOVE, (C, B)), (EXACT, (A,))]
)
def test_what_was_done_is_success_in_any_order_and_beside_others(change: Change, now: tuple[str, ...]) -> None:
    assert compare(change, held(*now)).as_planned


@pytest.mark.parametrize(("change", "proven"), [(ADD, True), (REMOVE, False), (EXACT, False)])
def test_a_removal_is_not_proven_while_a_token_in_the_read_back_has_no_sid(change: Change, proven: bool) -> None:
    outcome = compare(change, (*held(*change.after), Holder("somebody", None)))
    assert outcome.unpinned == ("somebody",)
    assert outcome.as_planned is proven


def test_who_was_to_lose_a_right_and_still_has_it_is_told_once() -> None:
    outcome = compare(REMOVE, held(A, B))
    assert (outcome.staying, outcome.extra) == ((A,), ())
