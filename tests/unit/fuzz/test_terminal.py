# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a host calls its accounts, policies and files, no terminal obeys it: every warning, message and diff."""

from __future__ import annotations

import ast
import pathlib
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.action import pop3_probe
from ansible_collections.winmail.exchange.plugins.filter.pop3 import FilterModule
from ansible_collections.winmail.exchange.plugins.lookup import baseline_rights
from ansible_collections.winmail.exchange.plugins.plugin_utils import _errors
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView
from ansible_collections.winmail.exchange.tests.support.module_results import finding, server
from ansible_collections.winmail.exchange.tests.unit.fuzz import terminal
from ansible_collections.winmail.exchange.tests.unit.fuzz.table import LONGER

pytestmark = pytest.mark.case("A3")

PLUGINS = pathlib.Path(__file__).parents[3] / "plugins"
# A title, a cleared screen, a line that looks like Ansible's, text that runs backwards, a bell, half a character.
TEXT = "a\x1b]0;owned\x07\x9b2J\r\nok: [exch50]\u2028b\u202ecod.exe\x7f\u200b\udc9b"
TEXTS = st.text(st.one_of(st.characters(codec=None), st.sampled_from("\x1b\x9b\r\n\u202e\u2066\x00 ;[")), max_size=40)
_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def check(result: dict[str, Any]) -> None:
    """Sentences are printable, a diff has no lines but its own, nothing else holds what a terminal obeys."""
    for sentence in (result.get("msg", ""), *result.get("warnings", [])):
        assert sentence.isprintable()
    for side in result.get("diff", {}).values():
        assert all(line.isprintable() for line in side.split("\n"))
    for text in terminal.strings(result):
        text.encode("utf-8")
        for char in text:
            assert char in "\t\r\n" or unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp"), repr(text)
            assert unicodedata.bidirectional(char) not in _BIDI, repr(text)


@pytest.mark.parametrize("scene", terminal.SCENES, ids=str)
def test_no_text_of_a_host_commands_a_terminal(scene: terminal.Scene) -> None:
    check(terminal.run(scene, TEXT))

    @settings(max_examples=15 * LONGER, suppress_health_check=list(HealthCheck))
    @given(TEXTS)
    def fuzz(text: str) -> None:
        check(terminal.run(scene, text))

    fuzz()


def test_each_scene_shows_the_text_of_its_host() -> None:
    """Or it would prove nothing: a plain word comes through."""
    silent = [str(scene) for scene in terminal.SCENES if "Wunderlich" not in str(terminal.run(scene, "Wunderlich"))]
    assert silent == ["a service that does not stop"]
    stayed = next(scene for scene in terminal.SCENES if str(scene) == "files that stayed")
    (warning,) = terminal.run(stayed, "Wunderlich")["warnings"]
    assert "winmail-20261124T090000Z-0a1b2c3d4e5f.inf and 1 with other names" in warning


def warning_sites() -> Iterator[tuple[str, int, int]]:
    """Where the plugins warn: file, first and last line of each call. Lookups reach no host; the next test has them."""
    for path in PLUGINS.rglob("*.py"):
        if path.parent.name == "lookup":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("warn", "_warn", "warning", "deprecated"):
                yield path.name, node.lineno, node.end_lineno or node.lineno


def test_every_warning_is_among_the_scenes(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[tuple[str, int]] = set()
    warn = TaskView.warn

    def noted(self: TaskView, message: str) -> None:
        caller = sys._getframe(1)
        seen.add((pathlib.Path(caller.f_code.co_filename).name, caller.f_lineno))
        warn(self, message)

    monkeypatch.setattr(TaskView, "warn", noted)
    for scene in terminal.SCENES:
        terminal.run(scene, TEXT)
    sites = list(warning_sites())
    assert len(sites) >= 4
    missed = [site for site in sites if not any(name == site[0] and site[1] <= at <= site[2] for name, at in seen)]
    assert missed == []


BASELINE = """
title: Mine
release: '1'
source: written for this test
controls:
  - {id: "\\x9b2J\\x1b]0;owned\\x07", title: One, right: SeTcbPrivilege, operator: at_most, expected: [S-1-5-18],
     severity: low}
"""


def test_no_file_of_a_lookup_commands_a_terminal(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who warns of a control, or refuses it, names it by an id that somebody else may have written."""
    said: list[str] = []
    monkeypatch.setattr(baseline_rights.display, "warning", said.append)
    file = tmp_path / "mine.yml"
    file.write_text(BASELINE, encoding="utf-8")
    lookup = lookup_loader.get("winmail.exchange.baseline_rights", loader=DataLoader())
    try:
        lookup.run([str(file)], {}, at_most="warn")
    except AnsibleError as exc:
        said.append(str(exc))
    assert len(said) == 1
    assert said[0].isprintable()


def errors() -> list[type[_errors.WinmailError]]:
    """Every error that ends a task; a room's own ones are caught in it."""
    public = [cls for cls in vars(_errors).values() if isinstance(cls, type)]
    return [cls for cls in public if issubclass(cls, _errors.WinmailError)]


@pytest.mark.parametrize("cls", errors(), ids=lambda cls: cls.__name__)
def test_no_error_commands_a_terminal_whatever_it_holds(cls: type[_errors.WinmailError]) -> None:
    @settings(max_examples=25 * LONGER)
    @given(TEXTS)
    def fuzz(text: str) -> None:
        result = terminal.run_raising(cls(f"Windows said {text}"))
        assert result["msg"].startswith("Windows said ")
        check(result)

    fuzz()


def test_no_probe_commands_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(*_arguments: object) -> dict[str, Any]:
        return {"failed": True, "msg": f"POP3 at {TEXT}", "reply": TEXT, "transcript": [TEXT], "changed": False}

    monkeypatch.setattr(pop3_probe.ActionModule, "_run_here", here)
    check(terminal._run("pop3_probe", {"host": "mail1"}, {}))


def test_no_table_and_no_outcome_of_the_role_commands_a_terminal() -> None:
    filters = FilterModule().filters()
    loud = {"sid": "S-1-5-21-1-2-3-1107", "name": f"CORP\\{TEXT}", "kind": "account"}
    for action, policy in (("grant", None), ("governed", TEXT), ("none", TEXT)):
        found = server(action, finding(account=loud, policy=policy))
        for conflict in ("warn", "fail", "ignore"):
            decided = filters["pop3_cure"](found, conflict)
            result = filters["pop3_outcome"]({"host": "exch50", "cure": decided, "server": found})
            for sentence in (decided["reason"], decided["failure"], result["advice"], result["reason"]):
                assert sentence.isprintable()
            check(decided)
            check(result)
            lines = filters["pop3_table"]([["exch50", result]])
            assert len(lines) == 3
            assert all(line.isprintable() for line in lines)
