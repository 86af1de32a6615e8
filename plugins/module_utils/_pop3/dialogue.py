# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation itself: which command follows which answer, and what each end of it means. No sockets here."""

from __future__ import annotations

import abc
import contextlib
import dataclasses
import typing as t

from . import values
from .banners import identify
from .errors import ChannelError, ClosedError, LineTooLongError, SilentError, TlsError
from .lines import printable
from .replies import Reply, Situation, counts_without_end, judge_logon, judge_refusal, parse_reply
from .values import INFERRED, NOT_CLASSIFIED, UNKNOWN_PRODUCT, Judgement, Product, Request, TlsFacts

if t.TYPE_CHECKING:
    from .timing import Stopwatch
    from .transcript import Transcript

MAX_CAPABILITIES = 100
# After the verdict nothing may be learned any more: how long, in seconds, and how many lines we wait for a farewell.
FAREWELL_SECONDS = 1.0
FAREWELL_LINES = 8


class Channel(abc.ABC):
    """A connection as the dialogue sees it; every method raises a ChannelError where it cannot go on."""

    @abc.abstractmethod
    def send(self, line: bytes) -> None:
        """Send a line; its end is added."""

    @abc.abstractmethod
    def read_line(self) -> bytes:
        """Return the next line without its end; wait until the deadline."""

    @abc.abstractmethod
    def hasten(self, seconds: float) -> None:
        """Bring the deadline forward to ``seconds`` from now, where it is not sooner."""

    @abc.abstractmethod
    def pending(self) -> list[bytes]:
        """Return what the server sent unasked so far, as lines, without waiting."""

    @abc.abstractmethod
    def start_tls(self) -> TlsFacts:
        """Do the TLS handshake; raises TlsError where it fails."""


@dataclasses.dataclass
class Findings:
    """What a dialogue has learned so far."""

    judgement: Judgement = NOT_CLASSIFIED
    stage: str = values.BANNER
    reply: str | None = None
    error: str | None = None
    banner: str | None = None
    product: Product = UNKNOWN_PRODUCT
    capabilities: tuple[str, ...] | None = None
    tls: TlsFacts = dataclasses.field(default_factory=TlsFacts)


