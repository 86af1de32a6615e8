# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reply means: its status, its response code, and the tables of known texts with the rules around them.

A text counts only when the whole reply is that text, so an echo of a user's name decides nothing. A text that is in no
table and has no shape that servers share, one in another language for instance, gives `unclassified`: never a guess.

Response codes: RFC 2449 (IN-USE, LOGIN-DELAY), RFC 3206 (AUTH, SYS/TEMP, SYS/PERM). The sources of the texts are in
their rows.
"""

from __future__ import annotations

import dataclasses
import re

from . import texts, texts_common, texts_exchange, texts_servers, values
from .texts import Known, normalised
from .values import EXACT, INFERRED, NOT_CLASSIFIED, Judgement, Product

__all__ = ["Reply", "Situation", "counts_without_end", "judge_logon", "judge_refusal", "normalised", "parse_reply"]

_REPLY = re.compile(rb"(\+OK|-ERR)(?:[ \t]+(.*))?$", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"\[([A-Za-z0-9/-]{1,32})([ \t][^\[\]]{1,64})?\]\s*")
# What STAT is answered with where a maildrop is open (RFC 1939, 5): messages and octets.
_DROP = re.compile(r"\d{1,20}[ \t]+\d{1,20}(?:\s|$)")
TABLE = texts.Table(
    texts_exchange.EXCHANGE,
    texts_servers.DOVECOT,
    texts_servers.UNIX,
    texts_servers.SUITES,
    texts_servers.PROVIDERS,
    texts_servers.PROXIES,
    texts_common.STANDARD,
    texts_common.WORDINGS,
)
# Response code -> verdict and the capability that promises its meaning (RFC 3206; IN-USE and LOGIN-DELAY: RFC 2449).
_CODES = {
    "AUTH": (values.CREDENTIALS_REJECTED, "AUTH-RESP-CODE"),
    "SYS/TEMP": (values.TEMPORARY_FAILURE, "AUTH-RESP-CODE"),
    "SYS/PERM": (values.MAILBOX_UNAVAILABLE, "AUTH-RESP-CODE"),
    "IN-USE": (values.MAILBOX_UNAVAILABLE, "RESP-CODES"),
    "LOGIN-DELAY": (values.TEMPORARY_FAILURE, "RESP-CODES"),
}
# A text says more than these codes: Dovecot writes [AUTH] before its refusal of clear text, Gmail before "too often".
_VAGUE = ("AUTH",)
# What a text says beside any code: Dovecot 1 wrote [IN-USE] before a temporary failure.
_SAID_BY_TEXT = (values.PRIVILEGE_MISSING, values.CLEARTEXT_REFUSED, values.TEMPORARY_FAILURE)


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


def parse_reply(line: bytes) -> Reply:
    """Split a reply line, without its line end, into status, response code and text."""
    match = _REPLY.match(line)
    if not match:
        return Reply(None)
    text = (match.group(2) or b"").decode("utf-8", "replace").strip()
    code = ""
    begin = _CODE.match(text)
    # Words in brackets are a code with its details only where the standards have that code ("[LOGIN-DELAY 60]").
    if begin and (not begin.group(2) or _known_code(begin.group(1).upper())):
        code, text = begin.group(1).upper(), text[begin.end() :]
    return Reply(match.group(1).upper() == b"+OK", code, text)


def _known_code(code: str) -> str:
    """Return the code that the standards have for this one or for a beginning of it (RFC 2449, 8); empty for none."""
    while code and code not in _CODES:
        code = code.rpartition("/")[0]
    return code


def judge_refusal(reply: Reply, situation: Situation) -> Judgement:
    """Return what a ``-ERR`` reply means, by its text and its code."""
    rows = tuple(TABLE.find(reply.text))
    row = next((row for row in rows if _applies(row, situation)), None)
    code = _known_code(reply.code)
    if row is None and rows and code in _VAGUE:
        # A known text that cannot be meant here, clear text inside TLS for instance.
        return NOT_CLASSIFIED
    by_code = _judge_code(code, situation) if code else NOT_CLASSIFIED
    if row is None or (row.verdict == values.UNCLASSIFIED and by_code != NOT_CLASSIFIED):
        return by_code
    judgement = _judge_row(row, situation)
    if row.verdict == by_code.verdict and _promised(code, situation) and not (row.cause and code in _VAGUE):
        # Both say the same, and the server promises what its code means.
        return dataclasses.replace(judgement, confidence=EXACT)
    text_counts = by_code == NOT_CLASSIFIED or code in _VAGUE or row.verdict in _SAID_BY_TEXT
    return judgement if text_counts or row.verdict == by_code.verdict else by_code


def counts_without_end(reply: Reply) -> bool:
    """Whether a refusal whose line never ended can mean nothing else, however it would have gone on."""
    code = _known_code(reply.code)
    return bool(code and code not in _VAGUE) or TABLE.is_complete(reply.text)


def _applies(row: Known, situation: Situation) -> bool:
    """Whether a row can be meant here."""
    if situation.stage not in row.stages or (row.in_clear and not situation.in_clear):
        return False
    if row.no_user_yet and (situation.offers("USER") or not situation.offers("STLS")):
        return False
    return row.elsewhere or situation.speaker in row.speakers


def _judge_row(row: Known, situation: Situation) -> Judgement:
    missing = row.verdict == values.PRIVILEGE_MISSING
    documented = situation.speaker in row.speakers and row.verdict != values.UNCLASSIFIED
    return Judgement(
        row.verdict,
        EXACT if documented else INFERRED,
        values.MISSING if missing else values.UNKNOWN,
        row.cause,
    )


def _judge_code(code: str, situation: Situation) -> Judgement:
    """Return what a response code of the standards means."""
    verdict = _CODES[code][0]
    if code in _VAGUE:
        # Also for an attempt against a policy (RFC 3206, 4): alone it is never sure.
        return Judgement(verdict, INFERRED) if situation.stage in texts.LOGON else NOT_CLASSIFIED
    return Judgement(verdict, EXACT if _promised(code, situation) else INFERRED)


def _promised(code: str, situation: Situation) -> bool:
    """Whether the server's capabilities promise the meaning of a code. Before the password, [AUTH] is about less."""
    if code not in _CODES:
        return False
    return situation.offers(_CODES[code][1]) and (code not in _VAGUE or situation.stage == values.PASS)


def judge_logon(product: Product, reply: Reply, *, canary: bool) -> Judgement:
    """Return what ``+OK`` to PASS and then ``+OK`` to STAT mean.

    The right is proved to be held only where the fault exists at all: a logon with a user's own password by USER and
    PASS (basic authentication, inside TLS too: it is the server's call of LogonUser that needs the right) at Exchange
    5.0 or 5.5. Whoever accepts an account that cannot exist did not check anything. An answer to STAT that counts no
    messages may be the answer to something else.
    """
    if canary or not _DROP.match(reply.text):
        return Judgement(values.LOGON_OK, INFERRED)
    return Judgement(values.LOGON_OK, EXACT, values.HELD if product.affected else values.UNKNOWN)
