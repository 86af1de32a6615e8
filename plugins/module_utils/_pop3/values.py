# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a POP3 probe: its vocabulary, what is asked for and what is reported.

Standard library only, and the syntax of Python 3.7: it also runs on the host that a task delegates to.
"""

from __future__ import annotations

import dataclasses
import typing as t

LOGON_OK = "logon_ok"
PRIVILEGE_MISSING = "privilege_missing"
CREDENTIALS_REJECTED = "credentials_rejected"
CLEARTEXT_REFUSED = "cleartext_refused"
MAILBOX_UNAVAILABLE = "mailbox_unavailable"
TEMPORARY_FAILURE = "temporary_failure"
LISTENING = "listening"
NOT_POP3 = "not_pop3"
NO_LISTENER = "no_listener"
UNREACHABLE = "unreachable"
TIMED_OUT = "timed_out"
TLS_FAILED = "tls_failed"
UNCLASSIFIED = "unclassified"
VERDICTS = (
    LOGON_OK,
    PRIVILEGE_MISSING,
    CREDENTIALS_REJECTED,
    CLEARTEXT_REFUSED,
    MAILBOX_UNAVAILABLE,
    TEMPORARY_FAILURE,
    LISTENING,
    NOT_POP3,
    NO_LISTENER,
    UNREACHABLE,
    TIMED_OUT,
    TLS_FAILED,
    UNCLASSIFIED,
)

# How sure a verdict is: `exact` follows from a documented reply of the product that the banner names, or from the
# protocol itself; `inferred` is the best reading of a reply that nobody documents for this product.
EXACT = "exact"
INFERRED = "inferred"

# What the probe proved about the user right of the server's service account.
HELD = "held"
MISSING = "missing"
UNKNOWN = "unknown"

# The steps of a probe, in order; `stage` names the one that decided the verdict. QUIT never decides by itself.
RESOLVE = "resolve"
CONNECT = "connect"
TLS = "tls"
BANNER = "banner"
STLS = "stls"
CAPA = "capa"
USER = "user"
PASS = "pass"
STAT = "stat"
QUIT = "quit"
STAGES = (RESOLVE, CONNECT, TLS, BANNER, STLS, CAPA, USER, PASS, STAT)

TLS_NONE = "none"
TLS_STARTTLS = "starttls"
TLS_IMPLICIT = "implicit"
TLS_MODES = (TLS_NONE, TLS_STARTTLS, TLS_IMPLICIT)

LOGIN_NONE = "none"
LOGIN_CANARY = "canary"
LOGIN_CREDENTIALS = "credentials"
LOGIN_MODES = (LOGIN_NONE, LOGIN_CANARY, LOGIN_CREDENTIALS)

EXCHANGE = "exchange"
# The generations whose service account needs the right: Q171435 (5.0), Q189732, Q247764, Q255269 (5.5).
AFFECTED_GENERATIONS = ("5.0", "5.5")


@dataclasses.dataclass(frozen=True)
class Request:
    """One probe. ``user`` and ``password`` are empty where ``login`` is ``none``; ``timeout`` is in seconds."""

    host: str
    port: int
    tls: str = TLS_NONE
    validate_certs: bool = True
    ca_path: str | None = None
    login: str = LOGIN_NONE
    user: str = ""
    password: str = dataclasses.field(default="", repr=False)
    timeout: float = 10.0


@dataclasses.dataclass(frozen=True)
class Product:
    """Who answers, by its banner; each field is None where that does not tell.

    ``family`` is ``exchange``, ``proxy`` or one of the others in ``banners``; ``generation`` of Exchange ``5.0``,
    ``5.5``, ``2000``, ``2003`` or ``2007+``.
    """

    family: str | None = None
    name: str | None = None
    generation: str | None = None
    version: str | None = None

    @property
    def affected(self) -> bool:
        """Whether this is a generation on which the article's fault exists."""
        return self.family == EXCHANGE and self.generation in AFFECTED_GENERATIONS


UNKNOWN_PRODUCT = Product()


@dataclasses.dataclass(frozen=True)
class TlsFacts:
    """What TLS was asked for and what was obtained; ``error`` is the library's own text."""

    requested: str = TLS_NONE
    established: bool = False
    verified: bool = False
    version: str | None = None
    cipher: str | None = None
    certificate_sha256: str | None = None
    certificate_not_after: str | None = None
    error: str | None = None


@dataclasses.dataclass(frozen=True)
class Judgement:
    """A verdict with how sure it is and what it proves about the right.

    ``cause`` names what the reply tells beyond the verdict, for the advice; empty where it tells no more.
    """

    verdict: str
    confidence: str = EXACT
    privilege: str = UNKNOWN
    cause: str = ""


NOT_CLASSIFIED = Judgement(UNCLASSIFIED, INFERRED)


@dataclasses.dataclass(frozen=True)
class Report:
    """What a probe found. No field holds the password; times are seconds."""

    host: str
    port: int
    address: str | None
    judgement: Judgement
    stage: str
    reply: str | None
    error: str | None
    banner: str | None
    product: Product
    capabilities: tuple[str, ...] | None
    tls: TlsFacts
    timing: t.Mapping[str, float | None]
    transcript: tuple[str, ...]
    advice: str

    def as_result(self) -> dict[str, t.Any]:
        """Return the keys of the task's result; the same keys whatever happened."""
        return {
            "changed": False,
            "host": self.host,
            "port": self.port,
            "address": self.address,
            "verdict": self.judgement.verdict,
            "confidence": self.judgement.confidence,
            "privilege": self.judgement.privilege,
            "stage": self.stage,
            "reply": self.reply,
            "error": self.error,
            "banner": self.banner,
            "product": dataclasses.asdict(self.product),
            "capabilities": None if self.capabilities is None else list(self.capabilities),
            "tls": dataclasses.asdict(self.tls),
            "timing": dict(self.timing),
            "transcript": list(self.transcript),
            "advice": self.advice,
        }
