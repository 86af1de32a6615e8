# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of winmail.exchange.fleet_report: one report of all hosts of a play, on the controller; no host is asked."""

from __future__ import annotations

import time
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable, told
from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._arguments import validated
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.make import make
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.model import KINDS
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.read import VARIABLES

display = Display()

# Somebody who waits longer is told how far it is.
PATIENCE_SECONDS = 3.0
# Callbacks whose standard output is for programs: the lines go to standard error there, as Ansible's warnings do.
FOR_PROGRAMS = ("json", "jsonl", "junit", "null")


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    RULES: t.ClassVar[dict[str, t.Any]] = {}
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        "kind": {"type": "str", "required": True, "choices": list(KINDS)},
        "report_dir": {"type": "path", "default": ""},
        "hosts": {"type": "list", "elements": "str", "default": []},
        "title": {"type": "str", "default": ""},
    }

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Ansible's entry."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        del tmp
        try:
            args = validated(self._task.args, self.ARGUMENT_SPEC, self.RULES, _words.FLEET_REPORT)
            result.update(self._reported(args, task_vars or {}))
        except WinmailError as exc:
            result.update(failed=True, msg=printable(str(exc)))
        return told(result)

    def _reported(self, args: Mapping[str, t.Any], task_vars: Mapping[str, t.Any]) -> dict[str, t.Any]:
        names = args["hosts"] or list(task_vars.get("ansible_play_hosts_all") or [])
        results = list(_results(names, task_vars["hostvars"], VARIABLES[args["kind"]]))
        report_dir = "" if self._task.check_mode or not args["report_dir"] else str(Path(args["report_dir"]).absolute())
        title, tell = printable(args["title"]), _Ticker()
        try:
            report = make(args["kind"], title, results, report_dir, tell)
        except InputError:
            # Whoever waited for the play sees at least what it found.
            _show_all(make(args["kind"], title, results, "", tell).lines)
            raise
        _show_all(report.lines)
        return {
            "changed": False,
            "folder": report.folder,
            "files": report.files,
            "hosts": len(names),
            "counts": report.counts,
            "worst": report.worst,
            "lines": report.lines,
        }


def _results(names: list[str], hostvars: t.Any, variable: str) -> Iterator[tuple[str, object]]:  # noqa: ANN401 - Ansible's
    """The variable of each host as set_fact left it: templating the variables of a thousand hosts takes minutes."""
    for name in names:
        if name not in hostvars:
            raise InputError(f"The host {name!r} (hosts) is not in the inventory.")
        value = hostvars.raw_get(name).get(variable)
        # Set in a file of variables, it is a template still.
        yield name, hostvars[name].get(variable) if isinstance(value, str) else value


def _show_all(lines: Iterable[str]) -> None:
    for line in lines:
        _show(line)


def _show(line: str) -> None:
    callback = str(constants.DEFAULT_STDOUT_CALLBACK).rpartition(".")[2]
    display.display(line, stderr=callback in FOR_PROGRAMS)


class _Ticker:
    """Tells how far a long report is, every few seconds."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, step: str, done: int, of: int) -> None:
        if time.monotonic() - self._told > PATIENCE_SECONDS:
            self._told = time.monotonic()
            _show(f"fleet_report: {step}, {done} of {of} hosts")
