# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a restart looks again, when it gives up, and what an interruption leaves: on a clock that tests turn."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._services.samples import (
    LOST,
    Time,
    does,
    host,
    run,
    service,
)


@pytest.mark.parametrize(
    ("states", "up"),
    [
        (["Stopped", "Stopped", "Running"], True),
        (["Start Pending", "Stopped", "Stopped", "Running"], True),
        (["Stopped", "Start Pending", "Stopped", "Stopped", "Running"], True),
        (["Stopped", "Stopped", "Stopped", "Running"], False),
    ],
)
def test_a_start_has_failed_when_stopped_is_seen_three_times_in_a_row(states: list[str], up: bool) -> None:
    fake = MemoryHost(installed=(service("S", "Stopped"),))
    seen = iter(["Stopped", *states])  # the first look is for the plan

    def look(fake: MemoryHost) -> None:
        fake.change("S", state=next(seen, "Running"))

    fake.on_query, fake.on_start = look, lambda _fake, _name: 0
    if up:
        run(fake)
    else:
        with pytest.raises(WinmailError, match="S was started \\(code 0\\) and is not running"):
            run(fake)


def test_a_stop_that_was_accepted_may_take_a_moment_to_show() -> None:
    seen = iter(["Running", "Running", "Running", "Stopped", "Running"])  # the plan, the first look, then later ones

    def look(fake: MemoryHost) -> None:
        fake.change("S", state=next(seen, "Running"))

    fake = MemoryHost(
        installed=(service("S"),), on_query=look, on_stop=lambda _fake, _name: 0, on_start=lambda _fake, _name: 0
    )
    run(fake)
    assert [line for line in fake.calls if line in ("stop S", "start S")] == ["stop S", "start S"]


class Interrupted(BaseException):
    """What Ctrl-C and the timeout of a task are."""


def interrupt(fake: MemoryHost, name: str) -> int:
    if name == "S":
        raise Interrupted
    return does()(fake, name)


def test_an_interruption_is_what_it_was_even_where_the_connection_is_gone() -> None:
    fake = host()
    fake.on_stop, fake.refuse = interrupt, {"reconnect": LOST}
    with pytest.raises(Interrupted):
        run(fake)


def test_after_an_interruption_each_start_is_waited_for_but_not_longer_than_half_a_minute() -> None:
    fake, time = host(), Time()
    fake.installed = (*fake.installed, service("B"))
    fake.depends = {"S": ("A", "B")}
    fake.on_stop = interrupt
    fake.on_start = does(B="Start Pending", A="Running")
    with pytest.raises(Interrupted):
        run(fake, time, timeout=600)
    assert [line for line in fake.calls if line.startswith("start")] == ["start B", "start A"]
    assert sum(time.pauses) == pytest.approx(30)


def test_it_looks_again_soon_at_first_and_then_every_two_seconds_until_the_time_is_up() -> None:
    fake, time = host(), Time()
    fake.on_stop = does(A="Stop Pending")
    with pytest.raises(WinmailError):
        run(fake, time, timeout=10)
    assert time.pauses == pytest.approx([0.3, 0.5, 1.0, 2.0, 2.0, 2.0, 2.0, 0.2])
