# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pop3_server_info's result as a whole, value by value: a broken old server, a governed newer one, a lone service."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import duration
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import iso
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import CachedPolicy, GroupMembers, Service
from ansible_collections.winmail.exchange.tests.support.memory_host import EXSVC, MemoryHost, pop3, store
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._exchange.servers import (
    GUID,
    LOGON,
    TCB,
    V14,
    ask,
    event,
    exch50,
    modern,
    numbers,
)

POP = "S-1-5-21-1-2-3-1200"
EXSVC_SHOWN = {"sid": EXSVC, "name": "CORP\\exsvc", "kind": "account"}
COMPUTER = {
    "name": "EXCH",
    "domain": "corp.example",
    "part_of_domain": True,
    "role": "member_server",
    "domain_controller": False,
}
WINDOWS = {
    "caption": "Microsoft Windows Server 2019",
    "version": "10.0.17763",
    "product_type": 3,
    "time": "2026-11-24T09:00:00Z",
}
NOT_SHOWN = (
    "the host is a member of a domain and keeps no template of any policy, and its policy log (RSoP) does not name it"
)
GOVERNED: dict[str, Any] = {
    "status": "unknown",
    "gpo": None,
    "source": None,
    "sources": ["mdm"],
    "disagreement": None,
    "why_unknown": NOT_SHOWN,
    "domain_controller": False,
    "as_of": "2026-11-24T09:00:00Z",
}
EVENTS: dict[str, Any] = {
    "status": "read",
    "refusal": None,
    "since_seconds": 604800,
    "count": 0,
    "newest": None,
    "privilege_failure_at": None,
    "groups": [],
}
GROUP: dict[str, Any] = {
    "event_id": 11202,
    "source": "MSExchange POP3",
    "type": "Failure Audit",
    "text": "HrLookupCredentials() A required privilege is not held by the client.",
    "no_privilege": True,
    "count": 2,
    "newest": "2026-11-24T08:59:00Z",
}


def test_the_fault_of_the_article_and_a_group_that_may_hold_the_right() -> None:
    group = "S-1-5-21-1-2-3-2000"
    host = exch50(
        rights={TCB: (group, "S-1-5-32-544")},
        unpinned={TCB: ("Lost",)},
        names={EXSVC: "CORP\\exsvc", group: "CORP\\mail"},
        event_xml=f"<Events>{event(1)}{event(9)}</Events>",
        groups={"Administrators": GroupMembers()},
    )
    assert ask(host) == {
        "computer": COMPUTER,
        "windows": WINDOWS,
        "exchange": {"generation": "5.x", "version": None, "build": None, "source": "services"},
        "hosting": [
            {
                "name": "MSExchangeIS",
                "display_name": "Microsoft Exchange Information Store",
                "state": "Running",
                "start_mode": "Auto",
                "process_id": 1432,
                "started_at": "2026-11-23T06:00:00Z",
                "account": EXSVC_SHOWN,
                "account_source": "process",
                "configured_account": "CORP\\exsvc",
            }
        ],
        "clash": None,
        "rights": [
            {
                "name": TCB,
                "display_name": "Act as part of the operating system",
                "account": EXSVC_SHOWN,
                "services": ["MSExchangeIS"],
                "held": "unknown",
                "via": [],
                "may_hold_through": [
                    {"sid": group, "name": "CORP\\mail", "kind": "account"},
                    {"sid": None, "name": "Lost", "kind": "unknown"},
                ],
                "why_unknown": "who is in these groups cannot be seen from here",
                "governed": GOVERNED,
            }
        ],
        "events": EVENTS
        | {"count": 2, "newest": GROUP["newest"], "privilege_failure_at": GROUP["newest"], "groups": [GROUP]},
        "remedy": {
            "action": "grant",
            "reason": (
                f"CORP\\exsvc may hold {TCB} (Act as part of the operating system) through CORP\\mail, Lost, but "
                f"MSExchangeIS fails for want of it; whether a Group Policy sets this could not be read ({NOT_SHOWN}); "
                "restart MSExchangeIS afterwards, for a process keeps the privileges it started with, and restart the "
                "computer if that does not cure it (Q189732)."
            ),
            "rights": [TCB],
            "accounts": [EXSVC],
            "services": ["MSExchangeIS"],
            "gpo_lines": [],
        },
        "unread": [],
    }


