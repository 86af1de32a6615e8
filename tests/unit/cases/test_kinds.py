# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of cases: each has a test that carries its mark, and no test carries a mark of no kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    import pathlib

_MARK = re.compile(r"\bcase\(\s*\"([A-Z]\d+)\"")


def test_each_kind_is_played_by_a_test(checkout: pathlib.Path) -> None:
    kinds = set(yaml.safe_load((checkout / "tests" / "cases" / "kinds.yml").read_text(encoding="utf-8")))
    marked = {
        kind
        for folder in ("unit", "integration")
        for file in (checkout / "tests" / folder).rglob("test_*.py")
        for kind in _MARK.findall(file.read_text(encoding="utf-8"))
    }
    named = {
        case["kind"]
        for file in (checkout / "tests" / "cases").glob("*.yml")
        if file.name != "kinds.yml"
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    }
    assert marked | named == kinds
