# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios, worlds and the register of assumptions belong together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import scenario, worlds
from lab.seams import WmiError
from lab.windows.computer import Computer

Make = Callable[..., Computer]
REGISTER = Path(__file__).parents[4] / "docs" / "assumptions.md"


@pytest.mark.parametrize("name", scenario.names())
def test_every_scenario_loads_and_its_logons_work(name: str) -> None:
    loaded = scenario.load(name)
    assert loaded.description
    for computer in loaded.computers:
        variables = loaded.inventory_vars(computer)
        user, password = str(variables["ansible_user"]), variables["ansible_password"]
        domain, dummy, account = user.rpartition("\\")
        assert (domain, account, password) in computer.credentials()
        assert computer.logon(domain, account).sid.startswith("S-1-5-21-")
        assert json.loads(json.dumps(computer.snapshot())) == computer.snapshot()


@pytest.mark.parametrize(
    ("name", "value"),
    [(world.name, value) for world in worlds.REGISTRY.values() for value in world.values],
)
def test_every_answer_of_every_world_can_be_played(name: str, value: str) -> None:
    computer = scenario.load("pop3", {name: value}).computers[0]
    assert computer.worlds[name] == value


def test_two_loads_are_equal_but_for_time() -> None:
    first, second = (scenario.load("pop3").computers[0].snapshot() for dummy in range(2))
    assert first["rights"] == second["rights"]
    assert first["files"] == second["files"]
    assert first["registry"] == second["registry"]


def test_a_fleet_has_as_many_hosts_as_asked() -> None:
    names = [c.name for c in scenario.load("fleet", {}, 3).computers]
    assert names == ["mail0001", "mail0002", "mail0003"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("hosts: [{name: a}]\nnonsense: 1\n", "nonsense"),
        ("hosts: [{name: a, wheels: 4}]\n", "wheels"),
        ("hosts: []\n", "needs a list of hosts"),
        ("base: pop3\nhosts: [{name: a, grant: {SeNothing: []}}]\n", None),
        ("base: pop3\nhosts: [{name: a, grant: {SeNothing: [S-1-1-0]}}]\n", "SeNothing"),
        ("base: pop3\nhosts: [{name: a, grant: {SeTcbPrivilege: [CORP\\nobody]}}]\n", "CORP\\\\nobody"),
    ],
)
def test_what_a_scenario_must_not_hold(tmp_path: Path, text: str, error: str | None) -> None:
    base = (scenario.FOLDER / "pop3.yml").read_text(encoding="utf-8")
    (tmp_path / "pop3.yml").write_text(base, encoding="utf-8")
    path = tmp_path / "mine.yml"
    path.write_text(text, encoding="utf-8")
    if error is None:
        scenario.load(path)
        return
    with pytest.raises(ValueError, match=error):
        scenario.load(path)


