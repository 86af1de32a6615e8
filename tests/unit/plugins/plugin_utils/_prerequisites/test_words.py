# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role tells, word by word: the whole outcome, every reason, every advice."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import FindingResult
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.decision import (
    Decision,
    decide,
    policy_name,
    who,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import Run, run_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.outcome import outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.result import Outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import GovernedResult
from ansible_collections.winmail.exchange.tests.support.module_results import (
    EXSVC,
    LOGON,
    OTHER,
    TCB,
    changed,
    finding,
    governed,
    probe,
    restarted,
    server,
)

SID = EXSVC["sid"]
SICK = server("grant", finding())
HELD = server("none", finding(held="direct"))
EVENTS = {
    "count": 3,
    "newest": "2026-11-24T08:59:12Z",
    "privilege_failure_at": "2026-11-24T08:59:12Z",
    "since_seconds": 604800,
}


def run(seen: dict[str, Any], *, revoke: bool = False, **more: Any) -> Outcome:
    """The outcome of a run on exch50 that began with the fault."""
    decided = decide(seen, revoke=revoke).as_result()
    return outcome(Run("exch50", decided, seen, more.pop("first", probe("privilege_missing")), **more))


def test_the_whole_outcome_of_a_cure() -> None:
    seen = {**SICK, "unread": ["Operating system: no."]}
    again = probe("logon_ok")
    cured: dict[str, Any] = {
        "change": changed(),
        "restarts": restarted("MSExchangeIS", "MSExchangeIMC"),
        "again": again,
    }
    assert run(seen, restore_file="/tmp/exch50.yml", **cured) == {
        "host": "exch50",
        "computer": "EXCH50",
        "generation": "5.0",
        "services": ["MSExchangeIS"],
        "account": "CORP\\exsvc",
        "rights": [
            {
                "name": TCB,
                "display_name": "Act as part of the operating system",
                "account": EXSVC,
                "before": "missing",
                "after": "direct",
                "governed": governed(),
            }
        ],
        "governed": governed(),
        "verdict_before": "privilege_missing",
        "verdict_after": "logon_ok",
        "dialogue_before": ["S> privilege_missing"],
        "dialogue_after": ["S> logon_ok"],
        "action": "grant",
        "reason": "The reason for grant.",
        "done": ["grant", "restart"],
        "changed": True,
        "check_mode": False,
        "restarted": ["MSExchangeIS", "MSExchangeIMC"],
        "restart_required": False,
        "events": EVENTS,
        "unread": ["Operating system: no."],
        "restore": [{"name": TCB, "remove": [SID]}],
        "restore_file": "/tmp/exch50.yml",
        "failure": "",
        "compliant": True,
        "unknown": False,
        "advice": "The advice for logon_ok.",
    }


def test_the_whole_outcome_where_nothing_could_be_looked_at() -> None:
    assert outcome(Run("exch50", decide({"failed": True}).as_result(), restore_file="unused")) == {
        "host": "exch50",
        "computer": None,
        "generation": "unknown",
        "services": [],
        "account": None,
        "rights": [],
        "governed": None,
        "verdict_before": None,
        "verdict_after": None,
        "dialogue_before": [],
        "dialogue_after": [],
        "action": "unknown",
        "reason": "The server could not be looked at.",
        "done": [],
        "changed": False,
        "check_mode": False,
        "restarted": [],
        "restart_required": False,
        "events": None,
        "unread": [],
        "restore": [],
        "restore_file": None,
        "failure": "",
        "compliant": False,
        "unknown": True,
        "advice": "The server could not be looked at.",
    }


def test_the_whole_cure() -> None:
    assert decide(SICK).as_result() == {
        "action": "grant",
        "reason": "The reason for grant.",
        "rights": [{"name": TCB, "add": [SID]}],
        "restore": [{"name": TCB, "remove": [SID]}],
        "restart": ["MSExchangeIS"],
        "failure": "",
        "gpo_conflict": "fail",
    }
    assert decide(server("restart", finding(held="direct"))) == Decision(
        "restart", "The reason for restart.", restart=("MSExchangeIS",)
    )


NAMED = {"named": True}
NOT_KNOWN = (
    f"Whether a policy sets {TCB} is not known (nobody told): 'gpresult /scope computer /h report.html' on the host "
    "shows it. With pop3_prerequisites_gpo_conflict: warn the change is made all the same."
)
BY_NAME = f"CORP\\exsvc may hold {TCB} through a group; it was asked for by name and is granted directly."
BY_POLICY = f"The Group Policy Hardening sets {TCB}, so a local change would not last: change it there."
BY_MANAGEMENT = f"Device management (MDM) sets {TCB}, so a local change would not last: change it there."
TAKEN = f"CORP\\exsvc holds {TCB} (Act as part of the operating system), which is to be taken."
BOTH_TAKEN = (
    f"CORP\\exsvc holds {TCB} (Act as part of the operating system), which is to be taken. "
    f"CORP\\exsvc holds {LOGON} (Log on as a service), which is to be taken."
)
REASONS: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "nothing known": ({}, {}, "The server could not be looked at.", ""),
    "the task's own words": ({"msg": "It is down."}, {}, "It is down.", ""),
    "asked for by name": (
        server("unknown", finding(held="unknown")),
        NAMED,
        f"The reason for unknown. {BY_NAME}",
        "",
    ),
    "governed": (
        server("governed", finding(policy="Hardening")),
        {"gpo_conflict": "fail"},
        "The reason for governed.",
        "The reason for governed.",
    ),
    "governed, and held": (
        server("governed", finding(held="direct", policy="Hardening")),
        {"gpo_conflict": "fail"},
        "The reason for governed.",
        "The reason for governed.",
    ),
    "to be granted, and one of the rights is governed": (
        server("grant", finding(LOGON), finding(policy="Hardening")),
        {"gpo_conflict": "fail"},
        "The reason for grant.",
        "The reason for grant.",
    ),
    "governed, all the same": (
        server("governed", finding(policy="Hardening")),
        {"gpo_conflict": "ignore"},
        "The reason for governed. It is granted all the same, as gpo_conflict=ignore asks.",
        "",
    ),
    "policy unknown": (server("grant", finding(policy="?")), {}, "The reason for grant.", ""),
    "policy unknown, fail": (
        server("grant", finding(policy="?")),
        {"gpo_conflict": "fail"},
        "The reason for grant.",
        f"The reason for grant. {NOT_KNOWN}",
    ),
    "revoke": (
        server("none", finding(held="direct"), finding(LOGON, "direct")),
        {"revoke": True},
        BOTH_TAKEN,
        "",
    ),
    "revoke, governed": (
        server("none", finding(held="direct"), finding(held="direct", policy="Hardening")),
        {"revoke": True, "gpo_conflict": "fail"},
        BY_POLICY,
        BY_POLICY,
    ),
    "revoke, device management": (
        server("none", finding(held="direct", policy="mdm")),
        {"revoke": True},
        BY_MANAGEMENT,
        "",
    ),
    "revoke, policy unknown, fail": (
        server("none", finding(held="direct", policy="?")),
        {"revoke": True, "gpo_conflict": "fail"},
        TAKEN,
        f"{TAKEN} {NOT_KNOWN}",
    ),
    "revoke, through a group": (
        server("none", finding(held="group")),
        {"revoke": True},
        f"CORP\\exsvc holds {TCB} through BUILTIN\\Administrators only: take it out of that group.",
        "",
    ),
    "revoke, not held": (
        server("grant", finding(), finding(LOGON), finding(account=OTHER)),
        {"revoke": True},
        f"CORP\\exsvc is not itself a holder of {TCB}, {LOGON}.",
        "",
    ),
    "revoke, nothing looked at": (server("not_applicable"), {"revoke": True}, "The reason for not_applicable.", ""),
}


