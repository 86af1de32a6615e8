# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a live export shows: rights as LSA has them now, accounts as names or SIDs (docs/sources.md S4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state import well_known

if TYPE_CHECKING:
    from lab.windows.host import Host

LAST_WITH_POOL_NAMES = 7601  # Server 2008 R2
_SYSTEM_ACCESS = [
    "MinimumPasswordAge = 1",
    "MaximumPasswordAge = 42",
    "MinimumPasswordLength = 7",
    "PasswordComplexity = 1",
    "LockoutBadCount = 0",
]
_EVENT_AUDIT = [
    "AuditSystemEvents = 0",
    "AuditLogonEvents = 0",
    "AuditObjectAccess = 0",
    "AuditPrivilegeUse = 0",
    "AuditPolicyChange = 0",
    "AuditAccountManage = 0",
    "AuditProcessTracking = 0",
    "AuditDSAccess = 0",
    "AuditAccountLogon = 0",
]
_REGISTRY_VALUES = [
    "MACHINE\\System\\CurrentControlSet\\Control\\Lsa\\LmCompatibilityLevel=4,3",
]


def live_sections(host: Host, areas: list[str]) -> list[tuple[str, list[str]]]:
    """The sections of an export without database; only [Privilege Rights] with /areas USER_RIGHTS."""
    host.exports += 1
    found: list[tuple[str, list[str]]] = []
    if not areas or "SECURITYPOLICY" in areas:
        found.append(("System Access", _SYSTEM_ACCESS))
        found.append(("Event Audit", _EVENT_AUDIT))
        found.append(("Registry Values", _REGISTRY_VALUES))
    if not areas or "USER_RIGHTS" in areas:
        found.append(("Privilege Rights", _rights(host)))
    return found


def _rights(host: Host) -> list[str]:
    lines = []
    for right, holders in host.machine.rights.all().items():
        listed = list(holders)
        if host.worlds["export_order_stable"] == "no" and host.exports % 2:
            listed.reverse()
        lines.append(f"{right} = {','.join(_token(host, sid) for sid in listed)}")
    return lines


def _token(host: Host, sid: str) -> str:
    """Accounts of the computer's own SAM as names (on a controller: of its domain), everything else as ``*SID``.

    A controller: captures/secedit/13. Application pools as names on Server 2008 R2: captures/secedit/15.
    """
    machine, scope = host.machine, host.worlds["bare_names_scope"]
    if sid in well_known.BY_SID:
        return f"*{sid}"
    if sid.startswith("S-1-5-82-") and _pools_have_names(host):
        pool = machine.lsa.virtual.by_sid(sid)
        return pool[1] if pool else f"*{sid}"
    if machine.controller:
        account = machine.account(sid) if host.worlds["dc_export_names"] == "bare" else None
        return account.name if account else f"*{sid}"
    account = machine.local.by_sid(sid)
    if account:
        return f"{machine.name}\\{account.name}" if scope == "qualified" else account.name
    if scope == "local_and_domain" and machine.domain and machine.lsa.domain_reachable:
        account = machine.domain.by_sid(sid)
        if account:
            return f"{machine.domain.netbios}\\{account.name}"
    return f"*{sid}"


def _pools_have_names(host: Host) -> bool:
    return host.worlds["pool_names"] == "bare" or (
        host.worlds["pool_names"] == "by_release" and host.machine.build <= LAST_WITH_POOL_NAMES
    )
