# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every documented user right: constant, display name, kind, and the spellings people use for it.

Sources: constants and display names from Microsoft, "User Rights Assignment", "Privilege Constants (Authorization)" and
"Account Rights Constants"; the display names of 37 also stand in tests/captures/secedit/20. SecurityPolicyDsc spells
display names with underscores, HardeningKitty adds "(DC)" or "(Member)". Aliases only widen what is understood and are
never shown: names of older releases ("Increase quotas", "… Terminal Services"), of "Privilege Constants" ("Manage the
files on a volume", "Manage auditing and the security log"), and of Policy CSP (csp.py). tests/unit/captures holds the
table against every capture.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

from .csp import CSP_NAMES


@dataclass(frozen=True)
class Right:
    """A user right: ``SeTcbPrivilege``, "Act as part of the operating system", and other spellings of it."""

    constant: str
    display_name: str
    aliases: tuple[str, ...] = ()

    @property
    def logon(self) -> bool:
        """Whether this is a logon right (how one may log on) and not a privilege (what one may then do)."""
        return self.constant.endswith("LogonRight")

    @property
    def denies(self) -> bool:
        """Whether holding it takes something away."""
        return self.constant.startswith("SeDeny")


_RIGHTS = (
    Right("SeAssignPrimaryTokenPrivilege", "Replace a process level token"),
    Right("SeAuditPrivilege", "Generate security audits"),
    Right("SeBackupPrivilege", "Back up files and directories"),
    Right("SeBatchLogonRight", "Log on as a batch job", ("Allow log on as a batch job",)),
    Right("SeChangeNotifyPrivilege", "Bypass traverse checking"),
    Right("SeCreateGlobalPrivilege", "Create global objects"),
    Right("SeCreatePagefilePrivilege", "Create a pagefile", ("Create a page file",)),
    Right("SeCreatePermanentPrivilege", "Create permanent shared objects"),
    Right("SeCreateSymbolicLinkPrivilege", "Create symbolic links"),
    Right("SeCreateTokenPrivilege", "Create a token object"),
    Right("SeDebugPrivilege", "Debug programs"),
    Right(
        "SeDelegateSessionUserImpersonatePrivilege",
        "Obtain an impersonation token for another user in the same session",
    ),
    Right("SeDenyBatchLogonRight", "Deny log on as a batch job", ("Deny logon as a batch job",)),
    Right("SeDenyInteractiveLogonRight", "Deny log on locally", ("Deny logon locally",)),
    Right(
        "SeDenyNetworkLogonRight",
        "Deny access to this computer from the network",
    ),
    Right(
        "SeDenyRemoteInteractiveLogonRight",
        "Deny log on through Remote Desktop Services",
        ("Deny log on through Terminal Services", "Deny logon through Terminal Services"),
    ),
    Right("SeDenyServiceLogonRight", "Deny log on as a service", ("Deny logon as a service",)),
    Right(
        "SeEnableDelegationPrivilege",
        "Enable computer and user accounts to be trusted for delegation",
    ),
    Right("SeImpersonatePrivilege", "Impersonate a client after authentication"),
    Right("SeIncreaseBasePriorityPrivilege", "Increase scheduling priority"),
    Right(
        "SeIncreaseQuotaPrivilege",
        "Adjust memory quotas for a process",
        ("Increase quotas",),
    ),
    Right("SeIncreaseWorkingSetPrivilege", "Increase a process working set"),
    Right(
        "SeInteractiveLogonRight",
        "Allow log on locally",
        ("Log on locally", "Allow logon locally"),
    ),
    Right("SeLoadDriverPrivilege", "Load and unload device drivers"),
    Right("SeLockMemoryPrivilege", "Lock pages in memory"),
    Right("SeMachineAccountPrivilege", "Add workstations to domain", ("Add workstations to a domain",)),
    Right(
        "SeManageVolumePrivilege",
        "Perform volume maintenance tasks",
        ("Manage the files on a volume",),
    ),
    Right("SeNetworkLogonRight", "Access this computer from the network"),
    Right("SeProfileSingleProcessPrivilege", "Profile single process"),
    Right("SeRelabelPrivilege", "Modify an object label"),
    Right(
        "SeRemoteInteractiveLogonRight",
        "Allow log on through Remote Desktop Services",
        ("Allow log on through Terminal Services", "Allow logon through Terminal Services"),
    ),
    Right("SeRemoteShutdownPrivilege", "Force shutdown from a remote system"),
    Right("SeRestorePrivilege", "Restore files and directories"),
    Right(
        "SeSecurityPrivilege",
        "Manage auditing and security log",
        ("Manage auditing and the security log",),
    ),
    Right("SeServiceLogonRight", "Log on as a service", ("Allow log on as a service",)),
    Right("SeShutdownPrivilege", "Shut down the system"),
    Right("SeSyncAgentPrivilege", "Synchronize directory service data"),
    Right(
        "SeSystemEnvironmentPrivilege",
        "Modify firmware environment values",
        ("Modify firmware environment variables",),
    ),
    Right("SeSystemProfilePrivilege", "Profile system performance"),
    Right("SeSystemtimePrivilege", "Change the system time"),
    Right("SeTakeOwnershipPrivilege", "Take ownership of files or other objects"),
    Right("SeTcbPrivilege", "Act as part of the operating system"),
    Right("SeTimeZonePrivilege", "Change the time zone"),
    Right(
        "SeTrustedCredManAccessPrivilege",
        "Access Credential Manager as a trusted caller",
    ),
    Right("SeUndockPrivilege", "Remove computer from docking station"),
    Right(
        "SeUnsolicitedInputPrivilege",
        "Read unsolicited input from a terminal device",
    ),
)

RIGHTS: Mapping[str, Right] = {right.constant: right for right in _RIGHTS}


# HardeningKitty says in brackets on which computers a row is meant.
_REMARK = re.compile(r"\s\([^()]*\)\s*\Z")


def _key(text: str) -> str:
    """Letters and digits in lower case, so that DSC's underscores, blanks and case do not matter."""
    return "".join(character for character in text.lower() if character.isalnum())


_SPELLINGS: Mapping[str, Right] = {
    **{_key(spelling): RIGHTS[constant] for spelling, constant in CSP_NAMES.items()},
    **{_key(spelling): right for right in _RIGHTS for spelling in (right.constant, right.display_name, *right.aliases)},
}

_CONSTANTS: Mapping[str, str] = {right.constant.lower(): right.constant for right in _RIGHTS}


def canonical(name: str) -> Right:
    """The right that ``name`` means: a constant, a display name or a spelling of another tool, in any case.

    Raises InputError that names the three nearest rights; nothing is asked of a host.
    """
    right = _SPELLINGS.get(_key(name)) or _SPELLINGS.get(_key(_REMARK.sub("", name)))
    if right is not None:
        return right
    nearest = difflib.get_close_matches(_key(name), _SPELLINGS, n=len(_SPELLINGS), cutoff=0.0)
    constants = list(dict.fromkeys(_SPELLINGS[key].constant for key in nearest))[:3]
    offers = ", ".join(f"{constant} ({RIGHTS[constant].display_name})" for constant in constants)
    raise InputError(
        f"Unknown user right '{name}'. The nearest are: {offers}. "
        "Use a constant such as SeTcbPrivilege or its English display name."
    )


def constant_of(spelled: str) -> str:
    """The catalogue's spelling of a constant as an export wrote it; a right not in the catalogue keeps its own."""
    return _CONSTANTS.get(spelled.lower(), spelled)


def display_name(constant: str) -> str:
    """The English display name, or the constant itself for a right that is not in the catalogue."""
    right = RIGHTS.get(constant)
    return right.display_name if right is not None else constant
