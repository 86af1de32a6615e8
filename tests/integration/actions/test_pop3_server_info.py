# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pop3_server_info against the lab: every generation, odd servers, every world, refusals; it never changes a thing."""

from __future__ import annotations

import pathlib
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf, Outcome
from lab.server import RunningLab, running
from lab.worlds import REGISTRY

ODD_SERVERS = pathlib.Path(__file__).parent / "odd_servers.yml"
DOMAIN = "S-1-5-21-2840394521-1093752863-3410756322"
EXSVC, POP3SVC = f"{DOMAIN}-1107", f"{DOMAIN}-1111"
TCB, LOGON = "SeTcbPrivilege", "SeServiceLogonRight"
BUDGET = 24


@pytest.fixture
def odd_servers(lab_of: LabOf) -> RunningLab:
    """Servers on which the answer is not the usual one."""
    return lab_of(ODD_SERVERS)


def ask(lab: RunningLab, host: str, **options: Any) -> Outcome:
    """Run the action; the lab says that nothing changed, nothing stayed, and that the budget was kept."""
    before = settled(lab, host)
    lab.clear_requests()
    outcome = Controller(lab, host).run("pop3_server_info", **options)
    assert lab.requests(host) <= BUDGET
    assert settled(lab, host) == before
    assert not outcome.changed
    return outcome


def settled(lab: RunningLab, host: str) -> dict[str, object]:
    """The computer as the lab sees it, without its notes of what it was asked."""
    snapshot = lab.computer(host).snapshot()
    snapshot.pop("notes")
    return snapshot


