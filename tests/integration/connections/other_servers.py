# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports that are no WinRM: silent ones, ones that hang up, web servers of all kinds, an SSH server, TLS or none."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEADLINE = 10.0
PAGE = b"<!DOCTYPE html><html><body>Welcome to the printer</body></html>"


class OtherServer:
    """Listens on a port of its own; each connection is handed to ``serve`` in a thread of its own."""

    def __init__(self, serve: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> None:
        self._serve = serve
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]

    def start(self) -> None:
        """Take connections."""
        self._spawn(self._accept)

    def stop(self) -> None:
        """Close the port and every connection."""
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(DEADLINE)

    def _spawn(self, function: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                client, _address = self._listener.accept()
                self._open.append(client)
                self._spawn(self._one, client)

    def _one(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the client is gone, or wanted no TLS
            client.settimeout(DEADLINE)
            self._serve(self._tls.wrap_socket(client, server_side=True) if self._tls else client)


def request(client: socket.socket) -> bytes:
    """One HTTP request with its body, or what came of it."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return data
        data += piece
    head, _blank, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        piece = client.recv(65536)
        if not piece:
            break
        body += piece
    return head


def silent(client: socket.socket) -> None:
    """Take what comes and never answer."""
    while client.recv(65536):
        pass


def hangs_up(client: socket.socket) -> None:
    """Read a request and close the connection."""
    client.recv(65536)
    client.close()


def speaks_ssh(client: socket.socket) -> None:
    """Greet as an SSH server does (RFC 4253) and close."""
    client.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
    client.recv(65536)
    client.close()


def answers(status: str, body: bytes = PAGE, *headers: str) -> Callable[[socket.socket], None]:
    """A web server that gives the same answer to everything."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", *headers]
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def serve(client: socket.socket) -> None:
        while request(client):
            client.sendall(whole)

    return serve


@contextlib.contextmanager
def other_server(serve: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> Iterator[OtherServer]:
    """Another server until the ``with`` block ends."""
    one = OtherServer(serve, tls)
    one.start()
    try:
        yield one
    finally:
        one.stop()
