# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The link over Ansible's psrp connection: pypsrp's own client, no runspace, and what is refused beforehand."""

from __future__ import annotations

import sys
from typing import Any
from xml.etree import ElementTree as ET

import pypsrp.exceptions
import pypsrp.shell
import pypsrp.wsman
import pytest
import requests

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    UnreachableError,
    WindowsError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link import Received
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link_psrp import PsrpLink
from ansible_collections.winmail.exchange.tests.support.messages import shell_fault
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._wsman.raised import (
    PASSWORD,
    operation_of_pypsrp,
)


class Connection:
    """Ansible's psrp connection as far as it is used; connecting would open PowerShell."""

    transport = "psrp"

    def __init__(self, configuration: str = "Microsoft.PowerShell", **options: Any) -> None:
        self._configuration = configuration
        self._options = options

    def get_option(self, name: str) -> Any:
        assert name == "configuration_name"
        return self._configuration

    def _build_kwargs(self) -> None:
        given = {"server": "127.0.0.1", "port": 1, "username": "CORP\\admin", "password": PASSWORD, "ssl": False}
        self._psrp_conn_kwargs = {**given, "auth": "ntlm", **self._options}

    def _connect(self) -> None:
        raise AssertionError("a PowerShell runspace was opened")


class Shell:
    """pypsrp's shell: plays its script and notes its calls."""

    def __init__(self, **script: Any) -> None:
        self.script = script
        self.calls: list[str] = []
        self.options: dict[str, Any] = {}

    def __call__(self, _client: object, **options: Any) -> Shell:
        self.options = options
        return self

    def _play(self, name: str) -> Any:
        self.calls.append(name)
        answer = self.script.get(name)
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer

    def open(self) -> None:
        self._play("open")

    def close(self) -> None:
        self._play("close")

    def command(self, line: str, arguments: object) -> Any:
        assert arguments is None
        return self._play(f"command {line}")

    def receive(self, streams: str, command: str) -> Any:
        assert streams == "stdout stderr"
        return self._play(f"receive {command}")

    def signal(self, code: str, command: str) -> None:
        self._play(f"signal {code.rpartition('/')[2]} {command}")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    made = Shell()
    monkeypatch.setattr(pypsrp.shell, "WinRS", made)
    return made


def answer(identifier: str) -> ET.Element:
    return ET.fromstring(f'<Body xmlns:r="urn:x"><r:CommandId>{identifier}</r:CommandId></Body>')


def test_a_command_in_a_shell_of_our_own(shell: Shell) -> None:
    link = PsrpLink(Connection())
    link.connect()
    link.connect()
    assert shell.options == {"codepage": 65001}
    shell.script["command ver"] = answer("c1")
    assert link.start("ver") == "c1"
    shell.script["receive c1"] = (pypsrp.shell.CommandState.RUNNING, None, {"stdout": b"a", "stderr": b"x"})
    assert link.receive("c1") == Received(b"a", b"x", None)
    shell.script["receive c1"] = (pypsrp.shell.CommandState.DONE, 3, {"stdout": b"", "stderr": b""})
    assert link.receive("c1") == Received(b"", b"", 3)
    link.stop("c1")
    link.leave()
    link.leave()
    assert shell.calls == ["open", "command ver", "receive c1", "receive c1", "signal Terminate c1", "close"]


def test_ended_commands_are_told_in_fours_and_the_last_ones_go_with_their_shell(shell: Shell) -> None:
    link = PsrpLink(Connection())
    link.connect()
    shell.script["command ver"] = answer("c1")
    for number in range(4):
        link.start("ver")
        link.release(f"c{number}")
    link.leave()
    told = [f"signal Terminate c{number}" for number in range(3)]
    assert shell.calls == ["open", *["command ver"] * 3, *told, "command ver", "close"]


def test_an_abandoned_shell_is_not_closed(shell: Shell) -> None:
    link = PsrpLink(Connection())
    link.connect()
    link.abandon()
    link.leave()
    assert shell.calls == ["open"]


def test_an_answer_that_lacks_what_counts_is_not_taken_for_success(shell: Shell) -> None:
    link = PsrpLink(Connection())
    link.connect()
    shell.script["command ver"] = answer("")
    with pytest.raises(ValueError, match="CommandId"):
        link.start("ver")
    shell.script["receive c1"] = (pypsrp.shell.CommandState.DONE, None, {"stdout": b"", "stderr": b""})
    with pytest.raises(ValueError, match="exit code"):
        link.receive("c1")


