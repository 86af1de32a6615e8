# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of every Windows: who needs whom, who takes a stop, and what ends with them (docs/sources.md S7)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.seams import CimReference, LogonDenied
from lab.state.services import CANNOT_ACCEPT, DEPENDENTS_RUNNING, OK, RUNNING
from lab.windows.computer import Computer

Make = Callable[..., Computer]
CIMV2 = "root/cimv2"


def stop(computer: Computer, *names: str) -> list[int]:
    """Stop services, one when the one before has stopped."""
    codes = []
    for name in names:
        service = computer.machine.services.get(name)
        assert service is not None
        codes.append(computer.machine.services.stop(service))
        computer.advance(5)
    return codes


def needed(computer: Computer, name: str) -> list[tuple[str, str]]:
    """Class and name of what a service needs, as a client asks for it."""
    caller = computer.logon("CORP", "labadmin")
    reference = CimReference(CIMV2, "Win32_Service", {"Name": name})
    rows = computer.associators(caller, reference, "Win32_DependentService", "", "Dependent", "Antecedent")
    return [(row.class_name, str(row.properties["Name"])) for row in rows.instances]


def test_winrm_needs_a_service_and_a_driver(make: Make) -> None:
    computer = make()
    assert needed(computer, "winrm") == [("Win32_Service", "RpcSs"), ("Win32_SystemDriver", "HTTP")]
    assert [name for dummy, name in needed(computer, "rpcss")] == ["RpcEptMapper", "DcomLaunch"]
    caller = computer.logon("CORP", "labadmin")
    assert computer.query(caller, CIMV2, "select * from Win32_Service where Name='HTTP'").instances == ()
    [driver] = computer.query(caller, CIMV2, "select * from Win32_SystemDriver where Name='http'").instances
    assert (driver.properties["State"], driver.properties["ServiceType"]) == (RUNNING, "Kernel Driver")


@pytest.mark.parametrize(
    ("name", "code"),
    [("RpcSs", DEPENDENTS_RUNNING), ("HTTP", DEPENDENTS_RUNNING), ("gpsvc", CANNOT_ACCEPT), ("WinRM", OK)],
)
def test_what_a_stop_is_answered(make: Make, name: str, code: int) -> None:
    assert stop(make(), name) == [code]


def test_a_connection_lives_as_long_as_what_carries_it(make: Make) -> None:
    computer = make()
    told = [computer.carried]
    computer.watch(lambda: told.append(computer.carried))
    stop(computer, "WinRM")
    assert told[:2] == [True, False]
    assert told[-1] is False
    winrm = computer.machine.services.get("WinRM")
    assert winrm is not None
    computer.machine.services.start(winrm)
    computer.advance(5)
    assert told[-1] is True


def test_the_network_store_interface_takes_the_network_with_it(make: Make) -> None:
    computer = make()
    stop(computer, "Netlogon", "LanmanWorkstation", "NlaSvc", "Dhcp", "Dnscache", "nsi")
    assert not computer.carried


def test_without_netlogon_only_local_accounts_are_proven(make: Make) -> None:
    computer = make(name="workgroup")
    assert stop(computer, "Netlogon") == [OK]
    assert computer.logon("", "Administrator").administrator
    member = make()
    stop(member, "Netlogon")
    with pytest.raises(LogonDenied, match="reaches nobody"):
        member.logon("CORP", "labadmin")


def test_without_its_directory_a_controller_proves_nobody(make: Make) -> None:
    controller = make(name="dc")
    assert stop(controller, "NTDS") == [DEPENDENTS_RUNNING]
    stop(controller, "Kdc", "IsmServ", "DNS", "DFSR", "NTDS")
    with pytest.raises(LogonDenied):
        controller.logon("CORP", "labadmin")
    assert controller.carried, "a connection that is there goes on"


def test_members_have_no_directory_and_2003_no_base_filtering_engine(make: Make) -> None:
    names = make().machine.services.names()
    assert "NTDS" not in names
    assert "BFE" in names
    assert "HTTP" not in names, "a driver has no account NT SERVICE\\HTTP"


def test_a_service_can_hang_in_either_pending_state(make: Make) -> None:
    computer = make()
    service = computer.machine.services.get("W32Time")
    assert service is not None
    service.stops = service.starts = False
    assert stop(computer, "W32Time") == [OK]
    assert service.state == "Stop Pending"
    service.stops = True
    computer.advance(5)
    assert computer.machine.services.start(service) == OK
    computer.advance(3600)
    assert service.state == "Start Pending"
    assert computer.next_change() is None, "nobody waits for it"
