# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of service_restart: plan, carry out unless in check mode, read back, report."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable
from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction, display
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    HalfDoneError,
    UnreachableError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import plan as services
from ansible_collections.winmail.exchange.plugins.plugin_utils._services.options import RestartOptions, parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._services.restart import (
    Restarter,
    find,
    snapshot,
    summary,
)

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host


class ActionModule(WindowsAction[RestartOptions]):
    WORDS = _words.SERVICE_RESTART
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        "name": {"type": "str", "required": True},
        "dependents": {"type": "bool", "default": True},
        "timeout": {"type": "int", "default": 120},
    }

    CHANGES = True

    def parse(self, args: t.Mapping[str, t.Any]) -> RestartOptions:
        """Understand the name and the time to wait."""
        return parse(args)

    def work(self, host: Host, asked: RestartOptions, task: TaskView) -> dict[str, t.Any]:
        """Restart the service; in check mode say only what would stop and start."""
        target = find(host, asked.name)
        plan = services.plan(
            target,
            host.dependents,
            dependents=asked.dependents,
            controller=lambda: host.computer().domain_controller,
        )
        before = snapshot(host, target)
        if task.check_mode:
            return summary(plan, before, None)
        Restarter(host, asked.timeout, tell=self._show).run(plan)
        try:
            return summary(plan, before, snapshot(host, find(host, target.name)))
        except WinmailError as exc:
            kind = HalfDoneError if isinstance(exc, UnreachableError) else ApplyError
            raise kind(f"{', '.join(plan.start)}: restarted, but could not be looked at afterwards. {exc}") from exc

    def _show(self, line: str) -> None:
        """Tell somebody who waits; on standard error, for standard output may be for programs."""
        display.display(f"service_restart at {self.inventory_name}: {printable(line)}", stderr=True)
