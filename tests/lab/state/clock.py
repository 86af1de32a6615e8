# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clocks of a simulated computer: what it believes that the time is, its zone, and the seconds that pass for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


class Clock:
    """UTC now, as this computer believes, and how long it runs; ``advance`` moves both, ``step`` only the first.

    Args:
        source: the true time.
        offset: seconds by which the computer's clock is ahead of it (negative: behind).
        zone: minutes by which the computer's local time is ahead of UTC.
    """

    def __init__(self, source: Callable[[], dt.datetime] = _utc_now, *, offset: float = 0.0, zone: int = 0) -> None:
        self._source = source
        self._began = source()
        self._passed = dt.timedelta()
        self._ahead = dt.timedelta(seconds=offset)
        self.zone = dt.timezone(dt.timedelta(minutes=zone))

    @property
    def zone_minutes(self) -> int:
        """Minutes by which local time is ahead of UTC (CurrentTimeZone)."""
        return int(self.zone.utcoffset(None).total_seconds()) // 60

    def now(self) -> dt.datetime:
        """The computer's time, with zone UTC."""
        return self._source() + self._ahead

    def local(self, moment: dt.datetime | None = None) -> dt.datetime:
        """A moment, now by default, as the computer's users read it."""
        return (moment or self.now()).astimezone(self.zone)

    def elapsed(self) -> float:
        """Seconds that passed for this computer since it was made: what timers count; nobody can set it."""
        return (self._source() - self._began + self._passed).total_seconds()

    def advance(self, seconds: float) -> None:
        """Jump ahead: the time passed."""
        self._passed += dt.timedelta(seconds=seconds)
        self._ahead += dt.timedelta(seconds=seconds)

    def step(self, seconds: float) -> None:
        """Set the clock ahead (or back) without any time having passed, as an administrator or a time service does."""
        self._ahead += dt.timedelta(seconds=seconds)
