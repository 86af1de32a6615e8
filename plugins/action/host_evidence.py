# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of winmail.exchange.host_evidence: asks a host the open questions and keeps the answers, without names."""

from __future__ import annotations

import json
import os
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible.utils.display import Display

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable_lines, tame
from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._verify import evidence

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host

display = Display()


@dataclass(frozen=True)
class Asked:
    """Whether the one right may be written, and where the file goes."""

    write: bool
    dest: Path | None


class ActionModule(WindowsAction[Asked]):
    WORDS = _words.HOST_EVIDENCE
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        "write": {"type": "bool", "default": False},
        "dest": {"type": "path"},
    }

    CHANGES = True

    def parse(self, args: Mapping[str, t.Any]) -> Asked:
        """Refuse a place that cannot be written before a host is asked; raises InputError."""
        dest = Path(args["dest"]).absolute() if args["dest"] else None
        if dest is not None and not dest.parent.is_dir():
            raise InputError(f"There is no folder {dest.parent}.")
        if dest is not None and dest.exists() and not _is_evidence(dest):
            raise InputError(f"{dest} is there already and is no evidence: name another file, or move it.")
        return Asked(args["write"], dest)

    def work(self, host: Host, asked: Asked, task: TaskView) -> dict[str, t.Any]:
        """Ask, show, and then write the file."""
        # The line of the back end: the questions go past the host to use it.
        line = self.back_end.line if self.back_end is not None else None
        found = tame(evidence.collect(line, host, write=asked.write and not task.check_mode))
        text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        display.display(printable_lines(text))
        lines = [f"{one['row']:4} {one['world']}={one['answer']}   [{one['seen']}]" for one in found["answers"]]
        # Text and no result: a callback may be silent about a host that is well.
        display.display(printable_lines("\n".join(lines)))
        changed = asked.dest is not None and _text(asked.dest) != text
        if changed and asked.dest is not None and not task.check_mode:
            _write(asked.dest, text)
        return {"changed": changed, "evidence": found, "lines": lines}


def _is_evidence(path: Path) -> bool:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(held, dict) and held.get("format") == evidence.FORMAT


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _write(path: Path, text: str) -> None:
    """Write the file whole or not at all, for its owner alone; raises InputError."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        part.replace(path)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise InputError(f"{path} cannot be written: {exc.strerror or exc}.") from exc
