# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find a baseline by what the user wrote, shipped or a file on the controller, and read it by what is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode

from . import csv_rows, read_osconfig_csv, read_yaml, yaml_parts
from .model import Baseline

_SHIPPED = Path(__file__).parent / "shipped"
# The largest of those that vendors publish has 150,000 bytes; this is to refuse what is no baseline at all.
_LARGEST = 8_000_000
_FORMATS = "the YAML of this collection, and the CSV of OSConfig since 2504"


def shipped_names() -> tuple[str, ...]:
    """The names of the baselines that come with the collection."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yml")))


def load(written: str, folders: Sequence[Path]) -> Baseline:
    """Read the baseline that ``written`` names: one of ``shipped_names()``, or the path of a file on the controller.

    A relative path is looked for in each of ``folders``, in their order. Raises InputError: one sentence that names
    the file, the line or the id, and what was expected. Nothing is half read.
    """
    if written in shipped_names():
        return read(_bytes(_SHIPPED / f"{written}.yml"), written)
    path = _find(written, folders)
    return read(_bytes(path), path.name)


def read(data: bytes, name: str) -> Baseline:
    """Read a baseline from the bytes of a file that is called ``name``, in the format that they are in."""
    text = decode(data)
    if "\ufffd" in text:
        line = text[: text.index("\ufffd")].count("\n") + 1
        raise InputError(f"{name}, line {line}: this is neither UTF-8 nor UTF-16 text. Save the file as UTF-8.")
    columns = csv_rows.header(text)
    if "CSP Path" in columns and "Control Name" in columns:
        return read_osconfig_csv.read(text, name, _release(data))
    whole = yaml_parts.compose(text, name)
    if whole is not None and whole.has("controls"):
        return read_yaml.read(whole, name)
    raise InputError(f"{name} is no baseline in a known format. Known are: {_FORMATS}.")


def _release(data: bytes) -> str:
    """What tells two releases of a file apart that names none: the beginning of its SHA-256."""
    return f"SHA-256 {hashlib.sha256(data).hexdigest()[:16]}"


def _find(written: str, folders: Sequence[Path]) -> Path:
    if not written.strip() or "\0" in written:
        raise InputError("The baseline has no name. " + _known())
    path = Path(written).expanduser()
    tried = [path] if path.is_absolute() else [folder / path for folder in folders]
    for candidate in tried:
        if candidate.is_file():
            return candidate
    listed = ", ".join(str(candidate) for candidate in tried)
    raise InputError(f"There is no baseline {written!r}: it is not shipped, and there is no file {listed}. " + _known())


def _known() -> str:
    return f"Write the path of a file on the controller, or one of: {', '.join(shipped_names())}."


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise InputError(f"The baseline {path} cannot be read: {error.strerror or error}.") from error
    if len(data) > _LARGEST:
        raise InputError(f"The baseline {path} has more than {_LARGEST:,} bytes, which no baseline has.")
    return data
