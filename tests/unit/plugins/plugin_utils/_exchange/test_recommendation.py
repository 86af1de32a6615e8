# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recommendation: the decision table, line by line, and what each sentence must tell."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import recommendation
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.effective import Held, Holding
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import Governed, Status

START = datetime.datetime(2026, 11, 23, 6, 0, tzinfo=datetime.timezone.utc)
HOUR = datetime.timedelta(hours=1)
EXSVC = "S-1-5-21-1-2-3-1107"
GUID = "{0A0A0A0A-0000-0000-0000-000000000001}"
TCB, LOGON = "SeTcbPrivilege", "SeServiceLogonRight"


def seen(status: Status = "none_seen", *tokens: str, dc: bool = False) -> Governed:
    guid = GUID if status == "gpo" else None
    name = "Server baseline" if status == "gpo" else None
    return Governed(status, START, guid, name, tokens, domain_controller=dc)


def case(held: Held = "missing", right: str = TCB, **changes: object) -> recommendation.Case:
    plain = recommendation.Case(
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
        pytest.param(case(governed=seen("mdm")), "governed", id="missing, device management sets it"),
        pytest.param(case("direct", governed=seen("mdm")), "none", id="held, device management sets it"),
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
        pytest.param(case("unknown", LOGON, owner_seen=False), "unknown", id="log on as a service, whose process?"),
        pytest.param(case("direct", LOGON, probe="missing"), "none", id="the probe says nothing of a logon right"),
        pytest.param(case("unknown", LOGON, probe="held", running=False), "unknown", id="nor does its success"),
        pytest.param(case(sid="S-1-5-20"), "not_applicable", id="Network Service"),
        pytest.param(case(sid="S-1-5-18", five=False), "not_applicable", id="Local System"),
        pytest.param(case(sid=None, holding=Holding(TCB, "unknown", why="x")), "unknown", id="no account"),
    ],
)
def test_decision_table(given_case: recommendation.Case, action: str) -> None:
    found = recommendation.decide([given_case])
    assert found.action == action
    assert found.rights == (given_case.holding.right,)
    assert found.services == ("MSExchangeIS",)
    assert found.accounts == ((given_case.sid,) if given_case.sid else ())
    assert found.reason.endswith(".")
    assert ". " not in found.reason, "one sentence"


