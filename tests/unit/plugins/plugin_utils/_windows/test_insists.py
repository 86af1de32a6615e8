# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows insists on: the tables are those of the captured logs, and no plan promises what Windows refuses."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import compare
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Change, Holder
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import Wanted, make_plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import insists
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.tests.support.captures import capture

LOCAL_SERVICE, NETWORK_SERVICE, ADMINISTRATORS, SERVICE = "S-1-5-19", "S-1-5-20", "S-1-5-32-544", "S-1-5-6"
A, B = "S-1-5-21-1-2-3-1101", "S-1-5-21-1-2-3-1102"
MEASURED = yaml.safe_load(capture("23"))["f"]
KEEP = {
    LOCAL_SERVICE: {*MEASURED["must_keep_S-1-5-19"], *MEASURED["must_keep_S-1-5-19_and_S-1-5-20"]},
    NETWORK_SERVICE: {*MEASURED["must_keep_S-1-5-19_and_S-1-5-20"]},
}


def planned(want: Wanted, *before: str) -> Change:
    (change,) = make_plan([want], {want.right: [Holder("*" + sid, sid) for sid in before]}, {}).changes
    return change


def windows(right: str, before: tuple[str, ...], written: tuple[str, ...]) -> tuple[str, ...]:
    """What the engine makes of a line, as captures 21 and 23 tell it: error 50 keeps, "adjusted" adds."""
    stay = {sid for sid, rights in KEEP.items() if right in rights and sid in before}
    forced = {"SeImpersonatePrivilege": {ADMINISTRATORS, SERVICE}, "SeInteractiveLogonRight": {ADMINISTRATORS}}
    return tuple(sorted({*written, *stay, *forced.get(right, set())}))


def test_the_table_of_what_is_kept_is_the_measured_one() -> None:
    table = {(right, sid) for right, accounts in insists.KEPT.items() for sid in accounts}
    assert table == {(right, sid) for sid, rights in KEEP.items() for right in rights}


def test_the_log_of_a_refused_removal_names_the_same_rights() -> None:
    of_network_service = capture("21").decode().partition("Configure S-1-5-20.")[2].partition("Error 50")[0]
    removed = set(re.findall(r"remove (Se\w+)\.", of_network_service))
    assert removed == {right for right, accounts in insists.KEPT.items() if NETWORK_SERVICE in accounts}


def test_the_table_of_what_is_added_is_that_of_the_adjustments() -> None:
    log = capture("21").decode()
    seen = set(re.findall(r"(Se\w+) must be assigned to (\w+)\. This setting is adjusted", log))
    names = {ADMINISTRATORS: "administrators", SERVICE: "SERVICE"}
    assert seen == {(right, names[sid]) for right, accounts in insists.ADDED.items() for sid in accounts}


@pytest.mark.parametrize(("right", "sid"), [(right, sid) for sid, rights in KEEP.items() for right in sorted(rights)])
def test_what_is_kept_is_never_planned_and_is_named(right: str, sid: str) -> None:
    for want in (Wanted(right, exact=(A,)), Wanted(right, remove=(sid,), add=(A,))):
        change = planned(want, B, sid, ADMINISTRATORS, SERVICE)
        assert sid in change.after
        assert sid not in change.removed
        assert sid in change.adjusted


@pytest.mark.parametrize(("right", "sid"), [(right, sid) for sid, rights in KEEP.items() for right in sorted(rights)])
def test_to_take_only_what_windows_keeps_is_no_change(right: str, sid: str) -> None:
    change = planned(Wanted(right, remove=(sid,)), sid, ADMINISTRATORS, SERVICE)
    assert not change.changes
    assert change.adjusted == (sid,)


@pytest.mark.parametrize("right", sorted(insists.KEPT))
def test_who_does_not_hold_it_is_not_given_it(right: str) -> None:
    change = planned(Wanted(right, exact=(A, ADMINISTRATORS, SERVICE)), B)
    assert set(change.after) == {A, ADMINISTRATORS, SERVICE}
    assert change.adjusted == ()


def test_other_rights_and_other_accounts_can_be_taken() -> None:
    assert planned(Wanted("SeDebugPrivilege", exact=()), NETWORK_SERVICE).after == ()
    assert planned(Wanted("SeTimeZonePrivilege", remove=(NETWORK_SERVICE,)), NETWORK_SERVICE).after == ()
    assert planned(Wanted("SeAuditPrivilege", remove=(A,)), A, LOCAL_SERVICE).after == (LOCAL_SERVICE,)


HOLDERS = st.lists(
    st.sampled_from([A, B, LOCAL_SERVICE, NETWORK_SERVICE, ADMINISTRATORS, SERVICE]), unique=True, max_size=6
).map(tuple)


@given(st.sampled_from(sorted(RIGHTS)), HOLDERS, HOLDERS, HOLDERS, st.booleans())
def test_the_read_back_is_what_was_planned_and_a_second_run_changes_nothing(
    right: str, before: tuple[str, ...], one: tuple[str, ...], two: tuple[str, ...], exact: bool
) -> None:
    want = (
        Wanted(right, exact=one)
        if exact
        else Wanted(right, add=one, remove=tuple(sid for sid in two if sid not in one))
    )
    first = planned(want, *before)
    now = windows(right, before, first.after) if first.changes else before
    assert set(now) == set(first.after)
    assert compare(first, [Holder("*" + sid, sid) for sid in now]).as_planned
    assert not planned(want, *now).changes
    asked = set(one) if exact else (set(before) - set(two)) | set(one)
    assert set(first.adjusted) == set(first.after) - asked


@given(st.sampled_from(sorted(insists.KEPT)), HOLDERS, HOLDERS)
def test_an_undo_ends_in_the_list_that_was_before_or_says_who_stays(
    right: str, before: tuple[str, ...], one: tuple[str, ...]
) -> None:
    first = planned(Wanted(right, exact=one), *before)
    undone = planned(Wanted(right, exact=before), *first.after)
    assert set(undone.after) == {*before, *undone.adjusted}
