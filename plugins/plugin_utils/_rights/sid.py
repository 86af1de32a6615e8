# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security identifiers: syntax, computed and well-known SIDs, what a SID alone says about its account.

Sources: MS-DTYP 2.4.2, Microsoft "Well-known SIDs", "SID Strings". The S-1-5-80 and S-1-5-82 rules were checked
against real exports.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Mapping

_SID = re.compile(r"\AS-1-(?:0x[0-9A-Fa-f]{1,12}|[0-9]{1,15})(?:-[0-9]{1,10}){1,15}\Z", re.IGNORECASE | re.ASCII)

ADMINISTRATORS = "S-1-5-32-544"
ALL_SERVICES = "S-1-5-80-0"
SERVICE = "S-1-5-6"
LOCAL_SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"
EVERYONE = "S-1-1-0"
AUTHENTICATED_USERS = "S-1-5-11"
LOCAL_ACCOUNT = "S-1-5-113"
LOCAL_ACCOUNT_AND_ADMINISTRATOR = "S-1-5-114"

_WELL_KNOWN: Mapping[str, tuple[str, ...]] = {
    EVERYONE: ("Everyone",),
    "S-1-2-0": ("LOCAL",),
    "S-1-2-1": ("CONSOLE LOGON",),
    "S-1-3-0": ("CREATOR OWNER",),
    "S-1-3-1": ("CREATOR GROUP",),
    "S-1-5-1": ("NT AUTHORITY\\DIALUP",),
    "S-1-5-2": ("NT AUTHORITY\\NETWORK",),
    "S-1-5-3": ("NT AUTHORITY\\BATCH",),
    "S-1-5-4": ("NT AUTHORITY\\INTERACTIVE",),
    SERVICE: ("NT AUTHORITY\\SERVICE",),
    "S-1-5-7": ("NT AUTHORITY\\ANONYMOUS LOGON",),
    "S-1-5-9": ("NT AUTHORITY\\ENTERPRISE DOMAIN CONTROLLERS",),
    "S-1-5-10": ("NT AUTHORITY\\SELF",),
    AUTHENTICATED_USERS: ("NT AUTHORITY\\Authenticated Users",),
    "S-1-5-12": ("NT AUTHORITY\\RESTRICTED",),
    "S-1-5-13": ("NT AUTHORITY\\TERMINAL SERVER USER",),
    "S-1-5-14": ("NT AUTHORITY\\REMOTE INTERACTIVE LOGON",),
    "S-1-5-15": ("NT AUTHORITY\\This Organization",),
    "S-1-5-17": ("NT AUTHORITY\\IUSR",),
    LOCAL_SYSTEM: ("NT AUTHORITY\\SYSTEM", "NT AUTHORITY\\LocalSystem", "LocalSystem"),
    LOCAL_SERVICE: ("NT AUTHORITY\\LOCAL SERVICE", "NT AUTHORITY\\LocalService"),
    NETWORK_SERVICE: ("NT AUTHORITY\\NETWORK SERVICE", "NT AUTHORITY\\NetworkService"),
    LOCAL_ACCOUNT: ("NT AUTHORITY\\Local account",),
    LOCAL_ACCOUNT_AND_ADMINISTRATOR: ("NT AUTHORITY\\Local account and member of Administrators group",),
    ADMINISTRATORS: ("BUILTIN\\Administrators",),
    "S-1-5-32-545": ("BUILTIN\\Users",),
    "S-1-5-32-546": ("BUILTIN\\Guests",),
    "S-1-5-32-547": ("BUILTIN\\Power Users",),
    "S-1-5-32-548": ("BUILTIN\\Account Operators",),
    "S-1-5-32-549": ("BUILTIN\\Server Operators",),
    "S-1-5-32-550": ("BUILTIN\\Print Operators",),
    "S-1-5-32-551": ("BUILTIN\\Backup Operators",),
    "S-1-5-32-552": ("BUILTIN\\Replicator",),
    "S-1-5-32-554": ("BUILTIN\\Pre-Windows 2000 Compatible Access",),
    "S-1-5-32-555": ("BUILTIN\\Remote Desktop Users",),
    "S-1-5-32-556": ("BUILTIN\\Network Configuration Operators",),
    "S-1-5-32-558": ("BUILTIN\\Performance Monitor Users",),
    "S-1-5-32-559": ("BUILTIN\\Performance Log Users",),
    "S-1-5-32-562": ("BUILTIN\\Distributed COM Users",),
    "S-1-5-32-568": ("BUILTIN\\IIS_IUSRS",),
    "S-1-5-32-569": ("BUILTIN\\Cryptographic Operators",),
    "S-1-5-32-573": ("BUILTIN\\Event Log Readers",),
    "S-1-5-32-578": ("BUILTIN\\Hyper-V Administrators",),
    "S-1-5-32-580": ("BUILTIN\\Remote Management Users",),
    ALL_SERVICES: ("NT SERVICE\\ALL SERVICES",),
    "S-1-5-83-0": ("NT VIRTUAL MACHINE\\Virtual Machines",),
    "S-1-5-90-0": ("Window Manager\\Window Manager Group",),
}

# Names that are also likely names of somebody's own account are understood only with their authority in front.
_ONLY_QUALIFIED = frozenset({"local", "network", "batch", "service", "self", "system", "dialup", "restricted", "iusr"})