@pytest.mark.parametrize(
    ("given_case", "reason"),
    [
        pytest.param(
            case(),
            "CORP\\exsvc does not hold SeTcbPrivilege (Act as part of the operating system), which Exchange 5.x "
            "needs to check a clear-text POP3 logon (Q171435); restart MSExchangeIS afterwards, for a process "
            "keeps the privileges it started with, and restart the computer if that does not cure it (Q189732).",
            id="grant",
        ),
        pytest.param(
            case(governed=seen("unknown")),
            "CORP\\exsvc does not hold SeTcbPrivilege (Act as part of the operating system), which Exchange 5.x "
            "needs to check a clear-text POP3 logon (Q171435); whether a Group Policy sets this could not be "
            "read; restart MSExchangeIS afterwards, for a process keeps the privileges it started with, and "
            "restart the computer if that does not cure it (Q189732).",
            id="grant, policy unknown",
        ),
        pytest.param(
            case(governed=None, running=False),
            "CORP\\exsvc does not hold SeTcbPrivilege (Act as part of the operating system), which Exchange 5.x "
            "needs to check a clear-text POP3 logon (Q171435); whether a Group Policy sets this could not be read.",
            id="grant, stopped, policies unread",
        ),
        pytest.param(
            case(governed=seen(dc=True)),
            "CORP\\exsvc does not hold SeTcbPrivilege (Act as part of the operating system), which Exchange 5.x "
            "needs to check a clear-text POP3 logon (Q171435); this is a domain controller, and no policy that it "
            "keeps sets this: what every controller shall have belongs in the Domain Controllers' policy "
            "(Q272981); restart MSExchangeIS afterwards, for a process keeps the privileges it started with, and "
            "restart the computer if that does not cure it (Q189732).",
            id="grant, domain controller",
        ),
        pytest.param(
            case("missing", LOGON),
            "CORP\\exsvc does not hold SeServiceLogonRight (Log on as a service), which MSExchangeIS needs to "
            "start under it; restart MSExchangeIS afterwards, for a process keeps the privileges it started with.",
            id="grant, log on as a service",
        ),
        pytest.param(
            case("missing", "SeBackupPrivilege", running=False),
            "CORP\\exsvc does not hold SeBackupPrivilege (Back up files and directories), which was asked for "
            "MSExchangeIS.",
            id="grant, another right",
        ),
        pytest.param(
            case(holding=THROUGH, through=("CORP\\mail", "CORP\\x"), probe="missing", five=False),
            "CORP\\exsvc may hold SeTcbPrivilege (Act as part of the operating system) through CORP\\mail, CORP\\x, "
            "but MSExchangeIS fails for want of it; restart MSExchangeIS afterwards, for a process keeps the "
            "privileges it started with.",
            id="grant, maybe through groups",
        ),
        pytest.param(
            case(governed=seen("gpo", "*S-1-5-32-544")),
            "The Group Policy Server baseline sets SeTcbPrivilege (Act as part of the operating system) without "
            "CORP\\exsvc, so a local grant would be undone at its next refresh: put 'SeTcbPrivilege = "
            "*S-1-5-32-544,*S-1-5-21-1-2-3-1107' under [Privilege Rights] of its GptTmpl.inf (User Rights "
            "Assignment in its editor).",
            id="governed",
        ),
        pytest.param(
            case("direct", governed=seen("gpo")),
            "The Group Policy Server baseline sets SeTcbPrivilege (Act as part of the operating system) without "
            "CORP\\exsvc, so what is held now will be undone at its next refresh: put 'SeTcbPrivilege = "
            "*S-1-5-21-1-2-3-1107' under [Privilege Rights] of its GptTmpl.inf (User Rights Assignment in its "
            "editor).",
            id="governed, held now",
        ),
        pytest.param(
            case(governed=seen("gpo", "*" + EXSVC)),
            "The Group Policy Server baseline gives SeTcbPrivilege (Act as part of the operating system) to "
            "CORP\\exsvc, but it is not in force yet: run gpupdate /target:computer /force, then restart "
            "MSExchangeIS.",
            id="governed, not in force",
        ),
        pytest.param(
            case(governed=Governed("gpo", START, GUID)),
            "The Group Policy {0A0A0A0A-0000-0000-0000-000000000001} sets SeTcbPrivilege (Act as part of the "
            "operating system) without CORP\\exsvc, so a local grant would be undone at its next refresh: put "
            "'SeTcbPrivilege = *S-1-5-21-1-2-3-1107' under [Privilege Rights] of its GptTmpl.inf (User Rights "
            "Assignment in its editor).",
            id="governed, no name",
        ),
        pytest.param(
            case(governed=Governed("gpo", START)),
            "The Group Policy without a name sets SeTcbPrivilege (Act as part of the operating system) without "
            "CORP\\exsvc, so a local grant would be undone at its next refresh: put 'SeTcbPrivilege = "
            "*S-1-5-21-1-2-3-1107' under [Privilege Rights] of its GptTmpl.inf (User Rights Assignment in its "
            "editor).",
            id="governed, neither name nor GUID",
        ),
        pytest.param(
            case(holding=THROUGH, governed=seen("gpo", "*S-1-5-21-1-2-3-2000"), probe="missing"),
            "The Group Policy Server baseline sets SeTcbPrivilege (Act as part of the operating system) without "
            "CORP\\exsvc, so what is held now will be undone at its next refresh: put 'SeTcbPrivilege = "
            "*S-1-5-21-1-2-3-2000,*S-1-5-21-1-2-3-1107' under [Privilege Rights] of its GptTmpl.inf (User Rights "
            "Assignment in its editor).",
            id="governed, its group is not the account's",
        ),
        pytest.param(
            case("direct", failure_at=START + HOUR),
            "CORP\\exsvc holds SeTcbPrivilege (Act as part of the operating system), but an event of 2026-11-23 "
            "07:00:00 UTC shows that the process of MSExchangeIS, started at 2026-11-23 06:00:00 UTC, does not "
            "have it: a process keeps the privileges it started with; a logon that Exchange still remembers can "
            "hide fault and cure for 15 to 120 minutes (Q166620).",
            id="restart by event",
        ),
        pytest.param(
            case("direct", probe="missing", five=False),
            "CORP\\exsvc holds SeTcbPrivilege (Act as part of the operating system), but the probe shows that the "
            "process of MSExchangeIS, started at 2026-11-23 06:00:00 UTC, does not have it: a process keeps the "
            "privileges it started with.",
            id="restart by probe",
        ),
        pytest.param(
            case("direct", probe="missing", started_at=None, five=False),
            "CORP\\exsvc holds SeTcbPrivilege (Act as part of the operating system), but the probe shows that the "
            "process of MSExchangeIS, started at an unknown time, does not have it: a process keeps the "
            "privileges it started with.",
            id="restart, start unknown",
        ),
        pytest.param(
            case(holding=THROUGH, through=("CORP\\mail", "CORP\\x")),
            "Whether CORP\\exsvc holds SeTcbPrivilege (Act as part of the operating system) through CORP\\mail, "
            "CORP\\x is not known (cannot be seen): run the POP3 probe to see.",
            id="unknown, maybe through a group",
        ),
        pytest.param(
            case("unknown", governed=None, probe="missing"),
            "MSExchangeIS fails for want of SeTcbPrivilege (Act as part of the operating system), and whether "
            "CORP\\exsvc holds it is not known (this could not be read).",
            id="unknown, unread and it fails",
        ),
        pytest.param(
            case("unknown", LOGON, running=False),
            "Whether CORP\\exsvc holds SeServiceLogonRight (Log on as a service) is not known (this could not be "
            "read): its next start will tell.",
            id="unknown, log on as a service",
        ),
        pytest.param(
            case(sid=None, holding=Holding(TCB, "unknown", why="because")),
            "Which account MSExchangeIS runs under could not be found out: because.",
            id="unknown, no account",
        ),
        pytest.param(
            case("direct", failure_at=START, started_at=None),
            "CORP\\exsvc holds SeTcbPrivilege (Act as part of the operating system), and an event of 2026-11-23 "
            "06:00:00 UTC says it was missing, but when the process of MSExchangeIS started could not be read: "
            "run the POP3 probe.",
            id="unknown, start not known",
        ),
        pytest.param(
            case("direct"),
            "CORP\\exsvc holds SeTcbPrivilege (Act as part of the operating system), and nothing shows that it "
            "lacks it; a logon that Exchange still remembers can hide fault and cure for 15 to 120 minutes "
            "(Q166620).",
            id="none",
        ),
        pytest.param(
            case("direct", running=False, five=False),
            "CORP\\exsvc holds SeTcbPrivilege (Act as part of the operating system), and nothing shows that it "
            "lacks it; MSExchangeIS does not run under it now.",
            id="none, stopped",
        ),
        pytest.param(
            case(holding=THROUGH, probe="held"),
            "CORP\\exsvc has what SeTcbPrivilege (Act as part of the operating system) gives: the probe logged on.",
            id="none, the probe logged on",
        ),
        pytest.param(
            case("unknown", LOGON),
            "CORP\\exsvc has what SeServiceLogonRight (Log on as a service) gives: MSExchangeIS runs under it.",
            id="none, it runs",
        ),
        pytest.param(
            case(sid="S-1-5-20"),
            "MSExchangeIS runs under the built-in account Network Service, which is not for Exchange 5.x "
            "(Q184205): run it under a service account of its own, a right is never granted to a built-in "
            "account.",
            id="not applicable, 5.x",
        ),
        pytest.param(
            case(sid="S-1-5-18", five=False),
            "Local System, the account of MSExchangeIS, is built in and needs no right beyond what Windows gives it.",
            id="not applicable, newer",
        ),
    ],
)
def test_the_reason_word_by_word(given_case: recommendation.Case, reason: str) -> None:
    assert recommendation.decide([given_case]).reason == reason


