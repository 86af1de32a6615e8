# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be changed: exactly what is missing, nothing that a policy sets, nothing for a built-in account."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.decision import decide
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict
from ansible_collections.winmail.exchange.tests.support.module_results import (
    EXSVC,
    LOGON,
    OTHER,
    TCB,
    finding,
    server,
)

SID = EXSVC["sid"]
ADD, REMOVE = [{"name": TCB, "add": [SID]}], [{"name": TCB, "remove": [SID]}]


def test_what_is_missing_is_granted_and_its_undoing_takes_only_that() -> None:
    found = decide(server("grant", finding())).as_result()
    assert (found["action"], found["rights"], found["restore"]) == ("grant", ADD, REMOVE)
    assert (found["restart"], found["failure"]) == (["MSExchangeIS"], "")


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str, int]] = {
    "held": (server("none", finding(held="direct")), {}, "none", 0),
    "held, but the process lacks it": (server("restart", finding(held="direct")), {}, "restart", 0),
    "built-in account": (server("not_applicable"), {}, "not_applicable", 0),
    "not known": (server("unknown", finding(held="unknown")), {}, "unknown", 0),
    "not known, but the probe saw the fault": (server("grant", finding(held="unknown")), {}, "grant", 1),
    "not known, but asked for by name": (server("unknown", finding(held="unknown")), {"named": True}, "grant", 1),
    "governed": (server("governed", finding(policy="Hardening")), {}, "governed", 0),
    "governed, by name": (
        server("unknown", finding(held="unknown", policy="Hardening")),
        {"named": True},
        "unknown",
        0,
    ),
    "governed, all the same": (
        server("governed", finding(policy="Hardening")),
        {"gpo_conflict": "ignore"},
        "grant",
        1,
    ),
    "governed and held": (
        server("governed", finding(held="direct", policy="Hardening")),
        {"gpo_conflict": "ignore"},
        "governed",
        0,
    ),
    "device management": (server("governed", finding(policy="mdm")), {}, "governed", 0),
    "device management, all the same": (
        server("governed", finding(policy="mdm")),
        {"gpo_conflict": "ignore"},
        "grant",
        1,
    ),
    "domain controller": (server("grant", finding(), domain_controller=True), {}, "grant", 1),
    "domain controller, fail": (
        server("grant", finding(), domain_controller=True),
        {"gpo_conflict": "fail"},
        "grant",
        1,
    ),
    "policy unknown": (server("grant", finding(policy="?")), {}, "grant", 1),
    "policy unknown, fail": (server("grant", finding(policy="?")), {"gpo_conflict": "fail"}, "grant", 0),
    "policy unknown, ignore": (server("grant", finding(policy="?")), {"gpo_conflict": "ignore"}, "grant", 1),
    "the task failed": ({"failed": True, "msg": "It is down."}, {}, "unknown", 0),
}


@pytest.mark.parametrize(("seen", "choices", "action", "changes"), CASES.values(), ids=CASES)
def test_the_decision(seen: dict[str, Any], choices: dict[str, Any], action: str, changes: int) -> None:
    found = decide(seen, **choices)
    assert (found.action, len(found.rights), len(found.restore)) == (action, changes, changes)
    assert found.reason


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (server("governed", finding(policy="Hardening")), "The reason for governed."),
        (server("governed", finding(policy="mdm")), "The reason for governed."),
        (server("grant", finding(policy="?")), "The reason for grant. Whether a policy sets"),
    ],
    ids=["policy", "device management", "unknown"],
)
def test_a_policy_fails_where_that_is_asked_for(seen: dict[str, Any], words: str) -> None:
    assert words in decide(seen, "fail").failure
    assert decide(seen, "warn").failure == ""


