# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find a baseline by what the user wrote, shipped or a file on the controller, and read it by what is in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode

from . import csv_rows, read_hardeningkitty, read_inf, read_osconfig_csv, read_osconfig_yaml, read_yaml, yaml_parts
from .model import Baseline

_SHIPPED = Path(__file__).parent / "shipped"
# The largest of those that vendors publish has 150,000 bytes; this is to refuse what is no baseline at all.
_LARGEST = 8_000_000
# The lists that both kinds of YAML have, however the file is written (JSON is YAML too).
_YAML = re.compile(r"\b(?:controls|resources)\b")
_FORMATS = (
    "the YAML of this collection (a mapping with controls), a security template (GptTmpl.inf, an export of secedit), "
    "OSConfig's document (a mapping with resources) and its CSV since 2504, a list of HardeningKitty"
)


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
    if read_inf.is_template(data):
        return read_inf.read(data, name, _release(data))
    columns = csv_rows.header(text)
    if "Control Name" in columns:
        return read_osconfig_csv.read(text, name, _release(data))
    if "Method" in columns and "MethodArgument" in columns:
        return read_hardeningkitty.read(text, name, _release(data))
    return _of_yaml(text, name, _release(data))


def _of_yaml(text: str, name: str, release: str) -> Baseline:
    whole = yaml_parts.compose(text, name) if _YAML.search(text) else None
    if whole is not None and whole.has("controls"):
        return read_yaml.read(whole, name)
    if whole is not None and whole.has("resources"):
        return read_osconfig_yaml.read(whole, name, release)
    raise InputError(f"{name} is no baseline in a known format. Known are: {_FORMATS}.")


def _release(data: bytes) -> str:
    """What tells two releases of a file apart that names none: the beginning of its SHA-256."""
    return f"SHA-256 {hashlib.sha256(data).hexdigest()[:16]}"


def _find(written: str, folders: Sequence[Path]) -> Path:
    if not written.strip() or "\0" in written:
        raise InputError(f"The baseline has no name. {_known()}")
    path = Path(written).expanduser()
    tried = [path] if path.is_absolute() else [folder / path for folder in folders]
    for candidate in tried:
        if candidate.is_file():
            return candidate
    listed = " and no file ".join(str(candidate) for candidate in tried) or "of this name"
    raise InputError(f"There is no baseline {written!r}: it is not shipped, and there is no file {listed}. {_known()}")


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
