# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judgement: one control held against one snapshot of a host (pure).

Three answers, not two: a holder that may or may not be meant makes the control unknown, unless it fails by another
already. Only who holds a right directly is judged, as the baselines do; who is in a group is not.
"""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Holder
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.snapshot import Snapshot
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import Insists

from . import orphans
from .model import Control, OptionalMember, Principal
from .principals import Domains, Known, unclear

Status = t.Literal["pass", "fail", "unknown", "not_applicable", "waived"]


@dataclass(frozen=True)
class Facts:
    """What a judgement rests on: a snapshot, whom the baseline means on this host, its services, what it insists on.

    ``services`` are the key names (lower case) of those that were asked for and exist; None: they could not be asked.
    """

    seen: Snapshot
    known: Mapping[str, Known]
    domains: Domains
    insists: Insists
    services: frozenset[str] | None = frozenset()

    def of(self, principal: Principal) -> Known:
        """What is known of a principal."""
        return self.known[principal.written]

    @property
    def unsure_orphans(self) -> frozenset[str]:
        """SIDs without a name that may be somebody's all the same."""
        return frozenset(orphans.find(self.seen, self.domains).unsure)

    def shown(self, sid: str) -> str:
        r"""``CORP\exsvc (S-1-5-21-1-2-3-1107)``, or the SID alone."""
        account = self.seen.accounts.get(sid)
        return f"{account.name} ({sid})" if account is not None and account.name else sid


@dataclass(frozen=True)
class Allowed:
    """A holder beyond what is expected that is no finding, or a waived one; ``reason`` is a clause."""

    sid: str
    reason: str


@dataclass(frozen=True)
class Missing:
    """A member that a control asks for and nobody is: any of these accounts would do, the first is the one to add."""

    any_of: tuple[Known, ...]

    @property
    def first(self) -> Known:
        """The account that a remedy gives the right to."""
        return self.any_of[0]


@dataclass(frozen=True)
class Verdict:
    """What a control makes of a host.

    ``extra`` and ``missing`` are certain; ``doubts`` are clauses about what is not known. ``agreed`` says until when
    and why what would fail is waived.
    """

    control: Control
    status: Status
    holders: tuple[Holder, ...] = ()
    extra: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    doubts: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()


def judge(control: Control, facts: Facts) -> Verdict:
    """The verdict on one control that applies to the host; waivers come later."""
    if control.right is None:
        found = orphans.find(facts.seen, facts.domains)
        holders = tuple(Holder(f"*{sid}", sid) for sid in (*found.gone, *found.unsure))
        return _verdict(control, holders, [*found.gone, *found.unsure], (), (), found.doubts)
    holders = facts.seen.holders(control.right)
    unreadable = facts.seen.reading.unreadable.get(control.right)
    if unreadable is not None:
        return Verdict(
            control, "unknown", holders, doubts=(f"the host's line for it cannot be relied on: {unreadable}",)
        )
    beyond = _Beyond(control, facts) if control.operator != "at_least" else None
    if beyond is not None:
        beyond.look(held(holders))
    short = _short(control, holders, facts) if control.operator in ("at_least", "exactly") else _NONE_MISSING
    doubts = [*(beyond.doubts if beyond is not None else ()), *short[1]]
    unpinned = [f"'{holder.token}'" for holder in holders if holder.sid is None]
    if unpinned and (beyond is not None or short[1]):
        doubts.insert(0, f"it is held by {', '.join(unpinned)}, for which the host gave no SID")
    extra, allowed = (beyond.extra, beyond.allowed) if beyond is not None else ((), ())
    return _verdict(control, holders, extra, short[0], allowed, tuple(dict.fromkeys(doubts)))


def held(holders: Iterable[Holder]) -> tuple[str, ...]:
    """The SIDs of holders, each once."""
    return tuple(dict.fromkeys(holder.sid for holder in holders if holder.sid is not None))


