# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What carries the connection or the host is never stopped, in any case of its name, as a dependent either."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import RefusedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.generations import KNOWN_SERVICES
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import plan as services
from ansible_collections.winmail.exchange.plugins.plugin_utils._services.carriers import CARRIERS, Carrier
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._services.samples import run, service

# What Get-Service shows of WinRM and of RPCSS: both need these.
WINRM_NEEDS = {"RPCSS", "HTTP", "DcomLaunch", "RpcEptMapper"}


def nobody(name: str) -> tuple[Service, ...]:
    """What depends on a service that nothing depends on."""
    del name
    return ()


def plan(name: str, *dependents: str, controller: bool = True) -> services.Restart:
    return services.plan(
        service(name),
        lambda asked: [service(one) for one in dependents] if asked == name else (),
        dependents=True,
        controller=lambda: controller,
    )


def test_the_table_holds_winrm_and_all_that_it_needs() -> None:
    carried = {row.name.lower() for row in CARRIERS if row.carries == "this connection"}
    assert {"winrm", *(name.lower() for name in WINRM_NEEDS)} <= carried
    assert len({row.name.lower() for row in CARRIERS}) == len(CARRIERS)
    assert all(row.source for row in CARRIERS)


@pytest.mark.parametrize("row", CARRIERS, ids=lambda row: row.name)
@pytest.mark.parametrize("spelled", [str, str.lower, str.upper], ids=["as it is", "lower", "upper"])
def test_a_carrier_is_refused_by_any_spelling(row: Carrier, spelled: type[str]) -> None:
    with pytest.raises(RefusedError, match=f"carries {row.carries}") as refused:
        plan(spelled(row.name))
    assert "ansible.windows.win_reboot" in str(refused.value)
    assert "at its console" in str(refused.value)


@pytest.mark.parametrize("row", CARRIERS, ids=lambda row: row.name)
def test_a_carrier_that_depends_on_the_service_is_refused_before_anything_stops(row: Carrier) -> None:
    fake = MemoryHost(
        installed=(service("S"), service("A"), service(row.name)), depends={"S": ("A",), "A": (row.name,)}
    )
    with pytest.raises(RefusedError, match=f"{row.name}, which depends on S and would stop with it, carries"):
        run(fake)
    assert [entry for entry in fake.calls if entry.startswith(("stop ", "start "))] == []


@pytest.mark.parametrize("row", [row for row in CARRIERS if row.controller], ids=lambda row: row.name)
def test_the_directory_is_one_on_a_controller_only(row: Carrier) -> None:
    assert plan(row.name, controller=False).stop == (row.name,)
    assert plan("S", row.name, controller=False).stop == (row.name, "S")


def test_whether_it_is_a_controller_is_asked_only_where_it_matters() -> None:
    def never() -> bool:
        raise AssertionError("asked for nothing")

    assert services.plan(service("S"), nobody, dependents=True, controller=never).stop == ("S",)


def test_a_stopped_carrier_can_be_started() -> None:
    assert services.plan(service("Netlogon", "Stopped"), nobody, dependents=True).start == ("Netlogon",)


def test_a_carrier_that_does_not_run_is_no_obstacle() -> None:
    found = services.plan(
        service("S"),
        lambda name: [service("PolicyAgent", "Stopped")] if name == "S" else (),
        dependents=True,
    )
    assert found.stop == ("S",)


@pytest.mark.parametrize("name", [*KNOWN_SERVICES, "IISADMIN", "W3SVC"])
def test_what_serves_pop3_is_none_of_them(name: str) -> None:
    assert plan(name).stop == (name,)
