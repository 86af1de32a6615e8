# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of cmd.exe: %percent% on a command line and !late! values."""

from __future__ import annotations

import re
from collections.abc import Callable

Lookup = Callable[[str], "str | None"]


def percent(line: str, lookup: Lookup) -> str:
    """Expand ``%name%`` once, left to right; an undefined name stays as it is typed (not in a batch file)."""
    done: list[str] = []
    at = 0
    while at < len(line):
        if line[at] != "%":
            done.append(line[at])
            at += 1
            continue
        end = line.find("%", at + 1)
        value = _value(line[at + 1 : end], lookup) if end > at + 1 else None
        if value is None:
            done.append("%")
            at += 1
        else:
            done.append(value)
            at = end + 1
    return "".join(done)


def late(text: str, lookup: Lookup) -> str:
    """Expand ``!name!`` (cmd /v:on); an undefined name and a lone ! vanish; a caret escapes when a ! is there."""
    if "!" not in text:
        return text
    found = re.sub(r"!([^!]*)!", lambda m: _value(m.group(1), lookup) or "", text)
    return found.replace("^", "").replace("!", "")


def _value(name: str, lookup: Lookup) -> str | None:
    whole = lookup(name)
    if whole is not None:
        return whole
    base, colon, how = name.partition(":")
    value = lookup(base) if colon and base else None
    if value is None:
        return None
    slice_ = re.fullmatch(r"~(-?\d+)?(?:,(-?\d+))?", how)
    if slice_:
        return _slice(value, slice_.group(1), slice_.group(2))
    old, equals, new = how.partition("=")
    if not equals or not old:
        return None
    return re.sub(re.escape(old), lambda _: new, value, flags=re.IGNORECASE)


def _slice(value: str, start: str | None, length: str | None) -> str:
    first = int(start or 0)
    first = max(0, len(value) + first) if first < 0 else first
    if length is None:
        return value[first:]
    count = int(length)
    return value[first:count] if count < 0 else value[first : first + count]
