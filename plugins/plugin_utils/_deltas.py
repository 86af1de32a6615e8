# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of a plan and of what the host showed before and after its write (pure).

What became of a planned change; and the merge of somebody else's change that the write met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Change, Holder, Plan


@dataclass(frozen=True)
class Comparison:
    """What a read-back shows of one planned change; each field lists SIDs, and each SID is in one of them at most."""

    change: Change
    missing: tuple[str, ...]
    staying: tuple[str, ...]
    lost: tuple[str, ...]
    extra: tuple[str, ...]
    unpinned: tuple[str, ...] = ()

    @property
    def as_planned(self) -> bool:
        """Whether every delta took and nobody was lost; further holders count only against an exact list.

        A token that could not be pinned may be the account that was to lose the right, so nothing is proven then.
        """
        doubt = self.unpinned if self.change.exact or self.change.removed else ()
        return not (self.missing or self.staying or self.lost or doubt or (self.change.exact and self.extra))


def compare(change: Change, holders: Sequence[Holder]) -> Comparison:
    """Hold what was read back against what was planned."""
    now = {holder.sid for holder in holders if holder.sid is not None}
    return Comparison(
        change,
        missing=tuple(sid for sid in change.added if sid not in now),
        staying=tuple(sid for sid in change.removed if sid in now),
        lost=tuple(sid for sid in change.before if sid in change.after and sid not in now),
        extra=tuple(sorted(now.difference(change.after, change.removed))),
        unpinned=tuple(holder.token for holder in holders if holder.sid is None),
    )


def holders_of(plan: Plan, assignment: Mapping[str, Sequence[Holder]]) -> dict[str, tuple[str, ...]]:
    """The SIDs that hold the rights which a plan writes, in the order of the export."""
    return {
        change.right: tuple(holder.sid for holder in assignment.get(change.right, ()) if holder.sid is not None)
        for change in plan.deltas
    }


def as_before(plan: Plan, holders: Mapping[str, Sequence[str]]) -> bool:
    """Whether the rights which a plan writes are held by those that it was made from."""
    return all(set(holders[change.right]) == set(change.before) for change in plan.deltas)


def unpinned(plan: Plan, assignment: Mapping[str, Sequence[Holder]]) -> tuple[str, ...]:
    """Entries of the rights which a plan writes that nobody could put back, as ``right: token``."""
    return tuple(
        f"{change.right}: {holder.token}"
        for change in plan.deltas
        for holder in assignment.get(change.right, ())
        if holder.sid is None and not change.exact
    )


def overwritten(plan: Plan, then: Mapping[str, Sequence[Holder]], now: Mapping[str, Sequence[Holder]]) -> Plan:
    """What the write of a plan took from somebody else, as the plan that puts it back: a merge of three.

    The plan was made from its ``before``; ``then`` is what its write met, ``now`` what it left. Who was given a right
    in between gets it back, but for an exact list; who was taken out of it goes again.
    """
    met, left = holders_of(plan, then), holders_of(plan, now)
    changes = []
    for change in plan.deltas:
        seen, held = met[change.right], left[change.right]
        given = tuple(sid for sid in seen if sid not in (*change.before, *held) and not change.exact)
        taken = {sid for sid in change.before if sid in change.after and sid not in seen}
        changes.append(Change(change.right, held, (*(sid for sid in held if sid not in taken), *given)))
    return Plan(tuple(changes))
