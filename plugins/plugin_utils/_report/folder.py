# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a report: made beside its place and renamed into it, so that a report is there whole or not at all.

The one file of this room that touches a disk. Folders are 0700 and files 0600: who holds which right is nobody else's.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import time
import typing as t
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

from .model import Kind

_STRANGE = re.compile(r"[^A-Za-z0-9._-]")
# Names that Windows keeps for devices, with any ending ("Naming Files, Paths, and Namespaces").
_DEVICES = re.compile(r"\A(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)
_LONGEST = 100
# Twenty times what a thousand hosts take.
_LARGEST = 200_000_000


def folder_name(kind: Kind, written_at: str) -> str:
    """``user_rights_baseline-20261124T090000Z-0a1b2c``; ``written_at`` is ISO 8601 in UTC."""
    return f"{kind}-{re.sub('[-:]', '', written_at)}-{secrets.token_hex(3)}"


def file_names(hosts: Iterable[str]) -> dict[str, str]:
    """For each host a name that every file system takes, and no other host has, in whatever case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for host in hosts:
        safe = _STRANGE.sub("_", host)[:_LONGEST]
        if safe != host or safe.startswith(".") or safe.endswith(".") or _DEVICES.match(safe) or safe.lower() in taken:
            safe = f"{safe.strip('.') or 'host'}-{hashlib.sha256(host.encode(errors='replace')).hexdigest()[:12]}"
            safe = f"_{safe}" if _DEVICES.match(safe) else safe
        names[host] = safe
        taken.add(safe.lower())
    return names


def write(report_dir: str, name: str, files: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """Write the files of a report, pairs of a path below its folder and a text; returns the folder and the paths.

    Raises InputError where the disk refuses; nothing is left then.
    """
    above = Path(report_dir)
    beside = above / f".{name}.part"
    written = []
    try:
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.mkdir(mode=0o700)
        for path, text in files:
            _write(beside, path, text)
            written.append(path)
        beside.rename(above / name)
    except OSError as exc:
        raise InputError(
            f"The report could not be written to {report_dir} (report_dir): {exc.strerror or exc}. Make that folder "
            "writable for the account that runs Ansible, or name another one."
        ) from exc
    finally:
        # Renamed, it is not there any more.
        shutil.rmtree(beside, ignore_errors=True)
    return str(above / name), written


def _write(folder: Path, path: str, text: str) -> None:
    place = folder / path
    place.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor has no path
        file.write(text)


def earlier(report_dir: str, kind: Kind) -> Iterator[tuple[str, t.Any]]:
    """The earlier reports of a kind, the newest first: the folder's name, and its document or why there is none."""
    pattern = re.compile(rf"\A{kind}-[0-9]{{8}}T[0-9]{{6}}Z-[0-9a-f]{{6}}\Z")
    with contextlib.suppress(OSError):
        for name in sorted(filter(pattern.match, os.listdir(report_dir)), reverse=True):  # noqa: PTH208 - names alone
            yield name, _document(Path(report_dir, name, "report.json"))


def _document(path: Path) -> dict[str, t.Any] | str:
    try:
        if path.stat().st_size > _LARGEST:
            return "it is too large"
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        return f"it cannot be read ({exc.strerror})"
    except (ValueError, RecursionError):
        return "it is not JSON"
    return document if isinstance(document, dict) else "it is no report"


def now() -> str:
    """The time of the controller, ISO 8601 in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
