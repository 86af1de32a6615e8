# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What device management calls the user rights: the names of the area UserRights of Microsoft's Policy CSP.

Sources: the column "CSP Path" of Microsoft's security baseline for Windows Server 2025 (tests/captures/secedit/20); the
two that are not in it, LogOnAsBatchJob and LogOnAsService, from the page "UserRights Policy CSP" (docs/sources.md S6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

CSP_NAMES: Mapping[str, str] = {
    "AccessCredentialManagerAsTrustedCaller": "SeTrustedCredManAccessPrivilege",
    "AccessFromNetwork": "SeNetworkLogonRight",
    "ActAsPartOfTheOperatingSystem": "SeTcbPrivilege",
    "AdjustMemoryQuotasForProcess": "SeIncreaseQuotaPrivilege",
    "AllowLocalLogOn": "SeInteractiveLogonRight",
    "AllowLogOnThroughRemoteDesktop": "SeRemoteInteractiveLogonRight",
    "BackupFilesAndDirectories": "SeBackupPrivilege",
    "BypassTraverseChecking": "SeChangeNotifyPrivilege",
    "ChangeSystemTime": "SeSystemtimePrivilege",
    "ChangeTimeZone": "SeTimeZonePrivilege",
    "CreateGlobalObjects": "SeCreateGlobalPrivilege",
    "CreatePageFile": "SeCreatePagefilePrivilege",
    "CreatePermanentSharedObjects": "SeCreatePermanentPrivilege",
    "CreateSymbolicLinks": "SeCreateSymbolicLinkPrivilege",
    "CreateToken": "SeCreateTokenPrivilege",
    "DebugPrograms": "SeDebugPrivilege",
    "DenyAccessFromNetwork": "SeDenyNetworkLogonRight",
    "DenyLocalLogOn": "SeDenyInteractiveLogonRight",
    "DenyLogOnAsBatchJob": "SeDenyBatchLogonRight",
    "DenyLogOnAsService": "SeDenyServiceLogonRight",
    "DenyRemoteDesktopServicesLogOn": "SeDenyRemoteInteractiveLogonRight",
    "EnableDelegation": "SeEnableDelegationPrivilege",
    "GenerateSecurityAudits": "SeAuditPrivilege",
    "ImpersonateClient": "SeImpersonatePrivilege",
    "IncreaseProcessWorkingSet": "SeIncreaseWorkingSetPrivilege",
    "IncreaseSchedulingPriority": "SeIncreaseBasePriorityPrivilege",
    "LoadUnloadDeviceDrivers": "SeLoadDriverPrivilege",
    "LockMemory": "SeLockMemoryPrivilege",
    "LogOnAsBatchJob": "SeBatchLogonRight",
    "LogOnAsService": "SeServiceLogonRight",
    "ManageAuditingAndSecurityLog": "SeSecurityPrivilege",
    "ManageVolume": "SeManageVolumePrivilege",
    "ModifyFirmwareEnvironment": "SeSystemEnvironmentPrivilege",
    "ModifyObjectLabel": "SeRelabelPrivilege",
    "ProfileSingleProcess": "SeProfileSingleProcessPrivilege",
    "ProfileSystemPerformance": "SeSystemProfilePrivilege",
    "RemoteShutdown": "SeRemoteShutdownPrivilege",
    "ReplaceProcessLevelToken": "SeAssignPrimaryTokenPrivilege",
    "RestoreFilesAndDirectories": "SeRestorePrivilege",
    "ShutDownTheSystem": "SeShutdownPrivilege",
    "TakeOwnership": "SeTakeOwnershipPrivilege",
}
_LOWER = {name.lower(): constant for name, constant in CSP_NAMES.items()}
# Beside the value itself, each setting has these in the registry; which of them are written is not documented.
_SUFFIXES = ("_winningprovider", "_providerset")
# Windows 10 1803: the first with the area UserRights of the Policy CSP (docs/sources.md S6).
_FIRST = [10, 0, 17134]


def sets_rights(version: str) -> bool:
    """Whether a Windows of this version has the area UserRights; one whose version is not told may have it."""
    parts = [int(part) for part in re.findall(r"[0-9]{1,9}", version)[:3]]
    return not parts or parts >= _FIRST


def rights_of(values: Iterable[str]) -> frozenset[str]:
    """The constants of the rights that the names of registry values stand for; other names stand for none."""
    found = set()
    for value in values:
        name = value.lower()
        for suffix in _SUFFIXES:
            name = name.removesuffix(suffix)
        if name in _LOWER:
            found.add(_LOWER[name])
    return frozenset(found)
