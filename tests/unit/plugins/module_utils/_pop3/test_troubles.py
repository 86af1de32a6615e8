# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Troubles of a connection in words, and times of a certificate in UTC, whatever the system's library calls them."""

from __future__ import annotations

import errno
import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import channel as channels
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.deadline import Deadline
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request

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


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A controller whose clock is nine hours ahead."""
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


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
