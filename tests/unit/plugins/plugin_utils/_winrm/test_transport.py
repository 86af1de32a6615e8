# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport: every failure of pywinrm becomes one of our errors, waits are bounded, no secret is in any text."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest
import requests
import winrm.exceptions
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ExchangeError,
    UnreachableError,
    WindowsError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.transport import (
    LONGEST_LINE,
    Completed,
    Transport,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.messages import (
    provider_fault,
    shell_fault,
    wmi_fault,
)

PASSWORD = "Corr3ct-Horse"
Receive = tuple[bytes, bytes, int, bool]


class Protocol:
    """pywinrm's Protocol as far as it is used; each method plays its script, and notes that it was called."""

    def __init__(self, **script: list[Any]) -> None:
        self.script = {name: list(values) for name, values in script.items()}
        self.calls: list[str] = []
        self.password = PASSWORD

    def play(self, name: str, *arguments: object) -> Any:
        self.calls.append(" ".join([name, *map(str, arguments)]))
        answers = self.script.get(name)
        answer = answers.pop(0) if answers else None
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer

    def send_message(self, message: str) -> Any:
        return self.play("send", message)

    def run_command(self, shell: str, line: str) -> Any:
        return self.play("run", shell, line)

    def get_command_output_raw(self, shell: str, command: str) -> Any:
        return self.play("receive", shell, command)

    def cleanup_command(self, shell: str, command: str) -> Any:
        return self.play("cleanup", shell, command)


class OldProtocol(Protocol):
    """The same as pywinrm 0.4 spells it."""

    get_command_output_raw = None  # type: ignore[assignment]  # there is no such method in 0.4

    def _raw_get_command_output(self, shell: str, command: str) -> Any:
        return self.play("receive", shell, command)


class Connection:
    """Ansible's connection: hands out one protocol for each logon."""

    transport = "winrm"

    def __init__(self, *protocols: Protocol, refuse: Exception | None = None) -> None:
        self.waiting = list(protocols)
        self.refuse = refuse
        self.protocol: Any = None
        self.shell_id: str | None = None
        self.closed = 0
        self.logons = 0

    def _connect(self) -> None:
        if not self.waiting and self.refuse is not None:
            raise self.refuse
        self.logons += 1
        self.protocol = self.waiting.pop(0)
        self.shell_id = f"shell{self.logons}"

    def close(self) -> None:
        self.closed += 1
        raise OSError("the connection is gone")


class Clock:
    """A clock that moves when somebody sleeps or a command takes its time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def transport(*protocols: Protocol, refuse: Exception | None = None) -> tuple[Transport, Connection, Clock]:
    connection, clock = Connection(*protocols, refuse=refuse), Clock()
    made = Transport(connection, clock=lambda: clock.now, sleep=clock.sleep)
    made.connect()
    return made, connection, clock


def new_style(response: str) -> Any:
    """Pywinrm 0.5: the fault is in the exception."""
    return winrm.exceptions.WSManFaultError(500, f"password {PASSWORD}", response, "reason")


def old_style(response: str) -> Callable[[], None]:
    """Pywinrm 0.4: WinRMError raised while the transport's error with the answer was handled."""

    def fail() -> None:
        try:
            raise winrm.exceptions.WinRMTransportError("http", 500, response)
        except winrm.exceptions.WinRMTransportError:
            raise winrm.exceptions.WinRMError(f"password {PASSWORD}") from None

    return fail


def done(out: bytes = b"", code: int = 0) -> Receive:
    return (out, b"", code, True)


@pytest.mark.parametrize("kind", [Protocol, OldProtocol])
def test_a_command_is_run_collected_and_cleaned_up_on_either_pywinrm(kind: type[Protocol]) -> None:
    protocol = kind(run=["c1"], receive=[(b"a", b"x", -1, False), (b"b", b"y", -1073741510, True)])
    made, *dummy = transport(protocol)
    assert made.run("ver") == Completed(b"ab", b"xy", 0xC000013A)
    assert protocol.calls == ["run shell1 ver", "receive shell1 c1", "receive shell1 c1", "cleanup shell1 c1"]


def test_a_line_that_cmd_would_drop_is_never_sent() -> None:
    protocol = Protocol()
    made, *dummy = transport(protocol)
    with pytest.raises(WindowsError, match="was not sent"):
        made.run("x" * (LONGEST_LINE + 1))
    assert protocol.calls == []


@pytest.mark.parametrize("style", [new_style, old_style])
@pytest.mark.parametrize(
    ("response", "code", "inner", "words"),
    [
        (provider_fault(faults.NOT_FOUND, "Nicht gefunden"), faults.NOT_FOUND, faults.NOT_FOUND, "Nicht gefunden"),
        (wmi_fault(2147749890), None, 2147749890, "Element nicht gefunden."),
        (shell_fault(5, "Access is denied."), 5, None, "Access is denied."),
    ],
)
def test_a_fault_keeps_both_codes_and_windows_words(
    style: Callable[[str], Any], response: str, code: int | None, inner: int | None, words: str
) -> None:
    made, *dummy = transport(Protocol(send=[style(response)]))
    with pytest.raises(WindowsError) as refused:
        made.send("<x/>")
    assert (refused.value.code, refused.value.inner, refused.value.text) == (code, inner, words)
    assert words in str(refused.value)
    assert "Windows refused a CIM operation" in str(refused.value)


@pytest.mark.parametrize(
    "drop",
    [
        requests.exceptions.ConnectionError("Connection aborted"),
        requests.exceptions.ReadTimeout("read timed out"),
        requests.exceptions.SSLError("bad record"),
        ConnectionResetError("reset"),
        EOFError(),
        winrm.exceptions.InvalidCredentialsError("the specified credentials were rejected"),
        winrm.exceptions.WinRMTransportError("http", 400, ""),
        winrm.exceptions.WinRMTransportError("http", 401, ""),
    ],
    ids=lambda error: f"{type(error).__name__} {getattr(error, 'code', '')}",
)
def test_a_lost_connection_is_unreachable_wherever_it_is_lost(drop: Exception) -> None:
    made, *dummy = transport(Protocol(send=[drop]))
    with pytest.raises(UnreachableError, match="during a CIM operation"):
        made.send("<x/>")
    made, *dummy = transport(Protocol(run=[drop]))
    with pytest.raises(UnreachableError, match="during a command"):
        made.run("ver")
    protocol = Protocol(run=["c1"], receive=[(b"a", b"", -1, False), drop])
    made, *dummy = transport(protocol)
    with pytest.raises(UnreachableError, match="during a command"):
        made.run("ver")
    assert protocol.calls[-1].startswith("cleanup")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (winrm.exceptions.WinRMTransportError("http", 500, ""), "HTTP 500 and no fault. The host refuses unencrypted"),
        (winrm.exceptions.WinRMTransportError("http", 413, ""), "HTTP 413 and no fault. Look at the host's WinRM"),
        (winrm.exceptions.WinRMTransportError("http", 503, "<html>proxy</html>"), "HTTP 503"),
        (winrm.exceptions.WinRMOperationTimeoutError(), "did not answer a CIM operation in time"),
        (StopIteration(), "was not understood (StopIteration)"),
        (ValueError(PASSWORD), "was not understood (ValueError)"),
    ],
)
def test_any_other_failure_is_an_error_of_windows_in_a_sentence(error: Exception, words: str) -> None:
    made, *dummy = transport(Protocol(send=[error]))
    with pytest.raises(WindowsError) as refused:
        made.send("<x/>")
    assert words in str(refused.value)


