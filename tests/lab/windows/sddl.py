# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SDDL strings taken apart: the entries of a DACL with their trustees as SIDs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.state import sddl_aliases, sids

if TYPE_CHECKING:
    from lab.state.machine import Machine


class MalformedError(Exception):
    """A string that the SDDL parser refuses as a whole."""


@dataclass(frozen=True)
class Entry:
    """One entry: ``kind`` 0 allow, 1 deny; ``flags`` and ``mask`` as numbers."""

    kind: int
    flags: int
    mask: int
    sid: str


_FLAGS = {"OI": 1, "CI": 2, "NP": 4, "IO": 8, "ID": 16}
_MASKS = {
    "FA": 0x1F01FF,
    "FR": 0x120089,
    "FW": 0x120116,
    "FX": 0x1200A0,
    "GA": 0x10000000,
    "GR": 0x80000000,
    "GW": 0x40000000,
    "GX": 0x20000000,
    "SD": 0x10000,
    "RC": 0x20000,
    "WD": 0x40000,
    "WO": 0x80000,
    "CC": 1,
    "DC": 2,
    "LC": 4,
    "SW": 8,
    "RP": 16,
    "WP": 32,
    "DT": 64,
    "LO": 128,
    "CR": 256,
}


def parse_dacl(text: str, machine: Machine) -> list[Entry]:
    """The DACL of a string like ``O:…G:…D:(A;;1;;;SID)…``; raises MalformedError."""
    match = re.search(r"D:([A-Z]*)((?:\([^()]*\))*)(?=S:|$)", text.strip())
    if not match:
        raise MalformedError(text)
    return [_entry(body, machine) for body in re.findall(r"\(([^()]*)\)", match.group(2))]


def _entry(body: str, machine: Machine) -> Entry:
    parts = body.split(";")
    if len(parts) != 6 or parts[0] not in ("A", "D"):
        raise MalformedError(body)
    flags = sum(_FLAGS.get(pair, 0) for pair in re.findall("..", parts[1]))
    return Entry(int(parts[0] == "D"), flags, _mask(parts[2]), trustee(parts[5], machine))


def _mask(text: str) -> int:
    if re.fullmatch(r"0x[0-9A-Fa-f]+|\d+", text):
        return int(text, 0)
    pairs = re.findall("..", text)
    if not all(pair in _MASKS for pair in pairs):
        raise MalformedError(text)
    return sum({_MASKS[pair] for pair in pairs})


def trustee(text: str, machine: Machine) -> str:
    """The SID of a SDDL trustee: a SID string or two letters."""
    if sids.is_sid(text):
        return sids.canonical(text)
    if text in sddl_aliases.FIXED:
        return sddl_aliases.FIXED[text]
    if text in sddl_aliases.LOCAL:
        return f"{machine.local.sid}-{sddl_aliases.LOCAL[text]}"
    if text in sddl_aliases.DOMAIN and machine.domain:
        return f"{machine.domain.sid}-{sddl_aliases.DOMAIN[text]}"
    raise MalformedError(text)
