# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a run: what was done, what is left to do, and when it failed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.decision import decide
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import (
    Run,
    read_probe,
    read_server,
    run_of,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.outcome import generation, outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.result import Outcome
from ansible_collections.winmail.exchange.tests.support.module_results import (
    EXSVC,
    TCB,
    changed,
    finding,
    probe,
    restarted,
    server,
)

SICK = server("grant", finding())
MISSING, OK, LISTENING = probe("privilege_missing"), probe("logon_ok"), probe("listening")


def run(seen: dict[str, Any], first: dict[str, Any], *, revoke: bool = False, **more: Any) -> Outcome:
    """The outcome of a run on exch50."""
    return outcome(Run("exch50", decide(seen, revoke=revoke).as_result(), seen, first, revoke=revoke, **more))


def test_granted_and_restarted() -> None:
    found = run(SICK, MISSING, change=changed(), restarts=restarted("MSExchangeIS", "MSExchangeIMC"), again=OK)
    assert (found["done"], found["changed"], found["restarted"]) == (
        ["grant", "restart"],
        True,
        ["MSExchangeIS", "MSExchangeIMC"],
    )
    assert (found["verdict_before"], found["verdict_after"]) == ("privilege_missing", "logon_ok")
    assert (found["restart_required"], found["compliant"], found["failure"]) == (False, True, "")
    assert found["rights"][0]["before"] == "missing"
    assert found["rights"][0]["after"] == "direct"
    assert found["restore"] == [{"name": TCB, "remove": [EXSVC["sid"]]}]
    assert found["advice"] == "The advice for logon_ok."
    assert found["events"] is not None
    assert found["events"]["count"] == 3


def test_granted_without_restart() -> None:
    found = run(SICK, MISSING, change=changed(), again=MISSING)
    assert (found["done"], found["restart_required"], found["compliant"]) == (["grant"], True, False)
    assert found["advice"].startswith("Restart MSExchangeIS when that suits")


def test_predicted_in_check_mode() -> None:
    found = run(SICK, MISSING, change=changed(check=True), restarts=restarted("MSExchangeIS"), check_mode=True)
    assert (found["done"], found["verdict_after"], found["dialogue_after"]) == (["grant", "restart"], None, [])
    assert found["rights"][0]["after"] == "direct"
    assert found["advice"] == "Run it without check mode to do this."
    assert (found["compliant"], found["unknown"]) == (False, False)


def test_a_restart_that_is_not_ours_is_asked_for() -> None:
    found = run(server("restart", finding(held="direct")), MISSING)
    assert (found["action"], found["done"], found["restart_required"], found["compliant"]) == (
        "restart",
        [],
        True,
        False,
    )
    assert found["verdict_after"] == "privilege_missing"


FAILURES = {
    "the fault is still there": (MISSING, "restart the computer (Q189732)"),
    "POP3 did not come back": (probe("no_listener"), "its POP3 port does not answer (no_listener"),
}


@pytest.mark.parametrize(("again", "words"), FAILURES.values(), ids=FAILURES)
def test_a_cure_that_is_disproved_fails(again: dict[str, Any], words: str) -> None:
    found = run(SICK, MISSING, change=changed(), restarts=restarted("MSExchangeIS"), again=again)
    assert words in found["failure"]
    assert found["compliant"] is False
    assert found["advice"] == found["failure"]


def test_what_a_failed_task_says_leads() -> None:
    found = run(SICK, MISSING, change=changed(), failure="The restart failed.")
    assert (found["failure"], found["advice"]) == ("The restart failed.", "The restart failed.")
    assert found["restore"], "what was granted before the failure can be undone"


ADVICE = {
    "healthy": (server("none", finding(held="direct")), OK, "The advice for logon_ok.", True),
    "healthy, no logon tried": (server("none", finding(held="direct")), LISTENING, "There is nothing to do.", True),
    "not needed here": (server("not_applicable"), LISTENING, "There is nothing to do.", True),
    "another trouble": (
        server("none", finding(held="direct")),
        probe("no_listener"),
        "The advice for no_listener.",
        False,
    ),
    "governed": (server("governed", finding(policy="Hardening")), MISSING, "The reason for governed.", False),
    "not known": (server("unknown", finding(held="unknown")), LISTENING, "The reason for unknown.", None),
    "to be granted": (
        SICK,
        MISSING,
        "Grant it, with the playbook winmail.exchange.fix or otherwise: The reason",
        False,
    ),
    "could not be looked at": ({"msg": "It is down."}, LISTENING, "It is down.", None),
}


@pytest.mark.parametrize(("seen", "first", "advice", "compliant"), ADVICE.values(), ids=ADVICE)
def test_without_a_change(seen: dict[str, Any], first: dict[str, Any], advice: str, compliant: bool | None) -> None:
    found = run(seen, first)
    assert found["advice"].startswith(advice)
    assert (found["compliant"], found["unknown"]) == (bool(compliant), compliant is None)
    assert (found["changed"], found["restore"], found["dialogue_after"]) == (False, [], first["transcript"])


def test_a_revocation() -> None:
    seen = server("none", finding(held="direct"))
    found = run(seen, OK, revoke=True, change=changed(added=False), restarts=restarted("MSExchangeIS"), again=MISSING)
    assert (found["action"], found["done"], found["failure"]) == ("revoke", ["revoke", "restart"], "")
    assert (found["rights"][0]["before"], found["rights"][0]["after"]) == ("direct", "missing")
    assert (found["compliant"], found["advice"]) == (True, "There is nothing to do.")


@pytest.mark.parametrize(
    ("installed", "greeted", "shown"),
    [
        ("5.x", "5.5", "5.5"),
        ("5.x", None, "5.x"),
        ("5.x", "2000", "5.x"),
        ("2019", "2007+", "2019"),
        ("unknown", "2003", "2003"),
        ("unknown", None, "unknown"),
    ],
)
def test_the_generation(installed: str, greeted: str | None, shown: str) -> None:
    assert (
        generation(read_server(server("none", generation=installed)), read_probe(probe("listening", greeted))) == shown
    )


def test_a_policy_of_any_right_is_the_one_that_is_shown() -> None:
    found = run(
        server("governed", finding(held="direct"), finding("SeServiceLogonRight", policy="Hardening")), LISTENING
    )
    assert found["governed"] is not None
    assert found["governed"]["gpo"] is not None
    assert found["governed"]["gpo"]["name"] == "Hardening"


def test_a_log_that_was_not_read_is_not_an_empty_one() -> None:
    seen = server("none", finding(held="direct"))
    seen["events"] = {"status": "unknown", "count": None}
    assert run(seen, LISTENING)["events"] is None


def test_results_that_a_template_leaves_undefined_are_empty() -> None:
    assert run_of({"host": "a", "cure": {}, "probe": None, "restore_file": None}) == Run("a", {})
