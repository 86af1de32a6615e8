# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of a computer or a domain: users, groups, their members; names are unique without regard to case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.state import sids, well_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

USER_KINDS = frozenset({"user", "gmsa", "computer"})


@dataclass
class Account:
    """One account of a SAM or directory; ``kind``: user, group, alias, computer or gmsa."""

    sid: str
    name: str
    kind: str = "user"
    password: str = ""
    enabled: bool = True
    upn: str = ""
    members: list[str] = field(default_factory=list)

    @property
    def primary_rid(self) -> int:
        """RID of its primary group by default, [MS-SAMR] and [MS-ADTS]: users 513, computers and gMSAs 515."""
        return {"computer": 515, "gmsa": 515}.get(self.kind, 513)


class Authority:
    """A SAM: the accounts of one computer, or of one domain (then with a DNS name)."""

    def __init__(self, netbios: str, sid: str, dns: str = "") -> None:
        self.netbios = netbios
        self.sid = sid
        self.dns = dns
        self._accounts: dict[str, Account] = {}

    def __iter__(self) -> Iterator[Account]:
        return iter(self._accounts.values())

    def add(self, account: Account) -> Account:
        """Add an account; raises ValueError when its name or SID is taken."""
        if self.by_name(account.name) or account.sid in self._accounts:
            raise ValueError(f"{self.netbios} has an account {account.name} or {account.sid} already")
        self._accounts[account.sid] = account
        return account

    def remove(self, sid: str) -> None:
        """Delete an account: what holds its SID becomes orphaned."""
        self._accounts.pop(sid, None)

    def by_sid(self, sid: str) -> Account | None:
        """The account with this SID."""
        return self._accounts.get(sid)

    def by_name(self, name: str) -> Account | None:
        """The account with this name, in any case, or a user's UPN prefix."""
        wanted = name.casefold()
        return next((a for a in self if a.name.casefold() == wanted), None)

    def by_upn(self, upn: str) -> Account | None:
        """The account with this user principal name (explicit, or name@dns)."""
        wanted = upn.casefold()
        for account in self:
            implicit = f"{account.name}@{self.dns}".casefold()
            if account.kind in USER_KINDS and wanted in (account.upn.casefold(), implicit):
                return account
        return None

    def owns(self, sid: str) -> bool:
        """Whether a SID is of this authority, existing or not."""
        return sid.startswith(self.sid + "-")


def groups_of(sid: str, authorities: Iterable[Authority], start: Iterable[str] = ()) -> set[str]:
    """Every group that holds ``sid`` or one of ``start``, directly or through other groups.

    Windows expands domain groups first and the computer's own groups last; the closure is the same.
    """
    known = [account for authority in authorities for account in authority if account.members]
    reached, new = {sid, *start}, True
    while new:
        found = {a.sid for a in known if a.sid not in reached and not reached.isdisjoint(a.members)}
        reached |= found
        new = bool(found)
    return reached - {sid}


def local_sam(name: str, sid: str, language: str) -> Authority:
    """The accounts a fresh member server or workstation has, with their localised names."""
    german = language == "de"
    sam = Authority(name, sid)
    admin = "Administrator"
    guest = "Gast" if german else "Guest"
    sam.add(Account(f"{sid}-500", admin, password="", enabled=True))
    sam.add(Account(f"{sid}-501", guest, enabled=False))
    sam.add(Account(f"{sid}-503", "DefaultAccount", enabled=False))
    sam.add(Account(f"{sid}-513", "Kein" if german else "None", "group"))
    _add_aliases(sam, language)
    return sam


def _add_aliases(sam: Authority, language: str) -> None:
    members = {
        sids.ADMINISTRATORS: [f"{sam.sid}-500"],
        "S-1-5-32-545": ["S-1-5-4", "S-1-5-11"],
        "S-1-5-32-546": [f"{sam.sid}-501"],
        "S-1-5-32-568": ["S-1-5-17"],
    }
    for row in well_known.WELL_KNOWN:
        if row.kind == "alias":
            account = Account(row.sid, row.name(language), "alias")
            account.members = list(members.get(row.sid, []))
            sam.add(account)


_DOMAIN_GROUPS = {
    "Domain Admins": 512,
    "Domain Users": 513,
    "Domain Guests": 514,
    "Domain Computers": 515,
    "Domain Controllers": 516,
    "Cert Publishers": 517,
    "Schema Admins": 518,
    "Enterprise Admins": 519,
    "Group Policy Creator Owners": 520,
}


def domain_sam(netbios: str, dns: str, sid: str) -> Authority:
    """The accounts a fresh domain has; its aliases are added for the view of a domain controller."""
    sam = Authority(netbios, sid, dns)
    sam.add(Account(f"{sid}-500", "Administrator"))
    sam.add(Account(f"{sid}-501", "Guest", enabled=False))
    sam.add(Account(f"{sid}-502", "krbtgt", enabled=False))
    for name, rid in _DOMAIN_GROUPS.items():
        sam.add(Account(f"{sid}-{rid}", name, "group"))
    admins = sam.by_name("Domain Admins")
    if admins:
        admins.members.append(f"{sid}-500")
    return sam


def controller_aliases(netbios: str, domain: Authority, language: str) -> Authority:
    """The BUILTIN aliases as one domain controller shows them (its SAM is the domain's)."""
    sam = Authority(netbios, domain.sid)
    _add_aliases(sam, language)
    admins = sam.by_sid(sids.ADMINISTRATORS)
    if admins:
        admins.members += [f"{domain.sid}-512", f"{domain.sid}-519"]
    older = sam.by_sid("S-1-5-32-554")
    if older:
        older.members.append("S-1-5-11")  # captures/whoami/25
    return sam
