# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself unless a new logon confirms it: the order of its steps, each proven before the next.

Rehearse, arm, write as always, log on anew, take the roll-back back, read once more: only that last read is the answer.
Speaks only to the Host protocol, and to a clock that tests can turn.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import as_before, compare, holders_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    HalfDoneError,
    MovedError,
    ReadError,
    RefusedError,
    UnreachableError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Applied,
    Change,
    Host,
    Plan,
    RightsQuery,
    RightsReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import (
    Disarmed,
    Identity,
    Rehearsed,
    Rollback,
)

from . import confirm_words as words
from .policy import GOVERNING, Governed

# What became of a confirmation: a result holds it as ``confirm.status``.
Status = words.Status
# After the deadline the host gets this long (seconds) to put the old lines back; three tries to log on fall into it.
GRACE = 60.0
_AFTER = (10.0, 30.0, GRACE)
# Where less is left of the time when the change was written, the time counts anew.
_LEAST_LEFT = 20.0


@dataclass
class Clock:
    """Time as a confirmation sees it: seconds, a way to wait, and the time of day (UTC) for people."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    wall: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.timezone.utc)


@dataclass(frozen=True)
class Confirmed:
    """What became of a change: the last read, the documented ``confirm`` value, and the sentence of a failure."""

    applied: Applied
    result: words.ConfirmResult
    failure: str | None = None


@dataclass
class _UnderWay:
    """One change under way: its plan, its armed roll-back, who may confirm it, and what its write said."""

    plan: Plan
    rehearsed: Rehearsed
    who: Identity
    armed_at: float
    due: datetime.datetime
    applied: Applied | None = None
    trouble: WinmailError | None = None

    def planned(self, reading: RightsReading) -> bool:
        """Whether every right is as planned."""
        held = reading.assignment
        return all(compare(change, held.get(change.right, ())).as_planned for change in self.plan.deltas)

    def before(self, reading: RightsReading) -> bool:
        """Whether every right is as it was."""
        return as_before(self.plan, holders_of(self.plan, reading.assignment))


@dataclass
class Confirmation:
    """Makes one change and has it confirmed by a new logon within ``seconds``; ``warn`` gets sentences."""

    host: Host
    seconds: int
    warn: Callable[[str], None]
    clock: Clock = field(default_factory=Clock)

    def apply(self, plan: Plan, query: RightsQuery) -> Confirmed:
        """Rehearse, arm, write, confirm.

        Raises RefusedError and MovedError before any change; HalfDoneError where the host could not be reached again
        and goes on by itself; what the write raised where nothing of it took.
        """
        who = self._who()
        rehearsed = self._rehearsed(plan)
        armed_at = self._armed(rehearsed)
        change = _UnderWay(plan, rehearsed, who, armed_at, self._due())
        try:
            change.applied = self.host.apply(plan, query)
        except MovedError:
            self._withdrawn(change)
            raise
        except WinmailError as exc:
            change.trouble = exc
        else:
            self._in_time(change)
        return self._ended(change)

    def _who(self) -> Identity:
        """Who is connected, and where: whoever confirms must be the same."""
        caller = self.host.connecting_account()
        if caller is None or not caller.groups:
            raise RefusedError(words.NOT_TOLD)
        return Identity(caller.sid, self.host.computer().name)

    def _rehearsed(self, plan: Plan) -> Rehearsed:
        lines = {change.right: change.before for change in plan.deltas}
        try:
            rehearsed = self.host.rehearse_rollback(Rollback(lines, self.seconds))
        except MovedError:
            raise
        except UnreachableError as exc:
            raise HalfDoneError(words.rehearsal_lost(lines, exc)) from exc
        except WinmailError as exc:
            kind = ApplyError if exc.tells else RefusedError
            raise kind(words.cannot(exc)) from exc
        strangers = rehearsed.named - {sid for sids in lines.values() for sid in sids}
        if strangers:
            self.warn(words.rehearsed_over(rehearsed, sorted(strangers)))
        return rehearsed

    def _armed(self, rehearsed: Rehearsed) -> float:
        """Arm it; the time counts from here, a little before the host begins to count."""
        began = self.clock.now()
        try:
            self.host.arm_rollback(rehearsed)
        except WinmailError as exc:
            lost = isinstance(exc, UnreachableError)
            kind = HalfDoneError if lost else ApplyError
            try:
                if lost:
                    self.host.log_on_anew()
                disarmed = self.host.disarm_rollback(rehearsed)
            except WinmailError:
                raise kind(words.armed_for_nothing(rehearsed, self._due(), exc)) from exc
            if disarmed.ran:
                raise kind(f"{exc} {words.ran_for_nothing(rehearsed, sorted(disarmed.named))}") from exc
            if lost:
                raise
            raise RefusedError(words.cannot(exc)) from exc
        return began

    def _due(self) -> datetime.datetime:
        return self.clock.wall() + datetime.timedelta(seconds=self.seconds)

    def _in_time(self, change: _UnderWay) -> None:
        """Count anew where the write took so long that little or nothing is left: no lock-out without a way back."""
        if self.clock.now() - change.armed_at <= self.seconds - _LEAST_LEFT:
            return
        began, due = self.clock.now(), self._due()
        try:
            self.host.arm_rollback(change.rehearsed)
        except WinmailError:
            return  # the new logon follows at once; what it reads decides
        change.armed_at, change.due = began, due

    def _withdrawn(self, change: _UnderWay) -> None:
        """Take an armed roll-back back because nothing was written; raises HalfDoneError where it stays."""
        try:
            disarmed = self.host.disarm_rollback(change.rehearsed)
        except WinmailError as exc:
            raise HalfDoneError(words.still_armed(change.rehearsed, change.due, exc)) from exc
        for sentence in words.remarks(change.rehearsed, disarmed):
            self.warn(sentence)
        if disarmed.ran:
            self.warn(words.ran_for_nothing(change.rehearsed, sorted(disarmed.named)))

    def _ended(self, change: _UnderWay) -> Confirmed:
        """Log on anew until that works, and close; raises HalfDoneError where it never does."""
        last: WinmailError | None = None
        for moment in moments(self.clock.now() - change.armed_at, self.seconds):
            self.clock.sleep(max(0.0, change.armed_at + moment - self.clock.now()))
            try:
                return self._closed(change)
            except _GiveUpError as exc:
                raise exc.cause from exc
            except WinmailError as exc:
                last = exc
        raise HalfDoneError(words.unreached(change.rehearsed, change.due, last)) from last

    def _closed(self, change: _UnderWay) -> Confirmed:
        """One try: a new logon, the rights, the end of the roll-back, and the read that is the answer."""
        computer = self.host.log_on_anew()
        query = RightsQuery(pin=frozenset(item.right for item in change.plan.deltas))
        now = self.host.read_rights(replace(query, caller=True))
        who = Identity(None if now.caller is None else now.caller.sid, computer)
        if who != change.who:
            raise ReadError(words.stranger(change.who, who))
        if self._incomplete(change) and not (change.planned(now) or change.before(now)):
            self.host.run_rollback(change.rehearsed)
        disarmed = self.host.disarm_rollback(change.rehearsed)
        return self._judged(change, disarmed, self.host.read_rights(query))

    @staticmethod
    def _incomplete(change: _UnderWay) -> bool:
        """Whether the write did not do what was planned: then all of it is undone."""
        return change.applied is None or not change.planned(change.applied.reading)

    def _judged(self, change: _UnderWay, disarmed: Disarmed, reading: RightsReading) -> Confirmed:
        for sentence in words.remarks(change.rehearsed, disarmed):
            self.warn(sentence)
        written = change.applied
        said = (words.LOST,) if written is None else written.said
        applied = Applied(
            reading,
            (*said, *disarmed.said),
            frozenset() if written is None else written.named,
            "" if written is None else written.witness,
        )
        if change.planned(reading):
            if disarmed.ran:
                self.warn(words.ran_all_the_same(change.rehearsed))
            return Confirmed(applied, self._result(change, "confirmed"))
        if change.before(reading) and not disarmed.ran and change.trouble is not None:
            raise _GiveUpError(change.trouble)
        if change.before(reading) or disarmed.ran:
            return self._undone(change, disarmed, applied)
        overtaken = words.overtaken([item.right for item in change.plan.deltas if not _as_planned(item, reading)])
        return Confirmed(applied, self._result(change, "overtaken", overtaken), overtaken)

    def _undone(self, change: _UnderWay, disarmed: Disarmed, applied: Applied) -> Confirmed:
        back = {item.right: set(item.before) for item in change.plan.deltas}
        held = holders_of(change.plan, applied.reading.assignment)
        others = [right for right, sids in held.items() if set(sids) != back[right]]
        meant = {sid for item in change.plan.deltas for sid in (*item.before, *item.after)}
        failure = words.undone(
            list(back),
            others,
            sorted(disarmed.named - meant),
            trouble=change.trouble or (words.INCOMPLETE if self._incomplete(change) else None),
        )
        undone = tuple(right for right in back if right not in others)
        return Confirmed(applied, self._result(change, "reverted", failure, undone), failure)

    def _result(
        self, change: _UnderWay, status: Status, reason: str | None = None, undone: tuple[str, ...] = ()
    ) -> words.ConfirmResult:
        return words.result(
            status,
            self.seconds,
            way=change.rehearsed.way,
            task=change.rehearsed.task,
            took=round(self.clock.now() - change.armed_at, 1),
            reason=reason,
            undone=undone,
        )


class _GiveUpError(Exception):
    """The write failed and nothing of it took, as was read back: its own error is the answer."""

    def __init__(self, cause: WinmailError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _as_planned(change: Change, reading: RightsReading) -> bool:
    return compare(change, reading.assignment.get(change.right, ())).as_planned


def refuse_governed(rights: Mapping[str, Governed]) -> None:
    """Raise RefusedError where a policy sets one of the rights that change: what it re-applies nobody confirms."""
    governed = [right for right, policy in rights.items() if policy.status in GOVERNING]
    if governed:
        raise RefusedError(words.governed(governed))


def moments(passed: float, seconds: float) -> Iterator[float]:
    """When to try, in seconds since the arming: now, then less and less often, and three times after the deadline.

    Some ten tries, whatever the time: a failed logon may be counted against the account.
    """
    yield passed
    pause = 5.0
    moment = passed + pause
    while moment < seconds - pause:
        yield moment
        pause = min(2 * pause, max(30.0, seconds / 8))
        moment += pause
    for after in _AFTER:
        yield max(seconds, passed) + after
