# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security templates as the engine reads and writes them (docs/sources.md S4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Sections = dict[str, list[tuple[str, str]]]


def decode(data: bytes) -> str:
    """The text of a template in whatever encoding it came: UTF-16LE or UTF-8 with BOM, else ANSI."""
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    return data.decode("cp1252", "replace")


def parse(data: bytes, longest: int | None = None) -> Sections:
    """Sections by lower-case name, each with its (key, value) lines in order; comments are dropped.

    ``longest`` is where a line is cut (setupapi's MAX_INF_STRING_LENGTH), None for nowhere.
    """
    found: Sections = {}
    current: list[tuple[str, str]] | None = None
    for whole in decode(data).splitlines():
        raw = whole[:longest]
        line = raw.strip("\0 \t")
        if not line or line.startswith(";"):
            continue
        if line.startswith("[") and "]" in line:
            current = found.setdefault(line[1 : line.index("]")].strip().casefold(), [])
        elif current is not None:
            key, dummy, value = line.partition("=")
            current.append((key.strip(), value.strip()))
    return found


def tokens(value: str) -> list[str]:
    """The members of a list value: separated by commas, blanks and quotes around them dropped."""
    return [t for part in value.split(",") if (t := part.strip().strip('"').strip())]


def render(sections: Iterable[tuple[str, Iterable[str]]]) -> str:
    """A template in the order given."""
    lines: list[str] = []
    for name, body in sections:
        lines.append(f"[{name}]")
        lines += body
    return "".join(f"{line}\r\n" for line in lines)