def test_a_message_goes_out_as_it_is(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    link = PsrpLink(Connection())
    link.connect()
    sent: list[bytes] = []
    monkeypatch.setattr(link._client, "transport", Outbox(sent))
    assert link.send("<x>\u00fc</x>") == b"<y/>"
    assert sent == ["<x>\u00fc</x>".encode()]
    assert shell.calls == ["open"]


class Outbox:
    """The transport of pypsrp, as far as it is used."""

    def __init__(self, sent: list[bytes]) -> None:
        self._sent = sent

    def send(self, message: bytes) -> bytes:
        self._sent.append(message)
        return b"<y/>"

    def close(self) -> None:
        raise OSError("gone")


@pytest.mark.parametrize(
    "name", ["", "Microsoft.PowerShell", "microsoft.powershell32", "PowerShell.7", "PowerShell.7.4.1"]
)
def test_endpoints_that_limit_nobody_are_taken(shell: Shell, name: str) -> None:
    PsrpLink(Connection(name)).connect()
    assert shell.calls == ["open"]


@pytest.mark.parametrize("name", ["JEA_Mail", "microsoft.powershell.jea", "PowerShell.", "PowerShell.7\n"])
def test_an_endpoint_that_limits_its_users_is_not_passed_by(shell: Shell, name: str) -> None:
    with pytest.raises(InputError, match="JEA"):
        PsrpLink(Connection(name)).connect()
    assert shell.calls == []


@pytest.mark.parametrize("encryption", ["auto", "always", "never"])
def test_basic_over_http_never_gets_as_far_as_a_client(shell: Shell, encryption: str) -> None:
    with pytest.raises(InputError, match="unencrypted over HTTP"):
        PsrpLink(Connection(auth="basic", encryption=encryption)).connect()
    assert shell.calls == []


def test_options_that_do_not_fit_together_are_an_error_of_the_input(shell: Shell) -> None:
    with pytest.raises(InputError, match=r"do not fit together: .*'always'|do not fit together: .*encryption"):
        PsrpLink(Connection(auth="certificate", ssl=True, encryption="always")).connect()
    assert shell.calls == []


def test_how_it_would_log_on_is_read_from_what_ansible_made_of_the_options() -> None:
    logon = PsrpLink(Connection(ssl=True, auth="basic", encryption="never", negotiate_send_cbt=False)).logon()
    assert (logon.secure, logon.methods, logon.encryption, logon.binding) == (True, ("basic",), "never", False)
    assert (logon.user, logon.password) == ("CORP\\admin", PASSWORD)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (pypsrp.exceptions.AuthenticationError(f"Failed {PASSWORD}"), "ntlm: the specified credentials were rejected"),
        (pypsrp.exceptions.WinRMTransportError("http", 500, ""), "the server answered with HTTP 500"),
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), "ansible_psrp_ca_cert"),
        (requests.exceptions.ConnectionError(f"http://u:{PASSWORD}@host refused"), "http://host refused"),
    ],
)
def test_a_logon_that_fails_is_unreachable_and_says_why_without_the_password(
    shell: Shell, error: Exception, words: str
) -> None:
    shell.script["open"] = error
    with pytest.raises(UnreachableError) as lost:
        PsrpLink(Connection()).connect()
    assert words in str(lost.value)
    assert PASSWORD not in str(lost.value)


@pytest.mark.parametrize("code", [5, faults.MAX_SHELLS])
def test_a_refused_shell_keeps_its_code(shell: Shell, code: int) -> None:
    shell.script["open"] = operation_of_pypsrp(shell_fault(code, "Zugriff verweigert"))
    with pytest.raises(WindowsError) as refused:
        PsrpLink(Connection()).connect()
    assert (refused.value.code, refused.value.text) == (code, "Zugriff verweigert")


def test_closing_forgets_also_what_is_broken(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    link = PsrpLink(Connection())
    link.connect()
    shell.script["close"] = OSError("gone")
    monkeypatch.setattr(link._client, "transport", Outbox([]))
    link.close()
    link.connect()
    assert shell.calls == ["open", "close", "open"]


def test_a_connection_that_is_built_differently_is_refused_before_it_is_used(shell: Shell) -> None:
    connection = Connection()
    connection._build_kwargs = lambda: None  # type: ignore[method-assign]  # a newer Ansible
    with pytest.raises(InputError, match="_psrp_conn_kwargs"):
        PsrpLink(connection).connect()
    assert shell.calls == []


def test_without_pypsrp_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypsrp", None)
    with pytest.raises(InputError, match=r"pip install 'pypsrp>="):
        PsrpLink(Connection()).connect()
