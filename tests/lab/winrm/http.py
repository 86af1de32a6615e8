# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1.1 as much as WinRM clients speak it: reading requests from a stream, writing answers."""

from __future__ import annotations

import asyncio
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 8 * 1024 * 1024

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class HttpError(Exception):
    """A request that cannot be understood or is too large; ``status`` is what to answer before closing."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Request:
    """One request; header names are in lower case, repeated headers are joined by a comma."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool


@dataclass(frozen=True)
class Response:
    """One answer; ``headers`` may repeat a name."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""

    def encode(self, keep_alive: bool = True, date: datetime.datetime | None = None) -> bytes:
        """The bytes on the wire; ``date`` is the server's own time (RFC 9110 6.6.1)."""
        reason = HTTPStatus(self.status).phrase
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += ["Server: Microsoft-HTTPAPI/2.0", f"Content-Length: {len(self.body)}"]
        if date is not None:
            lines.append(f"Date: {format_datetime(date, usegmt=True)}")
        if not keep_alive:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter | None = None) -> Request | None:
    """The next request, or None at the end of the stream; raises HttpError.

    ``writer`` is where ``100 Continue`` goes when the client asks for it.
    """
    head = await _read_head(reader)
    if head is None:
        return None
    method, target, version, headers = parse_head(head)
    if writer is not None and headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await _read_body(reader, headers)
    connection = headers.get("connection", "").lower()
    keep_alive = "close" not in connection and (version == "1.1" or "keep-alive" in connection)
    return Request(method, target, headers, body, keep_alive)


async def _read_head(reader: asyncio.StreamReader) -> bytes | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as exc:
        if exc.partial.strip():
            raise HttpError(400, "the stream ended inside a request's head") from exc
        return None
    except asyncio.LimitOverrunError as exc:
        raise HttpError(431, "the request's head is too large") from exc
    return head


def parse_head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    """Method, target, version (``1.1``) and headers of a request's head; raises HttpError."""
    lines = head.decode("latin-1").lstrip("\r\n").removesuffix("\r\n\r\n").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]) or not parts[1]:
        raise HttpError(400, "the request line is malformed")
    if parts[2] not in {"HTTP/1.1", "HTTP/1.0"}:
        raise HttpError(505, f"not a version of HTTP that is spoken here: {parts[2]!r}")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not _TOKEN.fullmatch(name):
            raise HttpError(400, f"a header line is malformed: {line[:80]!r}")
        key, text = name.lower(), value.strip(" \t")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return parts[0], parts[1], parts[2][5:], headers


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    try:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return await _read_chunks(reader)
        return await reader.readexactly(_content_length(headers))
    except asyncio.IncompleteReadError as exc:
        raise HttpError(400, "the stream ended inside a request's body") from exc
    except asyncio.LimitOverrunError as exc:
        raise HttpError(400, "a chunk's size line is too long") from exc


def _content_length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit()):
        raise HttpError(400, f"the content length is no number: {text[:80]!r}")
    length = int(text)
    if length > MAX_BODY_BYTES:
        raise HttpError(413, f"a body of {length} bytes is too large")
    return length


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    total = 0
    while True:
        line = (await reader.readuntil(b"\r\n")).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", line):
            raise HttpError(400, "a chunk's size is no hexadecimal number")
        size = int(line, 16)
        total += size
        if total > MAX_BODY_BYTES:
            raise HttpError(413, f"a body of more than {MAX_BODY_BYTES} bytes is too large")
        if size == 0:
            await _skip_trailer(reader)
            return b"".join(parts)
        parts.append(await reader.readexactly(size))
        if await reader.readexactly(2) != b"\r\n":
            raise HttpError(400, "a chunk does not end where it said")


async def _skip_trailer(reader: asyncio.StreamReader) -> None:
    for dummy in range(100):
        if await reader.readuntil(b"\r\n") == b"\r\n":
            return
    raise HttpError(400, "the trailer of a chunked body does not end")
