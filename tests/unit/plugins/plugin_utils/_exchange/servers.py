# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""POP3 servers in memory, and the whole way from one of them to a result."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import options as questions
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.diagnosis import diagnose
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import report
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.survey import survey
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    EXSVC,
    NETWORK_SERVICE,
    NOW,
    START,
    MemoryHost,
    pop3,
    store,
)

TCB, LOGON = "SeTcbPrivilege", "SeServiceLogonRight"
GUID = "{0A0A0A0A-0000-0000-0000-000000000001}"
V15 = "SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup"
V14 = "SOFTWARE\\Microsoft\\ExchangeServer\\v14\\Setup"
V8 = "SOFTWARE\\Microsoft\\Exchange\\v8.0\\Setup"
V6 = "SOFTWARE\\Microsoft\\Exchange\\Setup"
LOGIN = 5
BUDGET = 24


def numbers(minor: int, build: int) -> Mapping[str, int]:
    return {"MsiProductMinor": minor, "MsiBuildMajor": build, "MsiBuildMinor": 7}


def event(minutes: int, event_id: int = 11202, source: str = "MSExchange POP3") -> str:
    time = (NOW - datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
    return (
        f"<Event xmlns='x'><System><Provider Name='{source}'/><EventID>{event_id}</EventID><Level>0</Level>"
        f"<Keywords>0x90000000000000</Keywords><TimeCreated SystemTime='{time}'/></System>"
        "<EventData><Data>HrLookupCredentials()</Data>"
        "<Data>A required privilege is not held by the client.</Data></EventData></Event>"
    )


def exch50(**changes: Any) -> MemoryHost:
    """Exchange 5.0 whose service account lacks the right: the article's fault."""
    return MemoryHost(installed=(store(),), owners={1432: EXSVC}, started={1432: START}, **changes)


def modern(
    minor: int, build: int, account: str = "NT AUTHORITY\\NetworkService", sid: str = NETWORK_SERVICE
) -> MemoryHost:
    both = (pop3("MSExchangePOP3", account, 900), pop3("MSExchangePOP3BE", account, 901), store("LocalSystem", 50))
    return MemoryHost(installed=both, owners={900: sid, 901: sid}, keys={V15: numbers(minor, build)})


def ask(host: MemoryHost, **args: Any) -> dict[str, Any]:
    """The action's whole work, and JSON must hold it."""
    plain = {"service": "auto", "account": "auto", "rights": ["auto"], "since": "7d", "max_events": 20}
    host.requests = 0  # a host of a table is asked in every run of its test
    asked = questions.parse({**plain, "probe_privilege": "unknown", **args})
    seen = survey(host, asked)
    result: dict[str, Any] = {**report(seen, diagnose(seen, asked), asked)}
    assert LOGIN + host.requests <= BUDGET
    round_trip: dict[str, Any] = json.loads(json.dumps(result))
    assert round_trip == result
    return result
