"""Mutation testing: the table of packages names what is there, and no mutant counts as killed that no test reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT
from ansible_collections.winmail.exchange.tools import mutation

# These touch Ansible's connection or Windows itself: pure they are not.
IMPURE = {"_winrm", "_wsman", "_verify"}


@pytest.mark.parametrize("name", mutation.PACKAGES)
def test_each_package_and_its_tests_are_there(name: str) -> None:
    code, tests = mutation.PACKAGES[name]
    if code.endswith(".py"):
        assert (ROOT / code).is_file()
        assert tests == f"tests/unit/{code.rpartition('/')[0]}/test{name}.py"
        assert (ROOT / tests).is_file()
        return
    assert tests == f"tests/unit/{code}"
    assert [path.suffix for path in (ROOT / code).glob("[a-z]*.py")] != []
    assert list((ROOT / tests).glob("test_*.py")) != []


def test_every_pure_package_is_in_the_table() -> None:
    folders = {
        path.name
        for parent in ("plugins/plugin_utils", "plugins/module_utils")
        for path in (ROOT / parent).glob("_[a-z]*")
        if path.is_dir() and path.name != "__pycache__"
    }
    alone = {name for name, (code, dummy) in mutation.PACKAGES.items() if code.endswith(".py")}
    assert folders - IMPURE == set(mutation.PACKAGES) - alone


def test_what_no_test_reaches_and_what_was_not_run_is_not_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "    a.x_f__mutmut_1: killed\n    a.x_f__mutmut_2: survived\n    a.x_g__mutmut_1: no tests\n"
    said += "    a.x_h__mutmut_1: timeout\n    a.x_h__mutmut_2: not checked\nStopping\n"
    monkeypatch.setattr(mutation.Package, "_mutmut", lambda _package, *_arguments: said)
    counted = mutation.row(mutation.Package("_rights"), 61.4)
    assert counted.split() == ["_rights", "5", "1", "1", "1", "1", "1", "61"]
    assert mutation.heading().split() == [
        "package",
        "mutants",
        "killed",
        "survived",
        "no",
        "tests",
        "timeout",
        "other",
        "seconds",
    ]


def test_the_summary_keeps_the_last_row_of_each_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutation, "HOME", tmp_path)
    for row in ("_pop3 1", "_rights 2", "_pop3 3"):
        mutation.summarise(row)
    assert (tmp_path / "summary.txt").read_text().splitlines() == [mutation.heading(), "_rights 2", "_pop3 3"]


def test_a_package_is_run_by_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutation, "HOME", tmp_path)
    package = mutation.Package("_rights")
    with package._alone(), pytest.raises(SystemExit, match="_rights is being run by somebody else"):
        package.run(again=False, jobs=1, minutes=0)
    assert not package.stage.exists()
