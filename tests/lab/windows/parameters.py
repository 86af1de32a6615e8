# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of FOR: %f, and %~dpnxfsatzf that ask the file behind the name (docs/sources.md S3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lab.state.files import Node, normal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Look = Callable[[str], "tuple[str, Node | None]"]
    ShowTime = Callable[[Node], str]

_SIMPLE = re.compile(r"%([A-Za-z?@#])")
_ENHANCED = re.compile(r"%~([A-Za-z?@#]+)")
_MODIFIERS = "dpnxfsatz"
_ATTRIBUTES = (("readonly", "r"), ("archive", "a"), ("hidden", "h"), ("system", "s"))


def replaced(text: str, values: Mapping[str, str], look: Look, show_time: ShowTime) -> str:
    """``text`` with the values of the loops around it; the variable's letter keeps its case.

    Args:
        text: a command, or the items of a loop.
        values: the value of each variable.
        look: the full path of a name and the file there, if there is one.
        show_time: when a file was written, as this computer prints it.
    """
    if not values:
        return text
    done: list[str] = []
    at = 0
    while at < len(text):
        found = _one(text, at, values, look, show_time) if text[at] == "%" else None
        value, end = found or (text[at], at + 1)
        done.append(value)
        at = end
    return "".join(done)


def _one(text: str, at: int, values: Mapping[str, str], look: Look, show_time: ShowTime) -> tuple[str, int] | None:
    """The value at a percent sign and where it ends: as many modifiers as leave a variable behind them."""
    match = _ENHANCED.match(text, at)
    if match:
        letters = match.group(1)
        longest = next((i for i, c in enumerate(letters) if c.casefold() not in _MODIFIERS), len(letters) - 1)
        for place in range(longest, -1, -1):
            if letters[place] in values:
                wanted = set(letters[:place].casefold())
                return _described(values[letters[place]], wanted, look, show_time), at + 3 + place
    match = _SIMPLE.match(text, at)
    if match and match.group(1) in values:
        return values[match.group(1)], match.end()
    return None


def _described(value: str, wanted: set[str], look: Look, show_time: ShowTime) -> str:
    """Attributes, time and size first, then the parts of the path; of no file there are no facts."""
    value = value.removeprefix('"').removesuffix('"')
    if not wanted:
        return value
    path, node = look(value)
    facts: list[str] = []
    if node:
        shown = {"a": _attributes(node), "t": show_time(node), "z": str(len(node.data or b""))}
        facts = [text for letter, text in shown.items() if letter in wanted]
    return " ".join([*facts, *filter(None, [_parts(path, wanted)])])


def _attributes(node: Node) -> str:
    letters = ["d" if node.data is None else "-"]
    letters += [sign if name in node.attributes else "-" for name, sign in _ATTRIBUTES]
    return "".join(letters) + "----"


def _parts(path: str, wanted: set[str]) -> str:
    if "f" in wanted or ("s" in wanted and not wanted & set("dpnx")):
        wanted = wanted | set("dpnx")
    folder, backslash, name = normal(path).rpartition("\\")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    parts = {"d": path[:2], "p": (folder + backslash)[2:], "n": stem, "x": dot + extension}
    return "".join(text for letter, text in parts.items() if letter in wanted)
