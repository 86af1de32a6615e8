# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of SIDs that mean the same on every Windows: single ones with their English names, and whole families.

Sources, by the letter in each row:
  D  [MS-DTYP] 2.4.2.4 "Well-Known SID Structures"
  I  Microsoft, "Security identifiers" (understand-security-identifiers)
  G  Microsoft, "Special identity groups" (understand-special-identities-groups)
  S  Microsoft, "Active Directory security groups", and "SID Strings" with its constants in sddl.h
  W  winnt.h of the Windows SDK: SECURITY_…_RID, DOMAIN_ALIAS_RID_…
  a number: a file of tests/captures
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

# Whose tokens carry a SID:
# everybody, authenticated: the ones that their names say; list: a group with members that can be asked for;
# service_logon: whoever logged on as a service, other_logon: in another way; local: accounts of this computer;
# token: put into tokens by rules that no document tells for every logon; entra: a user or a group of Microsoft Entra;
# nobody: a placeholder, or an identity of Windows that no account is a member of.
Reach = t.Literal[
    "everybody", "authenticated", "list", "service_logon", "other_logon", "local", "token", "entra", "nobody"
]


@dataclass(frozen=True)
class WellKnown:
    """One SID: its English names (the first is the one that an English Windows shows) and whose tokens carry it."""

    sid: str
    names: tuple[str, ...]
    reach: Reach
    source: str


# What can be certain about an account; Account in _host.py says what each means.
AccountKind = t.Literal[
    "user",
    "group",
    "alias",
    "computer",
    "account",
    "entra_account",
    "service",
    "app_pool",
    "virtual_machine",
    "virtual_account",
    "well_known",
    "app_container",
    "capability",
    "label",
    "logon_session",
    "domain",
    "orphan",
    "unknown",
]


@dataclass(frozen=True)
class Family:
    """All SIDs below ``prefix`` (``count``: exactly so many numbers behind it, 0: any): their kind and their reach."""

    prefix: str
    kind: AccountKind
    reach: Reach
    source: str
    count: int = 0

    def holds(self, sid: str) -> bool:
        """Whether ``sid`` is one of this family."""
        rest = sid[len(self.prefix) :]
        return sid.startswith(self.prefix) and (not self.count or rest.count("-") == self.count - 1)


def _nt(name: str) -> str:
    return f"NT AUTHORITY\\{name}"


