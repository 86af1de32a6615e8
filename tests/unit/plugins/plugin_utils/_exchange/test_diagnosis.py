# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a host to a result, on hosts in memory: every generation and every odd server."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    CachedPolicy,
    GroupMembers,
    RsopRight,
    Service,
)
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    EXSVC,
    NETWORK_SERVICE,
    MemoryHost,
    pop3,
    store,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._exchange.servers import (
    GUID,
    LOGON,
    TCB,
    V6,
    V8,
    V14,
    ask,
    event,
    exch50,
    modern,
    numbers,
)


def test_the_fault_of_the_article() -> None:
    host = exch50(event_xml=f"<Events>{event(1)}{event(5, source='MSExchangePOP3')}</Events>")
    result = ask(host)
    assert result["computer"] == {
        "name": "EXCH",
        "domain": "corp.example",
        "part_of_domain": True,
        "role": "member_server",
        "domain_controller": False,
    }
    assert result["exchange"] == {"generation": "5.x", "version": None, "build": None, "source": "services"}
    (hosting,) = result["hosting"]
    assert hosting["name"] == "MSExchangeIS"
    assert hosting["started_at"] == "2026-11-23T06:00:00Z"
    assert hosting["account"] == {"sid": EXSVC, "name": "CORP\\exsvc", "kind": "account"}
    (right,) = result["rights"]
    # A domain member without any cached policy is unknown, not free.
    assert (right["name"], right["held"], right["governed"]["status"]) == (TCB, "missing", "unknown")
    assert (result["events"]["status"], result["events"]["count"]) == ("read", 2)
    assert result["events"]["newest"] == result["events"]["privilege_failure_at"] == "2026-11-24T08:59:00Z"
    assert result["remedy"]["action"] == "grant"
    assert result["remedy"]["rights"] == [TCB]
    assert result["remedy"]["accounts"] == [EXSVC]
    assert result["remedy"]["services"] == ["MSExchangeIS"]
    assert result["unread"] == []
    assert any(
        line
        == "sources ('MSExchangePOP3', 'MSExchange POP3', 'MSExchange Pop3 Interface') ids (11202, 13003) since 604800"
        for line in host.calls
    )


def test_healthy() -> None:
    result = ask(exch50(rights={TCB: (EXSVC,)}))
    assert (result["rights"][0]["held"], result["remedy"]["action"]) == ("direct", "none")


def test_granted_and_not_restarted() -> None:
    host = exch50(rights={TCB: (EXSVC,)}, event_xml=f"<Events>{event(1)}</Events>")
    assert ask(host)["remedy"]["action"] == "restart"
    host = exch50(rights={TCB: (EXSVC,)}, event_xml=f"<Events>{event(60 * 48)}</Events>")
    assert ask(host)["remedy"]["action"] == "none"


def test_a_policy_gives_the_right_to_nobody() -> None:
    host = exch50(policies=(CachedPolicy("gpt00001.inf", GUID, {TCB: ()}),), gpo_names={GUID: "Server baseline"})
    result = ask(host)
    assert result["rights"][0]["governed"]["gpo"] == {"guid": GUID, "name": "Server baseline", "holders": []}
    assert result["remedy"]["action"] == "governed"
    assert "Server baseline" in result["remedy"]["reason"]
    assert result["remedy"]["gpo_lines"] == [f"{TCB} = *{EXSVC}"]


def test_the_policy_log_where_the_cache_tells_nothing() -> None:
    host = exch50(logged={TCB: RsopRight(GUID, ("S-1-5-32-544",))}, gpo_names={GUID: "Server baseline"})
    result = ask(host)
    assert result["rights"][0]["governed"]["source"] == "rsop"
    assert result["remedy"]["action"] == "governed"
    # The budget has no room left for the policy's name then.
    assert GUID in result["remedy"]["reason"]


