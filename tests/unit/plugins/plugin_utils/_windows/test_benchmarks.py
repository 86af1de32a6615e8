# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that benchmarks and baselines use for accounts are understood without a host, or answered with a word.

Names only: of CIS 2.2, the STIGs of Windows Server, HardeningKitty's lists (MIT) and SecurityPolicyDsc's examples.
"""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse

# SID → the spellings of those lists.
UNDERSTOOD = {
    "S-1-1-0": ["Everyone"],
    "S-1-5-6": ["NT AUTHORITY\\SERVICE", "SERVICE", "Service"],
    "S-1-5-9": ["NT AUTHORITY\\ENTERPRISE DOMAIN CONTROLLERS", "ENTERPRISE DOMAIN CONTROLLERS"],
    "S-1-5-11": ["NT AUTHORITY\\Authenticated Users", "Authenticated Users"],
    "S-1-5-19": ["NT AUTHORITY\\LOCAL SERVICE", "LOCAL SERVICE", "Local Service"],
    "S-1-5-20": ["NT AUTHORITY\\NETWORK SERVICE", "NETWORK SERVICE", "Network Service"],
    "S-1-5-113": ["NT AUTHORITY\\Local account", "Local account"],
    "S-1-5-114": [
        "NT AUTHORITY\\Local account and member of Administrators group",
        "Local account and member of Administrators group",
    ],
    "S-1-5-32-544": ["BUILTIN\\Administrators", "Administrators"],
    "S-1-5-32-545": ["BUILTIN\\Users", "Users"],
    "S-1-5-32-546": ["Guests"],
    "S-1-5-32-549": ["Server Operators"],
    "S-1-5-32-550": ["Print Operators"],
    "S-1-5-32-551": ["BUILTIN\\Backup Operators", "Backup Operators"],
    "S-1-5-32-555": ["Remote Desktop Users"],
    "S-1-5-32-559": ["Performance Log Users"],
    "S-1-5-32-568": ["IIS_IUSRS", "BUILTIN\\IIS_IUSRS"],
    "S-1-5-83-0": ["NT VIRTUAL MACHINE\\Virtual Machines"],
    "S-1-5-90-0": ["Window Manager\\Window Manager Group"],
    "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420": ["NT SERVICE\\WdiServiceHost"],
    "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229": ["RESTRICTED SERVICES\\PrintSpoolerService"],
    "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415": ["IIS APPPOOL\\DefaultAppPool"],
}


@pytest.mark.parametrize(("sid", "name"), [(sid, name) for sid, names in UNDERSTOOD.items() for name in names])
def test_this_name_means_this_sid(sid: str, name: str) -> None:
    assert parse(name).sid == sid


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("No One", "set: []"),
        ("NULL", "set: []"),
        ("COMPUTERNAME\\Guest", ".\\Guest"),
        ("Administrators, LOCAL SERVICE, NETWORK SERVICE", "'LOCAL SERVICE'"),
        ("BUILTIN\\Backup Operators;BUILTIN\\Administrators", "Write a list"),
        ("Domain Admins Group", "DOMAIN\\Domain Admins"),
        ("Enterprise Admins Group", "DOMAIN\\Enterprise Admins"),
    ],
)
def test_this_habit_is_answered(written: str, word: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(written)
    assert word in str(refused.value)
