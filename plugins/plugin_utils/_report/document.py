# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""report.json: the whole report for programs, in the form of docs/schema/report.json (pure).

What hosts have in common stands once: a host names controls and accounts by their place in ``controls`` and
``accounts``.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t
from collections import Counter
from collections.abc import Iterable, Mapping

from . import count
from .model import STATUSES, BaselineFleet, Finding, Fleet, Host, JudgedHost, Member, PopFleet, PopHost, Rule

FORMAT = "winmail.exchange/report"
VERSION = 1


def baseline_document(fleet: BaselineFleet, drift: Mapping[str, t.Any] | None) -> dict[str, t.Any]:
    """The document of a fleet that was held against a baseline."""
    places = _Places()
    first, last = count.times(fleet)
    hosts = [_judged(host, places) for host in fleet.hosts]
    by_rule = {tally.rule: tally for tally in count.tallies(fleet)}
    return {
        **_head(fleet),
        "as_of": {"first": first or None, "last": last or None},
        "baselines": [dataclasses.asdict(one) for one in count.baselines(fleet)],
        "summary": {**count.standings(fleet.hosts), "findings": _findings(fleet)},
        "controls": [
            {**_rule(rule), "hosts": {status: by_rule[rule].count(status) for status in STATUSES}}
            for rule in places.rules
        ],
        "accounts": [_member(member) for member in places.members],
        "hosts": hosts,
        "waivers": [
            {
                "control": one.control,
                "accounts": list(one.accounts),
                "reason": one.reason,
                "until": one.until or None,
                "state": one.state,
                "hosts": list(hosts),
            }
            for one, hosts in count.waivers(fleet)
        ],
        "drift": drift,
    }


def pop_document(fleet: PopFleet, drift: Mapping[str, t.Any] | None) -> dict[str, t.Any]:
    """The document of a fleet that the POP3 role looked at."""
    return {
        **_head(fleet),
        "summary": count.standings(fleet.hosts),
        "hosts": [_popped(host) for host in fleet.hosts],
        "drift": drift,
    }


def render(document: Mapping[str, t.Any]) -> str:
    """The document as text: a line for each entry of its lists, so that two reports can be compared line by line."""
    parts = [f"{json.dumps(name)}: {_part(value)}" for name, value in document.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _part(value: object) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(json.dumps(one) for one in value) + "\n]"
    return json.dumps(value)


def _head(fleet: Fleet[t.Any]) -> dict[str, t.Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "kind": fleet.kind,
        "title": fleet.title,
        "written_at": fleet.written_at,
    }


class _Places:
    """The place of each control and account in its list, in the order in which hosts name them."""

    def __init__(self) -> None:
        self.rules: dict[Rule, int] = {}
        self.members: dict[Member, int] = {}

    def rule(self, rule: Rule) -> int:
        return self.rules.setdefault(rule, len(self.rules))

    def all(self, members: Iterable[Member]) -> list[int]:
        return [self.members.setdefault(member, len(self.members)) for member in members]


def _host(host: Host) -> dict[str, t.Any]:
    return {
        "host": host.host,
        "computer": host.computer or None,
        "standing": host.standing,
        "failure": host.failure,
        "changed": host.changed,
        "check_mode": host.check_mode,
        "restore_file": host.restore_file or None,
    }


def _judged(host: JudgedHost, places: _Places) -> dict[str, t.Any]:
    return {
        **_host(host),
        "host_role": host.role or None,
        "as_of": host.as_of or None,
        "baseline": host.baseline.label if host.baseline else None,
        "orphans": list(host.orphans),
        "findings": [_finding(one, places) for one in host.findings],
    }


def _finding(one: Finding, places: _Places) -> dict[str, t.Any]:
    return {
        "control": places.rule(one.rule),
        "status": one.status,
        "expected": places.all(one.expected),
        "holders": places.all(one.holders),
        "extra": places.all(one.extra),
        "missing": places.all(one.missing),
        "allowed_by": [{"account": places.all([by.member])[0], "reason": by.reason} for by in one.allowed_by],
        "governed": one.governed or None,
        "governed_by": one.governed_by or None,
        "reason": one.reason,
        "waived_until": one.waived_until or None,
    }


def _popped(host: PopHost) -> dict[str, t.Any]:
    return {
        **_host(host),
        "generation": host.generation or None,
        "account": host.account or None,
        "right": host.right or None,
        "verdict_before": host.verdict_before or None,
        "action": host.action,
        "verdict_after": host.verdict_after or None,
        "advice": host.advice,
    }


def _rule(rule: Rule) -> dict[str, t.Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "right": rule.right or None,
        "display_name": rule.display_name or None,
        "operator": rule.operator,
        "severity": rule.severity,
        "references": {catalogue: list(ids) for catalogue, ids in rule.references},
    }


def _member(member: Member) -> dict[str, t.Any]:
    return {"sid": member.sid, "name": member.name, "kind": member.kind}


def _findings(fleet: BaselineFleet) -> dict[str, int]:
    found = Counter(finding.status for host in fleet.hosts for finding in host.findings)
    return {status: found[status] for status in STATUSES}
