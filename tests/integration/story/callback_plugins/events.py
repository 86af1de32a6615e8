# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A callback for the tests: writes each result of a run as a line of JSON into the file that EVENTS names."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: events
type: notification
short_description: Write each result as JSON
description: For the tests of this collection only.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]  # mypy does not follow Ansible
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "events"

    def v2_runner_on_ok(self, result: Any) -> None:
        """A task went well on a host."""
        self._write("ok", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """A task was skipped."""
        self._write("skipped", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A task failed."""
        self._write("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """A host was unreachable."""
        self._write("unreachable", result)

    def v2_playbook_on_include(self, included_file: Any) -> None:
        """A file was included for some hosts: one task more for each."""
        for host in included_file._hosts:
            self._line({"host": host.name, "status": "included", "task": str(included_file._filename), "result": {}})

    def _write(self, status: str, result: Any) -> None:
        task = result._task
        self._line(
            {
                "host": result._host.name,
                "status": status,
                "task": task.get_name(),
                "action": str(task.action),
                "result": result._result,
            }
        )

    def _line(self, event: dict[str, Any]) -> None:
        with open(os.environ["EVENTS"], "a", encoding="utf-8") as file:  # noqa: PTH123 - Ansible's workers may chdir
            file.write(json.dumps(event, default=str) + "\n")
