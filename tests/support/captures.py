# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test data: real exports and templates of secedit, and a second reader of INF files that is not ours."""

from __future__ import annotations

import configparser
import os
import pathlib

CAPTURES = pathlib.Path(__file__).parents[1] / "captures"
# hypothesis: thorough in CI, quick at a desk.
MANY = 10_000 if os.environ.get("CI") == "true" else 300


def capture(number: str) -> bytes:
    """The bytes of one capture by the number that its name begins with."""
    return next(CAPTURES.rglob(f"{number}_*")).read_bytes()


def read_inf(data: bytes) -> dict[str, list[str]]:
    """[Privilege Rights] of a template as Python's own INI reader understands it; sections exactly as we write them."""
    reader = configparser.ConfigParser(
        delimiters=("=",), comment_prefixes=(";",), interpolation=None, strict=True, allow_no_value=False
    )
    reader.optionxform = str  # type: ignore[assignment, method-assign]  # the documented way to keep case
    reader.read_string(data.decode("ascii"))
    assert reader["Unicode"]["Unicode"] == "yes"
    assert reader["Version"]["signature"] == '"$CHICAGO$"'
    assert reader["Version"]["Revision"] == "1"
    rights = reader["Privilege Rights"]
    return {right: [token for token in value.split(",") if token] for right, value in rights.items()}
