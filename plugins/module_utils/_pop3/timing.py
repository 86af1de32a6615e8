# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long each step took."""

from __future__ import annotations

import contextlib
import time
import typing as t

from .values import QUIT, STAGES

_STEPS = (*STAGES, QUIT)


class Stopwatch:
    """Adds up the seconds of each step; a step that never began has None."""

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._seconds: dict[str, float | None] = dict.fromkeys(_STEPS)

    @contextlib.contextmanager
    def step(self, name: str) -> t.Iterator[None]:
        """Measure what happens inside, also where it raises."""
        start = self._clock()
        try:
            yield
        finally:
            self._seconds[name] = round((self._seconds[name] or 0.0) + self._clock() - start, 3)

    def seconds(self) -> dict[str, float | None]:
        """Return the seconds of each step and in total."""
        return {**self._seconds, "total": round(self._clock() - self._start, 3)}
