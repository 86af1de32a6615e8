# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wevtutil.exe: qe with a query, as XML or rendered XML or text (docs/sources.md S8)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lab.state.eventlog import TYPES, Event
from lab.windows.xpath import QueryInvalidError, compile_query

if TYPE_CHECKING:
    from lab.windows.call import Call

NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
_LONG = {"query": "q", "format": "f", "element": "e", "count": "c", "reversedirection": "rd", "unicode": "uni"}
_TEXTS = {
    5: "Access is denied.",
    15001: "The specified query is invalid.",
    15007: "The specified channel could not be found. Check channel configuration.",
}


def main(call: Call) -> int:
    """``wevtutil qe|el …``; exit 0 also when nothing matches, 15007 no channel, 5 denied, 15001 bad query."""
    call.shell.seconds += 0.1
    verb = call.args[0].casefold() if call.args else ""
    if verb in ("el", "enum-logs"):
        for name in call.host.machine.events.channels:
            call.out(f"{name}\r\n")
        return 0
    if verb not in ("qe", "query-events") or len(call.args) < 2:
        call.host.note("unmodelled", "wevtutil" + call.tail)
        return 87
    return _query(call, call.args[1], _options(call.args[2:]))


def _options(args: list[str]) -> dict[str, str]:
    found = {}
    for arg in args:
        name, dummy, value = arg.lstrip("/-").partition(":")
        found[_LONG.get(name.casefold(), name.casefold())] = value.strip('"')
    return found


def _query(call: Call, name: str, options: dict[str, str]) -> int:
    log = call.host.machine.events
    channel = log.channel(name)
    if channel is None:
        return _fail(call, 15007)
    if channel == "Security" and not call.caller.administrator:
        return _fail(call, 5)
    now = call.host.machine.clock.now()
    try:
        test = compile_query(options.get("q", ""), now)
    except QueryInvalidError:
        return _fail(call, 15001)
    events = [e for e in log.channels[channel] if test(e)]
    if options.get("rd", "").casefold() == "true":
        events.reverse()
    if options.get("c", "").isdigit():
        events = events[: int(options["c"])]
    _print(call, events, options)
    return 0


def _fail(call: Call, code: int) -> int:
    call.err(f"{_TEXTS[code]}\r\n")
    return code


def _print(call: Call, events: list[Event], options: dict[str, str]) -> None:
    form = options.get("f", "xml").casefold()
    if form == "text":
        text = "".join(_text(e, n) for n, e in enumerate(events))
    else:
        rendered = form == "renderedxml"
        text = "".join(f"{_xml(call, e, rendered=rendered)}\r\n" for e in events)
        if root := options.get("e"):
            text = f"<{root}>\r\n{text}</{root}>\r\n"
    if text:
        call.io.out.write(_encoded(call, text, wide=options.get("uni", "").casefold() == "true"))


def _encoded(call: Call, text: str, *, wide: bool) -> bytes:
    """What `/uni:true` means in a pipe is open (world); without it: the console's code page."""
    if not wide:
        return call.shell.encode(text)
    how = call.host.worlds["wevtutil_encoding"]
    if how.startswith("utf16"):
        return (b"" if how == "utf16_no_bom" else b"\xff\xfe") + text.encode("utf-16-le")
    return text.encode("utf-8" if how == "utf8" else "cp1252", "replace")


def _xml(call: Call, event: Event, *, rendered: bool) -> str:
    """The shape of capture 12: single quotes, Keywords in hex, Data without names."""
    time = f"{event.time:%Y-%m-%dT%H:%M:%S.%f}000Z"
    data = "".join(f"<Data>{escape(item)}</Data>" for item in event.data)
    return (
        f"<Event xmlns='{NAMESPACE}'><System><Provider Name='{escape(event.source)}'/>"
        f"<EventID Qualifiers='{event.qualifiers}'>{event.event_id}</EventID><Level>{event.level}</Level>"
        f"<Task>{event.task}</Task><Keywords>0x{event.keywords:x}</Keywords>"
        f"<TimeCreated SystemTime='{time}'/><EventRecordID>{event.record}</EventRecordID>"
        f"<Channel>{event.channel}</Channel><Computer>{escape(call.host.machine.fqdn)}</Computer><Security/>"
        f"</System><EventData>{data}</EventData>{_rendering(call, event) if rendered else ''}</Event>"
    )


def _rendering(call: Call, event: Event) -> str:
    if call.host.worlds["events_rendered"] == "no":
        return ""
    culture = {"de": "de-DE"}.get(call.host.machine.language, "en-US")
    return (
        f"<RenderingInfo Culture='{culture}'><Message>{escape(event.message)}</Message>"
        f"<Channel>{event.channel}</Channel><Provider>{escape(event.source)}</Provider></RenderingInfo>"
    )


def _text(event: Event, number: int) -> str:
    return (
        f"Event[{number}]:\r\n  Log Name: {event.channel}\r\n  Source: {event.source}\r\n"
        f"  Date: {event.time:%Y-%m-%dT%H:%M:%S.000}\r\n  Event ID: {event.event_id}\r\n"
        f"  Level: {TYPES[event.kind][3]}\r\n  Description: \r\n{event.message}\r\n\r\n"
    )
