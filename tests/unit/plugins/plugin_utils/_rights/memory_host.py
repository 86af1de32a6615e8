# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer in memory whose rights can be changed: keeps a log of what it was asked, forces what Windows forces."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Applied,
    CachedPolicy,
    Caller,
    Computer,
    Holder,
    MdmReading,
    Plan,
    PolicyReading,
    Resolution,
    RightsQuery,
    RightsReading,
    RsopReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import ENGINE, Insists

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
# What every member of a domain keeps: a template without user rights.
DOMAIN_POLICY = CachedPolicy("gpt00000.dom", "{31B2F340-016D-11D2-945F-00C04FB984F9}", {})
ADMINISTRATORS, SERVICE, EVERYONE = "S-1-5-32-544", "S-1-5-6", "S-1-1-0"
EXSVC, OLD, STRANGER = (f"S-1-5-21-1-2-3-{rid}" for rid in (1107, 1108, 1109))
NAMES = {
    ADMINISTRATORS: "BUILTIN\\Administrators",
    SERVICE: "NT AUTHORITY\\SERVICE",
    EVERYONE: "Everyone",
    EXSVC: "CORP\\exsvc",
    OLD: "CORP\\old",
    STRANGER: "CORP\\stranger",
}


@dataclass
class MemoryHost:
    """``rights`` is the truth; ``unpinned`` tokens are beside it; ``on_apply`` and ``after_apply`` surround a write.

    ``forced`` and ``kept`` are what it insists on, ``tells`` is what it says of that; ``log_names`` are the SIDs that
    secedit's log names after a write.
    """

    rights: dict[str, list[str]] = field(default_factory=dict)
    unpinned: dict[str, list[str]] = field(default_factory=dict)
    forced: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {
            "SeImpersonatePrivilege": [ADMINISTRATORS, SERVICE],
            "SeInteractiveLogonRight": [ADMINISTRATORS],
        }
    )
    kept: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {"SeAuditPrivilege": ["S-1-5-19", "S-1-5-20"], "SeTimeZonePrivilege": ["S-1-5-19"]}
    )
    tells: Insists = ENGINE
    policies: tuple[CachedPolicy, ...] = (DOMAIN_POLICY,)
    policy_display: Mapping[str, str] = field(default_factory=dict)
    log_of_policy: RsopReading = field(default_factory=lambda: RsopReading({}))
    managed: frozenset[str] = frozenset()
    complete: bool = True
    role: int = 3
    caller: Caller | None = None
    on_apply: Callable[[MemoryHost], None] | None = None
    after_apply: Callable[[MemoryHost], None] | None = None
    log_names: frozenset[str] = frozenset()
    calls: list[str] = field(default_factory=list)
    queries: list[RightsQuery] = field(default_factory=list)

    def computer(self) -> Computer:
        return Computer("EXCH", "CORP", self.role, part_of_domain=self.role in (1, 3, 4, 5))

    def _holders(self) -> dict[str, tuple[Holder, ...]]:
        held = {right: tuple(Holder("*" + sid, sid) for sid in sids) for right, sids in self.rights.items() if sids}
        for right, tokens in self.unpinned.items():
            held[right] = (*held.get(right, ()), *(Holder(token, None) for token in tokens))
        return held

    def _reading(self, query: RightsQuery) -> RightsReading:
        by_name = {name.lower(): sid for sid, name in NAMES.items()}
        resolved = {
            name.written: Resolution(name.sid or by_name.get(name.for_windows("EXCH").lower()), ("icacls: 1332",))
            for name in query.names
        }
        return RightsReading(self._holders(), {}, resolved, PolicyReading(self.policies, self.complete), None, NOW)

    def read_rights(self, query: RightsQuery) -> RightsReading:
        self.calls.append("read")
        self.queries.append(query)
        return self._reading(query)

    def insists(self) -> Insists:
        return self.tells

    def apply(self, plan: Plan, query: RightsQuery) -> Applied:
        self.calls.append("apply")
        if self.on_apply is not None:
            self.on_apply(self)
        for change in plan.deltas:
            kept = [sid for sid in self.rights.get(change.right, ()) if sid in self.kept.get(change.right, ())]
            forced = self.forced.get(change.right, ())
            self.rights[change.right] = sorted({*change.after, *forced, *kept})
        if self.after_apply is not None:
            self.after_apply(self)
        said = ("secedit ended with exit code 0", "its log says: User Rights configuration was completed.")
        return Applied(self._reading(query), said, self.log_names, "secedit's log")

    def connecting_account(self) -> Caller | None:
        self.calls.append("connecting_account")
        return self.caller

    def accounts(self, sids: Sequence[str]) -> Mapping[str, Account]:
        self.calls.append("accounts")
        return {sid: Account(sid, NAMES.get(sid), "account" if sid in NAMES else "orphan") for sid in sids}

    def policy_names(self, guids: Sequence[str]) -> Mapping[str, str]:
        self.calls.append("policy_names")
        return {guid: self.policy_display[guid] for guid in guids if guid in self.policy_display}

    def rsop(self) -> RsopReading:
        self.calls.append("rsop")
        return self.log_of_policy

    def mdm(self) -> MdmReading:
        self.calls.append("mdm")
        return MdmReading(self.managed)
