# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The link over Ansible's winrm connection: what it takes from it, on either pywinrm, and what it does without."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    UnreachableError,
    WindowsError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link import Received
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link_winrm import WinrmLink
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._wsman.raised import PASSWORD


class Protocol:
    """pywinrm's Protocol as far as it is used."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.answers = [(b"a", b"x", -1, False), (b"b", b"y", 7, True)]

    def run_command(self, shell: str, line: str) -> str:
        self.calls.append(("run", shell, line))
        return "c1"

    def get_command_output_raw(self, shell: str, command: str) -> tuple[bytes, bytes, int, bool]:
        self.calls.append(("receive", shell, command))
        return self.answers.pop(0)

    def cleanup_command(self, shell: str, command: str) -> None:
        self.calls.append(("cleanup", shell, command))

    def send_message(self, message: str) -> bytes:
        self.calls.append(("send", message))
        return b"<y/>"


class OldProtocol(Protocol):
    """The same as pywinrm 0.4 spells it."""

    get_command_output_raw = None  # type: ignore[assignment]  # there is no such method in 0.4

    def _raw_get_command_output(self, shell: str, command: str) -> tuple[bytes, bytes, int, bool]:
        return Protocol.get_command_output_raw(self, shell, command)


class Connection:
    """Ansible's winrm connection as far as it is used."""

    transport = "winrm"

    def __init__(self, protocol: Protocol, *, refuse: Exception | None = None, **options: Any) -> None:
        self._protocol = protocol
        self._refuse = refuse
        self._options = {"scheme": "http", "transport": ["ntlm"], "kwargs": {}, **options}
        self.protocol: Any = None
        self.shell_id: str | None = None
        self.logons = 0

    def _build_winrm_kwargs(self) -> None:
        self._winrm_user = "CORP\\admin"
        self._winrm_pass = PASSWORD
        self._winrm_scheme = self._options["scheme"]
        self._winrm_transport = self._options["transport"]
        self._winrm_kwargs = self._options["kwargs"]
        self._winrm_host, self._winrm_port, self._winrm_path = "mail1", 5985, "/wsman"

    def _connect(self) -> None:
        self.logons += 1
        if self._refuse is not None:
            raise self._refuse
        self.protocol, self.shell_id = self._protocol, "shell"

    def close(self) -> None:
        raise OSError("the connection is gone")


@pytest.mark.parametrize("kind", [Protocol, OldProtocol])
def test_a_command_and_a_message_on_either_pywinrm(kind: type[Protocol]) -> None:
    protocol = kind()
    link = WinrmLink(Connection(protocol))
    link.connect()
    assert link.start("ver") == "c1"
    assert link.receive("c1") == Received(b"a", b"x", None)
    assert link.receive("c1") == Received(b"b", b"y", 7)
    link.stop("c1")
    assert link.send("<x/>") == b"<y/>"
    assert protocol.calls == [
        ("run", "shell", "ver"),
        ("receive", "shell", "c1"),
        ("receive", "shell", "c1"),
        ("cleanup", "shell", "c1"),
        ("send", "<x/>"),
    ]


def test_ended_commands_are_told_in_fours_and_the_last_ones_go_with_their_shell() -> None:
    protocol = Protocol()
    connection = Connection(protocol)
    for dummy in range(2):  # two items of a loop share Ansible's connection, each has a link of its own
        link = WinrmLink(connection)
        if connection.shell_id is None:
            link.connect()
        for number in range(2):
            link.start("ver")
            link.release(f"c{number}")
        link.leave()
    assert [call[0] for call in protocol.calls] == ["run", "run", "run", "cleanup", "cleanup", "cleanup", "run"]


def test_commands_of_a_shell_that_is_gone_are_nobodys() -> None:
    protocol = Protocol()
    connection = Connection(protocol)
    link = WinrmLink(connection)
    link.connect()
    for number in range(4):
        link.release(f"c{number}")
    link.abandon()
    link.connect()
    connection.shell_id = "another"
    link.start("ver")
    assert protocol.calls == [("run", "another", "ver")]


def test_an_abandoned_shell_is_not_deleted() -> None:
    class Telling(Connection):
        deleted: str | None = "not asked"

        def close(self) -> None:
            self.deleted = self.shell_id

    connection = Telling(Protocol())
    link = WinrmLink(connection)
    link.connect()
    link.abandon()
    assert (connection.deleted, connection.shell_id, connection.protocol) == (None, None, None)


