"""House rules that a machine can see: headers, first lines, sizes, and words that do not belong."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files

if TYPE_CHECKING:
    import pathlib

PYTHON = project_files(".py")
PLUGINS = project_files(".py", under="plugins")
TEXTS = [path for path in project_files() if "captures" not in path.parts and path.name != "LICENSE"]
# REUSE-IgnoreStart
HEADER = (
    "# Copyright (c) 2026 winmail.exchange contributors\n"
    "# GNU General Public License v3.0+ "
    "(see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)\n"
    "# SPDX-License-Identifier: GPL-3.0-or-later\n"
)
# REUSE-IgnoreEnd
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
# Where this project happens to be worked on and what it is fed from is nobody's business.
MACHINE_PATH = re.compile(
    r"/(?:work|farm)/[a-z.]|/root/(?!cimv2|rsop|subscription|default)|/home/[a-z]+/|/opt/[a-z]+/|/Users/|pythonhosted|://pypi\."
)
HALF_DONE = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")
# What follows the code is the reason, after a dash or a second hash.
REASON = r"(?: +[-#] +\S)"
SILENCED = re.compile(rf"#\s*(?:noqa(?!: [A-Z0-9]+(?:, ?[A-Z0-9]+)*{REASON})|type:\s*ignore(?!\[[a-z, -]+\]{REASON}))")


def as_id(path: pathlib.Path) -> str:
    return path.as_posix()


def read(path: pathlib.Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def test_the_walk_finds_the_checkout() -> None:
    assert {"galaxy.yml", "Makefile", ".ci/run"} <= {as_id(path) for path in project_files()}
    assert not [path for path in project_files() if path.parts[0] == "collections"]


@pytest.mark.parametrize("path", PLUGINS, ids=as_id)
def test_plugin_opens_with_copyright_and_licence(path: pathlib.Path) -> None:
    assert read(path).removeprefix("#!/usr/bin/python\n").startswith(HEADER)


def test_plugins_are_namespace_packages() -> None:
    assert [path for path in PLUGINS if path.name == "__init__.py"] == []


@pytest.mark.parametrize("path", PYTHON, ids=as_id)
def test_first_line_says_the_job(path: pathlib.Path) -> None:
    docstring = ast.get_docstring(ast.parse(read(path)))
    documented_by_ansible = path.parts[:2] == ("plugins", "modules")
    assert documented_by_ansible or (docstring or "").split("\n")[0].endswith((".", ":"))


@pytest.mark.parametrize("path", PYTHON, ids=as_id)
def test_functions_and_files_are_short(path: pathlib.Path) -> None:
    text = read(path)
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = [node.name for node in functions if _lines(node) > LONGEST_FUNCTION]
    assert long == []
    assert text.count("\n") <= LONGEST_FILE


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("pattern", [MACHINE_PATH, HALF_DONE], ids=["machine path", "half done"])
def test_no_text_holds(pattern: re.Pattern[str]) -> None:
    here = {"tests/unit/project/test_files.py", "CONTRIBUTING.md"}
    found = [
        f"{path}: {match.group()}"
        for path in TEXTS
        if as_id(path) not in here
        for match in pattern.finditer(read(path))
    ]
    assert found == []


@pytest.mark.parametrize("path", PYTHON, ids=as_id)
def test_a_silenced_finding_gives_its_reason(path: pathlib.Path) -> None:
    assert path.name == "test_files.py" or SILENCED.findall(read(path)) == []
