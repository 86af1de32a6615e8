# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The restart on a host in memory with a clock that tests turn: order, waiting, and nothing left down."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    InputError,
    UnreachableError,
    WindowsError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import plan as services
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import restart
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.services import answer
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost


class Time:
    """A clock that moves only when somebody sleeps; ``at`` runs things at a time."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.at: list[tuple[float, Callable[[], None]]] = []

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.seconds += seconds
        for moment, action in [entry for entry in self.at if entry[0] <= self.seconds]:
            self.at.remove((moment, action))
            action()

    def clock(self) -> restart.Clock:
        return restart.Clock(lambda: self.seconds, self.sleep)


def service(name: str, state: str = "Running") -> Service:
    return Service(name, name, state, "Auto", "LocalSystem", 0 if state == "Stopped" else 100)


def host(*, target: str = "Running") -> MemoryHost:
    """S, on which A and B depend, and C on A; D depends on S and does not run."""
    return MemoryHost(
        installed=(*map(service, "ABC"), service("S", target), service("D", "Stopped")),
        depends={"S": ("A", "B", "D"), "A": ("C",)},
    )


def run(fake: MemoryHost, time: Time | None = None, timeout: float = 60) -> None:
    plan = services.plan(restart.find(fake, "s"), fake.dependents, dependents=True)
    restart.Restarter(fake, timeout, (time or Time()).clock()).run(plan)


def moves(fake: MemoryHost) -> list[str]:
    return [entry for entry in fake.calls if entry.startswith(("stop ", "start "))]


def states(fake: MemoryHost) -> dict[str, str]:
    return {one.name: one.state for one in fake.installed}


EVERYTHING_UP = {"A": "Running", "B": "Running", "C": "Running", "S": "Running", "D": "Stopped"}


def test_in_order_and_nothing_else() -> None:
    fake = host()
    run(fake)
    assert moves(fake) == ["stop C", "stop A", "stop B", "stop S", "start S", "start B", "start A", "start C"]
    assert states(fake) == EVERYTHING_UP


def test_a_stopped_service_is_only_started() -> None:
    fake = host(target="Stopped")
    run(fake)
    assert moves(fake) == ["start S"]


@pytest.mark.parametrize("code", [0, 7])
def test_a_service_that_takes_its_time_to_stop(code: int) -> None:
    fake, time = host(), Time()

    def slow(fake: MemoryHost, name: str) -> int:
        if name != "S":
            fake.change(name, state="Stopped", process_id=0)
            return 0
        fake.change(name, state="Stop Pending")
        time.at.append((time.seconds + 50, lambda: fake.change(name, state="Stopped", process_id=0)))
        return code

    fake.on_stop = slow
    said: list[str] = []
    plan = services.plan(restart.find(fake, "s"), fake.dependents, dependents=True)
    restart.Restarter(fake, 60, time.clock(), tell=said.append).run(plan)
    assert 50 <= time.seconds < 60
    assert states(fake) == EVERYTHING_UP
    # Who waits is told every ten seconds how far it is.
    assert [line.partition(",")[0] for line in said] == ["S is to stop"] * 4
    assert said[0].startswith("S is to stop, for 1")
    assert said[0].endswith(" s more")


def test_a_service_that_takes_its_time_to_start() -> None:
    fake, time = host(), Time()

    def slow(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Start Pending")
        time.at.append((time.seconds + 20, lambda: fake.change(name, state="Running", process_id=7)))
        return 0

    fake.on_start = slow
    run(fake, time)
    assert 80 <= time.seconds < 90
    assert states(fake) == EVERYTHING_UP


def test_stopped_meanwhile_by_somebody_else() -> None:
    fake = host()

    def meanwhile(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stopped", process_id=0)
        return 5

    fake.on_stop = meanwhile
    run(fake)
    assert states(fake) == EVERYTHING_UP


def test_started_meanwhile_by_somebody_else() -> None:
    fake = host()

    def meanwhile(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Running", process_id=8)
        return 10

    fake.on_start = meanwhile
    run(fake)
    assert states(fake) == EVERYTHING_UP


@pytest.mark.parametrize(
    ("code", "words"), [(2, "access denied"), (3, "other services"), (5, "does not accept"), (8, "code 8")]
)
def test_a_service_that_refuses_to_stop(code: int, words: str) -> None:
    fake = host()

    def refuse(fake: MemoryHost, name: str) -> int:
        if name == "S":
            return code
        fake.change(name, state="Stopped", process_id=0)
        return 0

    fake.on_stop = refuse
    with pytest.raises(ApplyError) as caught:
        run(fake)
    assert f"S could not be stopped (code {code}: {answer(code).meaning})" in str(caught.value)
    assert words in str(caught.value)
    assert "Running again: B, A, C. Nothing that ran before is down." in str(caught.value)
    assert states(fake) == EVERYTHING_UP


def test_a_service_that_never_stops_is_said_to_be_down() -> None:
    fake, time = host(), Time()

    def hang(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stop Pending" if name == "S" else "Stopped")
        return 0

    def start(fake: MemoryHost, _name: str) -> int:
        return 13 if states(fake)["S"] != "Running" else 0

    fake.on_stop, fake.on_start = hang, start
    with pytest.raises(ApplyError) as caught:
        run(fake, time)
    assert "Down now: S (Stop Pending), B (Stopped), A (Stopped), C (Stopped)." in str(caught.value)
    assert "B could not be started (code 13" in str(caught.value)
    assert time.seconds <= 61


def test_code_15_is_explained_and_what_is_down_is_named() -> None:
    fake = host()
    fake.on_start = lambda _fake, _name: 15
    with pytest.raises(ApplyError) as caught:
        run(fake)
    message = str(caught.value)
    assert "S could not be started (code 15" in message
    assert "SeServiceLogonRight" in message
    assert "Down now: S (Stopped), B (Stopped), A (Stopped), C (Stopped)." in message


def test_a_start_that_works_at_the_second_try() -> None:
    fake = host()
    tries: list[str] = []

    def flaky(fake: MemoryHost, name: str) -> int:
        tries.append(name)
        if tries == ["S"]:
            return 8
        fake.change(name, state="Running", process_id=9)
        return 0

    fake.on_start = flaky
    with pytest.raises(ApplyError, match=r"Running again: S, B, A, C. Nothing that ran before is down"):
        run(fake)
    assert states(fake) == EVERYTHING_UP


def test_a_service_that_gives_up_after_its_start_is_not_waited_for() -> None:
    fake, time = host(), Time()
    fake.on_start = lambda _fake, _name: 0
    with pytest.raises(ApplyError, match="S was started \\(code 0\\) and is not running; its state is Stopped"):
        run(fake, time)
    assert time.seconds < 10


def test_a_lost_connection_names_what_may_be_down() -> None:
    fake = host()

    def lose(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stopped", process_id=0)
        if name == "A":
            fake.refuse = {"reconnect": UnreachableError("Logging on again failed.")}
            raise UnreachableError("The connection was dropped.")
        return 0

    fake.on_stop = lose
    with pytest.raises(UnreachableError) as caught:
        run(fake)
    message = str(caught.value)
    assert "The connection was dropped" in message
    assert "Logging on again failed" in message
    assert "may be down: A, C. What to do now: look at them on the host" in message
    assert message.endswith("in this order: sc.exe start A, sc.exe start C.")


def test_a_connection_that_comes_back_is_used_to_start_everything_again() -> None:
    fake = host()

    def lose(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stopped", process_id=0)
        if name == "A":
            raise UnreachableError("The connection was dropped.")
        return 0

    fake.on_stop = lose
    with pytest.raises(ApplyError, match="Nothing that ran before is down"):
        run(fake)
    assert states(fake) == EVERYTHING_UP
    assert fake.calls.count("reconnect") == 1


def test_a_connection_that_is_lost_twice() -> None:
    fake = host()

    def lose(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stopped", process_id=0)
        fake.refuse = {"services": UnreachableError("Gone again.")}
        raise UnreachableError("The connection was dropped.")

    fake.on_stop = lose
    with pytest.raises(UnreachableError, match=r"Gone again.* may be down: C"):
        run(fake)


def test_states_that_cannot_be_read_afterwards() -> None:
    fake = host()

    def start(fake: MemoryHost, _name: str) -> int:
        fake.refuse = {"services": WindowsError("Access is denied.")}
        return 2

    fake.on_start = start
    with pytest.raises(ApplyError, match=r"could not be read .* stopped before: S, B, A, C"):
        run(fake)


class Interrupted(BaseException):
    """What Ctrl-C and the timeout of a task are."""


def test_an_interruption_leaves_nothing_down_and_goes_on() -> None:
    fake = host()

    def interrupted(fake: MemoryHost, name: str) -> int:
        if name == "S":
            raise Interrupted
        fake.change(name, state="Stopped", process_id=0)
        return 0

    fake.on_stop = interrupted
    with pytest.raises(Interrupted):
        run(fake)
    assert states(fake) == EVERYTHING_UP


def test_a_service_that_does_not_exist() -> None:
    with pytest.raises(InputError, match="There is no service 'nope'"):
        restart.find(host(), "nope")


def test_the_result_compares_processes() -> None:
    fake = host()
    before = restart.snapshot(fake, restart.find(fake, "S"))
    plan = services.plan(restart.find(fake, "S"), fake.dependents, dependents=True)
    predicted = restart.summary(plan, before, None)
    restart.Restarter(fake, 60, Time().clock()).run(plan)
    done = restart.summary(plan, before, restart.snapshot(fake, restart.find(fake, "S")))
    assert (done["stopped"], done["started"]) == (predicted["stopped"], predicted["started"])
    assert (predicted["after"], predicted["new_process"]) == (None, None)
    assert done["before"] == {"state": "Running", "process_id": 100, "started_at": "2026-11-23T06:00:00Z"}
    assert done["after"]["process_id"] == 5000
    assert done["new_process"] is True


def test_a_shared_process_is_not_new() -> None:
    fake = host()
    same = {"state": "Running", "process_id": 100, "started_at": "2026-11-23T06:00:00Z"}
    plan = services.plan(restart.find(fake, "S"), fake.dependents, dependents=True)
    assert restart.summary(plan, same, dict(same))["new_process"] is False
    assert restart.summary(plan, {**same, "started_at": None}, dict(same))["new_process"] is None
    assert restart.summary(plan, {**same, "process_id": None}, dict(same))["new_process"] is True


def test_a_process_that_windows_does_not_tell_stops_nothing() -> None:
    fake = host()
    fake.refuse = {"service_process": WindowsError("Access is denied.")}
    found = restart.snapshot(fake, restart.find(fake, "S"))
    assert found == {"state": "Running", "process_id": 100, "started_at": None}
