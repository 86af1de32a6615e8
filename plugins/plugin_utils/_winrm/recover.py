# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of a write, whatever becomes of the connection: asked for, read again after a drop, then removed.

A chain goes on running on the host when its connection drops. Its answer waits there in a file, so that the write is
judged as if nothing had happened; where the chain never began or does not end, the rights themselves are read.
"""

from __future__ import annotations

import contextlib
import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import compare
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    HalfDoneError,
    ReadError,
    UnreachableError,
    WindowsError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Applied, Plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer, State

from . import leftovers

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import RightsQuery, RightsReading
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim

    from .rights_read import RightsReader
    from .session import Session

# A chain that lost its connection goes on running on the host for as long as secedit takes.
_CHAIN_SECONDS = 60.0
# A command that the host has taken begins at once; one that did not begin by then never came there.
_BEGIN_SECONDS = 5.0
_POLL_SECONDS = 0.5
_FOLDER = re.compile(r"\A[A-Za-z]:\\[^\"<>|*?]{1,200}\Z", re.ASCII)


class _InterruptedError(UnreachableError):
    """The connection dropped and was made anew; ``state`` is how far the chain has come."""

    def __init__(self, message: str, state: State) -> None:
        super().__init__(message)
        self.state = state


class _GoneError(UnreachableError):
    """The connection dropped and could not be made anew; the sentence is whole."""


class Recovery:
    """Reads and removes the kept answers of one writer."""

    def __init__(self, session: Session, reader: RightsReader, cim: Cim) -> None:
        self._session = session
        self._transport = session.transport
        self._reader = reader
        self._cim = cim
        self._spoiled: set[str] = set()

    def ask(self, answer: Answer, files: shell.Files) -> shell.Sections:
        """Send a chain whose answer is kept; an answer that is lost or torn on its way is read from its file.

        ``files`` are those that the chain works with.
        """
        try:
            return self._session.ask(answer)
        except UnreachableError as exc:
            state, sections = self._found_after(answer, files, exc)
            if sections is None:
                raise _InterruptedError(str(exc), state) from exc
            return sections
        except (ReadError, WindowsError):
            with contextlib.suppress(ReadError, WindowsError):
                sections = self._look(answer)[1]
                if sections is not None:
                    return sections
            raise

    def _found_after(
        self, answer: Answer, files: shell.Files, cause: UnreachableError
    ) -> tuple[State, shell.Sections | None]:
        try:
            self._transport.reconnect()
            return self._look(answer)
        except WinmailError as exc:
            raise _gone(cause, exc, files, answer.files) from exc

    def _look(self, answer: Answer) -> tuple[State, shell.Sections | None]:
        """How far a chain has come, once it ended, or has not begun, or runs for longer than is waited."""
        self._spoiled.add(answer.files.stem)
        begins, over = self._transport.deadline(_BEGIN_SECONDS), self._transport.deadline(_CHAIN_SECONDS)
        while True:
            question = answer.ask()
            state, sections = answer.asked(self._session.run(question))
            if state is State.ENDED or over() or (state is State.NOT_BEGUN and begins()):
                return state, sections
            self._transport.pause(_POLL_SECONDS)

    def forget(self, answer: Answer, sections: shell.Sections) -> None:
        """Remove the file of an answer that was read: by one CIM request where that works, else by a command."""
        folder = sections.text("windir") or ""
        try:
            plain = answer.files.stem not in self._spoiled and _FOLDER.match(folder) is not None
            if plain and leftovers.remove_file(self._cim, f"{folder}\\Temp\\{answer.name}"):
                return
        except UnreachableError:
            with contextlib.suppress(WinmailError):
                self._transport.reconnect()
        self._session.remove(answer.files)

    def read_again(
        self, plan: Plan, query: RightsQuery, files: shell.Files, answer: Answer | None, cause: UnreachableError
    ) -> Applied:
        """After a lost connection and without an answer: clean up, and read what is true."""
        if isinstance(cause, _GoneError):
            raise cause
        if isinstance(cause, _InterruptedError):
            state = cause.state
        else:  # before the write was sent, or when its answer was there
            state = State.NOT_BEGUN if answer is None else State.ENDED
        ours = (files,) if answer is None else (files, answer.files)
        try:
            if not isinstance(cause, _InterruptedError):
                self._transport.reconnect()
            self._session.remove(*ours)
            reading = self._reader.read(query)
        except WinmailError as exc:
            raise _gone(cause, exc, *ours) from exc
        return self._judged(plan, reading, state, answer, cause)

    def _judged(
        self, plan: Plan, reading: RightsReading, state: State, answer: Answer | None, cause: UnreachableError
    ) -> Applied:
        outcomes = [compare(change, reading.assignment.get(change.right, ())) for change in plan.deltas]
        if all(outcome.as_planned for outcome in outcomes):
            return Applied(reading, ("The connection was lost", "the rights were read again after a new logon"))
        undone = all(
            outcome.missing == outcome.change.added and outcome.staying == outcome.change.removed
            for outcome in outcomes
        )
        again = f"{cause} After a new logon the rights were read again"
        if undone and state is not State.RUNNING:
            if answer is not None:
                self._transport.changes.undone()
            raise UnreachableError(f"{again}; they are as before. Run the task again.") from cause
        what = "none of the change took" if undone else "only a part of the change took"
        if state is State.RUNNING:
            what = f"{what} so far, but the write was still running on the host"
        raise HalfDoneError(f"{again}: {what}. Run the task again.") from cause


def _gone(cause: UnreachableError, exc: WinmailError, *stems: shell.Files) -> _GoneError:
    names = " and ".join(f"{files.stem}.*" for files in stems)
    why = "Logging on again failed." if isinstance(exc, UnreachableError) else f"After a new logon: {exc}"
    return _GoneError(f"{cause} {why} {names} may be left in %windir%\\Temp; a later run removes them.")
