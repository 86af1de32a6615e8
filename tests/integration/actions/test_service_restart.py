# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""service_restart against the lab: order, check mode, every refusal, and nothing left down after a failure."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.action import service_restart
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host, Service
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import restart as restart_room
from ansible_collections.winmail.exchange.tests.support.harness import Controller, Outcome
from lab.server import RunningLab, running
from lab.state.services import Service as LabService

EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"
TCB, LOGON = "SeTcbPrivilege", "SeServiceLogonRight"
STORE = "MSExchangeIS"
WITH_DEPENDENTS = ["MSExchangeIMC", STORE]


def restart(lab: RunningLab, host: str, name: str = STORE, **options: Any) -> Outcome:
    """Run the action; whatever happens, it touches nothing but services."""
    before = rest(lab, host)
    outcome = Controller(lab, host).run("service_restart", name=name, **options)
    assert rest(lab, host) == before
    return outcome


def rest(lab: RunningLab, host: str) -> dict[str, object]:
    """The computer as the lab sees it, without services, and without the events and notes that the lab adds."""
    snapshot = lab.computer(host).snapshot()
    return {key: value for key, value in snapshot.items() if key not in ("services", "events", "notes")}


def services(lab: RunningLab, host: str) -> dict[str, dict[str, Any]]:
    """The services as the lab sees them."""
    found: Any = lab.computer(host).snapshot()["services"]
    return dict(found)


