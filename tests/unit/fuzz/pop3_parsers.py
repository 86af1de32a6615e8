# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parsers of what a POP3 server sent: lines, replies, banners, the dialogue, with a real socket and without."""

from __future__ import annotations

import contextlib
import itertools
import socket
import types
from collections.abc import Iterator

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import banners, channel, replies, texts, values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.deadline import Deadline
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.dialogue import Channel, Dialogue, Findings
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import (
    ClosedError,
    LineTooLongError,
    TlsError,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.lines import MAX_LINE, LineReader, printable
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.masking import Masker
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.timing import Stopwatch
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.transcript import MAX_LINES, Transcript
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request, TlsFacts
from ansible_collections.winmail.exchange.tests.unit.fuzz import seeds
from ansible_collections.winmail.exchange.tests.unit.fuzz.windows_parsers import Parser, text

SECRET = "s3cret-Passw0rd"
REQUEST = Request("h", 110, login="credentials", user="alice", password=SECRET)


class Tape(Channel):
    """A server that has sent everything already and then hangs up; ``piece`` is how much arrives at once."""

    def __init__(self, data: bytes, piece: int = 1 << 20) -> None:
        self._pieces = iter([data[at : at + piece] for at in range(0, len(data), piece)])
        self._reader = LineReader()

    def send(self, line: bytes) -> None:
        assert b"\n" not in line

    def hasten(self, seconds: float) -> None:
        assert seconds > 0

    def pending(self) -> list[bytes]:
        return []

    def start_tls(self) -> TlsFacts:
        raise TlsError("no TLS on a tape")

    def read_line(self) -> bytes:
        while True:
            line = self._reader.next_line()
            if line is not None:
                return line
            data = next(self._pieces, b"")
            if not data:
                raise ClosedError("the tape ends", self._reader.take_rest())
            self._reader.feed(data)


def talk(one: Channel, request: Request = REQUEST) -> Findings:
    """A whole dialogue, and what holds of every one."""
    transcript = Transcript(Masker(request.password))
    found = Dialogue(request, one, transcript, Stopwatch()).run()
    assert found.judgement.verdict in values.VERDICTS
    assert found.stage in values.STAGES
    assert found.capabilities is None or len(found.capabilities) <= 100
    assert len(transcript.lines()) <= MAX_LINES
    shown = [*transcript.lines(), found.reply or "", found.banner or "", found.error or "", *(found.capabilities or ())]
    assert all(SECRET not in line and len(line) < 700 * 10 and line.isprintable() for line in shown)
    if found.judgement.privilege == values.HELD:
        assert found.judgement.verdict == values.LOGON_OK
    return found


def _tape(data: bytes) -> object:
    return talk(Tape(data, 1 + sum(data[-1:]) * 16))


def _socket(data: bytes) -> object:
    """Through the real channel: everything is there at once, so much of it comes unasked."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            theirs.sendall(data[:100_000])
        theirs.shutdown(socket.SHUT_WR)
        return talk(channel.SocketChannel(ours, REQUEST, Deadline(20.0)))


def _read_lines(reader: LineReader) -> Iterator[bytes]:
    line = reader.next_line()
    while line is not None:
        assert b"\n" not in line
        assert len(line) <= MAX_LINE
        yield line
        line = reader.next_line()


def _lines(data: bytes) -> object:
    reader = LineReader()
    reader.feed(data)
    found = list(_read_lines(reader))
    return found, reader.take_rest()


def _printable(data: bytes) -> object:
    shown = printable(data)
    assert shown.isprintable()
    assert len(shown) < 700 * 10
    return shown


def _masked(data: bytes) -> object:
    shown = Masker(SECRET).text(data + SECRET.encode() + data)
    assert SECRET.lower() not in shown.lower()
    return shown


def _reply(data: bytes) -> object:
    reply = replies.parse_reply(data)
    situation = replies.Situation(values.PASS, banners.identify(text(data)), in_clear=True, capabilities=(text(data),))
    assert reply.ok is None or data[:4].upper() in (b"-ERR", b"+OK", b"+OK ", b"+OK\t") or data[:3].upper() == b"+OK"
    assert replies.judge_refusal(reply, situation).verdict in values.VERDICTS
    return reply, situation.offers("UTF8")


def _normalised(data: bytes) -> object:
    forms = texts.forms(text(data))
    assert texts.normalised(text(data)) == forms[-1]
    assert all(shown == shown.strip() for shown in forms)
    assert all(longer.startswith(shorter) for longer, shorter in itertools.pairwise(forms))
    return forms


def _found(data: bytes) -> object:
    rows = tuple(replies.TABLE.find(text(data)))
    assert all(row.verdict in values.VERDICTS and row.source for row in rows)
    complete = replies.TABLE.is_complete(text(data))
    assert rows or not complete
    return rows, replies.counts_without_end(replies.parse_reply(data))


def _logon(data: bytes) -> object:
    judgement = replies.judge_logon(banners.identify(text(data)), replies.parse_reply(data), canary=False)
    assert judgement.verdict == values.LOGON_OK
    return judgement


def _banner(data: bytes) -> object:
    product = banners.identify(text(data))
    assert (product.family is None) == (product.name is None)
    assert product.generation is None or product.family == values.EXCHANGE
    return product


def _noted(data: bytes) -> object:
    transcript = Transcript(Masker(SECRET))
    transcript.server(data)
    transcript.client(data)
    transcript.event(text(data))
    transcript.secret("PASS")
    assert len(transcript.lines()) == 4
    return transcript.lines()


def _certificate(data: bytes) -> object:
    """What the TLS library tells of a certificate, its date replaced."""
    told = types.SimpleNamespace(
        getpeercert=lambda binary_form=False: data if binary_form else {"notAfter": text(data)},
        cipher=lambda: None,
        version=lambda: "TLSv1.3",
    )
    facts = channel._facts(told, REQUEST)  # type: ignore[arg-type]  # the three methods that are asked
    assert facts.certificate_not_after is None or facts.certificate_not_after.endswith("Z")
    return facts


_DATES = (b"Jun  1 12:00:00 2027 GMT", b"Dec 31 23:59:59 9999 GMT", b"Jan  1 00:00:00.5 2027 GMT", b"Bad time value")
POP3 = (
    Parser(
        "_pop3/lines.py LineReader.feed\n_pop3/lines.py LineReader.next_line",
        _lines,
        seeds.DIALOGUES,
        (LineTooLongError,),
    ),
    Parser("_pop3/lines.py printable", _printable, seeds.LINES),
    Parser("_pop3/masking.py Masker.text", _masked, seeds.LINES),
    Parser("_pop3/replies.py parse_reply\n_pop3/replies.py Situation.offers", _reply, seeds.LINES),
    Parser("_pop3/replies.py judge_logon", _logon, seeds.LINES),
    Parser("_pop3/texts.py forms\n_pop3/texts.py normalised", _normalised, seeds.LINES),
    Parser(
        """_pop3/texts.py Table.find
        _pop3/texts.py Table.is_complete
        _pop3/replies.py counts_without_end""",
        _found,
        seeds.LINES,
    ),
    Parser("_pop3/banners.py identify", _banner, seeds.LINES),
    Parser(
        """_pop3/transcript.py Transcript.server
        _pop3/transcript.py Transcript.client
        _pop3/transcript.py Transcript.secret
        _pop3/transcript.py Transcript.event""",
        _noted,
        seeds.LINES,
    ),
    Parser("_pop3/dialogue.py Dialogue.run", _tape, seeds.DIALOGUES),
    Parser(
        """_pop3/channel.py SocketChannel.read_line
        _pop3/channel.py SocketChannel.pending
        _pop3/channel.py SocketChannel.send""",
        _socket,
        seeds.DIALOGUES,
    ),
    Parser("_pop3/channel.py _facts", _certificate, _DATES),
)