def test_a_timeout_can_be_told_by_its_code_in_both_styles() -> None:
    for error in (
        winrm.exceptions.WinRMOperationTimeoutError(),
        new_style(shell_fault(faults.OPERATION_TIMEOUT, "late")),
    ):
        made, *dummy = transport(Protocol(send=[error]))
        with pytest.raises(WindowsError) as refused:
            made.send("<x/>")
        assert refused.value.code == faults.OPERATION_TIMEOUT


@pytest.mark.parametrize(
    "error",
    [
        new_style(provider_fault()),
        old_style(shell_fault(5, "denied")),
        requests.exceptions.ConnectionError(f"http://user:{PASSWORD}@host/wsman"),
        requests.exceptions.ProxyError(PASSWORD),
        winrm.exceptions.InvalidCredentialsError(PASSWORD),
        winrm.exceptions.WinRMTransportError("http", 500, f"<html>{PASSWORD}</html>"),
        ValueError(PASSWORD),
    ],
)
def test_no_sentence_repeats_what_the_library_said(error: Any) -> None:
    made, *dummy = transport(Protocol(send=[error]))
    with pytest.raises(ExchangeError) as refused:
        made.send("<x/>")
    assert PASSWORD not in str(refused.value)
    assert PASSWORD not in "".join(traceback.format_exception_only(refused.type, refused.value))


