# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of a simulated computer: real time plus what a test moved it ahead."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


class Clock:
    """UTC now; ``advance`` jumps ahead, nothing ever sleeps."""

    def __init__(self, source: Callable[[], dt.datetime] = _utc_now) -> None:
        self._source = source
        self._ahead = dt.timedelta()

    def now(self) -> dt.datetime:
        """The computer's time, with zone UTC."""
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        """Jump ahead."""
        self._ahead += dt.timedelta(seconds=seconds)
