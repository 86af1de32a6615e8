# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task Scheduler of one computer: its tasks, what starts them and when, what runs (docs/sources.md S13).

Timers count the seconds of ``Clock.elapsed``; start and end boundaries are read from the clock that one can set.
What an instance does is done at the end of each of its actions, so that somebody may come between.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lab.state.clock import Clock
    from lab.state.task_xml import Action, Definition, Trigger

# TASK_STATE and the results: pages TASK_STATE and "Task Scheduler Error and Success Constants".
DISABLED, QUEUED, READY, RUNNING = 1, 2, 3, 4
HAS_NOT_RUN, IS_RUNNING, TERMINATED, IS_QUEUED = 0x41303, 0x41301, 0x41306, 0x41325
ATTEMPTED = 0x80041324  # "did not run due to one of the constraints in the task definition"
NOT_FOUND, DENIED, EXISTS = 0x80070002, 0x80070005, 0x800700B7
SERVICE_NOT_RUNNING, NOT_RUNNING, TASK_DISABLED, START_ON_DEMAND = 0x80041315, 0x8004130B, 0x80041326, 0x80041328

# How a task names SYSTEM: page "Principal.UserId" and its examples.
SYSTEM_NAMES = ("s-1-5-18", "system", "nt authority\\system", "localsystem")


class TaskError(Exception):
    """What Task Scheduler refuses, as an HRESULT."""

    def __init__(self, code: int) -> None:
        super().__init__(f"0x{code:08x}")
        self.code = code


@dataclass
class Timer:
    """A start that is due at ``due`` (seconds of Clock.elapsed) unless the computer restarts before."""

    due: float
    trigger: Trigger


@dataclass(eq=False)
class Task:
    """A registered task; ``path`` is its folder with a backslash at both ends."""

    path: str
    name: str
    definition: Definition
    enabled: bool = True
    last_run: dt.datetime | None = None
    last_result: int = HAS_NOT_RUN
    timers: list[Timer] = field(default_factory=list)
    once: set[int] = field(default_factory=set)
    """Time triggers that started it already, by their place."""
    mark: object = None
    """What the one who registered it wants to know later of that moment."""

    @property
    def key(self) -> str:
        """Its full path in lower case."""
        return f"{self.path}{self.name}".casefold()


@dataclass(eq=False)
class Instance:
    """A task that runs: which action, until when; it goes on when its task is deleted (docs/sources.md S13)."""

    task: Task
    started: dt.datetime
    index: int = 0
    """Which action runs; negative: none yet."""
    due: float = 0.0
    ends: float = 0.0
    """When it is ended whatever it does (ExecutionTimeLimit)."""
    result: int = 0


@dataclass(frozen=True)
class Manners:
    """What no document settles: how late triggers and starts are (seconds), what shows of it, what a failure does."""

    registration_late: float = 0.0
    boot_late: float = 0.0
    start_late: float = 0.0
    shows_queued: bool = False
    stop_after_failure: bool = False


