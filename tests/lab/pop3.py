# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The POP3 port of one computer: open while its service runs, closed like a real port while it does not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from typing import TYPE_CHECKING, cast

from lab.windows.pop3_dialogue import Answer, Dialogue, listening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.seams import Effect
    from lab.windows.computer import Computer

LONGEST_LINE = 4096
POINTS = {"USER": "pop3.user", "PASS": "pop3.pass", "CAPA": "pop3.capa", "STLS": "pop3.stls"}


async def start(computer: Computer, host: str, port: int, tls_context: ssl.SSLContext | None) -> Listener:
    """Serve POP3 for a computer; with a TLS context from the first byte on (then STLS works too).

    Args:
        computer: whose service it is; the port follows the state of that service.
        host: a loopback address.
        port: 0 for any free port; ``listener.sockets[0].getsockname()[1]`` tells it.
        tls_context: None for the clear-text port.
    """
    if tls_context is not None:
        computer.pop3_tls = tls_context
    return Listener(computer, (host, port), tls_context)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((host, port))
    made.setblocking(False)
    return made


class Listener:
    """Looks like ``asyncio.Server``; a socket that is bound but deaf keeps the port while it is closed."""

    def __init__(self, computer: Computer, address: tuple[str, int], tls_context: ssl.SSLContext | None) -> None:
        self._computer = computer
        self._tls = tls_context
        self._loop = asyncio.get_running_loop()
        self._socket = _bound(*address)
        self._address = cast("tuple[str, int]", self._socket.getsockname()[:2])
        self._accepts = False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections: set[Connection] = set()
        self._services = computer.machine.services
        self._services.listeners.append(self._changed)
        self._sync()

    @property
    def sockets(self) -> Sequence[socket.socket]:
        """The socket that has the port."""
        return (self._socket,)

    def close(self) -> None:
        """Give the port up and end its connections."""
        if self._changed in self._services.listeners:
            self._services.listeners.remove(self._changed)
        if self._timer:
            self._timer.cancel()
        self._shut()
        self._socket.close()

    async def wait_closed(self) -> None:
        """Wait for the connections to end."""
        tasks = [*self._tasks, *(c.task for c in self.connections if c.task)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _changed(self) -> None:
        """A service changed its state, perhaps in another thread."""
        try:
            same = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            same = False
        if same:
            self._sync()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._sync)

    def _sync(self) -> None:
        """Open or close the port as the service is; look again when its next transition is due."""
        if self._socket.fileno() < 0:
            return
        if listening(self._computer):
            self._open()
        else:
            self._shut()
        due = self._services.next_change()
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if due is not None:
            wait = due - self._computer.machine.clock.elapsed()
            if wait > -1:  # a service that never stops stays due
                self._timer = self._loop.call_later(max(wait, 0) + 0.005, self._settle)

    def _settle(self) -> None:
        self._services.settle()
        self._sync()

    def _open(self) -> None:
        if self._accepts:
            return
        self._socket.listen(64)
        self._loop.add_reader(self._socket, self._accept, self._socket)
        self._accepts = True

    def _shut(self) -> None:
        """Close the port: a fresh socket takes its number before the listening one goes."""
        if self._accepts:
            self._loop.remove_reader(self._socket)
            closing, self._socket = self._socket, _bound(*self._address)
            closing.close()
            self._accepts = False
        for connection in list(self.connections):
            connection.abort()

    def _accept(self, accepting: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            client, dummy = accepting.accept()
            client.setblocking(False)
            task = self._loop.create_task(self._connect(client))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _connect(self, client: socket.socket) -> None:
        effects = self._computer.faults.fire("pop3.connect", text="")
        if any(effect.kind in ("refuse", "drop") for effect in effects):
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # on, 0 seconds: close with a reset
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            client.close()
            return
        for effect in effects:
            await asyncio.sleep(_seconds(effect))
        with contextlib.suppress(OSError, ssl.SSLError):
            await self._loop.connect_accepted_socket(
                lambda: Connection(self._computer, self, secure=self._tls is not None),
                client,
                ssl=self._tls,
            )


class Connection(asyncio.Protocol):
    """One client: a dialogue, and the faults that a test put in its way."""

    def __init__(self, computer: Computer, listener: Listener, *, secure: bool) -> None:
        self._computer = computer
        self._listener = listener
        self._reader = asyncio.StreamReader(limit=LONGEST_LINE)
        tls = computer.pop3_tls
        self._dialogue = Dialogue(computer, tls=secure, can_start_tls=tls is not None)
        self._transport: asyncio.Transport | None = None
        self.task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.Transport", transport)
        self._listener.connections.add(self)
        self.task = asyncio.get_running_loop().create_task(self._serve())

    def data_received(self, data: bytes) -> None:
        """Bytes of the client."""
        self._reader.feed_data(data)

    def eof_received(self) -> bool:
        """The client sends no more: finish what it asked, then close."""
        self._reader.feed_eof()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        del exc
        self._listener.connections.discard(self)
        if not self._reader.at_eof():
            self._reader.feed_eof()

    def abort(self) -> None:
        """Close now, as a process that ends does."""
        if self._transport:
            self._transport.abort()

    async def _serve(self) -> None:
        greeting = Answer(self._dialogue.banner())
        open_ = await self._say(greeting, self._computer.faults.fire("pop3.banner", text=greeting.text))
        while open_:
            try:
                raw = await self._reader.readline()
            except ValueError:  # a line beyond every limit
                await self._say(self._dialogue.too_long(), [])
                return
            if not raw:
                break
            open_ = await self._turn(raw.decode("latin-1").rstrip("\r\n"))
        if self._transport:
            self._transport.close()

    async def _turn(self, line: str) -> bool:
        verb = line.partition(" ")[0].upper()
        effects: list[Effect] = []
        if verb in POINTS:
            shown = "" if verb == "PASS" else line
            effects = self._computer.faults.fire(POINTS[verb], text=shown)
        if any(effect.kind == "drop" for effect in effects):
            self.abort()
            return False
        answer = self._dialogue.answer(line)
        goes_on = await self._say(answer, effects)
        if goes_on and answer.start_tls:
            return await self._start_tls()
        return goes_on

    async def _start_tls(self) -> bool:
        context = self._computer.pop3_tls
        if self._transport is None or context is None:
            return False
        self._reader = asyncio.StreamReader(limit=LONGEST_LINE)  # nothing sent in the clear counts any more
        loop = asyncio.get_running_loop()
        try:
            found = await loop.start_tls(self._transport, self, context, server_side=True)
        except (OSError, ssl.SSLError):
            return False
        self._transport = found
        self._dialogue.tls = True
        return found is not None

    async def _say(self, answer: Answer, effects: Sequence[Effect]) -> bool:
        """Send a reply with its faults; False when the connection ends with it."""
        data, close = f"{answer.text}\r\n".encode("latin-1", "replace"), answer.close
        each = 0.0
        for effect in effects:
            if effect.kind == "drop":
                self.abort()
                return False
            if effect.kind == "hang":
                await asyncio.Event().wait()
            if effect.kind == "delay" and effect.data.get("each") == "byte":
                each = _seconds(effect)
            elif effect.kind == "delay":
                await asyncio.sleep(_seconds(effect))
            data, close = _spoilt(data, effect, close=close)
        for piece in [data[i : i + 1] for i in range(len(data))] if each else [data]:
            if self._transport is None or self._transport.is_closing():
                return False
            self._transport.write(piece)
            if each:
                await asyncio.sleep(each)
        return not close


def _seconds(effect: Effect) -> float:
    return float(str(effect.data.get("seconds", 0)))


def _spoilt(data: bytes, effect: Effect, *, close: bool) -> tuple[bytes, bool]:
    """A reply as a fault wants it: replaced (``text`` or ``hex``, ``raw``: no line end), cut, lengthened."""
    if effect.kind == "reply":
        if "hex" in effect.data:
            data = bytes.fromhex(str(effect.data["hex"]))
        else:
            end = "" if effect.data.get("raw") else "\r\n"
            data = f"{effect.data.get('text', '')}{end}".encode()
        close = bool(effect.data.get("close", close))
    elif effect.kind == "truncate":
        data, close = data[: int(str(effect.data.get("bytes", 0)))], True
    elif effect.kind == "garbage":
        data += str(effect.data.get("text", "")).encode("utf-8")
    return data, close
