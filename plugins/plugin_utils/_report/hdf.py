# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hdf/HOST.json: a host in InSpec's exec-json, which Heimdall and SAF read and turn into checklists (pure).

The shape is that of libs/inspecjs/schemas/exec-json.json in mitre/heimdall2, and what the words mean there is in
libs/inspecjs/src/compat_impl: an impact of 0 is "not applicable", a result of error is a control that could not be
judged, and a control with ``skipped_due_to_waiver`` is told apart from one that passed. A checklist (CKL) wants the
tags gid, gtitle, rid, stig_id, cci and nist.
"""

from __future__ import annotations

import hashlib
import json
import typing as t
from collections.abc import Mapping, Sequence

from .document import FORMAT, VERSION
from .model import Baseline, Finding, JudgedHost, Member, Rule

# The middles of the ranges by which inspecjs makes a severity of an impact; 0 would be "not applicable".
_IMPACT = {"critical": 0.9, "high": 0.7, "medium": 0.5, "low": 0.3, "informational": 0.1}
_OPERATORS = {
    "at_most": "Nobody but these accounts may hold it",
    "at_least": "These accounts have to hold it",
    "exactly": "These accounts and no others have to hold it",
    "nobody": "Nobody may hold it",
}
_STATUSES = {"pass": "passed", "fail": "failed", "unknown": "error", "not_applicable": "skipped", "waived": "skipped"}


def render(host: JudgedHost, baseline: Baseline, written_at: str) -> str:
    """The file of a host that has findings."""
    controls = [_control(one, host.as_of or written_at) for one in host.findings]
    found = [one["results"][0]["status"] for one in controls]
    document = {
        "platform": {"name": "windows", "release": "", "target_id": host.computer or host.host},
        "version": f"{FORMAT} {VERSION}",
        "statistics": {"controls": {word: {"total": found.count(word)} for word in ("passed", "skipped", "failed")}},
        "profiles": [
            {
                "name": baseline.name or baseline.title,
                "title": baseline.title or None,
                "version": baseline.release or None,
                "summary": f"{baseline.label}, read from {baseline.source}" if baseline.source else baseline.label,
                "sha256": _digest(baseline, [one.rule for one in host.findings]),
                "supports": [{"platform-family": "windows"}],
                "attributes": [],
                "groups": [{"id": "controls", "title": None, "controls": [one["id"] for one in controls]}],
                "status": "loaded",
                "controls": controls,
            }
        ],
    }
    return json.dumps(document) + "\n"


def _control(one: Finding, start: str) -> dict[str, t.Any]:
    rule = one.rule
    about = f"{rule.display_name} ({rule.right})" if rule.right else rule.title
    asked = f"{about}: {_OPERATORS.get(rule.operator, rule.operator)}{_named(one.expected)}."
    control: dict[str, t.Any] = {
        "id": rule.id,
        "title": rule.title or None,
        # What a checklist gives as the reason for "not applicable".
        "desc": one.reason if one.status == "not_applicable" else asked,
        "descriptions": [{"label": "check", "data": asked}, {"label": "fix", "data": _fix(one)}],
        "impact": 0.0 if one.status == "not_applicable" else _IMPACT.get(rule.severity, 0.5),
        "refs": [],
        "tags": _tags(rule),
        "source_location": {},
        "code": None,
        "results": [_result(one, asked, start)],
    }
    if one.status == "waived":
        control["waiver_data"] = {
            "expiration_date": one.waived_until or None,
            "justification": _justification(one),
            "message": "",
            "run": False,
            "skipped_due_to_waiver": True,
        }
    return control


def _tags(rule: Rule) -> dict[str, t.Any]:
    def first(catalogue: str, otherwise: str) -> str:
        return (*rule.reference(catalogue), otherwise)[0]

    others = {name: list(ids) for name, ids in rule.references if name not in ("gid", "gtitle", "rid", "stig_id")}
    return {
        **others,
        "gid": first("gid", rule.id),
        "gtitle": first("gtitle", rule.title),
        "rid": first("rid", rule.id),
        "stig_id": first("stig_id", rule.id),
        "cci": list(rule.reference("cci")),
        "nist": list(rule.reference("nist")),
        "severity": rule.severity,
        "right": rule.right,
    }


def _result(one: Finding, asked: str, start: str) -> dict[str, t.Any]:
    told: dict[str, t.Any] = {"status": _STATUSES[one.status], "code_desc": asked, "start_time": start}
    held = f"It is held by: {_listed(one.holders)}." if one.holders else "Nobody holds it."
    if one.status == "waived":
        told["skip_message"] = f"Skipped control due to waiver: {_justification(one)}"
    elif one.status == "not_applicable":
        told["skip_message"] = one.reason
    else:
        told["message"] = f"{one.reason} {held}".strip()
    return told


def _justification(one: Finding) -> str:
    return one.waiver or one.reason


def _fix(one: Finding) -> str:
    steps = [f"Take {one.rule.right} from {_listed(one.extra)}."] if one.extra else []
    steps += [f"Give {one.rule.right} to {_listed(one.missing)}."] if one.missing else []
    if steps and one.governed_by:
        steps.append(f"The policy {one.governed_by} sets this right: change it there.")
    return " ".join(steps) or "Nothing is to be changed."


def _named(members: Sequence[Member]) -> str:
    return f": {_listed(members)}" if members else ""


def _listed(members: Sequence[Member]) -> str:
    return ", ".join(member.label for member in members)


def _digest(baseline: Baseline, rules: Sequence[Rule]) -> str:
    """The same for every host that was held against the same controls."""
    told: Sequence[Mapping[str, str]] = [vars(baseline), *({"id": one.id, "operator": one.operator} for one in rules)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