def _verdict(
    control: Control,
    holders: tuple[Holder, ...],
    extra: Sequence[str],
    missing: tuple[Missing, ...],
    allowed: Sequence[Allowed],
    doubts: tuple[str, ...],
) -> Verdict:
    status: Status = "fail" if extra or missing else "unknown" if doubts else "pass"
    return Verdict(control, status, holders, tuple(extra), missing, tuple(allowed), doubts)


class _Beyond:
    """The holders of one right that a control does not expect: allowed all the same, a finding, or not known."""

    def __init__(self, control: Control, facts: Facts) -> None:
        self._control = control
        self._facts = facts
        self._expected = [facts.of(one) for expected in control.expected for one in expected.any_of]
        self.extra: list[str] = []
        self.allowed: list[Allowed] = []
        self.doubts: list[str] = []

    def look(self, sids: Iterable[str]) -> None:
        """Sort the holders."""
        for sid in sids:
            if all(one.sid != sid for one in self._expected):
                self._sort(sid)

    def _sort(self, sid: str) -> None:
        shown = self._facts.shown(sid)
        allowed, doubts = self._optional(sid)
        insisted = _insisted(self._control.right or "", sid, self._facts.insists)
        if allowed is not None:
            self.allowed.append(Allowed(sid, allowed))
        elif insisted is not None:
            self.allowed.append(Allowed(sid, insisted))
        elif doubts:
            self.doubts += doubts
        else:
            causes = unclear(one for one in self._unclear() if one.may_be(sid))
            if causes:
                self.doubts.append(f"whether {shown} may hold it, for {'; '.join(causes)}")
            else:
                self.extra.append(sid)

    def _unclear(self) -> list[Known]:
        return [*self._expected, *(self._facts.of(one.account) for one in self._control.optional)]

    def _optional(self, sid: str) -> tuple[str | None, list[str]]:
        """Why an optional member is allowed here, or why it is not known whether it is."""
        doubts = []
        for member in self._control.optional:
            if self._facts.of(member.account).sid != sid:
                continue
            there = _condition(member, self._facts.services)
            if there:
                return member.reason, []
            if there is None and member.when is not None:
                doubts.append(
                    f"{self._facts.shown(sid)} may hold it on a host with the service {member.when.service}, "
                    "and the host did not tell its services"
                )
        return None, doubts


def _condition(member: OptionalMember, services: Collection[str] | None) -> bool | None:
    if member.when is None:
        return True
    return None if services is None else member.when.service.lower() in services


def _insisted(right: str, sid: str, insists: Insists) -> str | None:
    """Why Windows itself keeps an account in a right, whatever is written; None where it does not."""
    if sid in insists.keeps.get(right, ()):
        return "Windows does not let it go of this right"
    if sid in insists.adds.get(right, ()):
        return "Windows adds it whenever this right is set"
    return None


_NONE_MISSING: tuple[tuple[Missing, ...], tuple[str, ...]] = ((), ())


def _short(control: Control, holders: Sequence[Holder], facts: Facts) -> tuple[tuple[Missing, ...], tuple[str, ...]]:
    """The members that nobody is, and clauses about those of whom that is not known."""
    sids = set(held(holders))
    unpinned = any(holder.sid is None for holder in holders)
    missing: list[Missing] = []
    unknown: list[Known] = []
    doubts: list[str] = []
    for expected in control.expected:
        known = tuple(facts.of(one) for one in expected.any_of)
        if any(one.sid in sids for one in known):
            continue
        nobody_knows = [one for one in known if one.sid is None]
        if nobody_knows:
            unknown += nobody_knows
        elif unpinned:
            doubts.append(f"whether {either(known, facts)} holds it, for one holder has no SID")
        else:
            missing.append(Missing(known))
    return tuple(missing), (*unclear(unknown), *doubts)


def either(known: Sequence[Known], facts: Facts) -> str:
    """Accounts of which any one would do."""
    return " or ".join(facts.shown(one.sid) if one.sid is not None else one.written for one in known)
