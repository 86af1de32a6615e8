# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole Host on computers of the lab: what it says of itself, of services, policies, groups, registry, events."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, UnreachableError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Computer,
    EventQuery,
    GroupMembers,
    RegistryQuery,
    RightsQuery,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.host import WinrmHost
from ansible_collections.winmail.exchange.tests.support import messages
from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.support.messages import fragment

Make = Callable[..., Desk]


@pytest.mark.parametrize(
    ("name", "role", "controller", "joined"),
    [("member", 3, False, True), ("dc", 5, True, True), ("workgroup", 2, False, False)],
)
def test_a_computer_says_once_who_it_is(make: Make, name: str, role: int, controller: bool, joined: bool) -> None:
    desk = make(name)
    host = desk.host()
    computer = host.computer()
    assert (computer.name.lower(), computer.role, computer.domain_controller) == (name, role, controller)
    assert computer.part_of_domain is joined
    assert host.computer() is computer
    assert desk.messages == ["Enumerate"]


def test_the_operating_system_comes_with_its_clock_in_utc(make: Make) -> None:
    desk = make()
    system = desk.host().operating_system()
    assert system.product_type == 3
    assert system.version == desk.computer.machine.version
    assert system.local_time is not None
    assert abs((system.local_time - desk.computer.machine.clock.now()).total_seconds()) < 5


