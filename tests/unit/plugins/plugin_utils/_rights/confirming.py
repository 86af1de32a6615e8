# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself on a computer in memory: how tests run it, and a clock that they turn."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    UnreachableError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Caller
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.confirm import Clock
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict, parse_rights
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    ADMINISTRATORS,
    BYSTANDER,
    EXSVC,
    NOW,
    OLD,
    Member,
    MemoryHost,
)

TCB, AUDIT, NETWORK = "SeTcbPrivilege", "SeAuditPrivilege", "SeNetworkLogonRight"
TASK: list[dict[str, Any]] = [{"name": TCB, "add": ["CORP\\exsvc"]}, {"name": AUDIT, "remove": ["CORP\\old"]}]
BEFORE = {AUDIT: [OLD, BYSTANDER], "SeDebugPrivilege": [ADMINISTRATORS]}
CALLER = Caller("S-1-5-21-1-2-3-500", frozenset({ADMINISTRATORS}))
STEPS = ("read_rights", "rehearse", "arm", "apply", "log_on_anew", "run", "disarm")
TASK_NAME = "winmail restores user rights unless confirmed 20261124T090000Z-0123456789ab"


@dataclass
class Time:
    """A clock that runs only while somebody waits; ``events`` happen when their second has come."""

    passed: float = 0.0
    waits: list[float] = field(default_factory=list)
    events: dict[float, Callable[[], None]] = field(default_factory=dict)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.pass_(seconds)

    def pass_(self, seconds: float) -> None:
        self.passed += seconds
        for due in sorted(self.events):
            if due <= self.passed:
                self.events.pop(due)()

    def clock(self) -> Clock:
        return Clock(lambda: self.passed, self.sleep, lambda: NOW + datetime.timedelta(seconds=self.passed))


def computer(**differs: Any) -> MemoryHost:
    rights = {right: list(held) for right, held in BEFORE.items()}
    return Member(**{"rights": rights, "caller": CALLER, **differs})


def run(
    host: MemoryHost,
    time: Time | None = None,
    *,
    seconds: int = 300,
    check: bool = False,
    conflict: GpoConflict = "warn",
    task: list[dict[str, Any]] | None = None,
) -> tuple[dict[str, Any], list[str]]:
    warnings: list[str] = []
    asked = parse_rights({"rights": TASK if task is None else task})
    choices = Choices(conflict, allow_lockout=False, check_mode=check, confirm=seconds)
    change = RightsChange(host, asked, choices, warnings.append, (time or Time()).clock())
    return change.run()[0], warnings


def steps(host: MemoryHost) -> list[str]:
    return [call for call in host.calls if call in STEPS]


def shut(host: MemoryHost) -> None:
    """A door that is shut as long as the new rights are there."""
    if EXSVC in host.rights.get(TCB, ()):
        raise UnreachableError("Logging on to the host as admin failed: the specified credentials were rejected.")
