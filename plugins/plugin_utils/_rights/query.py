# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds what, by right and by account: the steps and the result of user_right_info, always of the same shape.

Speaks only to the Host protocol and changes nothing. This plugin util is PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import UnresolvedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    GroupMembers,
    Host,
    RightsQuery,
    RightsReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import effective as holding
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import unresolved
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import Governed, policies_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.result import account_result
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS, display_name

# Each local group whose members are asked costs a request.
_MOST_GROUPS = 12


@dataclass(frozen=True)
class _Overview:
    """All that one task has read of one host."""

    rights: tuple[str, ...]
    reading: RightsReading
    accounts: Mapping[str, Account]
    policies: Mapping[str, Governed]


def overview(host: Host, rights: Sequence[str], names: Sequence[AccountName]) -> dict[str, Any]:
    """Read the host and tell; no rights means all, no names means every holder.

    Raises UnresolvedError for a name that the host does not know.
    """
    query = RightsQuery(tuple(names), frozenset(rights) if rights else None, tidy=True)
    reading = host.read_rights(query)
    unknown = {name.written: reading.resolved[name.written].tried for name in names if not _sid(reading, name)}
    if unknown:
        raise UnresolvedError(unresolved(unknown))
    chosen = tuple(rights) or tuple(sorted({*RIGHTS, *reading.assignment}))
    held = {holder.sid for right in chosen for holder in reading.assignment.get(right, ()) if holder.sid}
    asked = {name.written: str(_sid(reading, name)) for name in names}
    accounts = host.accounts(sorted(held | set(asked.values())))
    seen = _Overview(chosen, reading, accounts, policies_of(host, chosen, reading, managed=chosen))
    return {
        "changed": False,
        "computer": _computer(host),
        "rights": [_right(seen, right) for right in chosen],
        "accounts": _asked(host, seen, asked) if names else [_holder(seen, sid) for sid in sorted(held)],
        "orphans": sorted(sid for sid in held if accounts[sid].kind == "orphan"),
    }


def _sid(reading: RightsReading, name: AccountName) -> str | None:
    return reading.resolved[name.written].sid


def _computer(host: Host) -> dict[str, Any]:
    computer = host.computer()
    return {
        "name": computer.name,
        "domain": computer.domain,
        "part_of_domain": computer.part_of_domain,
        "domain_controller": computer.domain_controller,
    }


def _right(seen: _Overview, right: str) -> dict[str, Any]:
    holders = seen.reading.assignment.get(right, ())
    unpinned = [holder.token for holder in holders if holder.sid is None]
    return {
        "name": right,
        "display_name": display_name(right),
        "holders": [account_result(seen.accounts[holder.sid]) for holder in holders if holder.sid is not None],
        "unresolved": unpinned,
        "unreadable": seen.reading.unreadable.get(right),
        "governed": seen.policies[right].as_result(),
    }


def _holder(seen: _Overview, sid: str) -> dict[str, Any]:
    """What an account holds directly; its groups are looked at only for accounts that the task names."""
    direct = [
        right for right in seen.rights if any(holder.sid == sid for holder in seen.reading.assignment.get(right, ()))
    ]
    return {**account_result(seen.accounts[sid]), "asked_as": None, "direct": direct, "through": [], "may_hold": []}


def _asked(host: Host, seen: _Overview, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """For accounts that the task names: direct rights, rights through groups, and rights they may hold."""
    context = holding.Context(host.computer(), seen.accounts, {})
    subjects = {
        written: holding.Subject(sid, seen.accounts[sid].name, service=seen.accounts[sid].kind == "service")
        for written, sid in asked.items()
    }
    members = _members(host, seen, list(subjects.values()), context)
    context = holding.Context(host.computer(), seen.accounts, members)
    return [_explained(seen, written, subject, context) for written, subject in subjects.items()]


def _members(
    host: Host, seen: _Overview, subjects: Sequence[holding.Subject], context: holding.Context
) -> dict[str, GroupMembers]:
    groups: dict[str, str] = {}
    for right in seen.rights:
        for subject in subjects:
            groups.update(holding.local_groups(subject, seen.reading.assignment.get(right, ()), context))
    chosen = sorted(groups.items(), key=lambda pair: pair[0])[:_MOST_GROUPS]
    return {sid: host.group_members(name) for sid, name in chosen}


def _explained(seen: _Overview, written: str, subject: holding.Subject, context: holding.Context) -> dict[str, Any]:
    sid = str(subject.sid)
    result = {**_holder(seen, sid), "asked_as": written}
    for right in seen.rights:
        judged = holding.judge(
            right, subject, seen.reading.assignment.get(right, ()), context, seen.reading.unreadable.get(right)
        )
        if judged.held == holding.GROUP:
            result["through"].append({"right": right, "groups": [_named(seen, group) for group in judged.via]})
        elif judged.held == holding.UNKNOWN:
            groups = [_named(seen, group) for group in judged.may_via]
            result["may_hold"].append({"right": right, "groups": groups, "why": judged.why})
    return result


def _named(seen: _Overview, group: str) -> dict[str, Any]:
    """A group by SID; a token that could not be pinned has no SID."""
    if group in seen.accounts:
        return account_result(seen.accounts[group])
    return {"sid": None, "name": group, "kind": "unknown"}
