# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group Policy in the lab against docs/sources.md S6."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.seams import Caller, Completed, Effect, WmiError
from lab.windows import inf
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
Admin = Callable[[Computer], Caller]
CACHE = "C:\\Windows\\security\\templates\\policies"
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"


def test_the_highest_number_wins_and_domain_links_end_in_dom(make: Make) -> None:
    computer = make("governed")
    names = [node.name for node in computer.machine.files.children(CACHE)]
    assert names == ["gpt00000.dom", "gpt00001.inf"]
    data = computer.machine.files.read(f"{CACHE}\\gpt00001.inf")
    assert data.startswith(b"\xff\xfe")
    assert dict(inf.parse(data)["privilege rights"])["SeTcbPrivilege"] == ""
    assert "GPOPath={6D2C0F15-5B4C-4B0E-9F3B-1E2A7C8D9E01}\\MACHINE" in inf.decode(data)


def test_the_path_line_may_come_first(make: Make) -> None:
    data = make("governed", gpo_path_line="start").machine.files.read(f"{CACHE}\\gpt00001.inf")
    assert inf.decode(data).startswith("GPOPath=")


def test_names_of_the_objects_are_in_the_registry_kb_201453(make: Make) -> None:
    registry = make("governed").machine.registry
    history = (
        "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\History\\{827D319E-6EAC-11D2-A4EA-00C04F79F83A}\\1"
    )
    value = registry.value(history, "DisplayName")
    assert value is not None
    assert value.data == "Server Hardening"


def test_rsop_has_the_winner_with_precedence_1(make: Make, admin: Admin) -> None:
    computer = make("lonely")
    rows = computer.query(
        admin(computer),
        "root/rsop/computer",
        "select UserRight,AccountList,GPOID,precedence from RSOP_UserPrivilegeRight where precedence=1",
    ).instances
    found = {row.properties["UserRight"]: row.properties["AccountList"] for row in rows}
    assert found["SeTcbPrivilege"] == [f"*{EXSVC}"]
    names = make("lonely", rsop_tokens="names")
    rows = names.query(admin(names), "root/rsop/computer", "select * from RSOP_UserPrivilegeRight").instances
    assert ["CORP\\exsvc"] in [row.properties["AccountList"] for row in rows]


@pytest.mark.parametrize(("host", "world"), [("governed", "absent"), ("workgroup", "present")])
def test_the_namespace_may_be_missing(make: Make, admin: Admin, host: str, world: str) -> None:
    computer = make(host, rsop=world)
    with pytest.raises(WmiError) as refusal:
        computer.query(admin(computer), "root/rsop/computer", "select * from RSOP_GPO")
    assert refusal.value.kind == "invalid_namespace"


def test_rsop_may_be_empty_while_the_cache_speaks(make: Make, admin: Admin) -> None:
    computer = make("governed", rsop="empty")
    assert computer.query(admin(computer), "root/rsop/computer", "select * from RSOP_GPO").instances == ()
    assert computer.machine.files.exists(f"{CACHE}\\gpt00001.inf")


def test_the_cache_may_be_missing_while_rsop_speaks(make: Make, admin: Admin) -> None:
    computer = make("governed", gpt_cache="absent")
    assert computer.machine.files.children(CACHE) == []
    assert computer.query(admin(computer), "root/rsop/computer", "select * from RSOP_GPO").instances


@pytest.mark.parametrize(("seconds", "holders"), [(600, (EXSVC,)), (5401, ())])
def test_a_local_grant_against_a_policy_lasts_until_the_next_refresh(
    make: Make, seconds: float, holders: tuple[str, ...]
) -> None:
    computer = make("governed")
    computer.machine.rights.grant("SeTcbPrivilege", EXSVC)
    computer.advance(seconds)
    assert computer.machine.rights.holders("SeTcbPrivilege") == holders


def test_the_control_port_refreshes_at_once(make: Make) -> None:
    computer = make("governed")
    computer.machine.rights.grant("SeTcbPrivilege", EXSVC)
    computer.change(Effect("state", {"refresh_policy": True}))
    assert computer.machine.rights.holders("SeTcbPrivilege") == ()


def test_rights_nobody_governs_stay(make: Make) -> None:
    computer = make("governed")
    computer.machine.rights.grant("SeLockMemoryPrivilege", EXSVC)
    computer.refresh_policy()
    assert computer.machine.rights.holders("SeLockMemoryPrivilege") == (EXSVC,)


def test_a_workgroup_has_no_policy(make: Make) -> None:
    assert make("workgroup").machine.files.children(CACHE) == []
