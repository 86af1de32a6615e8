# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that every Windows has and that carry the connection, the network or a logon, with what each needs.

What a service needs is the value DependOnService of a default Windows 10, as a public set of files restores it (one
file for each service, docs/sources.md S7 [C]); it agrees with what `Get-Service winrm` printed on real hosts [I], which
shows as well that RpcSs takes no stop. Who needs NTDS: the guide to restartable AD DS (cc732714 [D]) and reports [I].
What ends with a service is told by its own description in Windows: nsi "will cause loss of network connectivity",
Netlogon "the computer may not authenticate users and services" [D].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lab.state.services import RUNNING, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lab.state.machine import Machine

SVCHOST = "C:\\Windows\\system32\\svchost.exe -k netsvcs"
LSASS = "C:\\Windows\\system32\\lsass.exe"
SYSTEM, LOCAL, NETWORK = "LocalSystem", "NT AUTHORITY\\LocalService", "NT AUTHORITY\\NetworkService"


@dataclass(frozen=True)
class _Known:
    """One service: who has it (``vista``: since Vista, ``dc``: domain controllers), and whether it takes a stop."""

    name: str
    display: str
    account: str
    needs: str = ""
    path: str = SVCHOST
    who: Literal["all", "vista", "dc"] = "all"
    accepts_stop: bool = True


_SERVICES = (
    _Known("WinRM", "Windows Remote Management (WS-Management)", NETWORK, "RPCSS HTTP"),
    _Known("RpcSs", "Remote Procedure Call (RPC)", NETWORK, "RpcEptMapper DcomLaunch", accepts_stop=False),
    _Known("RpcEptMapper", "RPC Endpoint Mapper", NETWORK, who="vista", accepts_stop=False),
    _Known("DcomLaunch", "DCOM Server Process Launcher", SYSTEM, accepts_stop=False),
    _Known("Winmgmt", "Windows Management Instrumentation", SYSTEM, "RPCSS"),
    _Known("EventLog", "Windows Event Log", LOCAL),
    _Known("Schedule", "Task Scheduler", SYSTEM, "RPCSS"),
    _Known("SamSs", "Security Accounts Manager", SYSTEM, "RPCSS", LSASS, accepts_stop=False),
    _Known("gpsvc", "Group Policy Client", SYSTEM, "RPCSS Mup", who="vista", accepts_stop=False),
    _Known("nsi", "Network Store Interface Service", LOCAL, "rpcss nsiproxy", who="vista"),
    _Known("Dhcp", "DHCP Client", LOCAL, "NSI Tdx Afd"),
    _Known("Dnscache", "DNS Client", NETWORK, "Tdx nsi"),
    _Known("NlaSvc", "Network Location Awareness", NETWORK, "NSI RpcSs TcpIp Dhcp Eventlog", who="vista"),
    _Known("BFE", "Base Filtering Engine", LOCAL, "RpcSs", who="vista"),
    _Known("MpsSvc", "Windows Firewall", LOCAL, "mpsdrv bfe", who="vista"),
    _Known("LanmanWorkstation", "Workstation", NETWORK, "Bowser MRxSmb20 NSI"),
    _Known("LanmanServer", "Server", SYSTEM, "SamSS Srv2"),
    _Known("Netlogon", "Netlogon", SYSTEM, "LanmanWorkstation", LSASS),
    _Known("NTDS", "Active Directory Domain Services", SYSTEM, "", LSASS, who="dc"),
    _Known("Kdc", "Kerberos Key Distribution Center", SYSTEM, "NTDS", LSASS, who="dc"),
    _Known("IsmServ", "Intersite Messaging", SYSTEM, "NTDS", "C:\\Windows\\System32\\ismserv.exe", who="dc"),
    _Known("DNS", "DNS Server", SYSTEM, "NTDS", "C:\\Windows\\system32\\dns.exe", who="dc"),
    _Known("DFSR", "DFS Replication", SYSTEM, "NTDS", "C:\\Windows\\system32\\DFSRs.exe", who="dc"),
)
# Drivers that those need; Windows counts them among its services, and Win32_Service does not.
_DRIVERS = "HTTP Tcpip Afd Tdx nsiproxy Mup mpsdrv Bowser MRxSmb20 Srv2"

CARRIERS = ("WinRM", "HTTP", "RpcSs", "nsi", "Tcpip", "Afd")


def services_of(machine: Machine) -> Iterator[Service]:
    """Every one that this computer has, stopped."""
    for known in _SERVICES:
        if _has(machine, known.who):
            yield Service(
                known.name,
                known.display,
                known.account,
                known.path,
                depends_on=tuple(known.needs.split()),
                accepts_stop=known.accepts_stop,
            )
    for name in _DRIVERS.split():
        path = f"C:\\Windows\\system32\\drivers\\{name}.sys"
        yield Service(name, name, "", path, start_mode="Manual", driver=True)


def _has(machine: Machine, who: str) -> bool:
    if who == "dc":
        return machine.controller
    if who == "vista":
        return not machine.before_vista
    return True


def carried(machine: Machine) -> bool:
    """Whether a WinRM connection to this computer can live now."""
    return all(_runs(machine, name) for name in CARRIERS)


def authenticates(machine: Machine, sid: str) -> bool:
    """Whether this computer can prove a password of this account now; one of its own needs nobody else."""
    if not machine.domain or not machine.domain.owns(sid):
        return True
    return _runs(machine, "NTDS") if machine.controller else _runs(machine, "Netlogon")


def _runs(machine: Machine, name: str) -> bool:
    """Whether a service runs; one that the computer does not have is not missed."""
    service = machine.services.get(name)
    return service is None or service.state == RUNNING
