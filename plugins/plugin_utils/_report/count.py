# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report counts: hosts by standing, the controls that fail most, who holds which right where, waivers (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .model import STANDINGS, STATUSES, Baseline, BaselineFleet, Host, JudgedHost, Member, Rule, Status, Waiver

# The rights with which an account is the computer: whoever holds them is shown before the others.
MIGHTY = ("SeDebugPrivilege", "SeTcbPrivilege")


def standings(hosts: Iterable[Host]) -> dict[str, int]:
    """How many hosts there are, and how many of each standing."""
    found = Counter(host.standing for host in hosts)
    return {"hosts": sum(found.values()), **{standing: found[standing] for standing in STANDINGS}}


@dataclass(frozen=True)
class Tally:
    """One control over the fleet: the hosts of each status, in the order of the play."""

    rule: Rule
    hosts: Mapping[Status, tuple[str, ...]]

    def count(self, status: Status) -> int:
        """On how many hosts the control has this status."""
        return len(self.hosts[status])


def tallies(fleet: BaselineFleet) -> list[Tally]:
    """Every control, the one that fails on most hosts first; then unknown ones, then as the baseline has them."""
    found: dict[Rule, dict[Status, list[str]]] = {}
    for host in fleet.hosts:
        for finding in host.findings:
            rows = found.get(finding.rule)
            if rows is None:
                rows = found[finding.rule] = {status: [] for status in STATUSES}
            rows[finding.status].append(host.host)
    together = [Tally(rule, {status: tuple(names) for status, names in rows.items()}) for rule, rows in found.items()]
    return sorted(together, key=lambda one: (-one.count("fail"), -one.count("unknown")))


def baselines(fleet: BaselineFleet) -> list[Baseline]:
    """The baselines that hosts were judged by, usually one."""
    return list(dict.fromkeys(host.baseline for host in fleet.hosts if host.baseline is not None))


def times(fleet: BaselineFleet) -> tuple[str, str]:
    """When the first and the last host was read; empty where none was."""
    known = [host.as_of for host in fleet.hosts if host.as_of]
    return (min(known), max(known)) if known else ("", "")


@dataclass(frozen=True)
class Holding:
    """One account that holds one right, and where; ``orphan``: no host there has a name for its SID.

    ``right`` is empty for an orphan that holds only rights which no control judges.
    """

    member: Member
    right: str
    display_name: str
    hosts: tuple[str, ...]
    orphan: bool
    # On how many of them it is more than the baseline allows.
    beyond: int


def holdings(fleet: BaselineFleet) -> list[Holding]:
    """Who holds what where: orphans first, then the mighty rights, then who holds too much on most hosts."""
    where: dict[tuple[str, str], dict[str, bool]] = {}
    first: dict[tuple[str, str], tuple[Member, str]] = {}
    orphans: set[str] = set()
    named: set[str] = set()
    for host in fleet.hosts:
        orphans.update(host.orphans)
        for finding in host.findings:
            right = finding.rule.right
            if not right:
                continue
            for member in finding.holders:
                key = (member.sid or member.label, right)
                if member.name:
                    named.add(key[0])
                beyond = member in finding.extra
                names = where.setdefault(key, {})
                names[host.host] = names.get(host.host, False) or beyond
                if key not in first or (member.name and not first[key][0].name):
                    first[key] = (member, finding.rule.display_name)
        for sid, beyond in _elsewhere(host).items():
            where.setdefault((sid, ""), {})[host.host] = beyond
            first.setdefault((sid, ""), (Member(sid, None, "unknown"), ""))
    found = [
        Holding(*_named(first[key], key[1]), tuple(names), key[0] in orphans - named, sum(names.values()))
        for key, names in where.items()
    ]
    return sorted(found, key=_urgency)


def _elsewhere(host: JudgedHost) -> dict[str, bool]:
    """The orphans that hold no right of a control, and whether a control that is about orphans has them as findings."""
    held = {member.sid for finding in host.findings if finding.rule.right for member in finding.holders}
    told = {member.sid for finding in host.findings if not finding.rule.right for member in finding.extra}
    return {sid: sid in told for sid in host.orphans if sid not in held}


def _named(first: tuple[Member, str], right: str) -> tuple[Member, str, str]:
    return first[0], right, first[1]


def _urgency(one: Holding) -> tuple[bool, int, int, int, str, str]:
    mighty = MIGHTY.index(one.right) if one.right in MIGHTY else len(MIGHTY)
    return (not one.orphan, mighty, -one.beyond, -len(one.hosts), one.right, one.member.label)


def waivers(fleet: BaselineFleet) -> list[tuple[Waiver, tuple[str, ...]]]:
    """The waivers with the hosts where they stand so; the one that ends first at the head."""
    found: dict[Waiver, list[str]] = {}
    for host in fleet.hosts:
        for waiver in host.waivers:
            found.setdefault(waiver, []).append(host.host)
    together = [(waiver, tuple(hosts)) for waiver, hosts in found.items()]
    return sorted(together, key=lambda one: (one[0].until or "9999", one[0].control, one[0].accounts))


def sentences(hosts: Iterable[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Equal sentences once, with their hosts; the sentence of most hosts first. Pairs of a host and its sentence.

    Sentences that differ in the name of their own host only count as equal, and name none.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for host, sentence in hosts:
        if sentence:
            found.setdefault(sentence.replace(host, "the host"), []).append((host, sentence))
    together = [
        (text if len(pairs) > 1 else pairs[0][1], tuple(host for host, dummy in pairs)) for text, pairs in found.items()
    ]
    return sorted(together, key=lambda one: -len(one[1]))


def some(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are: ``db1, db2 and 7 more``."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
