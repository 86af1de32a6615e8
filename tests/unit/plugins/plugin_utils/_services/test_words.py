# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restart tells, word by word: every refusal, every way to fail, and the whole result."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ReadError,
    UnreachableError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import plan as services
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import restart
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._services.samples import (
    DENIED,
    LOST,
    does,
    host,
    run,
    service,
)


def plan(target: Service, *others: Service, dependents: bool = True) -> Callable[[], object]:
    return lambda: services.plan(target, lambda name: others if name == target.name else (), dependents=dependents)


def endless(name: str) -> list[Service]:
    return [service(f"S{int(name[1:]) + 1}")]


REFUSALS: dict[str, tuple[Callable[[], object], str]] = {
    "dependents": (
        plan(service("S"), service("A"), service("B"), dependents=False),
        "S was not stopped: A, B run and depend on it. Set dependents: true to restart them with it.",
    ),
    "disabled": (
        plan(service("S", start_mode="Disabled")),
        ("S is disabled, so it could not be started again. Set its start mode to manual or automatic first."),
    ),
    "in between": (
        plan(service("S"), service("A", "Stop Pending")),
        (
            "A is neither running nor stopped (Stop Pending). "
            "Wait until it has settled, or resume it, and run the task again."
        ),
    ),
    "too many": (
        lambda: services.plan(service("S0"), endless, dependents=True),
        "More than 100 running services depend on S0 (the last one seen depends on S99).",
    ),
    "carries the connection": (
        plan(service("rpcss")),
        (
            "rpcss was not stopped: it carries this connection, and nobody could start it again from here. Restart "
            "the computer instead (ansible.windows.win_reboot), or restart the service at its console."
        ),
    ),
    "its dependent carries the connection": (
        plan(service("S"), service("A"), service("WinRM")),
        (
            "S was not stopped: WinRM, which depends on S and would stop with it, carries this connection, and nobody "
            "could start it again from here. Restart the computer instead (ansible.windows.win_reboot), or restart the "
            "service at its console."
        ),
    ),
    "no name": (
        lambda: services.key_name("a/b"),
        "'a/b' is no key name of a service. Use what services.msc shows as Service name.",
    ),
    "not there": (
        lambda: restart.find(host(), "nope"),
        ("There is no service 'nope' on this computer. Use its key name (services.msc shows it as Service name)."),
    ),
}


