# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The captures of tests/captures as plain text, read by nothing of ours, so that tables can be held against them."""

from __future__ import annotations

import pathlib
import re

CAPTURES = pathlib.Path(__file__).parents[2] / "captures"
# Whole forms only: not the shortened ones of a comment (S-1-5-99-216…, S-1-11-96-...).
SID = re.compile(r"(?<![\w-])S-1-\d+(?:-\d+)+(?![\d…]|-[.…\d])")
RIGHT = re.compile(r"\bSe[A-Z][A-Za-z]+(?:Privilege|LogonRight)\b")


def texts() -> dict[str, str]:
    """Every capture by its path below tests/captures; the index page is none."""
    files = sorted(path for path in CAPTURES.rglob("*") if path.is_file() and path.name != "README.md")
    return {path.relative_to(CAPTURES).as_posix(): text(path) for path in files}


def text(path: pathlib.Path) -> str:
    """One capture, in the encoding that its byte-order mark tells."""
    data = path.read_bytes()
    return data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig")


def one(number: str) -> str:
    """The capture whose file name begins with this number."""
    return next(content for name, content in texts().items() if name.rpartition("/")[2].startswith(f"{number}_"))


def holders(number: str) -> dict[str, list[str]]:
    """[Privilege Rights] of one capture: each line's right and its tokens, verbatim."""
    lines = (line.partition(" = ") for line in one(number).splitlines() if RIGHT.match(line))
    return {right: [token.strip() for token in value.split(",")] for right, equals, value in lines if equals}
