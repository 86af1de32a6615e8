"""The lab's command line: serving until a signal, the inventory, and what one may ask a lab that serves."""

from __future__ import annotations

import contextlib
import json
import pathlib
import selectors
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import winrm
import yaml

from lab.worlds import REGISTRY

DEADLINE = 60
HOSTS = ["exch2019", "exch50", "exch55", "exchgpo"]


def lab(*arguments: str | pathlib.Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the lab to its end."""
    command = [sys.executable, "-m", "lab", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)


def asked(command: str, inventory: pathlib.Path, *more: str) -> Any:
    """What a lab that serves answers."""
    done = lab(command, "--inventory", inventory, *more)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout) if done.stdout else None


@contextlib.contextmanager
def serving(inventory: pathlib.Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A lab process that has said ``ready``; ended by SIGTERM."""
    command = [sys.executable, "-m", "lab", "serve", "--scenario", "pop3", "--inventory", str(inventory), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for_ready(process)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def wait_for_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        assert selector.select(DEADLINE), "the lab does not say that it is ready"
    line = process.stdout.readline()
    assert line == "ready\n", f"{line!r}, {process.stderr.read() if process.stderr else ''}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pathlib.Path]:
    """The inventory of a lab that serves for all tests of this file that leave it as it was."""
    inventory = tmp_path_factory.mktemp("lab with a space") / "hosts.yml"
    with serving(inventory, "--transcript"):
        yield inventory


@pytest.fixture
def inventory(served: pathlib.Path) -> pathlib.Path:
    asked("reset", served)
    asked("clear", served)
    return served


def hosts_of(inventory: pathlib.Path) -> dict[str, dict[str, Any]]:
    found = yaml.safe_load(inventory.read_text(encoding="utf-8"))
    hosts: dict[str, dict[str, Any]] = found["all"]["children"]["exchange_pop3"]["hosts"]
    return hosts


def run(inventory: pathlib.Path, line: str, name: str = "exch50") -> tuple[int, bytes]:
    """Run a line on a host as pywinrm does."""
    host = hosts_of(inventory)[name]
    url = f"http://{host['ansible_host']}:{host['ansible_port']}/wsman"
    credentials = (host["ansible_user"], host["ansible_password"])
    answer = winrm.Session(url, auth=credentials, transport="ntlm").run_cmd(line)
    return answer.status_code, answer.std_out


def test_the_inventory_is_private_and_reaches_every_host(inventory: pathlib.Path) -> None:
    assert stat.S_IMODE(inventory.stat().st_mode) == 0o600
    assert [path.name for path in inventory.parent.iterdir()] == ["hosts.yml"]
    hosts = hosts_of(inventory)
    assert sorted(hosts) == HOSTS
    for name, host in hosts.items():
        assert run(inventory, "echo %COMPUTERNAME%", name) == (0, name.upper().encode() + b"\r\n")
        with socket.create_connection((host["ansible_host"], host["pop3_prerequisites_port"]), DEADLINE) as pop3:
            assert pop3.recv(4) == b"+OK "


def test_ansible_reads_the_inventory(inventory: pathlib.Path) -> None:
    program = pathlib.Path(sys.executable).with_name("ansible-inventory")
    command = [str(program), "-i", str(inventory), "--list"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=True)
    listed = json.loads(done.stdout)
    assert sorted(listed["exchange_pop3"]["hosts"]) == HOSTS
    variables = listed["_meta"]["hostvars"]["exch50"]
    assert variables["ansible_connection"] == "ansible.builtin.winrm"
    assert variables["lab_control"].startswith("http://127.0.0.1:")


def test_requests_are_counted_by_host_and_action(inventory: pathlib.Path) -> None:
    asked("count", inventory, "--clear")
    run(inventory, "ver")
    counted = asked("count", inventory)
    assert counted["exch50"]["total"] == 8
    assert counted["exch50"]["by_action"]["Command"] == 1
    assert counted["exch55"] == {"total": 0, "by_action": {}}
    assert asked("count", inventory, "--host", "exch50", "--clear") == {"exch50": counted["exch50"]}
    assert asked("count", inventory, "--host", "exch50")["exch50"]["total"] == 0


def test_a_change_shows_in_the_snapshot_until_the_reset(inventory: pathlib.Path) -> None:
    before = asked("snapshot", inventory)
    run(inventory, 'echo x>"C:\\Windows\\Temp\\left.txt"')
    after = asked("snapshot", inventory)
    assert before["exch55"] == after["exch55"]
    assert [path for path in json.dumps(after["exch50"]).split('"') if path.endswith("left.txt")]
    assert after["exch50"] != before["exch50"]
    asked("reset", inventory)
    assert "left.txt" not in json.dumps(asked("snapshot", inventory))


def test_an_injected_fault_hits_and_can_be_cleared(inventory: pathlib.Path) -> None:
    rule = json.dumps({"at": "command.start", "match": {"line": "ver"}, "times": None, "do": "status", "code": 503})
    asked("inject", inventory, "--host", "exch50", "--rule", rule)
    with pytest.raises(winrm.exceptions.WinRMTransportError):
        run(inventory, "ver")
    assert run(inventory, "ver", "exch55")[0] == 0
    asked("clear", inventory)
    assert run(inventory, "ver")[0] == 0


def test_time_can_be_advanced(inventory: pathlib.Path) -> None:
    asked("advance", inventory, "--seconds", "3600")


def test_hosts_are_changed_from_outside_and_tell_their_clocks_and_logons(inventory: pathlib.Path) -> None:
    host = "exch2019"
    before = asked("times", inventory, "--host", host)[host]
    asked("change", inventory, "--host", host, "--change", '{"clock_step": 86400, "reboot": true}')
    after = asked("times", inventory, "--host", host)[host]
    assert after["now"][:10] > before["now"][:10]
    assert after["booted"] > before["now"]
    assert after["elapsed"] - before["elapsed"] < DEADLINE
    assert asked("logons", inventory, "--host", host) == {host: {"admitted": [], "refused": []}}
    refused = lab("change", "--inventory", inventory, "--host", host, "--change", '{"remove_task": "\\\\nothing"}')
    assert (refused.returncode, "has no task" in refused.stderr) == (1, True)


def test_a_transcript_is_kept_where_it_is_asked_for(inventory: pathlib.Path) -> None:
    run(inventory, "echo a-word")
    exchanges = asked("transcript", inventory, "--host", "exch50")["exch50"]
    assert [exchange["encrypted"] for exchange in exchanges] == [True] * 5
    assert "a-word" in exchanges[1]["request"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["inject", "--rule", '{"at": "nowhere", "do": "drop"}'], "'at' must be one of", id="bad rule"),
        pytest.param(["snapshot", "--host", "exch99"], "no host is called 'exch99'", id="unknown host"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(inventory: pathlib.Path, arguments: list[str], words: str) -> None:
    done = lab(*arguments, "--inventory", inventory)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_token_is_refused(inventory: pathlib.Path, tmp_path: pathlib.Path) -> None:
    text = inventory.read_text(encoding="utf-8")
    url = yaml.safe_load(text)["all"]["vars"]["lab_control"]
    forged = tmp_path / "hosts.yml"
    forged.write_text(text.replace(url, url[:-4] + "AAAA"), encoding="utf-8")
    done = lab("reset", "--inventory", forged)
    assert done.returncode == 1
    assert "wrong token" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_closes_the_ports(tmp_path: pathlib.Path, number: signal.Signals) -> None:
    inventory = tmp_path / "hosts.yml"
    with serving(inventory) as process:
        run(inventory, "ver")
        process.send_signal(number)
        assert process.wait(DEADLINE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    host = hosts_of(inventory)["exch50"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host["ansible_host"], host["ansible_port"]), DEADLINE)
    done = lab("snapshot", "--inventory", inventory)
    assert done.returncode == 1
    assert "is it running?" in done.stderr


def test_two_labs_live_side_by_side(inventory: pathlib.Path, tmp_path: pathlib.Path) -> None:
    other = tmp_path / "hosts.yml"
    asked("count", inventory, "--clear")
    with serving(other, "--world", "type_converts_utf16=raw", "--address", "127.0.0.2"):
        assert hosts_of(other)["exch50"]["ansible_host"] == "127.0.0.2"
        run(other, 'echo x>"C:\\Windows\\Temp\\left.txt"')
        assert "left.txt" in json.dumps(asked("snapshot", other, "--host", "exch50"))
        assert "left.txt" not in json.dumps(asked("snapshot", inventory, "--host", "exch50"))
        assert asked("count", inventory)["exch50"]["total"] == 0


def test_the_worlds_are_listed() -> None:
    done = lab("worlds")
    assert done.returncode == 0
    assert all(name in done.stdout for name in REGISTRY)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--scenario", "nope"], "no scenario nope", id="unknown scenario"),
        pytest.param(["--scenario", "pop3", "--world", "nope=1"], "no world is called 'nope'", id="unknown world"),
        pytest.param(["--scenario", "pop3", "--address", "192.0.2.1"], "loopback addresses only", id="not loopback"),
        pytest.param(["--scenario", "pop3", "--world", "nope"], "is not NAME=VALUE", id="no value"),
        pytest.param(["--scenario", "pop3", "--winrm", "nope=1"], "no such WinRM setting", id="unknown setting"),
    ],
)
def test_a_lab_that_cannot_start_says_why(tmp_path: pathlib.Path, arguments: list[str], words: str) -> None:
    done = lab("serve", *arguments, "--inventory", tmp_path / "hosts.yml")
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["all: [", "all: {}", "x"])
def test_a_file_that_is_no_inventory_of_a_lab_is_refused(tmp_path: pathlib.Path, text: str) -> None:
    path = tmp_path / "hosts.yml"
    path.write_text(text, encoding="utf-8")
    done = lab("count", "--inventory", path)
    assert done.returncode == 1
    assert str(path) in done.stderr
