# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enumerations: rows handed out page by page (WS-Enumeration as in MS-WSMV 3.1.4.1.9 and captures)."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from lab.seams import Caller
from lab.winrm import names, quotas, soap
from lab.winrm.fault import Fault
from lab.winrm.reply import Reply
from lab.winrm.settings import DEFAULT_ENVELOPE_BYTES, MIN_ENVELOPE_BYTES, Clock, Settings

HEADER_ROOM = 1536  # what the envelope around the rows takes, as UTF-16 (captures: 730 characters)

_N = f"{{{names.ENUMERATION}}}"
_W = f"{{{names.WSMAN}}}"


@dataclass
class Cursor:
    """Rows that were not sent yet, and whose they are."""

    id: str
    owner_sid: str
    rows: list[str]
    used: float


class Cursors:
    """The open enumerations of one host."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._open: dict[str, Cursor] = {}

    def count(self) -> int:
        """How many enumerations are open now."""
        self._expire()
        return len(self._open)

    def clear(self) -> None:
        """Forget every enumeration."""
        self._open.clear()

    def room(self, request: soap.Envelope) -> int:
        """Bytes of UTF-16 for a body in the answer to ``request``; raises Fault for an envelope that is too small."""
        asked = request.max_envelope or DEFAULT_ENVELOPE_BYTES
        if asked < MIN_ENVELOPE_BYTES:
            raise Fault.too_small()
        return asked - HEADER_ROOM

    def open(self, request: soap.Envelope, caller: Caller, rows: list[str]) -> Reply:
        """The answer to an Enumerate that found ``rows``."""
        self._expire()
        limit = self._settings.max_operations_per_user
        if sum(c.owner_sid == caller.sid for c in self._open.values()) >= limit:
            raise quotas.too_many_operations(limit, self._settings.quota_shape)
        now = self._clock.now()
        cursor = Cursor(f"uuid:{soap.new_id()}", caller.sid, rows, now)
        body = request.body
        inner = ""
        if body is not None and body.find(f"{_W}OptimizeEnumeration") is not None:
            page = self._page(cursor, _elements(body, f"{_W}MaxElements"), self.room(request))
            inner = f"<w:Items>{page}</w:Items>"
            if not cursor.rows:
                inner += "<w:EndOfSequence/>"
        finished = inner.endswith("<w:EndOfSequence/>")
        if not finished:
            self._open[cursor.id] = cursor
        context = "" if finished else cursor.id
        xml = (
            f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext>{inner}</n:EnumerateResponse>"
        )
        return Reply(f"{names.ENUMERATE}Response", xml)

    def pull(self, request: soap.Envelope, caller: Caller) -> Reply:
        """The next page."""
        cursor = self._find(request, caller)
        body = request.body
        asked = 1 if body is None else _elements(body, f"{_N}MaxElements")
        page = self._page(cursor, asked, self.room(request))
        cursor.used = self._clock.now()
        if cursor.rows:
            head, tail = f"<n:EnumerationContext>{cursor.id}</n:EnumerationContext>", ""
        else:
            head, tail = "", "<n:EndOfSequence/>"
            del self._open[cursor.id]
        xml = f"<n:PullResponse>{head}<n:Items>{page}</n:Items>{tail}</n:PullResponse>"
        return Reply(f"{names.PULL}Response", xml)

    def release(self, request: soap.Envelope, caller: Caller) -> Reply:
        """Give up an enumeration before its end."""
        del self._open[self._find(request, caller).id]
        return Reply(f"{names.RELEASE}Response", "")

    def _expire(self) -> None:
        now, idle = self._clock.now(), self._settings.enumeration_idle_seconds
        for cursor_id in [c.id for c in self._open.values() if now - c.used >= idle]:
            del self._open[cursor_id]

    def _find(self, request: soap.Envelope, caller: Caller) -> Cursor:
        self._expire()
        body = request.body
        text = "" if body is None else (body.findtext(f"{_N}EnumerationContext") or "")
        cursor = self._open.get(text.strip())
        if cursor is None or cursor.owner_sid != caller.sid:
            raise Fault.bad_context()
        return cursor

    def _page(self, cursor: Cursor, elements: int, room: int) -> str:
        """Take a page off a cursor: as many rows as were asked for and fit into the envelope."""
        count = size = 0
        most = min(elements, self._settings.max_batch_items)
        for row in cursor.rows[:most]:
            if size + size_of(row) > room:
                break
            size += size_of(row)
            count += 1
        if cursor.rows and count == 0:
            raise Fault.too_large()
        page, cursor.rows = cursor.rows[:count], cursor.rows[count:]
        return "".join(page)


def size_of(text: str) -> int:
    """What counts against MaxEnvelopeSize: the text as UTF-16 (captured pages end at 151 kB of it, not of UTF-8)."""
    return 2 * len(text)


def _elements(body: ET.Element, tag: str) -> int:
    """MaxElements; without it a page holds one row."""
    text = (body.findtext(tag) or "1").strip()
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Fault.schema(f"{text!r} is no number of elements.")
    return int(text)
