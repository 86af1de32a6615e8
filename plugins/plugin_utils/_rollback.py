# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself: what is asked of a host for it, the roll-back that it keeps, what became of that."""

from __future__ import annotations

import datetime
import typing as t
from collections.abc import Collection, Mapping
from dataclasses import dataclass

# How a task of the host is made and watched: by CIM, or by Windows' own program for it.
Way = t.Literal["cim", "schtasks"]


@dataclass(frozen=True)
class Rollback:
    """What a host is to put back: the SIDs that held each right (none: nobody), and after how many seconds."""

    lines: Mapping[str, tuple[str, ...]]
    seconds: int


@dataclass(frozen=True)
class Rehearsed:
    """A roll-back that lies on the host and that the host has run once, to no effect; it is not armed.

    ``stem`` names its files and its task, ``windir`` is where Windows is. ``named`` are the SIDs that the log of the
    rehearsal names, as ``witness`` is called in a message: whoever kept or lost one of the rights by it.
    """

    rollback: Rollback
    stem: str
    windir: str
    way: Way
    named: frozenset[str] = frozenset()
    witness: str = ""

    @property
    def task(self) -> str:
        """The name of the task that the host is to run."""
        return task_name(self.stem)


@dataclass(frozen=True)
class Identity:
    """Who a connection logged on as, and the NetBIOS name of the computer that took it; None where it was not told."""

    sid: str | None
    computer: str


@dataclass(frozen=True)
class Disarmed:
    """What was met when a roll-back was taken back: no task and no file of it is on the host any more.

    ``found``: its task was there; ``ran``: the host had begun to run it. ``named`` are the SIDs that its log names,
    ``said`` what Windows said of it, as clauses. ``left`` are files that could not be removed.
    """

    found: bool
    ran: bool
    named: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remains:
    """What was found and removed of a roll-back that the host ran for an earlier task.

    ``rights`` are those that it was to put back (empty: not known); ``touched`` is when its files were last written, by
    the host's clock; ``result`` is the exit code of a task that was still there.
    """

    task: str
    rights: tuple[str, ...]
    touched: datetime.datetime | None = None
    result: int | None = None


@dataclass(frozen=True)
class Waiting:
    """A roll-back of somebody else that is armed, and the rights that it will put back (empty: not known)."""

    task: str
    rights: tuple[str, ...]

    def touches(self, rights: Collection[str]) -> bool:
        """Whether it may put one of these rights back."""
        return not self.rights or not set(self.rights).isdisjoint(rights)


class Rollbacks(t.Protocol):
    """A change that undoes itself; each step is proven on the host before it returns."""

    def rehearse_rollback(self, rollback: Rollback) -> Rehearsed:
        """Put the old lines on the host and let it run them once, as it would; the rights are as before.

        Raises MovedError where the rights are not those of the roll-back, anything else where this host cannot do it.
        """

    def arm_rollback(self, rehearsed: Rehearsed) -> None:
        """From now on the host puts the lines back after the time, or at its next boot; again: counts anew."""

    def run_rollback(self, rehearsed: Rehearsed) -> None:
        """Let the host put the lines back now, and wait until it has."""

    def disarm_rollback(self, rehearsed: Rehearsed) -> Disarmed:
        """Take it back, armed or not, once it does not run; proves that nothing of it is left to run."""

    def log_on_anew(self) -> str:
        """Forget the connection and make a new one with a logon of its own; the NetBIOS name of who took it.

        Raises UnreachableError. Who logged on is asked with the next read (RightsQuery.caller).
        """


def task_name(stem: str) -> str:
    """The name of the task whose files have this stem: plain, for whoever finds it on a host."""
    return f"winmail restores user rights unless confirmed {stem.removeprefix('winmail-')}"


def rehearsal_name(stem: str) -> str:
    """The name of the task that rehearses it."""
    return f"winmail restores user rights unless confirmed, rehearsal {stem.removeprefix('winmail-')}"