class TaskStore:
    """Every task of a computer.

    Args:
        clock: its clocks.
        runs: whether the service Schedule runs.
        duration: how many seconds an action takes.
        perform: do an action and return its exit code.
    """

    def __init__(
        self,
        clock: Clock,
        runs: Callable[[], bool],
        duration: Callable[[Task, Action], float],
        perform: Callable[[Task, Action], int],
        manners: Manners,
    ) -> None:
        self._clock = clock
        self._runs = runs
        self._duration = duration
        self._perform = perform
        self._manners = manners
        self._tasks: dict[str, Task] = {}
        self.instances: list[Instance] = []
        self.waiting: list[Task] = []
        """Starts that wait for the end of another instance (policy Queue)."""
        self.started = 0
        """How many instances ever started."""
        self.on_batteries = False

    def __iter__(self) -> Iterator[Task]:
        return iter([self._tasks[key] for key in sorted(self._tasks)])

    def get(self, path: str, name: str) -> Task:
        """A task by folder and name; raises TaskError."""
        self.check_service()
        found = self._tasks.get(f"{folder(path)}{name}".casefold())
        if found is None:
            raise TaskError(NOT_FOUND)
        return found

    def check_service(self) -> None:
        """Raise TaskError where the service does not run."""
        if not self._runs():
            raise TaskError(SERVICE_NOT_RUNNING)

    def register(self, path: str, name: str, definition: Definition, *, replace: bool) -> Task:
        """Add or update a task; either starts its registration triggers; raises TaskError."""
        self.check_service()
        task = Task(folder(path), name, definition, definition.enabled)
        if task.key in self._tasks and not replace:
            raise TaskError(EXISTS)
        before = self._tasks.get(task.key)
        if before is not None:  # an update keeps what is known of the task's runs
            task.last_run, task.last_result = before.last_run, before.last_result
            for instance in self.instances:
                instance.task = task if instance.task is before else instance.task
        self._tasks[task.key] = task
        self._arm(task, "RegistrationTrigger", self._manners.registration_late)
        return task

    def _arm(self, task: Task, kind: str, late: float) -> None:
        for trigger in task.definition.triggers:
            if trigger.kind == kind and trigger.enabled:
                task.timers.append(Timer(self._clock.elapsed() + trigger.delay + late, trigger))

    def delete(self, path: str, name: str) -> None:
        """Remove a task; what runs of it goes on; raises TaskError."""
        self.drop(self.get(path, name))

    def drop(self, task: Task) -> None:
        """Remove a task whoever asks: an expired one, or one that a security product takes away."""
        self._tasks.pop(task.key, None)

    def start(self, path: str, name: str) -> None:
        """Start on demand; raises TaskError."""
        task = self.get(path, name)
        if not task.enabled:
            raise TaskError(TASK_DISABLED)
        if not task.definition.on_demand:
            raise TaskError(START_ON_DEMAND)
        self._launch(task)

    def stop(self, path: str, name: str) -> None:
        """End every instance before its action is done; raises TaskError."""
        task = self.get(path, name)
        if not any(i.task is task for i in self.instances):
            raise TaskError(NOT_RUNNING)
        self._terminate(task)

    def _terminate(self, task: Task) -> None:
        self.instances = [i for i in self.instances if i.task is not task]
        task.last_result = TERMINATED

    def state(self, task: Task) -> int:
        """Its TASK_STATE."""
        if any(i.task is task and i.index >= 0 for i in self.instances):
            return RUNNING
        if task in self.waiting or (self._manners.shows_queued and any(i.task is task for i in self.instances)):
            return QUEUED
        return READY if task.enabled else DISABLED

    def _launch(self, task: Task) -> None:
        if any(i.task is task for i in self.instances):
            policy = task.definition.policy
            if policy == "IgnoreNew":
                return
            if policy == "Queue":
                self.waiting.append(task)
                return
            if policy == "StopExisting":
                self._terminate(task)
        if self.on_batteries and not task.definition.on_batteries:
            task.last_result = ATTEMPTED
            return
        now = self._clock.elapsed()
        instance = Instance(task, self._clock.now(), ends=now + task.definition.longest)
        self.started += 1
        self.instances.append(instance)
        if self._manners.start_late:
            instance.index, instance.due = -1, now + self._manners.start_late
            task.last_result = IS_QUEUED if self._manners.shows_queued else task.last_result
        else:
            self._begin(instance, now)

    def _begin(self, instance: Instance, at: float) -> None:
        actions = instance.task.definition.actions
        if instance.index == 0:
            instance.task.last_run, instance.task.last_result = instance.started, IS_RUNNING
        if instance.index < len(actions):
            due = at + self._duration(instance.task, actions[instance.index])
            instance.due = min(due, instance.ends)
        else:
            self._end(instance)

    def _end(self, instance: Instance) -> None:
        self.instances.remove(instance)
        instance.task.last_result = instance.result
        if instance.task in self.waiting:
            self.waiting.remove(instance.task)
            self._launch(instance.task)

    def next_due(self) -> float | None:
        """When, in the seconds of Clock.elapsed, something happens next by itself; None: nothing does."""
        found = [instance.due for instance in self.instances]
        for task in self:
            found += [timer.due for timer in task.timers]
            found += [due for due, dummy in self._timed(task)]
            expiry = self._expiry(task)
            found += [] if expiry is None else [expiry]
        return min(found, default=None)

    def settle(self) -> None:
        """Do what is due, the oldest first; only running instances go on while the service is stopped."""
        for dummy in range(10_000):  # a task that starts itself for ever must not hang the lab
            if not self._step():
                return
        raise RuntimeError("scheduled tasks of the lab start one another without end")

    def _step(self) -> bool:
        now = self._clock.elapsed()
        due = [i for i in self.instances if i.due <= now]
        if due:
            self._finish_action(min(due, key=lambda i: i.due))
            return True
        return any(self._step_of(task, now) for task in list(self))

    def _finish_action(self, instance: Instance) -> None:
        actions, due = instance.task.definition.actions, instance.due
        if due >= instance.ends:
            self._terminate(instance.task)
            return
        if instance.index < 0:
            instance.index = 0
            self._begin(instance, due)
            return
        instance.due = float("inf")  # time may pass while it is done
        instance.result = self._perform(instance.task, actions[instance.index])
        if instance not in self.instances:  # the computer restarted, or somebody ended it
            return
        failed = instance.result != 0 and self._manners.stop_after_failure
        gone = self._tasks.get(instance.task.key) is not instance.task
        instance.index = len(actions) if failed or gone else instance.index + 1
        self._begin(instance, due)

    def _step_of(self, task: Task, now: float) -> bool:
        timer = next((t for t in task.timers if t.due <= now), None)
        if timer is not None:
            task.timers.remove(timer)
            self._fire(task, timer.trigger)
            return True
        for due, place in self._timed(task):
            if due <= now:
                task.once.add(place)
                self._fire(task, task.definition.triggers[place])
                return True
        expiry = self._expiry(task)
        if expiry is not None and expiry <= now and self._runs():
            self.drop(task)
            return True
        return False

    def _fire(self, task: Task, trigger: Trigger) -> None:
        ended = trigger.end is not None and self._until(trigger.end) <= 0
        if self._runs() and task.enabled and not ended:
            self._launch(task)

    def _timed(self, task: Task) -> list[tuple[float, int]]:
        """When each time trigger starts the task, by the clock as it is now; one that is over is not made up for."""
        found = []
        for place, trigger in enumerate(task.definition.triggers):
            if trigger.kind == "TimeTrigger" and trigger.enabled and trigger.start and place not in task.once:
                wait = self._until(trigger.start)
                if wait > -60:
                    found.append((self._clock.elapsed() + wait, place))
        return found

    def _expiry(self, task: Task) -> float | None:
        """When Windows removes it: after the end of all of its triggers."""
        ends = [trigger.end for trigger in task.definition.triggers if trigger.end is not None]
        after = task.definition.delete_after
        if after is None or not ends or len(ends) < len(task.definition.triggers):
            return None
        return self._clock.elapsed() + max(self._until(end) for end in ends) + after

    def _until(self, moment: dt.datetime) -> float:
        """Seconds from now, by the clock; without a zone it is local time."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self._clock.zone)
        return (aware - self._clock.now()).total_seconds()

    def booted(self) -> None:
        """The computer restarted: instances and delays are lost, boot triggers begin to count."""
        self.instances.clear()
        self.waiting.clear()
        for task in self:
            task.timers.clear()
            if task.enabled:
                self._arm(task, "BootTrigger", self._manners.boot_late)


def folder(path: str) -> str:
    """A folder of tasks with a backslash at both ends; nothing is the root."""
    name = path.strip("\\")
    return f"\\{name}\\" if name else "\\"
