# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WMI classes of the lab against docs/sources.md S1, S5, S6, S7, S8, S9, S10."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.unit.lab.windows.asking import Ask, Asker
from lab.seams import Caller, CimReference, CimValue, WmiError
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Admin = Callable[[Computer], Caller]
CIMV2 = "root/cimv2"
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"


@pytest.mark.parametrize(
    ("name", "role", "product"),
    [("member", 3, 3), ("workgroup", 2, 3), ("dc", 5, 2)],
)
def test_domain_role_and_product_type(ask: Ask, name: str, role: int, product: int) -> None:
    asker = ask(name)
    assert asker.query("select DomainRole from Win32_ComputerSystem") == [{"DomainRole": role}]
    assert asker.get("Win32_OperatingSystem")["ProductType"] == product


def test_named_columns_come_projected_and_in_alphabetical_order(ask: Ask) -> None:
    asker = ask("exch50", "pop3")
    result = asker.computer.query(asker.caller, CIMV2, "select State,Name from win32_service where Name='msexchangeis'")
    assert result.projected
    assert list(result.instances[0].properties) == ["Name", "State"]
    whole = asker.computer.query(asker.caller, CIMV2, "select * from Win32_Service")
    assert not whole.projected
    assert "StartName" in whole.instances[0].properties


@pytest.mark.parametrize(
    ("wql", "kind"),
    [
        ("select * from Win32_Nothing", "invalid_class"),
        ("select Nothing from Win32_Service", "invalid_query"),
        ("select * from Win32_Service where Nothing=1", "invalid_query"),
        ("selec * from Win32_Service", "invalid_query"),
        ("select * from Win32_Service where", "invalid_query"),
        ("select * from Win32_SID", "failed"),
    ],
)
def test_bad_queries(ask: Ask, wql: str, kind: str) -> None:
    with pytest.raises(WmiError) as refusal:
        ask("exch50", "pop3").query(wql)
    assert refusal.value.kind == kind


def test_bad_namespace_and_missing_instance(ask: Ask) -> None:
    asker = ask()
    with pytest.raises(WmiError) as refusal:
        asker.query("select * from X", "root/nowhere")
    assert refusal.value.kind == "invalid_namespace"
    with pytest.raises(WmiError) as refusal:
        asker.get("Win32_Service", Name="nope")
    assert (refusal.value.kind, refusal.value.parameter) == ("not_found", 'Win32_Service.Name="nope"')
    with pytest.raises(WmiError) as refusal:
        asker.invoke("Win32_Service.StartService", {"Name": "nope"})
    assert (refusal.value.kind, refusal.value.operation) == ("not_found", "ExecMethod")
    with pytest.raises(WmiError) as refusal:
        asker.invoke("Win32_Service.Fly", {"Name": "W32Time"})
    assert refusal.value.kind == "invalid_method"


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("Name like 'MSExchange%' and State='Running' and not Name='MSExchangeIS'", 4),
        ("Name like 'MSExchangeI_'", 1),
        ("Name like '[A-M]SExchangeIS'", 1),
        ("(Name='MSExchangeIS' or Name='MSExchangeSA')", 2),
        ("ProcessId > 0 and Name like 'MSExchange%'", 5),
        ("ProcessId <> 0 and StartName = 'corp\\\\EXSVC'", 5),
        ("Started = TRUE and Name like 'MSExchange%'", 5),
        ("InstallDate is null and Name like 'MSExchange%'", 5),
        ("InstallDate is not null", 0),
        ('Name = "MSExchangeIS"', 1),
    ],
)
def test_conditions_of_wql(ask: Ask, condition: str, names: int) -> None:
    assert len(ask("exch50", "pop3").query(f"select Name from Win32_Service where {condition}")) == names


def test_who_is_no_administrator_is_refused_services(make: Make) -> None:
    computer = make("notadmin")
    asker = Asker(computer, computer.logon("CORP", "pop3test"))
    assert asker.query("select Version from Win32_OperatingSystem")
    with pytest.raises(WmiError) as refusal:
        asker.query("select * from Win32_Service")
    assert refusal.value.kind == "access_denied"


def test_who_is_nobody_is_refused_the_namespace(make: Make) -> None:
    computer = make("member")
    asker = Asker(computer, computer.logon("CORP", "pop3test"))
    with pytest.raises(WmiError) as refusal:
        asker.query("select Version from Win32_OperatingSystem")
    assert refusal.value.kind == "access_denied"


# Services and processes


