# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the transport asks of a connection: one small protocol, carried out over winrm and over psrp."""

from __future__ import annotations

import contextlib
import typing as t
from dataclasses import dataclass, field

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .logon import Logon


@dataclass(frozen=True)
class Received:
    """One answer about a running command: what it printed since the last one, and its exit code once it has ended."""

    stdout: bytes
    stderr: bytes
    exit_code: int | None


# Windows lets a shell hold 15 commands (Server 2008 R2) and more, ended ones included until it is told of them.
_MOST_RELEASED = 3


@dataclass
class Released:
    """The commands of one shell that have ended and of which its host was not told.

    Deleting the shell frees them too (MS-WSMV 3.1.4.4.1), so the few commands of a task cost no request for that.
    """

    shell: str
    commands: list[str] = field(default_factory=list)

    def add(self, command: str) -> None:
        """Remember one more."""
        self.commands.append(command)

    def tell(self, stop: Callable[[str], None]) -> None:
        """Before another one starts: tell the host, once there are some."""
        if len(self.commands) >= _MOST_RELEASED:
            ended, self.commands = self.commands, []
            with contextlib.suppress(Exception):  # they ended; what is wrong with the connection shows in a moment
                for command in ended:
                    stop(command)


class Link(t.Protocol):
    """One logon and one WinRS shell (code page 65001) on the play's own connection.

    ``logon()`` and ``connect()`` raise errors of this collection; the other methods raise whatever their library
    raises, which ``failures.translated`` understands.
    """

    def logon(self) -> Logon:
        """How this connection would log on; asks nobody and sends nothing."""

    def connect(self) -> None:
        """Log on and open the shell; raises InputError, WindowsError (with a fault's code) or UnreachableError."""

    def close(self) -> None:
        """Delete the shell and forget the connection, also one that is broken."""

    def abandon(self) -> None:
        """Forget a broken connection and leave its shell to the host, with what still runs in it."""

    def leave(self) -> None:
        """The task is over: give back what Ansible itself would not."""

    def start(self, line: str) -> str:
        """Start a command line; gives the command's identifier."""

    def receive(self, command: str) -> Received:
        """Wait for output or the end of a command; an operation time-out of the host is raised as its fault."""

    def stop(self, command: str) -> None:
        """Tell the host at once that nothing more is wanted of a command."""

    def release(self, command: str) -> None:
        """A command has ended, so the host need not be told at once, nor at all where its shell is deleted soon."""

    def send(self, message: str) -> bytes:
        """Send one WS-Management envelope and give the answer's."""
