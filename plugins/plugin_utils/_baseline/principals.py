# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a baseline means on one host: its SIDs, its names as the host knows them, its accounts relative to a domain.

A relative account is never guessed. Two facts prove it:

- The host's own domain. A machine joined to a domain has an account there (MS-ADTS 6.4.1), called COMPUTER$, and a name
  behind the domain's DNS name goes straight to that domain (docs/sources.md S1). Its SID without the last number is the
  domain's. A name of a trusted domain proves nothing, and neither does a SID that merely stands in a right.
- The root of its forest. Enterprise Admins, number 519, exists only in the forest root domain (MS-ADTS 6.1.1.6.10). So
  where the host has a name for 519 of its own domain, that domain is the root. Where it has none, the root is another
  domain, which the host does not tell; 519 of a domain that stands in a right may be a trusted forest's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Account, Computer, Resolution
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse as parse_name

from .model import Control, Principal

_ENTERPRISE_ADMINS = 519


@dataclass(frozen=True)
class Domains:
    """The SID of the host's own domain and of the root of its forest; None with why it is not known."""

    own: str | None
    root: str | None
    why_not_own: str = ""
    why_not_root: str = ""


@dataclass(frozen=True)
class Known:
    """A principal on one host: its SID, or None with the cause, a clause that goes with ``unclear``."""

    principal: Principal
    sid: str | None
    why: str = ""

    @property
    def written(self) -> str:
        """As the baseline has it."""
        return self.principal.written

    def may_be(self, sid: str) -> bool:
        """Whether a holder with this SID might be this account although that is not known."""
        if self.sid is not None:
            return False
        if self.principal.relative is None:
            return True
        return sid.startswith("S-1-5-21-") and sid.count("-") == 7 and sid.endswith(f"-{self.principal.rid}")


def unclear(known: Iterable[Known]) -> list[str]:
    """Clauses about the principals without a SID, those with one cause in one."""
    causes: dict[str, list[str]] = {}
    for one in known:
        if one.sid is None:
            causes.setdefault(one.why, []).append(one.written)
    return [
        f"the SID{'s' if len(written) > 1 else ''} of {' and '.join(written)} {'are' if len(written) > 1 else 'is'} "
        f"not known: {why}"
        for why, written in causes.items()
    ]


def of_controls(controls: Iterable[Control]) -> tuple[Principal, ...]:
    """Every principal that these controls name, once."""
    found: dict[str, Principal] = {}
    for control in controls:
        for expected in control.expected:
            found.update((one.written, one) for one in expected.any_of)
        found.update((one.account.written, one.account) for one in control.optional)
    return tuple(found.values())


def own_account(computer: Computer) -> AccountName | None:
    """The name of the host's account in its domain; None where it is in none."""
    if not (computer.part_of_domain and computer.domain):
        return None
    return parse_name(f"{computer.domain}\\{computer.name}$")


def domain_of(sid: str) -> str | None:
    """The SID of the domain or computer that an account belongs to; None for all other SIDs."""
    return sid.rpartition("-")[0] if sid.startswith("S-1-5-21-") and sid.count("-") == 7 else None


def own_domain(computer: Computer, resolved: Mapping[str, Resolution]) -> tuple[str | None, str]:
    """The SID of the host's domain from the look-up of its own account, else why it is not known."""
    account = own_account(computer)
    if account is None:
        return None, "the host is in no domain"
    resolution = resolved.get(account.written)
    if resolution is None:
        return None, "the host was not asked for its own account in its domain"
    domain = domain_of(resolution.sid) if resolution.sid is not None else None
    if domain is not None:
        return domain, ""
    tried = ", ".join(resolution.tried) or "no answer"
    return None, f"the host could not look up its own account {account.written} ({tried})"


def worth_naming(own: str | None) -> tuple[str, ...]:
    """SIDs whose names prove something about the domains."""
    return (f"{own}-{_ENTERPRISE_ADMINS}",) if own is not None else ()


def domains(own: str | None, why: str, accounts: Mapping[str, Account]) -> Domains:
    """Both domains, from the host's own and from the names of ``worth_naming``."""
    if own is None:
        return Domains(None, None, why, why)
    [enterprise_admins] = worth_naming(own)
    account = accounts.get(enterprise_admins)
    if account is not None and account.name is not None:
        return Domains(own, own)
    return Domains(
        own,
        None,
        "",
        f"the host has no name for {enterprise_admins}, so its domain is not shown to be the forest's root",
    )


def resolve(principal: Principal, resolved: Mapping[str, Resolution], found: Domains) -> Known:
    """One principal on the host."""
    if principal.relative is not None:
        domain = found.own if principal.relative == "domain" else found.root
        if domain is not None:
            return Known(principal, f"{domain}-{principal.rid}")
        why = found.why_not_own if principal.relative == "domain" else found.why_not_root
        return Known(principal, None, why)
    name = principal.name
    if name is None:
        raise ValueError(f"{principal.written}: neither a name nor relative to a domain")
    if not name.needs_host:
        return Known(principal, name.sid)
    resolution = resolved.get(name.written, Resolution(None))
    if resolution.sid is not None:
        return Known(principal, resolution.sid)
    tried = ", ".join(resolution.tried) or "no way to ask"
    return Known(principal, None, f"the host was asked ({tried})")
