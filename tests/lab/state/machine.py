# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated computer as a whole: its stores, and the tokens that Windows would make from them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.state import sids
from lab.state.accounts import Account, Authority, groups_of
from lab.state.lsa import LookupFailedError, Lsa
from lab.state.rights import KNOWN_RIGHTS, RightsStore
from lab.state.services import LogonRefusedError, Service, Services

if TYPE_CHECKING:
    from lab.state.clock import Clock
    from lab.state.eventlog import EventLog
    from lab.state.exchange import Generation
    from lab.state.files import FileSystem
    from lab.state.policy import Policy
    from lab.state.registry import Registry

SYSTEM_PRIVILEGES = frozenset(name for name in KNOWN_RIGHTS if name.endswith("Privilege"))

# key: (version, caption, first year-like label)
RELEASES = {
    "2003R2": ("5.2.3790", "Microsoft(R) Windows(R) Server 2003, Standard Edition"),
    "2008R2": ("6.1.7601", "Microsoft Windows Server 2008 R2 Standard "),
    "2012R2": ("6.3.9600", "Microsoft Windows Server 2012 R2 Standard"),
    "2016": ("10.0.14393", "Microsoft Windows Server 2016 Standard"),
    "2019": ("10.0.17763", "Microsoft Windows Server 2019 Standard"),
    "2022": ("10.0.20348", "Microsoft Windows Server 2022 Standard"),
    "2025": ("10.0.26100", "Microsoft Windows Server 2025 Standard"),
    "10": ("10.0.19045", "Microsoft Windows 10 Pro"),
    "11": ("10.0.22631", "Microsoft Windows 11 Pro"),
    "11_24H2": ("10.0.26100", "Microsoft Windows 11 Pro"),
    "11_25H2": ("10.0.26200", "Microsoft Windows 11 Pro"),
}


