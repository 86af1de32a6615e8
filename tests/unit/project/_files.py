"""The files of the checkout, without what tools made and without the link to itself."""

from __future__ import annotations

import os
import pathlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[3]
MADE_BY_TOOLS = {".git", ".venv", ".cache", ".ansible", "__pycache__", "_build"}


def text(name: str | pathlib.Path) -> str:
    """Read a file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def project_files(*suffixes: str, under: str = ".") -> list[pathlib.Path]:
    """List the files below a folder, relative to the checkout; all of them or those of a suffix."""
    found = (path.relative_to(ROOT) for path in _walk(ROOT / under))
    return sorted(path for path in found if not suffixes or path.suffix in suffixes)


def _walk(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in MADE_BY_TOOLS]
        for name in names:
            path = pathlib.Path(parent, name)
            if path.is_file() and path.suffix not in {".pyc", ".gz"}:
                yield path