def moved(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> set[str]:
    """The services that run in another process than before."""
    return {name for name, service in after.items() if service["pid"] != before[name]["pid"]}


def machine(computer: Any) -> Any:
    """The lab's own state of a computer, to change it as a second administrator would."""
    return computer.machine


def inject(lab: RunningLab, host: str, method: str, service: str, **fault: object) -> None:
    """Let one call of a method of one service fail."""
    lab.computer(host).faults.add({"at": "http.request", "match": {"action": method, "body": f">{service}<"}, **fault})


def test_in_order_with_new_processes_and_new_privileges(generations: RunningLab) -> None:
    before = services(generations, "gen50")
    generations.computer("gen50").call(lambda computer: machine(computer).rights.grant(TCB, EXSVC))
    assert TCB not in services(generations, "gen50")[STORE]["privileges"]
    outcome = restart(generations, "gen50")
    assert outcome.failed is None
    assert outcome.changed
    result = outcome.result
    assert (result["stopped"], result["started"]) == (WITH_DEPENDENTS, WITH_DEPENDENTS[::-1])
    after = services(generations, "gen50")
    assert moved(before, after) == set(WITH_DEPENDENTS)
    assert TCB in after[STORE]["privileges"]
    assert result["before"]["process_id"] == before[STORE]["pid"]
    assert result["after"]["process_id"] == after[STORE]["pid"]
    assert result["after"]["started_at"] == after[STORE]["started"][:19] + "Z"
    assert result["new_process"] is True


def test_check_mode_predicts_and_touches_nothing(generations: RunningLab) -> None:
    before = services(generations, "gen50")
    predicted = restart(generations, "gen50", _check=True)
    assert services(generations, "gen50") == before
    real = restart(generations, "gen50")
    for key in ("changed", "name", "display_name", "stopped", "started", "before"):
        assert predicted.result[key] == real.result[key]
    assert (predicted.result["after"], predicted.result["new_process"]) == (None, None)


def test_a_dependent_that_did_not_run_stays_stopped(generations: RunningLab) -> None:
    generations.computer("gen50").call(
        lambda computer: machine(computer).services.stop(machine(computer).services.get("MSExchangeIMC"))
    )
    generations.computer("gen50").advance(5)
    outcome = restart(generations, "gen50")
    assert outcome.result["started"] == [STORE]
    assert services(generations, "gen50")["MSExchangeIMC"]["state"] == "Stopped"


def test_a_stopped_service_is_started(generations: RunningLab) -> None:
    assert services(generations, "gen2016")["MSExchangeIMAP4"]["state"] == "Stopped"
    outcome = restart(generations, "gen2016", "MSExchangeIMAP4")
    assert (outcome.result["stopped"], outcome.result["started"]) == ([], ["MSExchangeIMAP4"])
    assert outcome.result["before"] == {"state": "Stopped", "process_id": None, "started_at": None}
    assert services(generations, "gen2016")["MSExchangeIMAP4"]["state"] == "Running"


def test_a_shared_process_goes_on(generations: RunningLab) -> None:
    outcome = restart(generations, "gen2003", "POP3Svc")
    assert outcome.result["new_process"] is False


@pytest.mark.parametrize(
    ("host", "name", "options", "words"),
    [
        pytest.param("gen50", STORE, {"dependents": False}, "MSExchangeIMC run and depend on it", id="dependents run"),
        pytest.param("gen2016off", "MSExchangePOP3", {}, "is disabled", id="disabled"),
        pytest.param("gen50", "nope", {}, "There is no service 'nope'", id="no such service"),
        pytest.param("gen50", "a'b", {}, "no key name of a service", id="no name at all"),
        pytest.param("gen50", STORE, {"timeout": 0}, "between 1 and 3600", id="no time"),
        pytest.param("gen50", STORE, {"_become": True}, "become", id="become"),
    ],
)
def test_refused_before_anything_stops(
    generations: RunningLab, host: str, name: str, options: dict[str, Any], words: str
) -> None:
    before = services(generations, host)
    outcome = restart(generations, host, name, **options)
    assert outcome.failed is not None
    assert words in outcome.failed
    assert services(generations, host) == before


@pytest.mark.case("G2")
def test_a_dependent_that_does_not_stop(generations: RunningLab) -> None:
    before = services(generations, "gen55stuck")
    outcome = restart(generations, "gen55stuck", timeout=1)
    assert outcome.failed is not None
    assert "MSExchangeIMC did not stop within 1 seconds; its state is Stop Pending" in outcome.failed
    assert "Down now: MSExchangeIMC (Stop Pending)" in outcome.failed
    after = services(generations, "gen55stuck")
    assert moved(before, after) == set(), "the store was not touched"
    assert after[STORE]["state"] == "Running"


def test_an_account_that_may_not_log_on_any_more(generations: RunningLab) -> None:
    generations.computer("gen50").call(lambda computer: machine(computer).rights.revoke(LOGON, EXSVC))
    outcome = restart(generations, "gen50")
    assert outcome.failed is not None
    assert f"{STORE} could not be started (code 15" in outcome.failed
    assert "SeServiceLogonRight" in outcome.failed
    assert f"Down now: {STORE} (Stopped), MSExchangeIMC (Stopped)." in outcome.failed
    assert services(generations, "gen50")[STORE]["state"] == "Stopped"


@pytest.mark.parametrize(
    ("method", "service"), [("StopService", STORE), ("StartService", STORE), ("StartService", "MSExchangeIMC")]
)
def test_a_fault_in_the_middle_leaves_nothing_down(generations: RunningLab, method: str, service: str) -> None:
    inject(generations, "gen50", method, service, do="fault", code=2147749889, text="Generic failure.")
    outcome = restart(generations, "gen50", timeout=10)
    generations.computer("gen50").advance(5)
    found = services(generations, "gen50")
    assert [found[name]["state"] for name in WITH_DEPENDENTS] == ["Running", "Running"]
    assert outcome.failed is not None
    assert "Nothing that ran before is down" in outcome.failed


@pytest.mark.parametrize("method", ["StopService", "StartService"])
@pytest.mark.case("T1")
def test_an_answer_that_is_torn_after_the_request_is_not_told_as_nothing_changed(
    generations: RunningLab, method: str
) -> None:
    fault = {"at": "http.response", "match": {"action": method}, "do": "truncate", "bytes": 300}
    generations.computer("gen50").faults.add(fault)
    outcome = restart(generations, "gen50", timeout=10)
    assert outcome.failed is not None
    assert "Nothing was changed" not in outcome.failed
    assert "Running again: " in outcome.failed
    assert generations.computer("gen50").faults.pending == 0


@pytest.mark.case("T1")
def test_a_service_that_cannot_be_looked_at_after_its_restart_is_told_as_restarted(
    generations: RunningLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = services(generations, "gen50")
    answers = iter([restart_room.find])

    def find(host: Host, name: str) -> Service:
        for answer in answers:
            return answer(host, name)
        raise ReadError("The host's CIM answer is empty.")

    monkeypatch.setattr(service_restart, "find", find)
    outcome = restart(generations, "gen50")
    assert outcome.failed == (
        "MSExchangeIS, MSExchangeIMC: restarted, but could not be looked at afterwards. The host's CIM answer is empty."
    )
    assert moved(before, services(generations, "gen50")) == set(WITH_DEPENDENTS)


@pytest.mark.parametrize(
    ("method", "service"), [("StopService", STORE), ("StartService", STORE), ("StartService", "MSExchangeIMC")]
)
@pytest.mark.case("G2")
def test_an_answer_that_outlasts_the_operation_is_waited_for(
    generations: RunningLab, method: str, service: str
) -> None:
    """Windows does what it was asked; only WinRM gives up waiting for the answer."""
    before = services(generations, "gen50")
    late = {"do": "fault", "code": 2150858793, "text": "The operation timed out."}
    # The dependent stops first and starts last.
    skip = 1 if (method == "StopService") == (service == STORE) else 0
    fault = {"at": "http.response", "match": {"action": method}, "skip": skip, **late}
    generations.computer("gen50").faults.add(fault)
    outcome = restart(generations, "gen50", timeout=20)
    assert outcome.failed is None
    assert moved(before, services(generations, "gen50")) == set(WITH_DEPENDENTS)


def add_filter(computer: Any) -> None:
    """A service of another maker that WinRM needs here, beside what it needs everywhere."""
    found = machine(computer).services
    if found.get("Filter") is None:
        found.start(found.add(LabService("Filter", "Filter", "LocalSystem", "C:\\Filter.exe")))
        winrm = found.get("WinRM")
        winrm.depends_on = (*winrm.depends_on, "Filter")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("WinRM", "WinRM was not stopped: it carries this connection", id="the connection"),
        pytest.param("rpcss", "RpcSs was not stopped: it carries this connection", id="what it needs everywhere"),
        pytest.param(
            "filter", "WinRM, which depends on Filter and would stop with it, carries", id="what it needs here"
        ),
    ],
)
@pytest.mark.case("G2")
def test_what_carries_the_connection_or_the_host_is_not_stopped(generations: RunningLab, name: str, words: str) -> None:
    generations.computer("gen50").call(add_filter)
    before = services(generations, "gen50")
    for check in (True, False):
        outcome = restart(generations, "gen50", name, _check=check)
        assert outcome.failed is not None
        assert words in outcome.failed
        assert "ansible.windows.win_reboot" in outcome.failed
        assert outcome.failed.endswith("Nothing was changed.")
    assert services(generations, "gen50") == before


