# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole lab inside an event loop: computers behind ports, started, reset and stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import tempfile
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from lab.tls import Certificate, make_certificate
from lab.winrm.connection import Connection, Latency
from lab.winrm.doors import Doors
from lab.winrm.host import Computer, Host
from lab.winrm.settings import settings_from

READ_LIMIT = 128 * 1024
NO_LATENCY = Latency()


class Listener(Protocol):
    """A service that listens (an ``asyncio.Server``, or what looks like one)."""

    @property
    def sockets(self) -> Sequence[socket.socket]:
        """Where it listens."""

    def close(self) -> None:
        """Stop listening."""

    async def wait_closed(self) -> None:
        """Wait until everything is closed."""


class Scenario(Protocol):
    """What a scenario file describes."""

    @property
    def computers(self) -> Sequence[Computer]:
        """The computers in their first state."""

    @property
    def settings(self) -> Mapping[str, Mapping[str, object]]:
        """What the file says about each host, by its name in lower case."""

    @property
    def inventory_vars(self) -> Callable[..., Mapping[str, object]]:
        """From a computer to the variables that the scenario wants in the inventory for it."""


# (computer, address, port or 0, TLS context or None): starts the computer's POP3 service
Pop3: TypeAlias = Callable[..., Awaitable["Listener"]]


@dataclass(frozen=True)
class Ports:
    """Where the services of one computer listen; 0: not at all."""

    winrm: int = 0
    https: int = 0
    pop3: int = 0
    pop3s: int = 0


@dataclass
class Station:
    """One computer with its listeners."""

    host: Host
    ports: Ports
    inventory: Mapping[str, object]
    servers: list[Doors] = field(default_factory=list)
    pop3: list[Listener] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What to start: ``load`` makes the scenario, again at each reset."""

    load: Callable[[], Scenario]
    pop3: Pop3 | None = None
    address: str = "127.0.0.1"
    latency: Latency = NO_LATENCY
    winrm: Mapping[str, object] = field(default_factory=dict)
    transcript: int = 0  # how many exchanges of each host are kept

    def __post_init__(self) -> None:
        if not ipaddress.ip_address(self.address).is_loopback:
            raise ValueError(f"the lab serves loopback addresses only, and {self.address} is none")


class Lab:
    """A running lab; every method belongs to the event loop that started it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.stations: dict[str, Station] = {}
        self.errors: list[str] = []  # tracebacks: a lab that fails must not look like a host that does
        self._folder = tempfile.TemporaryDirectory(prefix="winmail-lab-")
        self.certificate: Certificate = make_certificate(Path(self._folder.name), plan.address)

    async def start(self) -> None:
        """Load the scenario and open every port."""
        scenario = self.plan.load()
        for number, computer in enumerate(scenario.computers):
            accounts = Path(self._folder.name) / f"accounts-{number}"
            name = computer.name.lower()
            configured = {**configuration(scenario, name), **self.plan.winrm}
            host = Host(computer, settings_from(configured), accounts, self.plan.transcript)
            host.accounts.update(computer.credentials())
            station = Station(host, Ports(), scenario.inventory_vars(computer))
            self.stations[name] = station
            await self._open(station)

    async def _open(self, station: Station) -> None:
        station.servers = [await self._listen(station.host, secure=secure) for secure in (False, True)]
        station.pop3 = await self._start_pop3(station)
        station.ports = Ports(*(_port(server) for server in [*station.servers, *station.pop3]))

    async def _listen(self, host: Host, *, secure: bool) -> Doors:
        certificate = self.certificate.der if secure else None

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = Connection(host, (reader, writer), certificate, self.plan.latency)
            await self._guarded(connection)

        doors = Doors(host, serve, self.certificate.context if secure else None, READ_LIMIT)
        await doors.open(self.plan.address)
        return doors

    async def _guarded(self, connection: Connection) -> None:
        try:
            await connection.serve()
        except Exception:  # noqa: BLE001 - whatever it is, it must be seen, and the other hosts go on
            self.errors.append(traceback.format_exc())

    async def _start_pop3(self, station: Station) -> list[Listener]:
        """Start POP3 in the clear and over TLS, on the ports of before where there are some."""
        start, ports = self.plan.pop3, station.ports
        if start is None:
            return []
        contexts = ((ports.pop3, None), (ports.pop3s, self.certificate.context))
        return [await start(station.host.computer, self.plan.address, port, context) for port, context in contexts]

    async def reset(self) -> None:
        """Put the scenario's first state behind the same ports; counters and transcripts start again."""
        fresh = {computer.name.lower(): computer for computer in self.plan.load().computers}
        if set(fresh) != set(self.stations):
            raise ValueError("the scenario has other hosts now: start the lab again")
        for name, station in self.stations.items():
            station.host.reset(fresh[name])
            for doors in station.servers:
                doors.follow()
            before, station.pop3 = station.pop3, await self._start_pop3(station)
            await _close(before)

    async def stop(self) -> None:
        """Close every port and connection and remove what was written."""
        for station in self.stations.values():
            station.host.abort_connections()
            await _close([*station.servers, *station.pop3])
        self._folder.cleanup()

    def station(self, name: str) -> Station:
        """A host by its name in any case; raises KeyError with a sentence."""
        if name.lower() not in self.stations:
            raise KeyError(f"no host is called {name!r} (there are {', '.join(self.stations)})")
        return self.stations[name.lower()]


def configuration(scenario: Scenario, name: str) -> dict[str, object]:
    """How a host's WinRM service is set: the defaults of its release, then ``winrm`` of the scenario's host."""
    spec = scenario.settings.get(name, {})
    old = str(spec.get("release")) in {"2003R2", "2008R2"}
    said = spec.get("winrm")
    language = "de" if spec.get("language") == "de" else "en"
    return {
        "preset": "2008r2" if old else "default",
        "language": language,
        **(said if isinstance(said, Mapping) else {}),
    }


async def _close(servers: Sequence[Listener]) -> None:
    for server in servers:
        server.close()
    for server in servers:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 2)


def _port(server: Listener) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port
