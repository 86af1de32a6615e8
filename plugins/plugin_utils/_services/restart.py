# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The restart itself: stop, wait, start, wait; and when a step fails, start again what was stopped.

Works on a Host and on a clock that tests can turn.
"""

from __future__ import annotations

import contextlib
import time
import typing as t
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    HalfDoneError,
    InputError,
    ReadError,
    UnreachableError,
    WindowsError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host, Service

from . import story
from .plan import RUNNING, STOPPED, Restart

_PAUSES = (0.3, 0.5, 1.0, 2.0)
# A start that was accepted may show Stopped for a moment; seen this often in a row, the service has given up.
_GAVE_UP = 3
# How long (seconds) to start things again when the task is being cut off, or has waited for a service in vain.
_HASTE = 30.0
# Seconds after which somebody who waits is told how far it is.
_PATIENCE = 10.0


@dataclass
class Clock:
    """Time as the restart sees it, in seconds; tests put their own in."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def _to_nobody(line: str) -> None:
    del line


class _StepError(WinmailError):
    """One service did not do what it was asked; becomes an ApplyError once the others are looked after."""


class _HungError(_StepError):
    """One service used up the whole time; nothing waits for it a second time."""


@dataclass
class Restarter:
    """Carries out one plan; ``timeout`` is how long (seconds) each service may take to stop or to start.

    The first one that takes longer ends the restart: the others are looked after in half a minute at most.
    """

    host: Host
    timeout: float
    clock: Clock = field(default_factory=Clock)
    stopped: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    # The service that was asked to stop and was not yet seen to have stopped.
    stopping: str | None = None
    # Gets a line about a long wait now and then.
    tell: Callable[[str], None] = field(default=_to_nobody)

    def run(self, restart: Restart) -> None:
        """Stop and start everything in order.

        Raises ApplyError that says what failed, what was started again and what is down; UnreachableError, with the
        services that may be down, when the connection is lost.
        """
        try:
            for name in restart.stop:
                self._stop(name)
            for name in restart.start:
                self._start(name, self.clock.now() + self.timeout)
        except WinmailError as exc:
            raise self._failed(restart, exc) from exc
        except BaseException:
            # Ctrl-C or the task's own timeout: nobody waits for a story, but nothing may stay down.
            with contextlib.suppress(WinmailError):
                self.host.reconnect()  # the call that was cut off leaves the old connection in no state to go on
                self._recover(self._unfinished(restart), self.clock.now() + min(self.timeout, _HASTE))
            raise

    def _stop(self, name: str) -> None:
        self.stopping = name
        answer = self.host.stop_service(name)
        state = self._state(name)
        if answer.kind not in ("accepted", "late") and state == RUNNING:
            self.stopping = None
            raise _StepError(f"{name} could not be stopped (code {answer.code}: {answer.meaning})")
        self._wait_stopped(name, self.clock.now() + self.timeout, state)
        self.stopped.append(name)
        self.stopping = None

    def _wait_stopped(self, name: str, deadline: float, state: str) -> None:
        for pause in self._pauses(deadline, f"{name} is to stop"):
            if state == STOPPED:
                return
            self.clock.sleep(pause)
            state = self._state(name)
        if state != STOPPED:
            raise _HungError(f"{name} did not stop within {self.timeout:g} seconds; its state is {state}")

    def _start(self, name: str, deadline: float) -> None:
        answer = self.host.start_service(name)
        if answer.kind == "refused":
            raise _StepError(f"{name} could not be started (code {answer.code}: {answer.meaning})")
        state, stopped_in_a_row = self._state(name), 0
        for pause in self._pauses(deadline, f"{name} is to start"):
            stopped_in_a_row = stopped_in_a_row + 1 if state == STOPPED else 0
            if state == RUNNING or stopped_in_a_row == _GAVE_UP:
                break
            self.clock.sleep(pause)
            state = self._state(name)
        if state != RUNNING:
            kind = _StepError if state == STOPPED else _HungError
            raise kind(f"{name} was started (code {answer.code}) and is not running; its state is {state}")
        self.started.append(name)

    def _pauses(self, deadline: float, waiting: str) -> Iterator[float]:
        """Pauses between two looks, longer each time, until the deadline; never more than 100,000."""
        begun = told = self.clock.now()
        for index in range(100_000):
            now = self.clock.now()
            left = deadline - now
            if left <= 0:
                return
            if now - told >= _PATIENCE:
                told = now
                self.tell(f"{waiting}, for {now - begun:.0f} s now; it may take {left:.0f} s more")
            yield min(_PAUSES[min(index, len(_PAUSES) - 1)], left)

    def _state(self, name: str) -> str:
        return self._states([name]).get(name.lower(), "not found")

    def _states(self, names: Sequence[str]) -> dict[str, str]:
        services = self.host.services(names) if names else ()
        return {service.name.lower(): service.state for service in services}

    def _failed(self, restart: Restart, first: WinmailError) -> WinmailError:
        """Start again whatever we stopped, and tell the whole story; the first error leads."""
        told = f"The restart of {restart.target.name} failed: {str(first).rstrip('.')}."
        ours = self._ours(restart)
        try:
            if isinstance(first, UnreachableError):
                self.host.reconnect()
            troubles = self._recover(self._unfinished(restart), self._until(first), hung=isinstance(first, _HungError))
            states = self._states(ours)
        except UnreachableError as exc:
            doubtful = self._unfinished(restart)
            return HalfDoneError(
                f"{told} The connection to the host is lost ({str(exc).rstrip('.')}); services that were stopped and "
                f"may be down: {', '.join(doubtful) or 'none'}.{story.may_be_down(doubtful)}"
            )
        except WinmailError as exc:
            return ApplyError(
                f"{told} What runs now could not be read ({str(exc).rstrip('.')}); "
                f"stopped before: {', '.join(ours) or 'none'}.{story.may_be_down(ours)}"
            )
        # What fails again in the same way is told already.
        return ApplyError(f"{told} {story.ending(ours, states, [one for one in troubles if one not in told])}")

    def _until(self, first: WinmailError) -> float:
        """Until when to look after the others: a service that hangs has cost its whole time already."""
        return self.clock.now() + (min(self.timeout, _HASTE) if isinstance(first, _HungError) else self.timeout)

    def _ours(self, restart: Restart) -> list[str]:
        """What we stopped or asked to stop, in the order of starting."""
        return [name for name in restart.start if name in self.stopped or name == self.stopping]

    def _unfinished(self, restart: Restart) -> list[str]:
        return [name for name in self._ours(restart) if name not in self.started]

    def _recover(self, names: Sequence[str], deadline: float, *, hung: bool = False) -> list[str]:
        """Start ``names`` in this order; returns what went wrong, raises UnreachableError for a lost connection.

        Where one ``hung``, what is between two states is looked at once more at the end, and not waited for again.
        """
        left, troubles = self._look_after(names, deadline, wait=not hung)
        return [*troubles, *self._look_after(left, deadline, wait=False)[1]]

    def _look_after(self, names: Sequence[str], deadline: float, *, wait: bool) -> tuple[list[str], list[str]]:
        """Start ``names``; who was left between two states, and what went wrong."""
        left, troubles = [], []
        for name in names:
            try:
                state = self._state(name)
                if state not in (STOPPED, RUNNING) and not wait:
                    left.append(name)
                    continue
                if name == self.stopping and state not in (STOPPED, RUNNING):
                    self._wait_stopped(name, deadline, state)
                    state = STOPPED
                if state != RUNNING:
                    self._start(name, deadline)
            except UnreachableError:
                raise
            except WinmailError as exc:
                # Only our own errors name the service.
                who = "" if isinstance(exc, _StepError) else f"{name}: "
                troubles.append(f"{who}{str(exc).rstrip('.')}.")
        return left, troubles


