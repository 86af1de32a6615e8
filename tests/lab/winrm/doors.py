# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WinRM ports of one computer: open while its services carry them, closed like real ports while they do not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from lab.winrm.host import Host

Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Doors:
    """Looks like ``asyncio.Server``; belongs to the loop that opened it."""

    def __init__(self, host: Host, serve: Serve, context: ssl.SSLContext | None, limit: int) -> None:
        self._host = host
        self._serve = serve
        self._context = context
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._address = ("", 0)
        self._held: socket.socket | None = None  # keeps the port while nobody listens
        self._server: asyncio.Server | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._one = asyncio.Lock()
        self._closed = False

    @property
    def sockets(self) -> Sequence[socket.socket]:
        """Who has the port."""
        assert self._held is not None
        return (self._held,)

    async def open(self, address: str) -> None:
        """Take a free port, and listen unless the computer's services are down."""
        self._held = _bound((address, 0))
        self._address = self._held.getsockname()[:2]
        self.follow()
        await self._sync()

    def follow(self) -> None:
        """Watch the services of the computer that is behind the port now."""
        self._host.computer.watch(self._changed)
        self._changed()

    def close(self) -> None:
        """Give the port up."""
        self._closed = True
        if self._timer:
            self._timer.cancel()
        if self._server is not None:
            self._server.close()
        if self._held is not None:
            self._held.close()

    async def wait_closed(self) -> None:
        """Wait until the last connection has ended."""
        if self._server is not None:
            await self._server.wait_closed()

    def _changed(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._start_sync)

    def _start_sync(self) -> None:
        if not self._closed:
            task = self._loop.create_task(self._sync())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _sync(self) -> None:
        """Open or close as the services are; look again when the next of them is due."""
        async with self._one:
            await self._open_or_close()
        if self._timer:
            self._timer.cancel()
            self._timer = None
        due = self._host.computer.next_change()
        if due is not None and not self._closed:
            self._timer = self._loop.call_later(max(due, 0) + 0.005, self._start_sync)

    async def _open_or_close(self) -> None:
        self._host.cut_if_restarted()
        carried = self._host.computer.carried and not self._closed
        if carried and self._server is None:
            listening = _bound(self._address)
            self._server = await asyncio.start_server(self._serve, sock=listening, ssl=self._context, limit=self._limit)
        elif not carried and self._server is not None:
            server, self._server = self._server, None
            server.close()
            self._host.cut()


def _bound(address: tuple[str, int]) -> socket.socket:
    """A socket that has the port beside another one, and refuses who connects until it listens."""
    made = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with contextlib.suppress(AttributeError):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(address)
    made.setblocking(False)
    return made
