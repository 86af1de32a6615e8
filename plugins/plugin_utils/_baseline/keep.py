# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep on the controller what undoes a change, before it is made: one file for each host and run, for its owner."""

from __future__ import annotations

import datetime
import errno
import json
import os
import re
import secrets
import typing as t
from collections.abc import Mapping, Sequence
from pathlib import Path

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

_NO_NAME = re.compile(r"[^A-Za-z0-9._-]")


def keep(folder: Path, host: str, computer: str, rights: Sequence[Mapping[str, t.Any]], now: datetime.datetime) -> Path:
    """Write ``rights`` into a new file (mode 0600) and give its path; ``now`` is UTC.

    A folder that is not there is made with mode 0700; one that is there keeps its mode, for it is not ours. Raises
    InputError where it cannot be written: what cannot be undone is not done.
    """
    name = f"restore-{_NO_NAME.sub('_', host)}-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}.json"
    text = json.dumps({"host": host, "computer": computer, "rights": list(rights)}, indent=4, ensure_ascii=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as exc:
        raise _cannot(folder, exc) from exc
    return path


def would_keep(folder: Path) -> None:
    """Raise InputError where ``keep`` would, as far as can be told without making anything: for check mode."""
    there = next(one for one in (folder, *folder.parents) if os.path.lexists(one))
    error = 0 if os.access(there, os.W_OK | os.X_OK) else errno.EACCES
    if not there.is_dir():
        error = errno.EEXIST if there == folder else errno.ENOTDIR
    if error:
        raise _cannot(folder, OSError(error, os.strerror(error)))


def _cannot(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"What undoes the change cannot be kept in {folder}: {error.strerror or error}. Give "
        "user_rights_baseline_report_dir a folder that can be written, or leave it out."
    )