def test_several_rights_of_one_account_are_one_remedy() -> None:
    found = recommendation.decide([case(), case("direct", "SeBackupPrivilege"), case(right="SeRestorePrivilege")])
    assert (found.action, found.rights) == ("grant", (TCB, "SeRestorePrivilege"))
    assert "Restore files and directories" in found.reason
    assert found.accounts == (EXSVC,)


HELD, HERE = case("direct"), case("direct", probe="missing")
DOUBT, BUILT_IN = case(holding=THROUGH), case(sid="S-1-5-18", five=False)


@pytest.mark.parametrize(
    ("cases", "action"),
    [
        ([HELD, HERE], "restart"),
        ([HELD, HERE, DOUBT], "unknown"),
        ([HELD, DOUBT, case()], "grant"),
        ([BUILT_IN, HELD], "none"),
    ],
)
def test_the_most_pressing_comes_first(cases: list[recommendation.Case], action: str) -> None:
    assert recommendation.decide(cases).action == recommendation.decide(cases[::-1]).action == action


def test_everybody_and_everything_concerned_is_in_the_sentence() -> None:
    other = case(right=LOGON, sid="S-1-5-21-1-2-3-1108", account="CORP\\pop", service="MSExchangePOP3")
    assert recommendation.decide([replace(case(), five=False), other]).reason == (
        "CORP\\exsvc and CORP\\pop do not hold SeTcbPrivilege (Act as part of the operating system) and "
        "SeServiceLogonRight (Log on as a service), which was asked for MSExchangeIS; restart MSExchangeIS and "
        "MSExchangePOP3 afterwards, for a process keeps the privileges it started with."
    )
    governed = [replace(one, governed=seen("gpo")) for one in (case(), other)]
    lines = f"'{TCB} = *{EXSVC}' and '{LOGON} = *S-1-5-21-1-2-3-1108'"
    assert f"put {lines} under [Privilege Rights]" in recommendation.decide(governed).reason