@pytest.mark.parametrize(("seen", "choices", "reason", "failure"), REASONS.values(), ids=REASONS)
def test_the_reason_and_the_failure(seen: dict[str, Any], choices: dict[str, Any], reason: str, failure: str) -> None:
    found = decide(seen, **choices)
    assert (found.reason, found.failure) == (reason, failure)


def test_only_what_the_remedy_concerns_is_granted() -> None:
    seen = server("grant", finding(), finding(LOGON), finding(account=OTHER))
    seen["remedy"].update(rights=[TCB], accounts=[SID])
    assert decide(seen).rights == ({"name": TCB, "add": [SID]},)


def test_two_groups_that_give_the_right_are_both_named_and_a_nameless_one_by_its_sid() -> None:
    via = [{"sid": "S-1-5-32-544", "name": "BUILTIN\\Administrators"}, {"sid": "S-1-5-21-1", "name": None}]
    reason = decide(server("none", {**finding(held="group"), "via": via}), revoke=True).reason
    assert "through BUILTIN\\Administrators, S-1-5-21-1 only" in reason


@pytest.mark.parametrize(
    ("gpo", "name"),
    [
        ({"name": "Hardening", "guid": "{1}"}, "Hardening"),
        ({"name": None, "guid": "{1}"}, "{1}"),
        ({}, "without a name"),
        (None, "without a name"),
    ],
)
def test_how_people_know_a_policy(gpo: dict[str, Any] | None, name: str) -> None:
    assert policy_name(cast(GovernedResult, {"status": "gpo", "gpo": gpo})) == name


