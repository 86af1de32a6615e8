# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one gate for XML that a host sent or printed: bounded, without document type, so nothing is expanded or fetched.

In memory a text becomes up to two hundred times as long, hence the limits. What is refused is refused before it is
parsed.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

# WS-Management knows no others (DSP0226), and in these two nothing but the bytes themselves spells a document type.
_ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii", "ascii"})
_DECLARED = re.compile(rb"""<\?xml[^>]{0,80}\sencoding\s{0,9}=\s{0,9}["']([^"'>]{0,40})""")
_HEAD = 400
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(x[0-9A-Fa-f]{1,8}|[0-9]{1,10});")


class TooLongError(ValueError):
    """More than is read; the sentence begins with how much it is."""


class DocumentTypeError(ValueError):
    """A document type declaration or an entity, which Windows never writes."""


def parse_message(text: str | bytes, longest: int) -> ET.Element:
    """The root of one message as it was sent; raises ValueError for anything that is not plain XML."""
    data = text.encode("utf-8") if isinstance(text, str) else text
    if len(data) > longest:
        raise TooLongError(f"{len(data)} bytes long; at most {longest} are read")
    bare = data.replace(b"\0", b"")
    _refuse_document_type(bare.upper())
    declared = _DECLARED.search(bare[:_HEAD])
    if declared is not None and declared.group(1).decode("ascii", "replace").lower() not in _ENCODINGS:
        raise ValueError("neither UTF-8 nor UTF-16")
    try:
        return ET.fromstring(data)
    except (ET.ParseError, LookupError) as exc:
        raise ValueError(f"not well-formed XML: {exc}") from exc


def parse_printed(text: str, longest: int) -> ET.Element:
    """What a program printed, below a root of ours: elements with or without a root around them, or nothing.

    A character that XML forbids becomes U+FFFD (Windows writes such data all the same). Raises ValueError.
    """
    if len(text) > longest:
        raise TooLongError(f"{len(text)} characters long; at most {longest} are read")
    plain = _ILLEGAL.sub("\ufffd", text).strip(" \t\r\n\ufeff\ufffd")
    _refuse_document_type(plain.upper().encode("utf-8"))
    plain = _REFERENCE.sub(_safe_reference, re.sub(r"\A<\?xml[^>]*\?>", "", plain))
    try:
        return ET.fromstring(f"<all>{plain}</all>")
    except ET.ParseError as exc:
        raise ValueError(f"not whole XML: {exc}") from exc


def _refuse_document_type(upper: bytes) -> None:
    """Document types are the vehicle of entity attacks."""
    if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper:
        raise DocumentTypeError("XML with a document type, which Windows never writes")


def _safe_reference(match: re.Match[str]) -> str:
    """A character reference, or U+FFFD for one that XML 1.0 forbids."""
    written = match.group(1)
    code = int(written[1:], 16) if written[0] == "x" else int(written)
    if code > 0x10FFFF or _ILLEGAL.match(chr(code)):
        return "\ufffd"
    return match.group(0)


def local(element: ET.Element) -> str:
    """The local name of an element: hosts use any prefix."""
    return element.tag.rpartition("}")[2]
