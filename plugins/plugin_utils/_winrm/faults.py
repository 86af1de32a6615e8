# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Management faults: both shapes, outer and inner codes, as one value.

Sources: DSP0226, MS-WSMV 2.2.4.43, DSP0227 (MSFT_WmiError). pywinrm 0.4 keeps no fault, so they are parsed here.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

NOT_FOUND = 2150858752
INVALID_NAMESPACE_OR_CLASS = 2150858778
OPERATION_TIMEOUT = 2150858793
MAX_OPERATIONS = 2150859174
MAX_SHELLS = 2150859173
ACCESS_DENIED = frozenset({5, 2150859013, 2150859014, 0x80070005, 0x80041003})


@dataclass(frozen=True)
class Fault:
    """What a fault said: the outer code, the provider's inner code (unsigned), and Windows' own text."""

    code: int | None
    inner: int | None
    text: str

    @property
    def denied(self) -> bool:
        """Whether Windows refused access (the shell, the namespace or the class)."""
        return self.code in ACCESS_DENIED or self.inner in ACCESS_DENIED

    def describe(self) -> str:
        """``code 2150858752 (0x80338000), inner 0x80041002: text``, as far as it is known."""
        codes = [] if self.code is None else [f"code {self.code} (0x{self.code:08X})"]
        if self.inner is not None:
            codes.append(f"inner 0x{self.inner:08X}")
        return f"{', '.join(codes) or 'no code'}: {self.text or 'no text'}"


def parse_xml(text: str | bytes) -> ET.Element:
    """Parse what a host sent; raises ValueError for anything that is not plain XML (no document type, no entities)."""
    data = text.encode("utf-8") if isinstance(text, str) else text
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise ValueError("a document type is not allowed in a SOAP message")
    try:
        return ET.fromstring(data)  # document types, the vehicle of entity attacks, were refused above
    except (ET.ParseError, LookupError) as exc:
        raise ValueError(f"not well-formed XML: {exc}") from exc


def local(tag: str) -> str:
    """The local name of an element: hosts use any prefix."""
    return tag.rpartition("}")[2]


def parse_fault(text: str | bytes) -> Fault | None:
    """The fault in a SOAP answer, or None where there is none."""
    try:
        root = parse_xml(text)
    except ValueError:
        return None
    fault = next((node for node in root.iter() if local(node.tag) == "Fault"), None)
    if fault is None:
        return None
    codes = [_number(node.get("Code")) for node in fault.iter() if local(node.tag) == "WSManFault"]
    provider = _first(fault, "error_Code")
    status = _first(fault, "HRESULT") or _first(fault, "StatusCode")
    inner = _number(provider) if provider is not None else _number(status)
    outer = codes[0] if codes else None
    if inner is None and len(codes) > 1:
        inner = codes[1]
    return Fault(outer, inner, _text(fault))


def _first(fault: ET.Element, name: str) -> str | None:
    return next((node.text for node in fault.iter() if local(node.tag) == name and node.text), None)


def _number(text: str | None) -> int | None:
    try:
        return int(text.strip(), 0) & 0xFFFFFFFF if text else None
    except ValueError:
        return None


def _text(fault: ET.Element) -> str:
    """The innermost message: the provider's own words say more than the envelope's."""
    texts: list[str] = []
    for node in fault.iter():
        if local(node.tag) in ("Text", "Message", "error_WindowsErrorMessage"):
            words = " ".join("".join(node.itertext()).split())
            if words and words not in texts:
                texts.append(words)
    return texts[-1][:1000] if texts else ""
