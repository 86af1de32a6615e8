# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""report.html: the frame of the page, one file that asks nobody for anything (pure).

The policy in its head lets the browser take the one style and the one script that stand in the file, by their hashes,
and nothing else: what a host said cannot run, and no request leaves, whoever opens it.
"""

from __future__ import annotations

import base64
import hashlib
import typing as t
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from .markup import Markup, Section, badge, data, escaped, joined, stack, tag
from .model import STANDINGS

_STYLE, _SCRIPT = "page.css", "page.js"


class Head(t.NamedTuple):
    """What stands at the head: hosts by standing, and the standings that are called something else here."""

    eyebrow: str
    headline: str
    note: str
    counts: Mapping[str, int]
    called: Mapping[str, str] = MappingProxyType({})


def page(told: Head, parts: Sequence[Section], values: object) -> str:
    """The whole page; ``values`` are what the script searches."""
    style, script = _read(_STYLE), _read(_SCRIPT)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = joined(
        [
            Markup('<meta charset="utf-8">\n'),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{escaped(policy)}">\n'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
            Markup('<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'),
            Markup('<meta name="color-scheme" content="light dark">\n'),
            tag("title", told.headline),
            Markup(f"\n<style>{style}</style>"),
        ]
    )
    contents = joined(tag("li", tag("a", part.title, href=f"#{part.id}")) for part in parts)
    body = joined(
        [
            tag("a", "Skip to the report", class_="skip", href="#main"),
            Markup("\n"),
            tag(
                "header",
                tag("p", told.eyebrow, class_="eyebrow"),
                tag("h1", told.headline),
                tag("p", told.note, class_="note"),
                stack([(word, told.counts[word]) for word in STANDINGS]),
                _tiles(told),
            ),
            Markup("\n"),
            tag("nav", tag("ul", contents), aria_label="Parts of this report"),
            Markup("\n"),
            Markup(f'<main id="main" tabindex="-1">\n{joined(map(_section, parts), chr(10))}\n</main>\n'),
            data(values),
            Markup(f"\n<script>{script}</script>\n"),
        ]
    )
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}</body>\n</html>\n'


def _tiles(told: Head) -> Markup:
    words = [word for word in STANDINGS if told.counts[word] or word == "compliant"]
    tiles = [tag("li", tag("b", told.counts[word]), badge(word, told.called.get(word, ""))) for word in words]
    return tag("ul", *tiles, class_="tiles", aria_label="Hosts by standing")


def _section(part: Section) -> Markup:
    note = tag("p", part.note, class_="note") if part.note else Markup("")
    return tag("section", tag("h2", part.title, id=f"{part.id}-title"), note, part.body, id=part.id,
               aria_labelledby=f"{part.id}-title")  # fmt: skip


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
