# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write for an account, understood without asking a host: SID, well-known, virtual, local or domain name.

The first rung of the ladder (names → SIDs).

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import sid as sids

_LONGEST = 256
_FORMS = r"Use a SID, DOMAIN\name, .\name, NT SERVICE\name, IIS APPPOOL\name or name@domain."


@dataclass(frozen=True)
class AccountName:
    r"""One account as the user wrote it.

    ``sid`` is set when no host is needed. Else ``scope`` says where to look: local (``.\x``), qualified (``D\x``),
    principal (``x@domain``) or bare (``x``), with ``authority`` (for local: empty) and ``name``.
    """

    written: str
    sid: str | None = None
    scope: str = "sid"
    authority: str = ""
    name: str = ""

    def for_windows(self, computer: str) -> str:
        r"""The spelling that Windows' own tools take: ``.\x`` is our notation and becomes ``COMPUTER\x``."""
        if self.scope == "local":
            return f"{computer}\\{self.name}"
        if self.scope == "qualified":
            return f"{self.authority}\\{self.name}"
        return self.name


def _refuse(written: str, why: str) -> InputError:
    shown = "".join(character if character.isprintable() else "?" for character in written)
    return InputError(f"The account name '{shown}' {why}. {_FORMS}")


def _check(written: str) -> str:
    text = written.strip()
    if not text:
        raise _refuse(written, "is empty")
    if len(text) > _LONGEST:
        raise _refuse(written[:40] + "…", f"is longer than {_LONGEST} characters")
    for character in text:
        if character in '"%':
            raise _refuse(written, f"holds {character} , which no Windows command line can carry safely")
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise _refuse(written, "holds a control character")
    return text


def parse(written: str) -> AccountName:
    """Understand one spelling; raises InputError for what cannot be an account or must not reach a command line."""
    text = _check(written)
    if sids.is_sid(text.lstrip("*")):
        return AccountName(written, sid=sids.normal(text.lstrip("*")))
    known = sids.well_known(text)
    if known is not None:
        return AccountName(written, sid=known)
    authority, separator, name = text.partition("\\")
    if not separator:
        if text.upper().startswith("S-1-"):
            raise _refuse(written, "looks like a SID but is not one")
        _check_characters(written, text)
        return AccountName(written, scope="principal" if "@" in text else "bare", name=text)
    return _qualified(written, authority.strip(), name.strip())


def _check_characters(written: str, name: str) -> None:
    """Microsoft, "User name": the characters that SAM refuses; icacls would take some of them for syntax."""
    if any(character in "/[]:;|=,+*?<>" for character in name):
        raise _refuse(written, "holds a character that no account name may have")


def _qualified(written: str, authority: str, name: str) -> AccountName:
    if not name or not authority or "\\" in name:
        raise _refuse(written, "is not of the form DOMAIN\\name")
    _check_characters(written, authority + name)
    if authority == ".":
        return AccountName(written, scope="local", name=name)
    if authority.upper() == "NT SERVICE":
        return AccountName(written, sid=sids.service_sid(name))
    if authority.upper() == "IIS APPPOOL":
        return AccountName(written, sid=sids.app_pool_sid(name))
    return AccountName(written, scope="qualified", authority=authority, name=name)
