# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of the task that puts user rights back (Microsoft, Task Scheduler Schema, version 1.2: Windows Vista on).

It names Windows' own programs by absolute path and SIDs only; it has no password and hides nothing. Letters that need
no care on a command line, so that the same text goes by CIM and by a file.
"""

from __future__ import annotations

import datetime
import typing as t
from xml.sax.saxutils import escape

from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import task_name

from .rollback_files import AGAIN, TEMPLATE

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Rollback

_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_SYSTEM = "S-1-5-18"
# After this the host forgets a roll-back that neither ran nor was taken back.
LASTS = datetime.timedelta(days=7)
_FEW = 5


def rehearsal(stem: str, windir: str) -> tuple[str, ...]:
    """The task with the action and no trigger: it runs when it is started."""
    said = "A rehearsal: it writes the user rights that are there already and is removed at once."
    return _task(said, (), (_restore(stem, windir),), expires=False)


def armed(rollback: Rollback, stem: str, windir: str, now: datetime.datetime) -> tuple[str, ...]:
    """The task that counts from its registration, or runs at the next boot, and then removes itself.

    ``now`` is the host's own clock. A delay needs no clock; it is lost at a restart, which the other trigger covers.
    """
    ends = (now + LASTS).astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    end = f"<EndBoundary>{ends}</EndBoundary>"
    triggers = (
        f"<RegistrationTrigger>{end}<Delay>PT{rollback.seconds}S</Delay></RegistrationTrigger>",
        f"<BootTrigger>{end}</BootTrigger>",
    )
    remove = _exec(f"{windir}\\System32\\schtasks.exe", f'/delete /tn "{task_name(stem)}" /f')
    said = (
        f"Puts back who held {_listed(rollback)} unless the Ansible task that changed it confirms within "
        f"{rollback.seconds} seconds. Started by hand it does so now; deleted, the change stays."
    )
    # Twice: a secedit that finds another one at work may fail, and after the last action there is no task any more.
    actions = (_restore(stem, windir), _restore(stem, windir, AGAIN), remove)
    return _task(said, triggers, actions, expires=True)


def _listed(rollback: Rollback) -> str:
    rights = tuple(rollback.lines)
    return ", ".join(rights) if len(rights) <= _FEW else f"{len(rights)} user rights"


def _restore(stem: str, windir: str, which: str = "") -> str:
    files = f"{windir}\\security\\{stem}"
    own = f"{files}.{which}"
    return _exec(
        f"{windir}\\System32\\secedit.exe",
        f"/configure /db {own}sdb /cfg {files}.{TEMPLATE} /overwrite /areas USER_RIGHTS /log {own}log /quiet",
    )


def _exec(command: str, arguments: str) -> str:
    written = escape(arguments, {'"': "&quot;"})
    return f"<Exec><Command>{escape(command)}</Command><Arguments>{written}</Arguments></Exec>"


def _task(said: str, triggers: Sequence[str], actions: Sequence[str], *, expires: bool) -> tuple[str, ...]:
    """The lines of a task. It runs on batteries too (a server on a UPS), once at a time, five minutes at most."""
    return (
        f'<Task version="1.2" xmlns="{_NAMESPACE}">',
        f"<RegistrationInfo><Author>winmail.exchange</Author><Description>{escape(said)}</Description>",
        "</RegistrationInfo>",
        "<Triggers>",
        *triggers,
        "</Triggers>",
        f'<Principals><Principal id="Author"><UserId>{_SYSTEM}</UserId><RunLevel>HighestAvailable</RunLevel>',
        "</Principal></Principals>",
        "<Settings>",
        "<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
        "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
        "<AllowStartOnDemand>true</AllowStartOnDemand>",
        "<Enabled>true</Enabled><Hidden>false</Hidden>",
        "<ExecutionTimeLimit>PT5M</ExecutionTimeLimit>",
        *(("<DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>",) if expires else ()),
        "</Settings>",
        '<Actions Context="Author">',
        *actions,
        "</Actions></Task>",
    )
