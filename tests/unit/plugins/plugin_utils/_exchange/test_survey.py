# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reads do when Windows refuses, when the connection goes, and how many requests they take."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    ReadError,
    UnreachableError,
    WindowsError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    CachedPolicy,
)
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    EXSVC,
    MemoryHost,
    pop3,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._exchange.servers import (
    BUDGET,
    GUID,
    LOGIN,
    LOGON,
    TCB,
    V8,
    ask,
    exch50,
    modern,
    numbers,
)


def test_a_service_that_does_not_exist() -> None:
    with pytest.raises(InputError, match="There is no service 'nope'"):
        ask(exch50(), service="nope")


REFUSED = WindowsError("Access is denied (code 5).", code=5)


@pytest.mark.parametrize(
    ("method", "unread"),
    [
        ("operating_system", "Operating system"),
        ("registry", "Registry value"),
        ("service_process", "Process 1432 of MSExchangeIS"),
        ("read_rights", "User rights"),
        ("policy_names", "Names of Group Policies"),
        ("group_members Administrators", "Members of the group Administrators"),
    ],
)
@pytest.mark.parametrize("error", [REFUSED, ReadError("Cut off.")], ids=["refused", "cut off"])
def test_what_is_refused_is_said_and_never_taken_for_absent(method: str, unread: str, error: Exception) -> None:
    policy = CachedPolicy("gpt00001.inf", GUID, {TCB: ("*S-1-5-32-544",)})
    host = exch50(rights={TCB: ("S-1-5-32-544",)}, refuse={method: error})
    if method == "policy_names":
        host.policies = (policy,)
    result = ask(host)
    assert [line for line in result["unread"] if line.startswith(unread)]
    assert result["remedy"]["action"] == "unknown"


def test_refused_keys_are_not_taken_for_an_old_exchange() -> None:
    result = ask(exch50(refuse={"registry": REFUSED}))
    assert (result["exchange"]["generation"], result["hosting"]) == ("unknown", [])
    assert result["remedy"]["action"] == "unknown"


def test_a_refused_log_is_unknown_not_empty() -> None:
    for host in (
        exch50(refuse={"events": REFUSED}),
        exch50(event_xml=None, event_refusal="15007"),
        exch50(event_xml="<"),
    ):
        found = ask(host)["events"]
        assert (found["status"], found["count"], found["groups"]) == ("unknown", None, [])
        assert found["refusal"]


def test_a_log_that_nobody_asked_for() -> None:
    host = exch50()
    found = ask(host, max_events=0)["events"]
    assert (found["status"], found["count"], found["refusal"]) == ("not_asked", None, None)
    assert "events" not in host.calls


@pytest.mark.parametrize("method", ["computer", "operating_system", "services", "registry", "read_rights", "events"])
def test_a_lost_connection_is_never_swallowed(method: str) -> None:
    with pytest.raises(UnreachableError):
        ask(exch50(refuse={method: UnreachableError("gone")}))


def test_refused_services_end_the_task() -> None:
    with pytest.raises(WindowsError):
        ask(exch50(refuse={"services": REFUSED}))


def test_the_worst_cases_stay_in_the_budget() -> None:
    pop, groups = "S-1-5-21-1-2-3-1200", ("S-1-5-32-544", "S-1-5-32-551", "S-1-5-32-545", "S-1-5-32-547")
    policy = CachedPolicy("gpt00001.inf", GUID, {LOGON: (), TCB: ()})
    two = modern(2, 1544, "CORP\\pop", pop)
    old = MemoryHost(installed=(pop3("MSExchangePop3", "CORP\\pop"),), owners={900: pop}, keys={V8: numbers(3, 83)})
    five = exch50()
    for host in (two, old, five):
        host.names[pop] = "CORP\\pop"
        host.rights, host.policies = {LOGON: list(groups), TCB: list(groups)}, (policy,)
        host.gpo_names = {GUID: "Server baseline"}
        ask(host)  # asserts the budget
        assert LOGIN + host.requests >= BUDGET - 2, "these are the worst cases"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"rights": []}, "rights is empty"),
        ({"rights": ["SeTcb"]}, "Unknown user right"),
        ({"rights": ["auto", "SeTcbPrivilege"]}, "Unknown user right 'auto'"),
        ({"account": 'a"b'}, "account name"),
        ({"account": ""}, "is empty"),
        ({"service": "a'b"}, "no key name"),
        ({"since": "soon"}, "no length of time"),
        ({"max_events": -1}, "max_events is -1"),
        ({"max_events": 501}, "max_events is 501"),
    ],
)
def test_questions_that_cannot_be_meant(args: dict[str, Any], words: str) -> None:
    host = exch50()
    with pytest.raises(InputError, match=words):
        ask(host, **args)
    assert host.requests == 0


