# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that gets to no logon says what happened and what to look at, and is unreachable: over winrm and psrp."""

from __future__ import annotations

import contextlib
import socket
import ssl
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from ansible_collections.winmail.exchange.tests.integration.connections import other_servers
from ansible_collections.winmail.exchange.tests.integration.connections.asking import GRANT, HOST
from ansible_collections.winmail.exchange.tests.integration.connections.other_servers import answers, other_server
from ansible_collections.winmail.exchange.tests.support.certificates import make_certificates
from ansible_collections.winmail.exchange.tests.support.harness import Controller, Outcome
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.case("A2")

PASSWORD = "Corr3ct-Horse"
# Short waits; pywinrm reads for ten seconds more than Ansible is told to wait.
PATIENCE = {"ansible_winrm_connection_timeout": 1, "ansible_psrp_connection_timeout": 1, "ansible_psrp_read_timeout": 3,
            "ansible_psrp_operation_timeout": 2}  # fmt: skip
HTTPS = {
    "ansible_winrm_scheme": "https",
    "ansible_winrm_message_encryption": "auto",
    "ansible_winrm_server_cert_validation": "ignore",
    "ansible_psrp_protocol": "https",
    "ansible_psrp_message_encryption": "auto",
    "ansible_psrp_cert_validation": "ignore",
}
SCHEME = {"ansible.builtin.winrm": "ansible_winrm_scheme", "ansible.builtin.psrp": "ansible_psrp_protocol"}
PATH = {"ansible.builtin.winrm": "ansible_winrm_path", "ansible.builtin.psrp": "ansible_psrp_path"}


def ask(connection: str, port: int, host: str = "127.0.0.1", **more: Any) -> str:
    """What is said of a host that cannot be reached there."""
    variables = {"ansible_user": "CORP\\admin", "ansible_password": PASSWORD}
    alone = SimpleNamespace(hosts={HOST: SimpleNamespace(address=host, winrm_port=port, variables=variables)})
    controller = Controller(cast("RunningLab", alone), HOST, connection=connection, **{**PATIENCE, **more})
    outcome: Outcome = controller.run("user_right", **GRANT)
    assert outcome.failed is None
    assert outcome.unreachable is not None
    assert PASSWORD not in outcome.unreachable
    assert outcome.unreachable.isprintable()
    assert outcome.unreachable.endswith(".")
    return outcome.unreachable


def test_a_port_where_nobody_listens(connection: str, unused_port: int) -> None:
    said = ask(connection, unused_port)
    assert said.startswith(f"Nothing listens at 127.0.0.1 port {unused_port}: ")
    assert "Connection refused" in said
    assert f"Look at ansible_port and {SCHEME[connection]}" in said
    for hint in ("5985 for HTTP", "5986 for HTTPS", "winrm quickconfig"):
        assert hint in said


def test_a_name_that_nobody_knows(connection: str) -> None:
    said = ask(connection, 5985, "no-such-host.invalid")
    assert said.startswith("The name no-such-host.invalid could not be resolved: ")
    assert "Look at ansible_host" in said


@contextlib.contextmanager
def full() -> Iterator[int]:
    """A port whose queue is full, so that the system answers no more: as a firewall that drops everything."""
    with contextlib.ExitStack() as until_the_end:
        listener = until_the_end.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for dummy in range(4):
            one = until_the_end.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(listener.getsockname())
        yield int(listener.getsockname()[1])


def test_a_host_that_never_answers(connection: str) -> None:
    with full() as port:
        said = ask(connection, port)
    assert said.startswith(f"Nobody answered at 127.0.0.1 port {port}: waited ")
    assert "firewall" in said


def test_a_port_that_takes_connections_and_says_nothing(connection: str) -> None:
    with other_server(other_servers.silent) as one:
        said = ask(connection, one.port)
    assert said.startswith(f"Something at 127.0.0.1 port {one.port} takes connections and does not answer: waited ")
    assert SCHEME[connection] in said


def test_a_port_that_hangs_up(connection: str) -> None:
    with other_server(other_servers.hangs_up) as one:
        said = ask(connection, one.port)
    assert said.startswith(f"What listens at 127.0.0.1 port {one.port} closed the connection without an answer: ")
    assert f"Look at {SCHEME[connection]}" in said


def test_a_server_that_does_not_speak_http(connection: str) -> None:
    with other_server(other_servers.speaks_ssh) as one:
        said = ask(connection, one.port)
    assert f"127.0.0.1 port {one.port} does not speak HTTP: SSH-2.0-OpenSSH_9.6." in said
    assert "Look at ansible_port" in said


@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 405, 411, 502, 503])
def test_a_web_server_that_is_no_winrm(connection: str, status: int) -> None:
    with other_server(answers(f"{status} Whatever")) as one:
        said = ask(connection, one.port)
    assert said.startswith(f"http://127.0.0.1:{one.port}/wsman answered with HTTP {status}: ")
    assert "Logging on" not in said
    if status in (404, 405):
        assert f"Look at ansible_port and {PATH[connection]}" in said


