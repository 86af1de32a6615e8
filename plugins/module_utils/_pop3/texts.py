# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a text after -ERR is written down and found again, whatever its case, blanks, quotes and end."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from . import values

# Where a text can come: a refusal of a logon; a maildrop that is not to be had; a server that is busy, at any time.
LOGON = (values.USER, values.PASS)
MAILDROP = (values.USER, values.PASS, values.STAT)
ANYWHERE = (values.BANNER, values.CAPA, values.USER, values.PASS, values.STAT)

# What a text tells beyond its verdict; ``advice`` has a sentence for each.
LOGON_FAILURE = "logon_failure"
ACCOUNT = "account"
LOGON_TYPE = "logon_type"
NO_PASSWORDS = "no_passwords"
APP_PASSWORD = "app_password"
PROTOCOL_OFF = "protocol_off"
NOT_CONNECTED = "not_connected"
BACK_END = "back_end"
SERVER_ERROR = "server_error"
DOMAIN_NOT_REACHED = "domain_not_reached"
NOT_ASCII = "not_ascii"
ARGUMENTS = "arguments"
NOT_UNDERSTOOD = "not_understood"
NO_CERTIFICATE = "no_certificate"
SESSION_ENDED = "session_ended"
CLIENT_REFUSED = "client_refused"

_LONGEST_NUMBER = 4
# One job for many spellings: what a server calls these things says nothing about what it means.
_SPELLINGS = (
    (re.compile(r"[\u2018\u2019\u201c\u201d\"`]"), "'"),
    (re.compile(r"\b(?:clear|plain)[ -]?text\b"), "plaintext"),
    (re.compile(r"\buser[ -]?(?:name|id)\b"), "username"),
    (re.compile(r"\b(?:starttls|stls)\b"), "stls"),
    (re.compile(r"\b(?:ssl/tls|tls/ssl|ssl or tls|tls or ssl)\b"), "tls"),
)
_MOST_GROUPS = 8
# What is longer is no sentence that people share.
_LONGEST_SHAPE = 200


def _folded(text: str) -> str:
    """Return a text in lower case, with single blanks and one spelling, without a full stop at its end."""
    words = " ".join(text.split()).casefold()
    for pattern, spelling in _SPELLINGS:
        words = pattern.sub(spelling, words)
    return words.rstrip(" .!")


def _without_group(words: str) -> str:
    """Return a text without the group at its end, if that is a list of fields, a date or numbers, and no words."""
    if words.endswith("]"):
        at = words.rfind("[")
        told = any(char in "=:" or char.isdigit() for char in words[at:])
    elif words.endswith(")"):
        at = words.rfind("(")
        told = all(char in "#/., " or char.isdigit() for char in words[at + 1 : -1])
    else:
        return words
    return words[:at].rstrip(" .!") if at > 0 and told else words


def forms(text: str) -> tuple[str, ...]:
    """Return the forms in which the table may have a text, the whole one first.

    Behind a text Exchange writes a number ("Server Unavailable. 21") and, for its own probes, ``[Error="…" Proxy=…]``;
    Dovecot writes ``[host:date]``. Each is taken off only after the text with it was looked for.
    """
    words = _folded(text)
    found = [words]
    for _group in range(_MOST_GROUPS):
        shorter = _without_group(words)
        if shorter == words:
            break
        words = shorter
        found.append(words)
    before, blank, number = words.rpartition(" ")
    if blank and len(number) <= _LONGEST_NUMBER and number.isdecimal():
        found.append(before.rstrip(" .!"))
    return tuple(found)


def normalised(text: str) -> str:
    """Return the shortest of the forms of a text."""
    return forms(text)[-1]


@dataclasses.dataclass(frozen=True)
class Known:
    """What a text after -ERR means; ``*`` in the text stands for a name, an address or a reason.

    ``source`` says who documents it. It is exact for ``speakers`` only: the generation of an Exchange, else the family.
    """

    verdict: str
    source: str
    speakers: tuple[str, ...] = ()
    stages: tuple[str, ...] = LOGON
    # True: it means this only while the connection is in clear text.
    in_clear: bool = False
    # False: on another speaker than those it says nothing.
    elsewhere: bool = True
    # True: it means this only where the server lists STLS and not USER (RFC 2449, 6.3; RFC 2595, 4).
    no_user_yet: bool = False
    cause: str = ""
    text: str = ""
    # True: the text is a pattern.
    shape: bool = False

    def of(self, *texts: str) -> tuple[Known, ...]:
        """Return this row for each of these texts."""
        return tuple(dataclasses.replace(self, text=_folded(text)) for text in texts)

    def shaped(self, *patterns: str) -> tuple[Known, ...]:
        """Return this row for each of these patterns, which a whole text has to match."""
        return tuple(dataclasses.replace(self, text=pattern, shape=True) for pattern in patterns)


class Table:
    """Rows by their text."""

    def __init__(self, *groups: t.Iterable[Known]) -> None:
        self.rows = tuple(row for group in groups for row in group)
        self._whole: dict[str, list[Known]] = {}
        self._open: list[tuple[str, str, Known]] = []
        self._shapes: list[Known] = []
        for row in self.rows:
            begin, star, end = row.text.partition("*")
            if row.shape:
                self._shapes.append(row)
            elif star:
                self._open.append((begin, end, row))
            else:
                self._whole.setdefault(row.text, []).append(row)

    def find(self, text: str) -> t.Iterator[Known]:
        """Yield the rows that a text may be, the most like it first."""
        for form in forms(text):
            yield from self._whole.get(form, ())
            for begin, end, row in self._open:
                if len(form) > len(begin) + len(end) and form.startswith(begin) and form.endswith(end):
                    yield row
        for form in forms(text):
            if len(form) <= _LONGEST_SHAPE:
                # Compiled when first asked for: most probes meet no refusal.
                yield from (row for row in self._shapes if re.fullmatch(row.text, form))

    def is_complete(self, text: str) -> bool:
        """Whether a text is in a row as it stands, and no row goes on behind it."""
        words = _folded(text)
        return words in self._whole and not any(
            row.text.startswith(words) and row.text != words for row in self.rows if not row.shape
        )
