# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks by CIM: ``PS_ScheduledTask`` and ``MSFT_ScheduledTask``, on which Windows' own module for tasks stands.

No process is started for it, no line is written, no language matters. From Windows 8 and Server 2012 on
(docs/sources.md S12).
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_number

from .task_state import Task

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Way
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import Row

NAMESPACE = "root/Microsoft/Windows/TaskScheduler"
_ROOT = "\\"
# The fault of WS-Management, WBEM_E_NOT_FOUND, and "file not found", which the Task Scheduler says of a task.
_ABSENT = frozenset({faults.NOT_FOUND, 0x80041002, 0x80070002})


class CimTasks:
    """Implements Store by CIM."""

    way: Way = "cim"

    def __init__(self, cim: Cim) -> None:
        self._cim = cim

    def register(self, name: str, stem: str, lines: Sequence[str]) -> None:
        """See Store."""
        del stem
        arguments = {"Force": "true", "TaskName": name, "TaskPath": _ROOT, "Xml": "\r\n".join(lines)}
        self._call("RegisterByXml", arguments)

    def start(self, name: str) -> None:
        """See Store."""
        self._call("StartByPath", {"TaskName": name, "TaskPath": _ROOT})

    def state(self, name: str) -> Task | None:
        """See Store."""
        row = _or_none(lambda: self._cim.get("MSFT_ScheduledTask", _keys(name), NAMESPACE))
        return None if row is None else Task(as_number(row.get("State")), None)

    def result(self, name: str) -> Task | None:
        """See Store."""
        row = _or_none(lambda: self._call("GetInfoByName", _keys(name)))
        if row is None:
            return None
        info = next((value for key, value in row.items() if key.lower() == "cmdletoutput"), None)
        return Task(None, as_number(info.get("LastTaskResult")) if isinstance(info, dict) else None)

    def delete(self, name: str) -> None:
        """See Store."""
        self._cim.delete("MSFT_ScheduledTask", _keys(name), NAMESPACE)

    def _call(self, method: str, arguments: dict[str, str]) -> Row:
        row = self._cim.invoke("PS_ScheduledTask", method, arguments, namespace=NAMESPACE)
        code = as_number(row.get("ReturnValue"))
        if code is None:
            raise ReadError(f"{method} of PS_ScheduledTask answered without a result.")
        if code != 0:
            code &= 0xFFFFFFFF
            raise WindowsError(f"{method} of PS_ScheduledTask ended with 0x{code:08X}.", code=code)
        return row


def _keys(name: str) -> dict[str, str]:
    return {"TaskName": name, "TaskPath": _ROOT}


def _or_none(ask: Callable[[], Row | None]) -> Row | None:
    """The answer, or None where the task is not there."""
    try:
        return ask()
    except WindowsError as exc:
        if exc.codes & _ABSENT:
            return None
        raise