# Before Windows saw the request, or before its answer came back.
@pytest.mark.parametrize("at", ["http.request", "http.response"])
@pytest.mark.parametrize(
    ("method", "call"),
    [
        pytest.param("StopService", 0, id="stop the dependent"),
        pytest.param("StopService", 1, id="stop the store"),
        pytest.param("StartService", 0, id="start the store"),
        pytest.param("StartService", 1, id="start the dependent"),
    ],
)
def test_a_connection_that_drops_in_the_middle_leaves_nothing_down(
    generations: RunningLab, method: str, call: int, at: str
) -> None:
    fault = {"at": at, "match": {"action": method}, "skip": call, "do": "drop", "who": "all"}
    generations.computer("gen50").faults.add(fault)
    outcome = restart(generations, "gen50", timeout=10)
    found = services(generations, "gen50")
    assert [found[name]["state"] for name in WITH_DEPENDENTS] == ["Running", "Running"]
    assert outcome.failed is not None
    assert "The connection to the host was lost" in outcome.failed
    assert "Nothing that ran before is down" in outcome.failed


def test_a_connection_that_stays_lost_names_what_may_be_down(generations: RunningLab) -> None:
    faults = generations.computer("gen50").faults
    faults.add({"at": "http.request", "match": {"action": "StopService"}, "skip": 1, "do": "drop", "who": "all"})
    faults.add({"at": "http.request", "match": {"action": "Create"}, "skip": 1, "do": "drop", "times": None})
    outcome = restart(generations, "gen50", timeout=10)
    assert outcome.unreachable is not None
    assert f"may be down: {STORE}, MSExchangeIMC" in outcome.unreachable
    assert services(generations, "gen50")["MSExchangeIMC"]["state"] == "Stopped"


@pytest.mark.parametrize("timing", ["prompt", "slow", "timeout", "outlasts"])
def test_however_windows_times_a_stop(timing: str) -> None:
    with running("pop3", {"stop_service_timing": timing}) as lab:
        before = services(lab, "exch50")
        outcome = restart(lab, "exch50", timeout=20)
        assert outcome.failed is None
        assert moved(before, services(lab, "exch50")) == set(WITH_DEPENDENTS)
