# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What user_right tells: result, diff and sentences, all from one plan and one read-back."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import Comparison, compare
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Applied,
    Change,
    Computer,
    Holder,
    Plan,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import display_name
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.well_known import AccountKind

from .policy import Governed, GovernedResult


def shown(account: Account) -> str:
    r"""``CORP\exsvc (S-1-5-21-1-2-3-1107)``, or the SID alone where Windows has no name for it."""
    return f"{account.name} ({account.sid})" if account.name else account.sid


def titled(constant: str) -> str:
    """``Act as part of the operating system (SeTcbPrivilege)``."""
    return f"{display_name(constant)} ({constant})"


class AccountResult(t.TypedDict):
    """The documented form of an account; one that has no SID here keeps the name that it was written with."""

    sid: str | None
    name: str | None
    kind: AccountKind


class ComputerResult(t.TypedDict):
    """The documented form of the host that was read."""

    name: str
    domain: str
    part_of_domain: bool
    domain_controller: bool


class RightResult(t.TypedDict):
    """One entry of ``rights`` in a result of user_right."""

    name: str
    display_name: str
    before: list[AccountResult]
    after: list[AccountResult]
    added: list[str]
    removed: list[str]
    adjusted_by_windows: list[str]
    governed: GovernedResult
    verified: bool


def account_result(account: Account) -> AccountResult:
    """The documented form of an account in a result."""
    return {"sid": account.sid, "name": account.name, "kind": account.kind}


def computer_result(computer: Computer) -> ComputerResult:
    """The documented form of the host in a result."""
    return {
        "name": computer.name,
        "domain": computer.domain,
        "part_of_domain": computer.part_of_domain,
        "domain_controller": computer.domain_controller,
    }


def right_result(
    change: Change,
    after: Sequence[str],
    accounts: Mapping[str, Account],
    policy: Governed,
    *,
    verified: bool,
) -> RightResult:
    """One entry of ``rights``; ``after`` is what was read back, or what the plan predicts."""
    return {
        "name": change.right,
        "display_name": display_name(change.right),
        "before": [account_result(accounts[sid]) for sid in change.before],
        "after": [account_result(accounts[sid]) for sid in after],
        "added": [sid for sid in after if sid not in change.before],
        "removed": [sid for sid in change.before if sid not in after],
        "adjusted_by_windows": list(change.adjusted),
        "governed": policy.as_result(),
        "verified": verified,
    }


def diff(plan: Plan, accounts: Mapping[str, Account]) -> dict[str, str]:
    """Before and after of the rights that change, as YAML with names and SIDs."""

    def text(side: str) -> str:
        listed = {
            titled(change.right): sorted(shown(accounts[sid]) for sid in getattr(change, side))
            for change in plan.deltas
        }
        return str(yaml.safe_dump(listed, allow_unicode=True, sort_keys=False, width=1000)) if listed else ""

    return {
        "before_header": "user rights on the host",
        "after_header": "user rights as planned",
        "before": text("before"),
        "after": text("after"),
    }


def read_back(change: Change, holders: Sequence[Holder]) -> tuple[str, ...]:
    """The SIDs that hold a right now: in the plan's order, as check mode tells them, then others in the export's."""
    held = dict.fromkeys(holder.sid for holder in holders if holder.sid is not None)
    others = (sid for sid in held if sid not in change.after)
    return (*(sid for sid in change.after if sid in held), *others)


def failure(outcomes: Iterable[Comparison], applied: Applied, accounts: Mapping[str, Account]) -> str | None:
    """The sentence for a write that Windows did not carry out as planned, or None when it did."""
    clauses = []
    for outcome in outcomes:
        if outcome.as_planned:
            continue
        parts = [
            f"{words} {', '.join(shown(accounts[sid]) for sid in found)}"
            for words, found in (
                ("it was not given to", outcome.missing),
                ("it was not taken from", outcome.staying),
                ("it was lost by", outcome.lost),
                ("it is also held by", outcome.extra if outcome.change.exact else ()),
            )
            if found
        ]
        if outcome.unpinned:
            parts.append("it is also held by entries that could not be pinned to a SID: " + ", ".join(outcome.unpinned))
        clauses.append(f"{titled(outcome.change.right)}: {', '.join(parts)}")
    if not clauses:
        return None
    return (
        f"Windows did not carry out the whole change. Read back: {'; '.join(clauses)}. "
        f"{'; '.join(applied.said)}. "
        "Every other right of this task is as planned; restore in this result undoes what was done."
    )


def verdicts(plan: Plan, applied: Applied) -> dict[str, Comparison]:
    """What the read-back shows of every changed right."""
    return {change.right: compare(change, applied.reading.assignment.get(change.right, ())) for change in plan.deltas}
