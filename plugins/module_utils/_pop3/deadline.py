# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One deadline for a whole probe."""

from __future__ import annotations

import socket
import time
import typing as t

# What a socket raises when its time is over: a class of its own before Python 3.10.
SocketTimeout = socket.timeout


class Deadline:
    """A point in time; every wait of the probe asks it how long it may still take."""

    def __init__(self, seconds: float, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Return the seconds left, never below zero."""
        return max(0.0, self._end - self._clock())

    def sooner(self, seconds: float) -> Deadline:
        """Return a deadline that ends after ``seconds`` or with this one, whichever comes first."""
        return Deadline(min(seconds, self.remaining()), self._clock)
