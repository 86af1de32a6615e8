# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of a simulated computer: real time, what it is wrong by, what a test moved it ahead, and its zone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


class Clock:
    """UTC now, as this computer believes; ``advance`` jumps ahead, nothing ever sleeps.

    Args:
        source: the true time.
        offset: seconds by which the computer's clock is ahead of it (negative: behind).
        zone: minutes by which the computer's local time is ahead of UTC.
    """

    def __init__(self, source: Callable[[], dt.datetime] = _utc_now, *, offset: float = 0.0, zone: int = 0) -> None:
        self._source = source
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

    def advance(self, seconds: float) -> None:
        """Jump ahead."""
        self._ahead += dt.timedelta(seconds=seconds)
