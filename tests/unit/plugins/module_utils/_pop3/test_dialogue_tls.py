# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialogue where TLS was asked for: what is told of it, and no password without it."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import (
    SilentError,
    TlsError,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import TlsFacts
from ansible_collections.winmail.exchange.tests.support.fake_channel import (
    CLOSED,
    DROP,
    E50,
    FACTS,
    LOGIN,
    MODERN,
    SILENT,
    FakeChannel,
    outcome,
    talk,
)

STARTTLS = dataclasses.replace(LOGIN, tls="starttls")
IMPLICIT = dataclasses.replace(LOGIN, tls="implicit")


def test_starttls() -> None:
    channel = FakeChannel(MODERN, b"+OK Begin TLS", b"-ERR", b"+OK", b"+OK", DROP, b"+OK")
    found, lines = talk(STARTTLS, channel)
    assert outcome(found) == ("logon_ok", "exact", "unknown", "pass")
    assert found.tls == FACTS
    assert channel.sent_in_clear == [b"STLS"]
    assert "-- TLSv1.3 with TLS_AES_256_GCM_SHA384, certificate verified" in lines


def test_implicit() -> None:
    channel = FakeChannel(MODERN, b"-ERR", b"+OK", b"+OK", DROP, b"+OK")
    found, _lines = talk(IMPLICIT, channel)
    assert found.judgement.verdict == "logon_ok"
    assert channel.sent_in_clear == []


@pytest.mark.parametrize(
    ("lines", "tls", "verdict", "stage"),
    [
        pytest.param([b"-ERR unknown command"], FACTS, "tls_failed", "stls", id="refused"),
        pytest.param([b"what?"], FACTS, "tls_failed", "stls", id="no-reply"),
        pytest.param([CLOSED], FACTS, "tls_failed", "stls", id="closed"),
        pytest.param([SILENT], FACTS, "timed_out", "stls", id="silent"),
        pytest.param([b"+OK"], TlsError("not trusted"), "tls_failed", "tls", id="not-trusted"),
        pytest.param([b"+OK"], SilentError("x"), "timed_out", "tls", id="silent-handshake"),
    ],
)
def test_no_password_where_tls_was_asked_for_and_not_obtained(
    lines: list[bytes | Exception], tls: TlsFacts | Exception, verdict: str, stage: str
) -> None:
    channel = FakeChannel(E50, *lines, b"+OK", b"+OK", b"+OK", b"+OK", tls=tls)
    found, _lines = talk(STARTTLS, channel)
    assert (found.judgement.verdict, found.stage) == (verdict, stage)
    assert not found.tls.established
    assert [line for line in channel.sent if line not in (b"STLS", b"QUIT")] == []


def test_lines_injected_before_tls() -> None:
    channel = FakeChannel(E50, b"+OK", b"+OK", b"+OK", b"+OK")
    channel.unasked[b"STLS"] = [b"+OK injected"]
    found, _lines = talk(STARTTLS, channel)
    assert (found.judgement.verdict, found.stage) == ("tls_failed", "stls")
    assert found.tls.error == "unprotected lines followed the answer to STLS"
    assert b"PASS s3cret" not in channel.sent


@pytest.mark.parametrize("more", [[], [b"-ERR and more"]], ids=["one line", "two lines"])
def test_a_refused_starttls_is_told_as_such_whatever_follows(more: list[bytes]) -> None:
    channel = FakeChannel(MODERN, b"-ERR unknown command", b"+OK")
    channel.unasked[b"STLS"] = more
    found, _lines = talk(STARTTLS, channel)
    assert (found.tls.requested, found.tls.established, found.tls.error) == (
        "starttls",
        False,
        "the server refused STLS",
    )


def test_what_came_of_the_handshake_is_told() -> None:
    facts = dataclasses.replace(FACTS, verified=False)
    found, lines = talk(IMPLICIT, FakeChannel(MODERN, b"-ERR", b"+OK", b"+OK", DROP, b"+OK", tls=facts))
    assert "-- TLSv1.3 with TLS_AES_256_GCM_SHA384, certificate not verified" in lines
    found, lines = talk(IMPLICIT, FakeChannel(tls=TlsError("not trusted")))
    assert (found.tls.error, found.error, found.reply, lines) == (
        "not trusted",
        "not trusted",
        None,
        ("-- not trusted",),
    )


def test_a_channel_that_gives_no_tls_gets_no_password() -> None:
    channel = FakeChannel(MODERN, b"-ERR", b"+OK", b"+OK", tls=TlsFacts("implicit", established=False))
    found, _lines = talk(IMPLICIT, channel)
    assert (found.judgement.verdict, found.error) == ("tls_failed", "TLS is not established")
    assert b"PASS s3cret" not in channel.sent
