"""`tools/setup.py`: the whole environment or nothing, one process at a time, one sentence otherwise."""

from __future__ import annotations

import builtins
import fcntl
import importlib.util
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program, working in a checkout of its own that has a lock file and nothing else."""
    spec = importlib.util.spec_from_file_location("setup", ROOT / "tools" / "setup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setenv("CFLAGS", "-O0")  # as the program itself would
    (tmp_path / "requirements-dev.txt").write_text("pywinrm==0.5.0\n", encoding="utf-8")
    (tmp_path / "requirements-kerberos.txt").write_text("pykerberos==1.2.4\n", encoding="utf-8")
    for name, path in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "STAMP": tmp_path / ".venv" / "complete",
        "LOCK": tmp_path / "requirements-dev.txt",
        "KERBEROS": tmp_path / "requirements-kerberos.txt",
    }.items():
        monkeypatch.setattr(module, name, path)
    return module


@pytest.fixture
def ran(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the program ran; an environment is laid out, nothing is installed."""
    commands: list[list[str]] = []

    def run(command: list[str]) -> None:
        commands.append(command)
        if command[1:3] == ["-m", "venv"]:
            (setup.VENV / "lib" / "python3.99" / "site-packages").mkdir(parents=True)
            (setup.VENV / "bin").mkdir()
            (setup.VENV / "bin" / "python").touch()

    monkeypatch.setattr(setup, "run", run)
    return commands


def sentence_of(call: Callable[[], object]) -> str:
    with pytest.raises(SystemExit) as caught:
        call()
    return str(caught.value.code)


def test_a_complete_environment_is_left_alone(setup: ModuleType, ran: list[list[str]]) -> None:
    setup.main()
    made = len(ran)
    setup.main()
    assert made >= 2
    assert len(ran) == made


def test_it_makes_the_collection_and_the_lab_importable(setup: ModuleType, ran: list[list[str]]) -> None:
    setup.main()
    pth = next(setup.VENV.glob("lib/*/site-packages/*.pth")).read_text(encoding="utf-8")
    assert ran
    assert pth.splitlines() == [str(setup.ROOT / "collections"), str(setup.ROOT / "tests")]


def test_another_lock_file_updates_it(setup: ModuleType, ran: list[list[str]]) -> None:
    setup.main()
    del ran[:]
    setup.LOCK.write_text("pywinrm==0.5.1\n", encoding="utf-8")
    setup.main()
    assert [command[1:3] for command in ran if "venv" in command] == []
    assert setup.stamp() == setup.wanted(kerberos=False)


def test_an_environment_of_another_folder_is_made_anew(setup: ModuleType, ran: list[list[str]]) -> None:
    setup.main()
    del ran[:]
    digest = setup.STAMP.read_text(encoding="utf-8").split("\n")[1]
    setup.STAMP.write_text(f"/elsewhere\n{digest}\n", encoding="utf-8")
    setup.main()
    assert ran[0][1:3] == ["-m", "venv"]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()], ids=["error", "ctrl-c"])
def test_a_half_made_environment_does_not_stay(
    setup: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(files: object) -> None:
        assert files
        raise error

    monkeypatch.setattr(setup, "install", fail)
    with pytest.raises(type(error)):
        setup.main()
    assert ran
    assert not setup.VENV.exists()


def test_pip_stands_in_for_uv(setup: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out = setup.run

    def run(command: list[str]) -> None:
        lay_out(command)
        if command[0].endswith("uv"):
            raise setup.Failed(command, "no wheel for this machine")

    monkeypatch.setattr(setup, "run", run)
    setup.main()
    assert ran[-1][1:3] == ["-m", "pip"]
    assert ran[-1][-2:] == ["--requirement", str(setup.LOCK)]


def test_kerberos_is_added_once_and_only_where_it_is_asked_for(setup: ModuleType, ran: list[list[str]]) -> None:
    setup.main()
    assert [command for command in ran if str(setup.KERBEROS) in command] == []
    del ran[:]
    setup.main(["kerberos"])
    setup.main(["kerberos"])
    setup.main()
    assert [command[-2:] for command in ran] == [["--requirement", str(setup.KERBEROS)]]


@pytest.mark.parametrize("changed", ["LOCK", "KERBEROS"])
def test_an_update_keeps_kerberos(setup: ModuleType, ran: list[list[str]], changed: str) -> None:
    setup.main(["kerberos"])
    del ran[:]
    getattr(setup, changed).write_text("pywinrm==0.5.1\n", encoding="utf-8")
    setup.main()
    assert ran[-1][-2:] == [str(setup.LOCK), str(setup.KERBEROS)]
    assert setup.stamp() == setup.wanted(kerberos=True)


def test_without_a_compiler_the_environment_stays_as_it_was(
    setup: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.main()
    before = setup.stamp()

    def run(command: list[str]) -> None:
        raise setup.Failed(command, "krb5-config: not found")

    monkeypatch.setattr(setup, "run", run)
    sentence = sentence_of(lambda: setup.main(["kerberos"]))
    assert ran
    assert "krb5-config: not found" in sentence
    assert "apt-get install gcc python3-dev libkrb5-dev" in sentence
    assert setup.stamp() == before


def test_an_old_python_is_answered_by_one_sentence(
    setup: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    sentence = sentence_of(setup.main)
    assert re.fullmatch(r"make: Python 3\.10 or newer is needed and .+ is 3\.9\.2: .*", sentence)
    assert ran == []
    assert not setup.VENV.exists()


def test_a_python_without_ensurepip_is_answered_by_one_sentence(
    setup: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = builtins.__import__

    def without_ensurepip(name: str, *args: Any) -> Any:
        if name == "ensurepip":
            raise ModuleNotFoundError(name=name)
        return original(name, *args)

    monkeypatch.setattr(builtins, "__import__", without_ensurepip)
    assert "lacks its module ensurepip: install it first" in sentence_of(setup.main)
    assert ran == []
    assert not setup.VENV.exists()


def test_only_one_process_at_a_time(setup: ModuleType) -> None:
    path = setup.ROOT / ".cache" / "setup.lock"
    with setup.one_at_a_time(), path.open("w") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with path.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_failed_command_ends_with_what_it_said(setup: ModuleType) -> None:
    command = [sys.executable, "-c", "import sys; print('first'); sys.exit('no space left')"]
    sentence = sentence_of(lambda: setup.run(command))
    assert sentence.startswith("first\nno space left\nmake: this command failed: ")
