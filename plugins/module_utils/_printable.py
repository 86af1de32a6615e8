# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that came from elsewhere, made fit for a terminal: one rule for sentences, one for the values of a result.

All of module_utils is PRIVATE to the collection: do not use it from other collections.
"""

from __future__ import annotations

import re
import typing as t

# What a terminal obeys, or what lets a text pass for another: control characters but for tab and line ends, the marks
# that turn the direction of writing (Unicode's UAX 9), line and paragraph separators, halves of characters.
_OBEYED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def printable(text: str) -> str:
    r"""A text as one line for people: whatever is not printable is written as an escape (``\x1b``, ``\n``)."""
    if text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def printable_lines(text: str) -> str:
    """The same for a text of ours that has lines."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    # Blanks of another width: French texts of Windows have them before a colon.
    return " " if char in "\u00a0\u2007\u202f" else _escaped(char)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def tame(value: t.Any) -> t.Any:  # noqa: ANN401 - whatever a result holds
    """A value of a result as it is, but for characters that a terminal obeys: these are written as escapes."""
    if isinstance(value, str):
        return _OBEYED.sub(lambda found: _escaped(found.group()), value) if _OBEYED.search(value) else value
    if isinstance(value, t.Mapping):
        return {tame(key): tame(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [tame(inner) for inner in value]
    return value


def told(result: t.Mapping[str, t.Any], sentences: t.Sequence[str] = ("msg",)) -> dict[str, t.Any]:
    """A result as it may be shown: the values named in ``sentences``, warnings and diff printable, all others tame."""
    shown: dict[str, t.Any] = tame(result)
    for name in sentences:
        if isinstance(shown.get(name), str):
            shown[name] = printable(result[name])
    if "warnings" in result:
        shown["warnings"] = [printable(str(warning)) for warning in result["warnings"]]
    if isinstance(result.get("diff"), t.Mapping):
        shown["diff"] = {
            side: printable_lines(text) if isinstance(text, str) else text for side, text in result["diff"].items()
        }
    return shown
