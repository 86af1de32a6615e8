# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compliant, not compliant, not known: every verdict with every remedy in every way of running, as one table."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import VERDICTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.decision import decide
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import Run
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.outcome import outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.result import Outcome
from ansible_collections.winmail.exchange.tests.support.module_results import (
    changed,
    finding,
    probe,
    restarted,
    server,
)

pytestmark = pytest.mark.case("T3")

YES, NO, UNKNOWN = (True, False), (False, False), (False, True)

# What each verdict gives by itself: with nothing to do, and where the look at the server left it open.
BY_VERDICT = {
    "logon_ok": (YES, YES),
    "listening": (YES, UNKNOWN),
    "privilege_missing": (NO, NO),
    "cleartext_refused": (NO, NO),
    "mailbox_unavailable": (NO, NO),
    "no_listener": (NO, NO),
    "not_pop3": (NO, NO),
    "tls_failed": (NO, NO),
    "credentials_rejected": (UNKNOWN, UNKNOWN),
    "temporary_failure": (UNKNOWN, UNKNOWN),
    "timed_out": (UNKNOWN, UNKNOWN),
    "unreachable": (UNKNOWN, UNKNOWN),
    "unclassified": (UNKNOWN, UNKNOWN),
}
HELD, MISSING = finding(held="direct"), finding()
SERVERS = {
    "none": server("none", HELD),
    "not_applicable": server("not_applicable"),
    "unknown": server("unknown", finding(held="unknown")),
    "governed": server("governed", finding(policy="Hardening")),
    "restart": server("restart", HELD),
    "grant": server("grant", MISSING),
}
MODES = ("audit", "real", "real, no restart", "check")


def expected(verdict: str, action: str, mode: str) -> tuple[bool, bool]:
    """The table in words: what is left to do comes first, then the verdict of the last probe."""
    if action in ("governed", "restart"):
        return NO
    if action == "grant" and mode != "real":
        return NO
    settled, left_open = BY_VERDICT[verdict]
    return left_open if action == "unknown" else settled


def run(verdict: str, action: str, mode: str) -> Outcome:
    """A run in which the last probe had this verdict."""
    seen, last = SERVERS[action], probe(verdict)
    cured = decide(seen).as_result()
    if mode == "audit" or action != "grant":
        return outcome(Run("exch50", cured, seen, last, check_mode=mode == "check"))
    before, change = probe("privilege_missing"), changed(check=mode == "check")
    if mode == "check":
        return outcome(Run("exch50", cured, seen, last, change, restarted("MSExchangeIS"), check_mode=True))
    if mode == "real, no restart":
        return outcome(Run("exch50", cured, seen, before, change, again=last))
    return outcome(Run("exch50", cured, seen, before, change, restarted("MSExchangeIS"), last))


def test_the_table_names_every_verdict() -> None:
    assert set(BY_VERDICT) == set(VERDICTS)


@pytest.mark.parametrize(("verdict", "action", "mode"), list(itertools.product(BY_VERDICT, SERVERS, MODES)))
def test_compliance(verdict: str, action: str, mode: str) -> None:
    found = run(verdict, action, mode)
    wanted = expected(verdict, action, mode)
    if found["failure"]:
        # The cure is disproved: the restart was made and the probe still fails.
        assert (action, mode) == ("grant", "real")
        wanted = NO
    assert (found["compliant"], found["unknown"]) == wanted
    assert isinstance(found["compliant"], bool)
    assert isinstance(found["unknown"], bool)


@pytest.mark.parametrize(("login", "wanted"), [("canary", YES), ("credentials", UNKNOWN)])
def test_a_canary_is_meant_to_be_rejected(login: str, wanted: tuple[bool, bool]) -> None:
    seen = SERVERS["none"]
    found = outcome(Run("exch50", decide(seen).as_result(), seen, probe("credentials_rejected"), login=login))
    assert (found["compliant"], found["unknown"]) == wanted


@pytest.mark.parametrize(("verdict", "wanted"), [("logon_ok", UNKNOWN), ("listening", UNKNOWN), ("no_listener", NO)])
def test_a_server_that_could_not_be_looked_at(verdict: str, wanted: tuple[bool, bool]) -> None:
    seen = {"unreachable": True, "msg": "It is down."}
    found = outcome(Run("exch50", decide(seen).as_result(), seen, probe(verdict)))
    assert (found["compliant"], found["unknown"]) == wanted


def test_a_run_that_failed_before_its_first_look_and_one_that_failed_at_its_change() -> None:
    early = outcome(Run("exch50", decide({"msg": "No."}).as_result(), failure="No."))
    assert (early["compliant"], early["unknown"]) == UNKNOWN
    seen = SERVERS["grant"]
    late = outcome(Run("exch50", decide(seen).as_result(), seen, probe("logon_ok"), failure="It was refused."))
    assert (late["compliant"], late["unknown"]) == NO


REVOCATIONS = {
    "taken and restarted": (server("none", HELD), {"change": changed(added=False), "restarts": restarted("X")}, YES),
    "taken": (server("none", HELD), {"change": changed(added=False)}, NO),
    "in check mode": (
        server("none", HELD),
        {"change": changed(added=False), "restarts": restarted("X"), "check_mode": True},
        NO,
    ),
    "not held": (server("grant", MISSING), {}, YES),
    "governed": (server("none", finding(held="direct", policy="Hardening")), {}, NO),
    "not looked at": ({"msg": "It is down."}, {}, UNKNOWN),
}


@pytest.mark.parametrize(("seen", "more", "wanted"), REVOCATIONS.values(), ids=REVOCATIONS)
def test_a_revocation_is_about_the_right(seen: dict[str, Any], more: dict[str, Any], wanted: tuple[bool, bool]) -> None:
    cured = decide(seen, revoke=True).as_result()
    found = outcome(Run("exch50", cured, seen, probe("privilege_missing"), revoke=True, **more))
    assert (found["compliant"], found["unknown"]) == wanted
