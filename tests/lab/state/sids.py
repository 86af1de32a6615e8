# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security identifiers: their form, and those that are computed from names (docs/sources.md S1)."""

from __future__ import annotations

import hashlib
import re
import struct
import uuid

SID = re.compile(r"S-1-\d{1,13}(-\d{1,10}){1,15}", re.IGNORECASE)

LOCAL_SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"
ADMINISTRATORS = "S-1-5-32-544"
REMOTE_MANAGEMENT_USERS = "S-1-5-32-580"


def service_sid(name: str) -> str:
    r"""``NT SERVICE\\name``: S-1-5-80- and SHA-1 of the upper-case name in UTF-16LE (docs/sources.md S1)."""
    return "S-1-5-80-" + _sha1_words(name.upper())


def app_pool_sid(name: str) -> str:
    r"""``IIS APPPOOL\\name``: S-1-5-82- and SHA-1 of the lower-case name in UTF-16LE (docs/sources.md S1)."""
    return "S-1-5-82-" + _sha1_words(name.lower())


def restricted_service_sid(name: str) -> str:
    r"""``RESTRICTED SERVICES\\name``: as a service's SID, under S-1-5-99 (capture 05 holds that of the spooler)."""
    return "S-1-5-99-" + _sha1_words(name.upper())


def virtual_machine_sid(guid: str) -> str:
    r"""``NT VIRTUAL MACHINE\\GUID``: S-1-5-83-1- and the four words of the GUID [K]."""
    return "S-1-5-83-1-" + "-".join(str(word) for word in struct.unpack("<4I", uuid.UUID(guid).bytes_le))


def _sha1_words(text: str) -> str:
    digest = hashlib.sha1(text.encode("utf-16-le"), usedforsecurity=False).digest()
    return "-".join(str(word) for word in struct.unpack("<5I", digest))


def is_sid(text: str) -> bool:
    """Whether ``text`` has the form of a SID string whose numbers fit their fields."""
    if not SID.fullmatch(text):
        return False
    return all(int(part) < 1 << 32 for part in text.split("-")[3:])


def canonical(text: str) -> str:
    """The one spelling of a SID string: upper-case S, no leading zeros."""
    return "S-" + "-".join(str(int(part)) for part in text.split("-")[1:])


def to_bytes(sid: str) -> list[int]:
    """The binary form of a SID, as the uint8 array that WMI hands out."""
    parts = [int(part) for part in sid.split("-")[1:]]
    head = struct.pack(">BB", parts[0], len(parts) - 2) + parts[1].to_bytes(6, "big")
    return list(head + struct.pack(f"<{len(parts) - 2}I", *parts[2:]))


def authority_of(sid: str) -> str:
    """The SID without its last number: of an account, its domain or computer."""
    return sid.rpartition("-")[0]
