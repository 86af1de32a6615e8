# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write for an account, understood without asking a host: SID, well-known, virtual, local or domain name.

The first of the lookups (names → SIDs).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

from . import habits
from . import sid as sids
from . import well_known as table

_LONGEST = 256
_FORMS = r"Use a SID, DOMAIN\name, .\name, NT SERVICE\name, IIS APPPOOL\name or name@domain."


@dataclass(frozen=True)
class AccountName:
    r"""One account as the user wrote it.

    ``scope`` says where to look. In sid, ``sid`` is known and no host is needed. Else the host is asked: local
    (``.\x``), qualified (``D\x``), principal (``x@domain``), bare (``x``), with ``authority`` (for local: empty) and
    ``name``; or word: a bare English name of Windows' own, such as Service, that can also be the name of somebody's
    account. There ``sid`` is what it means on a host that knows no such account.
    """

    written: str
    sid: str | None = None
    scope: str = "sid"
    authority: str = ""
    name: str = ""

    @property
    def needs_host(self) -> bool:
        """Whether the host must be asked what the name means."""
        return self.scope != "sid"

    def for_windows(self, computer: str) -> str:
        r"""The spelling that Windows' own tools take: ``.\x`` is our notation and becomes ``COMPUTER\x``."""
        if self.scope == "local":
            return f"{computer}\\{self.name}"
        if self.scope == "qualified":
            return f"{self.authority}\\{self.name}"
        return self.name


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _refuse(written: str, why: str) -> InputError:
    return InputError(f"The account name '{_printable(written)}' {why}. {_FORMS}")


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


def parse(written: str, *, removing: bool = False) -> AccountName:
    """Understand one spelling; raises InputError for what cannot be an account or must not reach a command line.

    ``removing`` accepts a SID that is nobody's: whatever stands in a right can be taken out of it.
    """
    text = _check(written)
    if sids.is_sid(text.lstrip("*")):
        return _sid(written, sids.normal(text.lstrip("*")), removing=removing)
    known = sids.well_known(text)
    if known is not None:
        return _sid(written, known, removing=removing)
    better = habits.hint(text, removing=removing)
    if better is not None:
        raise _refuse(written, _printable(better))
    authority, separator, name = text.partition("\\")
    if separator:
        return _qualified(written, authority.strip(), name.strip())
    if text.upper().startswith("S-1-"):
        raise _refuse(written, "looks like a SID but is not one")
    _check_characters(written, text)
    meant = table.named_unless_own(text)
    if meant is not None:
        return AccountName(written, sid=meant, scope="word", name=text)
    return AccountName(written, scope="principal" if "@" in text else "bare", name=text)


def _sid(written: str, sid: str, *, removing: bool) -> AccountName:
    why = None if removing else sids.no_account(sid)
    if why is not None:
        empty = " To take a right from everybody write an empty list: set: []" if sid == sids.NULL else ""
        raise _refuse(written, f"{why}{empty and '.'}{empty}")
    return AccountName(written, sid=sid)


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
    compute = sids.COMPUTED.get(" ".join(authority.split()).upper())
    computed = compute(name) if compute is not None else None
    if computed is not None:
        return AccountName(written, sid=computed)
    return AccountName(written, scope="qualified", authority=authority, name=name)