_IDENTITIES = (
    WellKnown("S-1-0-0", ("NULL SID",), "nobody", "D I: a group with no members"),
    WellKnown("S-1-1-0", ("Everyone",), "everybody", "D I"),
    # By D and I whoever sits at the machine; captures 27 and 29 show them in tokens of a console, other logons differ.
    WellKnown("S-1-2-0", ("LOCAL",), "token", "D I 27"),
    WellKnown("S-1-2-1", ("CONSOLE LOGON",), "token", "D I G 27 29"),
    WellKnown("S-1-3-0", ("CREATOR OWNER",), "nobody", "D I: a placeholder"),
    WellKnown("S-1-3-1", ("CREATOR GROUP",), "nobody", "D I: a placeholder"),
    WellKnown("S-1-3-2", ("CREATOR OWNER SERVER", "OWNER SERVER"), "nobody", "D I: a placeholder"),
    WellKnown("S-1-3-3", ("CREATOR GROUP SERVER", "GROUP SERVER"), "nobody", "D I: a placeholder"),
    WellKnown("S-1-3-4", ("OWNER RIGHTS",), "nobody", "D I: of the owner of one object"),
    WellKnown("S-1-5-1", (_nt("DIALUP"),), "other_logon", "D I G"),
    WellKnown("S-1-5-2", (_nt("NETWORK"),), "other_logon", "D I G 24 25 26"),
    WellKnown("S-1-5-3", (_nt("BATCH"),), "other_logon", "D I G"),
    WellKnown("S-1-5-4", (_nt("INTERACTIVE"),), "other_logon", "D I G 27 29"),
    WellKnown("S-1-5-6", (_nt("SERVICE"),), "service_logon", "D I G"),
    WellKnown("S-1-5-7", (_nt("ANONYMOUS LOGON"),), "nobody", "D I G: whoever gave no name"),
    WellKnown("S-1-5-8", (_nt("PROXY"),), "nobody", "I: not used"),
    WellKnown("S-1-5-9", (_nt("ENTERPRISE DOMAIN CONTROLLERS"),), "nobody", "D I G: domain controllers"),
    WellKnown("S-1-5-10", (_nt("SELF"), "Principal Self"), "nobody", "D I G: a placeholder"),
    WellKnown("S-1-5-11", (_nt("Authenticated Users"),), "authenticated", "D I G"),
    WellKnown("S-1-5-12", (_nt("RESTRICTED"), "Restricted Code"), "token", "D I G"),
    WellKnown("S-1-5-13", (_nt("TERMINAL SERVER USER"),), "other_logon", "D I G"),
    WellKnown("S-1-5-14", (_nt("REMOTE INTERACTIVE LOGON"),), "other_logon", "D I G"),
    # I: only with accounts of Active Directory; capture 26 shows it in the token of a local one.
    WellKnown("S-1-5-15", (_nt("This Organization"),), "token", "D I G 24 26"),
    WellKnown("S-1-5-17", (_nt("IUSR"),), "nobody", "D I G: one account"),
    WellKnown("S-1-5-18", (_nt("SYSTEM"), _nt("LocalSystem"), "LocalSystem", "Local System"), "nobody", "D I G"),
    WellKnown("S-1-5-19", (_nt("LOCAL SERVICE"), _nt("LocalService")), "nobody", "D I G: one account"),
    WellKnown("S-1-5-20", (_nt("NETWORK SERVICE"), _nt("NetworkService")), "nobody", "D I G: one account"),
    WellKnown("S-1-5-21-0-0-0-496", ("Compounded Authentication",), "token", "D"),
    WellKnown("S-1-5-21-0-0-0-497", ("Claims Valid",), "token", "D"),
    WellKnown("S-1-5-33", (_nt("WRITE RESTRICTED"), "Write Restricted Code"), "token", "D"),
    WellKnown("S-1-5-64-10", (_nt("NTLM Authentication"),), "token", "D I G 24 25 26"),
    WellKnown("S-1-5-64-14", (_nt("SChannel Authentication"),), "token", "D I G"),
    WellKnown("S-1-5-64-21", (_nt("Digest Authentication"),), "token", "D I G"),
    WellKnown("S-1-5-64-36", (_nt("Cloud Account Authentication"),), "token", "27"),
    WellKnown("S-1-5-65-1", (_nt("This Organization Certificate"),), "token", "D"),
    WellKnown("S-1-5-113", (_nt("Local account"),), "local", "D I 26 27"),
    WellKnown("S-1-5-114", (_nt("Local account and member of Administrators group"),), "local", "D I 27 28"),
    WellKnown("S-1-5-1000", (_nt("Other Organization"),), "token", "D G"),
    WellKnown("S-1-5-80-0", ("NT SERVICE\\ALL SERVICES", "All Services"), "nobody", "D I: services, no accounts"),
    WellKnown("S-1-5-83-0", ("NT VIRTUAL MACHINE\\Virtual Machines",), "nobody", "I: Hyper-V's machines"),
    WellKnown("S-1-5-84-0-0-0-0-0", ("USER MODE DRIVERS",), "nobody", "D: driver processes"),
    WellKnown("S-1-5-90-0", ("Window Manager\\Window Manager Group",), "nobody", "G 05"),
    WellKnown("S-1-5-99-0", ("RESTRICTED SERVICES\\ALL RESTRICTED SERVICES",), "nobody", "W 05 17: services"),
    WellKnown("S-1-15-2-1", ("APPLICATION PACKAGE AUTHORITY\\ALL APPLICATION PACKAGES",), "nobody", "D W"),
    WellKnown("S-1-15-2-2", ("APPLICATION PACKAGE AUTHORITY\\ALL RESTRICTED APPLICATION PACKAGES",), "nobody", "W"),
    # I and D call them levels, not groups; whoami lists one in every token (24 to 28).
    WellKnown("S-1-16-0", ("Mandatory Label\\Untrusted Mandatory Level",), "token", "D"),
    WellKnown("S-1-16-4096", ("Mandatory Label\\Low Mandatory Level",), "token", "D"),
    WellKnown("S-1-16-8192", ("Mandatory Label\\Medium Mandatory Level",), "token", "D 24 26 27 28"),
    WellKnown("S-1-16-8448", ("Mandatory Label\\Medium Plus Mandatory Level",), "token", "D"),
    WellKnown("S-1-16-12288", ("Mandatory Label\\High Mandatory Level",), "token", "D 25 28"),
    WellKnown("S-1-16-16384", ("Mandatory Label\\System Mandatory Level",), "token", "D"),
    WellKnown("S-1-16-20480", ("Mandatory Label\\Protected Process Mandatory Level",), "token", "D"),
    WellKnown("S-1-16-28672", ("Mandatory Label\\Secure Process Mandatory Level",), "token", "D"),
    WellKnown("S-1-18-1", ("Authentication authority asserted identity",), "token", "D G"),
    WellKnown("S-1-18-2", ("Service asserted identity",), "token", "D G"),
    WellKnown("S-1-18-3", ("Fresh public key identity",), "token", "D G"),
    WellKnown("S-1-18-4", ("Key trust identity", "Key trust"), "token", "D G"),
    WellKnown("S-1-18-5", ("Key property multi-factor authentication", "MFA key property"), "token", "D G"),
    WellKnown("S-1-18-6", ("Key property attestation", "Attested key property"), "token", "D G"),
)

