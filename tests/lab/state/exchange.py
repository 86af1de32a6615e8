# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Exchange generations: services, accounts, dependencies, registry, POP3 (docs/sources.md S9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.state.services import Service

if TYPE_CHECKING:
    from lab.state.registry import Registry

SYSTEM = "LocalSystem"
NETWORK = "NT AUTHORITY\\NetworkService"
LOCAL = "NT AUTHORITY\\LocalService"


@dataclass(frozen=True)
class Spec:
    """A service of a generation; account ``site`` stands for the site service account of 5.x."""

    name: str
    display: str
    account: str
    program: str
    needs: tuple[str, ...] = ()
    mode: str = "Auto"
    host: str = ""
    running: bool = True


@dataclass(frozen=True)
class Generation:
    """One Exchange version as a host shows it; ``pop3_service`` hosts port 110."""

    key: str
    banner: str
    pop3_service: str
    services: tuple[Spec, ...]
    setup_key: str = ""
    setup: tuple[int, int, int, int] = (0, 0, 0, 0)
    needs_tcb: bool = False
    modern: bool = False


def _five(exchange: str) -> tuple[Spec, ...]:
    folder = f"C:\\{exchange}\\bin\\"
    return (
        Spec("MSExchangeSA", "Microsoft Exchange System Attendant", "site", folder + "mad.exe"),
        Spec(
            "MSExchangeDS",
            "Microsoft Exchange Directory",
            "site",
            folder + "dsamain.exe",
            ("MSExchangeSA",),
        ),
        Spec(
            "MSExchangeIS",
            "Microsoft Exchange Information Store",
            "site",
            folder + "store.exe",
            ("MSExchangeDS",),
        ),
        Spec(
            "MSExchangeMTA",
            "Microsoft Exchange Message Transfer Agent",
            "site",
            folder + "emsmta.exe",
            ("MSExchangeDS",),
        ),
        Spec(
            "MSExchangeIMC",
            "Microsoft Exchange Internet Mail Service",
            "site",
            folder + "msexcimc.exe",
            ("MSExchangeIS", "MSExchangeMTA"),
        ),
    )


def _iis(extra: tuple[Spec, ...], pop3_mode: str) -> tuple[Spec, ...]:
    inetinfo = "C:\\Windows\\System32\\inetsrv\\inetinfo.exe"
    folder = "C:\\Program Files\\Exchsrvr\\bin\\"
    return (
        Spec("IISADMIN", "IIS Admin Service", SYSTEM, inetinfo, host="inetinfo"),
        Spec("MSExchangeSA", "Microsoft Exchange System Attendant", SYSTEM, folder + "mad.exe"),
        Spec(
            "MSExchangeIS",
            "Microsoft Exchange Information Store",
            SYSTEM,
            folder + "store.exe",
            ("MSExchangeSA",),
        ),
        Spec(
            "POP3Svc",
            "Microsoft Exchange POP3",
            SYSTEM,
            inetinfo,
            ("IISADMIN",),
            pop3_mode,
            "inetinfo",
        ),
        *extra,
    )


_MODERN_BIN = "C:\\Program Files\\Microsoft\\Exchange Server\\"


def _single(version: str, name: str) -> tuple[Spec, ...]:
    folder = _MODERN_BIN + version
    pop3 = f"{folder}ClientAccess\\PopImap\\Microsoft.Exchange.Pop3Service.exe"
    return (
        Spec(
            "MSExchangeADTopology",
            "Microsoft Exchange Active Directory Topology",
            SYSTEM,
            f"{folder}bin\\MSExchangeADTopologyService.exe",
        ),
        Spec(
            "MSExchangeIS",
            "Microsoft Exchange Information Store",
            SYSTEM,
            f"{folder}bin\\store.exe",
            ("MSExchangeADTopology",),
        ),
        Spec(name, "Microsoft Exchange POP3", NETWORK, pop3, ("MSExchangeADTopology",), "Manual"),
    )


def _pair() -> tuple[Spec, ...]:
    folder = _MODERN_BIN + "V15\\"
    needs = ("MSExchangeADTopology",)
    return (
        Spec(
            "MSExchangeADTopology",
            "Microsoft Exchange Active Directory Topology",
            SYSTEM,
            f"{folder}bin\\Microsoft.Exchange.Directory.TopologyService.exe",
        ),
        Spec(
            "MSExchangeIS",
            "Microsoft Exchange Information Store",
            SYSTEM,
            f"{folder}bin\\Microsoft.Exchange.Store.Service.exe",
            needs,
        ),
        Spec(
            "MSExchangePOP3",
            "Microsoft Exchange POP3",
            NETWORK,
            f"{folder}FrontEnd\\PopImap\\Microsoft.Exchange.Pop3Service.exe",
            needs,
            "Manual",
        ),
        Spec(
            "MSExchangePOP3BE",
            "Microsoft Exchange POP3 Backend",
            NETWORK,
            f"{folder}ClientAccess\\PopImap\\Microsoft.Exchange.Pop3Service.exe",
            needs,
            "Manual",
        ),
        Spec(
            "MSExchangeIMAP4",
            "Microsoft Exchange IMAP4",
            SYSTEM,
            f"{folder}FrontEnd\\PopImap\\Microsoft.Exchange.Imap4Service.exe",
            needs,
            "Manual",
            running=False,
        ),
    )


