# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CIM and schtasks both ask of Task Scheduler, and its refusals in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state import task_nodes, task_xml, tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lab.seams import Caller
    from lab.state.machine import Machine
    from lab.state.tasks import Task
    from lab.windows.host import Host

# The page "Task Scheduler Error and Success Constants"; those of Win32 are its system messages.
MESSAGES: Mapping[int, str] = {
    tasks.NOT_FOUND: "The system cannot find the file specified.",
    tasks.DENIED: "Access is denied.",
    tasks.EXISTS: "Cannot create a file when that file already exists.",
    tasks.SERVICE_NOT_RUNNING: "The Task Scheduler Service is not running.",
    tasks.NOT_RUNNING: "There is no running instance of the task.",
    tasks.TASK_DISABLED: "The task is disabled.",
    tasks.START_ON_DEMAND: "The task settings do not allow the task to start on demand.",
    task_nodes.UNEXPECTED_NODE: "The task XML contains an unexpected node.",
    task_nodes.WRONG_NAMESPACE: "The task XML contains an element or attribute from an unexpected namespace.",
    task_nodes.INVALID_VALUE: "The task XML contains a value which is incorrectly formatted or out of range.",
    task_nodes.MISSING_NODE: "The task XML is missing a required element or attribute.",
    task_nodes.MALFORMED: "The task XML is malformed.",
}


class RefusedError(Exception):
    """A refusal: its HRESULT, its sentence, and for XML where and what is wrong."""

    def __init__(self, code: int, where: str = "") -> None:
        super().__init__(MESSAGES[code])
        self.code = code
        self.where = where


def newest_schema(machine: Machine) -> tuple[int, int]:
    """The highest version a Windows takes: 1.3 came with 7; an 8.1 refuses 1.5 (docs/sources.md S13)."""
    if machine.build < 9200:
        return 1, 3
    return (1, 4) if machine.build < 10240 else (1, 6)


def register(host: Host, caller: Caller, path: str, name: str, xml: str, *, replace: bool) -> Task:
    """Register a task from its XML; raises RefusedError."""
    try:
        definition = task_xml.parse(xml, newest_schema(host.machine))
    except task_nodes.TaskXmlError as exc:
        raise RefusedError(exc.code, exc.where) from exc
    uri = definition.part("RegistrationInfo").value("URI")
    if not name and uri:
        path, dummy, name = uri.rpartition("\\")
    system = definition.user.casefold() in tasks.SYSTEM_NAMES
    if (system and not caller.administrator) or host.worlds["task_register"] == "denied" or not name:
        raise RefusedError(tasks.DENIED)
    with refusals():
        task = host.tasks.register(path, name, definition, replace=replace)
    task.mark = host.machine.rights.all()
    return task


class refusals:  # noqa: N801 - used like a function
    """Turns what the task store refuses into RefusedError."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise RefusedError for a TaskError."""
        if isinstance(error, tasks.TaskError):
            raise RefusedError(error.code) from error


def find(host: Host, caller: Caller, path: str, name: str) -> Task:
    """A task that this caller may see; raises RefusedError. Others than administrators see none of SYSTEM's [K]."""
    with refusals():
        task = host.tasks.get(path, name)
    if not caller.administrator:
        raise RefusedError(tasks.DENIED)
    return task