_BUILTIN: Mapping[int, tuple[str, ...]] = {
    # D and I
    544: ("Administrators",),
    545: ("Users",),
    546: ("Guests",),
    547: ("Power Users",),
    548: ("Account Operators",),
    549: ("Server Operators",),
    550: ("Print Operators",),
    551: ("Backup Operators",),
    552: ("Replicator", "Replicators"),
    554: ("Pre-Windows 2000 Compatible Access",),
    555: ("Remote Desktop Users",),
    556: ("Network Configuration Operators",),
    557: ("Incoming Forest Trust Builders",),
    558: ("Performance Monitor Users",),
    559: ("Performance Log Users",),
    560: ("Windows Authorization Access Group",),
    561: ("Terminal Server License Servers",),
    562: ("Distributed COM Users",),
    568: ("IIS_IUSRS",),
    569: ("Cryptographic Operators",),
    573: ("Event Log Readers",),
    574: ("Certificate Service DCOM Access",),
    575: ("RDS Remote Access Servers",),
    576: ("RDS Endpoint Servers",),
    577: ("RDS Management Servers",),
    578: ("Hyper-V Administrators",),
    579: ("Access Control Assistance Operators",),
    580: ("Remote Management Users",),
    # S
    581: ("System Managed Accounts Group", "System Managed Accounts"),
    582: ("Storage Replica Administrators",),
    583: ("Device Owners",),
    584: ("User Mode Hardware Operators",),
    585: ("OpenSSH Users",),
}
_NEWEST_EVERYWHERE = 580

WELL_KNOWN: Mapping[str, WellKnown] = {
    **{row.sid: row for row in _IDENTITIES},
    **{
        f"S-1-5-32-{rid}": WellKnown(
            f"S-1-5-32-{rid}", tuple(f"BUILTIN\\{name}" for name in names), "list", "D I" if rid <= 580 else "S"
        )
        for rid, names in _BUILTIN.items()
    },
}

# W: "Service SID type RIDs are in the range 0x50-0x6F"; the ones that the header names. 81 (reserved) and 100 to 111
# (not given out) are not here, so they stay unknown.
FAMILIES: tuple[Family, ...] = (
    Family("S-1-5-5-", "logon_session", "token", "D I: one logon, until the next start", 2),
    Family("S-1-5-32-", "alias", "list", "D", 1),
    Family("S-1-5-32-", "capability", "nobody", "W: SECURITY_INSTALLER_GROUP_CAPABILITY", 8),
    Family("S-1-5-64-", "well_known", "token", "D I: the package that authenticated", 1),
    Family("S-1-5-65-", "well_known", "token", "D", 1),
    Family("S-1-5-80-", "service", "nobody", "D I W 05 13 15"),
    Family("S-1-5-82-", "app_pool", "nobody", "W 19 20"),
    Family("S-1-5-83-", "virtual_machine", "nobody", "W: SECURITY_VIRTUALSERVER_ID"),
    *(Family(f"S-1-5-{rid}-", "virtual_account", "nobody", "W") for rid in range(84, 99)),
    Family("S-1-5-99-", "service", "nobody", "W 05 18 22: restricted services"),
    Family("S-1-11-96-", "user", "nobody", "27: a Microsoft account, of type User"),
    Family("S-1-12-1-", "entra_account", "entra", "docs/sources.md S1", 4),
    Family("S-1-15-2-", "app_container", "nobody", "D W"),
    Family("S-1-15-3-", "capability", "nobody", "D I W"),
    Family("S-1-16-", "label", "token", "D", 1),
    Family("S-1-18-", "well_known", "token", "D G", 1),
)

# A single word, or a group that an older Windows does not have, can be the name of somebody's own account: the host is
# asked for that first, and only what it does not know means the well-known SID.
_LIKELY_OWN = frozenset(
    {"local", "network", "batch", "service", "self", "system", "dialup", "restricted", "iusr", "proxy", "key trust"}
)


def _key(name: str) -> str:
    """Case and blanks do not matter, nor blanks beside the backslash."""
    return "\\".join(" ".join(part.split()) for part in name.split("\\")).lower()


def _newer(row: WellKnown) -> bool:
    return row.sid.startswith("S-1-5-32-") and int(row.sid[9:]) > _NEWEST_EVERYWHERE


def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    certain: dict[str, str] = {}
    asked: dict[str, str] = {}
    for row in WELL_KNOWN.values():
        for name in row.names:
            bare = _key(name.rpartition("\\")[2])
            if "\\" in name:
                certain.setdefault(_key(name), row.sid)
            (asked if bare in _LIKELY_OWN or _newer(row) else certain).setdefault(bare, row.sid)
    return certain, asked


NAMES, OWN_FIRST = _spellings()


def named(name: str) -> str | None:
    """The SID of an English name that can mean nothing else, in any case and on any language of Windows, or None."""
    return NAMES.get(_key(name))


def named_unless_own(word: str) -> str | None:
    """The SID that a bare word such as ``Service`` means where the host has no account of its own by that name."""
    return OWN_FIRST.get(_key(word))


def family(sid: str) -> Family | None:
    """The family that a SID belongs to, or None where no document gives one."""
    return next((one for one in FAMILIES if one.holds(sid)), None)


def reach(sid: str) -> Reach | None:
    """Whose tokens carry a SID by documents; None for an account of a domain or computer, and for what nobody knows."""
    row = WELL_KNOWN.get(sid)
    if row is not None:
        return row.reach
    below = family(sid)
    return below.reach if below is not None else None
