# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A POP3 server for tests that says what a test tells it to say, on a free port of the loopback interface."""

from __future__ import annotations

import contextlib
import functools
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping

    Handler = Callable[["Peer"], None]

# No test waits longer than this for anything.
PATIENCE = 10.0


class Peer:
    """One connection as the server sees it; the handler's alphabet."""

    def __init__(self, sock: socket.socket, received: list[bytes]) -> None:
        self._sock = sock
        self._sock.settimeout(PATIENCE)
        self._buffer = b""
        self._received = received

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._sock.sendall(data)

    def line(self) -> bytes:
        """Return the next line of the client, without its end; raises EOFError when it has left.

        An empty line is a line: a greeting of TLS has two line feeds in a row now and then.
        """
        while b"\n" not in self._buffer:
            data = self._sock.recv(4096)
            if not data:
                raise EOFError
            self._buffer += data
        line, _newline, self._buffer = self._buffer.partition(b"\n")
        line = line.rstrip(b"\r")
        self._received.append(line)
        return line

    def answer(self, replies: Mapping[str, bytes]) -> None:
        """Answer each line by its first word, until the client leaves; what has no answer meets silence."""
        while True:
            reply = replies.get(self.line().split(b" ")[0].decode("ascii", "replace").upper())
            if reply is not None:
                self.send(reply)

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Be the server of a TLS handshake."""
        self._sock = context.wrap_socket(self._sock, server_side=True)

    def wait(self) -> None:
        """Stay silent until the client leaves."""
        while True:
            self.line()

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()


class ScriptedServer:
    """Runs a handler for each connection in a thread; ``received`` holds all lines of all clients."""

    def __init__(self, handler: Handler, host: str = "127.0.0.1") -> None:
        self.received: list[bytes] = []
        self.host = host
        self._handler = handler
        self._socket = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._socket.settimeout(PATIENCE)
        self.port: int = self._socket.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()
        self._spawn(self._accept)

    def _spawn(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                sock, _address = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            if self._stopped.is_set():
                sock.close()
                return
            self._spawn(functools.partial(self._serve, Peer(sock, self.received)))

    def _serve(self, peer: Peer) -> None:
        # A client that leaves in the middle is part of many scripts.
        with contextlib.suppress(OSError, EOFError):
            self._handler(peer)
        peer.close()

    def stop(self) -> None:
        """End the server and wait for its threads."""
        self._stopped.set()
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 1):
            pass
        self._socket.close()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a script of a test did not end"


@contextlib.contextmanager
def serving(handler: Handler, host: str = "127.0.0.1") -> Iterator[ScriptedServer]:
    """Run a scripted server for the time of a block."""
    server = ScriptedServer(handler, host)
    try:
        yield server
    finally:
        server.stop()


def dialogue(banner: bytes, **replies: bytes) -> Handler:
    """Return a handler that greets and answers by verb (keys in upper case); QUIT, CAPA and STAT as they mostly are."""

    def handle(peer: Peer) -> None:
        peer.send(banner)
        usual = {"QUIT": b"+OK\r\n", "CAPA": b"-ERR Protocol error\r\n", "STAT": b"+OK 0 0\r\n"}
        peer.answer({**usual, **replies})

    return handle


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])
