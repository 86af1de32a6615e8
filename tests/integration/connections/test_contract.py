# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract with ansible-core: what the links use of its winrm and psrp connections is there and does what it did.

`make matrix` asks this of every supported ansible-core; a core that renames one of these names fails here first.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._back_end import link_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import enumerate_wql
from ansible_collections.winmail.exchange.tests.support.harness import connection_of
from lab.server import RunningLab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link import Link

HOST = "exch50"
LINKS = Path(__file__).parents[3] / "plugins" / "plugin_utils" / "_wsman"
NAMES = {
    "winrm": {
        *("_build_winrm_kwargs", "_winrm_kwargs", "_winrm_user", "_winrm_pass", "_winrm_scheme", "_winrm_transport"),
        *("_connect", "protocol", "shell_id", "close"),
    },
    "psrp": {"_build_kwargs", "_psrp_conn_kwargs", "get_option"},
}
# What pywinrm's object behind `protocol` has to have; the one that collects output has another name in 0.4.
PROTOCOL = {"run_command", "cleanup_command", "send_message"}
COLLECTORS = ("get_command_output_raw", "_raw_get_command_output")
OPTIONS: dict[str, dict[str, object]] = {
    "winrm": {
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": ["ntlm"],
        "ansible_winrm_message_encryption": "always",
    },
    "psrp": {
        "ansible_psrp_protocol": "http",
        "ansible_psrp_auth": "ntlm",
        "ansible_psrp_message_encryption": "always",
    },
}


@pytest.fixture(params=sorted(NAMES))
def name(request: pytest.FixtureRequest) -> str:
    """One connection after the other."""
    return str(request.param)


@pytest.fixture
def variables(lab: RunningLab, name: str) -> dict[str, Any]:
    """What an inventory says of the host."""
    host = lab.hosts[HOST]
    logon = {key: value for key, value in host.variables.items() if key.startswith("ansible_")}
    return {**logon, "ansible_host": host.address, "ansible_port": host.winrm_port, **OPTIONS[name]}


@pytest.fixture
def connection(name: str, variables: dict[str, Any]) -> Iterator[Any]:
    """Ansible's own connection, with its options set as its task executor sets them."""
    plugin = connection_of(f"ansible.builtin.{name}", variables)
    yield plugin
    plugin.close()


@pytest.fixture
def link(connection: Any) -> Link:
    return link_of(connection)


def test_these_are_the_names_that_the_links_use(name: str) -> None:
    source = (LINKS / f"link_{name}.py").read_text(encoding="utf-8")
    used = set(re.findall(r"(?:self\._connection|\blink)\.(\w+)", source.partition('"""\n\nfrom')[2]))
    assert used == NAMES[name]


def test_the_connection_says_which_one_it_is(connection: Any, name: str) -> None:
    assert connection.transport.removeprefix("ansible.builtin.") == name


@pytest.mark.parametrize("name", ["winrm"], indirect=True)
def test_winrm_settles_how_it_logs_on(connection: Any, variables: dict[str, Any]) -> None:
    connection._build_winrm_kwargs()
    assert connection._winrm_user == variables["ansible_user"]
    assert connection._winrm_pass == variables["ansible_password"]
    assert connection._winrm_scheme == "http"
    assert list(connection._winrm_transport) == ["ntlm"]
    assert connection._winrm_kwargs["message_encryption"] == "always"


@pytest.mark.parametrize("name", ["psrp"], indirect=True)
def test_psrp_settles_how_it_logs_on(connection: Any, variables: dict[str, Any]) -> None:
    connection._build_kwargs()
    expected = {
        "server": variables["ansible_host"],
        "port": variables["ansible_port"],
        "ssl": False,
        "auth": "ntlm",
        "username": variables["ansible_user"],
        "password": variables["ansible_password"],
        "encryption": "always",
    }
    assert {key: connection._psrp_conn_kwargs[key] for key in expected} == expected
    assert connection.get_option("configuration_name") == "Microsoft.PowerShell"


@pytest.mark.parametrize("name", ["winrm"], indirect=True)
def test_winrm_opens_a_shell_and_shows_its_protocol(connection: Any, lab: RunningLab) -> None:
    connection._connect()
    first = connection.shell_id
    assert isinstance(first, str)
    assert lab.open_shells(HOST) == 1
    assert set(dir(connection.protocol)) >= PROTOCOL
    assert any(hasattr(connection.protocol, collector) for collector in COLLECTORS)
    connection._connect()
    assert connection.shell_id == first
    connection.close()
    assert lab.open_shells(HOST) == 0
    connection.protocol = connection.shell_id = None
    connection._connect()
    assert connection.shell_id != first
    assert lab.open_shells(HOST) == 1


def test_a_link_runs_a_command(link: Link, lab: RunningLab) -> None:
    link.connect()
    assert run(link, "echo hello") == ("hello", 0)
    assert run(link, "type no-such-file 2>nul") == ("", 1)
    link.close()
    assert lab.open_shells(HOST) == 0


def test_a_link_sends_an_envelope(link: Link) -> None:
    link.connect()
    answer = link.send(enumerate_wql("root/cimv2", "select Name from Win32_ComputerSystem", 20))
    assert b"EnumerateResponse" in answer
    assert b">EXCH50<" in answer


def test_a_link_connects_anew_after_the_connection_was_dropped(link: Link, lab: RunningLab) -> None:
    link.connect()
    lab.reset()
    with pytest.raises(Exception, match=r"\S"):
        link.start("echo lost")
    link.close()
    link.connect()
    assert run(link, "echo back") == ("back", 0)


def test_after_a_task_no_shell_is_open_and_powershell_was_never_asked_for(
    link: Link, connection: Any, lab: RunningLab
) -> None:
    link.connect()
    run(link, "echo hello")
    assert lab.open_shells(HOST) == 1
    link.leave()
    connection.close()
    assert lab.open_shells(HOST) == 0
    asked = lab.transcript(HOST)
    assert [one.action.rpartition("/")[2] for one in asked] == ["Create", "Command", "Receive", "Signal", "Delete"]
    assert not [one for one in asked if "powershell" in one.request.lower()]


def run(link: Link, line: str) -> tuple[str, int | None]:
    """What a command line printed, without the line's end, and its exit code."""
    command = link.start(line)
    said, code = b"", None
    for dummy in range(10):
        answer = link.receive(command)
        said, code = said + answer.stdout, answer.exit_code
        if code is not None:
            break
    link.stop(command)
    return said.decode().strip(), code
