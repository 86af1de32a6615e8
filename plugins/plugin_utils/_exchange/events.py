# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logon-failure events as Windows' own XML, understood: bounded, without entities, only declared errors (pure).

Shape: a classic source writes ``EventData/Data`` without names; "Failure Audit" is a bit of ``Keywords``, not a level
(Q171435: 11202 is a Failure Audit; Q247764: 13003 is an Error).
"""

from __future__ import annotations

import datetime
import re
import typing as t
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import xml_gate
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.xml_gate import local

if t.TYPE_CHECKING:
    import xml.etree.ElementTree as ET

EVENT_IDS = (11202, 13003)
# The spellings that articles of the time use; the log compares them exactly, so all of them are asked for.
SOURCES = ("MSExchangePOP3", "MSExchange POP3", "MSExchange Pop3 Interface")

AUDIT_FAILURE = 0x10000000000000
AUDIT_SUCCESS = 0x20000000000000
# Microsoft, "LevelType" of the event schema.
_LEVELS = {1: "Critical", 2: "Error", 3: "Warning", 4: "Information", 5: "Verbose"}

LONGEST_XML = 4_000_000
_LONGEST_TEXT = 2_000

# System error 1314 in English, or its number where it is surely an error's (a mailbox may be called 1314).
_NO_PRIVILEGE = re.compile(r"required privilege is not held|\berror\W{1,3}1314\b|\b0x(?:80070)?522\b", re.IGNORECASE)
_TIME = re.compile(r"\A(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?\Z", re.ASCII)


@dataclass(frozen=True)
class Event:
    """One event: number, source as written, type in Event Viewer's words, text, time (UTC; None if it states none).

    ``no_privilege``: the text says that a required privilege is not held, in English or by its number. False means that
    it does not say so in a way that is known here, not that the privilege is held.
    """

    event_id: int
    source: str
    type: str
    text: str
    time: datetime.datetime | None
    no_privilege: bool


@dataclass(frozen=True)
class Group:
    """Equal events together: a sample (the newest), how many, and the newest time."""

    sample: Event
    count: int
    newest: datetime.datetime | None


def parse(xml: str, limit: int) -> tuple[Event, ...]:
    """The events in ``xml`` (with or without a root element), at most ``limit``, in the order of the text.

    Raises ReadError when the text is too long, is no XML, or declares a document type (entities can grow without end).
    """
    try:
        # A second root around the first: the tool is told to write one, and a list without one is as good.
        root = xml_gate.parse_printed(xml, LONGEST_XML)
    except xml_gate.TooLongError as exc:
        raise ReadError(f"The events are {exc}.") from exc
    except xml_gate.DocumentTypeError as exc:
        raise ReadError("The events hold a document type declaration, which Windows never writes.") from exc
    except ValueError as exc:
        raise ReadError(f"The events that the host printed are {exc}.") from exc
    if any(text and text.strip() for text in (root.text, *(part.tail for part in root))):
        raise ReadError("The host printed more than events.")
    return tuple(event for dummy, event in zip(range(max(limit, 0)), _events(root), strict=False))


def _find(element: ET.Element, name: str) -> ET.Element | None:
    return next((child for child in element if local(child) == name), None)


def _events(root: ET.Element) -> Iterator[Event]:
    """The events below the root, or below the root that the tool was told to write around them."""
    for part in root:
        for element in (part,) if local(part) == "Event" else part:
            event = _event(element) if local(element) == "Event" else None
            if event is not None:
                yield event


def _event(element: ET.Element) -> Event | None:
    system = _find(element, "System")
    if system is None:
        return None
    number = _number(_text(system, "EventID"))
    provider = _find(system, "Provider")
    if number is None or provider is None:
        return None
    source = provider.get("Name") or provider.get("EventSourceName") or ""
    text = _message(element)
    keywords, level = _number(_text(system, "Keywords")), _number(_text(system, "Level"))
    return Event(number, source, _type(keywords or 0, level), text, _created(system), no_privilege(text))


def _text(element: ET.Element, name: str) -> str:
    child = _find(element, name)
    return "".join(child.itertext()).strip() if child is not None else ""


def _number(text: str) -> int | None:
    match = re.match(r"\A(?:0[xX]([0-9A-Fa-f]{1,16})|([0-9]{1,20}))\Z", text)
    if match is None:
        return None
    return int(match.group(1), 16) if match.group(1) else int(match.group(2))


def _type(keywords: int, level: int | None) -> str:
    if keywords & AUDIT_FAILURE:
        return "Failure Audit"
    if keywords & AUDIT_SUCCESS:
        return "Success Audit"
    # A classic source writes level 0 for what Event Viewer shows as Information.
    return _LEVELS.get(level or 4, f"Level {level}")


def _message(element: ET.Element) -> str:
    """The rendered message, or the strings that would be put into it; blanks collapsed, cut at 2,000 characters."""
    rendering = _find(element, "RenderingInfo")
    message = _text(rendering, "Message") if rendering is not None else ""
    if not message:
        data = _find(element, "EventData")
        parts = [child for child in data if local(child) == "Data"] if data is not None else []
        message = " ".join("".join(part.itertext()) for part in parts)
    return " ".join(message.split())[:_LONGEST_TEXT]


def _created(system: ET.Element) -> datetime.datetime | None:
    created = _find(system, "TimeCreated")
    match = _TIME.match(created.get("SystemTime") or "") if created is not None else None
    if match is None:
        return None
    day, clock, fraction = match.groups()
    try:
        moment = datetime.datetime.fromisoformat(f"{day}T{clock}+00:00")
    except ValueError:
        return None
    return moment.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))


def no_privilege(text: str) -> bool:
    """Whether a text names system error 1314, "A required privilege is not held by the client"."""
    return _NO_PRIVILEGE.search(text) is not None


def of_pop3(event: Event) -> bool:
    """Whether an event is about a POP3 logon: 11202 or 13003 from the POP3 source in any spelling, not a success."""
    source = "".join(event.source.split()).lower()
    return event.event_id in EVENT_IDS and source.startswith("msexchangepop3") and event.type != "Success Audit"


def grouped(events: Iterable[Event]) -> tuple[Group, ...]:
    """Equal events (number, source, type, text) put together, the newest group first."""
    groups: dict[tuple[int, str, str, str], list[Event]] = {}
    for event in events:
        key = (event.event_id, event.source, event.type, event.text)
        groups.setdefault(key, []).append(event)
    made = [Group(same[0], len(same), newest(same)) for same in groups.values()]
    return tuple(sorted(made, key=lambda group: _sortable(group.newest), reverse=True))


def newest(events: Iterable[Event]) -> datetime.datetime | None:
    """The newest time among ``events``; None when none states a time."""
    return max((event.time for event in events if event.time is not None), default=None)


def _sortable(moment: datetime.datetime | None) -> datetime.datetime:
    return moment or datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
