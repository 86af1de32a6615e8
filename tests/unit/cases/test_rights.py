# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the cases of `tests/cases/rights.yml`: what was met with holders, lists, names and refusals."""

from __future__ import annotations

import pathlib
import types
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, RefusedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Caller,
    Change,
    Computer,
    Holder,
    Plan,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import change, guard, plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import effective as holding
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import account_name as accounts
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.lookup_sids import _kind

CASES = yaml.safe_load((pathlib.Path(__file__).parents[2] / "cases" / "rights.yml").read_text(encoding="utf-8"))
COMPUTER = Computer("MAIL1", "CORP", 3, part_of_domain=True)
CALLER = Caller("S-1-5-21-1-2-3-1104", frozenset({"S-1-5-32-544", "S-1-1-0", "S-1-5-11", "S-1-5-2", "S-1-5-32-545"}))
SUBJECT = holding.Subject("S-1-5-21-1-2-3-1111", "CORP\\pop3svc")


def cases(play: str) -> list[Any]:
    """The cases that are played in one way, each with the mark of its kind."""
    return [
        pytest.param(case, id=case["id"], marks=pytest.mark.case(case["kind"]))
        for case in CASES
        if case["play"] == play
    ]


def holders(of: list[str]) -> list[Holder]:
    return [Holder(f"*{sid}", sid) for sid in of]


def planned(case: dict[str, Any]) -> Plan:
    return Plan((Change(case["right"], tuple(case["before"]), tuple(case["after"]), exact=True),))


@pytest.mark.parametrize("case", cases("judge"))
def test_whether_an_account_holds_a_right(case: dict[str, Any]) -> None:
    named = {sid: Account(sid, sids.well_known_name(sid), sids.kind_of(sid)) for sid in case["holders"]}
    named["S-1-5-21-1-2-3-1111"] = Account("S-1-5-21-1-2-3-1111", "CORP\\pop3svc", "account")
    context = holding.Context(COMPUTER, named, {})
    assert holding.judge(case["right"], SUBJECT, holders(case["holders"]), context).held == case["expect"]


@pytest.mark.parametrize("case", cases("plan"))
def test_what_is_planned(case: dict[str, Any]) -> None:
    exact = tuple(case["set"]) if "set" in case else None
    want = plan.Wanted(case["right"], remove=tuple(case.get("remove", ())), exact=exact)
    made = plan.make_plan([want], {case["right"]: holders(case["holders"])}, {}).changes[0]
    assert sorted(made.after) == sorted(case["expect"])
    again = plan.make_plan([want], {case["right"]: holders(list(made.after))}, {})
    assert not again.changed


@pytest.mark.parametrize("case", cases("guard"))
def test_who_would_be_cut_off(case: dict[str, Any]) -> None:
    found = guard.risks(planned(case), CALLER, COMPUTER)
    assert bool(found) == (case["expect"] == "refused")


@pytest.mark.parametrize("case", cases("refusal"))
def test_the_way_out_that_a_refusal_names(case: dict[str, Any]) -> None:
    host: Any = types.SimpleNamespace(computer=lambda: COMPUTER)
    runner = change.RightsChange(host, [], change.Choices("warn", allow_lockout=False, check_mode=True), print)
    now: Any = types.SimpleNamespace(plan=planned(case), reading=types.SimpleNamespace(caller=CALLER))
    with pytest.raises(RefusedError) as refused:
        runner._guard(now)
    assert case["has"] in str(refused.value).lower()
    assert f"{case['never']} them" not in str(refused.value).lower()


@pytest.mark.parametrize("case", cases("orphan"))
def test_a_sid_that_windows_cannot_name(case: dict[str, Any]) -> None:
    assert _kind(case["sid"], None) == case["expect"]


@pytest.mark.parametrize("case", cases("resolve"))
def test_a_name_whose_sid_can_be_computed(case: dict[str, Any]) -> None:
    assert accounts.parse(case["name"]).sid == case["expect"]


@pytest.mark.parametrize("case", cases("hint"))
def test_a_hint_for_the_words_of_other_tools(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        accounts.parse(case["name"])
    assert case["has"] in str(refused.value)
