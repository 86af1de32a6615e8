# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which identities of Windows itself hold which rights by default, and what stops when one loses such a right.

Read from default exports (numbers are files of tests/captures): 05 Windows 11 24H2 with Hyper-V, 13 a domain controller
of 2022, 14 Server 2016 standalone, 15 Server 2008 R2 with IIS, 16 Windows 10, 17 24H2 without Hyper-V, 18 Windows 11
25H2, 19 a policy for domain controllers with IIS, 48 Windows 11 of 2025, 49 Server 2012 R2. Groups that people fill
(Administrators, Backup Operators, Users) are no such identities. tests/unit/captures holds this table against those
files.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OwnHolder:
    """One identity of Windows and the rights that it holds by default.

    ``sid`` is a whole SID, or ends with ``-`` for a family such as every application pool. ``loses`` says in words what
    no longer works without the right; ``source`` where both were read.
    """

    sid: str
    name: str
    rights: frozenset[str]
    loses: str
    source: str

    def holds(self, right: str, sid: str) -> bool:
        """Whether ``sid`` is this identity and ``right`` one that it holds by default."""
        mine = sid.startswith(self.sid) if self.sid.endswith("-") else sid == self.sid
        return mine and right in self.rights


_BOTH_SERVICE_ACCOUNTS = frozenset(
    {
        "SeAssignPrimaryTokenPrivilege",
        "SeAuditPrivilege",
        "SeChangeNotifyPrivilege",
        "SeCreateGlobalPrivilege",
        "SeImpersonatePrivilege",
        "SeIncreaseQuotaPrivilege",
    }
)

OWN_HOLDERS: tuple[OwnHolder, ...] = (
    OwnHolder(
        "S-1-5-80-0",
        "NT SERVICE\\ALL SERVICES",
        frozenset({"SeServiceLogonRight"}),
        "no service that runs under an account of its own (NT SERVICE\\…) starts any more",
        "05, 13 to 17",
    ),
    OwnHolder(
        "S-1-5-83-0",
        "NT VIRTUAL MACHINE\\Virtual Machines",
        frozenset({"SeServiceLogonRight", "SeCreateSymbolicLinkPrivilege"}),
        "no virtual machine of Hyper-V starts any more",
        '05; KB 2779204; Microsoft, "Security identifiers": this group requires both rights',
    ),
    OwnHolder(
        "S-1-5-99-0",
        "RESTRICTED SERVICES\\ALL RESTRICTED SERVICES",
        frozenset({"SeServiceLogonRight"}),
        "no restricted service (RESTRICTED SERVICES\\…) starts any more",
        "05, 17",
    ),
    OwnHolder(
        "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229",
        "RESTRICTED SERVICES\\PrintSpoolerService",
        frozenset({"SeImpersonatePrivilege", "SeAuditPrivilege", "SeChangeNotifyPrivilege"}),
        "the print spooler in Windows protected print mode cannot work for its clients",
        "05 (SeImpersonatePrivilege), 18 (that and SeAuditPrivilege), 48 (SeAuditPrivilege, SeChangeNotifyPrivilege)",
    ),
    OwnHolder(
        "S-1-5-90-0",
        "Window Manager\\Window Manager Group",
        frozenset({"SeIncreaseBasePriorityPrivilege"}),
        "the desktop window manager cannot raise its priority",
        "05, 13, 16, 19; not in 14 (Server 2016)",
    ),
    OwnHolder(
        "S-1-5-90-0",
        "Window Manager\\Window Manager Group",
        frozenset({"SeChangeNotifyPrivilege", "SeIncreaseWorkingSetPrivilege"}),
        "the desktop window manager has less than Windows gives it",
        "49 (Server 2012 R2, second hand); not in 05, 13 to 16",
    ),
    OwnHolder(
        "S-1-5-6",
        "NT AUTHORITY\\SERVICE",
        frozenset({"SeImpersonatePrivilege", "SeCreateGlobalPrivilege"}),
        "services that run under accounts of their own cannot act for their clients or share objects with them",
        "05, 13 to 16",
    ),
    OwnHolder(
        "S-1-5-19",
        "NT AUTHORITY\\LOCAL SERVICE",
        _BOTH_SERVICE_ACCOUNTS | {"SeSystemtimePrivilege", "SeTimeZonePrivilege"},
        "services that run as Local Service cannot do their work",
        "05, 13 to 16, 19",
    ),
    OwnHolder(
        "S-1-5-20",
        "NT AUTHORITY\\NETWORK SERVICE",
        _BOTH_SERVICE_ACCOUNTS,
        "services that run as Network Service cannot do their work",
        "05, 13 to 16, 19",
    ),
    OwnHolder(
        "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420",
        "NT SERVICE\\WdiServiceHost",
        frozenset({"SeSystemProfilePrivilege"}),
        "the diagnostic service of Windows cannot measure the system",
        "05, 13 to 16, 19",
    ),
    OwnHolder(
        "S-1-5-9",
        "NT AUTHORITY\\ENTERPRISE DOMAIN CONTROLLERS",
        frozenset({"SeNetworkLogonRight", "SeInteractiveLogonRight"}),
        "the other domain controllers cannot log on to this one",
        "13, 19: domain controllers only",
    ),
    OwnHolder(
        "S-1-5-32-568",
        "BUILTIN\\IIS_IUSRS",
        frozenset({"SeBatchLogonRight", "SeImpersonatePrivilege"}),
        "worker processes of IIS cannot start or act for their clients",
        "15, 19 (SeBatchLogonRight only): hosts with IIS",
    ),
    OwnHolder(
        "S-1-5-82-",
        "IIS APPPOOL\\…",
        frozenset(
            {
                "SeAssignPrimaryTokenPrivilege",
                "SeAuditPrivilege",
                "SeIncreaseQuotaPrivilege",
                "SeServiceLogonRight",
            }
        ),
        "this application pool of IIS cannot start its worker processes",
        "15 (all four), 19 (all but SeServiceLogonRight): hosts with IIS",
    ),
)


def own_holder(right: str, sid: str) -> OwnHolder | None:
    """The identity of Windows that ``sid`` is, where it holds ``right`` (a constant) by default; else None."""
    return next((row for row in OWN_HOLDERS if row.holds(right, sid)), None)
