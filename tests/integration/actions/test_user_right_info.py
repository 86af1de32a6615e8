# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_right_info: always one shape, explains how an account holds a right, never claims what it cannot see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running

CORP = "S-1-5-21-2840394521-1093752863-3410756322"
MEMBER = "S-1-5-21-2315843530-1563403064-648863213"
EXSVC, FIRST_LAST, OPERATORS = f"{CORP}-1107", f"{MEMBER}-1002", f"{MEMBER}-1010"
BATCH, SERVICE, TCB = "SeBatchLogonRight", "SeServiceLogonRight", "SeTcbPrivilege"
HOSTS = ("member", "orphans", "many", "german", "dc", "workgroup", "r2", "samename", "deaddomain", "governed", "lossy")
TOP = {"changed", "computer", "rights", "accounts", "orphans"}
OF_RIGHT = {"name", "display_name", "holders", "unresolved", "unreadable", "governed"}
OF_ACCOUNT = {"sid", "name", "kind", "asked_as", "direct", "through", "may_hold"}


@pytest.fixture(scope="module")
def lab(lab_of: LabOf) -> Iterator[RunningLab]:
    """The hosts of the scenario ``rights``; nothing here may change one."""
    running_lab = lab_of("rights")
    before = {host: rights_of(running_lab, host) for host in HOSTS}
    yield running_lab
    assert {host: rights_of(running_lab, host) for host in HOSTS} == before


def info(lab: RunningLab, host: str, **options: Any) -> dict[str, Any]:
    outcome = Controller(lab, host).run("user_right_info", **options)
    assert outcome.failed is None, outcome.failed
    assert outcome.unreachable is None
    return {name: value for name, value in outcome.result.items() if name in TOP}


ASKED: list[dict[str, Any]] = [
    {},
    {"names": [TCB]},
    {"accounts": ["S-1-5-19"]},
    {"names": [TCB, BATCH], "accounts": ["S-1-5-19", "Administrators"]},
    {"names": [], "accounts": []},
]


@pytest.mark.parametrize("options", ASKED, ids=["all", "a right", "an account", "both", "empty lists"])
@pytest.mark.parametrize("host", HOSTS)
def test_the_shape_is_always_the_same(lab: RunningLab, host: str, options: dict[str, Any]) -> None:
    result = info(lab, host, **options)
    assert set(result) == TOP
    assert result["changed"] is False
    assert {frozenset(right) for right in result["rights"]} == {frozenset(OF_RIGHT)}
    # Nobody may hold the rights that were asked for; every account that was asked for is there.
    assert {frozenset(account) for account in result["accounts"]} <= {frozenset(OF_ACCOUNT)}
    assert len(result["accounts"]) >= len(options.get("accounts", ()))
    assert set(result["computer"]) == {"name", "domain", "part_of_domain", "domain_controller"}


@pytest.mark.parametrize("host", [name for name in HOSTS if name != "lossy"])
def test_what_it_tells_is_what_the_lab_holds(lab: RunningLab, host: str) -> None:
    told = {
        right["name"]: sorted(account["sid"] for account in right["holders"])
        for right in info(lab, host)["rights"]
        if right["holders"]
    }
    assert told == rights_of(lab, host)


def test_every_right_of_the_catalogue_is_listed_also_when_nobody_holds_it(lab: RunningLab) -> None:
    result = info(lab, "member")
    names = [right["name"] for right in result["rights"]]
    assert set(RIGHTS) <= set(names)
    assert len(names) == len(set(names))
    assert next(right for right in result["rights"] if right["name"] == TCB)["holders"] == []


def account(result: dict[str, Any]) -> dict[str, Any]:
    [only] = result["accounts"]
    found: dict[str, Any] = only
    return found


def test_a_direct_holder_is_direct(lab: RunningLab) -> None:
    seen = account(info(lab, "member", names=[BATCH, TCB], accounts=["CORP\\exsvc"]))
    assert seen["sid"] == EXSVC
    assert seen["asked_as"] == "CORP\\exsvc"
    assert seen["direct"] == [BATCH]
    assert seen["through"] == []


@pytest.mark.parametrize("written", ["CORP\\exsvc", "exsvc@corp.example", EXSVC, EXSVC.lower()])
def test_an_account_is_the_same_however_it_is_written(lab: RunningLab, written: str) -> None:
    seen = account(info(lab, "member", names=[BATCH], accounts=[written]))
    assert (seen["sid"], seen["name"], seen["direct"]) == (EXSVC, "CORP\\exsvc", [BATCH])


def test_a_member_of_a_local_group_holds_through_it() -> None:
    """``exsvc`` is in ``Mail Operators``, which alone is given the right here."""
    with running(scenario="rights") as lab:
        Controller(lab, "member").run("user_right", name=TCB, accounts=[".\\Mail Operators"])
        seen = account(info(lab, "member", names=[TCB], accounts=["CORP\\exsvc"]))
    assert seen["direct"] == []
    [through] = seen["through"]
    assert through["right"] == TCB
    assert [group["sid"] for group in through["groups"]] == [OPERATORS]


