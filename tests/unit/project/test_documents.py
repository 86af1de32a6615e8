"""Documents, Makefile and metadata name the same commands, tools, actions and versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from packaging.utils import canonicalize_name

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files, text
from ansible_collections.winmail.exchange.tests.unit.project.test_lock import names

if TYPE_CHECKING:
    from pathlib import Path

ACTIONS = sorted(path.stem for path in project_files(".py", under="plugins/action"))
MODULES = sorted(path.stem for path in project_files(".py", under="plugins/modules"))
GROUP = "exchange"


def load(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load(text(name))
    assert isinstance(loaded, dict)
    return loaded


def documentation(module: str) -> dict[str, Any]:
    source = text(f"plugins/modules/{module}.py")
    found = re.search(r'^DOCUMENTATION = r?"""(.*?)"""', source, re.MULTILINE | re.DOTALL)
    assert found, f"{module} has no DOCUMENTATION"
    loaded = yaml.safe_load(found[1])
    assert isinstance(loaded, dict)
    return loaded


def commands() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", text("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("document", project_files(".md"), ids=str)
def test_a_command_that_a_document_shows_is_in_the_makefile(document: Path) -> None:
    shown = set(re.findall(r"(?:^|`)make(?: -k)? ([a-z]+)", text(document), re.MULTILINE))
    assert shown <= commands()


def test_every_command_has_help() -> None:
    phony = {
        name
        for line in re.findall(r"^\.PHONY: (.*)$", text("Makefile"), re.MULTILINE)
        for name in line.split()
        if not name.startswith("$")
    }
    assert phony == commands()


def test_each_development_dependency_has_its_reason() -> None:
    tables = text("CONTRIBUTING.md").split("| name | reason |\n| --- | --- |\n")[1:]
    rows = [re.findall(r"^\| (\S+) \| \S.* \|$", table.partition("\n\n")[0], re.MULTILINE) for table in tables]
    asked = [names(f"requirements-{name}.in") for name in ("dev", "kerberos", "importer")]
    assert [{canonicalize_name(name) for name in table} for table in rows] == asked


def test_each_action_is_documented_by_a_module_of_its_name() -> None:
    assert [action for action in ACTIONS if action not in MODULES] == []


@pytest.mark.parametrize("module", MODULES)
def test_the_action_group_is_what_the_documentation_says(module: str) -> None:
    fragments = documentation(module).get("extends_documentation_fragment", [])
    group = load("meta/runtime.yml")["action_groups"][GROUP]
    assert ("winmail.exchange._actiongroup" in fragments) == (module in group)


def test_the_action_group_holds_nothing_else() -> None:
    group = load("meta/runtime.yml")["action_groups"][GROUP]
    assert group == sorted(group)
    assert set(group) <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_each_module_says_since_when_it_exists(module: str) -> None:
    assert documentation(module)["version_added"] == "1.0.0"


def test_the_execution_environment_names_a_file_of_the_collection() -> None:
    python = load("meta/execution-environment.yml")["dependencies"]["python"]
    assert (ROOT / python).is_file()
    assert python not in load("galaxy.yml")["build_ignore"]
