# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulated programs and classes ask of their computer; Computer implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lab.faults import Faults
    from lab.seams import Caller, Effect
    from lab.state.machine import Machine
    from lab.state.tasks import TaskStore
    from lab.worlds import Worlds


class Host(Protocol):
    """One computer, seen by what runs on it."""

    machine: Machine
    worlds: Worlds
    faults: Faults
    drop_connections: bool
    exports: int
    tasks: TaskStore

    def random(self, below: int) -> int:
        """A number that is the same in every run of the lab."""

    def read(self, caller: Caller, path: str) -> bytes:
        """Read a file as this caller; raises FileError."""

    def write(self, caller: Caller, path: str, data: bytes) -> None:
        """Create or overwrite a file as this caller; raises FileError."""

    def check_write(self, caller: Caller, path: str) -> None:
        """Raise FileError 5 when this caller may not write there."""

    def change(self, effect: Effect) -> None:
        """Apply a ``state`` effect."""

    def note(self, kind: str, text: str) -> None:
        """Record something a test may ask for: ``powershell``, ``unmodelled``."""

    def once(self, name: str) -> bool:
        """True the first time it is asked for this name since the scenario was loaded."""