def settle(asker: Asker, seconds: float = 5) -> None:
    asker.computer.advance(seconds)


def state(asker: Asker, name: str) -> CimValue:
    return asker.get("Win32_Service", Name=name)["State"]


def test_stopping_and_starting_goes_through_pending_states(ask: Ask) -> None:
    asker = ask("exch50", "pop3")
    stop, start = "Win32_Service.StopService", "Win32_Service.StartService"
    assert asker.invoke(stop, {"Name": "MSExchangeIS"})["ReturnValue"] == 3
    assert asker.invoke(stop, {"Name": "MSExchangeIMC"})["ReturnValue"] == 0
    assert state(asker, "MSExchangeIMC") == "Stop Pending"
    assert asker.invoke(stop, {"Name": "MSExchangeIMC"})["ReturnValue"] == 5
    settle(asker)
    assert state(asker, "MSExchangeIMC") == "Stopped"
    assert asker.get("Win32_Service", Name="MSExchangeIMC")["ProcessId"] == 0
    assert asker.invoke(start, {"Name": "MSExchangeIMC"})["ReturnValue"] == 0
    settle(asker)
    assert asker.invoke(start, {"Name": "MSExchangeIMC"})["ReturnValue"] == 10


def test_a_process_keeps_the_privileges_it_started_with(ask: Ask) -> None:
    asker = ask("exch50", "pop3")
    machine = asker.computer.machine
    machine.rights.grant("SeTcbPrivilege", EXSVC)
    store = machine.services.get("MSExchangeIMC")
    assert store is not None
    assert store.process is not None
    assert "SeTcbPrivilege" not in store.process.privileges
    asker.invoke("Win32_Service.StopService", {"Name": "MSExchangeIMC"})
    settle(asker)
    asker.invoke("Win32_Service.StartService", {"Name": "MSExchangeIMC"})
    settle(asker)
    assert "SeTcbPrivilege" in store.process.privileges


@pytest.mark.parametrize(
    ("change", "code"),
    [("no right", 15), ("disabled", 14), ("denied", 15)],
)
def test_a_start_that_is_refused(ask: Ask, change: str, code: int) -> None:
    asker = ask("gen2019custom", "generations")
    service = asker.computer.machine.services.get("MSExchangePOP3")
    assert service is not None
    asker.invoke("Win32_Service.StopService", {"Name": "MSExchangePOP3"})
    settle(asker)
    sid = "S-1-5-21-2840394521-1093752863-3410756322-1111"
    if change == "no right":
        asker.computer.machine.rights.revoke("SeServiceLogonRight", sid)
    elif change == "denied":
        asker.computer.machine.rights.grant("SeDenyServiceLogonRight", sid)
    else:
        service.start_mode = "Disabled"
    assert asker.invoke("Win32_Service.StartService", {"Name": "MSExchangePOP3"})["ReturnValue"] == code


def test_a_service_that_does_not_stop_stays_pending(ask: Ask) -> None:
    asker = ask("gen55stuck", "generations")
    assert asker.invoke("Win32_Service.StopService", {"Name": "MSExchangeIMC"})["ReturnValue"] == 0
    settle(asker, 3600)
    assert state(asker, "MSExchangeIMC") == "Stop Pending"


def test_code_7_may_still_stop_later(ask: Ask) -> None:
    asker = ask("exch50", "pop3", stop_service_timing="timeout")
    assert asker.invoke("Win32_Service.StopService", {"Name": "MSExchangeIMC"})["ReturnValue"] == 7
    settle(asker)
    assert state(asker, "MSExchangeIMC") == "Stopped"


@pytest.mark.parametrize(
    ("role", "names"),
    [("Antecedent", {"MSExchangeIMC"}), ("Dependent", {"MSExchangeDS"})],
)
def test_dependent_services_in_both_directions(ask: Ask, role: str, names: set[str]) -> None:
    asker = ask("exch50", "pop3")
    store = CimReference(CIMV2, "Win32_Service", {"Name": "MSExchangeIS"})
    found = asker.computer.associators(asker.caller, store, "Win32_DependentService", "Win32_Service", role, "")
    assert {i.properties["Name"] for i in found.instances} == names


def test_nothing_associated_is_an_empty_list(ask: Ask) -> None:
    asker = ask("exch50", "pop3")
    last = CimReference(CIMV2, "Win32_Service", {"Name": "MSExchangeIMC"})
    found = asker.computer.associators(asker.caller, last, "Win32_DependentService", "", "Antecedent", "")
    assert found.instances == ()


