# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab for pytest: ``with running(scenario="pop3") as lab`` serves it from a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from lab import control, inventory
from lab.faults import Faults
from lab.network import Lab, Ports, Scenario
from lab.plan import make_plan
from lab.seams import Effect
from lab.winrm.auth import Logon
from lab.winrm.host import Computer, Exchange

T = TypeVar("T")
DEADLINE = 60.0  # seconds for any call into the lab's thread


@dataclass(frozen=True)
class HostAddress:
    """Where one computer is reached; a port of 0 does not exist."""

    name: str
    address: str
    ports: Ports
    variables: Mapping[str, object] = field(repr=False)  # passwords among them

    @property
    def winrm_port(self) -> int:
        """WinRM over HTTP."""
        return self.ports.winrm

    @property
    def https_port(self) -> int:
        """WinRM over HTTPS."""
        return self.ports.https

    @property
    def pop3_port(self) -> int:
        """POP3 in the clear, with STLS."""
        return self.ports.pop3

    @property
    def pop3s_port(self) -> int:
        """POP3 over TLS."""
        return self.ports.pop3s


class ComputerHandle:
    """A computer as a test sees it: every access happens in the lab's own thread."""

    def __init__(self, lab: RunningLab, name: str) -> None:
        self._lab = lab
        self._name = name

    @property
    def faults(self) -> Faults:
        """The computer's injected faults (safe from any thread)."""
        return self.call(lambda computer: computer.faults)

    def snapshot(self) -> dict[str, object]:
        """The computer's whole state as JSON-able values."""
        return self.call(lambda computer: computer.snapshot())

    def advance(self, seconds: float) -> None:
        """Let time pass, for the computer and for what idles on the wire."""
        self._lab.call(lambda lab: lab.station(self._name).host.advance(seconds))

    def change(self, **changes: object) -> None:
        """Change the computer from outside: ``change(reboot=True)``, ``change(clock_step=-3600)`` (see lab.control)."""
        self.call(lambda computer: computer.change(Effect("state", {"change": changes})))

    def times(self) -> dict[str, object]:
        """What the computer's clocks show, and when something is due by itself."""
        return self.call(lambda computer: computer.times())

    def call(self, function: Callable[[Computer], T]) -> T:
        """The result of ``function(computer)``, run while no request is being answered."""
        return self._lab.call(lambda lab: function(lab.station(self._name).host.computer))


class RunningLab:
    """A lab that runs in another thread until the ``with`` block ends."""

    def __init__(self, lab: Lab, loop: asyncio.AbstractEventLoop, control_url: str) -> None:
        self._lab = lab
        self._loop = loop
        self.control_url = control_url
        self.certificate_path: Path = lab.certificate.path
        self.hosts: dict[str, HostAddress] = {
            name: HostAddress(name, lab.plan.address, station.ports, station.inventory)
            for name, station in lab.stations.items()
        }

    def call(self, function: Callable[[Lab], T]) -> T:
        """The result of ``function(lab)`` from the lab's thread."""

        async def run() -> T:
            return function(self._lab)

        return self._await(run())

    def _await(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(DEADLINE)

    def computer(self, name: str) -> ComputerHandle:
        """One computer's state, faults and clock; it stays valid over a reset."""
        self.call(lambda lab: lab.station(name))
        return ComputerHandle(self, name)

    def inventory(self, path: Path) -> Path:
        """Write an Ansible inventory (mode 0600) and return its path."""
        self.call(lambda lab: inventory.write(path, lab, self.control_url))
        return path

    def requests(self, name: str) -> int:
        """HTTP requests to a host since the start or the last reset, logon legs included."""
        return sum(self.requests_by_action(name).values())

    def requests_by_action(self, name: str) -> dict[str, int]:
        """The same by action; ``login``: challenges and empty bodies, ``refused``: answered without SOAP."""
        return self.call(lambda lab: dict(lab.station(name).host.counts()))

    def clear_requests(self) -> None:
        """Start counting again, on every host."""

        def clear(lab: Lab) -> None:
            for station in lab.stations.values():
                station.host.requests.clear()

        self.call(clear)

    def open_shells(self, name: str) -> int:
        """WinRS shells that are open on a host."""
        return self.call(lambda lab: lab.station(name).host.shells.count())

    def logons(self, name: str) -> list[Logon]:
        """Who was admitted to a host since the start or the last reset, and how, oldest first."""
        return self.call(lambda lab: list(lab.station(name).host.door.logons))

    def refused(self, name: str) -> list[str]:
        """Who proved who he is and was not admitted to a host, oldest first."""
        return self.call(lambda lab: list(lab.station(name).host.door.refused))

    def transcript(self, name: str) -> list[Exchange]:
        """Every SOAP request and answer of a host, decrypted, oldest first."""
        return self.call(lambda lab: list(lab.station(name).host.transcript))

    def reset(self) -> None:
        """Every computer as the scenario describes it, on the same ports."""
        self._await(self._lab.reset())

    def errors(self) -> list[str]:
        """Tracebacks of failures of the lab itself."""
        return self.call(lambda lab: list(lab.errors))


@contextlib.contextmanager
def running(
    scenario: str | Path | Callable[[], Scenario] = "pop3",
    worlds: Mapping[str, str] | None = None,
    *,
    hosts: int | None = None,
    winrm: Mapping[str, object] | None = None,
    latency: str = "none",
    transcript: int = 10_000,
) -> Iterator[RunningLab]:
    """Run a lab.

    ``scenario``: a name, a file, or a function that makes one. ``hosts``: how many copies of its hosts.
    ``winrm``: settings of every host's WinRM service (lab.winrm.settings). ``latency``: none or wan.
    ``transcript``: exchanges kept for each host. Raises AssertionError at the end when the lab itself failed.
    """
    plan = make_plan(scenario, worlds or {}, hosts=hosts, winrm=winrm, latency=latency, transcript=transcript)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="lab", daemon=True)
    thread.start()
    lab = Lab(plan)
    try:
        server = asyncio.run_coroutine_threadsafe(_start(lab), loop).result(DEADLINE)
        yield RunningLab(lab, loop, server.url)
        server.close()
    finally:
        asyncio.run_coroutine_threadsafe(_stop(lab), loop).result(DEADLINE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(DEADLINE)
        loop.close()
    if lab.errors:
        raise AssertionError("the lab itself failed:\n" + "\n".join(lab.errors))


async def _start(lab: Lab) -> control.Control:
    await lab.start()
    server = control.Control(lab)
    await server.start()
    return server


async def _stop(lab: Lab) -> None:
    """Stop the lab and leave no task behind in the loop."""
    await lab.stop()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
