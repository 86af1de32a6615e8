"""`tools/pythons.py`: the ends of the list, on a copy, and nothing passes that did not say so."""

from __future__ import annotations

import os
import re
import select
import subprocess
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
    assert pythons.ends({version: version for version in here}) == chosen


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
        ("echo all; echo 7 passed in 2 s", True, "pythons: ok   Python 3.10, make test (. s): 7 passed in 2 s"),
        ("echo 7 passed in 2 s; exit 2", False, "in 2 s\npythons: FAIL Python 3.10, make test (. s): exit code 2 "),
        ("echo nothing ran", False, "nothing ran\npythons: FAIL Python 3.10, make test (. s): no line "),
    ],
    ids=["well", "failed", "said nothing of it"],
)
def test_a_command_is_good_when_it_says_so(
    make: Callable[[str], None], tmp_path: Path, capsys: pytest.CaptureFixture[str], script: str, good: bool, said: str
) -> None:
    make(script)
    assert pythons.succeeds("3.10", tmp_path, ["test"], r"\d+ passed in .*") == good
    assert said in re.sub(r"\d+ s\):", ". s):", capsys.readouterr().out)


def test_what_takes_too_long_is_ended_with_all_that_it_started(
    make: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fifo = tmp_path / "alive"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    make(f"exec 3>'{fifo}'; /bin/sleep 600 & echo up >&3; wait")
    wait = subprocess.Popen.wait

    def overdue(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        """The time is up as soon as all is started."""
        if timeout is None:
            return wait(process)
        assert select.select([reader], [], [], 10)[0]
        raise subprocess.TimeoutExpired("make", timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", overdue)
    assert not pythons.succeeds("3.10", tmp_path, ["test"], ".*")
    assert f"not done within {pythons.SECONDS} s" in capsys.readouterr().out
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


def test_those_that_are_named_run_and_no_others(
    only: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    only("3.10", "3.12", "3.13")
    named = [str(tmp_path / "bin" / "python3.12"), sys.executable]
    ran: list[str] = []
    monkeypatch.setattr(pythons, "HOME", tmp_path)

    def run(program: str) -> bool:
        ran.append(program)
        return len(ran) == 1

    monkeypatch.setattr(pythons, "run", run)
    monkeypatch.setattr(sys, "argv", ["pythons", "--pythons", *named])
    assert pythons.main() == 1  # for the second one failed
    assert ran == named


def test_the_copy_sees_nothing_of_this_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{ROOT / '.venv' / 'bin'}{os.pathsep}/usr/bin")
    monkeypatch.setenv("MAKEFLAGS", "PYTHON=python3.12")
    assert pythons.environment()["PATH"] == "/usr/bin"
    assert "MAKEFLAGS" not in pythons.environment()