@pytest.mark.parametrize(
    ("options", "secure", "methods", "encryption", "binding"),
    [
        ({}, False, ("ntlm",), "auto", True),
        ({"scheme": "https", "transport": ["ssl"]}, True, ("ssl",), "auto", True),
        ({"scheme": "HTTPS", "transport": ["NTLM", "basic"]}, True, ("ntlm", "basic"), "auto", True),
        ({"kwargs": {"message_encryption": "never", "send_cbt": "no"}}, False, ("ntlm",), "never", False),
        ({"kwargs": {"send_cbt": False}}, False, ("ntlm",), "auto", False),
    ],
)
def test_how_it_would_log_on_is_read_from_what_ansible_made_of_the_options(
    options: dict[str, Any], secure: bool, methods: tuple[str, ...], encryption: str, binding: bool
) -> None:
    connection = Connection(Protocol(), **options)
    logon = WinrmLink(connection).logon()
    assert (logon.secure, logon.methods, logon.encryption, logon.binding) == (secure, methods, encryption, binding)
    assert (logon.user, connection.logons) == ("CORP\\admin", 0)


def test_basic_over_http_never_gets_as_far_as_a_logon() -> None:
    connection = Connection(Protocol(), transport=["ntlm", "plaintext"])
    with pytest.raises(InputError, match="unencrypted over HTTP"):
        WinrmLink(connection).connect()
    assert connection.logons == 0


REFUSED = "ntlm: Zugriff verweigert (extended fault data: {{'wsmanfault_code': {}, 'http_status_code': 500}})"


@pytest.mark.parametrize("number", ["{}", "'{}'"], ids=["pywinrm 0.5", "pywinrm 0.4"])
@pytest.mark.parametrize("code", [5, faults.MAX_SHELLS])
def test_the_code_of_a_refused_shell_is_found_in_ansibles_text(number: str, code: int) -> None:
    said = REFUSED.format(number.format(code))
    with pytest.raises(WindowsError) as refused:
        WinrmLink(Connection(Protocol(), refuse=AnsibleConnectionFailure(said))).connect()
    assert (refused.value.code, refused.value.text) == (code, "ntlm: Zugriff verweigert")


@pytest.mark.parametrize(
    "error",
    [AnsibleConnectionFailure(f"ntlm: rejected {PASSWORD}"), AnsibleError("No transport found for it")],
)
def test_any_other_logon_that_fails_is_unreachable_without_the_password(error: Exception) -> None:
    with pytest.raises(UnreachableError, match=r"failed: .*(rejected|No transport)") as lost:
        WinrmLink(Connection(Protocol(), refuse=error)).connect()
    assert PASSWORD not in str(lost.value)


def test_a_time_out_on_the_way_is_no_logon_that_failed() -> None:
    late = AnsibleError("the connection attempt timed out")
    with pytest.raises(UnreachableError, match="Nobody answered at mail1 port 5985: the connection attempt timed out"):
        WinrmLink(Connection(Protocol(), refuse=late)).connect()


def test_what_ansible_takes_for_a_logon_is_none_without_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ansible's plugin goes on after HTTP 411, and has no shell then."""
    connection = Connection(Protocol())
    monkeypatch.setattr(connection, "_connect", lambda: None)
    with pytest.raises(UnreachableError, match="http://mail1:5985/wsman answered with HTTP 411"):
        WinrmLink(connection).connect()


def test_closing_forgets_also_what_is_broken_and_leaving_is_ansibles_job() -> None:
    connection = Connection(Protocol())
    link = WinrmLink(connection)
    link.connect()
    link.leave()
    assert connection.shell_id == "shell"
    link.close()
    assert connection.protocol is None
    assert not connection.shell_id


def test_a_connection_that_is_built_differently_is_refused_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(Protocol())
    monkeypatch.setattr(connection, "_build_winrm_kwargs", lambda: None)
    with pytest.raises(InputError, match="_winrm_kwargs"):
        WinrmLink(connection).connect()
    assert connection.logons == 0


def test_options_that_ansible_refuses_are_an_error_of_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AnsibleError("does not support transport(s) ['x']")

    connection = Connection(Protocol())
    monkeypatch.setattr(connection, "_build_winrm_kwargs", refuse)
    with pytest.raises(InputError, match=r"does not support transport"):
        WinrmLink(connection).connect()


def test_without_pywinrm_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where only the way to log on is asked for, to mask its secrets: Ansible's plugin ends in a NameError."""
    monkeypatch.setitem(sys.modules, "winrm", None)
    connection = Connection(Protocol())
    monkeypatch.setattr(connection, "_build_winrm_kwargs", lambda: pytest.fail("the plugin cannot know its options"))
    for ask in (WinrmLink(connection).connect, WinrmLink(connection).logon):
        with pytest.raises(InputError, match=r"pip install 'pywinrm>="):
            ask()
    assert Transport(WinrmLink(connection)).masked("as it is") == "as it is"
