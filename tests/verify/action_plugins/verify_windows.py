# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of tests/verify/verify.yml: asks one host the questions of checks.py."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.tests.verify.checks import settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host


class ActionModule(WindowsAction[None]):
    """Its result has ``settled``: one entry for each question, and ``lines`` to read."""

    def parse(self, args: Mapping[str, Any]) -> None:
        """Nothing is asked for."""

    def work(self, host: Host, asked: None, task: TaskView) -> dict[str, Any]:
        """Ask; the host is left as it was."""
        del host, asked, task
        # The line of the one back end that there is: a Transport, which these questions go past the host to use.
        settled = settle(self.back_end.line)
        lines = [f"{one.row:4} {one.world}={one.answer}   [{one.evidence}]" for one in settled]
        return {"changed": False, "settled": [dataclasses.asdict(one) for one in settled], "lines": lines}