def find(host: Host, name: str) -> Service:
    """The service with this key name, in any case; raises InputError where there is none."""
    found = host.services([name])
    if not found:
        raise InputError(
            f"There is no service {name!r} on this computer. Use its key name (services.msc shows it as Service name)."
        )
    return found[0]


def snapshot(host: Host, service: Service) -> dict[str, t.Any]:
    """State, process and start time (ISO 8601, UTC) of a service; None where it has no process or was not told."""
    process = None
    if service.process_id:
        # The process is only for people to compare: not being told never stops a restart.
        with contextlib.suppress(ReadError, WindowsError):
            process = host.service_process(service.process_id)
    started = process.started_at if process is not None else None
    return {
        "state": service.state,
        "process_id": service.process_id or None,
        "started_at": started.strftime("%Y-%m-%dT%H:%M:%SZ") if started is not None else None,
    }


def summary(plan: Restart, before: dict[str, t.Any], after: dict[str, t.Any] | None) -> dict[str, t.Any]:
    """The result of a restart that was carried out, or of one in check mode (``after`` is None).

    A finished restart did what was planned, in that order: everything else is an error. ``new_process`` is None where
    the processes could not be compared.
    """
    new_process = None
    if after is not None and before["process_id"] is None:
        new_process = True
    elif after is not None and before["started_at"] is not None and after["started_at"] is not None:
        new_process = (before["process_id"], before["started_at"]) != (after["process_id"], after["started_at"])
    return {
        "changed": True,
        "name": plan.target.name,
        "display_name": plan.target.display_name,
        "stopped": list(plan.stop),
        "started": list(plan.start),
        "before": before,
        "after": after,
        "new_process": new_process,
    }