def test_a_domain_group_may_hold_and_is_named() -> None:
    """Who is in a domain group cannot be seen from the host, so nothing is concluded."""
    with running(scenario="rights") as own:
        Controller(own, "member").run("user_right", name=TCB, accounts=["CORP\\Domain Users"])
        seen = account(info(own, "member", names=[TCB], accounts=["CORP\\exsvc"]))
    [may] = seen["may_hold"]
    assert may["right"] == TCB
    assert [group["sid"] for group in may["groups"]] == [f"{CORP}-513"]
    assert may["why"]
    assert seen["direct"] == seen["through"] == []


def test_everyone_gives_a_right_to_whom_it_may_concern(lab: RunningLab) -> None:
    """``SeChangeNotifyPrivilege`` is held by Everyone on a fresh Windows (captures/05)."""
    assert "S-1-1-0" in rights_of(lab, "member")["SeChangeNotifyPrivilege"]
    seen = account(info(lab, "member", names=["SeChangeNotifyPrivilege"], accounts=["CORP\\exsvc"]))
    assert "S-1-1-0" in [group["sid"] for group in seen["through"][0]["groups"]]


def test_absence_is_never_claimed(lab: RunningLab) -> None:
    """No word of the result says that an account does not hold a right: what is not listed is not claimed."""
    result = info(lab, "member", accounts=["CORP\\exsvc", ".\\first.last"])
    for seen in result["accounts"]:
        assert set(seen) == OF_ACCOUNT
        assert not {"missing", "does_not_hold", "absent"} & set(seen)
    text = str(result).lower()
    assert "does not hold" not in text


def test_groups_that_cannot_be_looked_into_leave_may_hold() -> None:
    """CIM refuses the members of a group: the right moves from "through" to "may hold", not to nothing."""
    with running(scenario="rights") as lab:
        Controller(lab, "member").run("user_right", name=TCB, accounts=[".\\Mail Operators"])
        lab.computer("member").faults.add(
            {
                "at": "cim",
                "match": {"text": "Win32_GroupUser"},
                "do": "fault",
                "code": 5,
                "text": "Access is denied.",
                "times": None,
            }
        )
        seen = account(info(lab, "member", names=[TCB], accounts=["CORP\\exsvc"]))
        assert lab.computer("member").faults.fired, "the members were not asked"
    assert [may["right"] for may in seen["may_hold"]] == [TCB]
    assert seen["through"] == []


def test_a_holder_that_cannot_be_pinned_is_listed_and_may_be_anybody() -> None:
    with running(scenario="rights", worlds={"type_converts_utf16": "yes"}) as own:
        own.computer("lossy").faults.add(
            {
                "at": "program.end",
                "match": {"program": "secedit", "verb": "/export"},
                "do": "state",
                "delete_account": "LOSSY\\Łukasz",
            }
        )
        result = info(own, "lossy", names=[BATCH], accounts=["CORP\\exsvc"])
    [right] = result["rights"]
    assert right["unresolved"] == ["Łukasz"]
    [may] = account(result)["may_hold"]
    assert {"sid": None, "name": "Łukasz", "kind": "unknown"} in may["groups"]


def test_who_governs_a_right_is_told(lab: RunningLab) -> None:
    [right] = info(lab, "governed", names=[TCB])["rights"]
    assert right["governed"]["status"] == "gpo"
    assert right["governed"]["gpo"]["name"] == "Server Hardening"
    assert info(lab, "dc", names=[TCB])["rights"][0]["governed"]["domain_controller"] is True


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param({"names": ["SeTcbPriv"]}, TCB, id="unknown right"),
        pytest.param({"accounts": ["CORP\\nobody"]}, "CORP\\nobody", id="unknown account"),
        pytest.param({"accounts": ['a"b']}, 'holds "', id="quote"),
    ],
)
def test_bad_input_is_one_clear_sentence(lab: RunningLab, options: dict[str, Any], said: str) -> None:
    outcome = Controller(lab, "member").run("user_right_info", **options)
    assert outcome.failed is not None
    assert said in outcome.failed


def test_check_mode_tells_the_same(lab: RunningLab) -> None:
    def told(*, check: bool) -> list[dict[str, Any]]:
        result = Controller(lab, "member").run("user_right_info", _check=check, names=[BATCH]).result
        for right in result["rights"]:
            right["governed"].pop("as_of")
        found: list[dict[str, Any]] = result["rights"]
        return found

    assert told(check=True) == told(check=False)


def test_all_rights_cost_little_more_than_one(lab: RunningLab) -> None:
    """More only for names on other lines of the export, each of which is pinned by a request to its SID."""

    def cost(**options: Any) -> int:
        lab.clear_requests()
        info(lab, "member", **options)
        return lab.requests("member")

    assert cost(names=[BATCH, SERVICE]) <= 17
    assert cost() <= cost(names=[BATCH, SERVICE]) + 4


@pytest.mark.parametrize("name", ["all", "*", "", " ALL "])
def test_a_word_for_every_right_is_answered_with_the_way_to_ask_for_all(lab: RunningLab, name: str) -> None:
    host = next(iter(lab.hosts))
    before = lab.requests(host)
    outcome = Controller(lab, host).run("user_right_info", names=[name])
    assert outcome.failed == f"names is {name!r}, which is no right. Leave names out to be told of every right."
    assert lab.requests(host) == before