def test_a_redirection_to_nowhere_names_both_places(connection: str, unused_port: int) -> None:
    location = f"Location: http://127.0.0.1:{unused_port}/x"
    with other_server(answers("302 Found", b"", location)) as one:
        said = ask(connection, one.port)
    assert said.startswith(f"Nothing listens at 127.0.0.1 port {unused_port} (http://127.0.0.1:{one.port}/wsman sent")


def test_https_at_a_port_of_http(connection: str) -> None:
    """The server answers the greeting of TLS with a status line, as a web server does."""

    def bad_request(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with other_server(bad_request) as one:
        said = ask(connection, one.port, **HTTPS)
    assert said.startswith(f"What listens at 127.0.0.1 port {one.port} does not speak TLS: ")
    assert f"Look at {SCHEME[connection]} and ansible_port" in said


def test_https_at_the_winrm_of_http(lab: RunningLab, connection: str) -> None:
    said = ask(connection, lab.hosts[HOST].winrm_port, **HTTPS)
    assert "Logging on" not in said
    assert SCHEME[connection] in said
    assert lab.requests(HOST) == 0


@pytest.fixture
def other_name(tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """TLS with a certificate for another name, which its own authority vouches for."""
    made = make_certificates(tmp_path, "elsewhere.example", None)
    return made.server_context(), str(made.authority)


def test_a_certificate_for_another_name(connection: str, other_name: tuple[ssl.SSLContext, str]) -> None:
    context, authority = other_name
    verify = {
        **HTTPS,
        "ansible_winrm_server_cert_validation": "validate",
        "ansible_winrm_ca_trust_path": authority,
        "ansible_psrp_cert_validation": "validate",
        "ansible_psrp_ca_cert": authority,
    }
    with other_server(answers("404 Not Found"), context) as one:
        said = ask(connection, one.port, **verify)
    assert said.startswith("The certificate of 127.0.0.1 is one for another name: ")
    assert "as ansible_host" in said


def test_a_port_that_is_none(connection: str) -> None:
    said = ask(connection, 99999)
    assert said.startswith("http://127.0.0.1:99999/wsman is no address that can be reached: ")
    assert "ansible_port" in said


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("ansible_user", None, "There is no name or no password to log on with: "),
        ("ansible_winrm_message_encryption", "yes", "An option of the connection cannot be meant: "),
    ],
)
def test_an_option_that_cannot_be_meant_is_no_logon_that_failed(
    unused_port: int, option: str, value: object, said: str
) -> None:
    more: dict[str, Any] = {option: value}
    assert ask("ansible.builtin.winrm", unused_port, **more).startswith(said)


def test_a_listener_that_takes_no_such_logon_is_no_wrong_password_for_certain(connection: str) -> None:
    with other_server(answers("401 Unauthorized", other_servers.PAGE, "WWW-Authenticate: Basic realm=x")) as one:
        said = ask(connection, one.port)
    assert said.startswith("Logging on to the host as CORP\\admin failed: ")
    assert "that the host takes this way of logging on" in said
    assert "winrm get winrm/config/service/auth" in said


def test_a_host_that_allows_no_remote_shell(connection: str) -> None:
    with running(scenario="pop3", winrm={"allow_remote_shell_access": False}) as lab:
        outcome = Controller(lab, HOST, connection=connection).run("user_right", **GRANT)
    assert outcome.unreachable is not None
    assert outcome.unreachable.startswith("Windows accepts the logon of CORP\\")
    assert "but refuses it the command shell: " in outcome.unreachable
    assert "not accept any remote shell requests" in outcome.unreachable
    assert "Allow Remote Shell Access" in outcome.unreachable


@pytest.mark.parametrize("code", ["0", "1"])
def test_a_policy_that_forbids_cmd(connection: str, code: str) -> None:
    with running(scenario="pop3", winrm={"cmd": "disabled", "disabled_cmd": code}) as lab:
        before = lab.computer(HOST).snapshot()["rights"]
        outcome = Controller(lab, HOST, connection=connection).run("user_right", **GRANT)
        assert lab.computer(HOST).snapshot()["rights"] == before
    assert outcome.failed is not None
    assert "cmd.exe printed instead: The command prompt has been disabled by your administrator." in outcome.failed
    assert "DisableCMD" in outcome.failed
    assert outcome.failed.endswith("Nothing was changed.")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("1260", "(0x800704EC): This program is blocked by group policy. For more information, contact your system"),
        ("5", "(0x80070005): Access is denied"),
    ],
)
def test_a_policy_that_does_not_let_cmd_start(connection: str, error: str, said: str) -> None:
    with running(scenario="pop3", winrm={"cmd": "blocked", "blocked_cmd": error}) as lab:
        before = lab.computer(HOST).snapshot()["rights"]
        outcome = Controller(lab, HOST, connection=connection).run("user_right", **GRANT)
        assert lab.computer(HOST).snapshot()["rights"] == before
    assert outcome.failed is not None
    assert said in outcome.failed
    assert ("Allow %windir%\\System32\\cmd.exe there" in outcome.failed) is (error == "1260")
    assert outcome.failed.endswith("Nothing was changed.")
