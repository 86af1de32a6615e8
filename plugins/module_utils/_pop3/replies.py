# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reply means: the table of known texts, the response codes of the standards, and the rules around them.

A text counts only when the whole reply is that text, so an echo of a user's name decides nothing. A text that is not in
the table, one in another language for instance, gives `unclassified`: never a guess.

Sources: Q171435, Q189732, Q181917, Q198143, Q298944; transcripts of Exchange 2007 to 2013; Dovecot's and Mailutils' own
answers, which the integration tests see; RFC 2449 (IN-USE, LOGIN-DELAY), RFC 3206 (AUTH, SYS/TEMP, SYS/PERM).

This module util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import dataclasses
import re

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import (
    EXACT,
    INFERRED,
    NOT_CLASSIFIED,
    Judgement,
    Product,
)

_REPLY = re.compile(rb"(\+OK|-ERR)(?:[ \t]+(.*))?$", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"\[([A-Za-z0-9/-]{1,32})\]\s*")
# Exchange adds a number to some texts ("Protocol error. 14"); dots and numbers at the end say nothing.
_LONGEST_NUMBER = 4


@dataclasses.dataclass(frozen=True)
class Reply:
    """A reply line, split. ``ok`` is None where the line is no reply of POP3; ``code`` is upper case or empty."""

    ok: bool | None
    code: str = ""
    text: str = ""


@dataclasses.dataclass(frozen=True)
class Situation:
    """What has to be known to judge a refusal: the step, who answers, whether in clear text, the capabilities."""

    stage: str
    product: Product
    in_clear: bool
    capabilities: tuple[str, ...] = ()

    @property
    def speaker(self) -> str:
        """The generation of an Exchange server, the family of another, empty where unknown."""
        return self.product.generation or self.product.family or ""

    def offers(self, capability: str) -> bool:
        """Whether the server lists a capability."""
        return any(line.upper().split(" ")[0] == capability for line in self.capabilities)


@dataclasses.dataclass(frozen=True)
class _Known:
    """A text after -ERR, lower case, without its end; exact for the speakers that a source documents it for."""

    text: str
    verdict: str
    speakers: tuple[str, ...]
    stages: tuple[str, ...] = (values.USER, values.PASS)
    # True: it means this only while the connection is in clear text.
    in_clear: bool = False
    # False: on another speaker than those it says nothing.
    elsewhere: bool = True


_EVERY_EXCHANGE = ("5.0", "5.5", "2000", "2003", "2007+", values.EXCHANGE)
_KNOWN = (
    _Known(
        "a required privilege is not held by the client",
        values.PRIVILEGE_MISSING,
        values.AFFECTED_GENERATIONS,
        stages=(values.PASS,),
    ),
    _Known(
        "logon failure: unknown user name or bad password",
        values.CREDENTIALS_REJECTED,
        _EVERY_EXCHANGE,
    ),
    _Known(
        "command is not valid in this state",
        values.CLEARTEXT_REFUSED,
        ("2007+",),
        in_clear=True,
        elsewhere=False,
    ),
    *(
        _Known(
            f"{word} authentication disallowed on non-secure (ssl/tls) connections",
            values.CLEARTEXT_REFUSED,
            ("dovecot",),
            in_clear=True,
        )
        for word in ("plaintext", "cleartext")  # up to 2.3, since 2.4
    ),
    _Known(
        "the requested mailbox is not available on this server",
        values.MAILBOX_UNAVAILABLE,
        _EVERY_EXCHANGE,
    ),
    _Known(
        "the requested item could not be found",
        values.MAILBOX_UNAVAILABLE,
        _EVERY_EXCHANGE,
        elsewhere=False,
    ),
    _Known(
        "incorrect state",
        values.CLEARTEXT_REFUSED,
        ("mailutils",),
        stages=(values.USER,),
        in_clear=True,
        elsewhere=False,
    ),
    _Known("ambiguous alias", values.MAILBOX_UNAVAILABLE, ("5.0", "5.5"), elsewhere=False),
)
# Response code -> verdict and the capability that promises its meaning.
_CODES = {
    "AUTH": (values.CREDENTIALS_REJECTED, "AUTH-RESP-CODE"),
    "SYS/TEMP": (values.TEMPORARY_FAILURE, "AUTH-RESP-CODE"),
    "SYS/PERM": (values.MAILBOX_UNAVAILABLE, "AUTH-RESP-CODE"),
    "IN-USE": (values.MAILBOX_UNAVAILABLE, "RESP-CODES"),
    "LOGIN-DELAY": (values.TEMPORARY_FAILURE, "RESP-CODES"),
}


def parse_reply(line: bytes) -> Reply:
    """Split a reply line, without its line end, into status, response code and text."""
    match = _REPLY.match(line)
    if not match:
        return Reply(None)
    text = (match.group(2) or b"").decode("utf-8", "replace").strip()
    code = _CODE.match(text)
    if code:
        text = text[code.end() :]
    return Reply(match.group(1).upper() == b"+OK", code.group(1).upper() if code else "", text)


def normalised(text: str) -> str:
    """Return a text as the table writes it: lower case, single spaces, no full stop or number at its end."""
    words = " ".join(text.split()).rstrip(" .")
    before, blank, number = words.rpartition(" ")
    if blank and len(number) <= _LONGEST_NUMBER and number.isdecimal():
        words = before.rstrip(" .")
    return words.casefold()


def judge_refusal(reply: Reply, situation: Situation) -> Judgement:
    """Return what a ``-ERR`` reply means; text before code, since Dovecot puts [AUTH] before more than one text."""
    text = normalised(reply.text)
    for known in _KNOWN:
        if known.text == text:
            return _judge_known(known, situation)
    if reply.code in _CODES:
        verdict, capability = _CODES[reply.code]
        # Before the password, [AUTH] may as well be about a policy (RFC 3206, 4).
        early = reply.code == "AUTH" and situation.stage != values.PASS
        return Judgement(verdict, EXACT if situation.offers(capability) and not early else INFERRED)
    return NOT_CLASSIFIED


def _judge_known(known: _Known, situation: Situation) -> Judgement:
    documented = situation.speaker in known.speakers
    if situation.stage not in known.stages or not (documented or known.elsewhere):
        return NOT_CLASSIFIED
    if known.in_clear and not situation.in_clear:
        return NOT_CLASSIFIED
    missing = known.verdict == values.PRIVILEGE_MISSING
    return Judgement(
        known.verdict,
        EXACT if documented else INFERRED,
        values.MISSING if missing else values.UNKNOWN,
    )


def judge_logon(product: Product, *, canary: bool) -> Judgement:
    """Return what ``+OK`` to PASS means.

    The right is proved to be held only where the fault exists at all: a logon with a user's own password by USER and
    PASS (basic authentication, inside TLS too: it is the server's call of LogonUser that needs the right) at Exchange
    5.0 or 5.5. Whoever accepts an account that cannot exist did not check anything.
    """
    if canary:
        return Judgement(values.LOGON_OK, INFERRED)
    return Judgement(values.LOGON_OK, EXACT, values.HELD if product.affected else values.UNKNOWN)
