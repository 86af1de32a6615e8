# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services, a small computer and a clock for the tests of a restart, and how services may behave."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    UnreachableError,
    WindowsError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import plan as services
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import restart
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost

DENIED, LOST = WindowsError("Access is denied (code 5)."), UnreachableError("The connection was dropped.")


def service(name: str, state: str = "Running", start_mode: str = "Auto") -> Service:
    return Service(name, f"The {name}", state, start_mode, "LocalSystem", 0 if state == "Stopped" else 100)


class Time:
    """A clock that moves only when somebody sleeps; it keeps the pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def clock(self) -> restart.Clock:
        return restart.Clock(lambda: sum(self.pauses), self.pauses.append)


def host() -> MemoryHost:
    """S, on which A depends."""
    return MemoryHost(installed=(service("A"), service("S")), depends={"S": ("A",)})


def run(fake: MemoryHost, time: Time | None = None, timeout: float = 60) -> None:
    plan = services.plan(restart.find(fake, "s"), fake.dependents, dependents=True)
    restart.Restarter(fake, timeout, (time or Time()).clock()).run(plan)


def does(**what: object) -> Callable[[MemoryHost, str], int]:
    """What a service does when it is asked: a code, a state, or an error, by name; the others obey."""

    def act(fake: MemoryHost, name: str) -> int:
        done = what.get(name, "Stopped")
        if isinstance(done, WinmailError):
            raise done
        if isinstance(done, int):
            return done
        fake.change(name, state=str(done), process_id=0)
        return 0

    return act
