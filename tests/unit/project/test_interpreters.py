"""`tools/interpreters.py`: a Python is what says its version, wherever it is and whatever stands in front of it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._machine import program
from ansible_collections.winmail.exchange.tools.interpreters import found, version_of
from ansible_collections.winmail.exchange.tools.matrix import PYTHONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "script",
    ["echo 'pyenv: python3.12: command not found' >&2; exit 127", "echo 3.12", "exit 0", "echo 3.12.1; exit 1"],
    ids=["a stand-in of pyenv", "half a version", "silent", "failed"],
)
def test_what_does_not_run_is_no_python(only: Callable[..., None], tmp_path: Path, script: str) -> None:
    only()
    assert version_of(program(tmp_path / "bin" / "python3.12", script)) is None
    assert dict(found(PYTHONS)) == {}


def test_what_is_not_there_is_no_python(tmp_path: Path) -> None:
    assert version_of(str(tmp_path / "none")) is None


def test_this_python_says_its_version() -> None:
    assert version_of(sys.executable) == "{}.{}.{}".format(*sys.version_info[:3])


def test_behind_a_stand_in_the_real_one_is_found(only: Callable[..., None], tmp_path: Path) -> None:
    only("3.11")
    program(tmp_path / "bin" / "python3.12", "exit 127")
    real = program(tmp_path / "pyenv" / "versions" / "3.12.1" / "bin" / "python3.12", "echo 3.12.1")
    assert dict(found(PYTHONS)) == {"3.11": str(tmp_path / "bin" / "python3.11"), "3.12": real}


def test_a_python_that_uv_made_is_found(only: Callable[..., None], tmp_path: Path) -> None:
    only()
    kept = program(tmp_path / "kept" / "python", "echo 3.13.2")
    program(tmp_path / "bin" / "uv", f"echo '{json.dumps([{'path': kept}, {'path': None}])}'")
    assert dict(found(PYTHONS)) == {"3.13": kept}


def test_a_named_python_goes_first(only: Callable[..., None], tmp_path: Path) -> None:
    only("3.11")
    named = program(tmp_path / "mine", "echo 3.11.1")
    assert dict(found(PYTHONS, [named])) == {"3.11": named}
