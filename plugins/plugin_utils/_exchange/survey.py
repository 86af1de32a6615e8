# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The survey: a snapshot of the rights, and beside it services, Exchange and events; each refusal noted, none hidden.

HTTP requests of a whole task, 24 at most: login, shell and close 5; computer, operating system and services 3; rights 3
and names 1; events 3. The 9 that are left (_SPARE) go to setup keys (5 at most), owner and start of each process (2),
and what the snapshot asks beyond the rights (_rights/snapshot.py: Budget), in order; what is left out is unknown,
not assumed. Look-ups of names that no running process answers cost extra, and then there is no process.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ReadError,
    WindowsError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Computer,
    EventQuery,
    Host,
    OperatingSystem,
    RegistryQuery,
    RightsQuery,
    RightsReading,
    Service,
    ServiceProcess,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import effective
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.snapshot import Budget, Scope, Snapshot, take
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import csp
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName

from . import events, generations, hosting
from .options import ServerOptions

_SPARE = 9
_MOST_SERVICES = 2
_T = t.TypeVar("_T")


@dataclass(frozen=True)
class Hosted:
    """A service that serves POP3, its process (None: it does not run, or was not read), and two accounts.

    ``owner`` is the account it runs under, or is configured for; ``subject`` the one whose rights are asked.
    """

    service: Service
    process: ServiceProcess | None
    owner: effective.Subject
    subject: effective.Subject

    @property
    def owner_seen(self) -> bool:
        """Whether the process itself told under which account it runs."""
        return self.process is not None and self.process.owner_sid is not None


@dataclass(frozen=True)
class EventLog:
    """The events about POP3 logons; ``refusal`` says why the log could not be read, ``asked`` whether it was to be."""

    asked: bool
    found: tuple[events.Event, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True)
class Survey:
    """All that was read of one computer; ``unread`` are sentences about what Windows refused.

    ``rights`` is None where no right matters, or they could not be read.
    """

    computer: Computer
    system: OperatingSystem | None
    exchange: generations.Exchange
    clash: hosting.Clash | None
    hosted: tuple[Hosted, ...]
    rights: Snapshot | None
    accounts: Mapping[str, Account]
    log: EventLog
    unread: tuple[str, ...]


@dataclass
class _Reader:
    """The host, and what it refused so far."""

    host: Host
    unread: list[str] = field(default_factory=list)
    spare: int = _SPARE

    def ask(self, what: str, call: Callable[[], _T]) -> _T | None:
        """The answer, or None after a refusal; a lost connection is never swallowed."""
        try:
            return call()
        except (ReadError, WindowsError) as exc:
            self.unread.append(f"{what}: {exc}")
            return None


def survey(host: Host, options: ServerOptions) -> Survey:
    """Read everything; raises InputError for a service that does not exist, WindowsError where services are refused."""
    reader = _Reader(host)
    computer = host.computer()
    system = reader.ask("Operating system", host.operating_system)
    services = host.services(hosting.known(options.service))
    exchange = _exchange(reader, services)
    chosen = hosting.hosts(services, exchange, options.service)
    processes = {service.name: _process(reader, service) for service in chosen[:_MOST_SERVICES] if service.process_id}
    reading = _rights(reader, chosen, processes, exchange, options)
    hosted = [_hosted(service, processes.get(service.name), reading, options) for service in chosen]
    rights = None
    if reading is not None:
        # Device management: where the version was not told, it may govern rights.
        budget = Budget(reader.spare, log_always=False, mdm=system is None or csp.sets_rights(system.version))
        scope = Scope(_wanted(hosted, exchange, options), _sids(hosted), tuple(one.subject for one in hosted))
        rights = take(host, computer, reading, scope, budget)
    accounts = rights.accounts if rights is not None else _accounts(host, hosted)
    return Survey(
        computer,
        system,
        exchange,
        hosting.clash(services, exchange),
        tuple(replace(one, subject=effective.named(one.subject, accounts)) for one in hosted),
        rights,
        accounts,
        _log(reader, options),
        (*reader.unread, *(rights.unread if rights is not None else ())),
    )


def _exchange(reader: _Reader, services: Sequence[Service]) -> generations.Exchange:
    names = [service.name for service in services]
    refused_before = len(reader.unread)
    for setup in generations.candidates(names):
        minor = _dword(reader, setup.key, "MsiProductMinor")
        if minor is not None:
            return generations.installed(
                setup,
                minor,
                _dword(reader, setup.key, "MsiBuildMajor"),
                _dword(reader, setup.key, "MsiBuildMinor"),
            )
    return generations.without_setup(names, whole=len(reader.unread) == refused_before)


