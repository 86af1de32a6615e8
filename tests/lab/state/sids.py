# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security identifiers: the well-known ones by language, the computed ones, and the SDDL aliases."""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass

SID = re.compile(r"S-1-\d{1,13}(-\d{1,10}){1,15}", re.IGNORECASE)

LOCAL_SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"
ADMINISTRATORS = "S-1-5-32-544"
REMOTE_MANAGEMENT_USERS = "S-1-5-32-580"


@dataclass(frozen=True)
class WellKnown:
    """A SID that every Windows has; ``kind`` is ``alias`` (BUILTIN) or ``wellknown``; names by language."""

    sid: str
    kind: str
    domains: tuple[str, str]
    names: tuple[str, str]

    def domain(self, language: str) -> str:
        """The authority in front of the backslash (``BUILTIN``, ``VORDEFINIERT``, empty for Everyone)."""
        return self.domains[1 if language == "de" else 0]

    def name(self, language: str) -> str:
        """The account name in that language (``en`` or ``de``)."""
        return self.names[1 if language == "de" else 0]


_AUTHORITIES = {
    "-": ("", ""),
    "N": ("NT AUTHORITY", "NT-AUTORITÄT"),
    "B": ("BUILTIN", "VORDEFINIERT"),
    "S": ("NT SERVICE", "NT SERVICE"),
    "V": ("NT VIRTUAL MACHINE", "NT VIRTUAL MACHINE"),
    "W": ("Window Manager", "Window Manager"),
}

# SID; authority; English; German (when it differs)
_TABLE = """
S-1-1-0;-;Everyone;Jeder
S-1-2-0;-;LOCAL;LOKAL
S-1-3-0;-;CREATOR OWNER;ERSTELLER-BESITZER
S-1-3-1;-;CREATOR GROUP;ERSTELLERGRUPPE
S-1-5-1;N;DIALUP;DIALUP
S-1-5-2;N;NETWORK;NETZWERK
S-1-5-3;N;BATCH;BATCH
S-1-5-4;N;INTERACTIVE;INTERAKTIV
S-1-5-6;N;SERVICE;DIENST
S-1-5-7;N;ANONYMOUS LOGON;ANONYMOUS-ANMELDUNG
S-1-5-9;N;ENTERPRISE DOMAIN CONTROLLERS;DOMÄNENCONTROLLER DER ORGANISATION
S-1-5-10;N;SELF;SELBST
S-1-5-11;N;Authenticated Users;Authentifizierte Benutzer
S-1-5-12;N;RESTRICTED;EINGESCHRÄNKTER ZUGRIFF
S-1-5-13;N;TERMINAL SERVER USER;TERMINALSERVERBENUTZER
S-1-5-14;N;REMOTE INTERACTIVE LOGON;INTERAKTIVE REMOTEANMELDUNG
S-1-5-15;N;This Organization;Diese Organisation
S-1-5-17;N;IUSR;IUSR
S-1-5-18;N;SYSTEM;SYSTEM
S-1-5-19;N;LOCAL SERVICE;LOKALER DIENST
S-1-5-20;N;NETWORK SERVICE;NETZWERKDIENST
S-1-5-64-10;N;NTLM Authentication;NTLM-Authentifizierung
S-1-5-113;N;Local account;Lokales Konto
S-1-5-114;N;Local account and member of Administrators group;Lokales Konto und Mitglied der Gruppe "Administratoren"
S-1-5-32-544;B;Administrators;Administratoren
S-1-5-32-545;B;Users;Benutzer
S-1-5-32-546;B;Guests;Gäste
S-1-5-32-547;B;Power Users;Hauptbenutzer
S-1-5-32-548;B;Account Operators;Konten-Operatoren
S-1-5-32-549;B;Server Operators;Server-Operatoren
S-1-5-32-550;B;Print Operators;Druck-Operatoren
S-1-5-32-551;B;Backup Operators;Sicherungs-Operatoren
S-1-5-32-552;B;Replicator;Replikations-Operator
S-1-5-32-554;B;Pre-Windows 2000 Compatible Access;Prä-Windows 2000 kompatibler Zugriff
S-1-5-32-555;B;Remote Desktop Users;Remotedesktopbenutzer
S-1-5-32-556;B;Network Configuration Operators;Netzwerkkonfigurations-Operatoren
S-1-5-32-558;B;Performance Monitor Users;Systemmonitorbenutzer
S-1-5-32-559;B;Performance Log Users;Leistungsprotokollbenutzer
S-1-5-32-562;B;Distributed COM Users;Distributed COM-Benutzer
S-1-5-32-568;B;IIS_IUSRS;IIS_IUSRS
S-1-5-32-573;B;Event Log Readers;Ereignisprotokollleser
S-1-5-32-578;B;Hyper-V Administrators;Hyper-V-Administratoren
S-1-5-32-580;B;Remote Management Users;Remoteverwaltungsbenutzer
S-1-5-80-0;S;ALL SERVICES;ALLE DIENSTE
S-1-5-83-0;V;Virtual Machines;Virtuelle Computer
S-1-5-90-0;W;Window Manager Group;Window Manager-Gruppe
"""


