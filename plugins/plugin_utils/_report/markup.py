# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of HTML: text becomes inert here, and nowhere else (pure)."""

from __future__ import annotations

import html
import json
import re
import typing as t
from collections.abc import Iterable, Sequence

# How a standing or a status is written for people, and its mark: colour alone says nothing.
WORDS = {
    "compliant": ("\u2713", "compliant"),
    "not_compliant": ("\u2717", "not compliant"),
    "unknown": ("?", "unknown"),
    "unreachable": ("\u21af", "unreachable"),
    "failed": ("!", "failed"),
    "no_result": ("\u2205", "no result"),
    "pass": ("\u2713", "pass"),
    "fail": ("\u2717", "fail"),
    "not_applicable": ("\u2013", "not applicable"),
    "waived": ("\u2691", "waived"),
}


_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}):[0-9]{2}Z")


class Markup(str):
    """A piece of HTML that is whole; any other text is escaped where it is put into one."""

    __slots__ = ()


def escaped(text: object) -> Markup:
    """Text as HTML; markup stays as it is."""
    return text if isinstance(text, Markup) else Markup(html.escape(str(text)))


def joined(parts: Iterable[object], between: str = "") -> Markup:
    """Pieces in a row."""
    return Markup(between.join(map(escaped, parts)))


def tag(element: str, /, *parts: object, **attributes: str | None) -> Markup:
    """An element; ``class_`` for class, ``aria_label`` for aria-label, an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{element}{written}>{joined(parts)}</{element}>")


def badge(word: str, called: str = "") -> Markup:
    """A standing or a status, with mark, word and colour; ``called``: how it is called here."""
    mark, name = WORDS.get(word, ("?", word))
    name = called or name
    return Markup(f'<span class="badge {html.escape(word)}"><i aria-hidden="true">{mark}</i>{html.escape(name)}</span>')


def gauge(part: int, whole: int) -> Markup:
    """A bar of ``part`` in ``whole``; the number stands beside it, so nobody has to see it."""
    width = round(100 * part / whole, 1) if whole else 0
    return Markup(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="8"/><rect class="part" width="{width}" height="8"/></svg>'
    )


def stack(parts: Sequence[tuple[str, int]]) -> Markup:
    """One bar of several colours; ``parts`` are pairs of a standing and its number."""
    whole = sum(number for dummy, number in parts) or 1
    pieces, left = [], 0.0
    for word, number in parts:
        width = 1000 * number / whole
        if number:
            pieces.append(f'<rect class="{html.escape(word)}" x="{left:.1f}" width="{width:.1f}" height="12"/>')
        left += width
    return Markup(
        '<svg class="stack" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(pieces)}</svg>"
    )


def table(
    name: str, caption: str, head: Sequence[str], rows: Iterable[Sequence[object]], class_: str = "table"
) -> Markup:
    """A table with a caption for who does not see it; the first cell of a row is its head."""
    heads = joined(tag("th", one, scope="col") for one in head)
    body = joined(
        Markup(f'<tr><th scope="row">{escaped(row[0])}</th>{joined(tag("td", one) for one in row[1:])}</tr>\n')
        for row in rows
    )
    return Markup(
        f'<table id="{html.escape(name)}" class="{class_}"><caption class="unseen">{html.escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>\n{body}</tbody></table>"
    )


def some(names: Sequence[str], shown: int, most: int) -> Markup:
    """The first names, and the others behind a word that opens; of very many only ``most``."""
    if len(names) <= shown + 1:
        return escaped(", ".join(names))
    more = ", ".join(names[shown:most])
    hidden = f", and {len(names) - most} more: controls.csv has them all" if len(names) > most else ""
    return joined(
        [
            ", ".join(names[:shown]),
            " ",
            tag("details", tag("summary", f"and {len(names) - shown} more"), f"{more}{hidden}", class_="more"),
        ]
    )


def time(text: str) -> str:
    """Times in a text, ISO 8601 in UTC, as people read them: to the minute."""
    return _TIME.sub(r"\1 \2 UTC", text)


def data(value: object) -> Markup:
    """Values for the script, in an element that nothing runs; no letter in it can end that element."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(f'<script type="application/json" id="data">{text}</script>')


class Section(t.NamedTuple):
    """A part of the page, with its place in the table of contents."""

    id: str
    title: str
    body: Markup
    note: str = ""
