# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task tells: results, a diff that reads well, and sentences with what Windows said and what to do next."""

from __future__ import annotations

import datetime

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import compare
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Applied,
    Change,
    Holder,
    Plan,
    PolicyReading,
    RightsReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import result as report
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import Governed

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
TCB = "SeTcbPrivilege"
A, B, ORPHAN = "S-1-5-21-1-2-3-1107", "S-1-5-21-1-2-3-1108", "S-1-5-21-1-2-3-1109"
ACCOUNTS = {
    A: Account(A, "CORP\\exsvc", "user"),
    B: Account(B, 'CORP\\Büro: "x"', "account"),
    ORPHAN: Account(ORPHAN, None, "orphan"),
}
FREE = Governed("none_seen", NOW)
GPO = Governed("gpo", NOW, "{1}", "Hardening", ("*S-1-5-18",))


SAID = ("secedit ended with exit code 3", "its log says: Error 50 / Cannot find x.")


def applied(*holders: Holder) -> Applied:
    reading = RightsReading({TCB: holders} if holders else {}, {}, {}, PolicyReading((), False), None, NOW)
    return Applied(reading, SAID)


def held(*sids: str) -> tuple[Holder, ...]:
    return tuple(Holder("*" + sid, sid) for sid in sids)


def test_an_account_is_shown_by_name_and_sid_and_an_orphan_by_its_sid() -> None:
    assert report.shown(ACCOUNTS[A]) == f"CORP\\exsvc ({A})"
    assert report.shown(ACCOUNTS[ORPHAN]) == ORPHAN
    assert report.titled(TCB) == "Act as part of the operating system (SeTcbPrivilege)"


def test_the_entry_of_a_right_says_before_after_and_the_difference_that_was_read_back() -> None:
    change = Change(TCB, (ORPHAN,), (ORPHAN, A), adjusted=(A,))
    entry = report.right_result(change, (A, B), ACCOUNTS, FREE, verified=False)
    assert entry == {
        "name": TCB,
        "display_name": "Act as part of the operating system",
        "before": [{"sid": ORPHAN, "name": None, "kind": "orphan"}],
        "after": [
            {"sid": A, "name": "CORP\\exsvc", "kind": "user"},
            {"sid": B, "name": 'CORP\\Büro: "x"', "kind": "account"},
        ],
        "added": [A, B],
        "removed": [ORPHAN],
        "adjusted_by_windows": [A],
        "governed": FREE.as_result(),
        "verified": False,
    }


def test_the_diff_is_yaml_with_rights_by_both_names_and_accounts_by_name_and_sid() -> None:
    plan = Plan(
        (Change(TCB, (B, ORPHAN), (B, A)), Change("SeDebugPrivilege", (A,), ()), Change("SeAuditPrivilege", (A,), (A,)))
    )
    diff = report.diff(plan, ACCOUNTS)
    assert yaml.safe_load(diff["before"]) == {
        "Act as part of the operating system (SeTcbPrivilege)": [f'CORP\\Büro: "x" ({B})', ORPHAN],
        "Debug programs (SeDebugPrivilege)": [f"CORP\\exsvc ({A})"],
    }
    assert yaml.safe_load(diff["after"]) == {
        "Act as part of the operating system (SeTcbPrivilege)": [f'CORP\\Büro: "x" ({B})', f"CORP\\exsvc ({A})"],
        "Debug programs (SeDebugPrivilege)": [],
    }
    assert "Büro" in diff["before"]
    assert all(len(line.split("- ")) <= 2 for line in diff["after"].splitlines())


