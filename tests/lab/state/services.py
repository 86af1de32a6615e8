# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service control manager: states, dependents, transitions in time, and what a process may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STOPPED, RUNNING = "Stopped", "Running"
START_PENDING, STOP_PENDING = "Start Pending", "Stop Pending"

# ReturnValue of Win32_Service.StartService and StopService (docs/sources.md S7).
OK, NOT_SUPPORTED, DEPENDENTS_RUNNING, CANNOT_ACCEPT = 0, 1, 3, 5
TIMED_OUT, ALREADY_RUNNING, DEPENDENCY_FAILED, DISABLED, LOGON_FAILED = 7, 10, 13, 14, 15


@dataclass(frozen=True)
class Process:
    """A running process; ``privileges`` are those its account had when it started, whatever was granted since."""

    pid: int
    image: str
    owner_sid: str
    privileges: frozenset[str]
    created: dt.datetime
    command_line: str = ""
    parent: int = 0


@dataclass
class Service:
    """One registered service; ``host`` names the process it shares with others (inetinfo), else its own."""

    name: str
    display: str
    account: str
    path: str
    start_mode: str = "Auto"
    depends_on: tuple[str, ...] = ()
    host: str = ""
    stop_seconds: float = 0.0
    start_seconds: float = 0.0
    stops: bool = True
    starts: bool = True
    stop_code: int = OK
    call_seconds: float = 0.0
    """How long StartService and StopService take before they answer; the service goes on meanwhile."""
    accepts_stop: bool = True
    driver: bool = False  # a kernel driver: no process, no Win32_Service
    state: str = STOPPED
    process: Process | None = None
    pending_until: float | None = None
    """When its transition ends, in the seconds of Clock.elapsed."""

    @property
    def image(self) -> str:
        """The file name of its program."""
        return self.path.strip('"').rpartition("\\")[2].split('"')[0]


class LogonRefusedError(Exception):
    """The service's account may not log on as a service (or does not exist)."""


class Tokens(Protocol):
    """Who a service's process would be: its SID and the privileges of a token made now."""

    def service_token(self, service: Service) -> tuple[str, frozenset[str]]:
        """(owner SID, privileges); raises LogonRefusedError."""


class Services:
    """Every service of one computer and the processes behind them."""

    def __init__(self, now: Callable[[], dt.datetime], elapsed: Callable[[], float], tokens: Tokens) -> None:
        self._now = now
        self._elapsed = elapsed
        self._tokens = tokens
        self._services: dict[str, Service] = {}
        self._next_pid = 1200
        self.listeners: list[Callable[[], None]] = []

    def add(self, service: Service) -> Service:
        """Register a service."""
        self._services[service.name.casefold()] = service
        return service

    def __iter__(self) -> Iterator[Service]:
        self.settle()
        return iter(sorted(self._services.values(), key=lambda s: s.name.casefold()))

    def names(self) -> list[str]:
        """The key name of every service, drivers left out."""
        return [service.name for service in self._services.values() if not service.driver]

    def get(self, name: str) -> Service | None:
        """One service by its key name, in any case."""
        self.settle()
        return self._services.get(name.casefold())

    def dependents(self, service: Service) -> list[Service]:
        """The services that name this one among those they need."""
        wanted = service.name.casefold()
        return [s for s in self if wanted in {name.casefold() for name in s.depends_on}]

    def needs(self, service: Service) -> list[Service]:
        """The registered services that this one needs."""
        return [s for name in service.depends_on if (s := self.get(name)) is not None]

    def processes(self) -> list[Process]:
        """The processes of all services, each once."""
        found = {s.process.pid: s.process for s in self if s.process}
        return [found[pid] for pid in sorted(found)]

    def start(self, service: Service) -> int:
        """Start a service and what it needs first; the answer of Win32_Service.StartService."""
        self.settle()
        if service.state != STOPPED:
            return ALREADY_RUNNING
        if service.start_mode == "Disabled":
            return DISABLED
        for needed in self.needs(service):
            if needed.state == STOPPED and self.start(needed) != OK:
                return DEPENDENCY_FAILED
        try:
            service.process = None if service.driver else self._process(service)
        except LogonRefusedError:
            return LOGON_FAILED
        self._begin(service, START_PENDING, service.start_seconds)
        return OK

    def stop(self, service: Service) -> int:
        """Ask a service to stop; the answer of Win32_Service.StopService."""
        self.settle()
        if service.state != RUNNING:
            return CANNOT_ACCEPT
        if any(s.state != STOPPED for s in self.dependents(service)):
            return DEPENDENTS_RUNNING
        if not service.accepts_stop:
            return CANNOT_ACCEPT
        self._begin(service, STOP_PENDING, service.stop_seconds)
        return service.stop_code

    def settle(self) -> None:
        """Finish the transitions whose time has come."""
        now, moved = self._elapsed(), False
        for service in self._services.values():
            due = service.pending_until
            if due is None or now < due or _hangs(service):
                continue
            stopping = service.state == STOP_PENDING
            service.state = STOPPED if stopping else RUNNING
            service.process = None if stopping else service.process
            service.pending_until = None
            moved = True
        if moved:
            self._notify()

    def next_change(self) -> float | None:
        """When, in the seconds of Clock.elapsed, the next transition ends; one that never ends does not count."""
        moving = (s for s in self._services.values() if not _hangs(s))
        return min((s.pending_until for s in moving if s.pending_until is not None), default=None)

    def _begin(self, service: Service, state: str, seconds: float) -> None:
        service.state = state
        service.pending_until = self._elapsed() + seconds
        self._notify()
        self.settle()

    def _notify(self) -> None:
        for listener in list(self.listeners):
            listener()

    def _process(self, service: Service) -> Process:
        if service.host:
            shared = [s.process for s in self if s.host == service.host and s.process]
            if shared:
                return shared[0]
        owner, privileges = self._tokens.service_token(service)
        self._next_pid += 4
        return Process(self._next_pid, service.image, owner, privileges, self._now(), service.path, parent=720)


def _hangs(service: Service) -> bool:
    return (service.state == STOP_PENDING and not service.stops) or (
        service.state == START_PENDING and not service.starts
    )
