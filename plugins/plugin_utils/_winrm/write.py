# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing user rights: put the template there, prove it, write only if nobody else moved, read back, clean up.

A connection that drops in the middle is made anew and the truth is read from the host.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    BusyError,
    ExchangeError,
    HalfDoneError,
    MovedError,
    ReadError,
    UnreachableError,
    UnsteadyError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Applied
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import template
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import Change, Plan, compare
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import secedit, shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.read import BUSY_SECONDS

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import RightsQuery
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.read import RightsReader
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.transport import Transport

# A chain that lost its connection goes on running on the host for as long as secedit takes.
_CHAIN_SECONDS = 60.0
_POLL_SECONDS = 0.5


class RightsWriter:
    """Applies one plan; every path ends with a read of the host and with our files removed."""

    def __init__(self, transport: Transport, reader: RightsReader) -> None:
        self._transport = transport
        self._reader = reader

    def apply(self, plan: Plan, query: RightsQuery) -> Applied:
        """Write and read back; raises MovedError before any write, ApplyError when Windows did something else."""
        try:
            return self._once(plan, query, compare=True)
        except BusyError:
            self._transport.pause(BUSY_SECONDS)
            steady = True
        except UnsteadyError:
            steady = False
        return self._once(plan, query, compare=steady)

    def _once(self, plan: Plan, query: RightsQuery, *, compare: bool, mend: bool = True) -> Applied:
        files = shell.Files.fresh(shell.utc_now())
        sent = False
        try:
            self._prepare(plan, files)
            chain = secedit.commit_line(files, compare=compare)
            sent = True
            self._transport.changes.asked()
            sections = self._reader.run(chain)
            applied = self._outcome(plan, sections)
        except UnreachableError as exc:
            return self._recover(plan, files, query, sent=sent, cause=exc)
        except ExchangeError:
            self._remove(files)
            raise
        overwritten = self._overwritten(plan, sections, applied)
        return self._mended(overwritten, query) if mend and overwritten.changed else applied

    def _mended(self, overwritten: Plan, query: RightsQuery) -> Applied:
        """Put back what our write took from somebody else; a failure says for whom."""
        try:
            return self._once(overwritten, query, compare=False, mend=False)
        except ExchangeError as exc:
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

    def _holders(self, parsed: template.Template, plan: Plan) -> dict[str, tuple[str, ...]]:
        """The SIDs of the rights that a plan writes, as an export has them."""
        assignment = self._reader.read_back(parsed, _rights(plan)).assignment
        return {
            change.right: tuple(h.sid for h in assignment.get(change.right, ()) if h.sid is not None)
            for change in plan.deltas
        }

    def _unpinned(self, parsed: template.Template, plan: Plan) -> list[str]:
        """Entries of the rights that a plan writes which nobody can put back, as ``right: token``."""
        assignment = self._reader.read_back(parsed, _rights(plan)).assignment
        return [
            f"{change.right}: {holder.token}"
            for change in plan.deltas
            for holder in assignment.get(change.right, ())
            if holder.sid is None and not change.exact
        ]

    def _prepare(self, plan: Plan, files: shell.Files) -> None:
        assignment = {change.right: change.after for change in plan.deltas}
        sections = None
        for chain in secedit.prepare_lines(files, assignment):
            sections = self._reader.run(chain)
        if sections is None:
            raise ApplyError("There was nothing to write.")
        secedit.check_written(sections, assignment)
        if secedit.must_rehearse(assignment):
            self._rehearse(plan, files)
        now = self._reader.read_back(secedit.read_export(sections, "e1"), _rights(plan))
        for change in plan.deltas:
            holders = {holder.sid for holder in now.assignment.get(change.right, ())}
            if holders != set(change.before) or now.unreadable:
                self._remove(files)
                raise MovedError(_moved(change.right))

    def _rehearse(self, plan: Plan, files: shell.Files) -> None:
        """Prove that secedit reads a very long line whole, before it is applied; raises ApplyError."""
        parsed = secedit.read_export(self._reader.run(secedit.rehearse_line(files)), "v")
        understood = self._reader.read_back(parsed, _rights(plan)).assignment
        for change in plan.deltas:
            if {holder.sid for holder in understood.get(change.right, ())} != set(change.after):
                raise ApplyError(
                    f"secedit does not read the {len(change.after)} holders of {change.right} from one line as "
                    "meant, so it was not applied. Give the right to a group instead."
                )

    def _outcome(self, plan: Plan, sections: shell.Sections) -> Applied:
        code = sections.code("configure")
        log = secedit.log_lines(sections.section("log"))
        rights = ", ".join(change.right for change in plan.deltas)
        if code is None:
            seen = self._not_written(plan, sections)
            if all(set(seen[change.right]) == set(change.before) for change in plan.deltas):
                raise UnsteadyError(
                    f"Two exports of the same user rights differ, so nobody can tell whether {rights} moved. "
                    "Run the task again when no other tool is at work on the host."
                )
            raise MovedError(_moved(rights))
        try:
            parsed = secedit.read_export(sections, "r")
        except ReadError as exc:
            # Not as what it was: a busy secedit would be asked to write once more.
            raise ReadError(
                f"secedit /configure ended with exit code {code}, but the rights could not be read back: {exc}"
            ) from exc
        now = self._holders(parsed, plan)
        if code == 1 and all(set(now[change.right]) == set(change.before) for change in plan.deltas):
            self._transport.changes.undone()
            raise BusyError(
                f"secedit /configure ended with exit code 1 and did not change {rights}, as read back. "
                f"Windows said: {' / '.join(log[-6:]) or 'nothing'}. Run the task again later."
            )
        named = secedit.sids_in_log(sections.section("log"))
        return Applied(self._reader.read_back(parsed, _rights(plan)), code, log, named)

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

    def _recover(
        self, plan: Plan, files: shell.Files, query: RightsQuery, *, sent: bool, cause: UnreachableError
    ) -> Applied:
        """After a lost connection: log on again, wait until the host is done, clean up, and read what is true."""
        try:
            self._transport.reconnect()
            ended = self._wait(files) if sent else True
            self._remove(files)
            reading = self._reader.read(query)
        except Exception as exc:
            raise UnreachableError(
                f"{cause} Logging on again failed. {files.stem}.* may be left in %windir%\\Temp; a later run removes "
                "them."
            ) from exc
        outcomes = [compare(change, reading.assignment.get(change.right, ())) for change in plan.deltas]
        if all(outcome.as_planned for outcome in outcomes):
            return Applied(reading, None, ("The connection was lost; the rights were read again after a new logon.",))
        undone = all(
            outcome.missing == outcome.change.added and outcome.staying == outcome.change.removed
            for outcome in outcomes
        )
        again = f"{cause} After a new logon the rights were read again"
        if undone and ended:
            if sent:
                self._transport.changes.undone()
            raise UnreachableError(f"{again}; they are as before. Run the task again.") from cause
        what = "none of the change took" if undone else "only a part of the change took"
        if not ended:
            what = f"{what} so far, but the write was still running on the host"
        raise HalfDoneError(f"{again}: {what}. Run the task again.") from cause

    def _wait(self, files: shell.Files) -> bool:
        """Wait until a chain that lost its connection has ended; False when it had not after a minute.

        It removes its files as its last step. One that has not begun (no ``go`` file) may be spoiled at once: without
        the first export its comparison fails and it writes nothing.
        """
        over = self._transport.deadline(_CHAIN_SECONDS)
        while not over():
            chain = shell.Chain()
            chain.show("busy", f'2>nul dir /b "{files.path("*")}"')
            listing = template.decode(self._reader.run(chain).section("busy") or b"").lower()
            if ".go" not in listing:
                return True
            self._transport.pause(_POLL_SECONDS)
        return False

    def _remove(self, files: shell.Files) -> None:
        with contextlib.suppress(Exception):  # cleaning up never hides the first error
            self._reader.run(secedit.finish(shell.Chain(), files))


def _rights(plan: Plan) -> frozenset[str]:
    return frozenset(change.right for change in plan.deltas)


def _sets(holders: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    return {right: set(held) for right, held in holders.items()}


def _moved(rights: str) -> str:
    return (
        f"Somebody else changed user rights on the host between our read and our write of {rights}. "
        "Run the task again when no other tool is at work on the host."
    )
