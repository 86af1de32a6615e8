"""Every command explains itself, and answers what it cannot do by one sentence."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files
from ansible_collections.winmail.exchange.tests.unit.project.test_documents import commands

if TYPE_CHECKING:
    from pathlib import Path

MODULES = {"lab": "tests/lab/cli.py", "lab.demo": "tests/lab/demo.py"}


def source(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


PROGRAMS = [
    path
    for folder in ("tools", "tests/bench")
    for path in project_files(".py", under=folder)
    if '__name__ == "__main__"' in source(path)
]


def helped(command: list[str], documented: str) -> None:
    """The command's help says how it is used, and what the first sentence of its source says."""
    done = subprocess.run(
        [sys.executable, *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: ")
    sentence = (ast.get_docstring(ast.parse(source(documented))) or "").partition("\n\n")[0]
    assert sentence
    assert words(sentence) in words(done.stdout)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_explains_itself(program: Path) -> None:
    helped([str(program)], str(program))


@pytest.mark.parametrize(("module", "documented"), MODULES.items(), ids=list(MODULES))
def test_a_module_explains_itself(module: str, documented: str) -> None:
    helped(["-m", module], documented)


def test_there_are_programs() -> None:
    assert {"tools/setup.py", "tools/importer.py", "tests/bench/run.py"} <= {path.as_posix() for path in PROGRAMS}


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Make in a folder; nothing of the make that perhaps runs these tests gets through."""
    kept = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=kept, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def checkout_without_environment(tmp_path: Path) -> Path:
    """What `make setup` reads, in a folder with a space in its name."""
    folder = tmp_path / "a checkout"
    (folder / "tools").mkdir(parents=True)
    for name in ("Makefile", "tools/setup.py", "requirements-dev.txt", "requirements-kerberos.txt"):
        shutil.copy2(ROOT / name, folder / name)
    return folder


def test_make_alone_explains_each_command(checkout_without_environment: Path) -> None:
    done = make(checkout_without_environment)
    assert done.returncode == 0, done.stderr
    assert {line.split()[1] for line in done.stdout.splitlines() if line.startswith("  make ")} == commands()


def test_a_python_that_is_missing_is_answered_by_one_sentence(checkout_without_environment: Path) -> None:
    done = make(checkout_without_environment, "test", "PYTHON=python3.99")
    assert done.returncode != 0
    assert done.stdout == (
        "make: there is no Python 3 called python3.99: install Python 3.10 or newer, or name one with PYTHON=\n"
    )
    assert not (checkout_without_environment / ".venv").exists()


def test_a_variable_that_nothing_reads_is_refused(checkout_without_environment: Path) -> None:
    done = make(checkout_without_environment, "help", "PYTHN=python3.12")
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "there is no variable PYTHN here" in done.stderr


@pytest.mark.parametrize("words", [["ARGS=-k sid or x"], ["-k", "CONNECTION=a b"], ["CI=true", "HOST=a"]], ids=str)
def test_a_variable_that_is_read_is_taken(checkout_without_environment: Path, words: list[str]) -> None:
    assert make(checkout_without_environment, "help", *words).returncode == 0


def test_the_setup_is_understood_by_old_pythons() -> None:
    tree = ast.parse(source("tools/setup.py"), feature_version=(3, 6))
    assert [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"] == []
