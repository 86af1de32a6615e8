# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of a command line that was not sent yet, and how much of it one Receive hands out (world ``receive``).

What recordings of real hosts show (tests/captures/wsman/receive_*.xml): one answer holds any number of pieces, split
anywhere; a short command comes whole with its end, one that goes on answers with what it has and the state Running.
How long a host waits for more is nowhere written, so the worlds are the ends of that: ``whole`` waits for the end of
the command, ``eager`` answers after each single write of a program or of cmd.exe itself, the last one with the end;
``hesitant`` does too, but answers once before there is anything, and once more when there is nothing left but the end.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lab.seams import Completed

Piece: TypeAlias = "tuple[str, bytes]"

PIECE_BYTES = 16 * 1024


class Output:
    """The writes of one command line, first come first."""

    def __init__(self, completed: Completed, receive: str) -> None:
        writes = completed.writes or (("stdout", completed.stdout), ("stderr", completed.stderr))
        self._writes: deque[Piece] = deque((name, data) for name, data in writes if data)
        self._eager = receive != "whole"
        self._silences = 1 if receive == "hesitant" else 0
        self._end_apart = receive == "hesitant"
        self._held: deque[Piece] = deque()

    def take(self, wanted: Iterable[str], limit: int) -> list[Piece]:
        """The pieces of the next answer, at most ``limit`` bytes."""
        if self._silences:
            self._silences -= 1
            return []
        self._forget_others(frozenset(wanted))
        pieces = self._next(limit) if self._eager else self._all(limit)
        self._end_apart = self._end_apart and bool(pieces)
        return [cut for piece in pieces for cut in _cut(piece)]

    def drained(self) -> bool:
        """Whether all output was sent, and the end may be told."""
        return not (self._writes or self._held or self._silences or self._end_apart)

    def _forget_others(self, wanted: frozenset[str]) -> None:
        """A stream that nobody asks for is not waited for."""
        self._writes = deque(piece for piece in self._writes if piece[0] in wanted)
        self._held = deque(piece for piece in self._held if piece[0] in wanted)

    def _all(self, limit: int) -> list[Piece]:
        pieces: list[Piece] = []
        while self._writes and limit > 0:
            pieces.append(self._part(limit))
            limit -= len(pieces[-1][1])
        return pieces

    def _part(self, limit: int) -> Piece:
        """The first write, or as much of it as there is room for."""
        name, data = self._writes.popleft()
        if len(data) > limit:
            self._writes.appendleft((name, data[limit:]))
        return name, data[:limit]

    def _next(self, limit: int) -> list[Piece]:
        """What was held back, and the next write, of which the end is held back where more is to come."""
        pieces = list(self._held)
        self._held.clear()
        room = max(1, limit - sum(len(data) for dummy, data in pieces))
        if not self._writes:
            return pieces
        name, data = self._part(room)
        keep = _end_of(data) if self._writes else 0
        if keep:
            self._held.append((name, data[-keep:]))
            data = data[:-keep]
        return [*pieces, (name, data)] if data else pieces


def _end_of(data: bytes) -> int:
    """How many bytes of a write come late: cut inside its last letter of several bytes, else before its last byte."""
    for back in range(1, len(data)):
        if data[-back] & 0xC0 == 0x80:
            return back
    return 1 if len(data) > 1 else 0


def _cut(piece: Piece) -> list[Piece]:
    """A piece as the elements of an answer."""
    name, data = piece
    return [(name, data[start : start + PIECE_BYTES]) for start in range(0, len(data), PIECE_BYTES)]