def test_cleaning_up_never_hides_the_first_error() -> None:
    protocol = Protocol(
        run=["c1"],
        receive=[requests.exceptions.ConnectionError()],
        cleanup=[winrm.exceptions.WinRMTransportError("http", 400, "")],
    )
    made, *dummy = transport(protocol)
    with pytest.raises(UnreachableError, match="ConnectionError"):
        made.run("ver")


def test_a_clean_up_that_fails_does_not_spoil_a_command_that_ended() -> None:
    made, *dummy = transport(Protocol(run=["c1"], receive=[done(b"ok")], cleanup=[OSError()]))
    assert made.run("ver").stdout == b"ok"


def test_a_long_command_is_waited_for_over_operation_timeouts() -> None:
    late = winrm.exceptions.WinRMOperationTimeoutError
    made, *dummy = transport(Protocol(run=["c1"], receive=[late(), late(), done(b"ok", 3)]))
    assert made.run("secedit") == Completed(b"ok", b"", 3)


def test_a_command_that_never_ends_is_given_up_and_stopped() -> None:
    clock = Clock()

    def later() -> Receive:
        clock.now += 60
        return (b"", b"", -1, False)

    protocol = Protocol(run=["c1"], receive=[later] * 20)
    made = Transport(Connection(protocol), clock=lambda: clock.now, sleep=clock.sleep)
    made.connect()
    with pytest.raises(WindowsError, match="did not end within 300 s"):
        made.run("secedit")
    assert protocol.calls.count("receive shell1 c1") == 5
    assert protocol.calls[-1] == "cleanup shell1 c1"


QUOTA = [new_style(shell_fault(faults.MAX_OPERATIONS, "quota")), new_style(wmi_fault(faults.MAX_OPERATIONS))]


@pytest.mark.parametrize("fault", QUOTA)
def test_a_spent_quota_is_waited_out_in_a_new_shell(fault: Exception) -> None:
    first, second = Protocol(run=[fault]), Protocol(run=["c1"], receive=[done(b"ok")])
    made, connection, clock = transport(first, second)
    assert made.run("ver").stdout == b"ok"
    assert (connection.logons, connection.closed, clock.slept) == (2, 1, [5.0])
    assert second.calls[0] == "run shell2 ver"


def test_a_quota_that_stays_spent_is_told_after_half_a_minute() -> None:
    made, connection, clock = transport(*(Protocol(run=[QUOTA[0]]) for dummy in range(4)))
    with pytest.raises(WindowsError) as refused:
        made.run("ver")
    assert refused.value.code == faults.MAX_OPERATIONS
    assert (connection.logons, sum(clock.slept)) == (4, 30.0)


def test_other_faults_of_a_command_are_not_retried() -> None:
    made, connection, clock = transport(Protocol(run=[new_style(shell_fault(5, "Access is denied."))]))
    with pytest.raises(WindowsError, match=r"Access is denied\."):
        made.run("ver")
    assert (connection.logons, clock.slept) == (1, [])


def test_logging_on_again_forgets_the_old_connection_first() -> None:
    made, connection, dummy = transport(Protocol(), Protocol(send=[b"<y/>"]))
    made.reconnect()
    assert (connection.closed, connection.logons, connection.shell_id) == (1, 2, "shell2")
    assert made.send("<x/>") == b"<y/>"


def test_a_second_logon_that_fails_is_unreachable_and_the_first_is_ansibles_own() -> None:
    made, connection, dummy = transport(Protocol(run=[QUOTA[0]]), refuse=AnsibleConnectionFailure(PASSWORD))
    with pytest.raises(UnreachableError, match="Logging on to the host again failed") as lost:
        made.run("ver")
    assert PASSWORD not in str(lost.value)
    with pytest.raises(AnsibleConnectionFailure):
        Transport(Connection(refuse=AnsibleConnectionFailure("no"))).connect()
    assert connection.protocol is None


def test_ctrl_c_is_not_translated() -> None:
    made, *dummy = transport(Protocol(send=[KeyboardInterrupt()]))
    with pytest.raises(KeyboardInterrupt):
        made.send("<x/>")


def test_deadlines_and_pauses_use_the_clock_they_were_given() -> None:
    made, dummy, clock = transport(Protocol())
    over = made.deadline(2)
    made.pause(1.5)
    assert not over()
    made.pause(0.5)
    assert over()
    assert clock.slept == [1.5, 0.5]
