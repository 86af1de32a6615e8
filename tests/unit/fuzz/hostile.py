# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that grow: for each parser the shapes that could cost more than their length, by size in bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.winmail.exchange.tests.unit.fuzz.seeds import NONCE, OTHER, section

Make = Callable[[int], bytes]


@dataclass(frozen=True)
class Hostile:
    """One shape of answer for one parser; ``size`` is the smaller of the two sizes that are compared."""

    parser: str
    shape: str
    make: Make
    size: int = 32_768

    def __str__(self) -> str:
        return f"{self.parser.replace(' ', ':')}-{self.shape.replace(' ', '-')}"


def repeated(piece: bytes, before: bytes = b"", after: bytes = b"") -> Make:
    """One piece again and again."""
    return lambda size: before + piece * max(1, (size - len(before) - len(after)) // len(piece)) + after


def numbered(piece: str, before: bytes = b"", after: bytes = b"") -> Make:
    """A piece with a number of its own each time, so that nothing is equal to anything."""

    def make(size: int) -> bytes:
        count = max(1, size // len(piece.format(10_000)))
        return before + "".join(piece.format(10_000 + index) for index in range(count)).encode() + after

    return make


def nested(begin: bytes, end: bytes, before: bytes = b"", after: bytes = b"", inside: bytes = b"x") -> Make:
    """Elements in elements."""

    def make(size: int) -> bytes:
        count = max(1, size // (len(begin) + len(end)))
        return before + begin * count + inside + end * count + after

    return make


def cased(spelling: str) -> Make:
    """One right in ever other cases, one line each: all of them mean the same."""

    def make(size: int) -> bytes:
        lines = [b"[Privilege Rights]\r\n"]
        for index in range(size // (len(spelling) + 6)):
            bits = f"{index:b}".rjust(len(spelling), "0")
            name = "".join(c.upper() if bit == "1" else c.lower() for c, bit in zip(spelling, bits, strict=True))
            lines.append(f"{name} = a\r\n".encode())
        return b"".join(lines)

    return make


_RIGHTS = b"[Version]\r\n[Privilege Rights]\r\n"
_BODY = b"<E xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><Body>"
_END = b"</Body></E>"
_EVENT = b"<Event><System><Provider Name='a'/><EventID>1</EventID></System><EventData><Data>x"
_TEMPLATES = (
    ("one right in many lines", repeated(b"SeA=b\r\n", _RIGHTS)),
    ("one right in many cases", cased("setakeownershipprivilege")),
    ("many rights", numbered("Se{}=b\r\n", _RIGHTS)),
    ("many tokens", repeated(b",a", _RIGHTS + b"SeA=")),
    ("many sections", repeated(b"[Version]\r\n")),
    ("stray lines", repeated(b"?\r\n", _RIGHTS)),
    ("padding", repeated(b"\x00 \t\x1a", _RIGHTS)),
    ("padding in a line", repeated(b" \t", _RIGHTS + b"SeA= a", b"b\r\n")),
    ("carriage returns", repeated(b"\r")),
    ("marks", repeated(b"\xef\xbb\xbf")),
)
_TREES = (
    ("equal properties", repeated(b"<a/>", _BODY + b"<R>", b"</R>" + _END)),
    ("other properties", numbered("<a{}/>", _BODY + b"<R>", b"</R>" + _END)),
    ("a deep property", nested(b"<a>", b"</a>", _BODY, _END)),
    ("references", repeated(b"<EndpointReference><Selector/></EndpointReference>", _BODY + b"<R>", b"</R>" + _END)),
    ("deep references", nested(b"<ReferenceParameters>", b"</ReferenceParameters>", _BODY, _END)),
    ("rows", repeated(b"<a><b>c</b></a>", _BODY + b"<P><Items>", b"</Items><EndOfSequence/></P>" + _END)),
    ("lists of rows", repeated(b"<Items><a/></Items>", _BODY + b"<P>", b"<EndOfSequence/></P>" + _END)),
    ("rows in rows", nested(b"<Items>", b"</Items>", _BODY + b"<P>", b"<EndOfSequence/></P>" + _END)),
    ("attributes", numbered(" a{}='b'", _BODY + b"<R><c", b"/></R>" + _END)),
    ("namespaces", nested(b"<a xmlns='b'>", b"</a>", _BODY, _END)),
    ("text", repeated(b"&amp;", _BODY + b"<R><a>", b"</a></R>" + _END)),
    ("comments", repeated(b"<!--->-->", _BODY, _END)),
    ("never closed", repeated(b"<a>")),
    ("one attribute without end", repeated(b"a", b"<a b='")),
)
_FAULTS = (
    ("messages", numbered("<Text>a{}</Text>", _BODY + b"<Fault>", b"</Fault>" + _END)),
    ("messages in messages", nested(b"<Text>a", b"</Text>", _BODY + b"<Fault>", b"</Fault>" + _END)),
    ("codes", repeated(b"<WSManFault Code='5'/>", _BODY + b"<Fault>", b"</Fault>" + _END)),
    ("a long message", repeated(b"a ", _BODY + b"<Fault><Text>", b"</Text></Fault>" + _END)),
    ("a long code", repeated(b"F", _BODY + b"<Fault><WSManFault Code='0x", b"'/></Fault>" + _END)),
)
_EVENTS = (
    ("events in events", nested(_EVENT, b"</Data></EventData></Event>")),
    ("events", repeated(_EVENT + b"</Data></EventData></Event>", b"<Events>", b"</Events>")),
    ("references", repeated(b"&#0;", b"<Event>", b"</Event>")),
    ("half references", repeated(b"&#1111111111", b"<Event>", b"</Event>")),
    ("a declaration without end", repeated(b"?", b"<?xml ")),
    ("a long declaration", repeated(b"? ", b"<?xml ", b"?><Event/>")),
    ("no characters", repeated(b"\x00")),
)
_MARK = f"@@{NONCE}:".encode()
_OUTPUTS = (
    ("end markers", repeated(_MARK + b"end ")),
    ("blanks behind the end", repeated(b" ", _MARK + b"end", b"x")),
    ("blanks", repeated(b" \r\n")),
    ("open markers", repeated(_MARK + b"e[\r\n")),
    ("code markers", repeated(_MARK + b"e=")),
    ("a long code", repeated(b"1", _MARK + b"e=")),
)


def _section(name: str, make: Make) -> Make:
    return lambda size: section(name, make(size))


def _acl(make: Make) -> Make:
    return lambda size: f"@@{NONCE}:n0=0\r\n".encode() + section("acl", make(size))


def _short(shapes: dict[str, Make], parser: str) -> tuple[Hostile, ...]:
    """Shapes for the parsers of one POP3 line, which the line reader keeps below 8 KiB."""
    return tuple(Hostile(parser, shape, make, 2_048) for shape, make in shapes.items())


_LINES = {
    "dots": repeated(b".", b"-ERR ", b"x"),
    "dots and blanks": repeated(b". ", b"-ERR ", b"x"),
    "numbers": repeated(b" 1", b"-ERR ", b"x"),
    "tabs": repeated(b"\t", b"-ERR ", b"x"),
    "brackets": repeated(b"[", b"-ERR "),
    "codes": repeated(b"[a] ", b"-ERR "),
    "versions": repeated(b" 5.0", b"+OK Microsoft Exchange ", b".1_"),
    "one version": repeated(b".1", b"+OK Microsoft Exchange 5.0", b"_"),
    "names": repeated(b"microsoft exchange", b"+OK "),
    "escapes": repeated(b"\x00"),
    "no text": repeated(b"\xff"),
    "the secret": repeated(b"s3cret-Passw0rd"),
    "half of the secret": repeated(b"s3cret-Passw0r"),
}
HOSTILE = (
    *(Hostile("_windows/inf.py parse", *shape) for shape in _TEMPLATES),
    *(Hostile("_winrm/policy.py read_cache", name, _section("policies", make)) for name, make in _TEMPLATES),
    Hostile(
        "_winrm/policy.py read_cache",
        "policies",
        lambda size: section("policies", repeated(_MARK + b"gpt a\r\n[Version]\r\n")(size)),
    ),
    *(Hostile("_wsman/soap.py read_row", *shape) for shape in _TREES),
    *(Hostile("_wsman/soap.py read_page", *shape) for shape in _TREES),
    *(Hostile("_wsman/faults.py parse_fault", *shape) for shape in (*_FAULTS, *_TREES)),
    *(Hostile("_exchange/events.py parse", *shape) for shape in (*_EVENTS, *_TREES)),
    *(Hostile("_wsman/shell.py Chain.read", *shape) for shape in _OUTPUTS),
    *(Hostile("_wsman/shell.py Sections.section", *shape) for shape in _OUTPUTS),
    *(Hostile("_wsman/answer.py Answer.read", *shape) for shape in _OUTPUTS),
    Hostile("_wsman/answer.py Answer.read", "lengths", repeated(f"\n@@{NONCE}:size=1\n".encode(), b"", b"x")),
    Hostile("_wsman/answer.py Answer.read", "blanks", repeated(b" ", f"@@{NONCE}:size=".encode())),
    Hostile("_wsman/answer.py Answer.read", "left", repeated(f"@@{NONCE}:left[\n".encode(), b"", b"x")),
    Hostile("_wsman/answer.py Answer.asked", "lengths", repeated(f"@@{OTHER}:kept=1\n".encode())),
    Hostile("_winrm/leftovers.py stems", "names", numbered("winmail-20251124T090000Z-0a1b2c3{}.inf\r\n")),
    Hostile("_winrm/at_once.py lines_of", "rights", repeated(b"SeTcbPrivilege =\r\n", b"[Privilege Rights]\r\n")),
    Hostile("_winrm/secedit.py log_lines", "lines", repeated(b"-\r\n")),
    Hostile("_winrm/secedit.py log_lines", "one line", repeated(b"a")),
    Hostile("_winrm/secedit.py sids_in_log", "one SID", repeated(b"-1", b"S-1")),
    Hostile("_winrm/secedit.py sids_in_log", "SIDs", numbered("S-1-5-{} ")),
    Hostile("_winrm/secedit.py sids_in_log", "beginnings", repeated(b"S-1-")),
    Hostile("_winrm/lookup_names.py read_answers", "entries", _acl(repeated(b"(A;;R;;;SY)", b"x.n0\r\nD:", b"\r\n"))),
    Hostile("_winrm/lookup_names.py read_answers", "brackets", _acl(repeated(b"(", b"x.n0\r\nD:", b"\r\n"))),
    Hostile("_winrm/lookup_names.py read_answers", "names", _acl(repeated(b"x.n1\r\nD:\r\n"))),
    Hostile("_winrm/lookup_names.py read_answers", "digits", _acl(repeated(b".n1111"))),
    Hostile("_winrm/lookup_names.py read_answers", "flags", _acl(repeated(b"CI", b"x.n0\r\nD:(A;", b";R;;;SY)\r\n"))),
    Hostile(
        "_winrm/private_database.py read_answers",
        "answers",
        _section("answers", repeated(b"*S-1-5-32-544__Members=*S-1-5-18\r\n")),
    ),
    Hostile("_winrm/whoami.py understood", "quotes", _section("groups", repeated(b'"S-1-1-0",'))),
    Hostile("_winrm/whoami.py understood", "rows", _section("groups", repeated(b'"x","S-1-1-0",""\r\n'))),
    Hostile("_winrm/events.py read_answer", "codes", _section("events", repeated(b"@@00000000:wevtutil=0"))),
    Hostile("_winrm/services.py number", "digits", repeated(b"9"), 2_048),
    Hostile("_winrm/services.py moment", "fractions", repeated(b".1", b"2026-11-24T09:00:00")),
    Hostile("_pop3/lines.py LineReader.feed", "empty lines", repeated(b"\n")),
    Hostile("_pop3/lines.py LineReader.feed", "short lines", repeated(b"+OK\r\n")),
    Hostile("_pop3/dialogue.py Dialogue.run", "empty lines", repeated(b"\n", b"+OK\r\n+OK\r\n")),
    Hostile("_pop3/dialogue.py Dialogue.run", "capabilities", numbered("A{}\r\n", b"+OK\r\n+OK\r\n")),
    Hostile("_pop3/dialogue.py Dialogue.run", "one line", repeated(b".", b"+OK ")),
    *_short(_LINES, "_pop3/texts.py normalised"),
    *_short(_LINES, "_pop3/texts.py Table.find"),
    *_short(_LINES, "_pop3/replies.py parse_reply"),
    *_short(_LINES, "_pop3/banners.py identify"),
    *_short(_LINES, "_pop3/lines.py printable"),
    *_short(_LINES, "_pop3/masking.py Masker.text"),
    *_short({"slashes": repeated(b"-1", b"S-1"), "digits": repeated(b"1", b"S-1-5-")}, "_windows/sid.py is_sid"),
    *_short({"digits": repeated(b"7", b"gpt", b".inf")}, "_rights/policy.py governed"),
    *_short({"blanks": repeated(b" a")}, "_windows/sid.py well_known"),
    *_short({"numbers": repeated(b"error 1314x"), "marks": repeated(b"error:::")}, "_exchange/events.py no_privilege"),
)