def test_the_owner_of_a_service_process(ask: Ask) -> None:
    asker = ask("exch50", "pop3")
    pid = asker.get("Win32_Service", Name="MSExchangeIS")["ProcessId"]
    found = asker.invoke("Win32_Process.GetOwnerSid", {"Handle": str(pid)})
    assert found == {"ReturnValue": 0, "Sid": EXSVC}
    created = asker.get("Win32_Process", Handle=str(pid))["CreationDate"]
    assert isinstance(created, dt.datetime)
    denied = ask("exch50", "pop3", owner_sid="denied")
    assert denied.invoke("Win32_Process.GetOwnerSid", {"Handle": str(pid)})["ReturnValue"] == 2


# Accounts


def test_local_accounts_by_both_keys_in_any_case(ask: Ask) -> None:
    asker = ask()
    found = asker.get("win32_useraccount", domain="member", NAME="FIRST.LAST")
    assert found["SID"] == "S-1-5-21-2315843530-1563403064-648863213-1002"
    assert found["LocalAccount"] is True
    assert asker.get("Win32_Group", Domain="MEMBER", Name="Administrators")["SID"] == "S-1-5-32-544"


@pytest.mark.parametrize(
    ("class_name", "domain", "name"),
    [
        ("Win32_UserAccount", "CORP", "exsvc"),
        ("Win32_Group", "CORP", "Domain Admins"),
        ("Win32_UserAccount", "MEMBER", "nobody"),
        ("Win32_UserAccount", "MEMBER", "Administrators"),
    ],
)
def test_domain_accounts_are_not_seen_and_missing_ones_are_faults(
    ask: Ask, class_name: str, domain: str, name: str
) -> None:
    with pytest.raises(WmiError) as refusal:
        ask().get(class_name, Domain=domain, Name=name)
    assert refusal.value.kind == "not_found"


def test_a_query_that_walks_the_forest_takes_minutes_in_that_world(ask: Ask) -> None:
    asker = ask(cim_domain_accounts="slow")
    asker.query("select Name from Win32_UserAccount where Name='x'")
    assert asker.computer.cim_seconds >= 120


def test_accounts_of_a_domain_controller_are_the_domains(ask: Ask) -> None:
    found = ask("dc").get("Win32_UserAccount", Domain="CORP", Name="exsvc")
    assert (found["SID"], found["LocalAccount"]) == (EXSVC, False)


def test_derived_classes_come_with_their_base(ask: Ask) -> None:
    sids = {row["SID"] for row in ask().query("select SID from Win32_Account where LocalAccount=TRUE")}
    assert {"S-1-5-32-544", "S-1-5-20", "S-1-5-21-2315843530-1563403064-648863213-1010"} <= sids


@pytest.mark.parametrize(("world", "count"), [("missing", 2), ("listed", 3)])
def test_members_of_a_group_have_names_not_sids(ask: Ask, world: str, count: int) -> None:
    asker = ask(group_member_orphans=world)
    group = asker.computer.machine.local.by_name("Mail Operators")
    assert group is not None
    group.members.append("S-1-5-21-1-2-3-4")
    reference = CimReference(CIMV2, "Win32_Group", {"Domain": "MEMBER", "Name": "Mail Operators"})
    found = asker.computer.associators(asker.caller, reference, "Win32_GroupUser", "", "GroupComponent", "")
    members = {(i.properties["Domain"], i.properties["Name"]): i.properties["SID"] for i in found.instances}
    assert len(members) == count
    assert members["CORP", "exsvc"] is None
    assert members["MEMBER", "first.last"] == "S-1-5-21-2315843530-1563403064-648863213-1002"


def test_groups_of_an_account(ask: Ask) -> None:
    asker = ask()
    reference = CimReference(CIMV2, "Win32_UserAccount", {"Domain": "CORP", "Name": "exsvc"})
    found = asker.computer.associators(asker.caller, reference, "Win32_GroupUser", "Win32_Group", "PartComponent", "")
    assert [i.properties["Name"] for i in found.instances] == ["Mail Operators"]


def test_a_profile_that_is_not_there_faults_with_80070002(ask: Ask) -> None:
    assert ask().get("Win32_UserProfile", SID="S-1-5-18")["Special"] is True
    with pytest.raises(WmiError, match="0x80070002"):
        ask().get("Win32_UserProfile", SID="S-1-5-21-1-2-3-4")