def summary(result: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
    """Generation, each right with how it is held, and the remedy."""
    held = [(right["name"], right["held"]) for right in result["rights"]]
    return result["exchange"]["generation"], held, result["remedy"]["action"]


@pytest.mark.parametrize(
    ("host", "generation", "held", "action"),
    [
        ("gen50", "5.x", [(TCB, "missing")], "grant"),
        ("gen55", "5.x", [(TCB, "missing")], "grant"),
        ("gen55group", "5.x", [(TCB, "unknown")], "unknown"),
        ("gen2000", "2000", [], "not_applicable"),
        ("gen2003", "2003", [], "not_applicable"),
        ("srv2003pop3", "none", [], "not_applicable"),
        ("gen2007", "2007", [], "not_applicable"),
        ("gen2010", "2010", [], "not_applicable"),
        ("gen2013", "2013", [], "not_applicable"),
        ("gen2016", "2016", [], "not_applicable"),
        ("gen2016off", "2016", [], "not_applicable"),
        ("gen2019", "2019", [], "not_applicable"),
        ("gen2019custom", "2019", [(LOGON, "direct")], "none"),
        ("gen2019gmsa", "2019", [(LOGON, "direct")], "none"),
        ("gen2019nolog", "2019", [(LOGON, "missing")], "grant"),
        ("gense", "SE", [], "not_applicable"),
        ("noexchange", "none", [], "unknown"),
        ("dc55", "5.x", [(TCB, "missing")], "grant"),
    ],
)
def test_every_generation(
    generations: RunningLab, host: str, generation: str, held: list[tuple[str, str]], action: str
) -> None:
    expect(ask(generations, host), generation, held, action)


@pytest.mark.parametrize(
    ("host", "generation", "held", "action"),
    [
        ("owngpo", "2019", [(LOGON, "missing")], "governed"),
        ("vialocal", "5.x", [(TCB, "group")], "none"),
        ("governed", "5.x", [(TCB, "unknown")], "unknown"),
        ("german", "5.x", [(TCB, "missing")], "grant"),
        ("alone", "5.x", [(TCB, "missing")], "grant"),
        ("other", "none", [], "unknown"),
    ],
)
def test_odd_servers(
    odd_servers: RunningLab, host: str, generation: str, held: list[tuple[str, str]], action: str
) -> None:
    expect(ask(odd_servers, host), generation, held, action)


def expect(outcome: Outcome, generation: str, held: list[tuple[str, str]], action: str) -> None:
    """Compare the short form of a result, which must have been read without a refusal."""
    assert (outcome.failed, outcome.unreachable) == (None, None)
    assert summary(outcome.result) == (generation, held, action), outcome.result["remedy"]["reason"]
    assert outcome.result["unread"] == []


@pytest.mark.parametrize(
    ("host", "services", "sid", "kind"),
    [
        ("gen50", ["MSExchangeIS"], EXSVC, "account"),
        ("gen2003", ["POP3Svc"], "S-1-5-18", "well_known"),
        ("gen2007", ["MSExchangePop3"], "S-1-5-20", "well_known"),
        ("gense", ["MSExchangePOP3", "MSExchangePOP3BE"], "S-1-5-20", "well_known"),
        ("srv2003pop3", ["POP3SVC"], "S-1-5-19", "well_known"),
    ],
)
def test_the_hosting_process_is_the_labs(
    generations: RunningLab, host: str, services: list[str], sid: str, kind: str
) -> None:
    result = ask(generations, host).result
    snapshot: dict[str, Any] = generations.computer(host).snapshot()
    assert [hosting["name"] for hosting in result["hosting"]] == services
    for hosting in result["hosting"]:
        there = snapshot["services"][hosting["name"]]
        assert (hosting["state"], hosting["process_id"]) == (there["state"], there["pid"])
        assert hosting["started_at"] == there["started"][:19] + "Z"
        assert (hosting["account"]["sid"], hosting["account"]["kind"]) == (sid, kind)


def test_a_service_whose_account_may_not_log_on_does_not_run(generations: RunningLab) -> None:
    result = ask(generations, "gen2019nolog").result
    front, back = result["hosting"]
    assert (front["state"], front["account"]["sid"]) == ("Stopped", POP3SVC)
    assert (back["state"], back["account"]["sid"]) == ("Running", "S-1-5-20")
    assert result["remedy"]["accounts"] == [POP3SVC]
    assert result["remedy"]["services"] == ["MSExchangePOP3"]


def test_the_clash_with_windows_server_2003(generations: RunningLab) -> None:
    result = ask(generations, "srv2003pop3").result
    assert result["clash"]["service"] == "POP3SVC"
    assert "Windows Server 2003" in result["remedy"]["reason"]


def test_the_policy_that_governs_is_named_with_the_line_to_add(odd_servers: RunningLab) -> None:
    result = ask(odd_servers, "governed", probe_privilege="missing").result
    assert result["rights"][0]["governed"]["gpo"]["name"] == "Server Hardening"
    assert result["remedy"]["action"] == "governed"
    assert result["remedy"]["gpo_lines"] == [f"{TCB} = *S-1-5-32-551,*{EXSVC}"]
    assert "Server Hardening" in result["remedy"]["reason"]


def test_a_domain_group_is_named_and_the_probe_settles_it(generations: RunningLab) -> None:
    result = ask(generations, "gen55group").result
    assert [holder["name"] for holder in result["rights"][0]["may_hold_through"]] == ["CORP\\Exchange Services"]
    assert ask(generations, "gen55group", probe_privilege="held").result["remedy"]["action"] == "none"
    assert ask(generations, "gen55group", probe_privilege="missing").result["remedy"]["action"] == "grant"


def test_a_local_group_is_named(odd_servers: RunningLab) -> None:
    (right,) = ask(odd_servers, "vialocal").result["rights"]
    assert [holder["sid"] for holder in right["via"]] == ["S-1-5-32-551"]


def test_a_domain_controller_is_said(generations: RunningLab) -> None:
    result = ask(generations, "dc55").result
    assert result["computer"]["domain_controller"] is True
    assert "domain controller" in result["remedy"]["reason"]


def test_a_service_that_the_user_names(odd_servers: RunningLab) -> None:
    result = ask(odd_servers, "other", service="hmailserver").result
    assert summary(result) == ("none", [(LOGON, "direct")], "none")
    assert result["hosting"][0]["account"]["sid"] == POP3SVC


def test_an_account_and_rights_that_the_user_names(lab: RunningLab) -> None:
    rights = ["Act as part of the operating system", "Log on as a service", "SeBackupPrivilege", "SeRestorePrivilege"]
    result = ask(lab, "exch50", account="CORP\\pop3svc", rights=rights).result
    assert [(right["name"], right["account"]["sid"]) for right in result["rights"]] == [
        (TCB, POP3SVC),
        (LOGON, POP3SVC),
        ("SeBackupPrivilege", POP3SVC),
        ("SeRestorePrivilege", POP3SVC),
    ]
    assert result["rights"][0]["held"] == "missing"


def test_events_as_the_lab_wrote_them_and_the_restart_they_ask_for(lab: RunningLab) -> None:
    def fail(computer: Any) -> None:
        events = computer.machine.events
        text = ("", "", "A required privilege is not held by the client.")
        events.write("MSExchange POP3", 11202, "audit_failure", text, "Logon attempt has failed.", age=600)
        events.write("MSExchangePOP3", 13003, "error", ("Unknown user name or bad password",), "No.", age=300)
        events.write("MSExchangeIMAP4", 11202, "audit_success", ("someone",), "Yes.", age=60)
        events.write("MSExchangePOP3", 11202, "audit_failure", text, "Long ago.", age=9 * 86400)

    lab.computer("exch55").call(fail)
    events = ask(lab, "exch55").result["events"]
    assert (events["status"], events["count"]) == ("read", 2)
    assert [(group["event_id"], group["source"], group["type"]) for group in events["groups"]] == [
        (13003, "MSExchangePOP3", "Error"),
        (11202, "MSExchange POP3", "Failure Audit"),
    ]
    assert events["privilege_failure_at"] < events["newest"]
    # The lab's processes are three days old, the failure is ten minutes old, and the right is held.
    result = ask(lab, "exch55").result
    assert result["remedy"]["action"] == "restart"
    assert result["hosting"][0]["started_at"] < events["privilege_failure_at"]
    assert ask(lab, "exch55", since="9m").result["remedy"]["action"] == "none"


# In these the export itself cannot be read, and so nothing is claimed about a right.
NOT_READ = {"call_errorlevel", "secedit_concurrency"}


@pytest.mark.parametrize(
    ("world", "value"), [(name, value) for name, world in REGISTRY.items() for value in world.values[1:]]
)
def test_every_world_ends_right_or_unknown(world: str, value: str) -> None:
    right = {"exch50": "grant", "exch55": "none", "exch2019": "not_applicable", "exchgpo": "governed"}
    with running("pop3", {world: value}) as other:
        for host, action in right.items():
            before = settled(other, host)
            outcome = Controller(other, host).run("pop3_server_info")
            assert (outcome.failed, outcome.unreachable) == (None, None)
            assert settled(other, host) == before
            remedy = outcome.result["remedy"]
            if world in NOT_READ and remedy["action"] == "unknown":
                assert outcome.result["unread"], "what could not be read is said"
                continue
            assert remedy["action"] == action, remedy["reason"]


REFUSALS = [
    ("cim", {"text": "Win32_OperatingSystem"}, {"do": "fault", "code": 2147942405, "text": "Access is denied."}),
    ("cim", {"text": "GetDWORDValue"}, {"do": "fault", "code": 2147942405, "text": "Access is denied."}),
    ("program.start", {"program": "secedit"}, {"do": "exit_code", "code": 1}),
    ("program.end", {"program": "secedit", "verb": "/export"}, {"do": "truncate", "bytes": 120}),
    ("program.start", {"program": "wevtutil"}, {"do": "exit_code", "code": 5}),
    ("program.end", {"program": "wevtutil"}, {"do": "garbage", "text": "<!DOCTYPE x>"}),
]


@pytest.mark.parametrize(("at", "match", "fault"), REFUSALS, ids=[f"{at} {match}" for at, match, dummy in REFUSALS])
def test_a_refusal_is_told_and_never_taken_for_absent(
    lab: RunningLab, at: str, match: dict[str, str], fault: dict[str, object]
) -> None:
    lab.computer("exch50").faults.add({"at": at, "match": match, "times": None, **fault})
    outcome = ask(lab, "exch50")
    assert outcome.failed is None
    result = outcome.result
    assert result["unread"] or result["events"]["refusal"]
    if result["events"]["refusal"]:
        assert (result["events"]["status"], result["events"]["count"]) == ("unknown", None)
    else:
        assert result["windows"] is None or result["remedy"]["action"] == "unknown"


def test_a_lost_connection_is_unreachable(lab: RunningLab) -> None:
    lab.computer("exch50").faults.add({"at": "cim", "match": {"text": "GetOwnerSid"}, "do": "drop", "times": None})
    outcome = ask(lab, "exch50")
    assert outcome.unreachable


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"service": "nope"}, "There is no service 'nope'"),
        ({"rights": ["SeTcb"]}, "Unknown user right"),
        ({"account": 'CORP\\a"b'}, "no Windows command line"),
        ({"since": "soon"}, "no length of time"),
    ],
)
def test_bad_input_in_one_sentence(lab: RunningLab, options: dict[str, Any], words: str) -> None:
    outcome = ask(lab, "exch50", **options)
    assert outcome.failed is not None
    assert words in outcome.failed


def test_check_mode_reads_the_same(lab: RunningLab) -> None:
    plain, checked = ask(lab, "exch50").result, ask(lab, "exch50", _check=True).result
    assert checked["remedy"] == plain["remedy"]
    assert checked["hosting"] == plain["hosting"]
