# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times and the deadline, by a clock that the test turns."""

from __future__ import annotations

import contextlib

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.deadline import Deadline
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.timing import Stopwatch


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_deadline() -> None:
    clock = Clock()
    deadline = Deadline(10, clock)
    assert deadline.remaining() == 10
    clock.now += 7
    assert deadline.remaining() == 3
    assert deadline.sooner(1).remaining() == 1
    assert deadline.sooner(5).remaining() == 3
    clock.now += 7
    assert deadline.remaining() == 0
    assert deadline.sooner(5).remaining() == 0


def test_stopwatch() -> None:
    clock = Clock()
    stopwatch = Stopwatch(clock)
    with stopwatch.step("banner"):
        clock.now += 0.25
    with contextlib.suppress(ValueError), stopwatch.step("capa"):
        clock.now += 0.5
        raise ValueError
    with stopwatch.step("capa"):
        clock.now += 0.5
    clock.now += 1
    seconds = stopwatch.seconds()
    assert (seconds["banner"], seconds["capa"], seconds["total"]) == (0.25, 1.0, 2.25)
    assert seconds["user"] is None
