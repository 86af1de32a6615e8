# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remedy: the decision table, line by line, and what each sentence must tell."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import remedy
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.holding import Holding
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import Governed

START = datetime.datetime(2026, 11, 23, 6, 0, tzinfo=datetime.timezone.utc)
HOUR = datetime.timedelta(hours=1)
EXSVC = "S-1-5-21-1-2-3-1107"
GUID = "{0A0A0A0A-0000-0000-0000-000000000001}"
TCB, LOGON = "SeTcbPrivilege", "SeServiceLogonRight"


def seen(status: str = "none_seen", *tokens: str, dc: bool = False) -> Governed:
    guid = GUID if status == "gpo" else None
    name = "Server baseline" if status == "gpo" else None
    return Governed(status, START, guid, name, tokens, domain_controller=dc)


def case(held: str = "missing", right: str = TCB, **changes: object) -> remedy.Case:
    plain = remedy.Case(
        Holding(right, held),
        seen(),
        "CORP\\exsvc",
        EXSVC,
        "MSExchangeIS",
        running=True,
        started_at=START,
        five=right == TCB,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a table of keyword arguments


THROUGH = Holding(TCB, "unknown", may_via=("S-1-5-21-1-2-3-2000",), why="cannot be seen")


@pytest.mark.parametrize(
    ("given_case", "action"),
    [
        pytest.param(case(), "grant", id="missing"),
        pytest.param(case(running=False, started_at=None), "grant", id="missing, service stopped"),
        pytest.param(case(governed=seen("unknown")), "grant", id="missing, policy unknown"),
        pytest.param(case(governed=seen(dc=True)), "grant", id="missing, domain controller"),
        pytest.param(case(governed=seen("gpo")), "governed", id="missing, policy gives it to nobody"),
        pytest.param(case(governed=seen("gpo", "*S-1-5-32-544")), "governed", id="missing, policy names others"),
        pytest.param(case(governed=seen("gpo", "*" + EXSVC)), "governed", id="missing, policy not in force yet"),
        pytest.param(case("direct"), "none", id="held"),
        pytest.param(case("group"), "none", id="held through a group"),
        pytest.param(case("direct", failure_at=START - HOUR), "none", id="held, failure before this process"),
        pytest.param(case("direct", failure_at=START + HOUR), "restart", id="held, failure of this process"),
        pytest.param(case("direct", failure_at=START), "restart", id="held, failure at the very start"),
        pytest.param(case("direct", probe="missing"), "restart", id="held, probe fails"),
        pytest.param(case("direct", probe="held", failure_at=START + HOUR), "none", id="held, probe works now"),
        pytest.param(case("direct", failure_at=START, started_at=None), "unknown", id="held, start not known"),
        pytest.param(case("direct", failure_at=START + HOUR, running=False), "none", id="held, nothing runs"),
        pytest.param(case("direct", governed=seen("gpo")), "governed", id="held now, policy takes it away"),
        pytest.param(case("direct", governed=seen("gpo", "*" + EXSVC)), "none", id="held by the policy"),
        pytest.param(case("direct", governed=seen("gpo", "corp\\EXSVC")), "none", id="held by the policy, as name"),
        pytest.param(
            case(holding=Holding(TCB, "group", via=("S-1-5-32-544",)), governed=seen("gpo", "*S-1-5-32-544")),
            "none",
            id="held through the policy's group",
        ),
        pytest.param(case(holding=THROUGH), "unknown", id="maybe through a group"),
        pytest.param(case(holding=THROUGH, probe="held"), "none", id="maybe, probe works"),
        pytest.param(case(holding=THROUGH, probe="missing"), "grant", id="maybe, probe fails"),
        pytest.param(case(holding=THROUGH, failure_at=START + HOUR), "grant", id="maybe, this process fails"),
        pytest.param(case(holding=THROUGH, failure_at=START - HOUR), "unknown", id="maybe, an older one failed"),
        pytest.param(
            case(holding=THROUGH, governed=seen("gpo", "*S-1-5-21-1-2-3-2000")), "unknown", id="maybe, by policy"
        ),
        pytest.param(case(holding=THROUGH, governed=seen("gpo")), "governed", id="maybe, policy gives it to nobody"),
        pytest.param(
            case(holding=THROUGH, governed=seen("gpo", "*S-1-5-21-1-2-3-2000"), probe="missing"),
            "governed",
            id="maybe, by policy, probe fails",
        ),
        pytest.param(case("unknown", governed=None), "unknown", id="rights not read"),
        pytest.param(case("unknown", governed=None, probe="missing"), "unknown", id="rights not read, probe fails"),
        pytest.param(case("missing", LOGON), "grant", id="log on as a service, missing"),
        pytest.param(case("unknown", LOGON), "none", id="log on as a service, but it runs"),
        pytest.param(case("unknown", LOGON, running=False), "unknown", id="log on as a service, stopped"),
        pytest.param(case("direct", LOGON, probe="missing"), "none", id="the probe says nothing of a logon right"),
        pytest.param(case("unknown", LOGON, probe="held", running=False), "unknown", id="nor does its success"),
        pytest.param(case(sid="S-1-5-20"), "not_applicable", id="Network Service"),
        pytest.param(case(sid="S-1-5-18", five=False), "not_applicable", id="Local System"),
        pytest.param(case(sid=None, holding=Holding(TCB, "unknown", why="x")), "unknown", id="no account"),
    ],
)
def test_decision_table(given_case: remedy.Case, action: str) -> None:
    found = remedy.decide([given_case])
    assert found.action == action
    assert found.rights == (given_case.holding.right,)
    assert found.services == ("MSExchangeIS",)
    assert found.accounts == ((given_case.sid,) if given_case.sid else ())
    assert found.reason.endswith(".")
    assert ". " not in found.reason, "one sentence"


@pytest.mark.parametrize(
    ("given_case", "words"),
    [
        pytest.param(case(), ["CORP\\exsvc", TCB, "Q171435", "restart MSExchangeIS", "Q189732"], id="grant"),
        pytest.param(case(governed=seen("unknown")), ["Group Policy", "could not be read"], id="policy unknown"),
        pytest.param(case(governed=seen(dc=True)), ["domain controller", "Q272981"], id="domain controller"),
        pytest.param(
            case(governed=seen("gpo", "*S-1-5-32-544")),
            ["Server baseline", f"SeTcbPrivilege = *S-1-5-32-544,*{EXSVC}", "local grant would be undone"],
            id="governed",
        ),
        pytest.param(
            case("direct", governed=seen("gpo")), ["held now will be undone", f"{TCB} = *{EXSVC}"], id="held, governed"
        ),
        pytest.param(case(governed=seen("gpo", "*" + EXSVC)), ["gpupdate", "not in force yet"], id="not in force"),
        pytest.param(
            case("direct", failure_at=START + HOUR),
            ["event of 2026-11-23 07:00:00 UTC", "started at 2026-11-23 06:00:00 UTC", "Q166620"],
            id="restart by event",
        ),
        pytest.param(case("direct", probe="missing"), ["the probe shows"], id="restart by probe"),
        pytest.param(case(holding=THROUGH, through=("CORP\\mail",)), ["through CORP\\mail", "POP3 probe"], id="maybe"),
        pytest.param(
            case(holding=THROUGH, through=("CORP\\mail",), probe="missing"), ["through CORP\\mail"], id="maybe, grant"
        ),
        pytest.param(case("unknown", governed=None, probe="missing"), ["is not known", "fails"], id="unread, fails"),
        pytest.param(case("missing", LOGON), ["needs to start under it"], id="log on as a service"),
        pytest.param(case("unknown", LOGON), ["MSExchangeIS runs under it"], id="it runs"),
        pytest.param(case("direct", running=False), ["does not run under it now"], id="stopped"),
        pytest.param(case(sid="S-1-5-20"), ["Network Service", "Q184205", "service account of its own"], id="5.x"),
        pytest.param(case(sid="S-1-5-18", five=False), ["Local System", "needs no right"], id="newer"),
        pytest.param(case(sid=None, holding=Holding(TCB, "unknown", why="because")), ["because"], id="no account"),
        pytest.param(
            case("direct", failure_at=START, started_at=None), ["could not be read", "POP3 probe"], id="start unknown"
        ),
    ],
)
def test_the_reason_tells(given_case: remedy.Case, words: list[str]) -> None:
    reason = remedy.decide([given_case]).reason
    assert [word for word in words if word not in reason] == []


def test_several_rights_of_one_account_are_one_remedy() -> None:
    found = remedy.decide([case(), case("direct", "SeBackupPrivilege"), case(right="SeRestorePrivilege")])
    assert (found.action, found.rights) == ("grant", (TCB, "SeRestorePrivilege"))
    assert "Restore files and directories" in found.reason
    assert found.accounts == (EXSVC,)


def test_a_policy_comes_before_a_grant() -> None:
    found = remedy.decide([case(), case(right=LOGON, governed=seen("gpo", "*S-1-5-6"))])
    assert (found.action, found.rights) == ("governed", (LOGON,))
    assert found.gpo_lines == (f"{LOGON} = *S-1-5-6,*{EXSVC}",)


def test_two_accounts_in_one_policy_line() -> None:
    other = case(sid="S-1-5-21-1-2-3-1108", account="CORP\\pop", service="MSExchangePOP3", governed=seen("gpo"))
    found = remedy.decide([case(governed=seen("gpo")), other])
    assert found.gpo_lines == (f"{TCB} = *{EXSVC},*S-1-5-21-1-2-3-1108",)
    assert found.services == ("MSExchangeIS", "MSExchangePOP3")


@given(
    st.sampled_from(["direct", "group", "missing", "unknown"]),
    st.sampled_from([TCB, LOGON]),
    st.sampled_from([None, seen(), seen("unknown"), seen("gpo"), seen("gpo", "*" + EXSVC)]),
    st.sampled_from([None, EXSVC, "S-1-5-18", "S-1-5-20"]),
    st.fixed_dictionaries(
        {
            "running": st.booleans(),
            "failure_at": st.sampled_from([None, START - HOUR, START + HOUR]),
            "probe": st.sampled_from(["held", "missing", "unknown"]),
        }
    ),
)
def test_no_grant_where_it_would_do_harm_or_nothing(
    held: str, right: str, governed: Governed | None, sid: str | None, evidence: dict[str, object]
) -> None:
    found = remedy.decide([case(held, right, governed=governed, sid=sid, **evidence)])
    if found.action == "grant":
        assert sid == EXSVC
        assert held == "missing"
        assert governed is None or governed.status != "gpo"
    if found.action == "restart":
        assert held in ("direct", "group")
        assert evidence["running"]
    assert bool(found.gpo_lines) == (found.action == "governed")
