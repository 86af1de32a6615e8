"""`tools/pythons.py`: the ends of the list, on a copy, and nothing passes that did not say so."""

from __future__ import annotations

import os
import select
import sys
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._machine import program
from ansible_collections.winmail.exchange.tools import pythons
from ansible_collections.winmail.exchange.tools.stage import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("here", "chosen"),
    [([], []), (["3.12"], ["3.12"]), (["3.13", "3.9", "3.10", "3.12"], ["3.9", "3.13"])],
    ids=["none", "one", "by number, not by letter"],
)
def test_the_oldest_and_the_newest_are_chosen(here: list[str], chosen: list[str]) -> None:
    assert list(pythons.ends(dict.fromkeys(here, "python"))) == chosen


@pytest.fixture
def make(only: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Let `make` be a script in a folder of its own."""
    only()
    monkeypatch.setattr(pythons, "HOME", tmp_path)

    def be(script: str) -> None:
        program(tmp_path / "bin" / "make", script)

    return be


@pytest.mark.parametrize(
    ("script", "good", "said"),
    [
        ("echo all; echo 7 passed in 2 s", True, "ok   Python 3.10, make test (0 s): 7 passed in 2 s"),
        ("echo 7 passed in 2 s; exit 2", False, "FAIL Python 3.10, make test (0 s): exit code 2"),
        ("echo nothing ran", False, "nothing ran\npythons: FAIL Python 3.10, make test (0 s): exit code 0"),
    ],
    ids=["well", "failed", "said nothing of it"],
)
def test_a_command_is_good_when_it_says_so(
    make: Callable[[str], None], tmp_path: Path, capsys: pytest.CaptureFixture[str], script: str, good: bool, said: str
) -> None:
    make(script)
    assert pythons.succeeds("3.10", tmp_path, ["test"], r"\d+ passed in .*") == good
    assert said in capsys.readouterr().out


def test_what_takes_too_long_is_ended_with_all_that_it_started(
    make: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fifo = tmp_path / "alive"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    monkeypatch.setattr(pythons, "SECONDS", 0.5)
    make(f"exec 3>'{fifo}'; echo up >&3; /bin/sleep 600 & wait")
    assert not pythons.succeeds("3.10", tmp_path, ["test"], ".*")
    assert "not done within 0.5 s" in capsys.readouterr().out
    assert os.read(reader, 10) == b"up\n"
    # The end of the file: nobody is left who could write.
    assert select.select([reader], [], [], 10)[0]
    assert os.read(reader, 10) == b""
    os.close(reader)


def test_a_machine_without_another_python_is_told_so(
    only: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    only(pythons.OWN)
    monkeypatch.setattr(pythons, "HOME", tmp_path)
    monkeypatch.setattr(sys, "argv", ["pythons"])
    assert pythons.main() == 0
    assert f"not run: no Python but {pythons.OWN} is on this machine" in capsys.readouterr().out


def test_the_copy_sees_nothing_of_this_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{ROOT / '.venv' / 'bin'}{os.pathsep}/usr/bin")
    monkeypatch.setenv("MAKEFLAGS", "PYTHON=python3.12")
    assert pythons.environment()["PATH"] == "/usr/bin"
    assert "MAKEFLAGS" not in pythons.environment()
