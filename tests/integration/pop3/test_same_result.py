# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task under ansible-playbook: the same result in process and as a module, and what it never does."""

from __future__ import annotations

import base64
import json
import os
import pathlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.support.scripted import (
    ScriptedServer,
    closed_port,
    dialogue,
    serving,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

E50 = b"+OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready\r\n"
PRIVILEGE = b"-ERR A required privilege is not held by the client.\r\n"
PASSWORD = "Tr0ub4dor&3"
OF_ANSIBLE = {"ansible_facts", "ansible_loop_var", "invocation", "item", "warnings", "deprecations"}
# Nobody listens at this WinRM port: a task that touches the connection of the play is unreachable.
INVENTORY = {
    "all": {
        "hosts": {
            "exch50": {"ansible_connection": "ansible.builtin.winrm", "ansible_host": "{{ 'LOCAL' | lower }}host"},
            "posix": {"ansible_connection": "ansible.builtin.local", "ansible_host": "192.0.2.9"},
            "other_windows": {"ansible_connection": "ansible.builtin.winrm", "ansible_host": "192.0.2.8"},
        },
        "vars": {
            "ansible_user": "x",
            "ansible_password": "y",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        },
    }
}
PROBE = {
    "port": "{{ item.port }}",
    "login": "{{ item.login }}",
    "login_user": "CORP\\alice",
    "login_password": "{{ lookup('env', 'PROBE_PASSWORD') }}",
    "expect": "{{ item.expect | default([]) }}",
    "timeout": 10,
}


def play(
    folder: pathlib.Path, tasks: list[dict[str, Any]], *words: str, **keywords: Any
) -> subprocess.CompletedProcess[str]:
    """Run tasks on exch50 with ansible-playbook."""
    book = [{"hosts": "exch50", "gather_facts": False, "become": True, "tasks": tasks, **keywords}]
    (folder / "play.yml").write_text(yaml.safe_dump(book))
    (folder / "inventory.yml").write_text(yaml.safe_dump(INVENTORY))
    return subprocess.run(
        [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), "-i", "inventory.yml", "play.yml", *words],
        cwd=folder,
        env={**os.environ, "PROBE_PASSWORD": PASSWORD, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def keep(variable: str, path: pathlib.Path) -> dict[str, Any]:
    """Return a task that writes a variable to a file."""
    return {
        "ansible.builtin.copy": {"content": f"{{{{ {variable} | to_json }}}}", "dest": str(path), "mode": "0600"},
        "delegate_to": "localhost",
        "become": False,
        "check_mode": False,
    }


@pytest.fixture(scope="module")
def fault() -> Iterator[ScriptedServer]:
    with serving(dialogue(E50, USER=b"+OK\r\n", PASS=PRIVILEGE[:-2] + b" " + PASSWORD.encode() + b"?\r\n")) as server:
        yield server


def comparable(result: dict[str, Any]) -> dict[str, Any]:
    return {key: sorted(value) if key == "timing" else value for key, value in result.items() if key not in OF_ANSIBLE}


def test_the_same_in_process_and_as_a_module(tmp_path: pathlib.Path) -> None:
    with serving(dialogue(E50, USER=b"+OK\r\n", PASS=PRIVILEGE)) as server:
        cases = [
            {"port": server.port, "login": "none"},
            {"port": server.port, "login": "canary"},
            {"port": server.port, "login": "credentials"},
            {"port": server.port, "login": "credentials", "expect": ["logon_ok"]},
            {"port": closed_port(), "login": "none"},
        ]
        probe = {"winmail.exchange.pop3_probe": PROBE, "loop": cases, "ignore_errors": True}
        run = play(
            tmp_path,
            [
                {**probe, "register": "here"},
                {**probe, "register": "there", "delegate_to": "posix", "become": False},
                keep("[here.results, there.results]", tmp_path / "results.json"),
            ],
        )
        assert run.returncode == 0, run.stdout + run.stderr
        half = len(server.received) // 2
    here, there = json.loads((tmp_path / "results.json").read_text())
    assert [result["verdict"] for result in here] == [
        "listening",
        "privilege_missing",
        "privilege_missing",
        "privilege_missing",
        "no_listener",
    ]
    assert [result["failed"] for result in here] == [False, False, False, True, False]
    assert "expected logon_ok" in here[3]["msg"]
    assert all(result["host"] == "localhost" for result in here)
    assert [comparable(result) for result in here] == [comparable(result) for result in there]
    # The server saw the same two times, but for the canary's random password.
    named = [line for line in server.received if not line.startswith(b"PASS")]
    assert named[: len(named) // 2] == named[len(named) // 2 :]
    assert server.received[half - 2] == server.received[-2] == b"PASS " + PASSWORD.encode()


@pytest.mark.parametrize("delegate", [None, "posix"])
def test_the_password_is_nowhere_at_the_highest_verbosity(
    tmp_path: pathlib.Path, fault: ScriptedServer, delegate: str | None
) -> None:
    task: dict[str, Any] = {
        "winmail.exchange.pop3_probe": PROBE,
        "loop": [{"port": fault.port, "login": "credentials", "expect": ["logon_ok"]}],
        "register": "result",
        "ignore_errors": True,
    }
    if delegate:
        task |= {"delegate_to": delegate, "become": False}
    run = play(tmp_path, [task, keep("result", tmp_path / "result.json")], "-vvvvv", "--diff")
    assert run.returncode == 0, run.stdout + run.stderr
    written = run.stdout + run.stderr + (tmp_path / "result.json").read_text()
    assert "C> PASS ********" in written
    for form in (
        PASSWORD,
        base64.b64encode(PASSWORD.encode()).decode()[:-4],
        PASSWORD.encode("utf-16-le").decode("latin-1"),
    ):
        assert form not in written


def test_check_mode_probes_as_well(tmp_path: pathlib.Path, fault: ScriptedServer) -> None:
    cases = [{"port": fault.port, "login": login} for login in ("none", "canary")]
    task = {"winmail.exchange.pop3_probe": PROBE, "loop": cases, "register": "result"}
    run = play(tmp_path, [task, keep("result.results", tmp_path / "result.json")], "--check")
    assert run.returncode == 0, run.stdout + run.stderr
    results = json.loads((tmp_path / "result.json").read_text())
    assert [(result["verdict"], result["changed"]) for result in results] == [
        ("listening", False),
        ("unclassified", False),
    ]


@pytest.mark.parametrize(
    ("delegate", "said"),
    [
        pytest.param("localhost", None, id="localhost-is-here"),
        pytest.param(
            "other_windows", "which is reached by winrm: the module needs Python on a POSIX host", id="windows"
        ),
    ],
)
def test_where_it_runs(tmp_path: pathlib.Path, fault: ScriptedServer, delegate: str, said: str | None) -> None:
    task = {
        "winmail.exchange.pop3_probe": {"port": fault.port},
        "delegate_to": delegate,
        # With a Python that does not exist a module could not run.
        "vars": {"ansible_python_interpreter": "/nonexistent/python"},
    }
    run = play(tmp_path, [task])
    assert (run.returncode == 0) == (said is None), run.stdout + run.stderr
    assert (said or "ok=1") in " ".join(run.stdout.split() + run.stderr.split())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"login": "credentials"}, "login_user, login_password"),
        ({"port": 70000}, "a port is a number from 1 to 65535"),
        ({"login": "credentials", "login_user": "a\nb", "login_password": PASSWORD}, "holds a line break"),
        ({"verdict": "logon_ok"}, "Unsupported parameters"),
        ({"expect": ["good"]}, "must be one or more of"),
        ({"tls": "implicit", "ca_path": "/nonexistent.pem"}, "/nonexistent.pem, cannot be used"),
    ],
)
@pytest.mark.parametrize("delegate", [None, "posix"])
def test_what_is_refused(tmp_path: pathlib.Path, options: dict[str, Any], said: str, delegate: str | None) -> None:
    with serving(dialogue(E50)) as server:
        task: dict[str, Any] = {"winmail.exchange.pop3_probe": {"port": server.port, **options}}
        if delegate:
            task |= {"delegate_to": delegate, "become": False}
        run = play(tmp_path, [{**task, "register": "r", "ignore_errors": True}, keep("r", tmp_path / "r.json")])
        assert run.returncode == 0, run.stdout + run.stderr
        assert server.received == []
    result = json.loads((tmp_path / "r.json").read_text())
    assert result["failed"]
    assert said in result["msg"]
    assert PASSWORD not in result["msg"]
