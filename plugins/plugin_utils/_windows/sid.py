# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security identifiers: syntax, computed SIDs, what a SID alone says about its account.

Sources: MS-DTYP 2.4.2, Microsoft "SID Strings"; each computation and its vectors: docs/sources.md S1. The table of
well-known SIDs is well_known.py.
"""

from __future__ import annotations

import hashlib
import re
import struct
import uuid
from collections.abc import Callable, Mapping

from . import well_known as table

_SID = re.compile(r"\AS-1-(?:0x[0-9A-Fa-f]{1,12}|[0-9]{1,15})(?:-[0-9]{1,10}){1,15}\Z", re.IGNORECASE | re.ASCII)
_GUID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE | re.ASCII)
_SESSION = re.compile(r"[0-9]{1,5}", re.ASCII)

NULL = "S-1-0-0"
ADMINISTRATORS = "S-1-5-32-544"
ALL_SERVICES = "S-1-5-80-0"
SERVICE = "S-1-5-6"
LOCAL_SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"
EVERYONE = "S-1-1-0"
AUTHENTICATED_USERS = "S-1-5-11"
ANONYMOUS = "S-1-5-7"
DOMAIN_CONTROLLERS = "S-1-5-9"
LOCAL_ACCOUNT = "S-1-5-113"
LOCAL_ACCOUNT_AND_ADMINISTRATOR = "S-1-5-114"

# The accounts that Windows itself brings for services, as Service Control Manager shows them.
SERVICE_ACCOUNTS: Mapping[str, str] = {
    LOCAL_SYSTEM: "Local System",
    LOCAL_SERVICE: "Local Service",
    NETWORK_SERVICE: "Network Service",
}

# Two-letter aliases of SDDL whose SID is the same everywhere (Microsoft, "SID Strings"), so that no host is asked. No
# closed list: any other is asked of the host, RM among them, which is one group in Vista and another since 2012.
SDDL_ALIASES: Mapping[str, str] = {
    "AN": "S-1-5-7",
    "AO": "S-1-5-32-548",
    "AU": AUTHENTICATED_USERS,
    "BA": ADMINISTRATORS,
    "BG": "S-1-5-32-546",
    "BO": "S-1-5-32-551",
    "BU": "S-1-5-32-545",
    "CG": "S-1-3-1",
    "CO": "S-1-3-0",
    "ED": "S-1-5-9",
    "ER": "S-1-5-32-573",
    "HA": "S-1-5-32-578",
    "IU": "S-1-5-4",
    "LS": LOCAL_SERVICE,
    "LU": "S-1-5-32-559",
    "MU": "S-1-5-32-558",
    "NO": "S-1-5-32-556",
    "NS": NETWORK_SERVICE,
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
    "SY": LOCAL_SYSTEM,
    "WD": EVERYONE,
}

# Relative identifiers whose kind is the same in every domain and on every computer (MS-DTYP 2.4.2.4; 503 and 504:
# Microsoft, "Local accounts").
_USER_RIDS = frozenset({500, 501, 502, 503, 504})
_GROUP_RIDS = frozenset({498, *range(512, 523), 525, 526, 527})
_ALIAS_RIDS = frozenset({553, 571, 572})
_RELATIVE: tuple[tuple[table.AccountKind, frozenset[int]], ...] = (
    ("user", _USER_RIDS),
    ("group", _GROUP_RIDS),
    ("alias", _ALIAS_RIDS),
)

# Prefixes that documents name as such (MS-DTYP 2.4.2.4, winnt.h): a name space, and nobody in it.
_PREFIXES = re.compile(r"S-1-5-(?:5|21|32|64|80|8[2-9]|9[0-9])|S-1-15-[23]|S-1-11-96|S-1-12-1|S-1-5-83-1")
_DOMAIN = re.compile(r"S-1-5-21-\d+-\d+-\d+")


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
    """The SID of an English name that can mean nothing else, in any case and on any language of Windows, or None."""
    return table.named(name)


def well_known_name(sid: str) -> str | None:
    """The English name of a well-known SID, or None."""
    row = table.WELL_KNOWN.get(sid)
    return row.names[0] if row is not None else None


def no_account(sid: str) -> str | None:
    """Why nobody can hold a right by this SID ("is the SID of a domain …"), or None where somebody may."""
    if _DOMAIN.fullmatch(sid):
        return "is the SID of a domain or a computer, not of an account in it"
    if _PREFIXES.fullmatch(sid):
        return "is the beginning of SIDs, not the SID of an account"
    if sid.startswith("S-1-5-21-") and sid.count("-") != 7:
        return "has not the four numbers that follow S-1-5-21 in the SID of an account"
    return "means nobody" if sid == NULL else None


def _hashed(first: int, name: str) -> str:
    parts = struct.unpack(
        "<5I", hashlib.sha1(name.encode("utf-16-le", "surrogatepass"), usedforsecurity=False).digest()
    )
    return "-".join(["S-1-5", str(first), *(str(part) for part in parts)])


def service_sid(name: str) -> str:
    r"""The SID of ``NT SERVICE\name``: SHA-1 of the upper-case key name (docs/sources.md S1: seen in real exports)."""
    return _hashed(80, "".join(_one(character.upper(), character) for character in name))


def restricted_service_sid(name: str) -> str:
    r"""The SID of ``RESTRICTED SERVICES\name``: as that of a service (PrintSpoolerService: captures 05 and 18)."""
    return _hashed(99, "".join(_one(character.upper(), character) for character in name))


def app_pool_sid(name: str) -> str:
    r"""The SID of ``IIS APPPOOL\name``: SHA-1 of the lower-case pool name."""
    return _hashed(82, "".join(_one(character.lower(), character) for character in name))


def virtual_machine_sid(guid: str) -> str | None:
    r"""The SID of ``NT VIRTUAL MACHINE\guid``: the GUID's bytes as Windows stores them, as four numbers; None else."""
    if _GUID.fullmatch(guid) is None:
        return None
    parts = struct.unpack("<4I", uuid.UUID(guid).bytes_le)
    return "-".join(["S-1-5-83-1", *(str(part) for part in parts)])


