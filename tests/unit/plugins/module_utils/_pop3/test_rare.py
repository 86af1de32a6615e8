# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rarely happens on a connection: other alphabets, hosts that fall silent, servers that never stop."""

from __future__ import annotations

import base64
import errno
import socket
import types
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import connect as module
from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.deadline import Deadline
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.dialogue import FAREWELL_LINES, Dialogue
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import ConnectError, TlsError
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.masking import MASK, Masker
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.timing import Stopwatch
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.transcript import Transcript
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.support.fake_channel import FakeChannel, talk

if TYPE_CHECKING:
    from collections.abc import Callable

ALPHABETS = [
    "\u043f\u0430\u0440\u043e\u043b\u044c",
    "\u03ba\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2",
    "\u5bc6\u7801\u5bc6\u7801",
]


@pytest.mark.parametrize("secret", ALPHABETS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("form", [bytes, base64.b64encode], ids=["plain", "base64"])
def test_a_password_that_latin_1_cannot_spell_is_masked(
    secret: str, encoding: str, form: Callable[[bytes], bytes]
) -> None:
    written = form(secret.encode(encoding))
    assert Masker(secret).text(b"-ERR " + written + b" refused") == f"-ERR {MASK} refused"


@pytest.mark.parametrize("secret", ["a", "ab", "abc"])
def test_a_password_too_short_to_find_inside_base64_masks_itself_only(secret: str) -> None:
    shown = Masker(secret).text(b"1234 " + secret.encode() + b" 5678")
    assert shown == f"1234 {MASK} 5678"


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (errno.ETIMEDOUT, values.TIMED_OUT),
        (errno.ECONNREFUSED, values.NO_LISTENER),
        (errno.ENETUNREACH, values.UNREACHABLE),
    ],
)
def test_the_system_may_say_itself_why_there_is_no_connection(
    monkeypatch: pytest.MonkeyPatch, number: int, verdict: str
) -> None:
    class Failing(socket.socket):
        def connect(self, _address: object) -> None:
            raise OSError(number, "the system's own words")

    monkeypatch.setattr(module, "socket", types.SimpleNamespace(**{**vars(socket), "socket": Failing}))
    with pytest.raises(ConnectError) as caught:
        module.connect([module.Address(socket.AF_INET, ("192.0.2.1", 110))], Deadline(5))
    assert caught.value.verdict == verdict


@pytest.mark.parametrize("tls", [values.TLS_STARTTLS, values.TLS_IMPLICIT])
def test_where_tls_was_asked_for_and_is_not_there_no_password_leaves(tls: str) -> None:
    request = Request("h", 110, tls=tls, login="credentials", user="alice", password="s3cret")
    channel = FakeChannel(b"+OK")
    dialogue = Dialogue(request, channel, Transcript(Masker(request.password)), Stopwatch())
    with pytest.raises(TlsError):
        dialogue._send_password()
    assert channel.sent == []


def test_a_server_that_answers_quit_with_endless_lines_is_left() -> None:
    channel = FakeChannel(b"+OK ready", b"-ERR no capabilities", *[b"-ERR not yet"] * (FAREWELL_LINES + 5))
    findings, transcript = talk(Request("h", 110), channel)
    assert findings.judgement.verdict == values.LISTENING
    assert transcript[-1] == "S> -ERR not yet"
    assert channel.lines == [b"-ERR not yet"] * 5
