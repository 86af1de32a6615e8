# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounded work: an answer that is four times as long costs about four times as much, and no more."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.unit.fuzz import work
from ansible_collections.winmail.exchange.tests.unit.fuzz.hostile import HOSTILE, Hostile
from ansible_collections.winmail.exchange.tests.unit.fuzz.table import PARSERS

# Four times the input: 4 where the work is linear, 16 where it is quadratic, 64 where it is cubic.
STEEPEST = 9.0
# Below this, in seconds, a difference says nothing.
IMMATERIAL = 0.001
TRIES = 5
# An element of four bytes becomes an object of its own, with its row beside it.
BYTES_EACH = 220
ROOM = 600_000

_READ = {name.strip(): parser.read for parser in PARSERS for name in parser.covers.splitlines()}


def call(hostile: Hostile, size: int) -> Callable[[], object]:
    return functools.partial(_READ[hostile.parser], hostile.make(size))


def steepness(hostile: Hostile) -> float:
    """How many times the CPU time grows where the input grows four times."""
    short = work.cpu_seconds(call(hostile, hostile.size))
    long = work.cpu_seconds(call(hostile, 4 * hostile.size))
    return 0.0 if long < IMMATERIAL else long / max(short, IMMATERIAL / 16)


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
def test_the_work_grows_with_the_length(hostile: Hostile) -> None:
    """Ratios of one thread's CPU time, the best of some tries: a busy machine makes some worse, never all better."""
    seen: list[float] = []
    while len(seen) < TRIES and (not seen or min(seen) > STEEPEST):
        seen.append(steepness(hostile))
    assert min(seen) <= STEEPEST


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
def test_the_lines_run_and_the_memory_held_grow_with_the_length(hostile: Hostile) -> None:
    """Exact counts, the same on any machine."""
    size = hostile.size // 4
    few, many = (work.lines_run(call(hostile, one)) for one in (size, 2 * size))
    assert many <= 2.3 * few + 200
    for one in (size, 2 * size):
        assert work.peak_bytes(call(hostile, one)) <= BYTES_EACH * one + ROOM
