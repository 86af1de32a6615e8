"""pywinrm accepts the lab unchanged: each transport, three commands, timeouts, large output, faults, refusals."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import winrm.exceptions
import winrm.protocol

from ansible_collections.winmail.exchange.tests.support import tiny_windows as fakes
from lab.server import RunningLab

HELLO = (b"hello\r\n", b"", 0)


@dataclass(frozen=True)
class Way:
    """One way in: how the client is told, and how many requests a session of one command takes (docs/sources.md S5)."""

    transport: str
    secure: bool = False
    encryption: str = "auto"
    requests: int = 5


WAYS = {
    "basic over https": Way("basic", secure=True),
    "ntlm over http, always encrypted": Way("ntlm", encryption="always", requests=8),
    "ntlm over http, encrypted by itself": Way("ntlm", requests=8),
    "ntlm over https": Way("ntlm", secure=True, requests=7),
    "ntlm over https, always encrypted": Way("ntlm", secure=True, encryption="always", requests=8),
}


def protocol(lab: RunningLab, way: Way, password: str = fakes.PASSWORD) -> winrm.protocol.Protocol:
    host = lab.hosts["fake1"]
    scheme, port = ("https", host.https_port) if way.secure else ("http", host.winrm_port)
    return winrm.protocol.Protocol(
        f"{scheme}://127.0.0.1:{port}/wsman",
        transport=way.transport,
        username=fakes.USER,
        password=password,
        ca_trust_path=str(lab.certificate_path),
        message_encryption=way.encryption,
    )


def session(client: winrm.protocol.Protocol, *lines: str) -> list[tuple[bytes, bytes, int]]:
    """Run lines in one shell."""
    shell = client.open_shell(codepage=65001)
    found = []
    for line in lines:
        command = client.run_command(shell, line)
        found.append(client.get_command_output(shell, command))
        client.cleanup_command(shell, command)
    client.close_shell(shell)
    return found


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_pywinrm_runs_a_command(lab: RunningLab, way: Way) -> None:
    assert session(protocol(lab, way), "echo hello") == [HELLO]
    assert lab.requests("fake1") == way.requests
    assert lab.open_shells("fake1") == 0
    encrypted = way.transport == "ntlm" and (not way.secure or way.encryption == "always")
    assert {exchange.encrypted for exchange in lab.transcript("fake1")} == {encrypted}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_pywinrm_is_refused_with_a_wrong_password(lab: RunningLab, way: Way) -> None:
    with pytest.raises(winrm.exceptions.InvalidCredentialsError):
        session(protocol(lab, way, "wrong"), "echo hello")
    assert lab.transcript("fake1") == []


@pytest.mark.parametrize("way", [Way("basic"), Way("ntlm", encryption="never")], ids=["basic", "ntlm"])
def test_pywinrm_cannot_speak_in_the_clear_to_a_default_windows(lab: RunningLab, way: Way) -> None:
    with pytest.raises(winrm.exceptions.WinRMTransportError) as caught:
        session(protocol(lab, way), "echo hello")
    assert caught.value.code == 500
    assert lab.computer("fake1").snapshot() == {"lines": []}


def test_pywinrm_speaks_in_the_clear_where_that_is_allowed(clear_lab: RunningLab) -> None:
    assert session(protocol(clear_lab, Way("basic")), "echo hello", "echo hello", "echo hello") == [HELLO] * 3
    assert clear_lab.requests("fake1") == 11


def test_pywinrm_reuses_one_logon_for_three_commands(lab: RunningLab) -> None:
    way = WAYS["ntlm over http, always encrypted"]
    assert session(protocol(lab, way), "echo hello", "both", "crash") == [
        HELLO,
        (b"out\r\n", b"err\r\n", 3),
        (b"", b"", 0xC0000005),
    ]
    assert lab.requests_by_action("fake1") == {
        "login": 3,
        "Create": 1,
        "Command": 3,
        "Receive": 3,
        "Signal": 3,
        "Delete": 1,
    }


def test_pywinrm_waits_for_a_command_that_outlasts_its_timeout(lab: RunningLab) -> None:
    client = protocol(lab, WAYS["ntlm over http, always encrypted"])
    assert session(client, "slow") == [(b"done\r\n", b"", 0)]
    assert lab.requests_by_action("fake1")["Receive"] == 8  # 150 s, 20 s at a time


def test_pywinrm_collects_a_large_output(lab: RunningLab) -> None:
    [(stdout, stderr, code)] = session(protocol(lab, WAYS["ntlm over http, always encrypted"]), "big")
    expected = fakes.OUTPUT["big"]
    assert (stdout, stderr, code) == (expected.stdout, expected.stderr, 0)


def test_pywinrm_reads_the_faults(lab: RunningLab) -> None:
    client = protocol(lab, WAYS["ntlm over http, always encrypted"])
    with pytest.raises(winrm.exceptions.WSManFaultError) as gone:
        client.run_command("11111111-1111-1111-1111-111111111111", "echo hello")
    assert gone.value.wsman_fault_code == 2150858843
    lab.computer("fake1").faults.add({"at": "command.start", "do": "fault", "code": 2150859174, "shape": "wmi"})
    with pytest.raises(winrm.exceptions.WSManFaultError) as full:
        client.run_command(client.open_shell(), "echo hello")
    assert full.value.wmierror_code == 2150859174
