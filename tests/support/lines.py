# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader of cmd.exe lines for tests: cuts a line at its top-level operators, outside quotes and brackets."""

from __future__ import annotations

import re

LIMIT = 8191
# What echo prints, up to an operator that is not escaped.
ECHOED = re.compile(r"\becho (?:\^.|[^&|<>^])*")
QUOTED = re.compile(r'"([^"]*)"')


def commands(line: str) -> list[str]:
    """The commands that a line runs one after the other with ``&``; what stands in brackets stays in one piece."""
    found, depth, quoted, start = [], 0, False, 0
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "()":
            depth += 1 if char == "(" else -1
        elif char == "&" and not quoted and depth == 0 and line[at - 1] not in "&>" and line[at + 1 : at + 2] != "&":
            found.append(line[start:at].strip())
            start = at + 1
    assert (depth, quoted) == (0, False), f"unbalanced: {line}"
    return [*found, line[start:].strip()]


def check_safe(line: str, longest: int = LIMIT) -> None:
    """What every line of ours keeps to, or AssertionError."""
    expanded = line.replace("%windir%", "C:\\Windows")
    assert len(expanded) <= longest
    assert not set(line) & set("\r\n\0")
    assert not line.startswith('"')
    assert line.count('"') % 2 == 0
    for command in commands(line):
        assert not re.match(r"@?(if|for)\b", command, re.IGNORECASE), f"would swallow what follows: {command}"
    for text in QUOTED.findall(line):
        if "\\" in text and "%f" not in text and not text.startswith("/q:"):
            assert re.match(r"%windir%\\|[^\\]+\\[^\\]+:R\Z", text), f"a path that is not absolute: {text}"
    outside = ECHOED.sub("echo", QUOTED.sub("", line))
    assert "\\" not in outside.replace("%windir%\\", ""), f"a path without quotes: {outside}"