def test_the_policy_log_is_not_asked_where_the_cache_tells() -> None:
    host = exch50(policies=(CachedPolicy("gpt00000.dom", GUID, {}),))
    result = ask(host)
    assert result["rights"][0]["governed"]["status"] == "none_seen"
    assert "could not be read" not in result["remedy"]["reason"]
    assert "rsop" not in host.calls


def test_a_cached_policy_without_a_guid_is_not_looked_up() -> None:
    host = exch50(policies=(CachedPolicy("gpt00001.inf", None, {TCB: ()}),))
    assert ask(host)["remedy"]["action"] == "governed"
    assert "policy_names" not in host.calls


def test_held_through_administrators() -> None:
    administrators = "S-1-5-32-544"
    host = exch50(rights={TCB: (administrators,)}, groups={"Administrators": GroupMembers((("CORP", "exsvc"),))})
    (right,) = ask(host)["rights"]
    assert right["held"] == "group"
    assert right["via"] == [{"sid": administrators, "name": "BUILTIN\\Administrators", "kind": "alias"}]


def test_maybe_through_a_domain_group() -> None:
    group = "S-1-5-21-1-2-3-2000"
    host = exch50(rights={TCB: (group,)}, names={EXSVC: "CORP\\exsvc", group: "CORP\\mail"})
    result = ask(host)
    (right,) = result["rights"]
    assert right["held"] == "unknown"
    assert right["may_hold_through"] == [{"sid": group, "name": "CORP\\mail", "kind": "account"}]
    assert "CORP\\mail" in result["remedy"]["reason"]
    assert result["remedy"]["action"] == "unknown"
    host.requests = 0
    assert ask(host, probe_privilege="missing")["remedy"]["action"] == "grant"


@pytest.mark.parametrize(
    ("host", "generation", "build", "services"),
    [
        (modern(0, 1497), "2013", "15.0.1497.7", ["MSExchangePOP3", "MSExchangePOP3BE"]),
        (modern(1, 2507), "2016", "15.1.2507.7", ["MSExchangePOP3", "MSExchangePOP3BE"]),
        (modern(2, 1544), "2019", "15.2.1544.7", ["MSExchangePOP3", "MSExchangePOP3BE"]),
        (modern(2, 2562), "SE", "15.2.2562.7", ["MSExchangePOP3", "MSExchangePOP3BE"]),
        (
            MemoryHost(installed=(pop3(),), owners={900: NETWORK_SERVICE}, keys={V14: numbers(3, 123)}),
            "2010",
            "14.3.123.7",
            ["MSExchangePOP3"],
        ),
        (
            MemoryHost(installed=(pop3("MSExchangePop3"),), owners={900: NETWORK_SERVICE}, keys={V8: numbers(3, 83)}),
            "2007",
            "8.3.83.7",
            ["MSExchangePop3"],
        ),
        (
            MemoryHost(
                installed=(pop3("POP3Svc", "LocalSystem"), store("LocalSystem")),
                owners={900: "S-1-5-18"},
                keys={V6: numbers(5, 7638)},
            ),
            "2003",
            "6.5.7638.7",
            ["POP3Svc"],
        ),
        (
            MemoryHost(
                installed=(pop3("POP3SVC", "LocalSystem"), store("LocalSystem")),
                owners={900: "S-1-5-18"},
                keys={V6: numbers(0, 6249)},
            ),
            "2000",
            "6.0.6249.7",
            ["POP3SVC"],
        ),
    ],
    ids=["2013", "2016", "2019", "SE", "2010", "2007", "2003", "2000"],
)
def test_nothing_to_grant_on_later_generations(
    host: MemoryHost, generation: str, build: str, services: list[str]
) -> None:
    result = ask(host)
    assert (result["exchange"]["generation"], result["exchange"]["build"]) == (generation, build)
    assert [hosting["name"] for hosting in result["hosting"]] == services
    assert result["rights"] == []
    assert result["remedy"]["action"] == "not_applicable"
    assert result["remedy"]["services"] == services
    assert result["clash"] is None
    assert "read_rights" not in host.calls


