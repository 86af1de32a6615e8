# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One WinRS shell and WS-Management on a link: bounded in time and tries, quotas waited out, errors in our words."""

from __future__ import annotations

import contextlib
import time
import typing as t
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._changes import Changes
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    UnreachableError,
    WindowsError,
    WinmailError,
)

from . import failures, faults, forbidden
from .unreached import Way

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .link import Link

# cmd.exe drops a line of more than 8,191 characters without a word (Microsoft KB 830473); the rest is room for the
# %windir% of a long path, of which a line holds about seventy.
LONGEST_LINE = 7500
# Bytes. More than forty rights with a thousand holders, sixty cached policies and the longest event list together.
LONGEST_OUTPUT = 1 << 24
# Bytes of output that are looked at for its end.
_TAIL = 256
_QUOTA_PAUSES = (5.0, 10.0, 15.0)
_T = t.TypeVar("_T")


@dataclass(frozen=True)
class Completed:
    """What a command line printed, as bytes, and its exit code as an unsigned 32-bit number.

    The code is None where the output was whole before the host told the end.
    """

    stdout: bytes
    stderr: bytes
    exit_code: int | None


def _never(_output: bytes) -> bool:
    return False


class Transport:
    """Runs lines and sends envelopes over one link.

    Windows counts shells and operations of a user (5 and 15 on Server 2008 R2): where a quota is spent, nothing was
    done yet, so it is tried again after a pause, in a new shell.
    """

    def __init__(
        self,
        link: Link,
        *,
        command_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._link = link
        self._command_seconds = command_seconds
        self._clock = clock
        self._sleep = sleep
        self.changes = Changes()

    def connect(self) -> None:
        """Log on and open the shell; raises InputError for what is never sent, UnreachableError for the rest."""
        try:
            self._patiently(self._link.connect, lambda: None)
        except WindowsError as exc:
            raise self._link.logon().refusal(exc) from exc

    def reconnect(self) -> None:
        """Forget a dropped connection and log on anew; raises UnreachableError.

        The shell behind it is left alone: deleting it would end a command that is still writing (MS-WSMV 3.1.4.4.1).
        """
        self._link.abandon()
        self._connect_again()

    def renew(self) -> None:
        """Close the shell, forget the connection and log on anew; raises UnreachableError.

        The libraries keep connections by session and each link makes a new session, so this is a new TCP connection
        with a logon of its own.
        """
        self._link.close()
        self._connect_again()

    def _connect_again(self) -> None:
        try:
            self.connect()
        except Exception as exc:
            why = exc if isinstance(exc, WinmailError) else type(exc).__name__
            raise UnreachableError(f"Logging on to the host again failed. {why}") from exc

    def masked(self, text: str) -> str:
        """A text about this connection without its secrets, as far as its options can be read."""
        try:
            return self._link.logon().masked(text)
        except InputError:
            return text

    def user(self) -> str:
        """The name that the connection logged on with; raises InputError where nobody can tell."""
        return self._link.logon().user

    def address(self) -> str:
        """The name or number at which the host is reached; empty where nobody can tell."""
        host = self._link.logon().way.host
        return "" if host == Way().host else host

    def leave(self) -> None:
        """The task is over; nothing that goes wrong now can hide how it ended."""
        with contextlib.suppress(Exception):
            self._link.leave()

    def pause(self, seconds: float) -> None:
        """Wait between two polls."""
        self._sleep(seconds)

    def deadline(self, seconds: float) -> Callable[[], bool]:
        """A function that says whether ``seconds`` have passed since now."""
        end = self._clock() + seconds
        return lambda: self._clock() >= end

    def send(self, message: str) -> bytes:
        """Send one WS-Management envelope; raises WindowsError for a fault, UnreachableError for a lost connection."""
        return self._patiently(lambda: _guarded(lambda: self._link.send(message), "a CIM operation"), self.renew)

    def run(self, line: str, ended: Callable[[bytes], bool] = _never) -> Completed:
        """Run one command line; ``ended`` says of the last bytes of its output that no more will come.

        Cleaning up after it never hides its own error.
        """
        if len(line) > LONGEST_LINE:
            raise WindowsError(
                f"A command line of {len(line)} characters would be dropped by cmd.exe; it was not sent."
            )
        command = self._patiently(lambda: _guarded(lambda: self._link.start(line), "a command"), self.renew)
        try:
            completed = self._collect(command, ended)
        except BaseException:
            with contextlib.suppress(Exception):  # a failed Signal under a lost connection would mask the cause
                self._link.stop(command)
            raise
        self._link.release(command)
        return completed

    def _patiently(self, call: Callable[[], _T], anew: Callable[[], None]) -> _T:
        """Call; where a quota is spent, wait, start ``anew`` and call again, for half a minute at most."""
        for pause in _QUOTA_PAUSES:
            try:
                return call()
            except WindowsError as exc:
                if not exc.codes & faults.QUOTAS:
                    raise
            self.pause(pause)
            anew()
        return call()

    def _collect(self, command: str, ended: Callable[[bytes], bool]) -> Completed:
        out, err, over = bytearray(), bytearray(), self.deadline(self._command_seconds)
        while not over():
            try:
                answer = _guarded(lambda: self._link.receive(command), "a command")
            except WindowsError as exc:
                if faults.OPERATION_TIMEOUT not in exc.codes:
                    raise
                refusal = forbidden.refusal(bytes(out))
                if refusal is not None:  # it waits for a key that nobody presses
                    raise WindowsError(refusal) from exc
                continue  # it still runs and had nothing to say
            out += answer.stdout
            err += answer.stderr
            if len(out) + len(err) > LONGEST_OUTPUT:
                raise WindowsError(
                    f"A command on the host printed more than {LONGEST_OUTPUT} bytes and was given up; nothing can be "
                    "said of what it read. Look there for what fills %windir%\\Temp and the policy cache."
                )
            if answer.exit_code is not None:
                return Completed(bytes(out), bytes(err), answer.exit_code & 0xFFFFFFFF)
            if answer.stdout and ended(bytes(out[-_TAIL:])):
                return Completed(bytes(out), bytes(err), None)
        raise WindowsError(
            f"A command on the host did not end within {self._command_seconds:.0f} s. "
            "It was given up; look on the host for a hanging secedit, icacls or wevtutil."
        )


def _guarded(call: Callable[[], _T], what: str) -> _T:
    try:
        return call()
    except Exception as exc:
        raise failures.translated(exc, what) from exc
