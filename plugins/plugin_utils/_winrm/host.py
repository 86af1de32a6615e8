# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows computer behind a WinRM connection: puts the parts of this folder together to what _host.py promises."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Applied,
    Caller,
    Computer,
    EventQuery,
    EventReading,
    GroupMembers,
    MdmReading,
    OperatingSystem,
    RegistryQuery,
    RightsQuery,
    RightsReading,
    RsopReading,
    Service,
    ServiceAnswer,
    ServiceProcess,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Disarmed, Rehearsed, Rollback
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import ENGINE
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Chain
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_text

from . import events, policy, services, whoami
from .lookup_sids import Accounts
from .registry import Registry
from .resolving import Resolver
from .rights_read import RightsReader
from .rights_write import RightsWriter
from .rollback import RollbackHost
from .session import Session
from .tasks import tasks_of

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Plan
    from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import Insists
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport


class WinrmHost:
    """Implements Host over one transport; what was asked once in a task is not asked again."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._cim = Cim(transport)
        self._accounts = Accounts(self._cim)
        self._registry = Registry(self._cim)
        self._services = services.Services(self._cim)
        self._session = Session(transport)
        self._resolver = Resolver(self._session, self._cim, self._accounts, self.computer)
        self._reader = RightsReader(self._session, self._cim, self._resolver)
        self._rollback = RollbackHost(self._session, self._reader, self._cim, tasks_of(self._session, self._cim))
        self._computer: Computer | None = None
        self._rsop: RsopReading | None = None
        self._caller: list[Caller | None] = []
        self._mdm: MdmReading | None = None

    def computer(self) -> Computer:
        """See Host; one request for each task."""
        if self._computer is None:
            self._computer = self._ask_computer()
        return self._computer

    def _ask_computer(self) -> Computer:
        row = self._only("select Name,Domain,DomainRole,PartOfDomain from Win32_ComputerSystem")
        name = as_text(row.get("Name"))
        if not name:
            raise ReadError("The host did not tell its computer name (Win32_ComputerSystem).")
        return Computer(
            name,
            as_text(row.get("Domain")) or "",
            services.number(row, "DomainRole"),
            part_of_domain=(as_text(row.get("PartOfDomain")) or "").lower() == "true",
        )

    def operating_system(self) -> OperatingSystem:
        """See Host."""
        row = self._only("select Caption,Version,ProductType,LocalDateTime from Win32_OperatingSystem")
        return OperatingSystem(
            as_text(row.get("Caption")) or "",
            as_text(row.get("Version")) or "",
            services.number(row, "ProductType"),
            services.moment(as_text(row.get("LocalDateTime"))),
        )

    def _only(self, wql: str) -> dict[str, t.Any]:
        rows = self._cim.query(wql)
        if len(rows) != 1:
            raise ReadError(f"The host answered {wql!r} with {len(rows)} rows instead of one.")
        return rows[0]

    def read_rights(self, query: RightsQuery) -> RightsReading:
        """See Host; the command line that writes our files removes them, whether the connection lasts or not."""
        return self._reader.read(query)

    def insists(self) -> Insists:
        """See Host."""
        return ENGINE

    def apply(self, plan: Plan, query: RightsQuery) -> Applied:
        """See Host."""
        return RightsWriter(self._session, self._reader, self._cim).apply(plan, query)

    def connecting_account(self) -> Caller | None:
        """See Host; asked once for each task."""
        if not self._caller:
            self._caller.append(whoami.ask(self._session, self._resolver))
        return self._caller[0]

    def rehearse_rollback(self, rollback: Rollback) -> Rehearsed:
        """See Host."""
        return self._rollback.rehearse(rollback)

    def arm_rollback(self, rehearsed: Rehearsed) -> None:
        """See Host."""
        self._rollback.arm(rehearsed)

    def run_rollback(self, rehearsed: Rehearsed) -> None:
        """See Host."""
        self._rollback.run(rehearsed)

    def disarm_rollback(self, rehearsed: Rehearsed) -> Disarmed:
        """See Host."""
        return self._rollback.disarm(rehearsed)

    def log_on_anew(self) -> str:
        """See Host; asks the new connection, whatever an earlier one told."""
        self._transport.renew()
        return self._ask_computer().name

    def accounts(self, sids: Sequence[str]) -> Mapping[str, Account]:
        """See Host."""
        return self._accounts.named(sids)

    def policy_names(self, guids: Sequence[str]) -> Mapping[str, str]:
        """See Host."""
        return policy.names(self._registry, guids)

    def rsop(self) -> RsopReading:
        """See Host; asked once for each task."""
        if self._rsop is None:
            self._rsop = policy.read_rsop(self._cim)
        return self._rsop

    def mdm(self) -> MdmReading:
        """See Host; asked once for each task."""
        if self._mdm is None:
            self._mdm = policy.read_mdm(self._registry)
        return self._mdm

    def services(self, names: Sequence[str]) -> tuple[Service, ...]:
        """See Host."""
        return self._services.named(names)

    def service_process(self, process_id: int) -> ServiceProcess:
        """See Host."""
        return self._services.process(process_id)

    def dependents(self, service: str) -> tuple[Service, ...]:
        """See Host."""
        return self._services.dependents(service)

    def stop_service(self, service: str) -> ServiceAnswer:
        """See Host."""
        self._transport.changes.asked()
        return self._services.call(service, "StopService")

    def start_service(self, service: str) -> ServiceAnswer:
        """See Host."""
        self._transport.changes.asked()
        return self._services.call(service, "StartService")

    def registry(self, query: RegistryQuery) -> str | int | None:
        """See Host."""
        read = self._registry.number if query.kind == "dword" else self._registry.string
        return read(query.key, query.value)

    def events(self, query: EventQuery) -> EventReading:
        """See Host."""
        return events.read_answer(self._session.run(events.add_query(Chain(), query)))

    def group_members(self, name: str) -> GroupMembers:
        """See Host; members come with domain and name, orphans may be missing from the list."""
        keys = {"Domain": self.computer().name, "Name": name}
        try:
            rows = self._cim.associated("Win32_Group", keys, "Win32_GroupUser", "GroupComponent")
        except (WindowsError, ReadError):
            return GroupMembers((), complete=False)
        pairs = ((as_text(row.get("Domain")), as_text(row.get("Name"))) for row in rows)
        return GroupMembers(tuple((domain, member) for domain, member in pairs if domain and member))

    def reconnect(self) -> None:
        """See Host."""
        self._transport.reconnect()

    def left_behind(self) -> tuple[str, ...]:
        """See Host."""
        return self._session.left_behind()
