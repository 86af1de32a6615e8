# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event log: classic events with the fields that wevtutil and Win32_NTLogEvent show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

AUDIT_FAILURE = 0x90000000000000  # EventLogClassic + AuditFailure (capture 12)
AUDIT_SUCCESS = 0xA0000000000000
CLASSIC = 0x80000000000000

# type: (Level, Keywords, Win32_NTLogEvent.EventType, its Type)
TYPES = {
    "error": (2, CLASSIC, 1, "Error"),
    "warning": (3, CLASSIC, 2, "Warning"),
    "information": (4, CLASSIC, 3, "Information"),
    "audit_success": (0, AUDIT_SUCCESS, 4, "Audit Success"),
    "audit_failure": (0, AUDIT_FAILURE, 5, "Audit Failure"),
}


@dataclass(frozen=True)
class Event:
    """One event of a channel; ``data`` are the insertion strings, ``message`` the rendered text."""

    record: int
    channel: str
    source: str
    event_id: int
    kind: str
    time: dt.datetime
    data: tuple[str, ...]
    message: str
    qualifiers: int = 0
    task: int = 0

    @property
    def level(self) -> int:
        """0 for audits, 2 error, 3 warning, 4 information."""
        return TYPES[self.kind][0]

    @property
    def keywords(self) -> int:
        """The 64-bit keyword mask."""
        return TYPES[self.kind][1]


class EventLog:
    """The channels of one computer."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self.channels: dict[str, list[Event]] = {"Application": [], "System": [], "Security": []}

    def channel(self, name: str) -> str | None:
        """The channel's name as Windows writes it; None when there is no such channel."""
        return next((c for c in self.channels if c.casefold() == name.casefold()), None)

    def write(
        self,
        source: str,
        event_id: int,
        kind: str,
        data: tuple[str, ...],
        message: str,
        *,
        age: float = 0.0,
    ) -> Event:
        """Write an event to the Application log, ``age`` seconds ago."""
        channel = "Application"
        events = self.channels[channel]
        time = self._now() - dt.timedelta(seconds=age)
        qualifiers = 0xC000 if kind in ("error", "audit_failure") else 0x4000
        event = Event(len(events) + 1, channel, source, event_id, kind, time, data, message, qualifiers, task=4)
        events.append(event)
        return event
