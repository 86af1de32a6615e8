# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a host's name to a connected socket, within the deadline: every address gets its share of the time."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import typing as t

from . import values
from .deadline import SocketTimeout
from .errors import ConnectError

if t.TYPE_CHECKING:
    from .deadline import Deadline

MAX_ADDRESSES = 8


class Address(t.NamedTuple):
    """An address to connect to: its family, and the tuple that a socket of this family takes."""

    family: int
    where: tuple[str | int, ...]


def resolve(host: str, port: int, deadline: Deadline) -> list[Address]:
    """Return the addresses of a host in the system's order of preference, at most MAX_ADDRESSES.

    Raises ConnectError (unreachable, or timed_out where the resolver takes too long).
    """
    with contextlib.suppress(OSError, ValueError):  # A name, not an address.
        return _addresses(host, port, socket.AI_NUMERICHOST)
    answer: list[list[Address]] = []
    trouble: list[Exception] = []

    def look_up() -> None:
        try:
            answer.append(_addresses(host, port, 0))
        except (OSError, ValueError) as exc:
            trouble.append(exc)

    # getaddrinfo knows no timeout, so it is left behind where it exceeds ours.
    worker = threading.Thread(target=look_up, name="pop3-resolve", daemon=True)
    worker.start()
    worker.join(deadline.remaining())
    if answer:
        return answer[0]
    if trouble:
        text = getattr(trouble[0], "strerror", None) or str(trouble[0])
        raise ConnectError(text, values.UNREACHABLE, values.RESOLVE)
    raise ConnectError("the name was not resolved in time", values.TIMED_OUT, values.RESOLVE)


def _addresses(host: str, port: int, flags: int) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    unique = dict.fromkeys(
        # The third shape that the types know, with bytes, belongs to families we do not ask for.
        Address(int(family), t.cast("tuple[str | int, ...]", where))
        for family, *_rest, where in found
    )
    return list(unique)[:MAX_ADDRESSES]


def connect(addresses: t.Sequence[Address], deadline: Deadline) -> tuple[socket.socket, str]:
    """Return the first connection that comes about, and its address.

    Raises ConnectError. Where the addresses fail in different ways, the most open answer counts: timed out (nobody
    knows), then no listener (a host is there), then unreachable.
    """
    failures: list[ConnectError] = []
    for number, address in enumerate(addresses):
        share = deadline.remaining() / (len(addresses) - number)
        try:
            return _connect_one(address, share), str(address.where[0])
        except ConnectError as exc:
            failures.append(exc)
    for verdict in (values.TIMED_OUT, values.NO_LISTENER, values.UNREACHABLE):
        for failure in failures:
            if failure.verdict == verdict:
                raise failure
    raise ConnectError("the name has no address", values.UNREACHABLE, values.RESOLVE)


def _connect_one(address: Address, seconds: float) -> socket.socket:
    where = f"{address.where[0]} port {address.where[1]}"
    if seconds <= 0:
        raise ConnectError(f"{where}: no time left", values.TIMED_OUT, values.CONNECT)
    try:
        sock = socket.socket(address.family, socket.SOCK_STREAM)
    except OSError as exc:
        raise ConnectError(f"{where}: {exc.strerror}", values.UNREACHABLE, values.CONNECT) from exc
    try:
        sock.settimeout(seconds)
        sock.connect(address.where)
    except SocketTimeout as exc:
        sock.close()
        raise ConnectError(f"{where}: no answer", values.TIMED_OUT, values.CONNECT) from exc
    except OSError as exc:
        sock.close()
        text = f"{where}: {exc.strerror or exc}"
        raise ConnectError(text, _verdict_of(exc), values.CONNECT) from exc
    return sock


def _verdict_of(exc: OSError) -> str:
    if exc.errno == errno.ECONNREFUSED:
        return values.NO_LISTENER
    if exc.errno == errno.ETIMEDOUT:
        return values.TIMED_OUT
    return values.UNREACHABLE
