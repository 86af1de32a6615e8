# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosting: which service serves POP3, whose name it shares, and what right its account needs."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import hosting
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.generations import Exchange
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service
from ansible_collections.winmail.exchange.tests.support.memory_host import pop3, store


def iis(account: str = "LocalSystem", display_name: str = "Microsoft Exchange POP3") -> Service:
    return Service("POP3Svc", display_name, "Running", "Auto", account, 700)


FRONT, BACK = pop3("MSExchangePop3"), pop3("MSExchangePOP3BE")
ALL = (store(), BACK, FRONT, iis())


@pytest.mark.parametrize(
    ("generation", "names"),
    [
        ("5.x", ["MSExchangeIS"]),
        ("2000", ["POP3Svc"]),
        ("2003", ["POP3Svc"]),
        ("2007", ["MSExchangePop3", "MSExchangePOP3BE"]),
        ("SE", ["MSExchangePop3", "MSExchangePOP3BE"]),
        ("none", ["POP3Svc"]),
        ("unknown", ["MSExchangePop3", "MSExchangePOP3BE", "POP3Svc"]),
    ],
)
def test_each_generation_has_its_services(generation: str, names: list[str]) -> None:
    found = hosting.hosts(ALL, Exchange(generation), None)
    assert [service.name for service in found] == names


def test_a_store_of_an_unknown_generation_is_not_taken_for_5() -> None:
    assert hosting.hosts((store(),), Exchange("unknown"), None) == ()


def test_the_named_service_in_any_case() -> None:
    assert hosting.hosts(ALL, Exchange("SE"), "msexchangeis") == (store(),)


def test_a_named_service_that_does_not_exist() -> None:
    with pytest.raises(InputError, match="There is no service 'hMail'"):
        hosting.hosts(ALL, Exchange("SE"), "hMail")


@pytest.mark.parametrize(
    ("service", "generation", "clashes"),
    [
        pytest.param(iis(), "2003", False, id="Exchange's own"),
        pytest.param(iis("NT AUTHORITY\\LocalService"), "2003", True, id="told by Local Service"),
        pytest.param(iis(display_name="Microsoft POP3 Service "), "2000", True, id="told by its display name"),
        pytest.param(iis(), "2007", True, id="beside a newer Exchange"),
        pytest.param(iis(), "5.x", True, id="beside 5.x"),
        pytest.param(iis(), "unknown", False, id="nothing known, nothing claimed"),
        pytest.param(store(), "5.x", False, id="no such service"),
    ],
)
def test_clash_with_windows_server_2003(service: Service, generation: str, clashes: bool) -> None:
    found = hosting.clash((service,), Exchange(generation))
    assert (found is not None) is clashes
    if found is not None:
        assert "POP3 service of Windows Server 2003" in found.reason


@pytest.mark.parametrize(
    ("service", "generation", "sid", "rights"),
    [
        pytest.param(store(), "5.x", "S-1-5-21-1-2-3-4", ("SeTcbPrivilege",), id="5.x"),
        pytest.param(store(), "5.x", "S-1-5-18", ("SeTcbPrivilege",), id="5.x under Local System"),
        pytest.param(store(), "2003", "S-1-5-18", (), id="a newer store"),
        pytest.param(iis(), "2003", "S-1-5-18", (), id="2003"),
        pytest.param(FRONT, "SE", "S-1-5-20", (), id="SE"),
        pytest.param(FRONT, "SE", "S-1-5-21-1-2-3-4", ("SeServiceLogonRight",), id="SE under a domain account"),
        pytest.param(FRONT, "SE", None, ("SeServiceLogonRight",), id="SE, account not known"),
    ],
)
def test_required_rights(service: Service, generation: str, sid: str | None, rights: tuple[str, ...]) -> None:
    assert hosting.required(service, Exchange(generation), sid) == rights


@pytest.mark.parametrize(
    ("account", "sid"),
    [
        ("LocalSystem", "S-1-5-18"),
        ("localSystem", "S-1-5-18"),
        ("NT Authority\\NetworkService", "S-1-5-20"),
        ("NT AUTHORITY\\LocalService", "S-1-5-19"),
        ("CORP\\exsvc", None),
        (".\\local", None),
        (None, None),
        ('odd"name', None),
    ],
)
def test_the_configured_account_by_its_name_alone(account: str | None, sid: str | None) -> None:
    assert hosting.configured_sid(Service("x", "X", "Running", "Auto", account, 1)) == sid


def test_virtual_accounts_are_computed() -> None:
    found = hosting.configured_sid(Service("x", "X", "Running", "Auto", "NT SERVICE\\TrustedInstaller", 1))
    assert found == "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"


def test_the_named_service_is_asked_for_too() -> None:
    assert hosting.known("hMailServer") == (*hosting.known(None), "hMailServer")
    assert len(hosting.known(None)) == 4
