# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Habits of other tools and of benchmarks in naming accounts, each answered with the right word (pure).

Sources: NULL of SecurityPolicyDsc's documentation, "No One" and "Local account" of CIS, lists with ";" and COMPUTERNAME
of HardeningKitty, U+F000 between accounts of Microsoft's Policy CSP UserRights, groups called "… Group" in STIGs.
"""

from __future__ import annotations

import re

from . import well_known as table

_NOBODY = frozenset({"null", "no one", "no-one", "noone", "nobody", "none", "(none)", "nil", "empty", "(empty)"})
_OTHER_WORDS = {
    "local accounts": "NT AUTHORITY\\Local account",
    "all local accounts": "NT AUTHORITY\\Local account",
    "local accounts and members of administrators group": table.WELL_KNOWN["S-1-5-114"].names[0],
    "local accounts and members of the administrators group": table.WELL_KNOWN["S-1-5-114"].names[0],
    "local account and member of administrators": table.WELL_KNOWN["S-1-5-114"].names[0],
    "local account and member of the administrators group": table.WELL_KNOWN["S-1-5-114"].names[0],
}
_OTHER_WORDS |= {f"{group.lower()} group": f"DOMAIN\\{group}" for group in ("Domain Admins", "Enterprise Admins")}
_SEPARATORS = re.compile("[,;\uf000]")
_SHOWN = re.compile(r"(?P<name>.+?) \((?P<sid>\*?S-1-[0-9-]+)\)|(?P<first>\*?S-1-[0-9-]+) \(.+\)", re.IGNORECASE)
# Letters of an authority → how Windows spells it.
_AUTHORITIES = {
    "builtin": "BUILTIN",
    "builtins": "BUILTIN",
    "buildin": "BUILTIN",
    "ntauthority": "NT AUTHORITY",
    "ntauthorities": "NT AUTHORITY",
    "ntservice": "NT SERVICE",
    "ntservices": "NT SERVICE",
    "iisapppool": "IIS APPPOOL",
    "iisapppools": "IIS APPPOOL",
    "iisapplicationpool": "IIS APPPOOL",
    "ntvirtualmachine": "NT VIRTUAL MACHINE",
    "ntvirtualmachines": "NT VIRTUAL MACHINE",
    "restrictedservice": "RESTRICTED SERVICES",
    "restrictedservices": "RESTRICTED SERVICES",
}
_THIS_COMPUTER = frozenset({"computername", "localhost", "localmachine"})


def hint(text: str, *, removing: bool = False) -> str | None:
    """What to write instead, as the rest of a sentence about ``text``; None where nothing is known against it.

    Whoever takes a right from "Nobody" (``removing``) means an account of that name.
    """
    key = " ".join(text.split()).lower()
    if key in _NOBODY and not removing:
        return (
            "means nobody in other tools. To take a right from everybody write an empty list: set: [], or accounts: [] "
            f"with state: pure. An account of this name is .\\{text} or DOMAIN\\{text}"
        )
    if key in _OTHER_WORDS:
        return f"is no name that Windows knows. Write {_OTHER_WORDS[key]}"
    parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    if len(parts) > 1:
        return (
            "holds a character that no account name may have, and seems to name several accounts. "
            f"Write a list with one entry for each: {', '.join(repr(part) for part in parts)}"
        )
    shown = _SHOWN.fullmatch(text)
    if shown is not None:
        return f"holds a name and a SID. Write the SID alone: {shown.group('sid') or shown.group('first')}"
    return _about_groups(key) if "\\" not in key else _about_authorities(text)


def _about_groups(key: str) -> str | None:
    for ending in (" group", " groups"):
        sid = table.named(key.removesuffix(ending)) if key.endswith(ending) and table.named(key) is None else None
        if sid is not None and table.named_unless_own(key) is None:
            return f"is no name that Windows knows. Write {table.WELL_KNOWN[sid].names[0]}"
    return None


def _about_authorities(text: str) -> str | None:
    authority, dummy, name = (part.strip() for part in text.partition("\\"))
    letters = "".join(character for character in authority.lower() if character.isalpha())
    right = _AUTHORITIES.get(letters)
    if letters in _THIS_COMPUTER and authority.isalpha():
        return f"does not name a computer. An account of the host itself is .\\{name}"
    if right is None or " ".join(authority.split()).upper() == right:
        return None
    known = table.named(f"{right}\\{name}") is not None
    # A domain may be called NTSERVICE; with a blank or another sign in it, or with a name of Windows behind it, not.
    if known or not authority.isalnum():
        return f"is misspelled. Write {right}\\{name}"
    return None