_NEW_BANNER = "+OK The Microsoft Exchange POP3 service is ready."
_V15 = "SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup"


def _modern(key: str, build: tuple[int, int, int, int]) -> Generation:
    return Generation(key, _NEW_BANNER, "MSExchangePOP3", _pair(), _V15, build, modern=True)


_ALL = (
    Generation(
        "5.0",
        "+OK Microsoft Exchange POP3 server version 5.0.1457.10 ready",
        "MSExchangeIS",
        _five("exchsrvr"),
        needs_tcb=True,
    ),
    Generation(
        "5.5",
        "+OK Microsoft Exchange POP3 server version 5.5.2653.23 ready",
        "MSExchangeIS",
        _five("exchsrvr"),
        needs_tcb=True,
    ),
    Generation(
        "2000",
        "+OK Microsoft Exchange 2000 POP3 server version 6.0.6249.0 ({host}) ready.",
        "POP3Svc",
        _iis((), "Auto"),
        "SOFTWARE\\Microsoft\\Exchange\\Setup",
        (6, 0, 6249, 0),
    ),
    Generation(
        "2003",
        "+OK Microsoft Exchange Server 2003 POP3 server version 6.5.6944.0 ({host}) ready.",
        "POP3Svc",
        _iis((), "Manual"),
        "SOFTWARE\\Microsoft\\Exchange\\Setup",
        (6, 5, 6944, 0),
    ),
    Generation(
        "2007",
        _NEW_BANNER,
        "MSExchangePop3",
        _single("", "MSExchangePop3"),
        "SOFTWARE\\Microsoft\\Exchange\\v8.0\\Setup",
        (8, 3, 83, 6),
        modern=True,
    ),
    Generation(
        "2010",
        _NEW_BANNER,
        "MSExchangePOP3",
        _single("V14\\", "MSExchangePOP3"),
        "SOFTWARE\\Microsoft\\ExchangeServer\\v14\\Setup",
        (14, 3, 123, 4),
        modern=True,
    ),
    _modern("2013", (15, 0, 1497, 2)),
    _modern("2016", (15, 1, 2507, 6)),
    _modern("2019", (15, 2, 1544, 4)),
    _modern("SE", (15, 2, 2562, 17)),
    # The POP3 service that Windows Server 2003 itself had: not Exchange, and the same service name.
    Generation(
        "server2003pop3",
        "+OK Microsoft Windows POP3 Service Version 1.0 <84722601@{host}> ready.",
        "POP3SVC",
        (
            Spec(
                "POP3SVC",
                "Microsoft POP3 Service",
                LOCAL,
                "C:\\Windows\\System32\\POP3Server\\Pop3svc.exe",
            ),
        ),
    ),
)
GENERATIONS = {generation.key: generation for generation in _ALL}


def services_of(generation: Generation, site_account: str) -> list[tuple[Service, bool]]:
    """The services to register, each with whether it runs."""
    found = []
    for spec in generation.services:
        account = site_account if spec.account == "site" else spec.account
        service = Service(
            spec.name,
            spec.display,
            account,
            f'"{spec.program}"',
            spec.mode,
            spec.needs,
            spec.host,
        )
        found.append((service, spec.running))
    return found


def write_registry(generation: Generation, registry: Registry) -> None:
    """The keys by which a host tells its generation: Setup with the Msi* values, or the 5.x service keys."""
    for spec in generation.services:
        path = f"SYSTEM\\CurrentControlSet\\Services\\{spec.name}"
        registry.set(path, "DisplayName", spec.display)
    if generation.needs_tcb:
        base = "SYSTEM\\CurrentControlSet\\Services\\MSExchangeIS"
        registry.create(f"{base}\\ParametersSystem")
        registry.set(f"{base}\\ParametersNetIf", "Credentials Cache Age Limit", 120)
        registry.set(f"{base}\\ParametersNetIf", "Credentials Cache Idle Limit", 15)
    if not generation.setup_key:
        return
    names = ("MsiProductMajor", "MsiProductMinor", "MsiBuildMajor", "MsiBuildMinor")
    for name, number in zip(names, generation.setup, strict=True):
        registry.set(generation.setup_key, name, number)
    folder = generation.services[0].program.rpartition("\\bin\\")[0] + "\\"
    registry.set(generation.setup_key, "MsiInstallPath", folder)
