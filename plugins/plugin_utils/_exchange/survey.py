# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reads that find the fault, in the order that costs least, each refusal noted and none hidden.

HTTP requests of a whole task, 24 at most: login, shell and close 5; computer, operating system and services 3; rights 3
and names 1; events 3. The 9 that are left (_SPARE) go to setup keys (5 at most), owner and start of each process (2),
the policy log (1), the name of a Group Policy (3), members of groups (1 each) and device management (1), in this order;
what is left out is unknown, not assumed. Look-ups of names that no running process answers cost extra, and then there
is no process.
This plugin util is PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ReadError,
    WindowsError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import (
    events,
    generations,
    hosting,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.options import ServerOptions
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Computer,
    EventQuery,
    GroupMembers,
    Holder,
    Host,
    OperatingSystem,
    RegistryQuery,
    RightsQuery,
    RightsReading,
    RsopReading,
    Service,
    ServiceProcess,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import effective as holding
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import Governed, governed, with_mdm
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName

_SPARE = 9
# Windows 10 1803: the first with the area UserRights of the Policy CSP (docs/sources.md S6).
_FIRST_WITH_CSP = [10, 0, 17134]
_POLICY_NAME = 3
_MOST_SERVICES = 2
_T = TypeVar("_T")


@dataclass(frozen=True)
class Hosted:
    """A service that serves POP3, its process (None: it does not run, or was not read), and two accounts.

    ``owner`` is the account it runs under, or is configured for; ``subject`` the one whose rights are asked.
    """

    service: Service
    process: ServiceProcess | None
    owner: holding.Subject
    subject: holding.Subject

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
    """All that was read of one computer; ``unread`` are sentences about what Windows refused."""

    computer: Computer
    system: OperatingSystem | None
    exchange: generations.Exchange
    clash: hosting.Clash | None
    hosted: tuple[Hosted, ...]
    reading: RightsReading | None
    accounts: Mapping[str, Account]
    members: Mapping[str, GroupMembers]
    governed: Mapping[str, Governed]
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
    wanted = _wanted(hosted, exchange, options)
    accounts = _accounts(host, hosted, reading, wanted)
    hosted = [_named(one, accounts) for one in hosted]
    policies = _governed(reader, reading, wanted, computer)
    members = _members(reader, hosted, reading, wanted, holding.Context(computer, accounts, {}))
    policies = _managed(reader, policies, system)
    return Survey(
        computer,
        system,
        exchange,
        hosting.clash(services, exchange),
        tuple(hosted),
        reading,
        accounts,
        members,
        policies,
        _log(reader, options),
        tuple(reader.unread),
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
        owner = holding.Subject(sid)
    elif name is not None:
        owner = _resolved(name, reading)
    else:
        owner = holding.Subject(None, why=f"Windows names no account for {service.name}")
    subject = owner if options.account is None else _resolved(options.account, reading)
    return Hosted(service, process, owner, subject)


def _resolved(name: AccountName, reading: RightsReading | None) -> holding.Subject:
    certain = hosting.certain_sid(name)
    if certain is not None:
        return holding.Subject(certain, name.written)
    resolution = reading.resolved.get(name.written) if reading is not None else None
    if resolution is not None and resolution.sid is not None:
        return holding.Subject(resolution.sid, name.written)
    tried = "; ".join(resolution.tried) if resolution is not None else "the rights were not read"
    return holding.Subject(None, name.written, f"no SID was found for '{name.written}' ({tried})")


def _wanted(hosted: Sequence[Hosted], exchange: generations.Exchange, options: ServerOptions) -> tuple[str, ...]:
    rights: dict[str, None] = {}
    for one in hosted:
        asked = options.rights or hosting.required(one.service, exchange, one.subject.sid)
        rights.update(dict.fromkeys(asked))
    return tuple(rights)


def holders_of(reading: RightsReading | None, right: str) -> tuple[Holder, ...]:
    """The holders of a right in ``reading``; nobody where it was not read (ask for that first)."""
    return tuple(reading.assignment.get(right, ())) if reading is not None else ()


def _accounts(
    host: Host,
    hosted: Sequence[Hosted],
    reading: RightsReading | None,
    rights: Sequence[str],
) -> Mapping[str, Account]:
    wanted = [sid for one in hosted for sid in (one.owner.sid, one.subject.sid)]
    wanted += [holder.sid for right in rights for holder in holders_of(reading, right)]
    sids = tuple(dict.fromkeys(sid for sid in wanted if sid is not None))
    return host.accounts(sids) if sids else {}


def _named(hosted: Hosted, accounts: Mapping[str, Account]) -> Hosted:
    account = accounts.get(hosted.subject.sid or "")
    if account is None or account.name is None:
        return hosted
    return replace(hosted, subject=replace(hosted.subject, name=account.name))


def _members(
    reader: _Reader,
    hosted: Sequence[Hosted],
    reading: RightsReading | None,
    rights: Sequence[str],
    context: holding.Context,
) -> Mapping[str, GroupMembers]:
    """Members of the groups that matter, Administrators first, as far as the budget goes."""
    groups: dict[str, str] = {}
    for right in rights:
        for one in hosted:
            groups.update(holding.local_groups(one.subject, holders_of(reading, right), context))
    found: dict[str, GroupMembers] = {}
    for sid, name in list(groups.items())[: max(reader.spare, 0)]:
        reader.spare -= 1
        members = _group(reader, name)
        if members is not None:
            found[sid] = members
    return found


def _group(reader: _Reader, name: str) -> GroupMembers | None:
    return reader.ask(f"Members of the group {name}", lambda: reader.host.group_members(name))


def _rsop(reader: _Reader, reading: RightsReading, rights: Sequence[str], computer: Computer) -> RsopReading | None:
    """The policy log as the second witness, asked only where the host's cached policies leave a right unknown."""
    if not computer.part_of_domain or reader.spare < 1:
        return None
    seen = [governed(right, reading.policies, computer, reading.taken_at).status for right in rights]
    if "unknown" not in seen:
        return None
    reader.spare -= 1
    return reader.ask("Policy log (RSoP)", reader.host.rsop)


def _managed(
    reader: _Reader, policies: Mapping[str, Governed], system: OperatingSystem | None
) -> Mapping[str, Governed]:
    """The same after a look at device management, where no policy sets a right and Windows is new enough."""
    if reader.spare < 1 or not _manages_rights(system) or all(one.status == "gpo" for one in policies.values()):
        return policies
    reader.spare -= 1
    mdm = reader.host.mdm()
    return {right: with_mdm(policy, right, mdm) for right, policy in policies.items()}


def _manages_rights(system: OperatingSystem | None) -> bool:
    """Whether this Windows has the area UserRights of the Policy CSP; where the version was not told, it may."""
    parts = [int(part) for part in re.findall(r"[0-9]{1,9}", system.version)[:3]] if system is not None else []
    return not parts or parts >= _FIRST_WITH_CSP


def _governed(
    reader: _Reader,
    reading: RightsReading | None,
    rights: Sequence[str],
    computer: Computer,
) -> Mapping[str, Governed]:
    """Who governs each right, with the policy's name; empty where the rights could not be read."""
    if reading is None:
        return {}
    rsop = _rsop(reader, reading, rights, computer)
    seen = {right: governed(right, reading.policies, computer, reading.taken_at, rsop) for right in rights}
    names = _policy_names(reader, list(seen.values()))
    return {right: policy.with_name(names.get(policy.guid or "")) for right, policy in seen.items()}


def _policy_names(reader: _Reader, policies: Sequence[Governed]) -> Mapping[str, str]:
    # A cached policy whose file names no GPO has the file's name instead of a GUID.
    asked = sorted({policy.guid for policy in policies if policy.guid is not None and policy.guid.startswith("{")})
    if not asked or reader.spare < _POLICY_NAME:
        return {}
    reader.spare -= _POLICY_NAME
    return reader.ask("Names of Group Policies", lambda: reader.host.policy_names(asked)) or {}


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
