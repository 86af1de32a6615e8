# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a planned change: the plan of each right held against what was read back (pure).

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Change, Holder


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
