# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of user_right_baseline_info: always of one shape, every list of accounts with SID, name and kind."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Account, Holder
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import GovernedResult
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.result import (
    AccountResult,
    ComputerResult,
    account_result,
    computer_result,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import display_name

from . import orphans, reasons, remedy
from .judge import Facts, Missing, Status, Verdict
from .model import Baseline, Control, Expected, HostRole, Operator, Severity
from .options import BaselineOptions
from .principals import Known
from .waivers import Held

STATUSES: tuple[Status, ...] = t.get_args(Status)


class NamedSid(t.TypedDict):
    """An account that a control expects; ``sid`` is null where the host could not say who it is."""

    sid: str | None
    name: str | None


class ExpectedResult(NamedSid, total=False):
    """The same; ``any_of`` is there where several would do, and has them all."""

    any_of: list[NamedSid]


class AllowedResult(t.TypedDict):
    """A holder that is no finding although the control does not expect it."""

    sid: str
    reason: str


class _ControlResult(t.TypedDict):
    id: str
    title: str
    right: str | None
    display_name: str | None
    operator: Operator
    expected: list[ExpectedResult]
    status: Status
    holders: list[AccountResult]
    extra: list[AccountResult]
    missing: list[AccountResult]
    allowed_by: list[AllowedResult]
    severity: Severity
    references: dict[str, str | list[str]]
    governed: GovernedResult | None
    reason: str


class ControlResult(_ControlResult, total=False):
    """One control; ``concerns`` is there where it is about the orphans of every right, ``note`` where it has one."""

    concerns: str
    note: str


class BaselineResult(t.TypedDict):
    """Which baseline was judged."""

    name: str
    title: str
    release: str
    source: str


class WaiverResult(t.TypedDict):
    """A waiver of the task as it stands on this host; ``accounts`` are those that the host knows."""

    control: str
    accounts: list[AccountResult]
    unknown_accounts: list[str]
    reason: str
    until: str | None
    state: str


class Result(t.TypedDict):
    """The whole result."""

    changed: bool
    computer: ComputerResult
    as_of: str
    host_role: HostRole
    baseline: BaselineResult
    compliant: bool | None
    summary: dict[str, int]
    controls: list[ControlResult]
    remedy: list[remedy.RemedyEntry]
    orphans: list[str]
    waivers: list[WaiverResult]


def whole(
    options: BaselineOptions, role: HostRole, verdicts: Sequence[Verdict], facts: Facts, held: Sequence[Held]
) -> Result:
    """The result from the verdicts on one host."""
    seen, baseline = facts.seen, options.baseline
    counts = {status: sum(one.status == status for one in verdicts) for status in STATUSES}
    return {
        "changed": False,
        "computer": computer_result(seen.computer),
        "as_of": seen.reading.taken_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "host_role": role,
        "baseline": {
            "name": baseline.name,
            "title": baseline.title,
            "release": baseline.release,
            "source": baseline.source,
        },
        "compliant": False if counts["fail"] else None if counts["unknown"] else True,
        "summary": {str(status): count for status, count in counts.items()},
        "controls": [_control(one, role, baseline, facts) for one in verdicts],
        "remedy": remedy.remedy(verdicts, facts, options.excluded),
        "orphans": list(orphans.sids(seen)),
        "waivers": [_waiver(one, facts) for one in held],
    }


def _control(verdict: Verdict, role: HostRole, baseline: Baseline, facts: Facts) -> ControlResult:
    control = verdict.control
    applies = verdict.status != "not_applicable"
    roles = {one for other in baseline.controls if other.id == control.id for one in other.applies_to}
    result: ControlResult = {
        "id": control.id,
        "title": control.title,
        "right": control.right,
        "display_name": display_name(control.right) if control.right is not None else None,
        "operator": control.operator,
        "expected": [_expected(one, facts) for one in control.expected] if applies else [],
        "status": verdict.status,
        "holders": [_holder(one, facts) for one in verdict.holders],
        "extra": [account_result(_account(sid, facts)) for sid in verdict.extra],
        "missing": [_missing(one, facts) for one in verdict.missing],
        "allowed_by": [{"sid": one.sid, "reason": one.reason} for one in verdict.allowed],
        "severity": control.severity,
        "references": _references(control),
        "governed": facts.seen.policies[control.right].as_result() if control.right is not None and applies else None,
        "reason": reasons.reason(verdict, facts) if applies else reasons.not_applicable(roles, role),
    }
    if control.concerns != "all":
        result["concerns"] = control.concerns
    if control.note:
        result["note"] = control.note
    return result


def _references(control: Control) -> dict[str, str | list[str]]:
    found: Mapping[str, str | tuple[str, ...]] = control.references
    return {name: value if isinstance(value, str) else list(value) for name, value in found.items()}


def _account(sid: str, facts: Facts) -> Account:
    return facts.seen.accounts.get(sid) or Account(sid, None, "unknown")


def _holder(holder: Holder, facts: Facts) -> AccountResult:
    if holder.sid is None:
        return {"sid": None, "name": holder.token, "kind": "unknown"}
    return account_result(_account(holder.sid, facts))


def _missing(missing: Missing, facts: Facts) -> AccountResult:
    first = missing.first
    if first.sid is None:
        return {"sid": None, "name": first.written, "kind": "unknown"}
    return account_result(_account(first.sid, facts))


def _expected(expected: Expected, facts: Facts) -> ExpectedResult:
    every = [_named(facts.of(one), facts) for one in expected.any_of]
    result: ExpectedResult = {"sid": every[0]["sid"], "name": every[0]["name"]}
    if len(every) > 1:
        result["any_of"] = every
    return result


def _named(known: Known, facts: Facts) -> NamedSid:
    if known.sid is None:
        return {"sid": None, "name": known.written}
    return {"sid": known.sid, "name": _account(known.sid, facts).name}


def _waiver(held: Held, facts: Facts) -> WaiverResult:
    until = held.waiver.until
    return {
        "control": held.waiver.control,
        "accounts": [account_result(_account(sid, facts)) for sid in held.sids],
        "unknown_accounts": list(held.unknown),
        "reason": held.waiver.reason,
        "until": until.isoformat() if until is not None else None,
        "state": held.state,
    }
