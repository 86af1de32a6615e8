# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rights store of LSA: which SIDs hold which right, by SID, in the order the engine knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Every right that LSA knows, in the order in which secedit writes them (captures 05, 13 to 16, 43; the place of
# rights that no capture holds is not known).
KNOWN_RIGHTS = (
    "SeNetworkLogonRight",
    "SeTcbPrivilege",
    "SeMachineAccountPrivilege",
    "SeBackupPrivilege",
    "SeChangeNotifyPrivilege",
    "SeSystemtimePrivilege",
    "SeCreatePagefilePrivilege",
    "SeCreateTokenPrivilege",
    "SeCreatePermanentPrivilege",
    "SeDebugPrivilege",
    "SeRemoteShutdownPrivilege",
    "SeAuditPrivilege",
    "SeIncreaseQuotaPrivilege",
    "SeIncreaseBasePriorityPrivilege",
    "SeLoadDriverPrivilege",
    "SeLockMemoryPrivilege",
    "SeBatchLogonRight",
    "SeServiceLogonRight",
    "SeInteractiveLogonRight",
    "SeSecurityPrivilege",
    "SeSystemEnvironmentPrivilege",
    "SeProfileSingleProcessPrivilege",
    "SeSystemProfilePrivilege",
    "SeAssignPrimaryTokenPrivilege",
    "SeRestorePrivilege",
    "SeShutdownPrivilege",
    "SeTakeOwnershipPrivilege",
    "SeDenyNetworkLogonRight",
    "SeDenyBatchLogonRight",
    "SeDenyServiceLogonRight",
    "SeDenyInteractiveLogonRight",
    "SeUndockPrivilege",
    "SeSyncAgentPrivilege",
    "SeEnableDelegationPrivilege",
    "SeManageVolumePrivilege",
    "SeRemoteInteractiveLogonRight",
    "SeDenyRemoteInteractiveLogonRight",
    "SeImpersonatePrivilege",
    "SeCreateGlobalPrivilege",
    "SeTrustedCredManAccessPrivilege",
    "SeRelabelPrivilege",
    "SeIncreaseWorkingSetPrivilege",
    "SeTimeZonePrivilege",
    "SeCreateSymbolicLinkPrivilege",
    "SeDelegateSessionUserImpersonatePrivilege",
    "SeUnsolicitedInputPrivilege",
)
# The numbers of the privileges: [MS-LSAD] 3.1.1.2.1; whoami lists them in this order (captures/whoami/25).
LUIDS: Mapping[str, int] = {
    name: number
    for number, name in enumerate(
        (
            "SeCreateTokenPrivilege",
            "SeAssignPrimaryTokenPrivilege",
            "SeLockMemoryPrivilege",
            "SeIncreaseQuotaPrivilege",
            "SeMachineAccountPrivilege",
            "SeTcbPrivilege",
            "SeSecurityPrivilege",
            "SeTakeOwnershipPrivilege",
            "SeLoadDriverPrivilege",
            "SeSystemProfilePrivilege",
            "SeSystemtimePrivilege",
            "SeProfileSingleProcessPrivilege",
            "SeIncreaseBasePriorityPrivilege",
            "SeCreatePagefilePrivilege",
            "SeCreatePermanentPrivilege",
            "SeBackupPrivilege",
            "SeRestorePrivilege",
            "SeShutdownPrivilege",
            "SeDebugPrivilege",
            "SeAuditPrivilege",
            "SeSystemEnvironmentPrivilege",
            "SeChangeNotifyPrivilege",
            "SeRemoteShutdownPrivilege",
            "SeUndockPrivilege",
            "SeSyncAgentPrivilege",
            "SeEnableDelegationPrivilege",
            "SeManageVolumePrivilege",
            "SeImpersonatePrivilege",
            "SeCreateGlobalPrivilege",
            "SeTrustedCredManAccessPrivilege",
            "SeRelabelPrivilege",
            "SeIncreaseWorkingSetPrivilege",
            "SeTimeZonePrivilege",
            "SeCreateSymbolicLinkPrivilege",
            "SeDelegateSessionUserImpersonatePrivilege",
        ),
        2,
    )
}
_CANONICAL = {name.casefold(): name for name in KNOWN_RIGHTS}


def canonical_right(name: str) -> str | None:
    """The constant as LSA spells it, None when LSA knows no such right; case does not matter."""
    return _CANONICAL.get(name.casefold())


class RightsStore:
    """Assignments of one computer. A right that nobody holds is not in it."""

    def __init__(self, start: Mapping[str, Iterable[str]]) -> None:
        self._holders: dict[str, list[str]] = {}
        for right, holders in start.items():
            self.set(right, holders)

    def holders(self, right: str) -> tuple[str, ...]:
        """The SIDs that hold a right, as LSA enumerates its accounts: ordered by SID string (capture 05)."""
        return tuple(sorted(self._holders.get(right, [])))

    def grant(self, right: str, sid: str) -> bool:
        """Give a right to a SID; False when it had it."""
        holders = self._holders.setdefault(right, [])
        if sid in holders:
            return False
        holders.append(sid)
        return True

    def revoke(self, right: str, sid: str) -> bool:
        """Take a right from a SID; False when it did not have it."""
        holders = self._holders.get(right, [])
        if sid not in holders:
            return False
        holders.remove(sid)
        if not holders:
            del self._holders[right]
        return True

    def set(self, right: str, holders: Iterable[str]) -> None:
        """Replace the whole list of holders."""
        unique = list(dict.fromkeys(holders))
        if unique:
            self._holders[right] = unique
        else:
            self._holders.pop(right, None)

    def all(self) -> dict[str, tuple[str, ...]]:
        """Every right with holders, in the engine's order."""
        ordered = [right for right in KNOWN_RIGHTS if right in self._holders]
        return {right: self.holders(right) for right in ordered}

    def of(self, sid_set: Iterable[str]) -> frozenset[str]:
        """The rights that any of these SIDs holds: what a token built from them now would carry."""
        wanted = set(sid_set)
        return frozenset(r for r, have in self._holders.items() if not wanted.isdisjoint(have))
