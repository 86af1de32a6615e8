# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot: one whole reading of the rights, with the names, policies and members that belong to it.

``take`` makes it once, for a change, a query and a survey alike, and spends no more requests than it is told; what it
leaves out is unknown, not assumed. What Windows refuses of the additions is noted, and a lost connection is an error.
Speaks only to the Host protocol.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Computer,
    GroupMembers,
    Holder,
    Host,
    RightsReading,
    RsopReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids

from . import effective
from .policy import Governed, governed, with_mdm

# The keys of the history, then of one of them the GUID and the name.
_POLICY_NAMES = 3
_T = t.TypeVar("_T")


@dataclass(frozen=True)
class Scope:
    """What of a reading matters: rights, SIDs to name besides their holders, and accounts to look for in groups.

    ``managed`` are the rights for which device management is worth asking where no policy sets them (None: all).
    """

    rights: tuple[str, ...]
    sids: Collection[str] = ()
    subjects: tuple[effective.Subject, ...] = ()
    managed: Collection[str] | None = None


@dataclass(frozen=True)
class Budget:
    """What may be asked beyond the reading and the names of its SIDs.

    ``requests`` bounds all of it (None: no bound): first the policy log (1), then the names of policies (3), members of
    groups (1 each) and device management (1). ``groups`` bounds the groups alone. ``log_always`` asks a member of a
    domain for its policy log even where the cached templates decide; ``mdm`` is False where this Windows has no such.
    """

    requests: int | None = None
    groups: int | None = None
    log_always: bool = True
    mdm: bool = True


@dataclass(frozen=True)
class Snapshot:
    """One host at one moment: its rights, who its SIDs are, who governs each right, who is in its groups.

    ``policies`` has every right that was asked for, in that order; ``members`` has the groups that were looked into.
    ``unread`` are sentences about what Windows refused.
    """

    computer: Computer
    reading: RightsReading
    accounts: Mapping[str, Account]
    policies: Mapping[str, Governed]
    members: Mapping[str, GroupMembers]
    unread: tuple[str, ...] = ()

    @property
    def rights(self) -> tuple[str, ...]:
        """The rights that it was taken for."""
        return tuple(self.policies)

    def holders(self, right: str) -> tuple[Holder, ...]:
        """The holders of a right, in the export's order."""
        return tuple(self.reading.assignment.get(right, ()))

    def judge(self, right: str, subject: effective.Subject) -> effective.Holding:
        """Whether an account holds a right, as far as this snapshot shows."""
        context = effective.Context(self.computer, self.accounts, self.members)
        return effective.judge(right, subject, self.holders(right), context, self.reading.unreadable.get(right))


def take(host: Host, computer: Computer, reading: RightsReading, scope: Scope, budget: Budget) -> Snapshot:
    """Add to a reading what belongs to it, from the same host."""
    return _Taking(host, computer, reading, scope, budget).whole()


class _Taking:
    """One snapshot in the making: what may still be spent, and what was refused so far."""

    def __init__(self, host: Host, computer: Computer, reading: RightsReading, scope: Scope, budget: Budget) -> None:
        self._host = host
        self._computer = computer
        self._reading = reading
        self._scope = scope
        self._budget = budget
        self._left = budget.requests
        self._unread: list[str] = []

    def whole(self) -> Snapshot:
        """Ask in the order in which the answers matter."""
        accounts = self._accounts()
        policies = self._named(self._governed(self._log()))
        members = self._members(accounts)
        managed = self._managed(policies)
        return Snapshot(self._computer, self._reading, accounts, managed, members, tuple(self._unread))

    def _affords(self, requests: int) -> bool:
        """Whether so many requests may still be spent; they are, then."""
        if self._left is None:
            return True
        if self._left < requests:
            return False
        self._left -= requests
        return True

    def _ask(self, what: str, call: Callable[[], _T]) -> _T | None:
        try:
            return call()
        except (ReadError, WindowsError) as exc:
            self._unread.append(f"{what}: {exc}")
            return None

    def _holders(self, right: str) -> Sequence[Holder]:
        return self._reading.assignment.get(right, ())

    def _accounts(self) -> Mapping[str, Account]:
        held = {holder.sid for right in self._scope.rights for holder in self._holders(right) if holder.sid is not None}
        wanted = sorted(held.union(self._scope.sids))
        return self._host.accounts(wanted) if wanted else {}

    def _log(self) -> RsopReading | None:
        """The policy log as the second witness; only a member of a domain has one."""
        if not self._computer.part_of_domain:
            return None
        decided = all(policy.status != "unknown" for policy in self._governed(None).values())
        if (decided and not self._budget.log_always) or not self._affords(1):
            return None
        return self._ask("Policy log (RSoP)", self._host.rsop)

    def _governed(self, log: RsopReading | None) -> dict[str, Governed]:
        reading = self._reading
        return {
            right: governed(right, reading.policies, self._computer, reading.taken_at, log)
            for right in self._scope.rights
        }

    def _named(self, policies: Mapping[str, Governed]) -> dict[str, Governed]:
        """The same with names; a cached policy whose file names no GPO has the file's name where others have a GUID.

        The history of policies knows none of those, and would be read to its end to find that out.
        """
        guids = sorted({policy.guid for policy in policies.values() if policy.guid and policy.guid.startswith("{")})
        names: Mapping[str, str] = {}
        if guids and self._affords(_POLICY_NAMES):
            names = self._ask("Names of Group Policies", partial(self._host.policy_names, guids)) or {}
        return {right: policy.with_name(names.get(policy.guid or "")) for right, policy in policies.items()}

    def _members(self, accounts: Mapping[str, Account]) -> dict[str, GroupMembers]:
        """Members of the host's own groups that may give a right to a subject, as far as the budget goes."""
        found: dict[str, GroupMembers] = {}
        for sid, name in self._groups(accounts)[: self._budget.groups]:
            if not self._affords(1):
                break
            members = self._ask(f"Members of the group {name}", partial(self._host.group_members, name))
            if members is not None:
                found[sid] = members
        return found

    def _groups(self, accounts: Mapping[str, Account]) -> list[tuple[str, str]]:
        """(SID, name) of each group that is worth asking for, Administrators first of all rights' groups."""
        context = effective.Context(self._computer, accounts, {})
        subjects = [effective.named(subject, accounts) for subject in self._scope.subjects]
        groups: dict[str, str] = {}
        for right in self._scope.rights:
            for subject in subjects:
                groups.update(effective.local_groups(subject, self._holders(right), context))
        return sorted(groups.items(), key=lambda pair: pair[0] != sids.ADMINISTRATORS)

    def _managed(self, policies: Mapping[str, Governed]) -> Mapping[str, Governed]:
        """The same after a look at device management, where it can govern what no policy sets."""
        managed = self._scope.rights if self._scope.managed is None else self._scope.managed
        if not self._budget.mdm or all(policies[right].status == "gpo" for right in managed) or not self._affords(1):
            return policies
        mdm = self._ask("Device management (MDM)", self._host.mdm)
        return {right: with_mdm(policy, right, mdm) for right, policy in policies.items()}
