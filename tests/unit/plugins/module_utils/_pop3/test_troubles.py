# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Troubles of a connection in words, and times of a certificate in UTC, whatever the system's library calls them."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import threading
from typing import NoReturn

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import channel as channels
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.connect import resolve
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.deadline import Deadline
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import ClosedError, ConnectError
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.support.scripted import Peer, serving
from ansible_collections.winmail.exchange.tests.unit.plugins.module_utils._pop3.asking import request

RESET = "Connection reset by peer"


def of_library(reason: str | None, text: str = "[SSL] something (_ssl.c:1)") -> ssl.SSLError:
    trouble = ssl.SSLError(1, text)
    trouble.reason = reason  # type: ignore[assignment]  # the library leaves it out at times
    return trouble


def untrusted() -> ssl.SSLCertVerificationError:
    trouble = ssl.SSLCertVerificationError(1, "certificate verify failed")
    trouble.verify_message = "self-signed certificate"
    return trouble


TROUBLES: dict[str, tuple[Exception, str]] = {
    "the certificate": (untrusted(), "the certificate is not trusted: self-signed certificate"),
    "a reason": (of_library("WRONG_VERSION_NUMBER"), "the TLS handshake failed: wrong version number"),
    "no reason": (of_library(None), "the TLS handshake failed: [SSL] something (_ssl.c:1)"),
    "the system": (OSError(errno.ECONNRESET, RESET), f"the TLS handshake failed: {RESET}"),
    "a name that is none": (ValueError("embedded null byte"), "the TLS handshake failed: embedded null byte"),
    "nothing": (OSError(), "the TLS handshake failed"),
}


@pytest.mark.parametrize(("trouble", "words"), TROUBLES.values(), ids=TROUBLES)
def test_why_tls_was_not_obtained(trouble: Exception, words: str) -> None:
    assert channels._tls_text(trouble) == words


@pytest.mark.usefixtures("far_east")
@pytest.mark.parametrize(
    ("written", "shown"),
    [("Nov  4 09:05:07 2026 GMT", "2026-11-04T09:05:07Z"), ("Nov 24 2026", None), ("", None)],
)
def test_until_when_a_certificate_holds(written: str, shown: str | None) -> None:
    assert channels._iso_time(written) == shown


def test_what_a_server_says_before_it_closes_is_not_lost() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"-ERR idle too long\r\n")
        theirs.close()
        channel = channels.SocketChannel(ours, Request("h", 110), Deadline(5))
        assert channel.pending() == [b"-ERR idle too long"]


def test_a_connection_that_is_reset_keeps_what_came() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = channels.SocketChannel(ours, Request("h", 110), Deadline(5))
        ours.sendall(b"never read")
        theirs.sendall(b"-ERR go")
        theirs.close()
        with pytest.raises(ClosedError) as caught:
            channel.read_line()
    assert str(caught.value) == f"the connection broke: {os.strerror(errno.ECONNRESET)}"
    assert caught.value.partial == b"-ERR go"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (UnicodeError("label too long"), "label too long"),
    ],
    ids=["the system's words", "the library's words"],
)
def test_why_a_name_was_not_resolved(monkeypatch: pytest.MonkeyPatch, trouble: Exception, words: str) -> None:
    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise trouble

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(ConnectError) as caught:
        resolve("mail.example.test", 110, Deadline(5))
    assert (str(caught.value), caught.value.verdict, caught.value.stage) == (words, "unreachable", "resolve")


def test_a_resolver_that_takes_too_long_is_left_behind_and_holds_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def slow(*_arguments: object, flags: int, **_options: object) -> list[object]:
        if flags:
            raise OSError
        release.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(ConnectError, match=r"^the name was not resolved in time$"):
        resolve("mail.example.test", 110, Deadline(0.05))
    left = [thread for thread in threading.enumerate() if thread.name == "pop3-resolve"]
    release.set()
    assert [thread.daemon for thread in left] == [True]


def test_a_server_that_waits_for_tls_is_guessed_from_its_silence() -> None:
    with serving(Peer.wait) as server:
        result = probe(request(server, timeout=0.3)).as_result()
    assert (result["verdict"], result["stage"]) == ("timed_out", "banner")
    assert result["advice"].endswith("try tls=implicit.")