def _dword(reader: _Reader, key: str, value: str) -> int | None:
    query = RegistryQuery(key, value, "dword")
    reader.spare -= 1
    found = reader.ask(f"Registry value HKLM\\{key}\\{value}", lambda: reader.host.registry(query))
    return found if isinstance(found, int) else None


def _process(reader: _Reader, service: Service) -> ServiceProcess | None:
    reader.spare -= 2
    what = f"Process {service.process_id} of {service.name}"
    process = reader.ask(what, lambda: reader.host.service_process(service.process_id))
    if process is not None and process.owner_sid is None:
        code = "no code" if process.owner_code is None else f"code {process.owner_code}"
        reader.unread.append(
            f"{what}: GetOwnerSid gave {code}, so the account is the one that the service is configured for."
        )
    return process


def _known_sid(service: Service, process: ServiceProcess | None) -> str | None:
    """The SID of whom a process runs as, else of whom the service is configured for; None where a look-up is needed."""
    if process is not None and process.owner_sid is not None:
        return process.owner_sid
    return hosting.configured_sid(service)


def _rights(
    reader: _Reader,
    services: Sequence[Service],
    processes: Mapping[str, ServiceProcess | None],
    exchange: generations.Exchange,
    options: ServerOptions,
) -> RightsReading | None:
    """One read of the rights, with all look-ups of names in it; None where none is needed, or it was refused."""
    names = [options.account] if options.account is not None and options.account.needs_host else []
    rights: set[str] = set()
    for service in services:
        sid = _known_sid(service, processes.get(service.name))
        configured = hosting.configured_name(service)
        if sid is None and configured is not None:
            names.append(configured)
        asked = sid if options.account is None else hosting.certain_sid(options.account)
        rights.update(options.rights or hosting.required(service, exchange, asked))
    if not rights:
        return None
    query = RightsQuery(names=tuple(dict.fromkeys(names)), pin=frozenset(rights))
    return reader.ask("User rights", lambda: reader.host.read_rights(query))


def _hosted(
    service: Service,
    process: ServiceProcess | None,
    reading: RightsReading | None,
    options: ServerOptions,
) -> Hosted:
    sid = _known_sid(service, process)
    name = hosting.configured_name(service)
    if sid is not None:
        owner = effective.Subject(sid)
    elif name is not None:
        owner = _resolved(name, reading)
    else:
        owner = effective.Subject(None, why=f"Windows names no account for {service.name}")
    subject = owner if options.account is None else _resolved(options.account, reading)
    return Hosted(service, process, owner, subject)


def _resolved(name: AccountName, reading: RightsReading | None) -> effective.Subject:
    certain = hosting.certain_sid(name)
    if certain is not None:
        return effective.Subject(certain, name.written)
    resolution = reading.resolved.get(name.written) if reading is not None else None
    if resolution is not None and resolution.sid is not None:
        return effective.Subject(resolution.sid, name.written)
    tried = "; ".join(resolution.tried) if resolution is not None else "the rights were not read"
    return effective.Subject(None, name.written, f"no SID was found for '{name.written}' ({tried})")


def _wanted(hosted: Sequence[Hosted], exchange: generations.Exchange, options: ServerOptions) -> tuple[str, ...]:
    rights: dict[str, None] = {}
    for one in hosted:
        asked = options.rights or hosting.required(one.service, exchange, one.subject.sid)
        rights.update(dict.fromkeys(asked))
    return tuple(rights)


def _sids(hosted: Sequence[Hosted]) -> list[str]:
    wanted = [sid for one in hosted for sid in (one.owner.sid, one.subject.sid)]
    return list(dict.fromkeys(sid for sid in wanted if sid is not None))


def _accounts(host: Host, hosted: Sequence[Hosted]) -> Mapping[str, Account]:
    """Whom the services run as, where there is no snapshot that knows it."""
    sids = _sids(hosted)
    return host.accounts(sids) if sids else {}


def _log(reader: _Reader, options: ServerOptions) -> EventLog:
    """The events, or why there are none to see: an unreadable log is unknown, never empty."""
    if options.max_events < 1:
        return EventLog(asked=False)
    query = EventQuery(events.SOURCES, events.EVENT_IDS, options.since_seconds, options.max_events)
    try:
        reading = reader.host.events(query)
        if reading.xml is None:
            return EventLog(asked=True, refusal=reading.refusal or "the log could not be read")
        read = events.parse(reading.xml, options.max_events)
    except (ReadError, WindowsError) as exc:
        return EventLog(asked=True, refusal=str(exc))
    return EventLog(asked=True, found=tuple(event for event in read if events.of_pop3(event)))
