# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes to lines: pieces, bare LF, limits; and bytes to text that is safe to print."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable as printable_text

from .errors import LineTooLongError

# RFC 2449 section 4 allows replies of 512 octets; real servers exceed it now and then.
MAX_LINE = 8192
# What a person reads of a long line.
MAX_SHOWN = 512


class LineReader:
    """Collects bytes as they come and hands out whole lines, without their CR LF or bare LF."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add what was received."""
        self._buffer += data

    def next_line(self) -> bytes | None:
        """Return the next whole line, or None when more bytes are needed.

        Raises LineTooLongError when the line passes the limit; the line is dropped then.
        """
        end = self._buffer.find(b"\n")
        if end < 0 and len(self._buffer) <= self._limit:
            return None
        line = bytes(self._buffer if end < 0 else self._buffer[:end])
        # A bytearray forgets its beginning without moving the rest: many short lines cost what their bytes cost.
        del self._buffer[: len(line) + 1]
        if len(line) > self._limit:
            raise LineTooLongError(f"a line is longer than {self._limit} bytes", line)
        return line.rstrip(b"\r")

    def take_rest(self) -> bytes:
        """Return the bytes that form no whole line yet, and forget them."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest


def printable(line: bytes) -> str:
    r"""Return a line as text: UTF-8 or else Latin-1, control characters as ``\xNN``, cut when long."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("latin-1")
    if len(text) > MAX_SHOWN:
        text = f"{text[:MAX_SHOWN]} [... {len(line)} bytes]"
    return printable_text(text)
