# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose turn it is in a play with serial: which batch is the last one, so that one report stands for all (pure).

A role sees one batch at a time, and the same role may be in a play twice, or in two plays of a run. So each host is
counted how often it had its turn; whoever had fewer turns than this batch is still to come.
"""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Mapping, Sequence


class Ledger(t.TypedDict):
    """How often each host of a play had its turn; ``last`` says of the turn that was noted last if nobody follows."""

    hosts: list[str]
    turns: dict[str, int]
    last: bool


def turn(ledger: Mapping[str, t.Any], hosts: Sequence[str], alive: Collection[str], batch: Sequence[str]) -> Ledger:
    """Note that a batch has its turn.

    ``ledger`` is what was noted before (empty at first), ``hosts`` are all of the play, ``alive`` are those who did not
    fail in it so far. The ledger of another play counts for nothing.
    """
    before = ledger.get("turns", {}) if ledger.get("hosts") == list(hosts) else {}
    now = 1 + max((int(before.get(host, 0)) for host in batch), default=0)
    waiting = [host for host in alive if host not in set(batch) and int(before.get(host, 0)) < now]
    # Who failed keeps step: in a later play that host may be there again, alone in its batch.
    gone = {host: max(now, int(before.get(host, 0))) for host in set(hosts).difference(alive)}
    return {"hosts": list(hosts), "turns": {**before, **gone, **dict.fromkeys(batch, now)}, "last": not waiting}
