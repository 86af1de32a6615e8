# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small baselines, and hosts in memory to hold them against, for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import principal
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import (
    HOST_ROLES,
    Baseline,
    Condition,
    Control,
    Expected,
    Operator,
    OptionalMember,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.options import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.survey import survey
from ansible_collections.winmail.exchange.tests.support.memory_host import DOMAIN_POLICY, MemoryHost

DOMAIN = "S-1-5-21-1-2-3"
OWN_ACCOUNT = f"{DOMAIN}-1000"
ADMINISTRATORS, USERS, GUESTS, OPERATORS = (f"S-1-5-32-{rid}" for rid in (544, 545, 546, 551))
LOCAL_SERVICE, NETWORK_SERVICE, SERVICE = "S-1-5-19", "S-1-5-20", "S-1-5-6"
DOMAIN_ADMINS, ENTERPRISE_ADMINS = f"{DOMAIN}-512", f"{DOMAIN}-519"
MACHINES = "S-1-5-83-0"
RELATIVE_DA, RELATIVE_EA = "S-1-5-21-<domain>-512", "S-1-5-21-<root-domain>-519"
TCB, DEBUG, BACKUP, LINKS = "SeTcbPrivilege", "SeDebugPrivilege", "SeBackupPrivilege", "SeCreateSymbolicLinkPrivilege"
DENY = "SeDenyNetworkLogonRight"


def expected(*written: str | Sequence[str]) -> tuple[Expected, ...]:
    """Members; a list is one of which any will do."""
    return tuple(
        Expected(tuple(principal.parse(one) for one in ([member] if isinstance(member, str) else member)))
        for member in written
    )


def optional(account: str, reason: str = "by design", service: str | None = None) -> OptionalMember:
    """A member that may hold the right, always or on a host with a service."""
    return OptionalMember(principal.parse(account), reason, Condition(service) if service else None)


def control(operator: Operator, *members: str | Sequence[str], right: str | None = BACKUP, **more: Any) -> Control:
    """A control with the id C1 unless ``id`` says otherwise."""
    return Control(
        **{"id": "C1", "title": "One", "right": right, "operator": operator, "expected": expected(*members), **more}
    )


def orphans(**more: Any) -> Control:
    """The control about orphans."""
    return control("nobody", right=None, concerns="orphans", **more)


def baseline(*controls: Control) -> Baseline:
    """A baseline of these controls."""
    return Baseline("mine", "Mine", "7", "by hand", controls)


@dataclass(frozen=True)
class Judged:
    """A result, the warnings beside it, and the host that it is of."""

    result: Any
    warnings: tuple[str, ...]
    host: MemoryHost

    @property
    def only(self) -> Any:
        """The one control of the result."""
        [one] = self.result["controls"]
        return one

    @property
    def status(self) -> str:
        """The status of the one control."""
        return str(self.only["status"])

    def sids(self, key: str) -> list[str | None]:
        """The SIDs of a list of the one control."""
        return [one["sid"] for one in self.only[key]]


def judged(host: MemoryHost, *controls: Control, waivers: Sequence[Mapping[str, Any]] = (), **more: Any) -> Judged:
    """What a task with these controls returns from this host."""
    warnings: list[str] = []
    args = {"host_role": "auto", "controls": [], "waivers": list(waivers), **more}
    result = survey(host, parse(args, baseline(*controls)), warnings.append)
    return Judged(result, tuple(warnings), host)


def standalone(**state: Any) -> MemoryHost:
    """A server in no domain."""
    return MemoryHost(role=2, **state)


def member(*, root: bool = True, reachable: bool = True, **state: Any) -> MemoryHost:
    """A member of corp.example; ``root``: which is the root of its forest; ``reachable``: and answers."""
    names = {
        **MemoryHost().names,
        **({DOMAIN_ADMINS: "CORP\\Domain Admins"} if reachable else {}),
        **({ENTERPRISE_ADMINS: "CORP\\Enterprise Admins"} if root and reachable else {}),
        **state.pop("names", {}),
    }
    resolves = {**({"corp.example\\EXCH$": OWN_ACCOUNT} if reachable else {}), **state.pop("resolves", {})}
    return MemoryHost(**{"role": 3, "policies": (DOMAIN_POLICY,), "names": names, "resolves": resolves, **state})


ROLES = HOST_ROLES
