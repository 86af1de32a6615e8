# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of accounts: each lookup gives the right SID, or a refusal that names what was tried, before any change.

What was granted is what the lab holds; the lab's own rules say which SID a name has.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller, Outcome
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running

RIGHT = "SeCreatePermanentPrivilege"
CORP = "S-1-5-21-2840394521-1093752863-3410756322"
MEMBER = "S-1-5-21-2315843530-1563403064-648863213"
EXSVC, GMSA = f"{CORP}-1107", f"{CORP}-1130"
SERVICES, POOLS = "S-1-5-80", "S-1-5-82"
# Computed SIDs as real exports print them (captures 05 and 07).
TRUSTED_INSTALLER = f"{SERVICES}-956008885-3418522649-1831038044-1853292631-2271478464"
WDI_SERVICE_HOST = f"{SERVICES}-3139157870-2983391045-3678747466-658725712-1809340420"
DEFAULT_APP_POOL = f"{POOLS}-3006700770-424185619-1745488364-794895919-4004696415"
SPOOLER = "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229"  # captures 05 and 18


@pytest.fixture
def lab(rights_lab: RunningLab) -> RunningLab:
    """Here every host is one of the scenario ``rights``."""
    return rights_lab


def granted(lab: RunningLab, host: str, *accounts: str) -> tuple[Outcome, list[str]]:
    """Grant a right that nobody holds; the outcome, and who holds it then by the lab."""
    before = rights_of(lab, host)
    assert RIGHT not in before
    outcome = Controller(lab, host).run("user_right", name=RIGHT, accounts=list(accounts))
    after = rights_of(lab, host)
    holders = after.pop(RIGHT, [])
    assert after == before, "another right moved"
    return outcome, holders


def sid_in(lab: RunningLab, host: str, name: str) -> str:
    """The SID of a name by the lab's own LSA."""

    def ask(computer: Any) -> str:
        return str(computer.machine.lsa.name_to_sid(name).sid)

    return lab.computer(host).call(ask)


def lines_of(lab: RunningLab, host: str) -> str:
    """Everything that was said to a host, in one text."""
    return "\n".join(str(exchange.request) for exchange in lab.transcript(host))


