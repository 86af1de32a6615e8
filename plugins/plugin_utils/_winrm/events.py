# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events by wevtutil as XML, bounded in count and time; raw XML needs no message files of the source."""

from __future__ import annotations

import re

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import EventQuery, EventReading
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Chain, Sections, program

_SAFE = re.compile(r"\A[A-Za-z0-9 _./-]{1,120}\Z")
# Exit codes of wevtutil are Win32 errors (three public programs tell them apart like this).
_REFUSALS = {
    5: "access to the log was denied",
    15001: "the host did not understand the query",
    15007: "the host has no such log",
}


def add_query(chain: Chain, query: EventQuery) -> Chain:
    """Ask for the newest events of some sources; raises InputError for a name that could break out of the query."""
    for text in (*query.sources, query.channel):
        if not _SAFE.match(text):
            raise InputError(f"{text!r} is no name of an event source or log.")
    sources = " or ".join(f"@Name='{source}'" for source in query.sources)
    ids = " or ".join(f"EventID={int(event)}" for event in query.event_ids)
    age = int(query.since_seconds) * 1000
    xpath = f"*[System[Provider[{sources}] and ({ids}) and TimeCreated[timediff(@SystemTime) <= {age}]]]"
    command = (
        f'2>nul {program("wevtutil.exe")} qe "{query.channel}" "/q:{xpath}" '
        f"/c:{int(query.limit)} /rd:true /f:xml /e:Events /uni:true"
    )
    return chain.show("events", f"{command}& {chain.code('wevtutil')}")


def read_answer(sections: Sections) -> EventReading:
    """The XML as printed; an exit code other than 0 is a refusal in Windows' terms, never an empty list."""
    code, data = sections.code("wevtutil"), sections.section("events")
    if code != 0 or data is None:
        why = _REFUSALS.get(code or -1, "wevtutil failed")
        return EventReading(None, f"{why} (wevtutil exit code {code})")
    body = re.sub(rb"@@[0-9a-f]{8}:wevtutil=-?\d+\s*", b"", data)
    text = decode(body).strip("\ufeff\x00 \r\n")
    return EventReading(text or "<Events/>")