def test_a_governed_account_of_ones_own_on_a_newer_server() -> None:
    host = modern(2, 1544, "CORP\\pop", POP)
    host.names[POP] = "CORP\\pop"
    host.policies = (CachedPolicy("gpt00001.inf", GUID, {LOGON: ("*S-1-5-80-0",)}),)
    # Two processes leave no request for the policy's name.
    host.gpo_names = {GUID: "Server baseline"}
    result = ask(host)
    account = {"sid": POP, "name": "CORP\\pop", "kind": "account"}
    assert result["exchange"] == {"generation": "2019", "version": "15.2", "build": "15.2.1544.7", "source": "registry"}
    assert result["rights"] == [
        {
            "name": LOGON,
            "display_name": "Log on as a service",
            "account": account,
            "services": ["MSExchangePOP3", "MSExchangePOP3BE"],
            "held": "missing",
            "via": [],
            "may_hold_through": [],
            "why_unknown": None,
            "governed": GOVERNED
            | {
                "status": "gpo",
                "source": "cache",
                "sources": ["cache"],
                "why_unknown": None,
                "gpo": {"guid": GUID, "name": None, "holders": ["*S-1-5-80-0"]},
            },
        }
    ]
    assert result["remedy"] == {
        "action": "governed",
        "reason": (
            f"The Group Policy {GUID} sets {LOGON} (Log on as a service) without CORP\\pop, so a local grant "
            f"would be undone at its next refresh: put '{LOGON} = *S-1-5-80-0,*{POP}' under [Privilege Rights] of its "
            "GptTmpl.inf (User Rights Assignment in its editor)."
        ),
        "rights": [LOGON],
        "accounts": [POP],
        "services": ["MSExchangePOP3", "MSExchangePOP3BE"],
        "gpo_lines": [f"{LOGON} = *S-1-5-80-0,*{POP}"],
    }
    assert result["events"] == EVENTS


def test_what_windows_refuses_stands_in_the_result_word_by_word() -> None:
    refused = WindowsError("Access is denied (code 5).", code=5)
    names = ("operating_system", "registry", "service_process", "read_rights", "events")
    result = ask(exch50(refuse=dict.fromkeys(names, refused)), service="MSExchangeIS", rights=[TCB])
    keys = ["ExchangeServer\\v15", "ExchangeServer\\v14", "Exchange\\v8.0", "Exchange"]
    assert result["unread"] == [
        "Operating system: Access is denied (code 5).",
        *(
            f"Registry value HKLM\\SOFTWARE\\Microsoft\\{key}\\Setup\\MsiProductMinor: Access is denied (code 5)."
            for key in keys
        ),
        "Process 1432 of MSExchangeIS: Access is denied (code 5).",
        "User rights: Access is denied (code 5).",
    ]
    assert result["windows"] is None
    assert result["hosting"][0]["started_at"] is None
    assert result["hosting"][0]["account"] == {"sid": None, "name": "CORP\\exsvc", "kind": "unknown"}
    assert result["rights"][0]["governed"] is None
    assert result["rights"][0]["why_unknown"] == "no SID was found for 'CORP\\exsvc' (the rights were not read)"
    assert result["events"] == EVENTS | {"status": "unknown", "refusal": "Access is denied (code 5).", "count": None}


BUILT_IN = "is built in and needs no right beyond what Windows gives it"


def two_accounts() -> MemoryHost:
    host = modern(2, 1544)
    host.owners[901] = "S-1-5-18"
    return host


WINDOWS_2003 = Service("POP3SVC", "Microsoft POP3 Service", "Running", "Auto", "NT AUTHORITY\\LocalService", 800)


