# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at the wire between a client and a host of the lab: every byte that a client sends, passed on unchanged."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DEADLINE = 30.0


class Wire:
    """Listens on a port of its own and passes what comes on to ``target``; keeps what clients sent."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._sent = bytearray()
        self.connections = 0
        self.port: int = self._listener.getsockname()[1]

    @property
    def sent(self) -> bytes:
        """Everything that clients sent so far."""
        return bytes(self._sent)

    def start(self) -> None:
        """Take connections."""
        self._spawn(self._accept)

    def stop(self) -> None:
        """Close the port and every connection."""
        for one in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(DEADLINE)

    def _spawn(self, function: object, *arguments: object) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True)  # type: ignore[arg-type]  # callables
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                client, _address = self._listener.accept()
                self.connections += 1
                host = socket.create_connection(self._target, timeout=DEADLINE)
                self._sockets += [client, host]
                self._spawn(self._pass_on, client, host, self._sent)
                self._spawn(self._pass_on, host, client, bytearray())

    def _pass_on(self, source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
        with contextlib.suppress(OSError):  # either end is gone
            while data := source.recv(65536):
                kept += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def wire_to(address: str, port: int) -> Iterator[Wire]:
    """A wire to one port, until the ``with`` block ends."""
    wire = Wire((address, port))
    wire.start()
    try:
        yield wire
    finally:
        wire.stop()
