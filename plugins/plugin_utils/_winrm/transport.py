# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file that touches Ansible's winrm connection and pywinrm: run one line, send one message, reconnect.

Of the connection it uses ``transport``, ``_connect()``, ``protocol``, ``shell_id`` and ``close()``,
the same in ansible-core 2.16 to 2.21.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import contextlib
import time
import typing as t
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import UnreachableError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import faults

if t.TYPE_CHECKING:
    from collections.abc import Callable

# cmd.exe drops a line of more than 8,191 characters without a word (Microsoft KB 830473); the rest is room for the
# %windir% of a long path, of which a line holds about seventy.
LONGEST_LINE = 7500
_QUOTA_PAUSES = (5.0, 10.0, 15.0)


@dataclass(frozen=True)
class Completed:
    """What a command line printed, as bytes, and its exit code as an unsigned 32-bit number."""

    stdout: bytes
    stderr: bytes
    exit_code: int


class Connection(t.Protocol):
    """The part of ``ansible.builtin.winrm`` that this file uses."""

    transport: str
    protocol: t.Any
    shell_id: str | None

    def _connect(self) -> object:
        """Log on and open the shell."""

    def close(self) -> None:
        """Close the shell."""


class Transport:
    """One WinRS shell and WS-Management on the play's own connection; bounded in time and tries."""

    def __init__(
        self,
        connection: Connection,
        *,
        command_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = connection
        self._command_seconds = command_seconds
        self._clock = clock
        self._sleep = sleep

    def connect(self) -> None:
        """Log on and open the shell; Ansible's own AnsibleConnectionFailure passes through."""
        self._connection._connect()  # noqa: SLF001 - the documented entry of connection plugins for actions

    def reconnect(self) -> None:
        """Forget a dropped connection and log on anew; raises UnreachableError."""
        with contextlib.suppress(Exception):  # the old connection is known to be broken
            self._connection.close()
        self._connection.protocol = None
        self._connection.shell_id = None
        try:
            self.connect()
        except Exception as exc:
            raise UnreachableError(f"Logging on to the host again failed ({type(exc).__name__}).") from exc

    def pause(self, seconds: float) -> None:
        """Wait between two polls."""
        self._sleep(seconds)

    def deadline(self, seconds: float) -> Callable[[], bool]:
        """A function that says whether ``seconds`` have passed since now."""
        end = self._clock() + seconds
        return lambda: self._clock() >= end

    def send(self, message: str) -> bytes:
        """Send one WS-Management envelope; raises WindowsError for a fault, UnreachableError for a lost connection."""
        return self._guarded(lambda: t.cast(bytes, self._connection.protocol.send_message(message)), "a CIM operation")

    def run(self, line: str) -> Completed:
        """Run one command line; cleaning up after it never hides its own error."""
        if len(line) > LONGEST_LINE:
            raise WindowsError(
                f"A command line of {len(line)} characters would be dropped by cmd.exe; it was not sent."
            )
        command = self._start(line)
        protocol, shell = self._connection.protocol, self._connection.shell_id
        try:
            return self._collect(protocol, shell, command)
        finally:
            with contextlib.suppress(Exception):  # a failed Signal under a lost connection would mask the cause
                protocol.cleanup_command(shell, command)

    def _start(self, line: str) -> str:
        """Send the Command; the host's quota on operations recovers within seconds, in a new shell at once."""
        for pause in (*_QUOTA_PAUSES, None):
            try:
                return self._guarded(
                    lambda: t.cast(str, self._connection.protocol.run_command(self._connection.shell_id, line)),
                    "a command",
                )
            except WindowsError as exc:
                if pause is None or faults.MAX_OPERATIONS not in (exc.code, exc.inner):
                    raise
                self._sleep(pause)
                self.reconnect()
        raise AssertionError  # the last turn returned or raised

    def _collect(self, protocol: t.Any, shell: str | None, command: str) -> Completed:  # noqa: ANN401 - pywinrm is untyped
        receive = getattr(protocol, "get_command_output_raw", None) or protocol._raw_get_command_output  # noqa: SLF001 - pywinrm 0.4 has no other
        out, err, over = [], [], self.deadline(self._command_seconds)
        while not over():
            answer = self._guarded(lambda: _one_receive(receive, shell, command), "a command")
            if answer is None:
                continue
            out.append(answer[0])
            err.append(answer[1])
            if answer[3]:
                return Completed(b"".join(out), b"".join(err), answer[2] & 0xFFFFFFFF)
        raise WindowsError(
            f"A command on the host did not end within {self._command_seconds:.0f} s. "
            "It was given up; look on the host for a hanging secedit, icacls or wevtutil."
        )

    def _guarded(self, call: Callable[[], _T], what: str) -> _T:
        try:
            return call()
        except Exception as exc:
            raise _translated(exc, what) from exc


_T = t.TypeVar("_T")


def _one_receive(
    receive: Callable[[str | None, str], tuple[bytes, bytes, int, bool]], shell: str | None, command: str
) -> tuple[bytes, bytes, int, bool] | None:
    """One Receive, or None where the host had nothing to say yet (the operation time-out of a long command)."""
    try:
        return receive(shell, command)
    except Exception as exc:
        if type(exc).__name__ == "WinRMOperationTimeoutError":
            return None
        raise


def _answers(exc: BaseException) -> list[str]:
    """The SOAP texts that an exception or the one behind it carries (pywinrm 0.4 hides them in ``__context__``)."""
    texts: list[str] = []
    link: BaseException | None = exc
    while link is not None and len(texts) < 4:
        for attribute in ("response", "response_text"):
            value = getattr(link, attribute, None)
            if isinstance(value, (str, bytes)) and value:
                texts.append(value.decode("utf-8", "replace") if isinstance(value, bytes) else value)
        link = link.__cause__ or link.__context__
    return texts


def _translated(exc: Exception, what: str) -> WindowsError | UnreachableError:
    """One of our errors for whatever pywinrm, requests or the XML parser raised; secrets are in none of their texts."""
    for text in _answers(exc):
        fault = faults.parse_fault(text)
        if fault is not None:
            return WindowsError(
                f"Windows refused {what}: {fault.describe()}", code=fault.code, inner=fault.inner, text=fault.text
            )
    names = {cls.__name__ for cls in type(exc).__mro__}
    if "WinRMOperationTimeoutError" in names:
        return WindowsError(f"The host did not answer {what} in time.", code=faults.OPERATION_TIMEOUT)
    status = getattr(exc, "code", None)
    if "AuthenticationError" in names or status in (400, 401):
        return UnreachableError(
            f"The host no longer accepts this connection (HTTP {status}) during {what}. Run the task again."
        )
    if "WinRMTransportError" in names:
        hint = (
            "The host refuses unencrypted messages or is out of memory"
            if status == 500
            else "Look at the host's WinRM service"
        )
        return WindowsError(f"The host answered {what} with HTTP {status} and no fault. {hint}.", code=None)
    if "RequestException" in names or isinstance(exc, (OSError, EOFError)):
        return UnreachableError(f"The connection to the host was lost during {what} ({type(exc).__name__}).")
    return WindowsError(
        f"The host's answer to {what} was not understood ({type(exc).__name__}). Nothing more was sent."
    )