@pytest.mark.parametrize(
    ("first", "words"),
    [
        pytest.param(case("direct"), " hold SeTcbPrivilege *, and nothing shows that they lack it;", id="none"),
        pytest.param(case("direct", probe="missing"), " hold SeTcbPrivilege *, but the probe shows", id="restart"),
        pytest.param(case("direct", failure_at=START, started_at=None), " hold SeTcbPrivilege *, and an", id="start"),
        pytest.param(case(holding=THROUGH, probe="held"), " have what SeTcbPrivilege * gives:", id="by proof"),
        pytest.param(case(holding=THROUGH), " hold SeTcbPrivilege * is not known", id="unknown"),
        pytest.param(case("unknown", governed=None, probe="missing"), " hold it is not known", id="unread, it fails"),
        pytest.param(case(), " do not hold SeTcbPrivilege *, which", id="grant"),
    ],
)
def test_two_accounts_take_the_plural(first: recommendation.Case, words: str) -> None:
    reason = recommendation.decide([first, replace(first, account="CORP\\pop", sid="S-1-5-21-1-2-3-1108")]).reason
    told = reason.replace("(Act as part of the operating system)", "*")
    assert f"CORP\\exsvc and CORP\\pop{words}" in told


def test_a_policy_comes_before_a_grant() -> None:
    found = recommendation.decide([case(), case(right=LOGON, governed=seen("gpo", "*S-1-5-6"))])
    assert (found.action, found.rights) == ("governed", (LOGON,))
    assert found.gpo_lines == (f"{LOGON} = *S-1-5-6,*{EXSVC}",)


def test_two_accounts_in_one_policy_line() -> None:
    other = case(sid="S-1-5-21-1-2-3-1108", account="CORP\\pop", service="MSExchangePOP3", governed=seen("gpo"))
    found = recommendation.decide([case(governed=seen("gpo")), other])
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
    held: Held, right: str, governed: Governed | None, sid: str | None, evidence: dict[str, object]
) -> None:
    found = recommendation.decide([case(held, right, governed=governed, sid=sid, **evidence)])
    if found.action == "grant":
        assert sid == EXSVC
        assert held == "missing"
        assert governed is None or governed.status != "gpo"
    if found.action == "restart":
        assert held in ("direct", "group")
        assert evidence["running"]
    assert bool(found.gpo_lines) == (found.action == "governed")