LOOKUPS = [
    pytest.param("member", "NT SERVICE\\TrustedInstaller", TRUSTED_INSTALLER, id="TrustedInstaller"),
    pytest.param("member", "nt service\\wdiservicehost", WDI_SERVICE_HOST, id="WdiServiceHost"),
    pytest.param("member", "IIS APPPOOL\\DefaultAppPool", DEFAULT_APP_POOL, id="DefaultAppPool"),
    pytest.param("member", "Everyone", "S-1-1-0", id="Everyone"),
    pytest.param("member", "NT SERVICE\\ALL SERVICES", f"{SERVICES}-0", id="all services"),
    pytest.param("german", "Administrators", "S-1-5-32-544", id="English on German"),
    pytest.param("german", "BUILTIN\\Users", "S-1-5-32-545", id="English qualified on German"),
    pytest.param("german", "NT AUTHORITY\\NETWORK SERVICE", "S-1-5-20", id="English authority on German"),
    pytest.param("german", "Administratoren", "S-1-5-32-544", id="German on German"),
    pytest.param("german", "Service", "S-1-5-6", id="a word that German has otherwise"),
    pytest.param("german", "Network", "S-1-5-2", id="another such word"),
    pytest.param("german", "Local", "S-1-2-0", id="a third one"),
    pytest.param("german", "Self", "S-1-5-10", id="a fourth one"),
    pytest.param("german", "Batch", "S-1-5-3", id="a word that German has as well"),
    pytest.param("german", "Dienst", "S-1-5-6", id="the German word"),
    pytest.param("member", "Service", "S-1-5-6", id="an English word in English"),
    pytest.param("dc", "Service", "S-1-5-6", id="a word on a controller"),
    pytest.param("german", "Local account", "S-1-5-113", id="English words on German"),
    pytest.param("member", "RESTRICTED SERVICES\\PrintSpoolerService", SPOOLER, id="restricted service"),
    pytest.param("member", "NT VIRTUAL MACHINE\\Virtual Machines", "S-1-5-83-0", id="virtual machines"),
    pytest.param("dc", "exsvc", EXSVC, id="plain on a controller"),
    pytest.param("member", ".\\exsvc", f"{MEMBER}-1003", id="local"),
    pytest.param("member", "MEMBER\\exsvc", f"{MEMBER}-1003", id="computer name"),
    pytest.param("member", "member\\EXSVC", f"{MEMBER}-1003", id="computer name, case"),
    pytest.param("member", ".\\Mail Operators", f"{MEMBER}-1010", id="local group with blank"),
    pytest.param("member", "CORP\\exsvc", EXSVC, id="domain"),
    pytest.param("member", "corp.example\\exsvc", EXSVC, id="DNS domain"),
    pytest.param("member", "exsvc@corp.example", EXSVC, id="UPN"),
    pytest.param("member", "CORP\\gmsapop$", GMSA, id="gMSA"),
    pytest.param("member", ".\\R&D", f"{MEMBER}-1004", id="ampersand"),
    pytest.param("member", ".\\O'Neill", f"{MEMBER}-1005", id="apostrophe"),
    pytest.param("member", ".\\Müller", f"{MEMBER}-1006", id="umlaut"),
    pytest.param("member", ".\\SQLServer2005SQLBrowserUser$MEMBER", f"{MEMBER}-1011", id="dollar inside"),
    pytest.param("member", f"*{EXSVC.lower()}", EXSVC, id="SID with asterisk, lower"),
    pytest.param("member", "S-1-5-21-1-2-3-4", "S-1-5-21-1-2-3-4", id="SID of nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("host", "written", "sid"), LOOKUPS)
def test_each_rung_gives_the_sid_of_the_account(lab: RunningLab, host: str, written: str, sid: str) -> None:
    outcome, holders = granted(lab, host, written)
    assert outcome.failed is None
    assert holders == [sid]
    assert outcome.result["rights"][0]["added"] == [sid]


@pytest.mark.parametrize("name", ["R&D^2", "O'Neill (x)", "a b", "käse", "x^y", "tilde~#{}", "ÅÄÖ"])
@pytest.mark.parametrize("scope", ["local", "domain"])
def test_odd_letters_reach_the_account_and_nothing_else(lab: RunningLab, name: str, scope: str) -> None:
    """A name is data: the command line must carry it and never run a part of it."""

    def add(computer: Any) -> str:
        machine = computer.machine
        authority = machine.local if scope == "local" else machine.domain
        [sample] = [account for account in authority if account.name == "exsvc"]
        account = type(sample)(name=name, sid=f"{authority.sid}-4711", kind=sample.kind)
        authority.add(account)
        return f"{'.' if scope == 'local' else authority.netbios}\\{name}"

    written = lab.computer("member").call(add)
    outcome, holders = granted(lab, "member", written)
    assert outcome.failed is None
    assert holders == [f"{MEMBER if scope == 'local' else CORP}-4711"]


@pytest.mark.parametrize(
    "world",
    [
        pytest.param({"icacls_save_bom": "yes"}, id="BOM"),
        pytest.param({"icacls_save_bom": "no"}, id="no BOM"),
        pytest.param({"icacls_aliases": "yes"}, id="aliases"),
        pytest.param({"icacls_aliases": "no"}, id="no aliases"),
    ],
)
@pytest.mark.parametrize(
    ("written", "sid"),
    [
        pytest.param("CORP\\Domain Admins", f"{CORP}-512", id="DA"),
        pytest.param("CORP\\Domain Users", f"{CORP}-513", id="DU"),
        pytest.param("CORP\\exsvc", EXSVC, id="no alias"),
    ],
)
def test_what_icacls_saves_is_understood_in_every_form(world: dict[str, str], written: str, sid: str) -> None:
    with running(scenario="rights", worlds=world) as lab:
        outcome, holders = granted(lab, "member", written)
    assert outcome.failed is None
    assert holders == [sid]


@pytest.mark.parametrize("icacls", ["blocked", "fat"])
@pytest.mark.parametrize("written", ["CORP\\exsvc", "exsvc@corp.example", "CORP\\gmsapop$"])
def test_the_private_database_answers_where_icacls_cannot_and_is_never_applied(icacls: str, written: str) -> None:
    with running(scenario="rights", worlds={"icacls_available": icacls}) as lab:
        before = lab.computer("member").snapshot()["groups"]
        outcome, holders = granted(lab, "member", written)
        said = lines_of(lab, "member")
        groups = lab.computer("member").snapshot()["groups"]
    assert outcome.failed is None
    assert holders == [GMSA if "gmsa" in written else EXSVC]
    databases = set(re.findall(r"winmail-\S+?\.q\.sdb", said))
    assert databases, "the private database was not asked"
    configured = re.findall(r"secedit\.exe[^&]*?/configure[^&]*", said)
    assert configured
    assert not [line for line in configured if ".q." in line or any(name in line for name in databases)]
    assert groups == before, "a template with [Group Membership] was applied"


@pytest.mark.parametrize("icacls", ["blocked", "fat"])
def test_an_unknown_name_is_refused_by_the_last_rung_too(icacls: str) -> None:
    with running(scenario="rights", worlds={"icacls_available": icacls}) as lab:
        outcome, holders = granted(lab, "member", "CORP\\nobody")
    assert holders == []
    assert outcome.failed is not None
    for lookup in ("CORP\\nobody", "icacls could not be asked", "private database"):
        assert lookup in outcome.failed


@pytest.mark.parametrize(
    ("host", "written", "lookup"),
    [
        pytest.param("member", "CORP\\nobody", "icacls", id="domain"),
        pytest.param("member", ".\\nobody", "CIM", id="local"),
        pytest.param("member", "NOSUCH\\exsvc", "icacls", id="other domain"),
        pytest.param("member", "nobody@corp.example", "icacls", id="UPN"),
        pytest.param("dc", ".\\exsvc", "domain controller", id="local on a controller"),
        pytest.param("member", "CORP\\", "DOMAIN\\name", id="no name"),
    ],
)
def test_a_name_that_nobody_knows_names_the_rungs_and_changes_nothing(
    lab: RunningLab, host: str, written: str, lookup: str
) -> None:
    outcome, holders = granted(lab, host, "S-1-5-19", written)
    assert holders == []
    assert outcome.failed is not None
    assert written in outcome.failed
    assert lookup in outcome.failed


@pytest.mark.parametrize(
    ("written", "sid"),
    [
        pytest.param("CORP\\exsvc", EXSVC, id="domain"),
        pytest.param(".\\exsvc", None, id="local"),
        pytest.param("SAMENAME\\exsvc", None, id="by computer"),
    ],
)
def test_a_local_and_a_domain_account_of_one_name_are_never_confused(
    lab: RunningLab, written: str, sid: str | None
) -> None:
    wanted = sid or sid_in(lab, "samename", "SAMENAME\\exsvc")
    outcome, holders = granted(lab, "samename", written)
    assert outcome.failed is None
    assert holders == [wanted]
    taken = Controller(lab, "samename").run(
        "user_right", name="SeServiceLogonRight", accounts=[written], state="absent"
    )
    assert taken.result["rights"][0]["removed"] == [wanted]
    twins = {EXSVC, sid_in(lab, "samename", "SAMENAME\\exsvc")}
    assert twins & set(rights_of(lab, "samename")["SeServiceLogonRight"]) == twins - {wanted}


def test_a_holder_whose_name_looks_like_a_sid_or_a_variable_survives_a_rewrite(lab: RunningLab) -> None:
    """Local accounts called ``S-1-5-18`` and ``100%windir%`` hold the right that is rewritten."""
    before = rights_of(lab, "samename")
    outcome = Controller(lab, "samename").run("user_right", name="SeBatchLogonRight", accounts=["CORP\\exsvc"])
    assert outcome.failed is None
    after = rights_of(lab, "samename")
    assert sorted([*before["SeBatchLogonRight"], EXSVC]) == after["SeBatchLogonRight"]
    assert "S-1-5-18" not in after["SeBatchLogonRight"]


def test_an_account_called_like_a_sid_can_be_meant_by_its_computer(lab: RunningLab) -> None:
    outcome, holders = granted(lab, "samename", ".\\S-1-5-18")
    assert outcome.failed is None
    assert holders == [sid_in(lab, "samename", "SAMENAME\\S-1-5-18")]


@pytest.mark.parametrize("written", [".\\100%windir%", 'CORP\\a"b', "CORP\\a\nb", "CORP\\a\x00b", "a/b", "CORP\\a|b"])
def test_what_no_command_line_can_carry_is_refused_without_a_request(lab: RunningLab, written: str) -> None:
    lab.clear_requests()
    outcome = Controller(lab, "samename").run("user_right", name=RIGHT, accounts=[written])
    assert outcome.failed is not None
    assert lab.requests("samename") == 0


def test_forty_names_in_one_task_are_all_found(lab: RunningLab) -> None:
    """More names than one command line holds."""

    def add(computer: Any) -> list[str]:
        domain = computer.machine.domain
        [sample] = [account for account in domain if account.name == "exsvc"]
        names = [f"a rather long name {number:02}" for number in range(40)]
        for number, name in enumerate(names):
            domain.add(type(sample)(name=name, sid=f"{domain.sid}-{5000 + number}", kind=sample.kind))
        return [f"CORP\\{name}" for name in names]

    names = lab.computer("member").call(add)
    outcome, holders = granted(lab, "member", *names)
    assert outcome.failed is None
    assert holders == [f"{CORP}-{5000 + number}" for number in range(40)]
