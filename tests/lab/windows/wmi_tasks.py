# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PS_ScheduledTask and MSFT_ScheduledTask: Task Scheduler by CIM (docs/sources.md S13)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lab.seams import CimInstance, CimValue, WmiError
from lab.state import task_text, tasks
from lab.windows import task_requests
from lab.windows.cim import CimClass, Context, Row, argument, words
from lab.windows.task_requests import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lab.state.task_xml import Trigger
    from lab.state.tasks import Task

NAMESPACE = "root/Microsoft/Windows/TaskScheduler"
SERVER_2012 = 9200
_TASK = words(
    "Actions Author Date Description Documentation Principal SecurityDescriptor Settings Source State TaskName "
    "TaskPath Triggers URI Version"
)
_TRIGGER_CLASSES = {
    "BootTrigger": "MSFT_TaskBootTrigger",
    "RegistrationTrigger": "MSFT_TaskRegistrationTrigger",
    "TimeTrigger": "MSFT_TaskTimeTrigger",
}
_POLICIES = {"Parallel": 0, "Queue": 1, "IgnoreNew": 2, "StopExisting": 3}
_NEVER = dt.datetime(1999, 11, 30)  # noqa: DTZ001 - what Windows shows of a task that never ran, in its own zone


def namespace_exists(context: Context) -> bool:
    """Windows 8 and Server 2012 brought it (the module ScheduledTasks names them as the oldest)."""
    return context.host.machine.build >= SERVER_2012 and context.host.worlds["cim_tasks"] == "works"


def _text(arguments: Mapping[str, CimValue], name: str) -> str:
    value = argument(arguments, name)
    return "" if value is None else str(value)


def _refused(error: RefusedError, operation: str, parameter: str) -> WmiError:
    message = f"{error}\r\n{error.where}" if error.where else str(error)
    return WmiError("hresult", f"{message} ", operation, parameter, error.code)


def _named(context: Context, arguments: Mapping[str, CimValue], method: str) -> Task:
    path, name = _text(arguments, "TaskPath"), _text(arguments, "TaskName")
    try:
        return task_requests.find(context.host, context.caller, path, name)
    except RefusedError as exc:
        raise _refused(exc, "ExecMethod", f"PS_ScheduledTask::{method}") from exc


def _embedded(name: str, **properties: CimValue) -> CimInstance:
    return CimInstance(NAMESPACE, name, properties)


def _task(context: Context, task: Task) -> CimInstance:
    return CimInstance(NAMESPACE, "MSFT_ScheduledTask", {key: _row(context, task).get(key) for key in _TASK})


def _row(context: Context, task: Task) -> Row:
    info = task.definition.part("RegistrationInfo")
    said = {name: info.value(name) or None for name in words("Author Date Description Documentation Source Version")}
    return {
        **said,
        "Actions": [
            _embedded(
                "MSFT_TaskExecAction",
                Id=None,
                Arguments=action.arguments or None,
                Execute=action.command,
                WorkingDirectory=action.folder or None,
            )
            for action in task.definition.actions
        ],
        "Principal": _principal(context, task),
        "SecurityDescriptor": info.value("SecurityDescriptor") or None,
        "Settings": _settings(task),
        "State": context.host.tasks.state(task),
        "TaskName": task.name,
        "TaskPath": task.path,
        "Triggers": [_trigger(trigger) for trigger in task.definition.triggers],
        "URI": info.value("URI") or f"{task.path}{task.name}",
    }


def _principal(context: Context, task: Task) -> CimInstance:
    node = task.definition.part("Principals").child("Principal")
    known = context.host.machine.lsa.sid_to_name(task.definition.user)
    return _embedded(
        "MSFT_TaskPrincipal2",
        DisplayName=node.value("DisplayName") or None if node else None,
        GroupId=task.definition.group or None,
        Id=node.attributes.get("id") if node else None,
        LogonType=5,  # TASK_LOGON_SERVICE_ACCOUNT
        RunLevel=1 if node and node.value("RunLevel") == "HighestAvailable" else 0,
        UserId=known.name if known else task.definition.user or None,
        ProcessTokenSidType=0,
        RequiredPrivilege=None,
    )


def _settings(task: Task) -> CimInstance:
    said = task.definition.part("Settings")
    values = {name: said.value(name, default) for name, default in task_text.DEFAULTS}
    return _embedded(
        "MSFT_TaskSettings3",
        AllowDemandStart=values["AllowStartOnDemand"] == "true",
        AllowHardTerminate=values["AllowHardTerminate"] == "true",
        DeleteExpiredTaskAfter=said.value("DeleteExpiredTaskAfter") or None,
        DisallowStartIfOnBatteries=values["DisallowStartIfOnBatteries"] == "true",
        Enabled=task.enabled,
        ExecutionTimeLimit=values["ExecutionTimeLimit"],
        Hidden=values["Hidden"] == "true",
        MultipleInstances=_POLICIES[values["MultipleInstancesPolicy"]],
        Priority=int(values["Priority"]),
        RunOnlyIfIdle=values["RunOnlyIfIdle"] == "true",
        RunOnlyIfNetworkAvailable=values["RunOnlyIfNetworkAvailable"] == "true",
        StartWhenAvailable=values["StartWhenAvailable"] == "true",
        StopIfGoingOnBatteries=values["StopIfGoingOnBatteries"] == "true",
        WakeToRun=values["WakeToRun"] == "true",
    )


