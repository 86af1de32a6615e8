# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing user rights: put the template there, prove it, write only if nobody else moved, read back, clean up.

A connection that drops in the middle is made anew; the answer of the write waits on the host (recover.py).
"""

from __future__ import annotations

import contextlib
import enum
import typing as t
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils import _deltas
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
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Applied, Plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer

from . import at_once, inf, secedit
from .recover import Recovery
from .rights_read import BUSY_SECONDS

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import RightsQuery, RightsReading
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim

    from .rights_read import RightsReader
    from .session import Session


class Way(enum.Enum):
    """How a plan is written: in one chain; step by step with all exports compared; or without comparing their bytes."""

    AT_ONCE = "at once"
    COMPARED = "compared"
    UNCOMPARED = "uncompared"


@dataclass(frozen=True)
class _Write:
    """One plan on its way to the host, with the template that makes it true."""

    plan: Plan
    query: RightsQuery
    meant: inf.Rendered

    @staticmethod
    def of(plan: Plan, query: RightsQuery) -> _Write:
        return _Write(plan, query, inf.render({change.right: change.after for change in plan.deltas}))

    @property
    def listed(self) -> str:
        """The rights that are written, for a message."""
        return ", ".join(self.meant.rights)


class _Exports:
    """What the exports of one chain show: each is read once and turned into holders once, when it is asked for."""

    def __init__(self, sections: shell.Sections, reader: RightsReader, write: _Write) -> None:
        self.sections = sections
        self._reader = reader
        self._write = write
        self._templates: dict[str, inf.Template] = {}
        self._readings: dict[str, RightsReading] = {}

    def template(self, suffix: str) -> inf.Template:
        """The export shown under ``suffix``; raises ReadError where it is not whole."""
        if suffix not in self._templates:
            self._templates[suffix] = secedit.read_export(self.sections, suffix)
        return self._templates[suffix]

    def reading(self, suffix: str) -> RightsReading:
        """The same as holders."""
        if suffix not in self._readings:
            rights = frozenset(self._write.meant.rights)
            self._readings[suffix] = self._reader.read_back(self.template(suffix), rights)
        return self._readings[suffix]

    def holders(self, suffix: str) -> dict[str, tuple[str, ...]]:
        """The SIDs of the rights that are written."""
        return _deltas.holders_of(self._write.plan, self.reading(suffix).assignment)


class RightsWriter:
    """Applies one plan; every path ends with a read of the host and with our files removed."""

    def __init__(self, session: Session, reader: RightsReader, cim: Cim) -> None:
        self._session = session
        self._transport = session.transport
        self._reader = reader
        self._recovery = Recovery(session, reader, cim)

    def apply(self, plan: Plan, query: RightsQuery) -> Applied:
        """Write and read back; raises MovedError before any write, ApplyError when Windows did something else."""
        write = _Write.of(plan, query)
        try:
            return self._patiently(write, Way.AT_ONCE)
        except UnsteadyError:
            pass  # the host could not prove in one chain that nobody moved; step by step it is seen who did
        try:
            return self._patiently(write, Way.COMPARED)
        except UnsteadyError:
            return self._once(write, Way.UNCOMPARED)

    def _patiently(self, write: _Write, way: Way) -> Applied:
        try:
            return self._once(write, way)
        except BusyError:
            self._transport.pause(BUSY_SECONDS)
            return self._once(write, way)

    def _once(self, write: _Write, way: Way, *, repair: bool = True) -> Applied:
        files = shell.Files.fresh(shell.utc_now())
        chain = self._at_once(write, files) if way is Way.AT_ONCE else None
        first: inf.Template | None = None
        answer: Answer | None = None
        try:
            if chain is None:
                first = self._prepare(write, files)
                chain = secedit.commit_line(files, compare=way is Way.COMPARED)
            answer = Answer(chain, shell.Files.fresh(shell.utc_now()), kept=True)
            self._transport.changes.asked()
            exports = _Exports(self._recovery.ask(answer, files), self._reader, write)
            applied = self._outcome(write, exports, first)
        except UnreachableError as exc:
            return self._recovery.read_again(write.plan, write.query, files, answer, exc)
        except WinmailError:
            self._session.remove(files, *([answer.files] if answer is not None else []))
            raise
        self._recovery.forget(answer, exports.sections)
        overwritten = self._overwritten(write, exports)
        return self._repaired(overwritten, write.query) if repair and overwritten.changed else applied

    def _at_once(self, write: _Write, files: shell.Files) -> shell.Chain:
        chain = at_once.chain_for(files, write.meant, self._reader.seen)
        if chain is None:
            raise UnsteadyError("The change does not fit in one command line.")
        return chain

    def _repaired(self, overwritten: Plan, query: RightsQuery) -> Applied:
        """Put back what our write took from somebody else; a failure says for whom."""
        try:
            applied = self._once(_Write.of(overwritten, query), Way.UNCOMPARED, repair=False)
            held = applied.reading.assignment
            outcomes = [_deltas.compare(change, held.get(change.right, ())) for change in overwritten.deltas]
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

    @staticmethod
    def _overwritten(write: _Write, exports: _Exports) -> Plan:
        """What somebody else had changed before our write although the comparison saw nothing: to be put back.

        The comparison relies on ``fc`` and may be off; the export it compared is shown as well, so that no holder is
        lost on a host where bytes or exit codes say nothing.
        """
        try:
            then = exports.reading("e2").assignment
        except ReadError as exc:
            raise ApplyError(
                "The rights were written and read back as planned, but what they were right before could not be read: "
                f"{exc} Whether somebody else had changed them at the same moment is unknown."
            ) from exc
        doubtful = _deltas.unpinned(write.plan, then)
        if doubtful:
            raise ApplyError(
                "The rights were written as planned, but somebody else had changed them at the same moment, and "
                f"entries that could not be pinned to a SID lost theirs: {'; '.join(doubtful)}. Put them back by hand."
            )
        return _deltas.overwritten(write.plan, then, exports.reading("r").assignment)

    def _prepare(self, write: _Write, files: shell.Files) -> inf.Template:
        sections = None
        for chain in secedit.prepare_lines(files, write.meant):
            sections = self._session.run(chain)
        if sections is None:
            raise ApplyError("There was nothing to write.")
        secedit.check_written(sections, write.meant)
        if secedit.must_rehearse(write.meant):
            self._rehearse(write, files)
        exports = _Exports(sections, self._reader, write)
        now = exports.reading("e1")
        for change in write.plan.deltas:
            holders = {holder.sid for holder in now.assignment.get(change.right, ())}
            if holders != set(change.before) or now.unreadable:
                raise MovedError(_moved(change.right))
        return exports.template("e1")

    def _rehearse(self, write: _Write, files: shell.Files) -> None:
        """Prove that secedit reads a very long line whole, before it is applied; raises ApplyError."""
        rehearsed = _Exports(self._session.run(secedit.rehearse_line(files)), self._reader, write)
        understood = rehearsed.reading("v").assignment
        for change in write.plan.deltas:
            if {holder.sid for holder in understood.get(change.right, ())} != set(change.after):
                raise ApplyError(
                    f"secedit does not read the {len(change.after)} holders of {change.right} from one line as "
                    "meant, so it was not applied. Give the right to a group instead."
                )

    def _outcome(self, write: _Write, exports: _Exports, first: inf.Template | None) -> Applied:
        code = exports.sections.code("configure")
        log = secedit.log_lines(exports.sections.section("log"))
        if code is None:
            raise self._why_not_written(write, exports, first)
        try:
            exports.template("r")
        except ReadError as exc:
            # Not as what it was: a busy secedit would be asked to write once more.
            raise ReadError(
                f"secedit /configure ended with exit code {code}, but the rights could not be read back: {exc}"
            ) from exc
        if code == 1 and _deltas.as_before(write.plan, exports.holders("r")):
            self._transport.changes.undone()
            raise BusyError(
                f"secedit /configure ended with exit code 1 and did not change {write.listed}, as read back. "
                f"Windows said: {' / '.join(log[-6:]) or 'nothing'}. Run the task again later."
            )
        named = secedit.sids_in_log(exports.sections.section("log"))
        return Applied(exports.reading("r"), secedit.said(code, log), named, secedit.LOG)

    def _why_not_written(self, write: _Write, exports: _Exports, first: inf.Template | None) -> WinmailError:
        """Why the chain stopped before its write: the template, somebody who moved, or a host that cannot tell."""
        if not _deltas.as_before(write.plan, self._not_written(write, exports)):
            return MovedError(_moved(write.listed))
        if first is None:
            if not at_once.check_written(exports.sections, write.meant):
                return secedit.not_written()
            return UnsteadyError(f"The host could not prove in one command line that {write.listed} did not move.")
        if _sets(first.by_constant) != _sets(exports.template("e2").by_constant):
            return MovedError(_moved("other rights, while it wrote"))
        return UnsteadyError(
            f"Two exports of the same user rights differ, so nobody can tell whether {write.listed} moved. "
            "Run the task again when no other tool is at work on the host."
        )

    def _not_written(self, write: _Write, exports: _Exports) -> dict[str, tuple[str, ...]]:
        """The holders that the chain saw when it stopped before its write.

        It did stop where it told the codes of the steps before and after, unless what it read at its end is other.
        """
        seen = now = None
        try:
            seen = exports.holders("e2")
        finally:
            with contextlib.suppress(ReadError):
                now = exports.holders("r")
            then = {change.right: change.before for change in write.plan.deltas} if seen is None else seen
            told = exports.sections.code("e2") is not None and exports.sections.code("r") is not None
            if told and (now is None or _sets(now) == _sets(then)):
                self._transport.changes.undone()
        return seen


def _sets(holders: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    return {right: set(held) for right, held in holders.items()}


def _moved(rights: str) -> str:
    return (
        f"Somebody else changed user rights on the host between our read and our write of {rights}. "
        "Run the task again when no other tool is at work on the host."
    )
