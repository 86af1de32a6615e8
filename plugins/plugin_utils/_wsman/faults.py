# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Management faults: both shapes, outer and inner codes, as one value.

Sources: DSP0226, MS-WSMV 2.2.4.43, DSP0227 (MSFT_WmiError). pywinrm 0.4 keeps no fault, so they are parsed here.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.xml_gate import local, parse_message

from . import fault_codes

if t.TYPE_CHECKING:
    import xml.etree.ElementTree as ET

NOT_FOUND = 2150858752
INVALID_NAMESPACE_OR_CLASS = 2150858778
OPERATION_TIMEOUT = 2150858793
MAX_OPERATIONS = 2150859174
MAX_SHELLS = 2150859173
QUOTAS = fault_codes.of("quota")
ACCESS_DENIED = fault_codes.of("denied")
# Faults that say nothing about what was asked for: it was not looked up.
NO_ANSWER = QUOTAS | ACCESS_DENIED | {OPERATION_TIMEOUT, INVALID_NAMESPACE_OR_CLASS}

# Every request of ours asks for 150 KB at most, and Windows sends 500 KB at most unless an administrator allows more.
LONGEST_MESSAGE = 1 << 20
_CODE = re.compile(r"(-?)(?:0[xX]([0-9A-Fa-f]{1,16})|([0-9]{1,20}))", re.ASCII)
_MESSAGES = ("Text", "faultstring", "Message", "error_WindowsErrorMessage")
# Real faults have four.
_MOST_MESSAGES = 32


@dataclass(frozen=True)
class Fault:
    """What a fault said: the outer code, the provider's inner code (unsigned), and Windows' own text."""

    code: int | None
    inner: int | None
    text: str

    def describe(self) -> str:
        """``code 2150858752 (0x80338000), inner 0x80041002: text``, as far as it is known."""
        codes = [] if self.code is None else [f"code {self.code} (0x{self.code:08X})"]
        if self.inner is not None:
            codes.append(f"inner 0x{self.inner:08X}")
        return f"{', '.join(codes) or 'no code'}: {self.text or 'no text'}"

    def refusal(self, what: str) -> WindowsError:
        """The error for ``what`` ("a command", "a CIM operation") that Windows answered with this fault."""
        said, advice = f"Windows refused {what}: {self.describe()}", fault_codes.advice((self.code, self.inner))
        if advice:
            said = f"{said.removesuffix('.')}. {advice}"
        return WindowsError(said, code=self.code, inner=self.inner, text=self.text)


def parse_fault(text: str | bytes) -> Fault | None:
    """The fault in a SOAP answer, or None where there is none."""
    try:
        root = parse_message(text, LONGEST_MESSAGE)
    except ValueError:
        return None
    fault = next((node for node in root.iter() if local(node) == "Fault"), None)
    return None if fault is None else read_fault(fault)


def read_fault(fault: ET.Element) -> Fault:
    """What a Fault element says."""
    codes = [_number(node.get("Code")) for node in fault.iter() if local(node) == "WSManFault"]
    provider = _first(fault, "error_Code")
    status = _first(fault, "HRESULT") or _first(fault, "StatusCode")
    inner = _number(provider) if provider is not None else _number(status)
    outer = codes[0] if codes else None
    if inner is None and len(codes) > 1:
        inner = codes[1]
    return Fault(outer, inner, _text(fault))


def _first(fault: ET.Element, name: str) -> str | None:
    return next((node.text for node in fault.iter() if local(node) == name and node.text), None)


def _number(text: str | None) -> int | None:
    """A code as Windows writes it: decimal or hexadecimal, signed or not, 32 bits or the same widened to 64."""
    match = _CODE.fullmatch((text or "").strip())
    if match is None:
        return None
    sign, hexadecimal, decimal = match.groups()
    number = int(sign + (hexadecimal or decimal), 16 if hexadecimal else 10)
    if 1 << 63 <= number < 1 << 64:
        number -= 1 << 64
    # Cut to 32 bits, any other number could pass for a code that it is not.
    return number & 0xFFFFFFFF if -(1 << 31) <= number < 1 << 32 else None


def _text(fault: ET.Element) -> str:
    """The innermost message: the provider's own words say more than the envelope's."""
    nodes = [node for node in fault.iter() if local(node) in _MESSAGES][-_MOST_MESSAGES:]
    texts = dict.fromkeys(" ".join("".join(node.itertext()).split()) for node in nodes)
    return next((words[:1000] for words in reversed(texts) if words), "")
