# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe: one request in, one report out."""

from __future__ import annotations

import dataclasses
import secrets
import time
import typing as t

from . import values
from .advice import advise
from .channel import SocketChannel, tls_context
from .connect import connect, resolve
from .deadline import Deadline
from .dialogue import Dialogue, Findings
from .errors import ConnectError, RequestError
from .masking import Masker
from .timing import Stopwatch
from .transcript import Transcript
from .values import Judgement, Report, Request, TlsFacts

if t.TYPE_CHECKING:
    import ssl

# Brackets are allowed neither in a Windows logon name nor in an Exchange alias, and 20 characters are the limit of the
# former: nobody can have this name. It is readable, for those who find it in a log.
CANARY_USER = "[winmail-pop3-canary]"


def probe(request: Request, clock: t.Callable[[], float] = time.monotonic) -> Report:
    """Run the article's test and return what it showed.

    Takes ``request.timeout`` at most, and some milliseconds. Raises RequestError, before any connection, where
    ``ca_path`` cannot be used; whatever the server does is a report.
    """
    request = _with_canary(request)
    context = _context(request)
    deadline = Deadline(request.timeout, clock)
    stopwatch = Stopwatch(clock)
    transcript = Transcript(Masker(request.password))
    address: str | None = None
    try:
        with stopwatch.step(values.RESOLVE):
            addresses = resolve(request.host, request.port, deadline)
        with stopwatch.step(values.CONNECT):
            sock, address = connect(addresses, deadline)
    except ConnectError as exc:
        transcript.event(str(exc))
        found = Findings(Judgement(exc.verdict), exc.stage, error=str(exc))
        found.tls = TlsFacts(requested=request.tls)
    else:
        channel = SocketChannel(sock, request, deadline, context)
        try:
            found = Dialogue(request, channel, transcript, stopwatch).run()
        finally:
            channel.close()
    return Report(
        host=request.host,
        port=request.port,
        address=address,
        judgement=found.judgement,
        stage=found.stage,
        reply=found.reply,
        error=found.error,
        banner=found.banner,
        product=found.product,
        capabilities=found.capabilities,
        tls=found.tls,
        timing=stopwatch.seconds(),
        transcript=transcript.lines(),
        advice=advise(found.judgement, found.stage, found.product, request, found.capabilities or ()),
    )


def _with_canary(request: Request) -> Request:
    if request.login != values.LOGIN_CANARY:
        return request
    return dataclasses.replace(request, user=CANARY_USER, password=secrets.token_hex(12))


def _context(request: Request) -> ssl.SSLContext | None:
    if request.tls == values.TLS_NONE:
        return None
    try:
        return tls_context(request)
    except OSError as exc:
        detail = exc.strerror or exc
        raise RequestError(
            f"The file of ca_path, {request.ca_path}, cannot be used: {detail}."
            " It has to hold certificates in PEM form."
        ) from exc