def _trigger(trigger: Trigger) -> CimInstance:
    node = trigger.node
    return _embedded(
        _TRIGGER_CLASSES.get(trigger.kind, "MSFT_TaskTrigger"),
        Enabled=trigger.enabled,
        EndBoundary=node.value("EndBoundary") or None,
        ExecutionTimeLimit=node.value("ExecutionTimeLimit") or None,
        Id=node.attributes.get("id"),
        Repetition=None,
        StartBoundary=node.value("StartBoundary") or None,
        Delay=node.value("Delay") or None,
    )


def _register(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del row
    force = _text(arguments, "Force").casefold() in ("true", "1")
    try:
        if context.host.worlds["task_register"] == "cim_refused":
            raise WmiError("failed", "Provider failure ", "ExecMethod", "PS_ScheduledTask::RegisterByXml")
        task = task_requests.register(
            context.host,
            context.caller,
            _text(arguments, "TaskPath"),
            _text(arguments, "TaskName"),
            _text(arguments, "Xml"),
            replace=force,
        )
    except RefusedError as exc:
        raise _refused(exc, "ExecMethod", "PS_ScheduledTask::RegisterByXml") from exc
    return {"cmdletOutput": _task(context, task), "ReturnValue": 0}


def _on_store(
    method: str, act: Callable[[Context, Task], None]
) -> Callable[[Context, Row, Mapping[str, CimValue]], Row]:
    def run(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
        del row
        task = _named(context, arguments, method)
        try:
            with task_requests.refusals():
                act(context, task)
        except RefusedError as exc:
            raise _refused(exc, "ExecMethod", f"PS_ScheduledTask::{method}") from exc
        return {"ReturnValue": 0}

    return run


def _switch(method: str, *, on: bool) -> Callable[[Context, Row, Mapping[str, CimValue]], Row]:
    def run(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
        del row
        task = _named(context, arguments, method)
        task.enabled = on
        if not on:
            task.timers.clear()
        return {"cmdletOutput": _task(context, task), "ReturnValue": 0}

    return run


def _info(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    """TaskName and TaskPath come back as they were asked for (a transcript of Windows 11 has TaskPath null)."""
    del row
    task = _named(context, arguments, "GetInfoByName")
    clock = context.host.machine.clock
    ran = clock.local(task.last_run) if task.last_run else _NEVER.replace(tzinfo=clock.zone)
    info = _embedded(
        "MSFT_TaskDynamicInfo",
        LastRunTime=ran,
        LastTaskResult=task.last_result,
        NextRunTime=None,
        NumberOfMissedRuns=0,
        TaskName=argument(arguments, "TaskName"),
        TaskPath=argument(arguments, "TaskPath"),
    )
    return {"cmdletOutput": info, "ReturnValue": 0}


def _export(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del row
    task = _named(context, arguments, "ExportByName")
    return {"cmdletOutput": task_text.exported(task), "ReturnValue": 0}


def _rows(context: Context) -> Iterator[Row]:
    try:
        with task_requests.refusals():
            context.host.tasks.check_service()
    except RefusedError as exc:
        raise _refused(exc, "ExecQuery", "MSFT_ScheduledTask") from exc
    if context.caller.administrator:
        yield from (_row(context, task) for task in context.host.tasks)


def _get(context: Context, keys: Mapping[str, str]) -> Row | None:
    try:
        task = task_requests.find(context.host, context.caller, keys["TaskPath"], keys["TaskName"])
    except RefusedError as exc:
        if exc.code == tasks.NOT_FOUND and context.host.worlds["task_not_found"] == "wsman":
            return None
        raise _refused(exc, "GetObject", "MSFT_ScheduledTask") from exc
    return _row(context, task)


def _delete(context: Context, row: Row) -> None:
    if context.host.worlds["task_delete"] == "absent":
        message = "Provider is not capable of the attempted operation "
        raise WmiError("not_supported", message, "DeleteInstance", "MSFT_ScheduledTask")
    context.host.tasks.delete(str(row["TaskPath"]), str(row["TaskName"]))


CLASSES = (
    CimClass(
        "PS_ScheduledTask",
        (),
        namespace=NAMESPACE,
        static=True,
        methods={
            "RegisterByXml": _register,
            "StartByPath": _on_store("StartByPath", lambda c, t: c.host.tasks.start(t.path, t.name)),
            "StopByPath": _on_store("StopByPath", lambda c, t: c.host.tasks.stop(t.path, t.name)),
            "GetInfoByName": _info,
            "ExportByName": _export,
            "EnableByName": _switch("EnableByName", on=True),
            "DisableByName": _switch("DisableByName", on=False),
        },
    ),
    CimClass(
        "MSFT_ScheduledTask",
        _TASK,
        ("TaskName", "TaskPath"),
        rows=_rows,
        get=_get,
        delete=_delete,
        namespace=NAMESPACE,
    ),
)