def _parse_table() -> tuple[WellKnown, ...]:
    rows = []
    for line in _TABLE.strip().splitlines():
        sid, authority, english, german = line.split(";")
        kind = "alias" if authority == "B" else "wellknown"
        rows.append(WellKnown(sid, kind, _AUTHORITIES[authority], (english, german)))
    return tuple(rows)


WELL_KNOWN = _parse_table()
BY_SID = {row.sid: row for row in WELL_KNOWN}

# Default members of a domain by RID and of a computer's own accounts (RIDs are Windows' own).
RID_ADMINISTRATOR, RID_GUEST = 500, 501

# SDDL two-letter aliases of fixed SIDs [D "SID Strings"].
SDDL_FIXED = {
    "AN": "S-1-5-7",
    "AO": "S-1-5-32-548",
    "AU": "S-1-5-11",
    "BA": "S-1-5-32-544",
    "BG": "S-1-5-32-546",
    "BO": "S-1-5-32-551",
    "BU": "S-1-5-32-545",
    "CG": "S-1-3-1",
    "CO": "S-1-3-0",
    "ED": "S-1-5-9",
    "ER": "S-1-5-32-573",
    "IU": "S-1-5-4",
    "LS": "S-1-5-19",
    "MU": "S-1-5-32-558",
    "LU": "S-1-5-32-559",
    "NO": "S-1-5-32-556",
    "NS": "S-1-5-20",
    "NU": "S-1-5-2",
    "PO": "S-1-5-32-550",
    "PS": "S-1-5-10",
    "PU": "S-1-5-32-547",
    "RD": "S-1-5-32-555",
    "RM": "S-1-5-32-580",
    "RU": "S-1-5-32-554",
    "SO": "S-1-5-32-549",
    "SU": "S-1-5-6",
    "SY": "S-1-5-18",
    "WD": "S-1-1-0",
}
# Aliases relative to the computer's own accounts and to its domain: RID of each.
SDDL_LOCAL = {"LA": 500, "LG": 501}
SDDL_DOMAIN = {
    "DA": 512,
    "DU": 513,
    "DG": 514,
    "DC": 515,
    "DD": 516,
    "CA": 517,
    "SA": 518,
    "EA": 519,
    "PA": 520,
    "RS": 553,
}


def service_sid(name: str) -> str:
    r"""``NT SERVICE\\name``: S-1-5-80- and SHA-1 of the upper-case name in UTF-16LE (docs/sources.md S1)."""
    return "S-1-5-80-" + _sha1_words(name.upper())


def app_pool_sid(name: str) -> str:
    r"""``IIS APPPOOL\\name``: S-1-5-82- and SHA-1 of the lower-case name in UTF-16LE (docs/sources.md S1)."""
    return "S-1-5-82-" + _sha1_words(name.lower())


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
