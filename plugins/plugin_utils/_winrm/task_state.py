# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one task of the Task Scheduler, whichever way it was asked for."""

from __future__ import annotations

from dataclasses import dataclass

# Task Scheduler Error and Success Constants (winerror.h): not yet run; runs; waits for its turn.
NOT_RUN, RUNS, QUEUED = 267011, 267009, 267045
# MSFT_ScheduledTask.State, as TASK_STATE.
_READY, _RUNNING, _WAITING = 3, 4, 2


@dataclass(frozen=True)
class Task:
    """A task: its state (TASK_STATE; None: not told) and the result of its last run (None: not told)."""

    state: int | None
    result: int | None

    @property
    def running(self) -> bool:
        """Whether it runs now, or is about to."""
        return self.state in (_RUNNING, _WAITING) or self.result in (RUNS, QUEUED)

    @property
    def ready(self) -> bool:
        """Whether it waits for its triggers, as far as the host tells."""
        return self.state in (_READY, None) and not self.running

    @property
    def ended(self) -> bool:
        """Whether it ran and ended."""
        return not self.running and self.result not in (NOT_RUN, None)
