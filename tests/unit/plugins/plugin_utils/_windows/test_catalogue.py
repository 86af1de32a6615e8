# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every documented user right is known by every spelling people use."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import catalogue

# Microsoft, "User Rights Assignment": one line each, constant and display name; written down apart from the product.
DOCUMENTED = """
SeAssignPrimaryTokenPrivilege|Replace a process level token
SeAuditPrivilege|Generate security audits
SeBackupPrivilege|Back up files and directories
SeBatchLogonRight|Log on as a batch job
SeChangeNotifyPrivilege|Bypass traverse checking
SeCreateGlobalPrivilege|Create global objects
SeCreatePagefilePrivilege|Create a pagefile
SeCreatePermanentPrivilege|Create permanent shared objects
SeCreateSymbolicLinkPrivilege|Create symbolic links
SeCreateTokenPrivilege|Create a token object
SeDebugPrivilege|Debug programs
SeDelegateSessionUserImpersonatePrivilege|Obtain an impersonation token for another user in the same session
SeDenyBatchLogonRight|Deny log on as a batch job
SeDenyInteractiveLogonRight|Deny log on locally
SeDenyNetworkLogonRight|Deny access to this computer from the network
SeDenyRemoteInteractiveLogonRight|Deny log on through Remote Desktop Services
SeDenyServiceLogonRight|Deny log on as a service
SeEnableDelegationPrivilege|Enable computer and user accounts to be trusted for delegation
SeImpersonatePrivilege|Impersonate a client after authentication
SeIncreaseBasePriorityPrivilege|Increase scheduling priority
SeIncreaseQuotaPrivilege|Adjust memory quotas for a process
SeIncreaseWorkingSetPrivilege|Increase a process working set
SeInteractiveLogonRight|Allow log on locally
SeLoadDriverPrivilege|Load and unload device drivers
SeLockMemoryPrivilege|Lock pages in memory
SeMachineAccountPrivilege|Add workstations to domain
SeManageVolumePrivilege|Perform volume maintenance tasks
SeNetworkLogonRight|Access this computer from the network
SeProfileSingleProcessPrivilege|Profile single process
SeRelabelPrivilege|Modify an object label
SeRemoteInteractiveLogonRight|Allow log on through Remote Desktop Services
SeRemoteShutdownPrivilege|Force shutdown from a remote system
SeRestorePrivilege|Restore files and directories
SeSecurityPrivilege|Manage auditing and security log
SeServiceLogonRight|Log on as a service
SeShutdownPrivilege|Shut down the system
SeSyncAgentPrivilege|Synchronize directory service data
SeSystemEnvironmentPrivilege|Modify firmware environment values
SeSystemProfilePrivilege|Profile system performance
SeSystemtimePrivilege|Change the system time
SeTakeOwnershipPrivilege|Take ownership of files or other objects
SeTcbPrivilege|Act as part of the operating system
SeTimeZonePrivilege|Change the time zone
SeTrustedCredManAccessPrivilege|Access Credential Manager as a trusted caller
SeUndockPrivilege|Remove computer from docking station
SeUnsolicitedInputPrivilege|Read unsolicited input from a terminal device
"""
RIGHTS = [tuple(line.split("|")) for line in DOCUMENTED.split("\n") if line]


def test_all_46_documented_rights_are_there_and_no_other() -> None:
    assert sorted(catalogue.RIGHTS) == sorted(constant for constant, dummy in RIGHTS)
    assert len(catalogue.RIGHTS) == 46


@pytest.mark.parametrize(("constant", "display"), RIGHTS, ids=[constant for constant, dummy in RIGHTS])
def test_a_right_is_understood_by_constant_display_name_and_dsc_spelling_in_any_case(
    constant: str, display: str
) -> None:
    dsc = display.replace(" ", "_")
    for spelling in (constant, display, dsc, f"  {display} "):
        for written in (spelling, spelling.lower(), spelling.upper()):
            right = catalogue.canonical(written)
            assert (right.constant, right.display_name) == (constant, display)
    assert catalogue.display_name(constant) == display
    assert catalogue.constant_of(constant.upper()) == constant


def test_no_spelling_means_two_rights() -> None:
    meant: dict[str, set[str]] = {}
    for right in catalogue.RIGHTS.values():
        for spelling in (right.constant, right.display_name, *right.aliases):
            meant.setdefault(re.sub(r"[^a-z0-9]", "", spelling.lower()), set()).add(right.constant)
    assert {key: rights for key, rights in meant.items() if len(rights) > 1} == {}


@pytest.mark.parametrize(
    ("written", "constant"),
    [
        ("Allow log on through Terminal Services", "SeRemoteInteractiveLogonRight"),
        ("Log on locally", "SeInteractiveLogonRight"),
        ("Deny logon locally", "SeDenyInteractiveLogonRight"),
        ("Increase quotas", "SeIncreaseQuotaPrivilege"),
        ("Manage auditing and the security log", "SeSecurityPrivilege"),
        ("SeSystemTimePrivilege", "SeSystemtimePrivilege"),
    ],
)
def test_older_names_of_a_right_are_understood(written: str, constant: str) -> None:
    assert catalogue.canonical(written).constant == constant


def offers(written: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        catalogue.canonical(written)
    assert f"'{written}'" in str(refused.value)
    return re.findall(r"\b(Se[A-Za-z]+) \(", str(refused.value))


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("SeTcbPrivlege", "SeTcbPrivilege"),
        ("Act as part of the operation system", "SeTcbPrivilege"),
        ("SeServiceLogon", "SeServiceLogonRight"),
        ("Allow log on through Terminal Service", "SeRemoteInteractiveLogonRight"),
    ],
)
def test_an_unknown_right_is_answered_with_the_nearest_first(written: str, nearest: str) -> None:
    assert offers(written)[0] == nearest


@given(st.text(max_size=60))
def test_an_unknown_right_is_always_answered_with_three_different_rights(written: str) -> None:
    try:
        right = catalogue.canonical(written)
    except InputError:
        found = offers(written)
        assert len(set(found)) == 3
        assert set(found) <= set(catalogue.RIGHTS)
    else:
        assert catalogue.RIGHTS[right.constant] is right


@pytest.mark.parametrize("line", ["Act as part of the operating system", "Se_Tcb_Privilege", "SeTcb Privilege"])
def test_only_a_constant_names_a_right_in_an_export(line: str) -> None:
    assert catalogue.constant_of(line) == line


def test_a_right_newer_than_the_catalogue_keeps_its_own_spelling() -> None:
    assert catalogue.constant_of("SeNewerPrivilege") == "SeNewerPrivilege"
    assert catalogue.display_name("SeNewerPrivilege") == "SeNewerPrivilege"


def test_logon_rights_and_denials_are_told_apart() -> None:
    logon = {constant for constant, right in catalogue.RIGHTS.items() if right.logon}
    deny = {constant for constant, right in catalogue.RIGHTS.items() if right.denies}
    assert len(logon) == 10
    assert len(deny) == 5
    assert deny < logon
