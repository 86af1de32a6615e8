# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_NTLogEvent: the old door to the event log (docs/sources.md S8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state.eventlog import TYPES, Event
from lab.windows.cim import CimClass, Context, Row, words

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVENT = words(
    "Category CategoryString ComputerName Data EventCode EventIdentifier EventType InsertionStrings Logfile "
    "Message RecordNumber SourceName TimeGenerated TimeWritten Type User"
)


def _row(context: Context, event: Event) -> Row:
    return {
        "Category": event.task,
        "CategoryString": f"({event.task})",
        "ComputerName": context.host.machine.fqdn,
        "EventCode": event.event_id,
        "EventIdentifier": (event.qualifiers << 16) | event.event_id,
        "EventType": TYPES[event.kind][2],
        "InsertionStrings": list(event.data) or None,
        "Logfile": event.channel,
        "Message": event.message,
        "RecordNumber": event.record,
        "SourceName": event.source,
        "TimeGenerated": event.time,
        "TimeWritten": event.time,
        "Type": TYPES[event.kind][3],
    }


def _rows(context: Context) -> Iterator[Row]:
    log = context.host.machine.events
    for channel, events in log.channels.items():
        if channel == "Security" and not context.caller.administrator:
            continue
        context.seconds += len(events) * 0.03  # formatting messages is the dear part (docs/sources.md S8)
        for event in reversed(events):
            yield _row(context, event)


CLASSES = (CimClass("Win32_NTLogEvent", _EVENT, ("Logfile", "RecordNumber"), _rows),)
