"""Message encryption: the multipart form goes both ways, for pywinrm's writer and reader too."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from winrm.encryption import Encryption

from lab.winrm import sealed

PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
SIGNATURE = b"sixteen bytes..!"


@dataclass(frozen=True)
class Wrapped:
    header: bytes
    data: bytes
    padding_length: int = 0


class Xor:
    """A cipher that a test can undo."""

    def wrap_winrm(self, data: bytes) -> Wrapped:
        return Wrapped(SIGNATURE, bytes(byte ^ 0x55 for byte in data))

    def unwrap_winrm(self, header: bytes, data: bytes) -> bytes:
        assert header == SIGNATURE
        return bytes(byte ^ 0x55 for byte in data)


class Security:
    """The same cipher as pywinrm wants it."""

    def wrap(self, message: bytes) -> tuple[bytes, bytes]:
        return Xor().wrap_winrm(message).data, SIGNATURE

    def unwrap(self, message: bytes, signature: bytes) -> bytes:
        return Xor().unwrap_winrm(signature, message)


class Session:
    """What pywinrm's Encryption asks of a requests session."""

    def __init__(self) -> None:
        self.auth = self
        self.session_security = Security()


@dataclass
class Received:
    """What pywinrm's Encryption asks of an answer."""

    headers: dict[str, str]
    content: bytes

    @property
    def request(self) -> Received:
        return self

    url = "http://h/wsman"


@given(text=st.binary(max_size=400))
def test_what_was_sealed_opens_again(text: bytes) -> None:
    assume(b"Encrypted Boundary" not in Xor().wrap_winrm(text).data)
    content_type, body = sealed.seal(Xor(), text, PROTOCOL)
    assert sealed.protocol_of({"content-type": content_type}) == PROTOCOL
    assert sealed.unseal(Xor(), body) == text


@given(text=st.binary(max_size=200))
def test_pywinrm_reads_what_is_sealed_here(text: bytes) -> None:
    content_type, body = sealed.seal(Xor(), text, PROTOCOL)
    assume(body.count(b"Encrypted Boundary") == 3)
    assume(b"\tContent-Type: application/octet-stream\r\n" not in Xor().wrap_winrm(text).data)
    reader = Encryption(Session(), "ntlm")
    assert reader.parse_encrypted_response(Received({"Content-Type": content_type}, body)) == text


@given(parts=st.lists(st.binary(max_size=100), min_size=1, max_size=4))
def test_pywinrm_writes_what_opens_here_in_any_number_of_parts(parts: list[bytes]) -> None:
    writer = Encryption(Session(), "ntlm")
    body = b"".join(writer._encrypt_message(part, "h") for part in parts) + b"--Encrypted Boundary--\r\n"
    assume(body.count(b"Encrypted Boundary") == 2 * len(parts) + 1)
    assert sealed.unseal(Xor(), body) == b"".join(parts)


@given(data=st.binary(max_size=200))
def test_any_bytes_open_or_are_refused(data: bytes) -> None:
    body = sealed.BOUNDARY + b"\r\n" + data + sealed.BOUNDARY + b"--\r\n"
    with pytest.raises(sealed.SealedError):
        sealed.unseal(Xor(), body)


@pytest.mark.parametrize("change", [(b"Length=5", b"Length=6"), (b"octet-stream", b"else"), (b"Length=5", b"")])
def test_a_body_that_lies_about_itself_is_refused(change: tuple[bytes, bytes]) -> None:
    dummy, body = sealed.seal(Xor(), b"hello", PROTOCOL)
    with pytest.raises(sealed.SealedError):
        sealed.unseal(Xor(), body.replace(*change))


def test_clear_text_has_no_protocol() -> None:
    assert sealed.protocol_of({"content-type": "application/soap+xml"}) is None
    assert sealed.protocol_of({}) is None
