# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of winmail.exchange.user_right_convert: tasks of other tools into one of ours, all of it on the controller."""

from __future__ import annotations

import hashlib
import os
import typing as t
from collections.abc import Mapping
from pathlib import Path

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable, printable_lines, told
from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._arguments import validated
from ansible_collections.winmail.exchange.plugins.plugin_utils._convert import baseline, write
from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.collect import collect
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.model import Left

display = Display()


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        "src": {"type": "path", "required": True},
        "dest": {"type": "path"},
        "baseline_dest": {"type": "path"},
        "host_roles": {"type": "dict", "default": {}},
    }
    RULES: t.ClassVar[dict[str, t.Any]] = {}

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Read, convert, show, and write what is asked for unless in check mode."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        del tmp
        try:
            options = validated(self._task.args, self.ARGUMENT_SPEC, self.RULES, _words.USER_RIGHT_CONVERT)
            result.update(self._convert(options))
        except InputError as exc:
            result.update(failed=True, msg=str(exc))
        return told(result)

    def _convert(self, options: Mapping[str, t.Any]) -> dict[str, t.Any]:
        src = Path(options["src"]).absolute()
        data = _bytes(src)
        found = collect(_text(data, src.name), src.name)
        made = baseline.controls(found, _roles(options["host_roles"])) if options["baseline_dest"] else None
        text = write.task_text(found, src.name)
        files = {options["dest"]: text}
        if made is not None:
            if not made.controls:
                raise InputError(
                    f"No rule of {src.name} can be a control: leave baseline_dest out to see why each was left."
                )
            release = f"SHA-256 {hashlib.sha256(data).hexdigest()[:16]}"
            files[options["baseline_dest"]] = baseline.baseline_text(
                made, f"User rights of {src.name}", release, src.name
            )
        remarks = [*found.remarks, *(made.remarks if made is not None else ())]
        result: dict[str, t.Any] = {
            "text": text,
            "rules": len(found.rules),
            "left": [_told(one) for one in found.left],
            "no_controls": [_told(one) for one in made.left] if made is not None else [],
            "remarks": remarks,
            **self._write({path: text for path, text in files.items() if path}, src),
        }
        self._show(src.name, write.count(found), result, dest=options["dest"])
        return result

    def _write(self, files: Mapping[str, str], src: Path) -> dict[str, t.Any]:
        """Write what differs; raises InputError before anything is written over that is not ours."""
        before = {path: _ours(Path(path).absolute(), src) for path in files}
        differing = [path for path, text in files.items() if before[path] != text]
        for path in differing if not self._task.check_mode else ():
            _replace(Path(path).absolute(), files[path])
        result: dict[str, t.Any] = {"changed": bool(differing)}
        if self._task.diff and differing:
            result["diff"] = {
                "before": "".join(before[path] or "" for path in differing),
                "after": "".join(files[path] for path in differing),
                "before_header": ", ".join(differing),
                "after_header": ", ".join(differing),
            }
        return result

    def _show(self, name: str, count: str, result: Mapping[str, t.Any], dest: str | None) -> None:
        """Print what a person has to know, on every callback: the task where it goes to no file, and what was left."""
        if not dest:
            display.display(printable_lines(result["text"]))
        display.display(printable(f"{name}: {count}."))
        for title, key in (("Left as they were", "left"), ("No controls", "no_controls")):
            if result[key]:
                display.display(f"{title}:")
            for one in result[key]:
                display.display(printable(f"  line {one['line']}: {one['name'] or '(no name)'}: {one['reason']}"))
        for remark in result["remarks"]:
            display.display(printable(remark))


def _told(left: Left) -> dict[str, t.Any]:
    proposal = "\n".join(write.entry_lines([left.rule])) if left.rule is not None else ""
    return {"line": left.line, "name": left.title, "reason": left.reason, "proposal": proposal}


def _roles(given: Mapping[str, t.Any]) -> dict[str, list[str]]:
    return {str(name): [roles] if isinstance(roles, str) else list(roles or ()) for name, roles in given.items()}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise InputError(f"{path} cannot be read: {exc.strerror or exc}.") from exc


def _text(data: bytes, name: str) -> str:
    if data.startswith(b"$ANSIBLE_VAULT"):
        raise InputError(f"{name} is encrypted by ansible-vault: decrypt it for the conversion.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as exc:
        raise InputError(f"{name} is no UTF-8 text: save it as UTF-8.") from exc


def _ours(path: Path, src: Path) -> str | None:
    """The text that stands in a file now, None where there is none; raises InputError for one that is not ours."""
    if path.exists() and path.samefile(src):
        raise InputError(f"{path} is the file to convert itself: name another one.")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path} cannot be read: {exc}.") from exc
    if not text.startswith(("---\n" + write.MARK[:40], "---\n# Made by winmail.exchange.user_right_convert;")):
        raise InputError(f"{path} is there already and was not made by this module: name another file, or move it.")
    return text


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises InputError."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise InputError(f"{path} cannot be written: {exc.strerror or exc}.") from exc
