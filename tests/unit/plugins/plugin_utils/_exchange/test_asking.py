# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pop3_server_info asks of the host: no look-up that a process answers, and only what the task wants to know."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    EventQuery,
    EventReading,
    RightsQuery,
    RightsReading,
    Service,
)
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    EXSVC,
    NETWORK_SERVICE,
    MemoryHost,
    store,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._exchange.servers import (
    LOGON,
    TCB,
    V15,
    ask,
    exch50,
    modern,
    numbers,
)

POP = "S-1-5-21-1-2-3-1200"


def queries(monkeypatch: pytest.MonkeyPatch, host: MemoryHost, **args: Any) -> tuple[RightsQuery, ...]:
    """How the rights were asked for."""
    asked: list[RightsQuery] = []

    def read(query: RightsQuery) -> RightsReading:
        asked.append(query)
        return MemoryHost.read_rights(host, query)

    monkeypatch.setattr(host, "read_rights", read)
    ask(host, **args)
    return tuple(asked)


def test_a_running_process_says_whose_it_is_so_no_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    [query] = queries(monkeypatch, exch50())
    assert (query.names, query.pin, query.tidy) == ((), frozenset({TCB}), False)


def test_a_service_that_does_not_run_has_its_account_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    host = exch50()
    host.change("MSExchangeIS", state="Stopped", process_id=0)
    [query] = queries(monkeypatch, host)
    assert [name.written for name in query.names] == ["CORP\\exsvc"]


def test_an_account_of_a_name_is_looked_up_once_and_one_of_a_sid_never(monkeypatch: pytest.MonkeyPatch) -> None:
    [query] = queries(monkeypatch, modern(2, 1544), account="CORP\\new")
    assert [name.written for name in query.names] == ["CORP\\new"]
    [query] = queries(monkeypatch, modern(2, 1544), account=POP)
    assert (query.names, query.pin) == ((), frozenset({LOGON}))


def test_an_account_of_ones_own_needs_a_right_that_the_services_built_in_account_does_not() -> None:
    """And the other way round: what is asked is what the account in question would need."""
    [right] = ask(modern(2, 1544), account=POP)["rights"]
    assert (right["name"], right["account"]["sid"], right["held"]) == (LOGON, POP, "missing")
    assert ask(modern(2, 1544, "CORP\\pop", POP), account=NETWORK_SERVICE)["rights"] == []


def test_a_service_for_which_windows_names_no_account() -> None:
    service = Service("MSExchangeIS", "Store", "Running", "Auto", None, 1432)
    result = ask(MemoryHost(installed=(service,), owners={1432: None}))
    assert result["hosting"][0]["account"] == {"sid": None, "name": None, "kind": "unknown"}
    assert result["remedy"]["reason"] == (
        "Which account MSExchangeIS runs under could not be found out: Windows names no account for MSExchangeIS."
    )


def test_a_process_that_does_not_tell_its_account_is_said_to_be_of_the_configured_one() -> None:
    host = MemoryHost(installed=(store(),), owners={1432: None}, resolves={"CORP\\exsvc": EXSVC})
    result = ask(host)
    shown = result["hosting"][0]
    assert (shown["account"]["sid"], shown["account_source"]) == (EXSVC, "configuration")
    (unread,) = result["unread"]
    assert unread == (
        "Process 1432 of MSExchangeIS: GetOwnerSid gave code 2, so the account is the one that the service is "
        "configured for."
    )


def test_a_stopped_service_has_the_account_it_is_configured_for() -> None:
    host = MemoryHost(installed=(store(process_id=0, state="Stopped"),), resolves={"CORP\\exsvc": EXSVC})
    result = ask(host)
    assert (result["hosting"][0]["account_source"], result["unread"]) == ("configuration", [])


@pytest.mark.parametrize("most", [1, 500])
def test_the_log_is_asked_for_as_many_events_as_the_task_says(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    host = exch50()
    asked: list[EventQuery] = []

    def read(query: EventQuery) -> EventReading:
        asked.append(query)
        return MemoryHost.events(host, query)

    monkeypatch.setattr(host, "events", read)
    assert ask(host, max_events=most, since="1h")["events"]["status"] == "read"
    assert [(query.limit, query.since_seconds, query.channel) for query in asked] == [(most, 3600, "Application")]


@pytest.mark.parametrize(("said", "refusal"), [(None, "the log could not be read"), ("15007", "15007")])
def test_a_log_without_an_answer_is_refused_in_windows_words_or_ours(said: str | None, refusal: str) -> None:
    assert ask(exch50(event_xml=None, event_refusal=said))["events"]["refusal"] == refusal


def test_a_number_that_the_registry_holds_as_text_is_no_number() -> None:
    found = modern(1, 2507)
    found.keys[V15] = {**numbers(1, 2507), "MsiBuildMajor": "2507"}  # type: ignore[dict-item]  # what a hand may write
    assert ask(found)["exchange"] == {"generation": "2016", "version": "15.1", "build": None, "source": "registry"}


def test_the_account_of_the_service_is_told_beside_the_one_in_question() -> None:
    host = exch50(resolves={"CORP\\new": POP})
    host.names[POP] = "CORP\\New"
    result = ask(host, account="CORP\\new")
    assert result["hosting"][0]["account"]["sid"] == EXSVC
    assert result["rights"][0]["account"] == {"sid": POP, "name": "CORP\\New", "kind": "account"}
    assert result["remedy"]["reason"].startswith("CORP\\New does not hold")
