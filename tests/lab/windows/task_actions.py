# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Task Scheduler starts: the programs of a task as SYSTEM, and Task Scheduler itself for one computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.seams import Caller
from lab.state import sids
from lab.state.services import RUNNING
from lab.state.tasks import SYSTEM_NAMES, Manners, TaskStore
from lab.windows import environment, expansion, programs
from lab.windows.console import Shell
from lab.windows.streams import KilledError, Memory, Streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab.state.task_xml import Action
    from lab.state.tasks import Task
    from lab.windows.host import Host

SYSTEM = Caller(
    sids.LOCAL_SYSTEM,
    "NT AUTHORITY\\SYSTEM",
    ("S-1-1-0", "S-1-5-11", sids.ADMINISTRATORS),
    administrator=True,
)
FILE_NOT_FOUND = 0x80070002
_LATE = 600.0  # seconds of the world in which a delay ends late
_QUEUED = 0.3  # seconds between a start on demand and the first action, where it is not at once
_BOOT = {"early": 0.05, "late": 60.0}
_SECONDS = {"prompt": 0.05, "slow": 3.0}


def store(host: Host) -> TaskStore:
    """Task Scheduler of a computer, in the worlds that were chosen for it."""
    worlds = host.worlds
    manners = Manners(
        registration_late=_LATE if worlds["registration_delay"] == "late" else 0.0,
        boot_late=_BOOT[worlds["boot_trigger"]],
        start_late=0.0 if worlds["task_start"] == "at_once" else _QUEUED,
        shows_queued=worlds["task_start"] == "queued",
        stop_after_failure=worlds["task_next_action"] == "skipped",
    )

    def runs() -> bool:
        service = host.machine.services.get("Schedule")
        return service is not None and service.state == RUNNING

    return TaskStore(host.machine.clock, runs, _duration(host), _perform(host), manners)


def _line(action: Action) -> str:
    return f"{action.command} {action.arguments}".strip()


def _duration(host: Host) -> Callable[[Task, Action], float]:
    def duration(task: Task, action: Action) -> float:
        took = _SECONDS[host.worlds["task_run"]]
        for effect in host.faults.fire("task.action", task=f"{task.path}{task.name}", line=_line(action)):
            if effect.kind == "hang":
                took += float(str(effect.data.get("seconds", 1)))
            elif effect.kind == "state":
                host.change(effect)
        return took

    return duration


def _perform(host: Host) -> Callable[[Task, Action], int]:
    def perform(task: Task, action: Action) -> int:
        if task.definition.user.casefold() not in SYSTEM_NAMES:
            host.note("unmodelled", f"a scheduled task of {task.definition.user or task.definition.group}")
            return FILE_NOT_FOUND
        shell = Shell(host, SYSTEM, 437, environment.of_system(host.machine), "C:\\Windows\\system32")
        command = expansion.percent(action.command, shell.variable).strip('"')
        arguments = expansion.percent(action.arguments, shell.variable)
        name = command.rpartition("\\")[2].casefold().removesuffix(".exe")
        if name == "secedit" and host.worlds["secedit_as_task"] == "fails":
            return 1
        try:
            code = programs.run(shell, f'"{command}" {arguments}', Streams(b"", Memory(), Memory()))
        except KilledError:
            return 1
        return FILE_NOT_FOUND if code == programs.NOT_FOUND else code

    return perform
