# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a computer by itself while time passes, and when it restarts."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from lab.state.services import RUNNING, STOPPED
from lab.state.tasks import folder

if TYPE_CHECKING:
    from lab.windows.computer import Computer

_MEMBER, _CONTROLLER, _SHORT = 5400.0, 300.0, 20.0  # seconds between two refreshes of Group Policy


class Passing:
    """Services, tasks and Group Policy of one computer in time."""

    def __init__(self, computer: Computer) -> None:
        self._computer = computer
        self._refreshed = computer.machine.clock.elapsed()

    def refreshed(self) -> None:
        """Group Policy ran: its next time is counted from now."""
        self._refreshed = self._computer.machine.clock.elapsed()

    def settle(self) -> None:
        """Do what is due by now."""
        self._computer.machine.services.settle()
        self._guard()
        self._computer.tasks.settle()
        if self._computer.machine.clock.elapsed() >= self._policy_due():
            self._computer.refresh_policy()

    def advance(self, seconds: float) -> None:
        """Let time pass, from one thing that is due to the next."""
        clock = self._computer.machine.clock
        end = clock.elapsed() + seconds
        while (left := end - clock.elapsed()) > 0:
            self.settle()
            found = [self._policy_due(), self._computer.tasks.next_due(), self._computer.machine.services.next_change()]
            waits = [due - clock.elapsed() for due in found if due is not None]
            ahead = min([wait for wait in waits if wait > 0], default=left)
            clock.advance(min(left, max(ahead, 0.001)))
        self.settle()

    def _policy_due(self) -> float:
        machine = self._computer.machine
        if machine.policy.applied_at is None:
            return float("inf")
        every = _CONTROLLER if machine.controller else _MEMBER
        short = self._computer.worlds["policy_interval"] == "short"
        return self._refreshed + (_SHORT if short else every)

    def _guard(self) -> None:
        """A security product that removes tasks: at once, or when the rights have changed since a task was armed."""
        how = self._computer.worlds["task_guard"]
        if how == "none":
            return
        rights = self._computer.machine.rights.all()
        for task in list(self._computer.tasks):
            armed = bool(task.definition.triggers)
            if how == "at_once" or (armed and task.mark != rights):
                self._computer.tasks.drop(task)

    def event(self, name: str, value: object) -> None:
        """One of ``changes.EVENTS``; raises ValueError."""
        if name == "refresh_policy":
            if value:
                self._computer.refresh_policy()
        elif name == "reboot":
            if value:
                self.reboot(None if value is True else float(str(value)))
        elif name == "on_batteries":
            self._computer.tasks.on_batteries = bool(value)
        elif name == "clock_step":
            self._computer.machine.clock.step(float(str(value)))
        elif name == "advance":
            self.advance(float(str(value)))
        elif name == "remove_task":
            self._remove_tasks(str(value))

    def _remove_tasks(self, pattern: str) -> None:
        path, dummy, name = pattern.rpartition("\\")
        wanted = f"{folder(path)}{name}".casefold()
        found = [task for task in self._computer.tasks if fnmatch.fnmatchcase(task.key, wanted)]
        if not found:
            raise ValueError(f"{self._computer.name} has no task {pattern}")
        for task in found:
            self._computer.tasks.drop(task)

    def reboot(self, seconds: float | None = None) -> None:
        """Restart: every process ends, services that start by themselves come back with new tokens, delays are lost.

        ``seconds``: how long the services take, and the ports stay closed; None: as long as each of them always takes.
        """
        machine = self._computer.machine
        self._computer.boots += 1
        ran = {service.name for service in machine.services if service.state != STOPPED}
        for service in machine.services:
            service.state, service.process, service.pending_until = STOPPED, None, None
        machine.booted = machine.clock.now()
        for service in machine.services:
            if service.state == STOPPED and service.name in ran and service.start_mode == "Auto":
                machine.services.start(service)
        for service in machine.services:
            if seconds is not None and service.pending_until is not None:
                service.pending_until = machine.clock.elapsed() + seconds
        scheduler = machine.services.get("Schedule")
        if scheduler is not None and scheduler.state != STOPPED:  # world boot_trigger says what comes first
            scheduler.state, scheduler.pending_until = RUNNING, None
        self._computer.tasks.booted()
        if machine.policy.applied_at is not None:
            self._computer.refresh_policy()