class Dialogue:
    """One conversation with one server."""

    def __init__(self, request: Request, channel: Channel, transcript: Transcript, stopwatch: Stopwatch) -> None:
        self._request = request
        self._channel = channel
        self._transcript = transcript
        self._stopwatch = stopwatch
        self._found = Findings(tls=TlsFacts(requested=request.tls))
        # A reply that refused CAPA and foretold the end, with what it means.
        self._warning: tuple[str | None, Judgement] | None = None

    def run(self) -> Findings:
        """Talk until a verdict is reached; raises nothing."""
        try:
            self._found.judgement = self._talk()
        except ChannelError as exc:
            self._found.judgement = self._judge_break(exc)
            self._note_break(exc)
        else:
            if self._found.judgement.verdict != values.NOT_POP3:
                self._judge_again(self._say_farewell())
        return self._found

    # The steps, in order.

    def _talk(self) -> Judgement:
        request = self._request
        if request.tls == values.TLS_IMPLICIT:
            self._start_tls()
        refusal = self._greet()
        if refusal is None and request.tls == values.TLS_STARTTLS:
            refusal = self._ask_for_tls()
        if refusal is not None:
            return refusal
        if request.login == values.LOGIN_NONE:
            self._ask_capabilities_at_leisure()
            return Judgement(values.LISTENING)
        self._ask_capabilities()
        return self._log_on()

    def _start_tls(self) -> None:
        with self._step(values.TLS):
            self._found.tls = facts = self._channel.start_tls()
        verified = "verified" if facts.verified else "not verified"
        self._transcript.event(f"{facts.version} with {facts.cipher}, certificate {verified}")

    def _greet(self) -> Judgement | None:
        """Read the banner; return a judgement where it ends the conversation."""
        with self._step(values.BANNER):
            line = self._read()
        self._found.banner = self._found.reply
        reply = parse_reply(line)
        if reply.ok is None:
            return Judgement(values.NOT_POP3)
        if not reply.ok:
            return self._judge_refusal(reply)
        self._found.product = identify(printable(line))
        return None

    def _ask_for_tls(self) -> Judgement | None:
        with self._step(values.STLS):
            reply = self._command(b"STLS")
            # Lines that came with the answer were not protected and could pass for protected ones (CVE-2011-0411).
            injected = bool(self._drop_pending()) if reply.ok else False
        if not reply.ok or injected:
            error = "unprotected lines followed the answer to STLS" if injected else "the server refused STLS"
            self._found.tls = dataclasses.replace(self._found.tls, error=error)
            return Judgement(values.TLS_FAILED)
        self._start_tls()
        return None

    def _ask_capabilities(self) -> None:
        """Ask for the capabilities, except of generations older than the command: theirs is the article's dialogue."""
        if self._found.product.affected:
            return
        before = self._found.reply
        with self._step(values.CAPA):
            reply = self._command(b"CAPA")
            shown, self._found.reply = self._found.reply, before
            if reply.ok:
                self._found.capabilities = self._read_list()
                return
        judgement = self._judge_refusal(reply)
        if judgement.verdict == values.TEMPORARY_FAILURE:
            self._warning = shown, judgement

    def _ask_capabilities_at_leisure(self) -> None:
        """Ask where the verdict is already known: silence or a closed connection then changes nothing."""
        stage = self._found.stage
        try:
            self._ask_capabilities()
        except ChannelError as exc:
            self._transcript.event(str(exc))
        self._found.stage = stage

    def _log_on(self) -> Judgement:
        request = self._request
        with self._step(values.USER):
            reply = self._command(b"USER " + request.user.encode("utf-8"))
        if not reply.ok:
            return self._judge_refusal(reply)
        with self._step(values.PASS):
            reply = self._send_password()
        if not reply.ok:
            return self._judge_refusal(reply)
        return self._count_messages()

    def _count_messages(self) -> Judgement:
        """Ask for the size of the maildrop: Exchange accepts a password before it has reached the mailbox.

        Where that works, the step that decided is still PASS, and its answer the reply.
        """
        accepted = self._found.reply
        if any(parse_reply(line).ok is False for line in self._drop_pending()):
            # One of the two is not the answer to PASS.
            return NOT_CLASSIFIED
        with self._step(values.STAT):
            reply = self._command(b"STAT")
        if not reply.ok:
            return self._judge_refusal(reply)
        self._found.stage, self._found.reply = values.PASS, accepted
        return judge_logon(self._found.product, reply, canary=self._request.login == values.LOGIN_CANARY)

    def _send_password(self) -> Reply:
        """The only place that sends a password: once, and never in clear text where TLS was asked for."""
        if self._request.tls != values.TLS_NONE and not self._found.tls.established:
            raise TlsError("TLS is not established")
        self._drop_pending()
        self._transcript.secret("PASS")
        self._channel.send(b"PASS " + self._request.password.encode("utf-8"))
        return parse_reply(self._read())

    def _say_farewell(self) -> list[bytes]:
        """Send QUIT and return the lines that were left; a server that is silent or gone loses nothing."""
        lines: list[bytes] = []
        self._channel.hasten(FAREWELL_SECONDS)
        with contextlib.suppress(ChannelError), self._stopwatch.step(values.QUIT):
            self._channel.send(b"QUIT")
            self._transcript.client(b"QUIT")
            while len(lines) < FAREWELL_LINES:
                line = self._channel.read_line()
                self._transcript.server(line)
                if parse_reply(line).ok:
                    break
                lines.append(line)
        return lines

    def _judge_again(self, left: list[bytes]) -> None:
        """Correct the verdict by the lines that came behind the answer and before the answer to QUIT."""
        found = self._found
        refused = any(parse_reply(line).ok is False for line in left)
        if found.judgement.verdict == values.LOGON_OK and refused:
            # The +OK was not the answer to PASS: the server is a line behind, or sends too many.
            found.judgement = NOT_CLASSIFIED
        elif found.judgement.verdict == values.UNCLASSIFIED:
            # An error of several lines: one of them may be a known text.
            for line in left:
                if parse_reply(line).ok is not None:
                    return
                reply = parse_reply(b"-ERR " + line)
                judgement = self._judge_refusal(reply)
                if judgement.verdict != values.UNCLASSIFIED:
                    found.judgement = dataclasses.replace(judgement, confidence=INFERRED)
                    return

    # Their parts.

    @contextlib.contextmanager
    def _step(self, stage: str) -> t.Iterator[None]:
        self._found.stage = stage
        with self._stopwatch.step(stage):
            yield

    def _command(self, line: bytes) -> Reply:
        self._drop_pending()
        self._transcript.client(line)
        self._channel.send(line)
        return parse_reply(self._read())

    def _read(self) -> bytes:
        line = self._channel.read_line()
        self._found.reply = self._transcript.server(line)
        return line

    def _read_list(self) -> tuple[str, ...]:
        """Read lines up to the full stop that ends them."""
        items: list[str] = []
        for _line in range(MAX_CAPABILITIES + 1):
            line = self._channel.read_line()
            shown = self._transcript.server(line)
            if line == b".":
                return tuple(items)
            items.append(shown)
        raise LineTooLongError(f"the answer to CAPA has more than {MAX_CAPABILITIES} lines")

    def _drop_pending(self) -> list[bytes]:
        """Show and return what came unasked, so that it cannot pass for the answer to the next command."""
        lines = self._channel.pending()
        for line in lines:
            self._transcript.server(line)
        if lines:
            self._transcript.event("not asked for, so not taken for an answer")
        return lines

    def _judge_refusal(self, reply: Reply) -> Judgement:
        if reply.ok is None:
            return NOT_CLASSIFIED
        found = self._found
        situation = Situation(found.stage, found.product, not found.tls.established, found.capabilities or ())
        return judge_refusal(reply, situation)

    def _judge_break(self, exc: ChannelError) -> Judgement:
        """Judge a conversation that ended in the middle."""
        stage = self._found.stage
        if isinstance(exc, TlsError):
            self._found.tls = dataclasses.replace(self._found.tls, established=False, error=str(exc))
            return Judgement(values.TLS_FAILED)
        if stage == values.BANNER and exc.partial and not _could_be_reply(exc.partial):
            return Judgement(values.NOT_POP3)
        reply = parse_reply(exc.partial)
        if reply.ok is False and counts_without_end(reply):
            # Only the end of the line is missing.
            judgement = self._judge_refusal(reply)
            if judgement.verdict != values.UNCLASSIFIED:
                return dataclasses.replace(judgement, confidence=INFERRED)
        if isinstance(exc, SilentError):
            return Judgement(values.TIMED_OUT)
        if isinstance(exc, ClosedError) and stage == values.STLS:
            return Judgement(values.TLS_FAILED)
        if isinstance(exc, ClosedError) and self._warning:
            return dataclasses.replace(self._warning[1], confidence=INFERRED)
        return NOT_CLASSIFIED

    def _note_break(self, exc: ChannelError) -> None:
        self._found.error = str(exc)
        warned = self._warning if self._found.judgement.verdict == values.TEMPORARY_FAILURE else None
        self._found.reply = warned[0] if warned else None
        if exc.partial:
            self._found.reply = self._transcript.server(exc.partial)
            if self._found.stage == values.BANNER:
                self._found.banner = self._found.reply
        self._transcript.event(str(exc))


def _could_be_reply(start: bytes) -> bool:
    """Whether bytes can be the beginning of a POP3 reply."""
    head = start[:4].upper()
    return b"+OK ".startswith(head) or b"-ERR".startswith(head)
