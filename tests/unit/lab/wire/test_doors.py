# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What carries a connection ends it: refused while its services are down, the same port when they are back."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from ansible_collections.winmail.exchange.tests.support import tiny_windows as fakes
from lab.server import RunningLab, running


@pytest.fixture
def lab() -> Iterator[RunningLab]:
    with running(fakes.one, winrm={"allow_unencrypted": True}) as lab:
        yield lab


def carry(lab: RunningLab, *, carried: bool) -> None:
    """Let the services go or come back."""
    lab.computer("fake1").call(lambda computer: computer.carry(carried=carried))  # type: ignore[attr-defined] # the fake has it


def accepts(port: int) -> bool:
    """Whether somebody listens."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except (ConnectionRefusedError, ConnectionResetError):  # closed, or just closing
        return False
    return True


def soon(lab: RunningLab, *, open_: bool) -> None:
    """Wait until both ports are as they should be."""
    deadline = time.monotonic() + 10
    ports = lab.hosts["fake1"].winrm_port, lab.hosts["fake1"].https_port
    while any(accepts(port) != open_ for port in ports):
        assert time.monotonic() < deadline, f"the ports are not {'open' if open_ else 'closed'}"
        time.sleep(0.01)


def test_the_ports_close_and_open_with_the_services(lab: RunningLab) -> None:
    soon(lab, open_=True)
    carry(lab, carried=False)
    soon(lab, open_=False)
    carry(lab, carried=True)
    soon(lab, open_=True)


def test_who_is_connected_is_cut_off(lab: RunningLab) -> None:
    with socket.create_connection(("127.0.0.1", lab.hosts["fake1"].winrm_port), timeout=10) as idle:
        soon(lab, open_=True)  # the lab has seen the connection
        carry(lab, carried=False)
        with contextlib.suppress(ConnectionResetError):
            assert idle.recv(1) == b""
    assert lab.open_shells("fake1") == 0


def test_reset_opens_what_was_closed(lab: RunningLab) -> None:
    carry(lab, carried=False)
    soon(lab, open_=False)
    lab.reset()
    soon(lab, open_=True)
    carry(lab, carried=False)
    soon(lab, open_=False)
