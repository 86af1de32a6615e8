"""Versions are told once: galaxy.yml, runtime.yml and requirements.txt have them, everything else repeats them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.unit.project._documentation import MODULES, documentation
from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files, text

CHANGES = ROOT / "changelogs" / "changelog.yaml"
NUMBER = r"[0-9]+(?:\.[0-9]+)+"


def load(name: str) -> Any:
    return yaml.safe_load(text(name))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


VERSION: str = load("galaxy.yml")["version"]
CORE = load("meta/runtime.yml")["requires_ansible"].removeprefix(">=")
PYWINRM = re.findall(rf"^pywinrm>=({NUMBER})$", text("requirements.txt"), re.MULTILINE)[0]
PYTHON = re.findall(r"^OLDEST = \((\d+), (\d+)\)$", text("tools/setup.py"), re.MULTILINE)[0]


def test_the_changelog_tells_this_version() -> None:
    """Released: it is the newest entry. Not yet: the fragments of its notes lie ready, and CHANGELOG.md says so."""
    released = load("changelogs/changelog.yaml")["releases"] if CHANGES.is_file() else {}
    if VERSION in released:
        assert max(released, key=numbers) == VERSION
        assert f"v{VERSION}" in text("CHANGELOG.md").replace("\\", "")
        return
    assert all(numbers(release) < numbers(VERSION) for release in released)
    assert "release_summary" in load(f"changelogs/fragments/{VERSION}.yml")
    assert released or f"Version {VERSION} is not released yet" in text("CHANGELOG.md").replace("\\", "")


@pytest.mark.parametrize("page", project_files(".md"), ids=lambda path: path.as_posix())
def test_a_tarball_that_a_page_names_is_this_version(page: Path) -> None:
    assert set(re.findall(rf"winmail-exchange-({NUMBER})\.tar", text(page.as_posix()))) <= {VERSION}


def test_nothing_was_added_in_a_later_version() -> None:
    filters = [load(path.as_posix())["DOCUMENTATION"] for path in project_files(".yml", under="plugins/filter")]
    roles = [
        entry
        for path in project_files(".yml", under="roles")
        if path.name == "argument_specs.yml"
        for entry in load(path.as_posix())["argument_specs"].values()
    ]
    docs = [*(documentation()[module]["doc"] for module in MODULES), *filters, *roles]
    assert [one["version_added"] for one in docs if numbers(one["version_added"]) > numbers(VERSION)] == []
    assert len(docs) > len(MODULES) + 1


def test_the_oldest_ansible_core_is_the_same_everywhere() -> None:
    oldest = CORE.removesuffix(".0")
    assert set(re.findall(rf"ansible-core ({NUMBER}) or newer", text("README.md"))) == {oldest}
    metas = [path for path in project_files(".yml", under="roles") if path.match("roles/*/meta/main.yml")]
    assert {load(path.as_posix())["galaxy_info"]["min_ansible_version"] for path in metas} == {oldest}


def test_the_oldest_pywinrm_is_the_same_everywhere() -> None:
    readme = text("README.md")
    assert set(re.findall(rf"pywinrm ({NUMBER}) or newer", readme)) == {PYWINRM}
    assert set(re.findall(rf"pywinrm>=({NUMBER})", readme)) == {PYWINRM}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_oldest_python_is_the_same_everywhere(page: str) -> None:
    assert set(re.findall(rf"Python ({NUMBER}) or newer", text(page))) == {".".join(PYTHON)}
    assert f'target-version = "py{"".join(PYTHON)}"' in text("pyproject.toml")
