# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Windows computer in memory: every question of ``Host``, and rights that can be changed.

It keeps count, can refuse, and insists on what Windows insists on.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Applied,
    CachedPolicy,
    Caller,
    Computer,
    EventQuery,
    EventReading,
    GroupMembers,
    Holder,
    MdmReading,
    OperatingSystem,
    Plan,
    PolicyReading,
    RegistryQuery,
    Resolution,
    RightsQuery,
    RightsReading,
    RsopReading,
    RsopRight,
    Service,
    ServiceAnswer,
    ServiceProcess,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import (
    Disarmed,
    Identity,
    Rehearsed,
    Remains,
    Rollback,
    Waiting,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import ENGINE, Insists
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.well_known import AccountKind
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.services import answer

if TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host
    from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
START = datetime.datetime(2026, 11, 23, 6, 0, tzinfo=datetime.timezone.utc)
NETWORK_SERVICE = "S-1-5-20"
# What every member of a domain keeps: a template without user rights.
DOMAIN_POLICY = CachedPolicy("gpt00000.dom", "{31B2F340-016D-11D2-945F-00C04FB984F9}", {})
ADMINISTRATORS, SERVICE, EVERYONE = "S-1-5-32-544", "S-1-5-6", "S-1-1-0"
EXSVC, OLD, BYSTANDER = (f"S-1-5-21-1-2-3-{rid}" for rid in (1107, 1108, 1109))
NAMES = {
    ADMINISTRATORS: "BUILTIN\\Administrators",
    SERVICE: "NT AUTHORITY\\SERVICE",
    EVERYONE: "Everyone",
    EXSVC: "CORP\\exsvc",
    OLD: "CORP\\old",
    BYSTANDER: "CORP\\bystander",
}


def store(account: str = "CORP\\exsvc", process_id: int = 1432, state: str = "Running") -> Service:
    """The Information Store as a service."""
    return Service("MSExchangeIS", "Microsoft Exchange Information Store", state, "Auto", account, process_id)


def pop3(name: str = "MSExchangePOP3", account: str = "NT AUTHORITY\\NetworkService", process_id: int = 900) -> Service:
    """A POP3 service of Exchange 2007 or newer."""
    return Service(name, f"Microsoft Exchange {name}", "Running", "Manual", account, process_id)


@dataclass
class MemoryHost:
    """What a test wants Windows to be. ``refuse`` maps a method's name to the error that it raises.

    ``rights`` is the truth, ``unpinned`` tokens are beside it; ``on_apply`` and ``after_apply`` surround a write.
    ``forced`` and ``kept`` are what it insists on, ``tells`` is what it says of that; ``log_names`` are the SIDs that
    secedit's log names after a write. ``on_stop`` and ``on_start`` give a ReturnValue of Win32_Service.
    A roll-back that it keeps is in ``armed``; ``on_rehearse`` and ``on_logon`` come before these steps. ``stranger`` is
    who answers a new logon instead.
    ``requests`` counts as the budget does: rights 3, events 3, process 2, policy names 3, else 1.
    """

    rights: dict[str, list[str]] = field(default_factory=dict)
    unpinned: dict[str, Sequence[str]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    forced: Mapping[str, Sequence[str]] = field(default_factory=lambda: ENGINE.adds)
    kept: Mapping[str, Sequence[str]] = field(default_factory=lambda: ENGINE.keeps)
    tells: Insists = ENGINE
    policies: tuple[CachedPolicy, ...] = ()
    policies_complete: bool = True
    gpo_names: dict[str, str] = field(default_factory=dict)
    logged: dict[str, RsopRight] = field(default_factory=dict)
    rsop_refusal: str | None = None
    managed: frozenset[str] = frozenset()
    domain: str = "corp.example"
    role: int = 3
    version: str = "10.0.17763"
    caller: Caller | None = None
    names: dict[str, str] = field(default_factory=lambda: dict(NAMES))
    kinds: dict[str, AccountKind] = field(default_factory=dict)
    resolves: dict[str, str] = field(default_factory=dict)
    groups: dict[str, GroupMembers] = field(default_factory=dict)
    installed: tuple[Service, ...] = ()
    depends: dict[str, tuple[str, ...]] = field(default_factory=dict)
    owners: dict[int, str | None] = field(default_factory=dict)
    started: dict[int, datetime.datetime | None] = field(default_factory=dict)
    keys: dict[str, Mapping[str, int]] = field(default_factory=dict)
    event_xml: str | None = "<Events/>"
    event_refusal: str | None = None
    refuse: Mapping[str, Exception] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    on_apply: Callable[[MemoryHost], None] | None = None
    after_apply: Callable[[MemoryHost], None] | None = None
    log_names: frozenset[str] = frozenset()
    on_stop: Callable[[MemoryHost, str], int] | None = None
    on_start: Callable[[MemoryHost, str], int] | None = None
    on_query: Callable[[MemoryHost], None] | None = None
    remains: tuple[Remains, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    on_rehearse: Callable[[MemoryHost], None] | None = None
    on_logon: Callable[[MemoryHost], None] | None = None
    stranger: Identity | None = None
    rehearsal_names: frozenset[str] = frozenset()
    rollback_names: frozenset[str] = frozenset()
    armed: Rollback | None = None
    rollback_ran: bool = False
    rollback_fails: bool = False
    calls: list[str] = field(default_factory=list)
    queries: list[RightsQuery] = field(default_factory=list)
    requests: int = 0

    def _asked(self, method: str, cost: int = 1) -> None:
        self.requests += cost
        self.calls.append(method)
        if method in self.refuse:
            raise self.refuse[method]

    def computer(self) -> Computer:
        self._asked("computer")
        return Computer("EXCH", self.domain, self.role, part_of_domain=self.role in (1, 3, 4, 5))

    def operating_system(self) -> OperatingSystem:
        self._asked("operating_system")
        return OperatingSystem("Microsoft Windows Server 2019", self.version, 3, NOW)

    def _resolution(self, name: AccountName) -> Resolution:
        by_name = {known.lower(): sid for sid, known in self.names.items()}
        found = self.resolves.get(name.written) or name.sid or by_name.get(name.for_windows("EXCH").lower())
        return Resolution(found, ("icacls: 1332",))

    def _reading(self, query: RightsQuery) -> RightsReading:
        held = {right: tuple(Holder("*" + sid, sid) for sid in sids_) for right, sids_ in self.rights.items() if sids_}
        for right, tokens in self.unpinned.items():
            held[right] = (*held.get(right, ()), *(Holder(token, None) for token in tokens))
        resolved = {name.written: self._resolution(name) for name in query.names}
        policies = PolicyReading(self.policies, self.policies_complete)
        remains, self.remains = self.remains, ()
        caller = self.caller if query.caller else None
        if query.caller and self.stranger is not None:
            caller = None if self.stranger.sid is None else Caller(self.stranger.sid, frozenset())
        return RightsReading(held, self.unreadable, resolved, policies, caller, NOW, remains, self.waiting)

    def read_rights(self, query: RightsQuery) -> RightsReading:
        self._asked("read_rights", 3)
        self.queries.append(query)
        return self._reading(query)

    def insists(self) -> Insists:
        return self.tells

    def apply(self, plan: Plan, query: RightsQuery) -> Applied:
        self._asked("apply")
        if self.on_apply is not None:
            self.on_apply(self)
        for change in plan.deltas:
            kept = [sid for sid in self.rights.get(change.right, ()) if sid in self.kept.get(change.right, ())]
            self.rights[change.right] = sorted({*change.after, *self.forced.get(change.right, ()), *kept})
        if self.after_apply is not None:
            self.after_apply(self)
        said = ("secedit ended with exit code 0", "its log says: User Rights configuration was completed.")
        return Applied(self._reading(query), said, self.log_names, "secedit's log")

    def rehearse_rollback(self, rollback: Rollback) -> Rehearsed:
        self._asked("rehearse", 12)
        if self.on_rehearse is not None:
            self.on_rehearse(self)
        stem = "winmail-20261124T090000Z-0123456789ab"
        return Rehearsed(rollback, stem, "C:\\Windows", "cim", self.rehearsal_names, "The log of the rehearsal")

    def arm_rollback(self, rehearsed: Rehearsed) -> None:
        self._asked("arm", 3)
        self.armed = rehearsed.rollback

    def run_rollback(self, rehearsed: Rehearsed) -> None:
        assert self.armed == rehearsed.rollback
        self._asked("run", 3)
        self.fire()

    def fire(self) -> None:
        """The host's own time for it has come: what is armed is put back, unless Windows cannot."""
        if self.armed is not None:
            self.rollback_ran = True
            if not self.rollback_fails:
                self.rights.update({right: list(held) for right, held in self.armed.lines.items()})
            self.armed = None

    def take_away(self) -> None:
        """Remove the task as a security product does."""
        self.armed = None

    def disarm_rollback(self, rehearsed: Rehearsed) -> Disarmed:
        self._asked("disarm", 5)
        assert self.armed in (None, rehearsed.rollback)
        found, self.armed = self.armed is not None, None
        return Disarmed(found, self.rollback_ran, self.rollback_names, (), self.left)

    def log_on_anew(self) -> str:
        self._asked("log_on_anew", 5)
        if self.on_logon is not None:
            self.on_logon(self)
        return "EXCH" if self.stranger is None else self.stranger.computer

    def connecting_account(self) -> Caller | None:
        self._asked("connecting_account")
        return self.caller

    def accounts(self, sids_: Sequence[str]) -> Mapping[str, Account]:
        self._asked("accounts")
        return {
            sid: Account(
                sid,
                self.names.get(sid) or sids.well_known_name(sid),
                self.kinds.get(sid) or sids.kind_of(sid, self.names.get(sid)),
            )
            for sid in sids_
        }

    def policy_names(self, guids: Sequence[str]) -> Mapping[str, str]:
        self._asked("policy_names", 3)
        return {guid: self.gpo_names[guid] for guid in guids if guid in self.gpo_names}

    def services(self, names: Sequence[str]) -> tuple[Service, ...]:
        self._asked("services")
        if self.on_query is not None:
            self.on_query(self)
        wanted = {name.lower() for name in names}
        return tuple(service for service in self.installed if service.name.lower() in wanted)

    def service_process(self, process_id: int) -> ServiceProcess:
        self._asked("service_process", 2)
        owner = self.owners.get(process_id)
        return ServiceProcess(
            process_id, owner, 0 if owner else 2, self.started.get(process_id, START + datetime.timedelta(0))
        )

    def dependents(self, service: str) -> tuple[Service, ...]:
        self._asked("dependents")
        names = {name.lower() for name in self.depends.get(service, ())}
        return tuple(one for one in self.installed if one.name.lower() in names)

    def change(self, name: str, *, state: str, process_id: int | None = None) -> None:
        """Put one service into another state."""
        self.installed = tuple(
            replace(one, state=state, process_id=one.process_id if process_id is None else process_id)
            if one.name == name
            else one
            for one in self.installed
        )

    def stop_service(self, service: str) -> ServiceAnswer:
        self._asked(f"stop {service}")
        if self.on_stop is not None:
            return answer(self.on_stop(self, service))
        self.change(service, state="Stopped", process_id=0)
        return answer(0)

    def start_service(self, service: str) -> ServiceAnswer:
        self._asked(f"start {service}")
        if self.on_start is not None:
            return answer(self.on_start(self, service))
        if any(one.name == service and one.state == "Stop Pending" for one in self.installed):
            return answer(10)  # ERROR_SERVICE_ALREADY_RUNNING: there still is a process
        self.change(service, state="Running", process_id=5000)
        return answer(0)

    def registry(self, query: RegistryQuery) -> str | int | None:
        assert query.kind == "dword", "the setup keys hold numbers"
        self._asked("registry")
        return self.keys.get(query.key, {}).get(query.value)

    def events(self, query: EventQuery) -> EventReading:
        self._asked("events", 3)
        self.calls.append(f"sources {query.sources} ids {query.event_ids} since {query.since_seconds}")
        return EventReading(self.event_xml, self.event_refusal)

    def rsop(self) -> RsopReading:
        self._asked("rsop")
        return RsopReading(self.logged, self.rsop_refusal)

    def mdm(self) -> MdmReading:
        self._asked("mdm")
        return MdmReading(self.managed)

    def reconnect(self) -> None:
        self._asked("reconnect")

    def left_behind(self) -> tuple[str, ...]:
        return self.left

    def group_members(self, name: str) -> GroupMembers:
        self._asked(f"group_members {name}")
        return self.groups.get(name, GroupMembers((), complete=False))


@dataclass
class Member(MemoryHost):
    """A member of a domain as it mostly is: it keeps one template, which has no user rights."""

    policies: tuple[CachedPolicy, ...] = (DOMAIN_POLICY,)


def _is_a_host() -> Host:
    """For mypy: the protocol, all of it."""
    return MemoryHost()
