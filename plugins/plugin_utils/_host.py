# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may ask of a Windows computer: small protocols and their values; ``Host`` is all of them.

Read this file and you know all that the collection can do to a host.
"""

from __future__ import annotations

import datetime
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Rollbacks

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Remains, Waiting
    from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName
    from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import Insists
    from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.well_known import AccountKind


@dataclass(frozen=True)
class Computer:
    """Who the host is: NetBIOS name, domain or workgroup, and its role.

    ``role`` is Win32_ComputerSystem.DomainRole: 0 and 1 workstation, 2 standalone server, 3 member server,
    4 and 5 domain controller.
    """

    name: str
    domain: str
    role: int
    part_of_domain: bool

    @property
    def domain_controller(self) -> bool:
        """Whether rights are governed by the domain controllers' policy and no local accounts exist."""
        return self.role >= 4


@dataclass(frozen=True)
class Account:
    r"""An account as people see it; only ``sid`` is ever compared.

    ``name`` is ``DOMAIN\x`` as the host's LSA gives it, or None for a SID that it cannot name. ``kind`` is what is
    known for certain: user, group, alias, computer, account (one of these: not known which), entra_account, service,
    app_pool, virtual_machine, virtual_account, well_known, app_container, capability, label, logon_session, domain,
    orphan (the host was asked and has no name), unknown (no document says what the SID is).
    """

    sid: str
    name: str | None
    kind: AccountKind


@dataclass(frozen=True)
class Holder:
    """One entry of a right: the export's token, verbatim, and the SID it was pinned to (None: could not be)."""

    token: str
    sid: str | None


@dataclass(frozen=True)
class Change:
    """One right: its holders before and after by SID, what is added and removed, what Windows itself insists on."""

    right: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    exact: bool = False
    adjusted: tuple[str, ...] = ()

    @property
    def added(self) -> tuple[str, ...]:
        """SIDs that do not hold the right yet, in the order they will be written."""
        return tuple(sid for sid in self.after if sid not in self.before)

    @property
    def removed(self) -> tuple[str, ...]:
        """SIDs that hold the right and shall not."""
        return tuple(sid for sid in self.before if sid not in self.after)

    @property
    def changes(self) -> bool:
        """Whether anything must be written for this right."""
        return set(self.before) != set(self.after)


@dataclass(frozen=True)
class Plan:
    """Every right that the task names, in the task's order, changed or not."""

    changes: tuple[Change, ...]

    @property
    def deltas(self) -> tuple[Change, ...]:
        """The rights that must be written."""
        return tuple(change for change in self.changes if change.changes)

    @property
    def changed(self) -> bool:
        """Whether anything must be written at all."""
        return bool(self.deltas)


@dataclass(frozen=True)
class Resolution:
    """What became of a name: a SID, or None with the lookups that were tried and what each said."""

    sid: str | None
    tried: tuple[str, ...] = ()


@dataclass(frozen=True)
class CachedPolicy:
    """One Group Policy template from the host's cache: file name (gpt00001.inf), GPO GUID, its rights (tokens)."""

    file: str
    guid: str | None
    rights: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PolicyReading:
    """The cached templates in rising order; ``complete`` is False when the listing could not be proven whole."""

    policies: tuple[CachedPolicy, ...]
    complete: bool


@dataclass(frozen=True)
class RsopRight:
    """One row of the host's policy log: the GPO's GUID (None: its path has none) and its holders, as logged."""

    guid: str | None
    holders: tuple[str, ...]


@dataclass(frozen=True)
class RsopReading:
    """The winning rows of the Resultant Set of Policy by right; ``refusal`` says why there are none to be had.

    It logs what the policy engine was told at the last refresh, not what took. Empty means nothing by itself: logging
    can be off.
    """

    rights: Mapping[str, RsopRight]
    refusal: str | None = None


@dataclass(frozen=True)
class MdmReading:
    """The rights that device management (Policy CSP, area UserRights) sets; ``refusal`` says why they are not known."""

    rights: frozenset[str] = frozenset()
    refusal: str | None = None


@dataclass(frozen=True)
class Caller:
    """The account this connection logged on as: its own SID, and the SIDs of its token that whoami lists.

    No token is without groups, so no groups means that they are not known. A primary group is never listed.
    """

    sid: str
    groups: frozenset[str]


@dataclass(frozen=True)
class RightsQuery:
    """What one read must bring: names to resolve, and rights whose tokens must be pinned.

    ``pin`` of None pins the tokens of every right; ``tidy`` removes what an interrupted run of ours left on the host;
    ``caller`` asks anew, in the same go, who is connected.
    """

    names: tuple[AccountName, ...] = ()
    pin: frozenset[str] | None = frozenset()
    tidy: bool = False
    caller: bool = False


@dataclass(frozen=True)
class RightsReading:
    """One whole read of the host's user rights.

    ``assignment`` maps a right's constant to its holders in the export's order; a right that nobody holds is absent.
    ``unreadable`` maps a right to the reason why its line must not be rewritten. ``caller`` is filled in by who had to
    ask for it. ``remains`` are what a read that tidies up found and removed of roll-backs that ran; ``waiting`` are
    those that somebody else has armed.
    """

    assignment: Mapping[str, tuple[Holder, ...]]
    unreadable: Mapping[str, str]
    resolved: Mapping[str, Resolution]
    policies: PolicyReading
    caller: Caller | None
    taken_at: datetime.datetime
    remains: tuple[Remains, ...] = ()
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True)
class Applied:
    """What was read back after a write.

    ``said`` are clauses for a message: what wrote the rights, and what Windows said of it. ``named`` are the SIDs that
    ``witness`` (as a message calls it) has seen: whoever gained, kept or lost one of the rights.
    """

    reading: RightsReading
    said: tuple[str, ...]
    named: frozenset[str] = frozenset()
    witness: str = ""


