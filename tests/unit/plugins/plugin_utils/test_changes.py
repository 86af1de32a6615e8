# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a task that failed: by one file, which counts what was asked for, and by no other."""

from __future__ import annotations

import ast
import pathlib
import re

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils import _changes
from ansible_collections.winmail.exchange.plugins.plugin_utils._changes import Changes
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    HalfDoneError,
    ReadError,
    RefusedError,
    UnreachableError,
    WindowsError,
    WinmailError,
)

pytestmark = pytest.mark.case("T1")

NOTHING = "Nothing was changed."
UNKNOWN = "Whether the change took is unknown; the next run of the task reads first."
PROMISE = re.compile(r"(?i)nothing (was|is|has been) (changed|written|stopped|done)|(took|change) is unknown")


@pytest.mark.parametrize(
    ("asked", "undone", "error", "said"),
    [
        (0, 0, RefusedError, NOTHING),
        (0, 0, ReadError, NOTHING),
        (0, 0, UnreachableError, NOTHING),
        (0, 0, ApplyError, NOTHING),
        (1, 0, ReadError, UNKNOWN),
        (1, 0, WindowsError, UNKNOWN),
        (1, 0, UnreachableError, UNKNOWN),
        (1, 0, ApplyError, ""),
        (1, 0, HalfDoneError, ""),
        (1, 1, ReadError, NOTHING),
        (2, 1, ReadError, UNKNOWN),
        (2, 2, ApplyError, NOTHING),
    ],
)
def test_what_became_of_a_task(asked: int, undone: int, error: type[WinmailError], said: str) -> None:
    changes = Changes()
    for dummy in range(asked):
        changes.asked()
    for dummy in range(undone):
        changes.undone()
    assert changes.sentence(error("It failed.")) == said


def literals(source: str) -> list[str]:
    """Every text in a program but its docstrings; what is put together from pieces is one text."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            found.append(node.value)
    return found


def test_no_other_file_of_the_plugins_says_what_became_of_a_task() -> None:
    plugins = pathlib.Path(_changes.__file__).parents[1]
    holding = {
        path.relative_to(plugins).as_posix()
        for path in plugins.rglob("*.py")
        if "modules" not in path.parts
        for text in literals(path.read_text(encoding="utf-8"))
        if PROMISE.search(text)
    }
    assert holding == {"plugin_utils/_changes.py"}
