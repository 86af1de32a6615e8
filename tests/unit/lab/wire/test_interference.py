# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a command line is lost on its way: each place that an injected fault can name, as pywinrm meets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from requests.exceptions import RequestException
from winrm.exceptions import WSManFaultError
from winrm.protocol import Protocol

from ansible_collections.winmail.exchange.tests.support import tiny_windows as fakes
from lab.server import RunningLab, running

LINE = {"line": "hello"}
RAN, NEVER_RAN = ["echo hello"], list[str]()


@pytest.fixture(scope="module")
def clear_lab() -> Iterator[RunningLab]:
    with running(fakes.one, winrm={"allow_unencrypted": True}) as lab:
        yield lab


@pytest.fixture
def lab(clear_lab: RunningLab) -> RunningLab:
    clear_lab.reset()
    return clear_lab


@pytest.fixture
def client(lab: RunningLab) -> Protocol:
    url = f"http://127.0.0.1:{lab.hosts['fake1'].winrm_port}/wsman"
    return Protocol(url, transport="plaintext", username=fakes.USER, password=fakes.PASSWORD)


def lines(lab: RunningLab) -> object:
    return lab.computer("fake1").snapshot()["lines"]


@pytest.mark.parametrize(
    ("at", "action", "ran"),
    [
        pytest.param("http.request", "/Command$", NEVER_RAN, id="the line never arrived"),
        pytest.param("http.response", "/Command$", RAN, id="it ran, and nobody was told"),
        pytest.param("http.request", "/Receive$", RAN, id="its output was not asked for"),
        pytest.param("http.response", "/Receive$", RAN, id="its output was taken and lost"),
    ],
)
@pytest.mark.parametrize("how", [{"do": "drop"}, {"do": "drop", "how": "reset"}], ids=["ended", "reset"])
def test_a_line_is_lost_where_the_fault_says(
    lab: RunningLab, client: Protocol, at: str, action: str, ran: list[str], how: Mapping[str, str]
) -> None:
    shell = client.open_shell()
    lab.computer("fake1").faults.add({"at": at, "match": {"action": action, **LINE}, **how})
    with pytest.raises(RequestException):
        client.get_command_output(shell, client.run_command(shell, "echo hello"))
    assert lines(lab) == ran
    assert lab.computer("fake1").faults.pending == 0


def test_only_the_line_that_is_named_is_hit(lab: RunningLab, client: Protocol) -> None:
    shell = client.open_shell()
    lab.computer("fake1").faults.add({"at": "http.request", "match": {"action": "Receive", **LINE}, "do": "drop"})
    assert client.get_command_output(shell, client.run_command(shell, "both"))[0] == b"out\r\n"
    with pytest.raises(RequestException):
        client.get_command_output(shell, client.run_command(shell, "echo hello"))


def test_a_connection_that_closes_behind_an_answer_delivers_it(lab: RunningLab, client: Protocol) -> None:
    shell = client.open_shell()
    lab.computer("fake1").faults.add({"at": "http.response", "match": {"action": "/Command$", **LINE}, "do": "close"})
    command = client.run_command(shell, "echo hello")
    assert lines(lab) == RAN
    assert client.get_command_output(shell, command)[0] == b"hello\r\n"  # over a connection of its own


def test_an_answer_torn_in_the_middle_is_shorter_than_its_head_says(lab: RunningLab, client: Protocol) -> None:
    shell = client.open_shell()
    fault = {"at": "http.response", "match": {"action": "Receive", **LINE}, "do": "truncate", "bytes": "half"}
    lab.computer("fake1").faults.add(fault)
    with pytest.raises(RequestException, match="IncompleteRead"):
        client.get_command_output(shell, client.run_command(shell, "echo hello"))


def test_a_quota_is_told_in_its_own_words(lab: RunningLab, client: Protocol) -> None:
    fault = {"at": "http.request", "match": {"action": "Create"}, "do": "fault"}
    for quota, shape, code in (("user", "wsman", 2150859175), ("shell_users", "wmi", 2150859179)):
        lab.computer("fake1").faults.add({**fault, "quota": quota, "shape": shape})
        with pytest.raises(WSManFaultError) as caught:
            client.open_shell()
        assert (caught.value.wsman_fault_code or caught.value.wmierror_code) == code


def test_answers_carry_the_time_of_the_computer(client: Protocol) -> None:
    client.open_shell()
    answer = client.transport.session.post(client.transport.endpoint, data=b"", auth=(fakes.USER, fakes.PASSWORD))
    assert answer.headers["Date"] == "Mon, 03 Feb 2031 04:05:06 GMT"
