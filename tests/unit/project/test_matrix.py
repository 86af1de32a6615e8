"""`tools/matrix.py`: one list of cores and Pythons wherever they are named, none passed over in silence."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from ansible_collections.winmail.exchange.tests.unit.project._files import text
from ansible_collections.winmail.exchange.tests.unit.project.test_lock import lines
from ansible_collections.winmail.exchange.tools import matrix
from ansible_collections.winmail.exchange.tools.interpreters import numbers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HERE = "{}.{}".format(*sys.version_info[:2])


def test_the_readme_names_the_same_pairs() -> None:
    rows = re.findall(r"^\| (2\.\d+) \| ([\d., ]+) \|$", text("README.md"), re.MULTILINE)
    assert {core: tuple(pythons.split(", ")) for core, pythons in rows} == matrix.SUPPORTED


def test_the_collection_asks_for_the_oldest_core() -> None:
    asked = yaml.safe_load(text("meta/runtime.yml"))["requires_ansible"]
    assert asked == f">={next(iter(matrix.SUPPORTED))}.0"
    assert list(matrix.SUPPORTED) == sorted(matrix.SUPPORTED, key=numbers)


@pytest.mark.parametrize("core", matrix.SUPPORTED)
def test_the_collection_allows_each_core(core: str) -> None:
    asked = SpecifierSet(yaml.safe_load(text("meta/runtime.yml"))["requires_ansible"])
    assert f"{core}.0" in asked


def test_the_oldest_libraries_are_the_bounds_that_users_get() -> None:
    bounds = {Requirement(line).name: str(Requirement(line).specifier) for line in lines("requirements.txt")}
    assert bounds["pywinrm"] == f">={matrix.OLDEST_LIBRARIES['pywinrm']}"
    for library, version in matrix.OLDEST_LIBRARIES.items():
        assert f"{library} {version} or newer" in text("README.md")


def test_the_oldest_python_is_the_one_that_the_project_supports() -> None:
    assert f"Python {matrix.PYTHONS[0]} or newer" in text("README.md")
    assert f'target-version = "py{matrix.PYTHONS[0].replace(".", "")}"' in text("pyproject.toml")


def test_only_the_oldest_pair_gets_the_oldest_libraries() -> None:
    pairs = list(matrix.pairs_of(list(matrix.SUPPORTED), {"3.11": "a", "3.12": "b"}))
    assert [(pair.core, pair.python) for pair in pairs if pair.oldest] == [("2.16", "3.11")]
    assert "pywinrm==0.4.3" in pairs[0].requirements
    assert "pywinrm" in pairs[1].requirements
    assert not any(line.startswith("pywinrm==") for line in matrix.constraints(pairs[0]))
    assert any(line.startswith("pywinrm==") for line in matrix.constraints(pairs[1]))


@pytest.mark.parametrize("core", matrix.SUPPORTED)
def test_no_pin_keeps_a_core_from_its_own_dependencies(core: str) -> None:
    pair = matrix.Pair(core, matrix.SUPPORTED[core][0], "python", oldest=False)
    assert not [line for line in matrix.constraints(pair) if line.startswith(("ansible-core==", "resolvelib=="))]


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let pairs pass without running anything, but for ansible-core 2.17, where one test fails."""
    monkeypatch.setattr(matrix, "HOME", tmp_path)

    def run(pair: matrix.Pair) -> matrix.Outcome:
        failed = int(pair.core == "2.17")
        return matrix.Outcome(pair, {"ansible-core": f"{pair.core}.9"}, 3, failed, 0, 1.0, "E   why" if failed else "")

    monkeypatch.setattr(matrix, "run", run)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize(
    ("here", "words", "said"),
    [
        (("3.11",), ["--cores", "2.16", "2.18"], "not run: Python 3.10 is not on this machine (ansible-core 2.16)"),
        (("3.11",), ["--cores", "2.17"], "FAIL ansible-core 2.17.9: 3 passed, 1 failed"),
        (("3.11",), ["--cores", "2.16", "2.20"], "not run: ansible-core 2.20: none of its Pythons"),
        (("3.11",), ["--every-core", "--cores", "2.16", "2.20"], "FAIL ansible-core 2.20: none of its Pythons"),
        ((), ["--cores", "2.19"], "FAIL ansible-core 2.19: none of its Pythons (3.11, 3.12, 3.13)"),
    ],
    ids=["all well", "a test failed", "a core without a Python", "a core that has to have one", "no Python at all"],
)
def test_the_end_says_what_ran_and_what_did_not(
    only: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    here: tuple[str, ...],
    words: list[str],
    said: str,
) -> None:
    only(*here)
    monkeypatch.setattr(sys, "argv", ["matrix", *words])
    assert matrix.main() == int("FAIL" in said)
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--cores", "2.15"], "not supported: 2.15; supported are 2.16, 2.17, 2.18, 2.19, 2.20, 2.21"),
        (["--pythons", "/nowhere/python"], "no Python that runs: /nowhere/python"),
    ],
)
def test_what_cannot_be_meant_is_answered_by_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["matrix", *words])
    with pytest.raises(SystemExit):
        matrix.main()
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("suite", "counted"),
    [
        ('<testsuites><testsuite tests="7" failures="1" errors="2" skipped="1"/></testsuites>', (3, 3, 1)),
        ('<testsuites><testsuite tests="5" failures="0" errors="0" skipped="0"/></testsuites>', (5, 0, 0)),
        (None, (0, 1, 0)),
    ],
    ids=["a bad day", "a good day", "no report"],
)
def test_the_counts_are_those_of_pytest(tmp_path: Path, suite: str | None, counted: tuple[int, int, int]) -> None:
    report = tmp_path / "report.xml"
    if suite is not None:
        report.write_text(suite, encoding="utf-8")
    assert matrix.counts(report) == counted


@pytest.mark.parametrize(
    ("passed", "failed", "skipped", "good"), [(3, 0, 0, True), (0, 0, 0, False), (3, 1, 0, False), (3, 0, 1, False)]
)
def test_a_pair_is_good_when_tests_ran_and_each_passed(passed: int, failed: int, skipped: int, good: bool) -> None:
    pair = matrix.Pair("2.16", HERE, sys.executable, oldest=True)
    assert matrix.Outcome(pair, {}, passed, failed, skipped, 1.0).is_good == good


def test_an_environment_that_cannot_be_made_is_a_failure_that_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_pair: matrix.Pair) -> None:
        raise subprocess.CalledProcessError(2, ["uv"], output="", stderr="No solution found")

    monkeypatch.setattr(matrix, "HOME", tmp_path)
    monkeypatch.setattr(matrix, "make_environment", refuse)
    outcome = matrix.run(matrix.Pair("2.16", HERE, sys.executable, oldest=True))
    assert not outcome.is_good
    assert "No solution found" in outcome.trouble
