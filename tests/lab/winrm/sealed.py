# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Message encryption of WinRM (MS-WSMV 2.2.9.1): the multipart form around what a security context sealed."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from typing import Protocol

BOUNDARY = b"--Encrypted Boundary"
_OCTETS = b"\tContent-Type: application/octet-stream\r\n"
_LENGTH = re.compile(rb"Length=(\d{1,9})")
_PROTOCOL = re.compile(r'protocol="([^"]+)"', re.IGNORECASE)


class Sealed(Protocol):
    """What sealing returns (pyspnego's ``WinRMWrapResult``)."""

    @property
    def header(self) -> bytes:
        """The signature."""

    @property
    def data(self) -> bytes:
        """The sealed bytes."""

    @property
    def padding_length(self) -> int:
        """How many bytes of padding ``data`` holds."""


class Context(Protocol):
    """An established security context (pyspnego's ``ContextProxy``)."""

    def wrap_winrm(self, data: bytes) -> Sealed:
        """Seal ``data``."""

    def unwrap_winrm(self, header: bytes, data: bytes) -> bytes:
        """Open what was sealed, or raise."""


class SealedError(Exception):
    """A body that says it is encrypted and is not well formed."""


def protocol_of(headers: Mapping[str, str]) -> str | None:
    """The protocol string of an encrypted request, None when the body is in clear text."""
    content_type = headers.get("content-type", "")
    if not content_type.lower().startswith(("multipart/encrypted", "multipart/x-multi-encrypted")):
        return None
    found = _PROTOCOL.search(content_type)
    return found.group(1) if found else ""


def split(body: bytes) -> list[tuple[int, bytes, bytes]]:
    """The parts of an encrypted body as (length of the clear text, signature, sealed bytes); raises SealedError."""
    # Some clients write "-- Encrypted Boundary": seen in captures, accepted by Windows.
    pieces = re.split(rb"--\s?Encrypted Boundary(?:\r\n|--\r\n)", body)
    if len(pieces) < 4 or len(pieces) % 2 or pieces[0].strip() or pieces[-1].strip():
        raise SealedError("the parts of the encrypted body do not come in pairs")
    pairs = zip(pieces[1:-1:2], pieces[2:-1:2], strict=True)
    return [_part(header, payload) for header, payload in pairs]


def _part(header: bytes, payload: bytes) -> tuple[int, bytes, bytes]:
    length = _LENGTH.search(header)
    start = payload.find(b"\r\n") + 2
    if length is None or b"octet-stream" not in payload[:start] or len(payload) < start + 4:
        raise SealedError("a part of the encrypted body lacks its length or its content")
    (size,) = struct.unpack("<i", payload[start : start + 4])
    signed = start + 4 + size
    if size < 0 or signed > len(payload):
        raise SealedError("the signature is longer than the part that holds it")
    return int(length.group(1)), payload[start + 4 : signed], payload[signed:]


def unseal(context: Context, body: bytes) -> bytes:
    """The clear text of an encrypted body; raises SealedError, or what the context raises."""
    clear = bytearray()
    for length, signature, sealed in split(body):
        text = context.unwrap_winrm(signature, sealed)
        if len(text) != length:
            raise SealedError(f"a part holds {len(text)} bytes and says {length}")
        clear += text
    return bytes(clear)


def seal(context: Context, clear: bytes, protocol: str) -> tuple[str, bytes]:
    """The content type and the body that carry ``clear`` under ``protocol``."""
    sealed = context.wrap_winrm(clear)
    return join(len(clear) + sealed.padding_length, sealed.header, sealed.data, protocol)


def join(length: int, signature: bytes, data: bytes, protocol: str) -> tuple[str, bytes]:
    """The content type and the body of one sealed part."""
    original = f"OriginalContent: type=application/soap+xml;charset=UTF-8;Length={length}"
    body = b"".join(
        (
            BOUNDARY + b"\r\n",
            f"\tContent-Type: {protocol}\r\n\t{original}\r\n".encode(),
            BOUNDARY + b"\r\n" + _OCTETS,
            struct.pack("<i", len(signature)) + signature + data,
            BOUNDARY + b"--\r\n",
        )
    )
    return f'multipart/encrypted;protocol="{protocol}";boundary="Encrypted Boundary"', body
