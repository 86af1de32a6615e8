# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`noxfile.py`: one list of cores and Pythons wherever they are named, and the oldest libraries on the oldest pair."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from ansible_collections.winmail.exchange import noxfile
from ansible_collections.winmail.exchange.tests.unit.project._files import text
from ansible_collections.winmail.exchange.tests.unit.project.test_lock import lines
from ansible_collections.winmail.exchange.tools.stage import ROOT

if TYPE_CHECKING:
    import pathlib


def test_the_readme_names_the_same_pairs() -> None:
    rows = re.findall(r"^\| (2\.\d+) \| ([\d., ]+) \|$", text("README.md"), re.MULTILINE)
    assert {core: tuple(pythons.split(", ")) for core, pythons in rows} == noxfile.SUPPORTED


def test_the_collection_asks_for_the_oldest_core() -> None:
    asked = yaml.safe_load(text("meta/runtime.yml"))["requires_ansible"]
    assert asked == f">={noxfile.OLDEST[0]}.0"
    assert list(noxfile.SUPPORTED) == sorted(noxfile.SUPPORTED, key=Version)


@pytest.mark.parametrize("core", noxfile.SUPPORTED)
def test_the_collection_allows_each_core(core: str) -> None:
    asked = SpecifierSet(yaml.safe_load(text("meta/runtime.yml"))["requires_ansible"])
    assert f"{core}.0" in asked


def test_the_oldest_libraries_are_the_bounds_that_users_get() -> None:
    bounds = {Requirement(line).name: str(Requirement(line).specifier) for line in lines("requirements.txt")}
    assert bounds["pywinrm"] == f">={noxfile.OLDEST_LIBRARIES['pywinrm']}"
    for library, version in noxfile.OLDEST_LIBRARIES.items():
        assert f"{library} {version} or newer" in text("README.md")


def test_the_pythons_are_those_of_the_cores_and_the_oldest_is_the_one_that_the_project_supports() -> None:
    assert set(noxfile.PYTHONS) == {python for pythons in noxfile.SUPPORTED.values() for python in pythons}
    assert list(noxfile.PYTHONS) == sorted(noxfile.PYTHONS, key=Version)
    assert f"Python {noxfile.PYTHONS[0]} or newer" in text("README.md")
    assert f'target-version = "py{noxfile.PYTHONS[0].replace(".", "")}"' in text("pyproject.toml")


def test_only_the_oldest_pair_gets_the_oldest_libraries() -> None:
    assert "pywinrm==0.4.3" in noxfile.requirements("2.16", oldest=True)
    assert "pywinrm" in noxfile.requirements("2.16", oldest=False)
    assert not any(line.startswith("pywinrm==") for line in noxfile.constraints(oldest=True))
    assert any(line.startswith("pywinrm==") for line in noxfile.constraints(oldest=False))


def test_no_pin_keeps_a_core_from_its_own_dependencies() -> None:
    pins = list(noxfile.constraints(oldest=False))
    assert not [line for line in pins if line.startswith(("ansible-core==", "resolvelib=="))]


def test_nox_knows_a_session_for_each_pair_and_command() -> None:
    command = [sys.executable, "-m", "nox", "--no-color", "--list"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    for core, python in noxfile.PAIRS:
        assert f"matrix({core}-{python})" in said
    for name in ("pythons", "sanity", "units"):
        assert f"- {name}" in said


def test_the_real_python_goes_before_the_stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    for folder in ("stand-ins", "real"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "python3.12").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "stand-ins"))
    monkeypatch.setattr(noxfile, "REAL", [str(tmp_path / "real")])
    assert noxfile.program("3.12") == str(tmp_path / "real" / "python3.12")
    assert noxfile.program("3.13") is None
