# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport: bounded waits, quotas waited out in a new shell, and cleaning up that hides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
import requests
import winrm.exceptions

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    UnreachableError,
    WindowsError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link import Received
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.logon import WINRM, Logon
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import (
    LONGEST_LINE,
    LONGEST_OUTPUT,
    Completed,
    Transport,
)
from ansible_collections.winmail.exchange.tests.support.messages import (
    shell_fault,
    wmi_fault,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._wsman.raised import (
    PASSWORD,
    new_pywinrm,
    operation_of_pypsrp,
)


class Scripted:
    """A link that plays a script for each of its methods, and notes that they were called."""

    def __init__(self, **script: list[Any]) -> None:
        self.script = {name: list(values) for name, values in script.items()}
        self.calls: list[str] = []

    def play(self, name: str, *arguments: str) -> Any:
        self.calls.append(" ".join([name, *arguments]))
        answers = self.script.get(name)
        answer = answers.pop(0) if answers else None
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer

    def logon(self) -> Logon:
        return Logon(WINRM, "CORP\\admin", secure=False, methods=("ntlm",), password=PASSWORD)

    def connect(self) -> None:
        self.play("connect")

    def close(self) -> None:
        self.play("close")

    def abandon(self) -> None:
        self.play("abandon")

    def leave(self) -> None:
        self.play("leave")

    def start(self, line: str) -> Any:
        return self.play("start", line)

    def receive(self, command: str) -> Any:
        return self.play("receive", command)

    def stop(self, command: str) -> None:
        self.play("stop", command)

    def release(self, command: str) -> None:
        self.play("release", command)

    def send(self, message: str) -> Any:
        return self.play("send", message)


class Clock:
    """A clock that moves when somebody sleeps or a command takes its time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def transport(**script: list[Any]) -> tuple[Transport, Scripted, Clock]:
    link, clock = Scripted(**script), Clock()
    return Transport(link, clock=lambda: clock.now, sleep=clock.sleep), link, clock


def done(out: bytes = b"", code: int = 0) -> Received:
    return Received(out, b"", code)


SHELLS = WindowsError("quota", code=faults.MAX_SHELLS, text="Ein Benutzer darf 5 Shells haben")


def test_a_command_is_run_collected_and_released() -> None:
    made, link, dummy = transport(start=["c1"], receive=[Received(b"a", b"x", None), Received(b"b", b"y", -1073741510)])
    assert made.run("ver") == Completed(b"ab", b"xy", 0xC000013A)
    assert link.calls == ["start ver", "receive c1", "receive c1", "release c1"]


def test_output_that_proves_itself_to_be_whole_is_not_waited_for_any_longer() -> None:
    pieces = [Received(b"", b"", None), Received(b"a", b"", None), Received(b"", b"x", None), Received(b"!", b"", None)]
    made, link, dummy = transport(start=["c1"], receive=pieces)
    assert made.run("ver", lambda output: output.endswith(b"!")) == Completed(b"a!", b"x", None)
    assert link.calls == ["start ver", *["receive c1"] * 4, "release c1"]


def test_a_command_that_prints_without_end_is_given_up_and_stopped() -> None:
    half = Received(b"x" * (LONGEST_OUTPUT // 2), b"y", None)
    made, link, dummy = transport(start=["c1"], receive=[half, half, half])
    with pytest.raises(WindowsError, match="printed more than 16777216 bytes and was given up"):
        made.run("type huge")
    assert link.calls == ["start type huge", "receive c1", "receive c1", "stop c1"]


def test_a_line_that_cmd_would_drop_is_never_sent() -> None:
    made, link, dummy = transport()
    with pytest.raises(WindowsError, match="was not sent"):
        made.run("x" * (LONGEST_LINE + 1))
    assert link.calls == []


def test_a_lost_connection_is_unreachable_wherever_it_is_lost() -> None:
    drop = requests.exceptions.ConnectionError("Connection aborted")
    made, *dummy = transport(send=[drop])
    with pytest.raises(UnreachableError, match="during a CIM operation"):
        made.send("<x/>")
    made, *dummy = transport(start=[drop])
    with pytest.raises(UnreachableError, match="during a command"):
        made.run("ver")
    made, link, dummy2 = transport(start=["c1"], receive=[Received(b"a", b"", None), drop])
    with pytest.raises(UnreachableError, match="during a command"):
        made.run("ver")
    assert link.calls[-1] == "stop c1"


def test_stopping_never_hides_the_first_error() -> None:
    made, *dummy = transport(
        start=["c1"],
        receive=[requests.exceptions.ConnectionError()],
        stop=[winrm.exceptions.WinRMTransportError("http", 400, "")],
    )
    with pytest.raises(UnreachableError, match="ConnectionError"):
        made.run("ver")


@pytest.mark.parametrize(
    "late",
    [
        winrm.exceptions.WinRMOperationTimeoutError,
        lambda: operation_of_pypsrp(shell_fault(faults.OPERATION_TIMEOUT, "late")),
    ],
    ids=["pywinrm", "pypsrp"],
)
def test_a_long_command_is_waited_for_over_operation_timeouts(late: Callable[[], Any]) -> None:
    made, link, dummy = transport(start=["c1"], receive=[late(), late(), done(b"ok", 3)])
    assert made.run("secedit") == Completed(b"ok", b"", 3)
    assert link.calls.count("receive c1") == 3


def test_a_command_that_never_ends_is_given_up_and_stopped() -> None:
    made, link, clock = transport(start=["c1"])

    def later() -> Received:
        clock.now += 60
        return Received(b"", b"", None)

    link.script["receive"] = [later] * 20
    with pytest.raises(WindowsError, match="did not end within 300 s"):
        made.run("secedit")
    assert link.calls.count("receive c1") == 5
    assert link.calls[-1] == "stop c1"


@pytest.mark.parametrize("code", sorted(faults.QUOTAS))
@pytest.mark.parametrize("shape", [lambda code: shell_fault(code, "quota"), wmi_fault], ids=["outer", "inner"])
def test_a_spent_quota_is_waited_out_in_a_new_shell(shape: Callable[[int], str], code: int) -> None:
    made, link, clock = transport(start=[new_pywinrm(shape(code)), "c1"], receive=[done(b"ok")])
    assert made.run("ver").stdout == b"ok"
    assert link.calls == ["start ver", "close", "connect", "start ver", "receive c1", "release c1"]
    assert clock.slept == [5.0]


def test_a_cim_operation_waits_for_its_quota_too() -> None:
    spent = new_pywinrm(wmi_fault(faults.MAX_OPERATIONS))
    made, link, clock = transport(send=[spent, spent, b"<y/>"])
    assert made.send("<x/>") == b"<y/>"
    assert link.calls == ["send <x/>", "close", "connect", "send <x/>", "close", "connect", "send <x/>"]
    assert clock.slept == [5.0, 10.0]


def test_a_quota_that_stays_spent_is_told_after_half_a_minute() -> None:
    made, link, clock = transport(start=[new_pywinrm(wmi_fault(faults.MAX_OPERATIONS)) for dummy in range(4)])
    with pytest.raises(WindowsError) as refused:
        made.run("ver")
    assert refused.value.inner == faults.MAX_OPERATIONS
    assert (link.calls.count("connect"), sum(clock.slept)) == (3, 30.0)


def test_a_shell_that_is_one_too_many_is_asked_for_again() -> None:
    made, link, clock = transport(connect=[SHELLS, SHELLS, None])
    made.connect()
    assert (link.calls, clock.slept) == (["connect"] * 3, [5.0, 10.0])


def test_a_host_that_stays_full_is_unreachable_in_a_sentence_that_helps() -> None:
    made, link, clock = transport(connect=[SHELLS] * 4)
    with pytest.raises(UnreachableError) as full:
        made.connect()
    assert (len(link.calls), sum(clock.slept)) == (4, 30.0)
    for words in ("CORP\\admin", "Ein Benutzer darf 5 Shells haben", "MaxShellsPerUser", "winrm set"):
        assert words in str(full.value)


def test_other_faults_are_not_retried() -> None:
    made, link, clock = transport(
        start=[new_pywinrm(shell_fault(5, "Access is denied."))], connect=[WindowsError("no", code=5)]
    )
    with pytest.raises(WindowsError, match=r"Access is denied\."):
        made.run("ver")
    with pytest.raises(UnreachableError, match="accepts the logon"):
        made.connect()
    assert (link.calls, clock.slept) == (["start ver", "connect"], [])


def test_what_was_refused_before_it_was_sent_stays_an_error_of_the_input() -> None:
    made, *dummy = transport(connect=[InputError("clear text")])
    with pytest.raises(InputError, match="clear text"):
        made.connect()


def test_logging_on_again_leaves_the_old_shell_and_what_runs_in_it() -> None:
    made, link, dummy = transport(send=[b"<y/>"])
    made.reconnect()
    assert made.send("<x/>") == b"<y/>"
    assert link.calls == ["abandon", "connect", "send <x/>"]


def test_a_second_logon_that_fails_is_unreachable_and_says_why() -> None:
    made, *dummy = transport(connect=[UnreachableError("The door is shut.")])
    with pytest.raises(UnreachableError, match=r"Logging on to the host again failed\. The door is shut\."):
        made.reconnect()


def test_a_second_logon_that_fails_in_a_way_nobody_foresaw_says_the_kind_only() -> None:
    made, *dummy = transport(connect=[RuntimeError(f"password {PASSWORD}")])
    with pytest.raises(UnreachableError) as lost:
        made.reconnect()
    assert str(lost.value) == "Logging on to the host again failed. RuntimeError"


def test_a_text_is_masked_as_the_logon_says_and_left_alone_where_it_cannot_say(monkeypatch: pytest.MonkeyPatch) -> None:
    made, link, dummy = transport()
    assert made.masked(f"a {PASSWORD} http://x:y@z") == "a ******** http://z"
    monkeypatch.setattr(link, "logon", mock.Mock(side_effect=InputError("not built like that")))
    assert made.masked("a http://z") == "a http://z"


def test_leaving_hides_nothing() -> None:
    made, link, dummy = transport(leave=[OSError()])
    made.leave()
    assert link.calls == ["leave"]


def test_ctrl_c_is_not_translated() -> None:
    made, *dummy = transport(send=[KeyboardInterrupt()])
    with pytest.raises(KeyboardInterrupt):
        made.send("<x/>")


def test_deadlines_and_pauses_use_the_clock_they_were_given() -> None:
    made, dummy, clock = transport()
    over = made.deadline(2)
    made.pause(1.5)
    assert not over()
    made.pause(0.5)
    assert over()
    assert clock.slept == [1.5, 0.5]
