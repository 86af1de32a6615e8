# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network logons, tokens and shells of the lab against docs/sources.md S3, S10."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.seams import Completed, LogonDenied
from lab.windows.computer import FILTER_POLICY, Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]


def test_a_domain_administrator_is_one_through_domain_admins(make: Make) -> None:
    caller = make().logon("CORP", "labadmin")
    assert caller.administrator
    assert {"S-1-5-2", "S-1-1-0", "S-1-5-11", "S-1-5-32-544"} <= set(caller.group_sids)


@pytest.mark.parametrize(
    ("user", "policy", "full"), [("Administrator", 0, True), ("helper", 0, False), ("helper", 1, True)]
)
def test_local_administrators_are_filtered_except_rid_500_kb_951016(
    make: Make, user: str, policy: int, full: bool
) -> None:
    computer = make("workgroup")
    computer.machine.registry.set(FILTER_POLICY, "LocalAccountTokenFilterPolicy", policy)
    caller = computer.logon(".", user)
    assert caller.administrator is full
    assert computer.may_open_shell(caller) is full


@pytest.mark.parametrize(
    ("right", "sid"),
    [
        ("SeDenyNetworkLogonRight", "S-1-5-32-544"),
        ("SeDenyNetworkLogonRight", "S-1-5-2"),
        ("SeDenyNetworkLogonRight", "S-1-5-21-2840394521-1093752863-3410756322-1103"),
    ],
)
def test_a_denied_network_logon_locks_out(make: Make, right: str, sid: str) -> None:
    computer = make()
    computer.machine.rights.grant(right, sid)
    with pytest.raises(LogonDenied):
        computer.logon("CORP", "labadmin")


def test_without_the_network_logon_right_nobody_comes_in(make: Make) -> None:
    computer = make()
    computer.machine.rights.set("SeNetworkLogonRight", ["S-1-5-32-551"])
    with pytest.raises(LogonDenied):
        computer.logon("CORP", "labadmin")


def test_local_accounts_carry_113_and_administrators_among_them_114(make: Make) -> None:
    groups = make("workgroup").logon("", "helper").group_sids
    assert {"S-1-5-113", "S-1-5-114"} <= set(groups)


def test_remote_management_users_have_cim_but_no_shell(make: Make) -> None:
    computer = make("noshell")
    assert not computer.may_open_shell(computer.logon("CORP", "pop3test"))


def test_every_spelling_of_a_domain_has_its_credentials(make: Make) -> None:
    found = {(d, u) for d, u, dummy in make().credentials()}
    assert {("CORP", "labadmin"), ("corp.example", "labadmin"), ("", "labadmin@corp.example")} <= found
    assert {("", "svc"), (".", "svc"), ("WORKGROUP", "svc")} <= {
        (d, u) for d, u, dummy in make("workgroup").credentials()
    }


def test_whoami_prints_csv_with_sids(make: Make, run: Run) -> None:
    computer = make()
    sid = "S-1-5-21-2840394521-1093752863-3410756322-1103"
    assert run(computer, "whoami /user /fo csv /nh").stdout == f'"corp\\labadmin","{sid}"\r\n'.encode()
    groups = run(computer, "whoami /groups /fo csv /nh").stdout.decode().splitlines()
    assert any(line.startswith('"BUILTIN\\Administrators","Alias","S-1-5-32-544"') for line in groups)
    assert b'"SeBackupPrivilege"' in run(computer, "whoami /priv /fo csv /nh").stdout
    german = run(make("german"), "whoami /groups /fo csv /nh").stdout.decode()
    assert "VORDEFINIERT\\Administratoren" in german