class Wire:
    """A transport that gives the same answer to everything."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def send(self, _message: str) -> bytes:
        return self.answer


def on(answer: bytes) -> WinrmHost:
    return WinrmHost(Wire(answer))  # type: ignore[arg-type]  # stands for Transport


@pytest.mark.parametrize("rows", [[], [fragment(Name="A"), fragment(Name="B")]])
def test_a_host_that_is_none_or_two_computers_is_not_believed(rows: list[str]) -> None:
    with pytest.raises(ReadError, match=f"with {len(rows)} rows instead of one"):
        on(messages.first_page(rows)).computer()


@pytest.mark.parametrize("row", [fragment(Domain="CORP"), fragment(Name="", Domain="CORP")])
def test_a_host_without_a_name_is_not_believed(row: str) -> None:
    with pytest.raises(ReadError, match="did not tell its computer name"):
        on(messages.first_page([row])).computer()


def test_what_a_host_does_not_say_of_its_role_is_taken_for_the_least() -> None:
    row = fragment(Name="EXCH", PartOfDomain="TRUE", DomainRole="x")
    assert on(messages.first_page([row])).computer() == Computer("EXCH", "", 0, part_of_domain=True)


def test_a_service_is_stopped_and_started_with_windows_own_codes(make: Make) -> None:
    desk = make()
    host = desk.host()
    (service,) = host.services(["W32Time"])
    assert (service.name, service.state) == ("W32Time", "Running")
    process = host.service_process(service.process_id)
    assert process.owner_sid is not None
    assert process.started_at is not None
    assert host.stop_service("W32Time").kind == "accepted"
    desk.computer.advance(5)
    assert host.start_service("W32Time").kind == "accepted"
    desk.computer.advance(5)
    assert host.start_service("W32Time").kind == "running"
    assert host.dependents("W32Time") == ()
    assert host.services(["nothing"]) == ()


def test_a_policy_is_named_by_its_guid_and_its_rights_are_read_from_the_cache(make: Make) -> None:
    host = make("governed").host()
    reading = host.read_rights(RightsQuery())
    assert reading.policies.complete
    guids = [policy.guid for policy in reading.policies.policies if "SeTcbPrivilege" in policy.rights]
    assert len(guids) == 1
    names = host.policy_names([guid for guid in guids if guid])
    assert list(names) == guids
    assert all(names.values())


def test_the_policy_log_is_asked_once_and_agrees_with_the_cache(make: Make) -> None:
    desk = make("governed")
    host = desk.host()
    rsop = host.rsop()
    assert "SeTcbPrivilege" in rsop.rights
    assert host.rsop() is rsop
    cached = [p for p in host.read_rights(RightsQuery()).policies.policies if "SeTcbPrivilege" in p.rights]
    assert cached[-1].guid == rsop.rights["SeTcbPrivilege"].guid


@pytest.mark.parametrize("world", ["absent", "empty"])
def test_a_policy_log_that_is_not_there_says_nothing(make: Make, world: str) -> None:
    rsop = make("governed", rsop=world).host().rsop()
    assert dict(rsop.rights) == {}
    assert (rsop.refusal is not None) is (world == "absent")


def test_members_of_a_local_group_come_with_their_domain(make: Make) -> None:
    host = make().host()
    members = host.group_members("Mail Operators")
    assert members.complete
    assert set(members.members) == {("CORP", "exsvc"), ("MEMBER", "first.last")}


def test_a_group_that_windows_does_not_show_is_incomplete_and_not_empty(make: Make) -> None:
    desk = make()
    host = desk.host()
    host.computer()
    desk.computer.faults.add({"at": "cim", "do": "fault", "code": 5, "text": "Access is denied."})
    assert host.group_members("Mail Operators") == GroupMembers((), complete=False)


def test_the_registry_gives_texts_and_numbers_and_none_for_what_is_not_there(make: Make) -> None:
    host = make().host()
    key = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
    assert host.registry(RegistryQuery("SOFTWARE\\nothing", "x")) is None
    assert host.registry(RegistryQuery("SOFTWARE\\nothing", "x", "dword")) is None
    value = host.registry(RegistryQuery(key, "ProductName"))
    assert value is None or isinstance(value, str)


def test_events_are_read_or_refused_and_leave_nothing(make: Make) -> None:
    desk = make()
    query = EventQuery(("MSExchangePOP3",), (11202,), 3600, 5)
    reading = desk.host().events(query)
    assert reading.xml is not None
    assert reading.xml.startswith("<Events")
    missing = desk.host().events(EventQuery(("x",), (1,), 3600, 5, channel="No Such Log"))
    assert missing.xml is None
    assert "no such log" in (missing.refusal or "")
    assert desk.files() == []


def test_names_of_many_sids_come_in_one_request(make: Make) -> None:
    desk = make("orphans")
    host = desk.host()
    sids = sorted({sid for holders in desk.rights().values() for sid in holders})
    desk.messages.clear()
    accounts = host.accounts(sids)
    assert desk.messages == ["SDDLToWin32SD"]
    assert sorted(accounts) == sids
    assert {sid for sid, account in accounts.items() if account.kind == "orphan"} == {
        "S-1-5-21-2840394521-1093752863-3410756322-9998",
        "S-1-5-21-2840394521-1093752863-3410756322-9999",
        "S-1-5-21-1-2-3-1001",
        "S-1-5-21-11-22-33-1234",
    }


def test_logging_on_again_that_fails_is_unreachable(make: Make) -> None:
    desk = make()
    host = desk.host()
    host.reconnect()
    assert desk.logons == 2
    desk.allowed_logons = 2
    with pytest.raises(UnreachableError, match="Logging on to the host again failed"):
        host.reconnect()


def test_somebody_whom_wmi_refuses_gets_a_sentence_with_the_code(make: Make) -> None:
    desk = make()
    desk.computer.faults.add({"at": "cim", "do": "fault", "code": 2150859013, "text": "Zugriff verweigert"})
    with pytest.raises(WindowsError, match=r"2150859013 .*Zugriff verweigert"):
        desk.host().computer()


def test_a_host_in_another_language_says_so_only_in_its_texts(make: Make) -> None:
    desk = make("german")
    host = desk.host()
    assert host.computer().role == 3
    assert host.read_rights(RightsQuery()).assignment
    assert host.accounts(["S-1-5-32-544"])["S-1-5-32-544"].name == "VORDEFINIERT\\Administratoren"
