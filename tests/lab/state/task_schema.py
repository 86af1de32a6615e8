# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of tasks as far as this lab checks it: elements, their order, values (docs/sources.md S13).

The page "Task Scheduler Schema" prints it whole: sections and settings come in any order, the children of a trigger
in a fixed one. What came with version 1.3 or 1.4 is refused in a task that declares an older one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state.task_nodes import INVALID_VALUE, MISSING_NODE, UNEXPECTED_NODE, Node, TaskXmlError, moment, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_BASE = "Enabled StartBoundary EndBoundary Repetition ExecutionTimeLimit"
TRIGGERS: Mapping[str, str] = {
    "BootTrigger": f"{_BASE} Delay",
    "RegistrationTrigger": f"{_BASE} Delay",
    "IdleTrigger": _BASE,
    "TimeTrigger": f"{_BASE} RandomDelay",
    "EventTrigger": f"{_BASE} Subscription Delay PeriodOfOccurrence NumberOfOccurrences MatchingElement ValueQueries",
    "LogonTrigger": f"{_BASE} UserId Delay",
    "SessionStateChangeTrigger": f"{_BASE} UserId Delay StateChange",
    "CalendarTrigger": (f"{_BASE} RandomDelay ScheduleByDay ScheduleByWeek ScheduleByMonth ScheduleByMonthDayOfWeek"),
}
_ACTIONS = {
    "Exec": "Command Arguments WorkingDirectory",
    "ComHandler": "ClassId Data",
    "SendEmail": "Server Subject To Cc Bcc ReplyTo From HeaderFields Body Attachments",
    "ShowMessage": "Title Body",
}
_SECTIONS = {
    "RegistrationInfo": "URI SecurityDescriptor Source Date Author Version Description Documentation",
    "Settings": (
        "AllowStartOnDemand RestartOnFailure MultipleInstancesPolicy DisallowStartIfOnBatteries StopIfGoingOnBatteries "
        "AllowHardTerminate StartWhenAvailable NetworkProfileName RunOnlyIfNetworkAvailable WakeToRun Enabled Hidden "
        "DeleteExpiredTaskAfter IdleSettings NetworkSettings ExecutionTimeLimit Priority RunOnlyIfIdle "
        "UseUnifiedSchedulingEngine DisallowStartOnRemoteAppSession MaintenanceSettings Volatile"
    ),
    "Principals": "Principal",
}
_PRINCIPAL = "UserId LogonType GroupId DisplayName RunLevel ProcessTokenSidType RequiredPrivileges"
# The first version of the schema that has an element.
_SINCE = {
    "UseUnifiedSchedulingEngine": (1, 3),
    "DisallowStartOnRemoteAppSession": (1, 3),
    "ProcessTokenSidType": (1, 3),
    "RequiredPrivileges": (1, 3),
    "MaintenanceSettings": (1, 4),
    "Volatile": (1, 4),
}
_SWITCHES = (
    "AllowStartOnDemand",
    "DisallowStartIfOnBatteries",
    "StopIfGoingOnBatteries",
    "AllowHardTerminate",
    "StartWhenAvailable",
    "RunOnlyIfNetworkAvailable",
    "WakeToRun",
    "Enabled",
    "Hidden",
    "RunOnlyIfIdle",
)
_TRUTH = ("true", "false", "1", "0")
_VALUES = {
    "MultipleInstancesPolicy": ("Parallel", "Queue", "IgnoreNew", "StopExisting"),
    "LogonType": ("S4U", "Password", "InteractiveToken", "InteractiveTokenOrPassword"),
    "RunLevel": ("LeastPrivilege", "HighestAvailable"),
    "Priority": tuple(str(number) for number in range(11)),
    **dict.fromkeys(_SWITCHES, _TRUTH),
}
_DURATIONS = ("Delay", "RandomDelay", "ExecutionTimeLimit", "DeleteExpiredTaskAfter")
LONGEST_PATH = 260  # pathType
MOST_ACTIONS, MOST_TRIGGERS = 32, 48


def check(root: Node, version: tuple[int, int]) -> None:
    """Hold a task against the schema; raises TaskXmlError."""
    _children(root, " ".join([*_SECTIONS, "Triggers Data Actions"]), version)
    for name, allowed in _SECTIONS.items():
        section = root.child(name)
        if section is not None:
            _children(section, allowed, version)
    for principal in _of(root, "Principals"):
        _children(principal, _PRINCIPAL, version)
    _triggers(root, version)
    _actions(root, version)


def _of(root: Node, name: str) -> list[Node]:
    section = root.child(name)
    return [] if section is None else section.children


def _children(node: Node, allowed: str, version: tuple[int, int]) -> None:
    known = allowed.split()
    seen: set[str] = set()
    for child in node.children:
        late = _SINCE.get(child.name, (1, 0)) > version
        if child.name not in known or child.name in seen or late:
            raise child.refused(UNEXPECTED_NODE)
        seen.add(child.name)
        if child.name in _VALUES and child.text.strip() not in _VALUES[child.name]:
            raise child.refused(INVALID_VALUE)
        if child.name in _DURATIONS:
            seconds(child)
        if child.name in ("StartBoundary", "EndBoundary", "Date"):
            moment(child)


def _triggers(root: Node, version: tuple[int, int]) -> None:
    for number, trigger in enumerate(_of(root, "Triggers")):
        if trigger.name not in TRIGGERS or number >= MOST_TRIGGERS:
            raise trigger.refused(UNEXPECTED_NODE)
        order = TRIGGERS[trigger.name].split()
        _children(trigger, TRIGGERS[trigger.name], version)
        places = [order.index(child.name) for child in trigger.children]
        for before, child, place in zip(places, trigger.children[1:], places[1:], strict=False):
            if place < before:
                raise child.refused(UNEXPECTED_NODE)
        if trigger.name in ("TimeTrigger", "CalendarTrigger") and trigger.child("StartBoundary") is None:
            raise TaskXmlError(MISSING_NODE, f"({trigger.line},{trigger.column}):StartBoundary:")


def _actions(root: Node, version: tuple[int, int]) -> None:
    actions = root.child("Actions")
    if actions is None or not actions.children:
        raise TaskXmlError(MISSING_NODE, f"({root.line},{root.column}):Actions:")
    for number, action in enumerate(actions.children):
        if action.name not in _ACTIONS or number >= MOST_ACTIONS:
            raise action.refused(UNEXPECTED_NODE)
        _children(action, _ACTIONS[action.name], version)
        command = action.child("Command")
        if action.name == "Exec" and (command is None or not command.text.strip()):
            raise TaskXmlError(MISSING_NODE, f"({action.line},{action.column}):Command:")
        if command is not None and len(command.text.strip()) > LONGEST_PATH:
            raise command.refused(INVALID_VALUE)