@pytest.mark.parametrize(
    ("account", "shown"),
    [({"name": "a", "sid": "b"}, "a"), ({"name": None, "sid": "b"}, "b"), ({"name": "", "sid": None}, "the account")],
)
def test_how_people_know_an_account(account: dict[str, Any], shown: str) -> None:
    assert who(cast(FindingResult, {"account": account})) == shown


def test_a_right_whose_account_was_not_found_is_neither_granted_nor_doubted() -> None:
    nobody = {"sid": None, "name": "CORP\\gone", "kind": "unknown"}
    seen = server("unknown", finding(held="unknown"))
    seen["rights"][0]["account"] = nobody
    assert decide(seen, named=True) == Decision("unknown", "The reason for unknown.")


@pytest.mark.parametrize("action", ["grant", "restart", "none"])
def test_what_was_asked_for_by_name_is_granted_beside_what_is_missing(action: str) -> None:
    found = decide(server(action, finding(LOGON, "direct"), finding(held="unknown")), named=True)
    assert (found.action, found.rights) == ("grant", ({"name": TCB, "add": [SID]},))


def test_what_was_asked_for_by_name_and_is_unread_is_left_alone() -> None:
    unread = {**finding(held="unknown"), "governed": None}
    assert decide(server("unknown", unread), named=True).rights == ()


CURED = {"change": changed(), "restarts": restarted("MSExchangeIS")}
STILL = (
    "The right is granted and MSExchangeIS was restarted, and POP3 still answers "
    "'-ERR A required privilege is not held by the client.': restart the computer (Q189732), then probe again."
)
GONE = "MSExchangeIS was restarted and runs, but its POP3 port does not answer"
ADVICE: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "still the fault": (SICK, {**CURED, "again": probe("privilege_missing")}, STILL),
    "no answer": (
        SICK,
        {**CURED, "again": {**probe("no_listener"), "error": "refused"}},
        f"{GONE} (no_listener: refused).",
    ),
    "an odd answer": (
        SICK,
        {**CURED, "again": {**probe("not_pop3"), "reply": "SSH-2.0"}},
        f"{GONE} (not_pop3: SSH-2.0).",
    ),
    "silence": (SICK, {**CURED, "again": {**probe("timed_out"), "reply": None}}, f"{GONE} (timed_out: nothing)."),
    "unreachable": (SICK, {**CURED, "again": {**probe("unreachable"), "reply": ""}}, f"{GONE} (unreachable: nothing)."),
    "another verdict": (
        SICK,
        {**CURED, "again": probe("credentials_rejected")},
        "The advice for credentials_rejected.",
    ),
    "not restarted": (
        SICK,
        {"change": changed(), "again": probe("privilege_missing")},
        "Restart MSExchangeIS when that suits: a process keeps the privileges that it started with.",
    ),
    "check mode": (SICK, {**CURED, "check_mode": True}, "Run it without check mode to do this."),
    "check mode, nothing to do": (HELD, {"check_mode": True, "first": probe("logon_ok")}, "The advice for logon_ok."),
    "to be granted": (
        SICK,
        {},
        "Grant it, with the playbook winmail.exchange.fix or otherwise: The reason for grant.",
    ),
    "the probe has none": (HELD, {"first": {**probe("logon_ok"), "advice": None}}, "There is nothing to do."),
    "no probe": (HELD, {"first": {}}, "There is nothing to do."),
}


