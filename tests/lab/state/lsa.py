# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and SIDs the way LSA translates them on one computer, with what a look-up costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.state import well_known
from lab.state.accounts import USER_KINDS, Account, Authority
from lab.state.virtual_accounts import VirtualAccounts

if TYPE_CHECKING:
    from lab.state.well_known import WellKnown

NONE_MAPPED = 1332
TRUST_FAILURE = 1789
LOCATOR_SECONDS = 20.0  # a DC locator that finds nobody: "seconds to tens of seconds" (docs/sources.md S1)


class LookupFailedError(Exception):
    """A name that LSA does not translate: Windows error 1332 or 1789."""

    def __init__(self, code: int, name: str) -> None:
        super().__init__(f"error {code} for {name}")
        self.code = code
        self.name = name


@dataclass(frozen=True)
class Found:
    """One translated account; ``kind``: user, group, alias, wellknown, label, computer or gmsa."""

    sid: str
    domain: str
    name: str
    kind: str

    @property
    def qualified(self) -> str:
        r"""``DOMAIN\\name``, or the name alone when the account has no authority (Everyone)."""
        return f"{self.domain}\\{self.name}" if self.domain else self.name


@dataclass
class Lsa:
    """The look-ups of one computer: well-known, then local, then the domain (docs/sources.md S1)."""

    language: str
    local: Authority
    domain: Authority | None = None
    controller: bool = False
    virtual: VirtualAccounts = field(default_factory=VirtualAccounts)
    domain_reachable: bool = True
    unreachable_code: int = TRUST_FAILURE
    english_names: bool = False
    controller_bare_names: bool = True
    seconds: float = 0.0
    stale: dict[str, Found] = field(default_factory=dict)
    searched: set[str] = field(default_factory=set)

    def name_to_sid(self, name: str) -> Found:
        r"""Translate ``DOMAIN\\x``, a UPN or an isolated name; raises LookupFailedError."""
        found = self._from_cache(name)
        if found:
            return found
        if "\\" in name:
            domain, dummy, account = name.partition("\\")
            return self._qualified(domain, account, name)
        if "@" in name:
            return self._upn(name)
        return self._isolated(name)

    def sid_to_name(self, sid: str) -> Found | None:
        """The account of a SID, None when nothing maps it (orphan, unreachable domain)."""
        if sid in self.stale:
            return self.stale[sid]
        row = well_known.BY_SID.get(sid)
        if row:
            return self._well_known(row)
        virtual = _virtual(self.virtual.by_sid(sid))
        if virtual:
            return virtual
        if not self.controller and self.local.owns(sid):
            return _found(self.local.netbios, self.local.by_sid(sid))
        if self.domain and self.domain.owns(sid):
            if not self._ask_domain(sid):
                return None
            return _found(self.domain.netbios, self.domain.by_sid(sid))
        if sid.startswith("S-1-5-21-"):  # of an authority nobody knows: the domain is asked all the same
            self._ask_domain(sid)
        return None

    def remember(self, sid: str) -> None:
        """Keep today's name of a SID in the cache: after a rename the old one is answered (KB 946358)."""
        found = self.sid_to_name(sid)
        if found:
            self.stale[sid] = found

    def _from_cache(self, name: str) -> Found | None:
        wanted = name.casefold()
        return next((f for f in self.stale.values() if f.qualified.casefold() == wanted), None)

    def _ask_domain(self, what: str) -> bool:
        """Whether a domain controller answers; the first search for each name or SID takes its time."""
        if self.domain is None:
            return False
        if not self.domain_reachable and what.casefold() not in self.searched:
            self.seconds += LOCATOR_SECONDS
            self.searched.add(what.casefold())
        return self.domain_reachable

    def _well_known(self, row: WellKnown) -> Found:
        return Found(row.sid, row.domain(self.language), row.name(self.language), row.kind)

    def _well_known_by_name(self, domain: str | None, name: str) -> Found | None:
        languages = {self.language, "en"} if self.english_names else {self.language}
        for row in well_known.WELL_KNOWN:
            for language in languages:
                if row.name(language).casefold() != name.casefold():
                    continue
                if domain is None or row.domain(language).casefold() == domain.casefold():
                    return self._well_known(row)
        return None

    def _qualified(self, domain: str, name: str, whole: str) -> Found:
        wanted = domain.casefold()
        found = self._well_known_by_name(domain, name) or _virtual(self.virtual.by_name(domain, name))
        if found:
            return found
        if not self.controller and wanted == self.local.netbios.casefold():
            return _or_fail(_found(self.local.netbios, self.local.by_name(name)), whole)
        if self.domain and wanted in (self.domain.netbios.casefold(), self.domain.dns.casefold()):
            if not self._ask_domain(whole):
                raise LookupFailedError(self.unreachable_code, whole)
            return _or_fail(_found(self.domain.netbios, self.domain.by_name(name)), whole)
        raise LookupFailedError(NONE_MAPPED, whole)

    def _upn(self, name: str) -> Found:
        if self.domain is None:
            raise LookupFailedError(NONE_MAPPED, name)
        if not self._ask_domain(name):
            raise LookupFailedError(self.unreachable_code, name)
        return _or_fail(_found(self.domain.netbios, self.domain.by_upn(name)), name)

    def _isolated(self, name: str) -> Found:
        found = self._well_known_by_name(None, name)
        if not found and not self.controller:
            found = _found(self.local.netbios, self.local.by_name(name))
        if found:
            return found
        if self.domain is None or (self.controller and not self.controller_bare_names):
            raise LookupFailedError(NONE_MAPPED, name)
        if name.casefold() == self.domain.netbios.casefold():
            return Found(self.domain.sid, self.domain.netbios, "", "domain")
        if not self._ask_domain(name):
            raise LookupFailedError(self.unreachable_code, name)
        return _or_fail(_found(self.domain.netbios, self.domain.by_name(name)), name)


def _virtual(row: tuple[str, str, str] | None) -> Found | None:
    return Found(row[2], row[0], row[1], "wellknown") if row else None


def _found(domain: str, account: Account | None) -> Found | None:
    if account is None:
        return None
    return Found(account.sid, domain, account.name, account.kind)


def _or_fail(found: Found | None, name: str) -> Found:
    if found is None:
        raise LookupFailedError(NONE_MAPPED, name)
    return found


def is_user(found: Found) -> bool:
    """Whether WMI would show this account as a user rather than a group."""
    return found.kind in USER_KINDS
