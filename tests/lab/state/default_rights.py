# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads default_rights.yml, the table of who holds which right by default, and chooses by role, build and features."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import yaml

TABLE = Path(__file__).with_suffix(".yml")
FEATURES = ("hyperv", "iis")


@dataclass(frozen=True)
class Row:
    """One row; ``GUEST`` and ``POOLS`` among the holders stand for accounts of the computer."""

    right: str
    holders: tuple[str, ...]
    source: tuple[str, ...]
    role: str = ""
    since: int = 0
    until: int = 1 << 30
    needs: str = ""


@functools.lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """The whole table."""
    found = []
    for entry in yaml.safe_load(TABLE.read_text(encoding="utf-8"))["rows"]:
        source = tuple(str(entry.pop("source")).split())
        found.append(Row(holders=tuple(entry.pop("holders")), source=source, **entry))
    return tuple(found)


def defaults(role: str, build: int, features: frozenset[str]) -> dict[str, list[str]]:
    """Right to holders of a computer fresh from setup; ``role`` is server, client or dc."""
    found: dict[str, list[str]] = {}
    for row in rows():
        if row.role in ("", role) and row.since <= build <= row.until and (not row.needs or row.needs in features):
            found.setdefault(row.right, []).extend(row.holders)
    return found
