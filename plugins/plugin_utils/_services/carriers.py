# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that carry the connection or the host: never stopped by us, for nobody could start them again (pure).

Sources: G is Microsoft, "Guidance on disabling system services on Windows Server 2016 with Desktop Experience", whose
descriptions say what a stop does; W is what `Get-Service WinRM` shows as needed; A is Microsoft, "How the Active
Directory Service Is Stopped" (restartable AD DS: with NTDS its dependents stop, Kdc, DNS, IsmServ, DFSR or NtFrs).

What WinRM needs on one host beyond this table is seen there: WinRM is then among the dependents that would stop.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

_CONNECTION: t.Final = "this connection"
_NETWORK: t.Final = "the network"
_LOGON: t.Final = "logons"
_HOST: t.Final = "the computer"
_DIRECTORY: t.Final = "the directory of the domain"
_Carried = t.Literal["this connection", "the network", "logons", "the computer", "the directory of the domain"]


@dataclass(frozen=True)
class Carrier:
    """One service (key name) and what stands on it; ``controller`` says that it does so on a domain controller only."""

    name: str
    carries: _Carried
    source: str
    controller: bool = False


CARRIERS: tuple[Carrier, ...] = (
    Carrier("WinRM", _CONNECTION, "G: implements WS-Management"),
    Carrier("HTTP", _CONNECTION, "W"),
    Carrier("RpcSs", _CONNECTION, "W; G: programs using COM or DCOM do not function"),
    Carrier("RpcEptMapper", _CONNECTION, "G: programs using RPC do not function; RpcSs needs it (W)"),
    Carrier("DcomLaunch", _CONNECTION, "G: programs using COM or DCOM do not function; RpcSs needs it (W)"),
    Carrier("Winmgmt", _CONNECTION, "G: object model of services; it answers every CIM request, the start too"),
    Carrier("nsi", _NETWORK, "G: stopping it causes loss of network connectivity"),
    Carrier("Dhcp", _NETWORK, "G: no dynamic IP addresses and DNS updates"),
    Carrier("Dnscache", _NETWORK, "G: names are not cached, the computer's own name is not registered"),
    Carrier("NlaSvc", _NETWORK, "G: configuration of the network might be unavailable, by which the firewall decides"),
    Carrier("netprofm", _NETWORK, "G: identifies the networks, by which the firewall decides"),
    Carrier("BFE", _NETWORK, "G: manages firewall and IPsec; unpredictable behaviour"),
    Carrier("MpsSvc", _NETWORK, "G: the firewall"),
    Carrier("IKEEXT", _NETWORK, "G: key exchange of IPsec; IPsec failure"),
    Carrier("PolicyAgent", _NETWORK, "G: connectivity where the policy demands IPsec"),
    Carrier("Wcmsvc", _NETWORK, "G: connects and disconnects networks"),
    Carrier("dot3svc", _NETWORK, "G: IEEE 802.1X on Ethernet"),
    Carrier("EapHost", _NETWORK, "G: networks that require EAP"),
    Carrier("LanmanWorkstation", _NETWORK, "G: connections to remote servers by SMB"),
    Carrier("LanmanServer", _NETWORK, "G: named pipes over the network; needed for remote management"),
    Carrier("Netlogon", _LOGON, "G: the computer may not authenticate users and services"),
    Carrier("SamSs", _LOGON, "G: should not be disabled; in the LSA process"),
    Carrier("KeyIso", _LOGON, "G: hosted in the LSA process"),
    Carrier("ProfSvc", _LOGON, "G: loads profiles; users cannot sign in"),
    Carrier("TermService", _LOGON, "G: Remote Desktop depends on it, the other way to this computer"),
    Carrier("LSM", _HOST, "G: stopping it results in system instability"),
    Carrier("PlugPlay", _HOST, "G: stopping it results in system instability"),
    Carrier("DeviceInstall", _HOST, "G: stopping it results in system instability"),
    Carrier("Power", _HOST, "G: power policy"),
    Carrier("EventLog", _HOST, "G: stopping it may compromise security and reliability"),
    Carrier("gpsvc", _HOST, "G: applies the settings of administrators"),
    Carrier("CoreMessagingRegistrar", _HOST, "G: communication between system components"),
    Carrier("BrokerInfrastructure", _HOST, "G: infrastructure of background tasks"),
    Carrier("NTDS", _DIRECTORY, "A", controller=True),
    Carrier("Kdc", _DIRECTORY, "A", controller=True),
    Carrier("DNS", _DIRECTORY, "A", controller=True),
    Carrier("IsmServ", _DIRECTORY, "A", controller=True),
    Carrier("DFSR", _DIRECTORY, "A: replicates SYSVOL", controller=True),
    Carrier("NtFrs", _DIRECTORY, "A: replicates SYSVOL", controller=True),
    Carrier("ADWS", _DIRECTORY, 'Microsoft, "What\'s New in AD DS: Active Directory Web Services"', controller=True),
    Carrier("W32Time", _DIRECTORY, "G: synchronisation of time, on which Kerberos stands", controller=True),
)

_BY_NAME = {carrier.name.lower(): carrier for carrier in CARRIERS}


def carrier(name: str) -> Carrier | None:
    """The row of a service by its key name, in any case, or None."""
    return _BY_NAME.get(name.lower())
