# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pop3_probe: what is documented is what is taken and returned, and the page of the verdicts is whole."""

from __future__ import annotations

import ast
import pathlib
import re
import subprocess
import sys
from typing import Any

import yaml

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.plugins.modules import pop3_probe
from ansible_collections.winmail.exchange.tests.support.scripted import closed_port

RETURN: dict[str, Any] = yaml.safe_load(pop3_probe.RETURN)


def test_results() -> None:
    result = probe(Request("127.0.0.1", closed_port())).as_result()
    del result["changed"]
    assert result.keys() == RETURN.keys()
    for name in ("product", "tls"):
        assert result[name].keys() == RETURN[name]["contains"].keys()
    assert result["timing"].keys() == RETURN["timing"]["sample"].keys()


def test_every_verdict_is_explained() -> None:
    text = " ".join(RETURN["verdict"]["description"])
    assert re.findall(r"V\((\w+)\),", text) == list(values.VERDICTS)
    assert re.findall(r"V\((\w+)\)", RETURN["stage"]["description"]) == list(values.STAGES)


def test_the_page_of_the_verdicts(checkout: pathlib.Path) -> None:
    page = (checkout / "docs" / "pop3_verdicts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|(.+)\|(.+)\|$", page, re.MULTILINE)
    assert [verdict for verdict, _meaning, _next in rows] == list(values.VERDICTS)
    assert all(len(cell.strip()) > 20 for row in rows for cell in row[1:])


def test_it_has_the_syntax_of_python_3_7(checkout: pathlib.Path) -> None:
    files = sorted((checkout / "plugins" / "module_utils" / "_pop3").glob("*.py"))
    for path in [*files, checkout / "plugins" / "modules" / "pop3_probe.py"]:
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 7))
    assert len(files) > 10


def test_it_imports_without_anything_but_itself() -> None:
    """In a Python without site-packages there is only the standard library."""
    package = "ansible_collections.winmail.exchange.plugins.module_utils._pop3"
    collections = pathlib.Path(values.__file__).parents[6]
    code = f"import sys; sys.path.insert(0, {str(collections)!r}); import {package}.client, {package}.options"
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
