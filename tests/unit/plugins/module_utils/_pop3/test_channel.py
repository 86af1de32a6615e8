# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The socket behind the dialogue."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.channel import SocketChannel
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.deadline import Deadline
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import (
    ClosedError,
    LineTooLongError,
    SilentError,
    TlsError,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST = Request("127.0.0.1", 110)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def channel(sock: socket.socket, seconds: float = 5.0) -> SocketChannel:
    return SocketChannel(sock, REQUEST, Deadline(seconds))


def test_lines_both_ways(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b"+OK one\r\n+OK two\n")
    link = channel(ours)
    link.send(b"NOOP")
    assert theirs.recv(100) == b"NOOP\r\n"
    assert [link.read_line(), link.read_line()] == [b"+OK one", b"+OK two"]


def test_pending_does_not_wait_and_takes_all(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    link = channel(ours)
    start = time.monotonic()
    assert link.pending() == []
    assert time.monotonic() - start < 1
    theirs.sendall(b"+OK one\r\n+OK two\r\nhalf")
    assert link.pending() == [b"+OK one", b"+OK two", b"half"]
    theirs.sendall(b"+OK three\r\n")
    assert link.read_line() == b"+OK three"


def test_pending_is_bounded_and_a_flood_is_no_answer(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        for _send in range(1000):
            theirs.send(b"+OK\r\n" * 1000)
    with pytest.raises(LineTooLongError, match="more than 65536 bytes unasked"):
        channel(ours).pending()


def test_sending_ends_at_the_deadline(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _theirs = pair
    start = time.monotonic()
    with pytest.raises(SilentError):
        channel(ours, 0.2).send(b"x" * 10_000_000)
    assert time.monotonic() - start < 2


def test_reading_ends_at_the_deadline_and_keeps_what_came(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b"+OK hal")
    with pytest.raises(SilentError) as caught:
        channel(ours, 0.1).read_line()
    assert caught.value.partial == b"+OK hal"


def test_hasten_brings_the_deadline_forward_only(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _theirs = pair
    link = channel(ours, 60)
    link.hasten(0.1)
    link.hasten(60)
    start = time.monotonic()
    with pytest.raises(SilentError):
        link.read_line()
    assert time.monotonic() - start < 2


def test_a_closed_connection(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b"-ERR go")
    theirs.close()
    link = channel(ours)
    with pytest.raises(ClosedError) as caught:
        link.read_line()
    assert caught.value.partial == b"-ERR go"
    with pytest.raises(ClosedError):
        link.send(b"QUIT")


def test_after_the_deadline_nothing_is_tried(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b"+OK\r\n")
    link = channel(ours, 0)
    with pytest.raises(SilentError):
        link.read_line()
    with pytest.raises(SilentError):
        link.send(b"QUIT")


def test_no_tls_without_its_settings(pair: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(TlsError):
        channel(pair[0]).start_tls()
