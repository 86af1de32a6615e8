# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of one change: read, plan, guard, apply, read back — the same for check mode up to the write.

Speaks only to the Host protocol.
"""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    MovedError,
    RefusedError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Applied,
    Host,
    Plan,
    RightsQuery,
    RightsReading,
)

from . import confirm_words, guard, snapshot
from . import result as report
from .confirm import Clock, Confirmation, Confirmed, refuse_governed
from .conflict import conflicts
from .options import GpoConflict, RightOptions, wanted
from .plan import check_wanted, make_plan, restore_of

_ROUNDS = 3


@dataclass(frozen=True)
class Choices:
    """How careful a task is: what a governing policy does to it, whether a lock-out is meant, whether to write.

    ``confirm`` is within how many seconds a new logon must confirm the change; None: none is asked for.
    """

    gpo_conflict: GpoConflict
    allow_lockout: bool
    check_mode: bool
    confirm: int | None = None


@dataclass(frozen=True)
class _Round:
    """One snapshot of the host and the plan made from it."""

    seen: snapshot.Snapshot
    plan: Plan

    @property
    def reading(self) -> RightsReading:
        """What the plan was made from."""
        return self.seen.reading


class RightsChange:
    """One user_right task on one host; ``warn`` receives sentences that do not stop the task."""

    def __init__(
        self,
        host: Host,
        asked: Sequence[RightOptions],
        choices: Choices,
        warn: Callable[[str], None],
        clock: Clock | None = None,
    ) -> None:
        self._host = host
        self._clock = clock or Clock()
        self._asked = asked
        self._choices = choices
        self._warn = warn
        # Names of the SIDs that the host has one for, as of the last read.
        self._there: Mapping[str, str] = {}
        rights = frozenset(one.right.constant for one in asked)
        names = {name.written: name for one in asked for name in one.names}
        self._query = RightsQuery(
            names=tuple(names.values()),
            pin=rights,
            tidy=not choices.check_mode,
        )

    def run(self) -> tuple[dict[str, t.Any], dict[str, str]]:
        """Do it; the result and the diff. Raises the errors of _errors.py, each before any change but ApplyError."""
        for dummy in range(_ROUNDS - 1):
            with contextlib.suppress(MovedError):
                return self._turn()
        return self._turn()

    def _turn(self) -> tuple[dict[str, t.Any], dict[str, str]]:
        now = self._plan()
        if not now.plan.changed or self._choices.check_mode:
            return self._predicted(now), report.diff(now.plan, now.seen.accounts)
        return self._applied(now), report.diff(now.plan, now.seen.accounts)

    def _applied(self, now: _Round) -> dict[str, t.Any]:
        seconds = self._choices.confirm
        if seconds is None:
            return self._written(now, self._host.apply(now.plan, self._query))
        confirmed = Confirmation(self._host, seconds, self._warn, self._clock).apply(now.plan, self._query)
        return self._confirmed(self._written(now, confirmed.applied), confirmed)

    @staticmethod
    def _confirmed(written: dict[str, t.Any], confirmed: Confirmed) -> dict[str, t.Any]:
        """The result with what became of the confirmation, whose sentence goes before that of the write."""
        if confirmed.failure is not None:
            written.update(failed=True, msg=confirmed.failure)
            if not written["changed"]:
                written["restore"] = []
        return {**written, "confirm": confirmed.result}

    def _plan(self) -> _Round:
        reading = self._host.read_rights(self._query)
        for found in reading.remains:
            self._warn(confirm_words.remains(found))
        asked = wanted(self._asked, reading.resolved)
        check_wanted(asked)
        plan = make_plan(asked, reading.assignment, reading.unreadable, self._host.insists())
        for other in reading.waiting:
            if plan.changed and other.touches([change.right for change in plan.deltas]):
                self._warn(confirm_words.waiting(other))
        if not self._choices.allow_lockout and guard.asks_for_caller(plan):
            reading = replace(reading, caller=self._host.connecting_account())
        scope = snapshot.Scope(
            tuple(change.right for change in plan.changes),
            sids=[sid for change in plan.changes for sid in change.after],
            managed=[change.right for change in plan.deltas],
        )
        seen = snapshot.take(self._host, self._host.computer(), reading, scope, snapshot.Budget())
        self._there = {sid: account.name for sid, account in seen.accounts.items() if account.name is not None}
        now = _Round(seen, plan)
        self._guard(now)
        self._conflicts(now)
        return now

    def _guard(self, now: _Round) -> None:
        if self._choices.allow_lockout:
            return
        risks = guard.risks(now.plan, now.reading.caller, self._host.computer(), self._there)
        if risks:
            raise RefusedError(f"Refused: {guard.refusal(risks)}")

    def _conflicts(self, now: _Round) -> None:
        if self._choices.gpo_conflict == "ignore":
            return
        if self._choices.confirm is not None:
            refuse_governed({change.right: now.seen.policies[change.right] for change in now.plan.deltas})
        found = conflicts(now.plan.deltas, now.seen.policies, now.seen.accounts)
        if found.doubts and self._choices.gpo_conflict == "fail":
            raise RefusedError(
                f"Refused: {' '.join(found.doubts)} With gpo_conflict: warn the change is made all the same."
            )
        for sentence in (*found.doubts, *found.advice):
            self._warn(sentence)

    def _predicted(self, now: _Round) -> dict[str, t.Any]:
        rights = [
            report.right_result(
                change,
                change.after,
                now.seen.accounts,
                now.seen.policies[change.right],
                verified=not change.changes and _known(now, change.right),
            )
            for change in now.plan.changes
        ]
        result = {"changed": now.plan.changed, "rights": rights, "restore": restore_of(now.plan)}
        seconds = self._choices.confirm
        if seconds is not None:
            status: confirm_words.Status = "planned" if now.plan.changed else "not_needed"
            result["confirm"] = confirm_words.result(status, seconds)
        return result

    def _bystanders(self, now: _Round, applied: Applied) -> None:
        """Warn of SIDs that only a witness of the write saw: somebody whose grant came between read and write."""
        planned = {sid for change in now.plan.deltas for sid in (*change.before, *change.after)}
        held = {h.sid for change in now.plan.deltas for h in applied.reading.assignment.get(change.right, ())}
        others = sorted(applied.named - planned - held)
        if others:
            rights = ", ".join(report.titled(change.right) for change in now.plan.deltas)
            self._warn(
                f"{applied.witness} also names {', '.join(others)}, which this task did not mean. Another tool may "
                f"have given it {rights} at the same moment, and the write took it away again: check, and give it back."
            )

    def _named(self, sids: Collection[str]) -> Mapping[str, Account]:
        """The accounts that only the read-back shows; not being told a name never hides a change that was made."""
        if not sids:
            return {}
        try:
            return self._host.accounts(sorted(sids))
        except WinmailError:
            return {sid: Account(sid, None, "unknown") for sid in sids}

    def _written(self, now: _Round, applied: Applied) -> dict[str, t.Any]:
        outcomes = report.verdicts(now.plan, applied)
        held = applied.reading.assignment
        after = {
            change.right: report.read_back(change, held.get(change.right, ())) if change.changes else change.after
            for change in now.plan.changes
        }
        others = {sid for sids in after.values() for sid in sids if sid not in now.seen.accounts}
        accounts = {**now.seen.accounts, **self._named(others)}
        rights = [
            report.right_result(
                change,
                after[change.right],
                accounts,
                now.seen.policies[change.right],
                verified=outcomes[change.right].as_planned if change.changes else _known(now, change.right),
            )
            for change in now.plan.changes
        ]
        moved = any(set(after[change.right]) != set(change.before) for change in now.plan.changes)
        result: dict[str, t.Any] = {"changed": moved, "rights": rights, "restore": restore_of(now.plan)}
        sentence = report.failure(outcomes.values(), applied, accounts)
        if sentence is not None:
            result.update(failed=True, msg=sentence)
        self._bystanders(now, applied)
        for outcome in outcomes.values():
            if outcome.extra and outcome.as_planned:
                extra = ", ".join(report.shown(accounts[sid]) for sid in outcome.extra)
                self._warn(
                    f"{report.titled(outcome.change.right)} is now also held by {extra}, which this task did not ask."
                )
        return result


def _known(now: _Round, right: str) -> bool:
    """Whether every holder of a right has a SID; one of whom only a name is known is missing from its list."""
    return all(holder.sid is not None for holder in now.seen.holders(right))
