# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the bytes of a command go: memory, a file, nowhere; and the three streams of a command."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lab.state.files import FileError

if TYPE_CHECKING:
    from lab.state.files import FileSystem


class KilledError(Exception):
    """The computer restarted while this process ran: nothing of it goes on."""


class ExitError(Exception):
    """``exit``: ends a cmd.exe with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Sink(Protocol):
    """Takes bytes."""

    def write(self, data: bytes) -> None:
        """Take some bytes."""


class Memory:
    """A pipe: keeps what was written."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        """Keep bytes."""
        self.data += data


class Noted(Memory):
    """A pipe to the shell's host: keeps in ``log``, which two of them share, who wrote what and when."""

    def __init__(self, name: str, log: list[tuple[str, bytes]]) -> None:
        super().__init__()
        self._name = name
        self._log = log

    def write(self, data: bytes) -> None:
        """Keep bytes, and that they came now."""
        super().write(data)
        if data:
            self._log.append((self._name, bytes(data)))


class Nul:
    """The NUL device."""

    def write(self, data: bytes) -> None:
        """Drop bytes."""


class FileSink:
    """An open file; the bytes are in the file as soon as they are written."""

    def __init__(self, files: FileSystem, path: str, owner: str) -> None:
        self._files = files
        self._path = path
        self._owner = owner

    def write(self, data: bytes) -> None:
        """Append bytes."""
        with contextlib.suppress(FileError):  # deleted or replaced by a folder meanwhile: the bytes are lost
            self._files.append(self._path, data, owner=self._owner)


@dataclass(frozen=True)
class Streams:
    """Standard input as bytes, standard output and error as sinks."""

    stdin: bytes
    out: Sink
    err: Sink
