# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Well-known SIDs and their names by language.

SIDs and English names: [MS-DTYP] 2.4.2.4 and Microsoft's page "Security identifiers" [D]; S-1-2-1, S-1-5-64-36 by
captures/whoami/27, S-1-5-99-0 by capture 05 and a public script that names it [C]. Names in other languages, with their
sources, are in well_known_names.yml; what no source shows in a language has its English name there, as Chinese Windows
itself does with most names (whoami/26).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = Path(__file__).with_name("well_known_names.yml")
LANGUAGES = ("en", "de", "fr", "ru", "zh")


@dataclass(frozen=True)
class WellKnown:
    """A SID that every Windows has; ``kind`` is alias (BUILTIN), label (integrity level) or wellknown."""

    sid: str
    kind: str
    authority: str
    english: str
    other: Mapping[str, str] = field(default_factory=dict)

    def domain(self, language: str) -> str:
        """The authority in front of the backslash (``BUILTIN``, ``VORDEFINIERT``, empty for Everyone)."""
        return _AUTHORITIES.get(language, {}).get(self.authority, self.authority)

    def name(self, language: str) -> str:
        """The account name in that language."""
        return self.other.get(language, self.english)


_SIGNS = {
    "-": "",
    "N": "NT AUTHORITY",
    "B": "BUILTIN",
    "S": "NT SERVICE",
    "V": "NT VIRTUAL MACHINE",
    "W": "Window Manager",
    "R": "RESTRICTED SERVICES",
    "P": "APPLICATION PACKAGE AUTHORITY",
    "L": "Mandatory Label",
}
_AUTHORITIES: Mapping[str, Mapping[str, str]] = {
    "de": {"NT AUTHORITY": "NT-AUTORITÄT", "BUILTIN": "VORDEFINIERT"},
    "fr": {"NT AUTHORITY": "AUTORITE NT"},
    "ru": {"Mandatory Label": "Обязательная метка"},  # captures/whoami/27
}

# SID; authority; English. Which release brought a name is not known of each: LSA has them all on every one.
_TABLE = """
S-1-0-0;-;NULL SID
S-1-1-0;-;Everyone
S-1-2-0;-;LOCAL
S-1-2-1;-;CONSOLE LOGON
S-1-3-0;-;CREATOR OWNER
S-1-3-1;-;CREATOR GROUP
S-1-3-4;-;OWNER RIGHTS
S-1-5-1;N;DIALUP
S-1-5-2;N;NETWORK
S-1-5-3;N;BATCH
S-1-5-4;N;INTERACTIVE
S-1-5-6;N;SERVICE
S-1-5-7;N;ANONYMOUS LOGON
S-1-5-8;N;PROXY
S-1-5-9;N;ENTERPRISE DOMAIN CONTROLLERS
S-1-5-10;N;SELF
S-1-5-11;N;Authenticated Users
S-1-5-12;N;RESTRICTED
S-1-5-13;N;TERMINAL SERVER USER
S-1-5-14;N;REMOTE INTERACTIVE LOGON
S-1-5-15;N;This Organization
S-1-5-17;N;IUSR
S-1-5-18;N;SYSTEM
S-1-5-19;N;LOCAL SERVICE
S-1-5-20;N;NETWORK SERVICE
S-1-5-33;N;WRITE RESTRICTED
S-1-5-64-10;N;NTLM Authentication
S-1-5-64-14;N;SChannel Authentication
S-1-5-64-21;N;Digest Authentication
S-1-5-64-36;N;Cloud Account Authentication
S-1-5-65-1;N;This Organization Certificate
S-1-5-113;N;Local account
S-1-5-114;N;Local account and member of Administrators group
S-1-5-32-544;B;Administrators
S-1-5-32-545;B;Users
S-1-5-32-546;B;Guests
S-1-5-32-547;B;Power Users
S-1-5-32-548;B;Account Operators
S-1-5-32-549;B;Server Operators
S-1-5-32-550;B;Print Operators
S-1-5-32-551;B;Backup Operators
S-1-5-32-552;B;Replicator
S-1-5-32-554;B;Pre-Windows 2000 Compatible Access
S-1-5-32-555;B;Remote Desktop Users
S-1-5-32-556;B;Network Configuration Operators
S-1-5-32-558;B;Performance Monitor Users
S-1-5-32-559;B;Performance Log Users
S-1-5-32-562;B;Distributed COM Users
S-1-5-32-568;B;IIS_IUSRS
S-1-5-32-569;B;Cryptographic Operators
S-1-5-32-573;B;Event Log Readers
S-1-5-32-574;B;Certificate Service DCOM Access
S-1-5-32-575;B;RDS Remote Access Servers
S-1-5-32-576;B;RDS Endpoint Servers
S-1-5-32-577;B;RDS Management Servers
S-1-5-32-578;B;Hyper-V Administrators
S-1-5-32-579;B;Access Control Assistance Operators
S-1-5-32-580;B;Remote Management Users
S-1-5-32-581;B;System Managed Accounts Group
S-1-5-32-582;B;Storage Replica Administrators
S-1-5-32-583;B;Device Owners
S-1-5-80-0;S;ALL SERVICES
S-1-5-84-0-0-0-0-0;N;USER MODE DRIVERS
S-1-5-83-0;V;Virtual Machines
S-1-5-90-0;W;Window Manager Group
S-1-5-99-0;R;ALL RESTRICTED SERVICES
S-1-15-2-1;P;ALL APPLICATION PACKAGES
S-1-15-2-2;P;ALL RESTRICTED APPLICATION PACKAGES
S-1-15-3-1;P;Your Internet connection
S-1-16-0;L;Untrusted Mandatory Level
S-1-16-4096;L;Low Mandatory Level
S-1-16-8192;L;Medium Mandatory Level
S-1-16-8448;L;Medium Plus Mandatory Level
S-1-16-12288;L;High Mandatory Level
S-1-16-16384;L;System Mandatory Level
S-1-18-1;-;Authentication authority asserted identity
S-1-18-2;-;Service asserted identity
S-1-18-3;-;Fresh public key identity
S-1-18-4;-;Key trust identity
S-1-18-5;-;Key property multi-factor authentication
S-1-18-6;-;Key property attestation
"""


def _translations() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for language, names in yaml.safe_load(NAMES.read_text(encoding="utf-8")).items():
        for sid, name in names.items():
            found.setdefault(sid, {})[language] = name
    return found


def _rows() -> tuple[WellKnown, ...]:
    rows, other = [], _translations()
    kinds = {"B": "alias", "L": "label"}
    for line in _TABLE.strip().splitlines():
        sid, sign, english = line.split(";")
        rows.append(WellKnown(sid, kinds.get(sign, "wellknown"), _SIGNS[sign], english, other.get(sid, {})))
    return tuple(rows)


WELL_KNOWN = _rows()
BY_SID: Mapping[str, WellKnown] = {row.sid: row for row in WELL_KNOWN}