def test_the_diff_keeps_the_tasks_order_of_rights_and_one_line_for_each_account() -> None:
    long = Account(B, "CORP\\Everybody who may look after the mail of the whole company " + "and more " * 6, "group")
    diff = report.diff(
        Plan((Change("SeDebugPrivilege", (A,), ()), Change("SeTcbPrivilege", (), (B,)))), {**ACCOUNTS, B: long}
    )
    assert diff == {
        "before_header": "user rights on the host",
        "after_header": "user rights as planned",
        "before": (
            f"Debug programs (SeDebugPrivilege):\n- CORP\\exsvc ({A})\n"
            "Act as part of the operating system (SeTcbPrivilege): []\n"
        ),
        "after": (
            "Debug programs (SeDebugPrivilege): []\n"
            f"Act as part of the operating system (SeTcbPrivilege):\n- {long.name} ({B})\n"
        ),
    }


def test_nothing_to_do_gives_an_empty_diff() -> None:
    diff = report.diff(Plan((Change(TCB, (A,), (A,)),)), ACCOUNTS)
    assert (diff["before"], diff["after"]) == ("", "")


@pytest.mark.parametrize(
    ("change", "holders", "clause"),
    [
        pytest.param(Change(TCB, (), (A,)), (), f"it was not given to CORP\\exsvc ({A})", id="missing"),
        pytest.param(Change(TCB, (A,), ()), held(A), f"it was not taken from CORP\\exsvc ({A})", id="staying"),
        pytest.param(Change(TCB, (ORPHAN,), (ORPHAN, A)), held(A), f"it was lost by {ORPHAN}", id="lost"),
        pytest.param(Change(TCB, (), (A,), exact=True), held(A, ORPHAN), f"it is also held by {ORPHAN}", id="extra"),
        pytest.param(
            Change(TCB, (B,), (A,)), (*held(A), Holder("x?", None)), "could not be pinned to a SID: x?", id="unpinned"
        ),
    ],
)
def test_what_windows_did_not_do_is_told_with_its_log(change: Change, holders: tuple[Holder, ...], clause: str) -> None:
    sentence = report.failure([compare(change, holders)], applied(*holders), ACCOUNTS)
    assert sentence is not None
    assert f"Act as part of the operating system (SeTcbPrivilege): {clause}" in sentence or clause in sentence
    assert "secedit ended with exit code 3; its log says: Error 50 / Cannot find x." in sentence
    assert "restore in this result undoes" in sentence


def test_success_has_no_sentence_whatever_secedit_said() -> None:
    assert report.failure([compare(Change(TCB, (), (A,)), held(A, B))], applied(*held(A, B)), ACCOUNTS) is None


def test_every_right_that_failed_is_told() -> None:
    outcomes = [compare(Change(right, (), (A,)), ()) for right in (TCB, "SeDebugPrivilege")]
    clause = f"it was not given to CORP\\exsvc ({A})"
    told = f"(SeTcbPrivilege): {clause}; Debug programs (SeDebugPrivilege): {clause}. secedit"
    assert told in str(report.failure(outcomes, applied(), ACCOUNTS))


def test_a_right_that_is_as_planned_is_not_blamed() -> None:
    outcomes = [compare(Change(TCB, (), (A,)), held(A)), compare(Change("SeDebugPrivilege", (), (A,)), ())]
    sentence = report.failure(outcomes, applied(), ACCOUNTS)
    assert sentence is not None
    assert "SeDebugPrivilege" in sentence
    assert TCB not in sentence


def test_the_read_back_lists_each_sid_once_and_no_token() -> None:
    change = Change(TCB, before=(), after=())
    assert report.read_back(change, (*held(A, B, A), Holder("x", None))) == (A, B)


def test_the_read_back_is_told_in_the_order_that_check_mode_predicted() -> None:
    change = Change(TCB, before=(A,), after=(ORPHAN, A))
    assert report.read_back(change, held(A, B, ORPHAN)) == (ORPHAN, A, B)
    assert report.read_back(change, held(A, B)) == (A, B)


def test_only_changed_rights_get_a_verdict() -> None:
    plan = Plan((Change(TCB, (), (A,)), Change("SeDebugPrivilege", (B,), (B,))))
    verdicts = report.verdicts(plan, applied(*held(A)))
    assert list(verdicts) == [TCB]
    assert verdicts[TCB].as_planned
