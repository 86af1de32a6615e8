# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One batch of a play is its last one, whatever the batches, who fails on the way and what was played before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.turns import turn

HOSTS = [f"h{number}" for number in range(12)]


def play(
    ledger: Mapping[str, Any], hosts: Sequence[str], sizes: Sequence[int], failing: Mapping[int, set[str]], times: int
) -> tuple[Mapping[str, Any], list[list[bool]]]:
    """Play batches of these sizes, each ``times`` times; who fails in a batch, fails in its first turn.

    The last answers: for each batch those of its turns.
    """
    alive = list(hosts)
    answers, start = [], 0
    for number, size in enumerate(sizes):
        whole = hosts[start : start + size]
        start += size
        told = []
        for dummy in range(times):
            batch = [host for host in whole if host in alive]
            if not batch:
                break
            ledger = turn(ledger, hosts, alive, batch)
            told.append(ledger["last"])
            alive = [host for host in alive if host not in failing.get(number, set())]
        answers.append(told)
    return ledger, answers


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[str], list[int]]:
    """The hosts of a play, and sizes of batches that hold them all."""
    hosts = draw(st.lists(st.sampled_from(HOSTS), min_size=1, unique=True))
    sizes: list[int] = []
    while sum(sizes) < len(hosts):
        sizes.append(draw(st.integers(1, len(hosts) - sum(sizes))))
    return hosts, sizes


@given(st.lists(batches(), min_size=1, max_size=3), st.integers(1, 3), st.data())
def test_the_last_batch_is_the_last_one_and_no_other(
    plays: list[tuple[list[str], list[int]]], times: int, data: st.DataObject
) -> None:
    ledger: Mapping[str, Any] = {}
    for hosts, sizes in plays:
        # A batch of which all fail ends the play, and the last batch is what this is about.
        failing = {number: set(hosts[:0]) for number in range(len(sizes))}
        start = 0
        for number, size in enumerate(sizes[:-1]):
            some = hosts[start : start + size][1:]
            failing[number] = set(data.draw(st.lists(st.sampled_from(some), unique=True))) if some else set()
            start += size
        ledger, answers = play(ledger, hosts, sizes, failing, times)
        assert answers[-1] == [True] * times
        assert [told for batch in answers[:-1] for told in batch if told] == []


def test_the_same_hosts_in_a_second_play_begin_anew() -> None:
    ledger, first = play({}, HOSTS, [6, 6], {}, 1)
    dummy, second = play(ledger, HOSTS, [4, 4, 4], {}, 1)
    assert first == [[False], [True]]
    assert second == [[False], [False], [True]]


def test_a_host_that_failed_is_not_waited_for() -> None:
    ledger = turn({}, ["a", "b", "c"], ["a", "c"], ["a"])
    assert not ledger["last"]
    assert turn(ledger, ["a", "b", "c"], ["a"], ["a"])["last"] is True


def test_a_host_that_failed_and_is_there_again_in_the_next_play_is_in_step() -> None:
    ledger = play({}, ["a", "b", "c"], [2, 1], {0: {"b"}}, 2)[0]
    answers = play(ledger, ["a", "b", "c"], [1, 1, 1], {}, 2)[1]
    assert answers == [[False, False], [False, False], [True, True]]


def test_a_ledger_of_other_hosts_counts_for_nothing() -> None:
    ledger = turn({}, ["a"], ["a"], ["a"])
    assert turn(ledger, ["a", "b"], ["a", "b"], ["b"]) == {"hosts": ["a", "b"], "turns": {"b": 1}, "last": False}