@dataclass
class Machine:
    """The state of one computer; ``kind`` is workgroup, member or dc."""

    name: str
    kind: str
    release: str
    language: str
    local: Authority
    domain: Authority | None
    clock: Clock
    lsa: Lsa
    rights: RightsStore
    registry: Registry
    files: FileSystem
    events: EventLog
    policy: Policy
    generation: Generation | None = None
    lab_only: bool = False
    plain_text_login: bool = False
    logon_type_groups: bool = True
    shell_sids: frozenset[str] = frozenset()
    mailboxes: dict[str, str] = field(default_factory=dict)
    profiles: dict[str, str] = field(default_factory=dict)
    services: Services = field(init=False)
    booted: dt.datetime = field(init=False)

    def __post_init__(self) -> None:
        self.services = Services(self.clock.now, self.clock.elapsed, self)
        self.booted = self.clock.now() - dt.timedelta(days=10)

    @property
    def version(self) -> str:
        """Win32_OperatingSystem.Version."""
        return RELEASES[self.release][0]

    @property
    def build(self) -> int:
        """The build number: 14393 is 2016, 26100 is 2025 and Windows 11 24H2."""
        return int(self.version.split(".")[2])

    @property
    def before_vista(self) -> bool:
        """Server 2003: no wevtutil, no SDDLToWin32SD, no Win32_SID (docs/sources.md S1, S8)."""
        return self.version.startswith("5.")

    @property
    def caption(self) -> str:
        """Win32_OperatingSystem.Caption."""
        return RELEASES[self.release][1]

    @property
    def product_type(self) -> int:
        """1 workstation, 2 domain controller, 3 server."""
        if self.client:
            return 1
        return 2 if self.controller else 3

    @property
    def client(self) -> bool:
        """A workstation, no server."""
        return self.release.startswith(("10", "11"))

    @property
    def fqdn(self) -> str:
        """The full DNS name."""
        return f"{self.name.lower()}.{self.domain.dns}" if self.domain else self.name

    @property
    def controller(self) -> bool:
        """Whether it is a domain controller."""
        return self.kind == "dc"

    @property
    def domain_role(self) -> int:
        """Win32_ComputerSystem.DomainRole."""
        if self.client:
            return 0 if self.kind == "workgroup" else 1
        return {"workgroup": 2, "member": 3, "dc": 5}[self.kind]

    def authorities(self) -> list[Authority]:
        """Where accounts of this computer's tokens come from."""
        return [a for a in (self.domain, self.local) if a is not None]

    def account(self, sid: str) -> Account | None:
        """The account with this SID, of the computer or its domain."""
        return next((a for s in self.authorities() if (a := s.by_sid(sid))), None)

    def primary_group(self, sid: str) -> str:
        """Domain Users, Guests or Computers; of a computer's own accounts its group None. Never listed by whoami."""
        account = self.account(sid)
        if account is None or not sid.startswith("S-1-5-21-"):
            return ""
        return f"{sids.authority_of(sid)}-{account.primary_rid}"

    def token_groups(self, sid: str, logon: str) -> set[str]:
        """The group SIDs of a token; ``logon`` is ``network`` or ``service``."""
        base = {"S-1-1-0", "S-1-5-11", "S-1-5-15", {"network": "S-1-5-2", "service": "S-1-5-6"}[logon]}
        if logon == "network":
            base.add("S-1-5-64-10")  # by NTLM (captures/whoami/24 to 26)
        if not self.controller and self.local.owns(sid):
            base.add("S-1-5-113")
        base.add(self.primary_group(sid))
        base.discard("")
        groups = base | groups_of(sid, self.authorities(), base)
        if "S-1-5-113" in groups and sids.ADMINISTRATORS in groups:
            groups.add("S-1-5-114")
        return groups

    def service_token(self, service: Service) -> tuple[str, frozenset[str]]:
        """Who the process of a service is and which privileges its token holds from now on."""
        sid = self.service_account_sid(service.account)
        groups = self.token_groups(sid, "service")
        if sid.startswith("S-1-5-80-"):
            groups.add("S-1-5-80-0")
        have = self.rights.of({sid, *groups})
        if sid == sids.LOCAL_SYSTEM:
            return sid, have | SYSTEM_PRIVILEGES
        if sid not in (sids.LOCAL_SERVICE, sids.NETWORK_SERVICE):
            account = self.account(sid)
            enabled = account is None or account.enabled
            if not enabled or "SeServiceLogonRight" not in have or "SeDenyServiceLogonRight" in have:
                raise LogonRefusedError(service.account)
        return sid, frozenset(r for r in have if r.endswith("Privilege"))

    def service_account_sid(self, start_name: str) -> str:
        """The SID behind Win32_Service.StartName; raises LogonRefusedError for an account that is not there."""
        wanted = start_name.casefold()
        fixed = {
            "localsystem": sids.LOCAL_SYSTEM,
            "nt authority\\localservice": sids.LOCAL_SERVICE,
            "nt authority\\networkservice": sids.NETWORK_SERVICE,
        }
        if wanted in fixed:
            return fixed[wanted]
        name = self.name + start_name[1:] if start_name.startswith(".\\") else start_name
        try:
            return self.lsa.name_to_sid(name).sid
        except LookupFailedError as exc:
            raise LogonRefusedError(start_name) from exc

    def may_log_on(self, sid: str) -> bool:
        """Whether a network logon is allowed: SeNetworkLogonRight and not SeDenyNetworkLogonRight."""
        account = self.account(sid)
        if account is not None and not account.enabled:
            return False
        groups = self.token_groups(sid, "network")
        have = self.rights.of({sid, *(groups if self.logon_type_groups else groups - {"S-1-5-2"})})
        return "SeNetworkLogonRight" in have and "SeDenyNetworkLogonRight" not in have

    def refresh_policy(self) -> None:
        """Group Policy runs: cache, registry and rights as its objects say."""
        if self.kind == "workgroup":
            return
        self.policy.write_cache(self.files)
        self.policy.write_registry(self.registry)
        self.policy.apply_rights(self.rights, self.lsa)
        self.policy.applied_at = self.clock.now()