def test_rights_that_were_refused_leave_each_of_them_unknown() -> None:
    (right,) = ask(exch50(refuse={"read_rights": REFUSED}))["rights"]
    assert (right["name"], right["held"], right["services"]) == (TCB, "unknown", ["MSExchangeIS"])
    assert (right["why_unknown"], right["governed"]) == ("the user rights could not be read", None)


def test_a_line_that_was_not_understood_leaves_its_right_unknown() -> None:
    (right,) = ask(exch50(unreadable={TCB: "a token holds ?"}))["rights"]
    assert (right["held"], right["why_unknown"]) == ("unknown", "a token holds ?")


def test_a_refused_policy_log_is_said() -> None:
    assert ask(exch50(refuse={"rsop": REFUSED}))["unread"] == ["Policy log (RSoP): Access is denied (code 5)."]


def test_only_a_member_of_a_domain_has_a_policy_log() -> None:
    host = exch50(role=2)
    assert ask(host)["rights"][0]["governed"]["status"] == "none_seen"
    assert "rsop" not in host.calls
    host.policies_complete = False
    assert ask(host)["rights"][0]["governed"]["status"] == "unknown"
    assert "rsop" not in host.calls


def test_the_policy_log_is_not_asked_where_a_cached_policy_sets_the_right_although_others_may_be_unread() -> None:
    host = exch50(policies=(CachedPolicy("gpt00001.inf", GUID, {TCB: ()}),), policies_complete=False)
    assert ask(host)["remedy"]["action"] == "governed"
    assert "rsop" not in host.calls


def test_what_the_policy_log_costs_is_not_there_for_groups() -> None:
    """Four keys, one process and the log leave two of the nine requests to spare; device management gets none."""
    host = exch50(rights={TCB: ("S-1-5-32-551", "S-1-5-32-544", "S-1-5-32-545")})
    ask(host)
    asked = [line for line in host.calls if line.startswith("group_members") or line in ("rsop", "mdm")]
    assert asked == ["rsop", "group_members Administrators", "group_members Backup Operators"]


@pytest.mark.parametrize(
    ("version", "asked"),
    [("6.1.7601", False), ("10.0.14393", False), ("10.0.17134", True), ("10.0.26100", True), ("", True)],
)
def test_device_management_is_asked_where_windows_can_have_it(version: str, asked: bool) -> None:
    host = exch50(rights={}, version=version)
    ask(host)
    assert ("mdm" in host.calls) is asked


def test_what_device_management_sets_is_governed() -> None:
    result = ask(exch50(rights={}, managed=frozenset({TCB})))
    assert result["rights"][0]["governed"]["status"] == "mdm"
    assert result["remedy"]["action"] == "governed"
    assert result["remedy"]["reason"] == (
        "CORP\\exsvc does not hold SeTcbPrivilege (Act as part of the operating system), which device management (MDM, "
        "Policy CSP UserRights) sets on this host, so a local grant would be undone: give it to CORP\\exsvc there."
    )


def test_an_account_that_is_asked_for_by_its_sid() -> None:
    planned = "S-1-5-21-1-2-3-1300"
    result = ask(exch50(rights={TCB: (planned,)}), account=planned.lower())
    assert (result["rights"][0]["account"]["sid"], result["rights"][0]["held"]) == (planned, "direct")
    assert result["remedy"]["reason"].startswith(f"{planned.lower()} holds")


def test_an_account_that_windows_cannot_name_is_told_as_it_was_written() -> None:
    result = ask(exch50(resolves={"CORP\\new": "S-1-5-21-1-2-3-1300"}), account="CORP\\new")
    assert result["remedy"]["reason"].startswith("CORP\\new does not hold")


def test_an_account_that_was_not_found_stands_in_its_right_by_name() -> None:
    (right,) = ask(exch50(), account="CORP\\gone")["rights"]
    assert right["account"] == {"sid": None, "name": "CORP\\gone", "kind": "unknown"}


def test_each_right_of_an_account_is_a_finding_of_its_own() -> None:
    rights = ask(exch50(rights={LOGON: (EXSVC,)}), rights=[TCB, LOGON, TCB])["rights"]
    assert [(right["name"], right["held"]) for right in rights] == [(TCB, "missing"), (LOGON, "direct")]


def test_a_probe_proves_nothing_of_an_account_that_the_service_does_not_run_under() -> None:
    """The probe logged on, so the service's own account holds the right; of the other one nothing is known."""
    group = "S-1-5-21-1-2-3-2000"
    host = exch50(rights={TCB: (EXSVC, group)}, resolves={"CORP\\new": "S-1-5-21-1-2-3-1300"})
    assert ask(host, account="CORP\\new", probe_privilege="held")["remedy"]["action"] == "unknown"
    assert ask(host, probe_privilege="held")["remedy"]["action"] == "none"
