# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orphans: SIDs that hold a right and for which the host has no name (pure).

Windows gives no name for an account that is gone, and none for one of a domain that does not answer (LookupAccountSid:
docs/sources.md S1). So those of the host's domain are believed only where that domain answered in the same read. Those
of another domain, and kinds that can be without a name by nature (docs/user_rights/who_holds_what.md), are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.snapshot import Snapshot
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.sid import kind_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.well_known import AccountKind

from .principals import Domains, domain_of

# A service and a group of the computer have a name as long as they are there; a host's service manager and its own
# database tell it.
_NAMED_IF_THERE: frozenset[AccountKind] = frozenset({"service", "alias"})


@dataclass(frozen=True)
class Found:
    """Orphans by what is known of them: ``gone`` for certain; ``unsure`` may be somebody although they have no name.

    ``doubts`` are clauses about holders of whom it is not known whether they are orphans.
    """

    gone: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def sids(seen: Snapshot) -> tuple[str, ...]:
    """Every SID that holds one of the snapshot's rights and has no name on the host, sorted."""
    held = {holder.sid for right in seen.rights for holder in seen.holders(right) if holder.sid is not None}
    return tuple(sorted(sid for sid in held if seen.accounts[sid].kind == "orphan"))


def find(seen: Snapshot, domains: Domains) -> Found:
    """Sort the orphans of all rights of a snapshot."""
    gone: list[str] = []
    unsure: list[str] = []
    silent: list[str] = []
    local = _local(seen)
    for sid in sids(seen):
        domain = domain_of(sid)
        if domain is None:
            (gone if kind_of(sid) in _NAMED_IF_THERE else unsure).append(sid)
        elif not seen.computer.part_of_domain or domain in (domains.own, local):
            gone.append(sid)
        else:
            (silent if domains.own is None else unsure).append(sid)
    return Found(tuple(gone), tuple(unsure), (*_silent(silent, domains), *_unread(seen)))


def _local(seen: Snapshot) -> str | None:
    """The computer's own SID, from a holder that it calls an account of its own; a controller has none."""
    if seen.computer.domain_controller:
        return None
    prefix = f"{seen.computer.name}\\".lower()
    for sid, account in seen.accounts.items():
        if account.name is not None and account.name.lower().startswith(prefix):
            domain = domain_of(sid)
            if domain is not None:
                return domain
    return None


def _silent(silent: list[str], domains: Domains) -> list[str]:
    if not silent:
        return []
    why = f"whether its domain answers is not known: {domains.why_not_own}"
    return [f"the host has no name for {', '.join(silent)}, and {why}"]


def _unread(seen: Snapshot) -> list[str]:
    doubts = []
    tokens = sorted({h.token for right in seen.rights for h in seen.holders(right) if h.sid is None})
    if tokens:
        listed = ", ".join(f"'{token}'" for token in tokens)
        doubts.append(f"the host gave no SID for {listed}")
    if seen.reading.unreadable:
        doubts.append(f"the lines of {', '.join(sorted(seen.reading.unreadable))} cannot be relied on")
    unnamed = sorted(
        sid
        for right in seen.rights
        for sid in {h.sid for h in seen.holders(right) if h.sid is not None}
        if seen.accounts[sid].name is None and seen.accounts[sid].kind != "orphan"
    )
    if unnamed:
        doubts.append(f"the host was not able to say whether {', '.join(dict.fromkeys(unnamed))} has a name")
    return doubts