def test_an_administrators_own_account_on_a_modern_service() -> None:
    pop = "S-1-5-21-1-2-3-1200"
    host = modern(2, 1544, "CORP\\pop", pop)
    host.names[pop] = "CORP\\pop"
    host.rights[LOGON] = ["S-1-5-80-0"]
    result = ask(host)
    (right,) = result["rights"]
    assert (right["name"], right["held"]) == (LOGON, "missing")
    assert right["services"] == ["MSExchangePOP3", "MSExchangePOP3BE"]
    assert (result["remedy"]["action"], result["remedy"]["accounts"]) == ("grant", [pop])


def test_rights_that_were_asked_for_do_not_make_a_built_in_account_grantable() -> None:
    result = ask(modern(2, 1544), rights=["Act as part of the operating system"])
    assert result["rights"][0]["held"] == "missing"
    assert result["remedy"]["action"] == "not_applicable"


def test_a_stopped_service_by_its_configured_account() -> None:
    host = MemoryHost(installed=(store(process_id=0, state="Stopped"),), resolves={"CORP\\exsvc": EXSVC})
    result = ask(host)
    assert result["hosting"][0]["account"]["sid"] == EXSVC
    assert result["hosting"][0]["started_at"] is None
    assert result["remedy"]["action"] == "grant"
    assert "restart MSExchangeIS" not in result["remedy"]["reason"]


def test_a_stopped_service_whose_account_nobody_knows() -> None:
    host = MemoryHost(installed=(store("CORP\\gone", process_id=0, state="Stopped"),))
    result = ask(host)
    assert result["hosting"][0]["account"] == {"sid": None, "name": "CORP\\gone", "kind": "unknown"}
    assert result["remedy"]["action"] == "unknown"
    assert "icacls: 1332" in result["remedy"]["reason"]


def test_another_account_than_the_services() -> None:
    planned = "S-1-5-21-1-2-3-1300"
    host = exch50(resolves={"CORP\\new": planned}, rights={TCB: (planned,)}, event_xml=f"<Events>{event(1)}</Events>")
    host.names[planned] = "CORP\\new"
    result = ask(host, account="CORP\\new", probe_privilege="missing")
    assert result["hosting"][0]["account"]["sid"] == EXSVC
    assert result["rights"][0]["account"]["sid"] == planned
    # What the running process shows is about its own account.
    assert result["remedy"]["action"] == "none"


def test_the_pop3_service_of_windows_server_2003() -> None:
    other = Service("Pop3svc", "Microsoft POP3 Service", "Running", "Auto", "NT AUTHORITY\\LocalService", 800)
    result = ask(MemoryHost(installed=(other,), owners={800: "S-1-5-19"}))
    assert result["exchange"]["generation"] == "none"
    assert result["clash"]["service"] == "Pop3svc"
    assert result["remedy"]["action"] == "not_applicable"
    assert "Windows Server 2003" in result["remedy"]["reason"]


def test_a_service_that_the_user_names() -> None:
    mail = Service("hMailServer", "hMailServer", "Running", "Auto", "CORP\\exsvc", 77)
    host = MemoryHost(installed=(mail,), owners={77: EXSVC}, rights={LOGON: [EXSVC]})
    result = ask(host, service="hmailserver")
    assert [hosting["name"] for hosting in result["hosting"]] == ["hMailServer"]
    assert (result["rights"][0]["name"], result["remedy"]["action"]) == (LOGON, "none")


def test_nothing_that_serves_pop3() -> None:
    result = ask(MemoryHost())
    assert (result["hosting"], result["remedy"]["action"]) == ([], "unknown")
    assert "option service" in result["remedy"]["reason"]


def test_a_mailbox_server_without_pop3() -> None:
    result = ask(MemoryHost(installed=(store("LocalSystem"),), keys={V14: numbers(3, 123)}))
    assert result["exchange"]["generation"] == "2010"
    assert result["remedy"]["action"] == "not_applicable"
