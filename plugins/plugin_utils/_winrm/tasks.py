# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of the host's Task Scheduler: by CIM where it takes them, else by Windows' own program for it."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError

from .task_cim import CimTasks
from .task_program import ProgramTasks

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Way
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim

    from .session import Session
    from .task_state import Task


class Store(t.Protocol):
    """One way to the tasks in the root folder of the Task Scheduler; raises WindowsError and ReadError."""

    way: Way

    def register(self, name: str, stem: str, lines: Sequence[str]) -> None:
        """Make a task of this text, or put it in the place of one with the same name."""

    def start(self, name: str) -> None:
        """Start a task now."""

    def state(self, name: str) -> Task | None:
        """A task with its state, as far as this way tells it, or None where there is none."""

    def result(self, name: str) -> Task | None:
        """A task with the result of its last run, or None where there is none."""

    def delete(self, name: str) -> None:
        """Delete a task; one that is not there raises WindowsError."""


def tasks_of(session: Session, cim: Cim) -> Tasks:
    """The tasks of a host."""
    return Tasks(CimTasks(cim), ProgramTasks(session))


class Tasks:
    """Chooses the way once, with the first task that is made."""

    def __init__(self, first: CimTasks, second: ProgramTasks) -> None:
        self._stores: tuple[Store, Store] = (first, second)

    def of(self, way: Way) -> Store:
        """The store of a way that was chosen before."""
        return next(store for store in self._stores if store.way == way)

    def register(self, name: str, stem: str, lines: Sequence[str]) -> Store:
        """Make a task by the first way that the host takes; raises WindowsError that says what each was answered."""
        refused = []
        for store in self._stores:
            try:
                store.register(name, stem, lines)
            except (WindowsError, ReadError) as exc:
                refused.append(str(exc).rstrip("."))
            else:
                return store
        raise WindowsError(f"its Task Scheduler takes no task. By CIM: {refused[0]}. By schtasks: {refused[1]}.")

    def state(self, name: str) -> Task | None:
        """See Store; for a task of which nobody knows by which way it was made."""
        return self._either(lambda store: store.state(name))

    def result(self, name: str) -> Task | None:
        """See Store; for a task of which nobody knows by which way it was made."""
        return self._either(lambda store: store.result(name))

    def _either(self, look: Callable[[Store], Task | None]) -> Task | None:
        """Ask both ways before a task is not there: where CIM has no tasks at all, it may say "not found" as well."""
        try:
            found = look(self._stores[0])
        except (WindowsError, ReadError):
            found = None
        return found or look(self._stores[1])

    def delete(self, name: str) -> None:
        """Delete a task by the first way that does it; raises WindowsError."""
        try:
            self._stores[0].delete(name)
        except (WindowsError, ReadError) as exc:
            try:
                self._stores[1].delete(name)
            except (WindowsError, ReadError) as second:
                said = f"{str(exc).rstrip('.')}; {str(second).rstrip('.')}"
                raise WindowsError(f"The task {name!r} could not be deleted: {said}.") from second