def test_each_account_gets_only_what_it_lacks() -> None:
    seen = server(
        "grant", finding(TCB, "direct"), finding(LOGON), finding(TCB, account=OTHER), finding(LOGON, "group", OTHER)
    )
    assert decide(seen).as_result()["rights"] == [
        {"name": LOGON, "add": [SID]},
        {"name": TCB, "add": [OTHER["sid"]]},
    ]


@pytest.mark.parametrize(
    ("right", "running", "restart"),
    [(TCB, True, ("MSExchangeIS",)), (TCB, False, ()), (LOGON, True, ())],
    ids=["privilege", "service is stopped", "a logon right is not part of a process"],
)
def test_what_has_to_be_restarted(right: str, running: bool, restart: tuple[str, ...]) -> None:
    assert decide(server("grant", finding(right), running=running)).restart == restart


REVOCATIONS: dict[str, tuple[dict[str, Any], str, str, list[dict[str, Any]]]] = {
    "held": (server("none", finding(held="direct")), "warn", "revoke", REMOVE),
    "held while the process lacks it": (server("restart", finding(held="direct")), "warn", "revoke", REMOVE),
    "not held": (server("grant", finding()), "warn", "none", []),
    "through a group": (server("none", finding(held="group")), "warn", "none", []),
    "governed": (server("none", finding(held="direct", policy="Hardening")), "warn", "governed", []),
    "governed, all the same": (server("none", finding(held="direct", policy="Hardening")), "ignore", "revoke", REMOVE),
    "policy unknown": (server("none", finding(held="direct", policy="?")), "warn", "revoke", REMOVE),
    "policy unknown, fail": (server("none", finding(held="direct", policy="?")), "fail", "revoke", []),
    "domain controller": (server("none", finding(held="direct"), domain_controller=True), "warn", "revoke", REMOVE),
    "built-in account": (server("not_applicable"), "warn", "not_applicable", []),
}


@pytest.mark.parametrize(("seen", "conflict", "action", "rights"), REVOCATIONS.values(), ids=REVOCATIONS)
def test_revoke(seen: dict[str, Any], conflict: GpoConflict, action: str, rights: list[dict[str, Any]]) -> None:
    found = decide(seen, conflict, revoke=True).as_result()
    assert (found["action"], found["rights"]) == (action, rights)
    assert [entry["add"] for entry in found["restore"]] == [[SID]] * len(rights)


def test_revoke_says_through_which_group_the_right_is_held() -> None:
    assert "through BUILTIN\\Administrators only" in decide(server("none", finding(held="group")), revoke=True).reason


@given(
    action=st.sampled_from(["grant", "governed", "restart", "none", "not_applicable", "unknown"]),
    held=st.lists(st.sampled_from(["direct", "group", "missing", "unknown"]), min_size=1, max_size=4),
    policy=st.sampled_from([None, "Hardening", "mdm", "?"]),
    conflict=st.sampled_from(["warn", "fail", "ignore"]),
    named=st.booleans(),
    revoke=st.booleans(),
    controller=st.booleans(),
)
def test_whatever_is_found_the_change_is_safe(  # noqa: PLR0917 - hypothesis passes them by name
    action: str, held: list[str], policy: str | None, conflict: GpoConflict, named: bool, revoke: bool, controller: bool
) -> None:
    findings = [
        finding(TCB if number % 2 else LOGON, state, EXSVC if number < 2 else OTHER, policy)
        for number, state in enumerate(held)
    ]
    seen = server(action, *findings, domain_controller=controller)
    found = decide(seen, conflict, named=named, revoke=revoke)
    if policy and (conflict == "fail" or (policy != "?" and conflict == "warn")):
        assert found.rights == ()
    states = {(one["name"], one["account"]["sid"]): one["held"] for one in findings}
    for entry, undo in zip(found.rights, found.restore, strict=True):
        (sid,) = entry["remove" if revoke else "add"]
        assert undo == {"name": entry["name"], ("add" if revoke else "remove"): [sid]}
        assert states[entry["name"], sid] in (("direct",) if revoke else ("missing", "unknown"))
