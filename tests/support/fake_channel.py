# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A channel in memory for the dialogue: what a server says line by line, and what was sent to it."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.dialogue import (
    Channel,
    Dialogue,
    Findings,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import (
    ClosedError,
    SilentError,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.masking import Masker
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.timing import Stopwatch
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.transcript import Transcript
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request, TlsFacts

E50 = b"+OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready"
MODERN = b"+OK The Microsoft Exchange POP3 service is ready."
PRIVILEGE = b"-ERR A required privilege is not held by the client."
DROP = b"+OK 2 600"  # the answer to STAT of who is really logged on
SILENT = SilentError("no answer before the deadline")
CLOSED = ClosedError("the server closed the connection")
FACTS = TlsFacts("starttls", True, True, "TLSv1.3", "TLS_AES_256_GCM_SHA384")
LOGIN = Request("h", 110, login="credentials", user="alice", password="s3cret")


class FakeChannel(Channel):
    """Hands out lines, or raises what stands in their place; remembers what was sent."""

    def __init__(self, *lines: bytes | Exception, tls: TlsFacts | Exception = FACTS) -> None:
        self.lines = list(lines)
        self.tls = tls
        self.unasked: dict[bytes, list[bytes]] = {}
        self.sent: list[bytes] = []
        self.sent_in_clear: list[bytes] = []
        self.protected = False
        self.last = b""

    def send(self, line: bytes) -> None:
        self.sent.append(line)
        self.last = line.split(b" ")[0]
        if not self.protected:
            self.sent_in_clear.append(line)

    def read_line(self) -> bytes:
        line = self.lines.pop(0) if self.lines else CLOSED
        if isinstance(line, Exception):
            raise line
        return line

    def hasten(self, seconds: float) -> None:
        assert seconds > 0

    def pending(self) -> list[bytes]:
        return self.unasked.pop(self.last, [])

    def start_tls(self) -> TlsFacts:
        if isinstance(self.tls, Exception):
            raise self.tls
        self.protected = True
        return self.tls


def talk(request: Request, channel: FakeChannel) -> tuple[Findings, tuple[str, ...]]:
    transcript = Transcript(Masker(request.password))
    return Dialogue(request, channel, transcript, Stopwatch()).run(), transcript.lines()


def outcome(found: Findings) -> tuple[str, str, str, str]:
    judgement = found.judgement
    return judgement.verdict, judgement.confidence, judgement.privilege, found.stage
