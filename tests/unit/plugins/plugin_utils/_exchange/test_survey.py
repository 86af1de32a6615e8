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
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils.fake_host import (
    FakeHost,
    pop3,
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
    assert "events" not in host.log


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
    old = FakeHost((pop3("MSExchangePop3", "CORP\\pop"),), {900: pop}, keys={V8: numbers(3, 83)})
    five = exch50()
    for host in (two, old, five):
        host.names[pop] = "CORP\\pop"
        host.rights, host.policies = {LOGON: groups, TCB: groups}, (policy,)
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
