# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a name to a connection."""

from __future__ import annotations

import socket
import threading
import time
import types
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import connect as module
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.connect import (
    MAX_ADDRESSES,
    Address,
    connect,
    resolve,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.deadline import Deadline
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import ConnectError
from ansible_collections.winmail.exchange.tests.support.scripted import (
    Peer,
    closed_port,
    serving,
)

if TYPE_CHECKING:
    pass


def address(port: int, host: str = "127.0.0.1") -> Address:
    return Address(socket.AF_INET, (host, port))


class Blackhole(socket.socket):
    """A socket whose connections never come about, as behind a firewall that drops."""

    def connect(self, _address: object) -> None:
        seconds = self.gettimeout()
        assert seconds is not None, "this would wait for ever"
        time.sleep(seconds)
        raise TimeoutError("timed out")


class NoRoute(socket.socket):
    """A socket that finds no way."""

    def connect(self, _address: object) -> None:
        raise OSError(113, "No route to host")


def use_sockets(monkeypatch: pytest.MonkeyPatch, kinds: list[type[socket.socket]]) -> None:
    """Let the code under test, and nobody else, make a socket of the next kind each time."""
    left = iter(kinds)

    def make(*args: int) -> socket.socket:
        return next(left)(*args)

    own = types.SimpleNamespace(socket=make, SOCK_STREAM=socket.SOCK_STREAM)
    monkeypatch.setattr(module, "socket", own)


def test_an_address_needs_no_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "Thread", None)
    assert resolve("127.0.0.1", 110, Deadline(1)) == [Address(socket.AF_INET, ("127.0.0.1", 110))]
    assert resolve("::1", 110, Deadline(1)) == [Address(socket.AF_INET6, ("::1", 110, 0, 0))]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 300, "nul\0inside", "..", "ü" * 70])
def test_a_name_that_cannot_be_resolved(host: str) -> None:
    with pytest.raises(ConnectError) as caught:
        resolve(host, 110, Deadline(10))
    assert (caught.value.verdict, caught.value.stage) == ("unreachable", "resolve")
    assert str(caught.value)


def test_a_slow_resolver_does_not_hold_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo
    release = threading.Event()

    def slow(host: str, port: int, *, type: int, flags: int) -> object:  # noqa: A002 - getaddrinfo's own name
        if not flags:
            release.wait(10)
        return look_up(host, port, type=type, flags=flags)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    start = time.monotonic()
    with pytest.raises(ConnectError) as caught:
        resolve("localhost", 110, Deadline(0.2))
    release.set()
    assert time.monotonic() - start < 2
    assert (caught.value.verdict, caught.value.stage) == ("timed_out", "resolve")


def test_addresses_are_unique_and_few(monkeypatch: pytest.MonkeyPatch) -> None:
    def many(_host: str, port: int, *, type: int, flags: int) -> object:  # noqa: A002 - getaddrinfo's own name
        assert flags in (0, socket.AI_NUMERICHOST)
        return [(socket.AF_INET, type, 6, "", (f"127.0.0.{n // 2}", port)) for n in range(50)]

    monkeypatch.setattr(socket, "getaddrinfo", many)
    found = resolve("many", 110, Deadline(1))
    assert len(found) == len(set(found)) == MAX_ADDRESSES


def test_the_first_that_answers_is_taken() -> None:
    with serving(Peer.wait) as server:
        sock, where = connect([address(closed_port()), address(server.port)], Deadline(5))
        with sock:
            assert where == "127.0.0.1"
            assert sock.getpeername() == ("127.0.0.1", server.port)


def test_a_dead_address_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Peer.wait) as server:
        use_sockets(monkeypatch, [Blackhole, socket.socket])
        sock, _where = connect([address(9), address(server.port)], Deadline(1))
        with sock:
            assert sock.getpeername()[1] == server.port


@pytest.mark.parametrize(
    ("kinds", "verdict", "words"),
    [
        pytest.param([socket.socket, socket.socket], "no_listener", "Connection refused", id="refused"),
        pytest.param([NoRoute], "unreachable", "No route to host", id="no-route"),
        pytest.param([Blackhole], "timed_out", "no answer", id="dropped"),
        pytest.param([socket.socket, NoRoute], "no_listener", "Connection refused", id="refused-and-no-route"),
        pytest.param([socket.socket, Blackhole], "timed_out", "no answer", id="refused-and-dropped"),
    ],
)
def test_no_connection(
    monkeypatch: pytest.MonkeyPatch, kinds: list[type[socket.socket]], verdict: str, words: str
) -> None:
    addresses = [address(closed_port()) for _kind in kinds]
    use_sockets(monkeypatch, kinds)
    start = time.monotonic()
    with pytest.raises(ConnectError) as caught:
        connect(addresses, Deadline(0.3))
    assert time.monotonic() - start < 1
    assert (caught.value.verdict, caught.value.stage) == (verdict, "connect")
    told = [f"{one.where[0]} port {one.where[1]}: {words}" for one in addresses]
    assert str(caught.value) in told


def test_a_name_without_an_address() -> None:
    with pytest.raises(ConnectError, match=r"^the name has no address$") as caught:
        connect([], Deadline(1))
    assert (caught.value.verdict, caught.value.stage) == ("unreachable", "resolve")


def test_each_address_gets_its_share_of_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float | None] = []

    class Refused(socket.socket):
        def connect(self, _address: object) -> None:
            given.append(self.gettimeout())
            raise OSError(111, "Connection refused")

    use_sockets(monkeypatch, [Refused] * 3)
    with pytest.raises(ConnectError):
        connect([address(9)] * 3, Deadline(3, lambda: 0.0))
    assert given == [1.0, 1.5, 3.0]


def test_no_time_left_is_timed_out() -> None:
    with pytest.raises(ConnectError) as caught:
        connect([address(closed_port())], Deadline(0))
    assert (caught.value.verdict, caught.value.stage) == ("timed_out", "connect")


def test_a_family_that_the_system_lacks() -> None:
    with pytest.raises(ConnectError) as caught:
        connect([Address(9999, ("::1", 110))], Deadline(1))
    assert (caught.value.verdict, caught.value.stage) == ("unreachable", "connect")
    assert str(caught.value) == "::1 port 110: Address family not supported by protocol"