@pytest.mark.parametrize(
    ("host", "action", "reason"),
    [
        pytest.param(
            modern(2, 1544),
            "not_applicable",
            f"Network Service, the account of MSExchangePOP3 and MSExchangePOP3BE, {BUILT_IN}.",
            id="built in",
        ),
        pytest.param(
            two_accounts(),
            "not_applicable",
            "Network Service and Local System, the account of MSExchangePOP3 and MSExchangePOP3BE, "
            "is built in and needs no right beyond what Windows gives it.",
            id="two built in",
        ),
        pytest.param(
            MemoryHost(installed=(WINDOWS_2003,), owners={800: "S-1-5-19"}),
            "not_applicable",
            f"Local Service, the account of POP3SVC, {BUILT_IN}; "
            "it is the POP3 service of Windows Server 2003, and there is no Exchange here.",
            id="Windows Server 2003",
        ),
        pytest.param(
            MemoryHost(),
            "unknown",
            "No service that is known to serve POP3 was found here: name it with the option service.",
            id="nothing",
        ),
        pytest.param(
            MemoryHost(installed=(store("LocalSystem"),), keys={V14: numbers(3, 123)}),
            "not_applicable",
            "Exchange 2010 is installed here without a POP3 service.",
            id="no POP3",
        ),
        pytest.param(
            MemoryHost(installed=(store("CORP\\gone", process_id=0, state="Stopped"),)),
            "unknown",
            "Which account MSExchangeIS runs under could not be found out: "
            "no SID was found for 'CORP\\gone' (icacls: 1332).",
            id="account unknown",
        ),
    ],
)
def test_where_no_right_had_to_be_judged_the_reason_says_why(host: MemoryHost, action: str, reason: str) -> None:
    remedy = ask(host)["remedy"]
    assert (remedy["action"], remedy["reason"]) == (action, reason)


@pytest.mark.parametrize(
    ("others", "keys", "reason"),
    [
        pytest.param((), {}, ", not Exchange's.", id="alone"),
        pytest.param(
            (pop3(), store()),
            {V14: numbers(3, 123)},
            ", not Exchange's: both want port 110, and only one can serve it.",
            id="beside an Exchange",
        ),
    ],
)
def test_two_products_that_want_the_same_port(others: tuple[Service, ...], keys: Any, reason: str) -> None:
    result = ask(MemoryHost(installed=(*others, WINDOWS_2003), owners={800: "S-1-5-19", 900: "S-1-5-20"}, keys=keys))
    assert ("there is no Exchange here" in result["remedy"]["reason"]) == (not others)
    clash = result["clash"]
    shown = "POP3SVC (Microsoft POP3 Service) is the POP3 service of Windows Server 2003"
    assert clash == {"service": "POP3SVC", "reason": shown + reason}


@pytest.mark.parametrize(
    ("role", "word"),
    [
        (0, "standalone_workstation"),
        (1, "member_workstation"),
        (2, "standalone_server"),
        (3, "member_server"),
        (4, "backup_domain_controller"),
        (5, "primary_domain_controller"),
        (6, "unknown"),
        (-1, "unknown"),
    ],
)
def test_the_role_of_the_computer_in_words(role: int, word: str) -> None:
    computer = ask(exch50(role=role))["computer"]
    assert (computer["role"], computer["domain_controller"]) == (word, role >= 4)


@pytest.mark.usefixtures("far_east")
def test_times_are_told_in_utc_wherever_the_controller_is() -> None:
    hour = datetime.timedelta(hours=1)
    assert iso(datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone(2 * hour))) == "2026-11-24T07:00:00Z"
    assert iso(None) is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        pytest.param(
            {"since": "soon"},
            "'soon' is no length of time. Use seconds (3600) or a number with a unit: 90m, 24h, 7d.",
            id="since",
        ),
        pytest.param({"since": "11y"}, "'11y' is no length of time. Use seconds (3600)", id="years"),
        pytest.param({"since": "3651d"}, "'3651d' is not between one second and ten years.", id="too long"),
        pytest.param(
            {"max_events": 501},
            "max_events is 501; it has to be between 0 (do not read the log) and 500.",
            id="max_events",
        ),
        pytest.param({"rights": []}, "rights is empty; name at least one user right, or use auto.", id="rights"),
        pytest.param(
            {"service": "nope"},
            "There is no service 'nope' on this computer. "
            "Use its key name (services.msc shows it as Service name), or service: auto.",
            id="service",
        ),
    ],
)
def test_what_cannot_be_asked_is_answered_with_one_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        ask(exch50(), **options)
    assert str(refused.value).startswith(sentence)
    assert duration.LONGEST == 3650 * 86400