def test_a_file_elsewhere_may_build_on_a_scenario_of_the_lab(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("base: pop3\nhosts: [{name: a, release: 2025}]\n", encoding="utf-8")
    computer = scenario.load(tmp_path / "mine.yml").computers[0]
    assert computer.machine.rights.holders("SeServiceLogonRight") == ("S-1-5-80-0", "S-1-5-99-0")


@pytest.mark.parametrize(
    ("host", "holders"),
    [
        ("srv2012r2", ("S-1-5-80-0",)),
        ("srv2019", ("S-1-5-80-0",)),
        ("hyperv2022", ("S-1-5-21-2840394521-1093752863-3410756322-1107", "S-1-5-80-0", "S-1-5-83-0")),
        ("se2022", ("S-1-5-80-0",)),
        ("se2025", ("S-1-5-80-0", "S-1-5-83-0", "S-1-5-99-0")),
        ("wg2025", ("S-1-5-80-0", "S-1-5-99-0")),
        ("win11", ("S-1-5-80-0", "S-1-5-83-0", "S-1-5-99-0")),
    ],
)
def test_log_on_as_a_service_by_release_and_role(make: Make, host: str, holders: tuple[str, ...]) -> None:
    """Captures 05, 13, 14 and secedit/17; POP3's account is not among them, whatever the release."""
    assert make(host, "releases").machine.rights.holders("SeServiceLogonRight") == holders


@pytest.mark.parametrize(("host", "count"), [("srv2016", 1), ("srv2019", 2), ("wg2025", 2), ("dc2022", 2)])
def test_the_window_manager_came_after_2016(make: Make, host: str, count: int) -> None:
    assert len(make(host, "releases").machine.rights.holders("SeIncreaseBasePriorityPrivilege")) == count


def test_a_language_or_feature_that_the_lab_does_not_have_is_refused(tmp_path: Path) -> None:
    for more, error in (("language: eo", "speaks"), ("features: [dns]", "no feature is called dns")):
        (tmp_path / "mine.yml").write_text(f"base: pop3\nhosts: [{{name: a, {more}}}]\n", encoding="utf-8")
        with pytest.raises(ValueError, match=error):
            scenario.load(tmp_path / "mine.yml")


def test_unknown_worlds_and_values_are_refused() -> None:
    with pytest.raises(ValueError, match="no world is called"):
        worlds.Worlds({"flat_earth": "yes"})
    with pytest.raises(ValueError, match="has the values yes, raw"):
        worlds.Worlds({"type_converts_utf16": "maybe"})


def test_the_register_and_the_worlds_are_the_same_list() -> None:
    """docs/assumptions.md has one row for each world, with its name and all its values."""
    rows = {}
    for line in REGISTER.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"W\d{2,3}", cells[0]):
            rows[cells[0]] = cells
    for world in worlds.REGISTRY.values():
        switch = f"`{world.name}`: " + ", ".join(f"`{value}`" for value in world.values)
        assert rows.pop(world.row)[4] == switch
    assert rows == {}


def test_a_process_started_before_the_grant_is_older_than_a_day(make: Make) -> None:
    computer = make("exch50", "pop3")
    service = computer.machine.services.get("MSExchangeIS")
    assert service is not None
    assert service.process is not None
    assert (computer.machine.clock.now() - service.process.created).days == 3


@pytest.mark.parametrize(
    ("key", "services", "account"),
    [
        ("gen55", {"MSExchangeIS"}, "CORP\\exsvc"),
        ("gen2003", {"POP3Svc"}, "LocalSystem"),
        ("srv2003pop3", {"POP3SVC"}, "NT AUTHORITY\\LocalService"),
        ("gen2007", {"MSExchangePop3"}, "NT AUTHORITY\\NetworkService"),
        ("gen2013", {"MSExchangePOP3", "MSExchangePOP3BE"}, "NT AUTHORITY\\NetworkService"),
        ("gense", {"MSExchangePOP3", "MSExchangePOP3BE"}, "NT AUTHORITY\\NetworkService"),
    ],
)
def test_services_and_accounts_by_generation(make: Make, key: str, services: set[str], account: str) -> None:
    machine = make(key, "generations").machine
    for name in services:
        service = machine.services.get(name)
        assert service is not None
        assert service.account == account


@pytest.mark.parametrize(
    ("key", "path", "numbers"),
    [
        ("gen2003", "SOFTWARE\\Microsoft\\Exchange\\Setup", (6, 5)),
        ("gen2007", "SOFTWARE\\Microsoft\\Exchange\\v8.0\\Setup", (8, 3)),
        ("gen2010", "SOFTWARE\\Microsoft\\ExchangeServer\\v14\\Setup", (14, 3)),
        ("gen2016", "SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup", (15, 1)),
        ("gense", "SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup", (15, 2)),
    ],
)
def test_the_registry_tells_the_generation(make: Make, key: str, path: str, numbers: tuple[int, int]) -> None:
    registry = make(key, "generations").machine.registry
    values = [registry.value(path, name) for name in ("MsiProductMajor", "MsiProductMinor")]
    assert tuple(v.data for v in values if v) == numbers


def test_server_2003_has_neither_wevtutil_nor_the_sid_helpers(make: Make) -> None:
    computer = make("gen2003", "generations")
    caller = computer.logon("CORP", "labadmin")
    done = computer.run(caller, "%windir%\\System32\\wevtutil.exe qe Application", 65001)
    assert b"not recognized" in done.stderr
    assert "SeTimeZonePrivilege" not in computer.machine.rights.all()
    with pytest.raises(WmiError) as refusal:
        computer.get(caller, "root/cimv2", "Win32_SID", {"SID": "S-1-5-18"})
    assert refusal.value.kind == "invalid_class"
