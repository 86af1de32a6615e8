# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""The roll-back of user rights on a host: its files in ``%windir%\security``, its rehearsal, its task, its end.

The template of the old lines is what the task needs, so removing it disarms as well: a run that has not begun finds
nothing to write.
"""

from __future__ import annotations

import datetime
import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    MovedError,
    ReadError,
    UnreachableError,
    WindowsError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import (
    Disarmed,
    Rehearsed,
    Rollback,
    rehearsal_name,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_text

from . import inf, secedit, task_xml
from .rollback_files import AGAIN, TEMPLATE, WRITTEN, begun
from .services import moment

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim

    from .rights_read import RightsReader
    from .session import Session
    from .task_state import Task
    from .tasks import Store, Tasks

# secedit takes a second or two; a task may wait for its turn.
_RUN_SECONDS = 60.0
# ExecutionTimeLimit of the task, and a little.
_LONGEST_RUN = 320.0
_POLL_SECONDS = 1.0
# Exit code 3 is "done with warnings"; what was done is read.
_DONE = (0, 3)
# Written into the task as it stands, without quotation marks.
_WINDIR = re.compile(r"\A[A-Za-z]:(?:\\[A-Za-z0-9._$-]{1,60}){1,4}\Z", re.ASCII)


class RollbackHost:
    """Implements the part of Rollbacks that lies on the host, over one session."""

    def __init__(self, session: Session, reader: RightsReader, cim: Cim, tasks: Tasks) -> None:
        self._session = session
        self._transport = session.transport
        self._reader = reader
        self._cim = cim
        self._tasks = tasks
        # Stems of which the task was deleted by us, of those armed, and of those whose run was seen.
        self._deleted: set[str] = set()
        self._armed: set[str] = set()
        self._ran: set[str] = set()
        # The host's own clock at the last rehearsal: the task ends a week after it.
        self._clock = shell.utc_now()

    def rehearse(self, rollback: Rollback) -> Rehearsed:
        """See Rollbacks."""
        self._clock, windir = self._system()
        files = shell.Files.fresh(shell.utc_now(), shell.SECURITY)
        self._transport.changes.asked()
        try:
            self._write(rollback, files)
            # Behind the files: whoever finds them looks for the task as well.
            store = self._tasks.register(rehearsal_name(files.stem), files.stem, task_xml.rehearsal(files.stem, windir))
            self._start(store, rehearsal_name(files.stem))
            ended = self._ended(store, rehearsal_name(files.stem), _RUN_SECONDS)
            named = self._proven(rollback, files, ended)
            self._gone(store, rehearsal_name(files.stem))
        except UnreachableError:
            raise
        except WinmailError as exc:
            stays = self._withdraw(files)
            if stays:
                raise ApplyError(
                    f"{exc} The rights are as they were, but this could not be removed: {', '.join(stays)}. It does "
                    "nothing by itself; remove it by hand."
                ) from exc
            raise
        self._transport.changes.undone()
        return Rehearsed(rollback, files.stem, windir, store.way, named, "The log of the rehearsal")

    def arm(self, rehearsed: Rehearsed) -> None:
        """See Rollbacks."""
        store = self._tasks.of(rehearsed.way)
        if rehearsed.stem not in self._armed:
            self._transport.changes.asked()
            self._armed.add(rehearsed.stem)
        lines = task_xml.armed(rehearsed.rollback, rehearsed.stem, rehearsed.windir, self._clock)
        store.register(rehearsed.task, rehearsed.stem, lines)
        task = store.state(rehearsed.task)
        if task is None or not task.ready:
            told = "it is not there" if task is None else f"its state is {task.state}"
            raise WindowsError(f"The task {rehearsed.task!r} was made, but {told}.")

    def run(self, rehearsed: Rehearsed) -> None:
        """See Rollbacks."""
        store = self._tasks.of(rehearsed.way)
        store.start(rehearsed.task)
        self._ended(store, rehearsed.task, _LONGEST_RUN)

    def disarm(self, rehearsed: Rehearsed) -> Disarmed:
        """See Rollbacks."""
        files = shell.Files(rehearsed.stem, shell.SECURITY)
        store = self._tasks.of(rehearsed.way)
        found = self._settled(store, rehearsed.task)
        if found is not None:
            self._deleted.add(files.stem)
            self._gone(store, rehearsed.task)
        ran, log, left = self._cleared(files)
        if found is not None and self._still_writing(files.stem):
            ran, log, left = self._cleared(files, log)
        if ran:
            self._ran.add(files.stem)
        if rehearsed.stem in self._armed and not left:
            self._armed.discard(rehearsed.stem)
            self._transport.changes.undone()
        said = () if not log else (f"its log says: {' / '.join(secedit.log_lines(log)[-6:]) or 'nothing'}",)
        ran = files.stem in self._ran
        return Disarmed(files.stem in self._deleted, ran, secedit.sids_in_log(log), said, left)

    def _system(self) -> tuple[datetime.datetime, str]:
        """The host's clock and the folder of Windows; raises ReadError where one is not told, or cannot be used."""
        rows = self._cim.query("select LocalDateTime,WindowsDirectory from Win32_OperatingSystem")
        now = moment(as_text(rows[0].get("LocalDateTime"))) if rows else None
        windir = (as_text(rows[0].get("WindowsDirectory")) or "") if rows else ""
        if now is None or _WINDIR.match(windir) is None:
            raise ReadError(f"it does not tell its clock and its folder of Windows (it says {windir[:80]!r}).")
        return now, windir

    def _write(self, rollback: Rollback, files: shell.Files) -> None:
        """Put the template there, read it back, and see that the rights are still as the template has them."""
        meant = inf.render(rollback.lines)
        chains = secedit.write_lines(files, meant)
        exports = shell.Files.fresh(shell.utc_now())
        secedit.add_read(chains[-1], exports, "e")
        secedit.finish(chains[-1], exports)
        sections = None
        for chain in chains:
            sections = self._session.run(chain)
        if sections is None or decode(sections.section("t") or b"").encode("utf-8") != meant.data:
            raise ReadError(
                "the old lines could not be written to %windir%\\security as meant (is the disk full or the folder "
                "protected?)."
            )
        if secedit.must_rehearse(meant):
            self._read_whole(rollback, files)
        self._same(rollback, sections, "between our read and the rehearsal")

    def _read_whole(self, rollback: Rollback, files: shell.Files) -> None:
        """Prove in a private database that secedit takes a very long line whole: the rehearsal applies it."""
        chain = secedit.rehearse_line(files)
        for suffix in ("v.inf", "v.sdb", "v.log", "v.jfm"):
            chain.run(files.remove_one(suffix))
        understood = self._reader.read_back(
            secedit.read_export(self._session.run(chain), "v"), frozenset(rollback.lines)
        ).assignment
        for right, sids in rollback.lines.items():
            if {holder.sid for holder in understood.get(right, ())} != set(sids):
                raise ReadError(f"secedit does not read the {len(sids)} holders of {right} from one line as meant.")

    def _proven(self, rollback: Rollback, files: shell.Files, ended: Task | None) -> frozenset[str]:
        """See what the rehearsal did; removes what it wrote. Gives the SIDs that its log names."""
        chain = shell.Chain().show("log", f"if exist {files.quoted('log')} type {files.quoted('log')}")
        chain.show("there", f"2>nul dir /b {files.quoted('*')}")
        for suffix in WRITTEN:
            chain.run(files.remove_one(suffix))
        # From here on a log is one of the roll-back itself, for whoever finds these files later.
        chain.run(f">{files.quoted('armed')} echo.")
        exports = shell.Files.fresh(shell.utc_now())
        secedit.add_read(chain, exports, "e")
        sections = self._session.run(secedit.finish(chain, exports))
        log = sections.section("log") or b""
        result = None if ended is None else ended.result
        if result not in _DONE or not begun(files.stem, sections.section("there")):
            told = "did not end within a minute" if ended is None or ended.running else f"ended with {_code(result)}"
            said = " / ".join(secedit.log_lines(log)[-6:]) or "nothing"
            raise WindowsError(
                f"the rehearsal of the roll-back, a task of the system, {told}. Its log says: {said.rstrip('.')}."
            )
        self._same(rollback, sections, "while the roll-back was rehearsed")
        return secedit.sids_in_log(log)

    def _same(self, rollback: Rollback, sections: shell.Sections, when: str) -> None:
        reading = self._reader.read_back(secedit.read_export(sections, "e"), frozenset(rollback.lines))
        for right, sids in rollback.lines.items():
            if {holder.sid for holder in reading.assignment.get(right, ())} != set(sids):
                raise MovedError(
                    f"Somebody else changed {right} on the host {when}. "
                    "Run the task again when no other tool is at work on the host."
                )

    def _ended(self, store: Store, name: str, seconds: float) -> Task | None:
        """A task that was started, once it has ended, or as it is when that takes too long; None when it is gone."""
        over = self._transport.deadline(seconds)
        while True:
            task = store.result(name)
            if task is None or task.ended or over():
                return task
            self._transport.pause(_POLL_SECONDS)

    def _settled(self, store: Store, name: str) -> Task | None:
        """A task once it does not run; None where it is gone."""
        over = self._transport.deadline(_LONGEST_RUN)
        task = store.state(name)
        while task is not None and task.running and not over():
            self._transport.pause(_POLL_SECONDS)
            task = store.state(name)
        return task

    def _gone(self, store: Store | Tasks, name: str) -> None:
        """Delete a task by whichever way does it, and prove it where it was made; raises WindowsError."""
        try:
            self._tasks.delete(name)
        except WindowsError:
            if store.state(name) is not None:
                raise
        if store.state(name) is not None:
            raise WindowsError(f"The task {name!r} was deleted and is still there.")

    def _cleared(self, files: shell.Files, log: bytes = b"") -> tuple[bool, bytes, tuple[str, ...]]:
        """Remove the files, the template first; whether a run had begun, its log, and what is still there."""
        chain = shell.Chain().run(files.remove_one(TEMPLATE))
        for section, name in (("log", "log"), ("log2", f"{AGAIN}log")):
            chain.show(section, f"if exist {files.quoted(name)} type {files.quoted(name)}")
        chain.show("there", f"2>nul dir /b {files.quoted('*')}").run(files.remove())
        chain.show("still", f"2>nul dir /b {files.quoted('*')}")
        sections = self._session.run(chain)
        ran = begun(files.stem, sections.section("there"))
        still = tuple(decode(sections.section("still") or b"").split())
        shown = (decode(sections.section(section) or b"") for section in ("log", "log2"))
        written = "\r\n".join(text for text in shown if text).encode("utf-8")
        return ran or bool(log), written or log, still

    def _still_writing(self, stem: str) -> bool:
        """Whether a run that had begun when its task was deleted goes on; waits for its end."""
        over = self._transport.deadline(_LONGEST_RUN)
        seen = False
        while self._process(stem):
            seen = True
            if over():
                raise ReadError(
                    "The roll-back is still running after five minutes; nobody can tell what it will write."
                )
            self._transport.pause(_POLL_SECONDS)
        return seen

    def _process(self, stem: str) -> bool:
        try:
            rows = self._cim.query("select CommandLine from Win32_Process where Name='secedit.exe'")
        except (WindowsError, ReadError):
            return False  # the files were looked at as well
        return any(stem.lower() in (as_text(row.get("CommandLine")) or "").lower() for row in rows)

    def _withdraw(self, files: shell.Files) -> tuple[str, ...]:
        """After a rehearsal that failed: no task and no file stays. Gives what could not be removed."""
        name, stays = rehearsal_name(files.stem), []
        try:
            if self._tasks.state(name) is not None:
                self._gone(self._tasks, name)
        except WinmailError:
            stays.append(f"the task {name!r}")
        try:
            stays.extend(self._cleared(files)[2])
        except WinmailError:
            stays.append(f"{files.stem}.* in %windir%\\security")
        if not stays:
            self._transport.changes.undone()
        return tuple(stays)

    def _start(self, store: Store, name: str) -> None:
        try:
            store.start(name)
        except WindowsError as exc:
            if store.state(name) is None:
                raise WindowsError(
                    f"the task {name!r} was gone as soon as it was made; a security product may remove such tasks. "
                    f"When it was started Windows said: {exc.text or exc}"
                ) from exc
            raise


def _code(result: int | None) -> str:
    return "no result" if result is None else f"{result} (0x{result:08X})"
