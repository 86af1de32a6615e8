# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that hangs costs one timeout, and an answer that comes late is no refusal: on a clock that tests turn."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ApplyError
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._services.test_restart import (
    EVERYTHING_UP,
    Time,
    host,
    run,
    states,
)


@pytest.mark.parametrize("timeout", [5, 60, 600])
@pytest.mark.parametrize("who", ["C", "A", "S"])
def test_a_service_that_never_stops_costs_one_timeout_whoever_it_is(who: str, timeout: float) -> None:
    fake, time = host(), Time()

    def hang(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stop Pending" if name == who else "Stopped")
        return 0

    fake.on_stop = hang
    with pytest.raises(ApplyError, match=f"{who} did not stop within {timeout:g} seconds; its state is Stop Pending"):
        run(fake, time, timeout)
    assert timeout <= time.seconds <= timeout + 1
    others = {name: state for name, state in states(fake).items() if name != who}
    assert others == {name: state for name, state in EVERYTHING_UP.items() if name != who}


def test_services_that_start_slowly_after_one_hung_are_waited_for_half_a_minute_in_all() -> None:
    fake, time = host(), Time()

    def stop(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stop Pending" if name == "S" else "Stopped")
        return 0

    def start(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Start Pending")
        return 0

    fake.on_stop, fake.on_start = stop, start
    with pytest.raises(ApplyError):
        run(fake, time, 300)
    assert 330 <= time.seconds <= 331


@pytest.mark.parametrize("who", ["S", "A"])
def test_a_service_that_never_starts_costs_one_timeout(who: str) -> None:
    fake, time = host(), Time()

    def start(fake: MemoryHost, name: str) -> int:
        if who == "S" and name != "S":
            return 13
        fake.change(name, state="Start Pending" if name == who else "Running")
        return 0

    fake.on_start = start
    with pytest.raises(ApplyError, match=f"{who} was started .code 0. and is not running; its state is Start Pending"):
        run(fake, time)
    assert 60 <= time.seconds <= 61


def test_what_stopped_while_the_others_were_looked_after_is_started_too() -> None:
    fake, time = host(), Time()

    def stop(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stop Pending" if name == "S" else "Stopped")
        return 0

    def start(fake: MemoryHost, name: str) -> int:
        if name == "B":
            fake.change("S", state="Stopped")
        fake.change(name, state="Running", process_id=7)
        return 0

    fake.on_stop, fake.on_start = stop, start
    with pytest.raises(ApplyError, match="Nothing that ran before is down"):
        run(fake, time)
    assert states(fake) == EVERYTHING_UP


@pytest.mark.parametrize("method", ["stop", "start"])
def test_an_answer_that_outlasts_the_operation_is_no_refusal(method: str) -> None:
    fake, time = host(), Time()
    pending, done = ("Stop Pending", "Stopped") if method == "stop" else ("Start Pending", "Running")

    def slow(fake: MemoryHost, name: str) -> int:
        if name != "S":
            fake.change(name, state=done, process_id=0 if done == "Stopped" else 7)
            return 0
        time.seconds += 20
        fake.change(name, state=pending)
        time.at.append((time.seconds + 25, lambda: fake.change(name, state=done, process_id=0)))
        return 7

    setattr(fake, f"on_{method}", slow)
    run(fake, time)
    assert 45 <= time.seconds < 50
    assert states(fake) == EVERYTHING_UP
