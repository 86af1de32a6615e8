# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""What earlier runs left of roll-backs: files in ``%windir%\security`` and their tasks.

An armed roll-back is left alone, however old it is: as long as its task waits, somebody may still need it.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Remains, rehearsal_name, task_name
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


def tidy(session: Session, cim: Cim, tasks: Tasks, sections: Sections) -> tuple[Remains, ...]:
    """Remove what ended more than ten minutes ago; the host is asked more only where files of ours are seen.

    Gives the roll-backs that ran. Whatever the host does not tell is left to the next run.
    """
    seen = leftovers.stems(decode(sections.section("undo") or b"").splitlines(), ())
    found = []
    for stem in leftovers.old(cim, seen, "security") if seen else ():
        try:
            remains = _removed(session, tasks, _LOWER.sub(r"T\1Z", stem))
        except (ReadError, WindowsError):
            continue
        if remains is not None:
            found.append(remains)
    return tuple(found)


def _removed(session: Session, tasks: Tasks, stem: str) -> Remains | None:
    task = tasks.result(task_name(stem))
    if task is not None and not task.ended:
        return None
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
    if f"{stem}.armed".lower() not in decode(there or b"").lower().split() or not begun(stem, there):
        return None
    rights = tuple(inf.parse(sections.section("t") or b"").by_constant)
    return Remains(task_name(stem), rights, result=None if task is None else task.result)