def _spellings() -> dict[str, str]:
    table: dict[str, str] = {}
    for sid, names in _WELL_KNOWN.items():
        for name in names:
            for spelling in (name.lower(), name.rpartition("\\")[2].lower()):
                if spelling not in _ONLY_QUALIFIED:
                    table.setdefault(spelling, sid)
    return table


WELL_KNOWN_NAMES: Mapping[str, str] = _spellings()

# The accounts that Windows itself brings for services, as Service Control Manager shows them.
SERVICE_ACCOUNTS: Mapping[str, str] = {
    LOCAL_SYSTEM: "Local System",
    LOCAL_SERVICE: "Local Service",
    NETWORK_SERVICE: "Network Service",
}

# Two-letter aliases of SDDL whose SID is the same everywhere (Microsoft, "SID Strings").
SDDL_ALIASES: Mapping[str, str] = {
    "AN": "S-1-5-7",
    "AO": "S-1-5-32-548",
    "AU": AUTHENTICATED_USERS,
    "BA": ADMINISTRATORS,
    "BG": "S-1-5-32-546",
    "BO": "S-1-5-32-551",
    "BU": "S-1-5-32-545",
    "CO": "S-1-3-0",
    "CG": "S-1-3-1",
    "ED": "S-1-5-9",
    "IU": "S-1-5-4",
    "LS": "S-1-5-19",
    "LU": "S-1-5-32-559",
    "MU": "S-1-5-32-558",
    "NO": "S-1-5-32-556",
    "NS": "S-1-5-20",
    "NU": "S-1-5-2",
    "PO": "S-1-5-32-550",
    "PS": "S-1-5-10",
    "PU": "S-1-5-32-547",
    "RC": "S-1-5-12",
    "RD": "S-1-5-32-555",
    "RE": "S-1-5-32-552",
    "RU": "S-1-5-32-554",
    "SO": "S-1-5-32-549",
    "SU": SERVICE,
    "SY": "S-1-5-18",
    "WD": EVERYONE,
    "ER": "S-1-5-32-573",
    "HA": "S-1-5-32-578",
    "RM": "S-1-5-32-580",
}

# Relative identifiers whose kind is the same in every domain and on every computer (Microsoft, "Well-known SIDs").
_USER_RIDS = frozenset({500, 501, 502, 503, 504})
_GROUP_RIDS = frozenset({498, *range(512, 523), 525, 526, 527})


def is_sid(text: str) -> bool:
    """Whether ``text`` is a SID string (``S-1-5-32-544``, any case): 48 bits of authority, 32 of each number behind."""
    if _SID.match(text) is None:
        return False
    _head, _revision, authority, *rest = text.split("-")
    return _authority(authority) < 1 << 48 and all(int(part) < 1 << 32 for part in rest)


def _authority(text: str) -> int:
    return int(text, 16 if text[:2].lower() == "0x" else 10)


def normal(sid: str) -> str:
    """The one spelling that is compared, Windows' own: no leading zeros, an authority of 2^32 and more in hex."""
    _head, _revision, authority, *rest = sid.split("-")
    number = _authority(authority)
    shown = f"0x{number:012X}" if number >= 1 << 32 else str(number)
    return "-".join(["S-1", shown, *(str(int(part)) for part in rest)])


def well_known(name: str) -> str | None:
    """The SID of an English well-known name, in any case and on any language of Windows, or None."""
    return WELL_KNOWN_NAMES.get(" ".join(name.split()).lower())


def well_known_name(sid: str) -> str | None:
    """The English name of a well-known SID, or None."""
    names = _WELL_KNOWN.get(sid)
    return names[0] if names else None


def _hashed(first: int, name: str) -> str:
    parts = struct.unpack("<5I", hashlib.sha1(name.encode("utf-16-le"), usedforsecurity=False).digest())
    return "-".join(["S-1-5", str(first), *(str(part) for part in parts)])


def service_sid(name: str) -> str:
    r"""The SID of ``NT SERVICE\name``: SHA-1 of the upper-case key name (docs/sources.md S1: seen in real exports)."""
    return _hashed(80, "".join(_one(character.upper(), character) for character in name))


def app_pool_sid(name: str) -> str:
    r"""The SID of ``IIS APPPOOL\name``: SHA-1 of the lower-case pool name."""
    return _hashed(82, "".join(_one(character.lower(), character) for character in name))


def _one(changed: str, character: str) -> str:
    """Windows changes case one code unit for one; Python makes two letters of some (ß)."""
    return changed if len(changed) == 1 else character


def kind_of(sid: str, name: str | None = None) -> str:
    """What is certain about an account from its SID (see Account.kind in _host.py); ``name`` helps with ``$``."""
    parts = sid.split("-")
    if sid.startswith("S-1-5-32-"):
        return "alias"
    if sid.startswith("S-1-5-80-") and sid != ALL_SERVICES:
        return "service"
    if sid.startswith("S-1-5-82-"):
        return "app_pool"
    if not sid.startswith("S-1-5-21-"):
        return "well_known"
    if len(parts) == 8 and int(parts[7]) in _USER_RIDS:
        return "user"
    if len(parts) == 8 and int(parts[7]) in _GROUP_RIDS:
        return "group"
    return "computer" if name is not None and name.endswith("$") else "account"
