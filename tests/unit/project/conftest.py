"""A machine that has the Pythons which a test names, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._machine import program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Leave nothing of this machine but these Pythons on PATH, which say their version whatever they are asked."""

    def leave(*versions: str) -> None:
        for version in versions:
            program(tmp_path / "bin" / f"python{version}", f"echo {version}.9")
        # uv is asked as well, and knows of no Python.
        program(tmp_path / "bin" / "uv", "echo '[]'")
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))

    return leave
