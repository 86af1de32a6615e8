# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call costs, in figures that compare: lines of Python run, bytes held at the peak, CPU time of this thread."""

from __future__ import annotations

import contextlib
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(call: Callable[[], object]) -> int:
    """How many lines of Python ``call`` runs: the same number each time, on any machine."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        quietly(call)
    finally:
        sys.settrace(before)
    return count


def peak_bytes(call: Callable[[], object]) -> int:
    """How much memory ``call`` holds at most above what was held before."""
    tracemalloc.start()
    try:
        quietly(call)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def cpu_seconds(call: Callable[[], object]) -> float:
    """The CPU time of the quickest of three runs, without collections of garbage."""
    gc.disable()
    try:
        return min(_once(call) for _turn in range(3))
    finally:
        gc.enable()


def _once(call: Callable[[], object]) -> float:
    begin = time.thread_time()
    quietly(call)
    return time.thread_time() - begin


def quietly(call: Callable[[], object]) -> None:
    """Run it; whether its errors are declared ones is another test's question."""
    with contextlib.suppress(Exception):
        call()
