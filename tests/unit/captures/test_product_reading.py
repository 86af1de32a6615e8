# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that export what the captures show: every entry is pinned to its SID, and a right that holds it can change."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import RightsQuery
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.support.lab_hosts import administrator
from ansible_collections.winmail.exchange.tests.unit.captures.test_lab_secedit import (
    controller,
    server_2008_r2,
    server_2016,
    windows_10,
    windows_11,
)
from lab.state.accounts import Account
from lab.windows.computer import Computer
from lab.winrm import host as wire
from lab.winrm.settings import Settings

HOSTS = [
    pytest.param(windows_11, id="05 Windows 11 24H2 with Hyper-V"),
    pytest.param(controller, id="13 controller of 2022 with SQL Server"),
    pytest.param(server_2016, id="14 Server 2016, workgroup"),
    pytest.param(server_2008_r2, id="15 Server 2008 R2 with IIS and SQL Server"),
    pytest.param(windows_10, id="16 Windows 10, renamed guest"),
]
POOLS = {
    "Classic .NET AppPool": "S-1-5-82-1036420768-1044797643-1061213386-2937092688-4282445334",
    "DefaultAppPool": "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415",
}


def desk(computer: Computer, folder: pathlib.Path) -> Desk:
    return Desk(computer, administrator(computer), wire.Host(computer, Settings(), folder / "credentials", 100))


@pytest.mark.parametrize("make", HOSTS)
def test_every_entry_is_pinned_to_the_account_that_holds_the_right(
    make: Callable[[], Computer], tmp_path: pathlib.Path
) -> None:
    one = desk(make(), tmp_path)
    reading = one.host().read_rights(RightsQuery(pin=None))
    assert {right: {holder.sid for holder in holders} for right, holders in reading.assignment.items()} == one.rights()


@pytest.mark.parametrize("right", ["SeAuditPrivilege", "SeIncreaseQuotaPrivilege", "SeServiceLogonRight"])
def test_a_right_that_bare_application_pools_hold_can_be_given_on_2008_r2(right: str, tmp_path: pathlib.Path) -> None:
    """Capture 15: there were four such rights on this host, and none of them could be changed."""
    one = desk(server_2008_r2(), tmp_path)
    before = one.rights()[right]
    assert set(POOLS.values()) <= before
    asked = parse_rights({"rights": [{"name": right, "add": ["S-1-5-32-551"]}]})
    result, dummy = RightsChange(
        one.host(), asked, Choices("ignore", allow_lockout=False, check_mode=False), print
    ).run()
    assert result["changed"]
    assert one.rights()[right] == before | {"S-1-5-32-551"}


def test_a_pool_and_a_local_account_of_one_name_are_not_told_apart_and_not_rewritten(tmp_path: pathlib.Path) -> None:
    computer = server_2008_r2()
    local = computer.machine.local
    local.add(Account(f"{local.sid}-1099", "DefaultAppPool", "user"))
    reading = desk(computer, tmp_path).host().read_rights(RightsQuery(pin=None))
    pinned = {holder.token: holder.sid for holder in reading.assignment["SeAuditPrivilege"]}
    assert pinned["DefaultAppPool"] is None
    assert pinned["Classic .NET AppPool"] == POOLS["Classic .NET AppPool"]


def test_a_bare_name_that_nobody_has_stays_unpinned(tmp_path: pathlib.Path) -> None:
    one = desk(server_2008_r2(), tmp_path)
    one.after_line = lambda _line, out: out.replace(b"DefaultAppPool", b"NoSuchAppPool!")
    reading = one.host().read_rights(RightsQuery(pin=None))
    pinned = {holder.token: holder.sid for holder in reading.assignment["SeAuditPrivilege"]}
    assert pinned["NoSuchAppPool!"] is None


def test_the_bare_names_of_a_controller_are_asked_with_its_domain(tmp_path: pathlib.Path) -> None:
    one = desk(controller(), tmp_path)
    reading = one.host().read_rights(RightsQuery(pin=frozenset({"SeServiceLogonRight"})))
    pinned = {holder.token: holder.sid for holder in reading.assignment["SeServiceLogonRight"]}
    domain = one.computer.machine.domain
    assert domain is not None
    assert pinned["svc_db"] == f"{domain.sid}-1104"
    assert pinned["SQLServer2005SQLBrowserUser$DC7"] == f"{domain.sid}-1105"
    assert any('icacls.exe"' in line and "examples.test\\svc_db:R" in line for line in one.lines)
