# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_ComputerSystem and Win32_OperatingSystem (docs/sources.md S7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.windows.cim import CimClass, Context, Row, words

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPUTER = words(
    "Caption CreationClassName CurrentTimeZone Description DNSHostName Domain DomainRole Manufacturer Model "
    "Name NumberOfProcessors PartOfDomain PrimaryOwnerName Roles Status SystemType TotalPhysicalMemory "
    "UserName Workgroup"
)
_SYSTEM = words(
    "BootDevice BuildNumber BuildType Caption CodeSet CountryCode CreationClassName CSCreationClassName "
    "CSName CurrentTimeZone InstallDate LastBootUpTime LocalDateTime Locale Manufacturer MUILanguages Name "
    "OperatingSystemSKU OSArchitecture OSLanguage OSProductSuite OSType ProductType "
    "ServicePackMajorVersion ServicePackMinorVersion Status SystemDirectory Version WindowsDirectory"
)


def _computer(context: Context) -> Iterator[Row]:
    machine = context.host.machine
    joined = machine.domain is not None
    yield {
        "Caption": machine.name,
        "CreationClassName": "Win32_ComputerSystem",
        "CurrentTimeZone": machine.clock.zone_minutes,
        "Description": "AT/AT COMPATIBLE",
        "DNSHostName": machine.name.lower(),
        "Domain": machine.domain.dns if machine.domain else "WORKGROUP",
        "DomainRole": machine.domain_role,
        "Manufacturer": "Lab",
        "Model": "Lab",
        "Name": machine.name,
        "NumberOfProcessors": 1,
        "PartOfDomain": joined,
        "Roles": ("LM_Workstation", "LM_Server", "NT"),
        "Status": "OK",
        "SystemType": "x64-based PC",
        "TotalPhysicalMemory": "4294430720",
        "Workgroup": None if joined else "WORKGROUP",
    }


def _system(context: Context) -> Iterator[Row]:
    machine = context.host.machine
    german = machine.language == "de"
    yield {
        "BootDevice": "\\Device\\HarddiskVolume1",
        "BuildNumber": machine.version.split(".")[2],
        "BuildType": "Multiprocessor Free",
        "Caption": machine.caption,
        "CodeSet": "1252",
        "CountryCode": "49" if german else "1",
        "CreationClassName": "Win32_OperatingSystem",
        "CSCreationClassName": "Win32_ComputerSystem",
        "CSName": machine.name,
        "CurrentTimeZone": machine.clock.zone_minutes,
        "LastBootUpTime": machine.clock.local(machine.booted),
        "LocalDateTime": machine.clock.local(),
        "Locale": "0407" if german else "0409",
        "Manufacturer": "Microsoft Corporation",
        "MUILanguages": ("de-DE",) if german else ("en-US",),
        "Name": f"{machine.caption}|C:\\Windows|\\Device\\Harddisk0\\Partition2",
        "OSArchitecture": "64-bit",
        "OSLanguage": 1031 if german else 1033,
        "OSType": 18,
        "ProductType": machine.product_type,
        "ServicePackMajorVersion": 0,
        "ServicePackMinorVersion": 0,
        "Status": "OK",
        "SystemDirectory": "C:\\Windows\\system32",
        "Version": machine.version,
        "WindowsDirectory": "C:\\Windows",
    }


CLASSES = (
    CimClass("Win32_ComputerSystem", _COMPUTER, ("Name",), rows=_computer),
    CimClass("Win32_OperatingSystem", _SYSTEM, ("Name",), rows=_system, singleton=True),
)
