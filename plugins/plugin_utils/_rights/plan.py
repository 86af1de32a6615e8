# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: what the user asked, held against what the host has, as deltas per right (a pure function).

Check mode, diff, result, restore and messages all read the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    UnresolvedError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Change, Holder, Plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import display_name
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import ENGINE, Insists


@dataclass(frozen=True)
class Wanted:
    """What the user asked for one right, by SID: ``exact`` replaces the list, else ``add`` and ``remove`` apply."""

    right: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    exact: tuple[str, ...] | None = None


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def check_wanted(wanted: Sequence[Wanted]) -> None:
    """Refuse a task that contradicts itself; raises InputError."""
    seen: set[str] = set()
    for want in wanted:
        shown = f"{want.right} ({display_name(want.right)})"
        if want.right in seen:
            raise InputError(f"The right {shown} is named twice in one task. Write all it needs in one entry.")
        seen.add(want.right)
        both = sorted(set(want.add) & set(want.remove))
        if both:
            raise InputError(
                f"The right {shown} is both given to and taken from {', '.join(both)} in one task. "
                "Take the account out of add or out of remove."
            )


def _pinned(right: str, holders: Sequence[Holder], reason: str | None) -> tuple[str, ...]:
    """The SIDs of all holders of a right that is to be rewritten; raises UnresolvedError where one is not known."""
    unknown = [holder.token for holder in holders if holder.sid is None]
    if reason is None and not unknown:
        return _unique(holder.sid for holder in holders if holder.sid is not None)
    why = reason or "its holder(s) " + ", ".join(f"'{token}'" for token in unknown) + " could not be pinned to a SID"
    raise UnresolvedError(
        f"The right {right} ({display_name(right)}) cannot be changed safely: {why}. Rewriting the line "
        "could take the right from somebody. Find out whose entry that is (secpol.msc on the host) and remove it."
    )


def _after(want: Wanted, before: tuple[str, ...]) -> tuple[str, ...]:
    if want.exact is not None:
        kept = [sid for sid in before if sid in want.exact]
        return _unique([*kept, *want.exact])
    return _unique([*(sid for sid in before if sid not in want.remove), *want.add])


def _change(want: Wanted, before: tuple[str, ...], insists: Insists) -> Change:
    """The change that Windows will make of what is wanted; entries keep the export's order."""
    asked = _after(want, before)
    kept = insists.kept(want.right, before, asked)
    after = _unique([*(sid for sid in before if sid in asked or sid in kept), *asked])
    if set(after) == set(before):  # nothing is written, so nothing is added either
        return Change(want.right, before, after, want.exact is not None, kept)
    missing = insists.added(want.right, after)
    # A removal that Windows would undo is no change at all.
    complete = _unique([*(sid for sid in before if sid in after or sid in missing), *after, *missing])
    return Change(want.right, before, complete, want.exact is not None, (*kept, *missing))


def make_plan(
    wanted: Sequence[Wanted],
    assignment: Mapping[str, Sequence[Holder]],
    unreadable: Mapping[str, str],
    insists: Insists = ENGINE,
) -> Plan:
    """Compute what must be written; raises UnresolvedError before any change where a line is not fully understood.

    ``insists`` is what the host will make of it by itself.
    A right in which nothing is to change is never refused: its holders are compared as far as they are known.
    """
    changes = []
    for want in wanted:
        holders = tuple(assignment.get(want.right, ()))
        known = _unique(holder.sid for holder in holders if holder.sid is not None)
        change = _change(want, known, insists)
        hidden = len(known) != len({holder.sid or holder.token for holder in holders}) or want.right in unreadable
        if change.changes or (hidden and (want.exact is not None or want.remove)):
            change = _change(want, _pinned(want.right, holders, unreadable.get(want.right)), insists)
        changes.append(change)
    return Plan(tuple(changes))


def restore_of(plan: Plan) -> list[dict[str, object]]:
    """The ``rights`` of a task that undoes exactly what this plan touches."""
    return [{"name": change.right, "set": list(change.before)} for change in plan.deltas]
