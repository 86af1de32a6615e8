# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing user rights: put the template there, prove it, write only if nobody else moved, read back, clean up.

A connection that drops in the middle is made anew; the answer of the write waits on the host (recover.py).

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import contextlib
import enum
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import compare
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    BusyError,
    HalfDoneError,
    MovedError,
    ReadError,
    UnreachableError,
    UnsteadyError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Applied, Change, Plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import at_once, secedit
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.recover import Recovery
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.rights_read import BUSY_SECONDS
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import RightsQuery
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.rights_read import RightsReader
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.session import Session
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim


class Way(enum.Enum):
    """How a plan is written: in one chain; step by step with all exports compared; or without comparing their bytes."""

    AT_ONCE = "at once"
    COMPARED = "compared"
    UNCOMPARED = "uncompared"


class RightsWriter:
    """Applies one plan; every path ends with a read of the host and with our files removed."""

    def __init__(self, session: Session, reader: RightsReader, cim: Cim) -> None:
        self._session = session
        self._transport = session.transport
        self._reader = reader
        self._recovery = Recovery(session, reader, cim)

    def apply(self, plan: Plan, query: RightsQuery) -> Applied:
        """Write and read back; raises MovedError before any write, ApplyError when Windows did something else."""
        try:
            return self._patiently(plan, query, Way.AT_ONCE)
        except UnsteadyError:
            pass  # the host could not prove in one chain that nobody moved; step by step it is seen who did
        try:
            return self._patiently(plan, query, Way.COMPARED)
        except UnsteadyError:
            return self._once(plan, query, Way.UNCOMPARED)

    def _patiently(self, plan: Plan, query: RightsQuery, way: Way) -> Applied:
        try:
            return self._once(plan, query, way)
        except BusyError:
            self._transport.pause(BUSY_SECONDS)
            return self._once(plan, query, way)

    def _once(self, plan: Plan, query: RightsQuery, way: Way, *, repair: bool = True) -> Applied:
        files = shell.Files.fresh(shell.utc_now())
        chain = self._at_once(plan, files) if way is Way.AT_ONCE else None
        first: inf.Template | None = None
        answer: Answer | None = None
        try:
            if chain is None:
                first = self._prepare(plan, files)
                chain = secedit.commit_line(files, compare=way is Way.COMPARED)
            answer = Answer(chain, shell.Files.fresh(shell.utc_now()), kept=True)
            self._transport.changes.asked()
            sections = self._recovery.ask(answer, files)
            applied = self._outcome(plan, sections, first)
        except UnreachableError as exc:
            return self._recovery.read_again(plan, query, files, answer, exc)
        except WinmailError:
            self._session.remove(files, *([answer.files] if answer is not None else []))
            raise
        self._recovery.forget(answer, sections)
        overwritten = self._overwritten(plan, sections, applied)
        return self._repaired(overwritten, query) if repair and overwritten.changed else applied

    def _at_once(self, plan: Plan, files: shell.Files) -> shell.Chain:
        assignment = {change.right: change.after for change in plan.deltas}
        chain = at_once.chain_for(files, assignment, self._reader.seen)
        if chain is None:
            raise UnsteadyError("The change does not fit in one command line.")
        return chain

    def _repaired(self, overwritten: Plan, query: RightsQuery) -> Applied:
        """Put back what our write took from somebody else; a failure says for whom."""
        try:
            applied = self._once(overwritten, query, Way.UNCOMPARED, repair=False)
            held = applied.reading.assignment
            outcomes = [compare(change, held.get(change.right, ())) for change in overwritten.deltas]
            if not all(outcome.as_planned for outcome in outcomes):
                raise ApplyError(f"{applied.said[0]} and did not put it back.")
        except WinmailError as exc:
            lost = "; ".join(
                f"{change.right}: give it to {', '.join(change.added) or 'nobody'}, "
                f"take it from {', '.join(change.removed) or 'nobody'}"
                for change in overwritten.deltas
            )
            kind = HalfDoneError if isinstance(exc, UnreachableError) else ApplyError
            raise kind(
                "The rights were written as planned, but somebody else had changed them at the same moment, and that "
                f"could not be put back. Do it by hand: {lost}. The reason: {exc}"
            ) from exc
        return applied

    def _overwritten(self, plan: Plan, sections: shell.Sections, applied: Applied) -> Plan:
        """What somebody else had changed before our write although the comparison saw nothing: to be put back.

        The comparison relies on ``fc`` and may be off; the export it compared is shown as well, so that no holder is
        lost on a host where bytes or exit codes say nothing.
        """
        try:
            parsed = secedit.read_export(sections, "e2")
            seen, doubtful = self._holders(parsed, plan), self._unpinned(parsed, plan)
        except ReadError as exc:
            raise ApplyError(
                "The rights were written and read back as planned, but what they were right before could not be read: "
                f"{exc} Whether somebody else had changed them at the same moment is unknown."
            ) from exc
        if doubtful:
            raise ApplyError(
                "The rights were written as planned, but somebody else had changed them at the same moment, and "
                f"entries that could not be pinned to a SID lost theirs: {'; '.join(doubtful)}. Put them back by hand."
            )
        changes = []
        for change in plan.deltas:
            now = tuple(h.sid for h in applied.reading.assignment.get(change.right, ()) if h.sid is not None)
            then = seen[change.right]
            given = tuple(sid for sid in then if sid not in (*change.before, *now) and not change.exact)
            taken = {sid for sid in change.before if sid in change.after and sid not in then}
            changes.append(Change(change.right, now, (*(sid for sid in now if sid not in taken), *given)))
        return Plan(tuple(changes))

    def _holders(self, parsed: inf.Template, plan: Plan) -> dict[str, tuple[str, ...]]:
        """The SIDs of the rights that a plan writes, as an export has them."""
        assignment = self._reader.read_back(parsed, _rights(plan)).assignment
        return {
            change.right: tuple(h.sid for h in assignment.get(change.right, ()) if h.sid is not None)
            for change in plan.deltas
        }

    def _unpinned(self, parsed: inf.Template, plan: Plan) -> list[str]:
        """Entries of the rights that a plan writes which nobody can put back, as ``right: token``."""
        assignment = self._reader.read_back(parsed, _rights(plan)).assignment
        return [
            f"{change.right}: {holder.token}"
            for change in plan.deltas
            for holder in assignment.get(change.right, ())
            if holder.sid is None and not change.exact
        ]

    def _prepare(self, plan: Plan, files: shell.Files) -> inf.Template:
        assignment = {change.right: change.after for change in plan.deltas}
        sections = None
        for chain in secedit.prepare_lines(files, assignment):
            sections = self._session.run(chain)
        if sections is None:
            raise ApplyError("There was nothing to write.")
        secedit.check_written(sections, assignment)
        if secedit.must_rehearse(assignment):
            self._rehearse(plan, files)
        first = secedit.read_export(sections, "e1")
        now = self._reader.read_back(first, _rights(plan))
        for change in plan.deltas:
            holders = {holder.sid for holder in now.assignment.get(change.right, ())}
            if holders != set(change.before) or now.unreadable:
                raise MovedError(_moved(change.right))
        return first

    def _rehearse(self, plan: Plan, files: shell.Files) -> None:
        """Prove that secedit reads a very long line whole, before it is applied; raises ApplyError."""
        parsed = secedit.read_export(self._session.run(secedit.rehearse_line(files)), "v")
        understood = self._reader.read_back(parsed, _rights(plan)).assignment
        for change in plan.deltas:
            if {holder.sid for holder in understood.get(change.right, ())} != set(change.after):
                raise ApplyError(
                    f"secedit does not read the {len(change.after)} holders of {change.right} from one line as "
                    "meant, so it was not applied. Give the right to a group instead."
                )

    def _outcome(self, plan: Plan, sections: shell.Sections, first: inf.Template | None) -> Applied:
        code = sections.code("configure")
        log = secedit.log_lines(sections.section("log"))
        if code is None:
            raise self._why_not_written(plan, sections, first)
        try:
            parsed = secedit.read_export(sections, "r")
        except ReadError as exc:
            # Not as what it was: a busy secedit would be asked to write once more.
            raise ReadError(
                f"secedit /configure ended with exit code {code}, but the rights could not be read back: {exc}"
            ) from exc
        now = self._holders(parsed, plan)
        if code == 1 and all(set(now[change.right]) == set(change.before) for change in plan.deltas):
            rights = ", ".join(change.right for change in plan.deltas)
            self._transport.changes.undone()
            raise BusyError(
                f"secedit /configure ended with exit code 1 and did not change {rights}, as read back. "
                f"Windows said: {' / '.join(log[-6:]) or 'nothing'}. Run the task again later."
            )
        named = secedit.sids_in_log(sections.section("log"))
        return Applied(self._reader.read_back(parsed, _rights(plan)), secedit.said(code, log), named, secedit.LOG)

    def _why_not_written(self, plan: Plan, sections: shell.Sections, first: inf.Template | None) -> WinmailError:
        """Why the chain stopped before its write: the template, somebody who moved, or a host that cannot tell."""
        seen = self._not_written(plan, sections)
        rights = ", ".join(change.right for change in plan.deltas)
        if any(set(seen[change.right]) != set(change.before) for change in plan.deltas):
            return MovedError(_moved(rights))
        if first is None:
            assignment = {change.right: change.after for change in plan.deltas}
            if not at_once.check_written(sections, assignment):
                return secedit.not_written()
            return UnsteadyError(f"The host could not prove in one command line that {rights} did not move.")
        if _sets(first.by_constant) != _sets(secedit.read_export(sections, "e2").by_constant):
            return MovedError(_moved("other rights, while it wrote"))
        return UnsteadyError(
            f"Two exports of the same user rights differ, so nobody can tell whether {rights} moved. "
            "Run the task again when no other tool is at work on the host."
        )

    def _not_written(self, plan: Plan, sections: shell.Sections) -> dict[str, tuple[str, ...]]:
        """The holders that the chain saw when it stopped before its write.

        It did stop where it told the codes of the steps before and after, unless what it read at its end is other.
        """
        seen = now = None
        try:
            seen = self._holders(secedit.read_export(sections, "e2"), plan)
        finally:
            with contextlib.suppress(ReadError):
                now = self._holders(secedit.read_export(sections, "r"), plan)
            then = {change.right: change.before for change in plan.deltas} if seen is None else seen
            told = sections.code("e2") is not None and sections.code("r") is not None
            if told and (now is None or _sets(now) == _sets(then)):
                self._transport.changes.undone()
        return seen


def _rights(plan: Plan) -> frozenset[str]:
    return frozenset(change.right for change in plan.deltas)


def _sets(holders: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    return {right: set(held) for right, held in holders.items()}


def _moved(rights: str) -> str:
    return (
        f"Somebody else changed user rights on the host between our read and our write of {rights}. "
        "Run the task again when no other tool is at work on the host."
    )