@dataclass(frozen=True)
class Service:
    """A service: key name, display name, state (Running, Stopped), start mode, account name, process id (0: none)."""

    name: str
    display_name: str
    state: str
    start_mode: str
    account: str | None
    process_id: int


@dataclass(frozen=True)
class ServiceAnswer:
    """What Windows says when a service is asked to stop or to start; ``code`` and ``meaning`` are for a message.

    ``late``: not answered in time, and Windows goes on with it; ``running``: it runs already; ``refused``: all else.
    """

    kind: t.Literal["accepted", "late", "running", "refused"]
    code: int
    meaning: str


@dataclass(frozen=True)
class ServiceProcess:
    """The process of a running service: its owner's SID (None with the code that Windows gave) and its start (UTC)."""

    process_id: int
    owner_sid: str | None
    owner_code: int | None
    started_at: datetime.datetime | None


@dataclass(frozen=True)
class OperatingSystem:
    """Caption (localised), version ``10.0.17763``, product type (1 client, 2 controller, 3 server), clock (UTC)."""

    caption: str
    version: str
    product_type: int
    local_time: datetime.datetime | None


@dataclass(frozen=True)
class EventQuery:
    """Which events to read: sources as spelled in the log, the channel, the oldest age in seconds, at most how many."""

    sources: tuple[str, ...]
    event_ids: tuple[int, ...]
    since_seconds: int
    limit: int
    channel: str = "Application"


@dataclass(frozen=True)
class EventReading:
    """The event XML as the host printed it, newest first, or None with the reason why it could not be read."""

    xml: str | None
    refusal: str | None = None


@dataclass(frozen=True)
class RegistryQuery:
    """One value below HKEY_LOCAL_MACHINE; ``kind`` is string or dword."""

    key: str
    value: str
    kind: t.Literal["string", "dword"] = "string"


@dataclass(frozen=True)
class GroupMembers:
    """The direct members of one local group as (domain, name) pairs; ``complete`` is False where Windows refused."""

    members: tuple[tuple[str, str], ...] = ()
    complete: bool = True


class Facts(t.Protocol):
    """What the computer is."""

    def computer(self) -> Computer:
        """Name, domain and role of the host (asked once per task)."""

    def operating_system(self) -> OperatingSystem:
        """Caption, version, product type and clock of the host."""

    def registry(self, query: RegistryQuery) -> str | int | None:
        """One registry value, or None where the key or the value does not exist."""

    def events(self, query: EventQuery) -> EventReading:
        """The newest events that match; a refused or missing log is a refusal, not an empty list."""


class Rights(t.Protocol):
    """Who holds which right, how to change it, and who else governs it."""

    def read_rights(self, query: RightsQuery) -> RightsReading:
        """Read every user right, and what goes with it, in one go; changes nothing and leaves nothing behind."""

    def insists(self) -> Insists:
        """Whom the writing of rights adds by itself and whom it does not let go, so that a plan can tell before."""

    def apply(self, plan: Plan, query: RightsQuery) -> Applied:
        """Write the deltas of ``plan`` and read back; raises MovedError when somebody else was quicker."""

    def policy_names(self, guids: Sequence[str]) -> Mapping[str, str]:
        """Display names of Group Policy objects by GUID, as far as the host's registry knows them."""

    def rsop(self) -> RsopReading:
        """The second witness of who governs a right; a missing or refused log is a refusal, not an empty list."""

    def mdm(self) -> MdmReading:
        """The rights that device management sets on the host; a host without it has none."""


class Accounts(t.Protocol):
    """Who is behind a SID, and who is in a group."""

    def accounts(self, sids: Sequence[str]) -> Mapping[str, Account]:
        """Name many SIDs at once; never fails because of one of them."""

    def group_members(self, name: str) -> GroupMembers:
        """The direct members of a local group of this computer."""


class Services(t.Protocol):
    """Services by their key names."""

    def services(self, names: Sequence[str]) -> tuple[Service, ...]:
        """The services with these key names, in any case, as far as there are any."""

    def service_process(self, process_id: int) -> ServiceProcess:
        """Owner and start of a service's process."""

    def dependents(self, service: str) -> tuple[Service, ...]:
        """The services that depend directly on ``service``."""

    def stop_service(self, service: str) -> ServiceAnswer:
        """Ask a service to stop."""

    def start_service(self, service: str) -> ServiceAnswer:
        """Ask a service to start."""


class Session(t.Protocol):
    """The connection itself."""

    def connecting_account(self) -> Caller | None:
        """Who this connection is (asked once per task); None where nothing tells."""

    def reconnect(self) -> None:
        """Make a lost connection anew; raises UnreachableError where that fails."""

    def left_behind(self) -> tuple[str, ...]:
        """Files of this task that could not be removed from the host (none in every ordinary run)."""


class Host(Facts, Rights, Rollbacks, Accounts, Services, Session, t.Protocol):
    """A Windows computer, reached by whatever back end; every method raises only the errors of _errors.py."""
