# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""What earlier runs left of roll-backs: files in ``%windir%\security`` and their tasks.

An armed roll-back is left alone, however old it is: as long as its task waits, somebody may still need it.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import (
    Remains,
    Waiting,
    rehearsal_name,
    task_name,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import PREFIX, SECURITY, Chain, Files

from . import inf, leftovers
from .rollback_files import TEMPLATE, begun

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Sections

    from .session import Session
    from .task_state import Task
    from .tasks import Tasks


# The time in a stem as it was written; whoever compares names of files does so in lower case.
_LOWER = re.compile(r"t(\d{6})z")


def add_listing(chain: Chain) -> Chain:
    """Ask in a chain which files of roll-backs are there."""
    return chain.show("undo", f'2>nul dir /b "{SECURITY}\\{PREFIX}*"')


@dataclass(frozen=True)
class Left:
    """What a read met of roll-backs: those that ran, and those that are armed and have not run yet."""

    remains: tuple[Remains, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def tidy(session: Session, cim: Cim, tasks: Tasks, sections: Sections) -> Left:
    """Remove what ended more than ten minutes ago; the host is asked more only where files of ours are seen.

    Whatever the host does not tell is left to the next run.
    """
    listing = sections.section("undo")
    seen = leftovers.stems(decode(listing or b"").splitlines(), ())
    waiting = {stem for stem in seen if _armed(stem, listing) and not begun(stem, listing)}
    found = []
    for stem in leftovers.old(cim, seen, "security") if seen else ():
        try:
            task = tasks.result(task_name(_written(stem)))
            if task is not None and not task.ended:
                continue
            waiting.discard(stem)
            remains = _removed(session, tasks, _written(stem), task)
        except (ReadError, WindowsError):
            continue
        if remains is not None:
            found.append(remains)
    still = [_waiting(session, tasks, _written(stem)) for stem in sorted(waiting)]
    return Left(tuple(found), tuple(one for one in still if one is not None))


def _waiting(session: Session, tasks: Tasks, stem: str) -> Waiting | None:
    """A roll-back whose files are there, if its task is; what the host does not tell may be so."""
    try:
        if tasks.state(task_name(stem)) is None:
            return None
        files = Files(stem, SECURITY)
        sections = session.run(Chain().show("t", f"2>nul type {files.quoted(TEMPLATE)}"))
        return Waiting(task_name(stem), tuple(inf.parse(sections.section("t") or b"").by_constant))
    except (ReadError, WindowsError):
        return Waiting(task_name(stem), ())


def _written(stem: str) -> str:
    return _LOWER.sub(r"T\1Z", stem)


def _armed(stem: str, listing: bytes | None) -> bool:
    return f"{stem}.armed".lower() in decode(listing or b"").lower().split()


def _removed(session: Session, tasks: Tasks, stem: str, task: Task | None) -> Remains | None:
    if tasks.state(rehearsal_name(stem)) is not None:
        tasks.delete(rehearsal_name(stem))
    if task is not None:
        tasks.delete(task_name(stem))
    files = Files(stem, SECURITY)
    chain = Chain().show("t", f"2>nul type {files.quoted(TEMPLATE)}")
    chain.show("there", f"2>nul dir /b {files.quoted('*')}")
    sections = session.run(chain.run(files.remove()))
    return _ran(stem, task, sections)


def _ran(stem: str, task: Task | None, sections: Sections) -> Remains | None:
    """The roll-back that the files tell of: one that was armed and began; else nothing that anybody must know."""
    there = sections.section("there")
    if not _armed(stem, there) or not begun(stem, there):
        return None
    rights = tuple(inf.parse(sections.section("t") or b"").by_constant)
    return Remains(task_name(stem), rights, result=None if task is None else task.result)
