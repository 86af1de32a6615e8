# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks that are measured: what is asked of which lab host, and the budget in requests that design promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RIGHTS = (
    *("SeTcbPrivilege", "SeBackupPrivilege", "SeRestorePrivilege", "SeDebugPrivilege", "SeAuditPrivilege"),
    *("SeSystemtimePrivilege", "SeTimeZonePrivilege", "SeCreatePagefilePrivilege", "SeCreateTokenPrivilege"),
    *("SeCreateGlobalPrivilege", "SeCreatePermanentPrivilege", "SeCreateSymbolicLinkPrivilege"),
    *("SeRemoteShutdownPrivilege", "SeIncreaseQuotaPrivilege", "SeIncreaseWorkingSetPrivilege"),
    *("SeIncreaseBasePriorityPrivilege", "SeLoadDriverPrivilege", "SeLockMemoryPrivilege", "SeBatchLogonRight"),
    *("SeServiceLogonRight", "SeSecurityPrivilege", "SeRelabelPrivilege", "SeSystemEnvironmentPrivilege"),
    *("SeManageVolumePrivilege", "SeProfileSingleProcessPrivilege", "SeSystemProfilePrivilege"),
    *("SeUndockPrivilege", "SeAssignPrimaryTokenPrivilege", "SeShutdownPrivilege", "SeSyncAgentPrivilege"),
    *("SeTakeOwnershipPrivilege", "SeTrustedCredManAccessPrivilege", "SeEnableDelegationPrivilege"),
    *("SeMachineAccountPrivilege", "SeChangeNotifyPrivilege", "SeInteractiveLogonRight"),
    *("SeRemoteInteractiveLogonRight", "SeNetworkLogonRight", "SeDelegateSessionUserImpersonatePrivilege"),
    "SeImpersonatePrivilege",
)


@dataclass(frozen=True)
class Case:
    """One measured task: module, options, how often a playbook repeats it, and the most requests it may cost.

    ``loop`` repeats it in one task, ``tasks`` writes one task for each right, as roles with a task for each rule do.
    """

    name: str
    module: str
    options: Mapping[str, Any]
    budget: int | None = None
    host: str = "exch50"
    prepare: bool = False
    loop: int = 0
    tasks: int = 0
    keywords: Mapping[str, Any] = field(default_factory=dict)


def _rights(count: int) -> list[dict[str, Any]]:
    return [{"name": right, "add": ["CORP\\exsvc"]} for right in RIGHTS[:count]]


MICROSOFT = {"baseline": "microsoft_windows_server_2025"}
DISA = {"baseline": "stig_windows_server_2022"}
CASES = (
    Case("user_right, nothing to do", "user_right", {"rights": _rights(1)}, budget=12, prepare=True),
    Case("user_right, 1 right", "user_right", {"rights": _rights(1)}, budget=20),
    Case("user_right, 1 right, confirmed", "user_right", {"rights": _rights(1), "confirm": True}, budget=60),
    Case("user_right, 10 rights in one task", "user_right", {"rights": _rights(10)}, budget=20),
    Case("user_right, 40 rights in one task", "user_right", {"rights": _rights(40)}, budget=20),
    Case("user_right, 40 rights, nothing to do", "user_right", {"rights": _rights(40)}, budget=12, prepare=True),
    Case("user_right, a loop of 40 (as hardening roles do)", "user_right", {}, loop=40),
    Case("user_right_info, everything", "user_right_info", {}, budget=12),
    Case("user_right_baseline_info, Microsoft's 39 controls", "user_right_baseline_info", MICROSOFT, budget=12),
    Case("user_right_baseline_info, DISA's 39 rules", "user_right_baseline_info", DISA, budget=12),
    Case("pop3_server_info", "pop3_server_info", {}, budget=24),
)
# What a hardening role does, beside what takes its place: to judge a host, and to change it. Measured with 20 ms for a
# round trip, 300 ms for an export and 1.5 s for a configure.
WAYS = (
    Case("40 tasks of user_right in check mode", "user_right", {}, tasks=40, keywords={"check_mode": True}),
    Case("1 task of user_right_baseline_info", "user_right_baseline_info", MICROSOFT),
    Case("40 tasks of user_right", "user_right", {}, tasks=40),
    Case("1 task of user_right with 40 rights", "user_right", {"rights": _rights(40)}),
)