def session_sid(base: int, name: str, prefix: str) -> str | None:
    """The SID of an identity that Windows has for each session: ``DWM-1`` is S-1-5-90-0-1, ``UMFD-0`` S-1-5-96-0-0."""
    number = name[len(prefix) :] if name.upper().startswith(prefix) else ""
    return f"S-1-5-{base}-0-{int(number)}" if _SESSION.fullmatch(number) else None


# The name spaces whose SIDs need no host (docs/sources.md S1 has the vectors).
COMPUTED: Mapping[str, Callable[[str], str | None]] = {
    "NT SERVICE": service_sid,
    "RESTRICTED SERVICES": restricted_service_sid,
    "IIS APPPOOL": app_pool_sid,
    "NT VIRTUAL MACHINE": virtual_machine_sid,
    "WINDOW MANAGER": lambda name: session_sid(90, name, "DWM-"),
    "FONT DRIVER HOST": lambda name: session_sid(96, name, "UMFD-"),
}


def _one(changed: str, character: str) -> str:
    """Windows changes case one code unit for one; Python makes two letters of some (ß)."""
    return changed if len(changed) == 1 else character


def kind_of(sid: str, name: str | None = None) -> table.AccountKind:
    """What is certain about an account from its SID (see Account.kind in _host.py); ``name`` helps with ``$``."""
    if sid in table.WELL_KNOWN:
        below = table.family(sid)
        return below.kind if below is not None and below.kind in ("alias", "label") else "well_known"
    if sid.startswith("S-1-5-21-"):
        return _relative_kind(sid, name)
    below = table.family(sid)
    return below.kind if below is not None else "unknown"


def is_guest(sid: str) -> bool:
    """Whether this is the Guest of a domain or a computer, whatever it is called."""
    return sid.startswith("S-1-5-21-") and sid.count("-") == 7 and sid.endswith("-501")


def _relative_kind(sid: str, name: str | None) -> table.AccountKind:
    """Accounts of a domain or a computer: S-1-5-21, three numbers, and their own."""
    if sid.count("-") != 7:
        return "domain" if _DOMAIN.fullmatch(sid) else "unknown"
    rid = int(sid.rpartition("-")[2])
    for kind, rids in _RELATIVE:
        if rid in rids:
            return kind
    return "computer" if name is not None and name.endswith("$") else "account"
