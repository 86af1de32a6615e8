"""Find the Pythons of this machine: on PATH, made by uv, or of pyenv."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

VERSION = "import sys; print('%d.%d.%d' % sys.version_info[:3])"


def numbers(version: str) -> tuple[int, ...]:
    """A version to sort by."""
    return tuple(int(part) for part in version.split("."))


def found(wanted: Iterable[str], named: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """Each wanted Python (3.N) that runs here, and its program; what was named goes first."""
    missing = set(wanted)
    for program in [*named, *candidates(missing)]:
        python = ".".join((version_of(program) or "").split(".")[:2])
        if python in missing:
            missing.discard(python)
            yield python, program


def candidates(wanted: set[str]) -> Iterator[str]:
    """Programs that may be one of these Pythons: on PATH, known to uv, or of pyenv, which uv does not look through."""
    folders = [pathlib.Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv")
    folders += sorted((pyenv / "versions").glob("*/bin"), reverse=True)
    for python in sorted(wanted, key=numbers):
        yield from (str(folder / f"python{python}") for folder in folders if (folder / f"python{python}").is_file())
    command = [*("uv", "--quiet", "python", "list", "--only-installed", "--offline"), "--output-format", "json"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    yield from (one["path"] for one in json.loads(listed.stdout or "[]") if one.get("path"))


def version_of(program: str) -> str | None:
    """The version that a Python says it is; None where it does not run, as pyenv's stand-ins for what it lacks."""
    try:
        said = subprocess.run([program, "-c", VERSION], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = said.stdout.strip()
    return version if said.returncode == 0 and re.fullmatch(r"\d+\.\d+\.\d+", version) else None


def running(program: str) -> str:
    """The type of a command line's word that names a Python: raises ArgumentTypeError for one that does not run."""
    if version_of(program) is None:
        raise argparse.ArgumentTypeError(f"no Python that runs: {program}")
    return program
