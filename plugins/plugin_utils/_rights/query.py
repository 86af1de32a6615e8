# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query: who holds what, by right and by account. Steps and result of user_right_info, always of the same shape.

It tells what a snapshot shows of all rights or some. Speaks only to the Host protocol and changes nothing.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import UnresolvedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host, RightsQuery, RightsReading
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS, display_name

from . import confirm_words, effective
from .options import unresolved
from .result import AccountResult, account_result, computer_result
from .snapshot import Budget, Scope, Snapshot, take

# Each local group whose members are asked costs a request.
_MOST_GROUPS = 12


def overview(
    host: Host, rights: Sequence[str], names: Sequence[AccountName], warn: Callable[[str], None]
) -> dict[str, t.Any]:
    """Read the host and tell; no rights means all, no names means every holder.

    ``warn`` is told of roll-backs that ran: the read removes what they left, so nobody after it could tell. Raises
    UnresolvedError for a name that the host does not know.
    """
    query = RightsQuery(tuple(names), frozenset(rights) if rights else None, tidy=True)
    reading = host.read_rights(query)
    for found in reading.remains:
        warn(confirm_words.remains(found))
    unknown = {name.written: reading.resolved[name.written].tried for name in names if not _sid(reading, name)}
    if unknown:
        raise UnresolvedError(unresolved(unknown))
    chosen = tuple(rights) or tuple(sorted({*RIGHTS, *reading.assignment}))
    asked = {name.written: str(_sid(reading, name)) for name in names}
    scope = Scope(chosen, asked.values(), tuple(effective.Subject(sid) for sid in asked.values()))
    seen = take(host, host.computer(), reading, scope, Budget(groups=_MOST_GROUPS))
    held = {holder.sid for right in chosen for holder in seen.holders(right) if holder.sid}
    return {
        "changed": False,
        "computer": computer_result(seen.computer),
        "rights": [_right(seen, right) for right in chosen],
        "accounts": _asked(seen, asked) if names else [_holder(seen, sid) for sid in sorted(held)],
        "orphans": sorted(sid for sid in held if seen.accounts[sid].kind == "orphan"),
    }


def _sid(reading: RightsReading, name: AccountName) -> str | None:
    return reading.resolved[name.written].sid


def _right(seen: Snapshot, right: str) -> dict[str, t.Any]:
    holders = seen.holders(right)
    unpinned = [holder.token for holder in holders if holder.sid is None]
    return {
        "name": right,
        "display_name": display_name(right),
        "holders": [account_result(seen.accounts[holder.sid]) for holder in holders if holder.sid is not None],
        "unresolved": unpinned,
        "unreadable": seen.reading.unreadable.get(right),
        "governed": seen.policies[right].as_result(),
    }


def _holder(seen: Snapshot, sid: str) -> dict[str, t.Any]:
    """What an account holds directly; its groups are looked at only for accounts that the task names."""
    direct = [right for right in seen.rights if any(holder.sid == sid for holder in seen.holders(right))]
    return {**account_result(seen.accounts[sid]), "asked_as": None, "direct": direct, "through": [], "may_hold": []}


def _asked(seen: Snapshot, asked: Mapping[str, str]) -> list[dict[str, t.Any]]:
    """For accounts that the task names: direct rights, rights through groups, and rights they may hold."""
    result = []
    for written, sid in asked.items():
        account = seen.accounts[sid]
        subject = effective.Subject(sid, account.name, service=account.kind == "service")
        result.append({**_explained(seen, subject), "asked_as": written})
    return result


def _explained(seen: Snapshot, subject: effective.Subject) -> dict[str, t.Any]:
    result = _holder(seen, str(subject.sid))
    for right in seen.rights:
        judged = seen.judge(right, subject)
        if judged.held == effective.GROUP:
            result["through"].append({"right": right, "groups": [_named(seen, group) for group in judged.via]})
        elif judged.held == effective.UNKNOWN:
            groups = [_named(seen, group) for group in judged.may_via]
            result["may_hold"].append({"right": right, "groups": groups, "why": judged.why})
    return result


def _named(seen: Snapshot, group: str) -> AccountResult:
    """A group by SID; a token that could not be pinned has no SID."""
    if group in seen.accounts:
        return account_result(seen.accounts[group])
    return {"sid": None, "name": group, "kind": "unknown"}