@pytest.mark.parametrize(("ask", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused_says_what_to_do(ask: Callable[[], object], sentence: str) -> None:
    with pytest.raises(WinmailError) as refused:
        ask()
    assert str(refused.value) == sentence


@pytest.mark.parametrize("name", ["a/b", 'a"b', "a\\b", "a'b"])
def test_characters_that_no_key_name_has(name: str) -> None:
    with pytest.raises(WinmailError):
        services.key_name(name)


def test_the_longest_key_name_is_one() -> None:
    assert services.key_name("X" * 256) == "X" * 256


def test_a_hundred_services_are_not_too_many() -> None:
    def up_to_99(name: str) -> list[Service]:
        return endless(name) if name != "S99" else []

    assert len(services.plan(service("S0"), up_to_99, dependents=True).stop) == 100


FAILURES: dict[str, tuple[Callable[[MemoryHost, str], int], Callable[[MemoryHost, str], int] | None, str]] = {
    "does not stop": (
        does(S=2),
        None,
        (
            "The restart of S failed: S could not be stopped (code 2: access denied). "
            "Running again: A. Nothing that ran before is down."
        ),
    ),
    "hangs": (
        does(S="Stop Pending"),
        None,
        (
            "The restart of S failed: S did not stop within 60 seconds; its state is Stop Pending. Running again: A. "
            "Down now: S (Stop Pending). What to do now: wait until S has settled (if it never does, restart the "
            "computer); when the cause is cured, run on the host, in this order: sc.exe start S."
        ),
    ),
    "does not start": (
        does(),
        lambda _fake, _name: 14,
        (
            "The restart of S failed: S could not be started (code 14: the service is disabled). "
            "Down now: S (Stopped), A (Stopped). "
            "A could not be started (code 14: the service is disabled). What to do now: when the cause is cured, run "
            "on the host, in this order: sc.exe start S, sc.exe start A."
        ),
    ),
    "gives up": (
        does(),
        lambda _fake, _name: 7,
        (
            "The restart of S failed: S was started (code 7) and is not running; its state is Stopped. "
            "Down now: S (Stopped), A (Stopped). "
            "A was started (code 7) and is not running; its state is Stopped. What to do now: when the cause is cured, "
            "run on the host, in this order: sc.exe start S, sc.exe start A."
        ),
    ),
    "refused at once": (
        does(A=DENIED),
        None,
        "The restart of S failed: Access is denied (code 5). Running again: A. Nothing that ran before is down.",
    ),
}


@pytest.mark.parametrize(("stop", "start", "story"), FAILURES.values(), ids=FAILURES)
def test_the_whole_story_of_a_failure(
    stop: Callable[[MemoryHost, str], int], start: Callable[[MemoryHost, str], int] | None, story: str
) -> None:
    fake = host()
    fake.on_stop, fake.on_start = stop, start
    with pytest.raises(WinmailError) as failed:
        run(fake)
    assert str(failed.value) == story


def test_the_story_of_a_lost_connection() -> None:
    fake = host()
    fake.on_stop = does(S=LOST)
    fake.refuse = {"reconnect": UnreachableError("Logging on again failed.")}
    with pytest.raises(UnreachableError) as lost:
        run(fake)
    assert str(lost.value) == (
        "The restart of S failed: The connection was dropped. The connection to the host is lost "
        "(Logging on again failed); services that were stopped and may be down: S, A. What to do now: look at them on "
        "the host (services.msc), and start what is down, in this order: sc.exe start S, sc.exe start A."
    )


def test_what_runs_again_is_not_among_what_may_be_down() -> None:
    fake = host()
    fake.on_stop = does()

    def start(fake: MemoryHost, name: str) -> int:
        if name == "A":
            fake.refuse = {"reconnect": LOST}
            raise LOST
        fake.change(name, state="Running", process_id=7)
        return 0

    fake.on_start = start
    with pytest.raises(
        UnreachableError, match=r"may be down: A\. What to do now: .*, in this order: sc\.exe start A\.$"
    ):
        run(fake)


def test_nothing_may_be_down_where_nothing_ran() -> None:
    fake = MemoryHost(installed=(service("S", "Stopped"),), refuse={"start S": LOST, "reconnect": LOST})
    with pytest.raises(UnreachableError, match=r"may be down: none\.$"):
        run(fake)


def test_the_second_try_tells_its_own_trouble() -> None:
    fake = host()
    answers: list[int] = [14]

    def start(_fake: MemoryHost, _name: str) -> int:
        if answers:
            return answers.pop()
        raise DENIED

    fake.on_stop, fake.on_start = does(), start
    with pytest.raises(WinmailError) as failed:
        run(fake)
    assert str(failed.value).endswith(
        "Down now: S (Stopped), A (Stopped). S: Access is denied (code 5). A: Access is denied (code 5). "
        "What to do now: when the cause is cured, run on the host, in this order: sc.exe start S, sc.exe start A."
    )


def test_a_service_that_did_not_run_and_does_not_start_left_nothing_down() -> None:
    fake = MemoryHost(installed=(service("S", "Stopped"),), on_start=lambda _fake, _name: 14)
    with pytest.raises(WinmailError) as failed:
        run(fake)
    assert str(failed.value) == (
        "The restart of S failed: S could not be started (code 14: the service is disabled). "
        "Nothing that ran before is down."
    )


def test_the_story_where_nothing_can_be_read_any_more() -> None:
    fake = host()

    def stop(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stopped", process_id=0)
        if name == "S":
            fake.refuse = {"services": DENIED}
        return 0

    fake.on_stop = stop
    with pytest.raises(WinmailError) as failed:
        run(fake)
    assert str(failed.value) == (
        "The restart of S failed: Access is denied (code 5). What runs now could not be read "
        "(Access is denied (code 5)); stopped before: S, A. What to do now: look at them on the host "
        "(services.msc), and start what is down, in this order: sc.exe start S, sc.exe start A."
    )


def test_a_service_that_vanished_is_said_to_be_gone() -> None:
    fake = host()

    def vanish(fake: MemoryHost, name: str) -> int:
        fake.change(name, state="Stopped", process_id=0)
        if name == "S":
            fake.installed = tuple(one for one in fake.installed if one.name != "S")
        return 0

    fake.on_stop = vanish
    with pytest.raises(WinmailError) as failed:
        run(fake, timeout=3)
    assert "S did not stop within 3 seconds; its state is not found" in str(failed.value)
    assert "Down now: S (not found)" in str(failed.value)


def test_the_whole_result() -> None:
    fake = host()
    target = restart.find(fake, "S")
    planned = services.plan(target, fake.dependents, dependents=True)
    before = restart.snapshot(fake, target)
    assert restart.summary(planned, before, None) == {
        "changed": True,
        "name": "S",
        "display_name": "The S",
        "stopped": ["A", "S"],
        "started": ["S", "A"],
        "before": {"state": "Running", "process_id": 100, "started_at": "2026-11-23T06:00:00Z"},
        "after": None,
        "new_process": None,
    }
    fake.started = {100: datetime.datetime(2026, 11, 24, 8, 0, tzinfo=datetime.timezone.utc)}
    assert restart.snapshot(fake, target)["started_at"] == "2026-11-24T08:00:00Z"
    fake.refuse = {"service_process": ReadError("Cut off.")}
    assert restart.snapshot(fake, target) == {"state": "Running", "process_id": 100, "started_at": None}
    stopped = restart.snapshot(fake, service("S", "Stopped"))
    assert stopped == {"state": "Stopped", "process_id": None, "started_at": None}


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ((100, "06:00"), (100, "06:00"), False),
        ((100, "06:00"), (101, "06:00"), True),
        ((100, "06:00"), (100, "07:00"), True),
        ((100, None), (101, "07:00"), None),
        ((100, "06:00"), (101, None), None),
        ((None, None), (101, None), True),
    ],
)
def test_a_process_is_new_where_number_or_start_differ(
    before: tuple[int | None, str | None], after: tuple[int | None, str | None], new: bool | None
) -> None:
    def shown(process: tuple[int | None, str | None]) -> dict[str, object]:
        return {"state": "Running", "process_id": process[0], "started_at": process[1]}

    planned = services.Restart(service("S"), (), ("S",))
    assert restart.summary(planned, shown(before), shown(after))["new_process"] is new