@pytest.mark.parametrize(("seen", "more", "advice"), ADVICE.values(), ids=ADVICE)
def test_the_advice(seen: dict[str, Any], more: dict[str, Any], advice: str) -> None:
    assert run(seen, **more)["advice"] == advice


def test_two_services_are_named_together() -> None:
    seen = server("restart", finding(held="direct"))
    seen["remedy"]["services"] = ["MSExchangePOP3", "MSExchangePOP3BE"]
    advice = "Restart MSExchangePOP3 and MSExchangePOP3BE when that suits: a process keeps the privileges that it"
    assert run(seen)["advice"].startswith(advice)
    gone = run(seen, restarts=restarted("MSExchangePOP3"), again={**probe("unreachable"), "error": "no route"})
    assert gone["failure"] == (
        "MSExchangePOP3 and MSExchangePOP3BE were restarted and run, but their POP3 port does not answer "
        "(unreachable: no route)."
    )


@pytest.mark.parametrize(
    ("rights", "hosting", "account"),
    [
        ([finding(), finding(account=OTHER), finding(LOGON)], [], "CORP\\exsvc and CORP\\other"),
        ([], [{"name": "a", "account": {"name": None, "sid": "S-1-5-18"}}], "S-1-5-18"),
        ([], [], None),
    ],
    ids=["of the rights", "of the services", "nobody"],
)
def test_the_account_in_question(rights: list[Any], hosting: list[Any], account: str | None) -> None:
    decided = decide({"msg": "no"}).as_result()
    assert outcome(Run("a", decided, {"rights": rights, "hosting": hosting}))["account"] == account


@pytest.mark.parametrize(
    ("right", "after"),
    [
        ({"name": TCB, "after": [EXSVC], "removed": []}, "direct"),
        ({"name": TCB, "after": [OTHER], "removed": [SID]}, "missing"),
        ({"name": TCB, "after": [OTHER], "removed": [OTHER["sid"]]}, "group"),
        ({"name": LOGON, "after": [EXSVC], "removed": []}, "group"),
    ],
    ids=["given", "taken", "somebody else's", "another right"],
)
def test_what_an_account_holds_afterwards(right: dict[str, Any], after: str) -> None:
    seen = server("none", finding(held="group"))
    other = {"name": "SeAuditPrivilege", "after": [], "removed": []}
    assert run(seen, change={"changed": True, "rights": [other, right]})["rights"][0]["after"] == after


def test_a_restart_that_did_not_happen_is_not_told() -> None:
    loops = {"results": [{"changed": False, "started": ["A"]}, {"changed": True}, {"changed": True, "started": ["B"]}]}
    found = run(server("restart", finding(held="direct")), restarts=loops)
    assert (found["restarted"], found["done"], found["restart_required"]) == (["B"], ["restart"], False)


def test_what_a_template_hands_over_becomes_a_run() -> None:
    given = {"host": "a", "cure": {"action": "none"}, "probe": None, "restore_file": None, "failure": "x"}
    assert run_of(given) == Run("a", {"action": "none"}, failure="x")
