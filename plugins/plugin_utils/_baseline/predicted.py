# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host as it would be after a planned change: the real host in all but who holds the rights that would change.

So check mode judges the second time exactly as the real run does, by the same steps; holders are told in the order of
the plan in both.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Holder, Host, RightsQuery, RightsReading

Holders = Mapping[str, Sequence[str]]


class _Seen:
    """Passes every question to the host, and hands on what it reads through ``change``."""

    def __init__(self, host: Host, change: Callable[[RightsReading], Mapping[str, tuple[Holder, ...]]]) -> None:
        self._host = host
        self._change = change

    def __getattr__(self, name: str) -> object:
        return getattr(self._host, name)

    def read_rights(self, query: RightsQuery) -> RightsReading:
        """The host's own reading with other holders; a right that nobody holds is absent, as in it."""
        reading = self._host.read_rights(query)
        assignment = {**reading.assignment, **self._change(reading)}
        return dataclasses.replace(
            reading, assignment={right: holders for right, holders in assignment.items() if holders}
        )


def predicted(host: Host, after: Holders) -> Host:
    """The host as if these accounts, by SID, held these rights."""

    def planned_holders(_reading: RightsReading) -> Mapping[str, tuple[Holder, ...]]:
        return {right: tuple(Holder(f"*{sid}", sid) for sid in sids) for right, sids in after.items()}

    return t.cast("Host", _Seen(host, planned_holders))


def ordered(host: Host, after: Holders) -> Host:
    """The host as it is, its holders of these rights in this order; others come last, in the host's own."""

    def in_order(held: Sequence[Holder], sids: Sequence[str]) -> tuple[Holder, ...]:
        return tuple(sorted(held, key=lambda one: sids.index(one.sid) if one.sid in sids else len(sids)))

    def same_holders(reading: RightsReading) -> Mapping[str, tuple[Holder, ...]]:
        return {right: in_order(reading.assignment.get(right, ()), sids) for right, sids in after.items()}

    return t.cast("Host", _Seen(host, same_holders))


def planned(rights: Sequence[Mapping[str, t.Any]]) -> dict[str, list[str]]:
    """The holders after a user_right task, by right: predicted in check mode, else read back in the plan's order."""
    return {str(right["name"]): [str(holder["sid"]) for holder in right["after"]] for right in rights}
