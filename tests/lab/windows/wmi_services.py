# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_Service, Win32_DependentService, Win32_Process (docs/sources.md S7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.seams import CimReference, CimValue
from lab.state.services import OK, RUNNING, STOPPED, Process, Service
from lab.windows.cim import CIMV2, CimClass, Context, Row, argument, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SERVICE = words(
    "AcceptPause AcceptStop Caption CheckPoint CreationClassName DelayedAutoStart Description "
    "DesktopInteract DisplayName ErrorControl ExitCode InstallDate Name PathName ProcessId "
    "ServiceSpecificExitCode ServiceType Started StartMode StartName State Status "
    "SystemCreationClassName SystemName TagId WaitHint"
)
_DRIVER = words(
    "AcceptPause AcceptStop Caption CreationClassName Description DesktopInteract DisplayName ErrorControl "
    "ExitCode InstallDate Name PathName ServiceSpecificExitCode ServiceType Started StartMode StartName State "
    "Status SystemCreationClassName SystemName TagId"
)
_PROCESS = words(
    "Caption CommandLine CreationClassName CreationDate CSCreationClassName CSName Description "
    "ExecutablePath ExecutionState Handle HandleCount InstallDate KernelModeTime Name "
    "OSCreationClassName OSName PageFileUsage ParentProcessId Priority ProcessId SessionId Status "
    "ThreadCount UserModeTime WorkingSetSize"
)


def _service_row(context: Context, service: Service) -> Row:
    running = service.state == RUNNING
    return {
        "AcceptPause": False,
        "AcceptStop": running and service.accepts_stop,
        "Caption": service.display,
        "CheckPoint": 0,
        "CreationClassName": "Win32_Service",
        "DelayedAutoStart": False,
        "Description": service.display,
        "DesktopInteract": False,
        "DisplayName": service.display,
        "ErrorControl": "Normal",
        "ExitCode": 0 if running else 1077,
        "Name": service.name,
        "PathName": service.path,
        "ProcessId": service.process.pid if service.process else 0,
        "ServiceSpecificExitCode": 0,
        "ServiceType": _type_of(service),
        "Started": service.state != STOPPED,
        "StartMode": service.start_mode,
        "StartName": service.account or None,
        "State": service.state,
        "Status": "OK",
        "SystemCreationClassName": "Win32_ComputerSystem",
        "SystemName": context.host.machine.name,
        "TagId": 0,
        "WaitHint": 0 if service.state in (RUNNING, STOPPED) else 2000,
    }


def _type_of(service: Service) -> str:
    if service.driver:
        return "Kernel Driver"
    return "Share Process" if service.host or "svchost" in service.path or "lsass" in service.path else "Own Process"


def _services(context: Context) -> Iterator[Row]:
    for service in context.host.machine.services:
        if not service.driver:
            yield _service_row(context, service)


def _service(context: Context, keys: Mapping[str, str]) -> Row | None:
    service = context.host.machine.services.get(keys["Name"])
    return _service_row(context, service) if service and not service.driver else None


def _drivers(context: Context) -> Iterator[Row]:
    for service in context.host.machine.services:
        if service.driver:
            yield {**_service_row(context, service), "CreationClassName": "Win32_SystemDriver"}


def _named(context: Context, row: Row) -> Service:
    service = context.host.machine.services.get(str(row["Name"]))
    if service is None:  # the row was made from it a moment ago
        raise KeyError(row["Name"])
    return service


def _start(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del arguments
    service = _named(context, row)
    code = context.host.machine.services.start(service)
    return _answered(context, service, code)


def _stop(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del arguments
    service = _named(context, row)
    code = context.host.machine.services.stop(service)
    return _answered(context, service, code)


def _answered(context: Context, service: Service, code: int) -> Row:
    """The method's answer; one that did something may come late, or later than WinRM waits (Host._cim)."""
    if code == OK:
        context.seconds += service.call_seconds
    return {"ReturnValue": code}


def _change_start_mode(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    modes = {"automatic": "Auto", "auto": "Auto", "manual": "Manual", "disabled": "Disabled"}
    mode = modes.get(str(argument(arguments, "StartMode")).casefold())
    if mode is None:
        return {"ReturnValue": 21}
    _named(context, row).start_mode = mode
    return {"ReturnValue": 0}


def _interrogate(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del arguments
    return {"ReturnValue": 0 if _named(context, row).state == RUNNING else 6}


def _class_of(service: Service) -> str:
    return "Win32_SystemDriver" if service.driver else "Win32_Service"


def _reference(service: Service) -> CimReference:
    return CimReference(CIMV2, _class_of(service), {"Name": service.name})


def _dependencies(context: Context) -> Iterator[Row]:
    services = context.host.machine.services
    for service in services:
        for needed in services.needs(service):
            yield {
                "Antecedent": _reference(needed),
                "Dependent": _reference(service),
                "TypeOfDependency": None,
            }


def associated(context: Context, reference: CimReference, role: str, result_role: str) -> Iterable[tuple[str, Row]]:
    """Services tied to one: with role Antecedent those that need it, with Dependent those it needs."""
    services = context.host.machine.services
    name = {key.casefold(): value for key, value in reference.keys.items()}.get("name", "")
    service = services.get(name)
    if service is None or reference.class_name.casefold() not in ("win32_service", "win32_systemdriver"):
        return
    if role.casefold() in ("", "antecedent") and result_role.casefold() in ("", "dependent"):
        for other in services.dependents(service):
            yield _class_of(other), _service_row(context, other)
    if role.casefold() in ("", "dependent") and result_role.casefold() in ("", "antecedent"):
        for other in services.needs(service):
            yield _class_of(other), _service_row(context, other)


def _process_row(context: Context, process: Process) -> Row:
    return {
        "Caption": process.image,
        "CommandLine": process.command_line,
        "CreationClassName": "Win32_Process",
        "CreationDate": process.created,
        "CSCreationClassName": "Win32_ComputerSystem",
        "CSName": context.host.machine.name,
        "Description": process.image,
        "ExecutablePath": process.command_line.strip('"'),
        "Handle": str(process.pid),
        "Name": process.image,
        "OSCreationClassName": "Win32_OperatingSystem",
        "OSName": context.host.machine.caption,
        "ParentProcessId": process.parent,
        "Priority": 8,
        "ProcessId": process.pid,
        "SessionId": 0,
    }


def _processes(context: Context) -> Iterator[Row]:
    for process in context.host.machine.services.processes():
        yield _process_row(context, process)


def _process(context: Context, row: Row) -> Process:
    return next(p for p in context.host.machine.services.processes() if p.pid == row["ProcessId"])


def _owner_sid(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del arguments
    if context.host.worlds["owner_sid"] == "denied":
        return {"ReturnValue": 2, "Sid": None}
    return {"ReturnValue": 0, "Sid": _process(context, row).owner_sid}


def _owner(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del arguments
    found = context.host.machine.lsa.sid_to_name(_process(context, row).owner_sid)
    if context.host.worlds["owner_sid"] == "denied" or found is None:
        return {"Domain": None, "ReturnValue": 2, "User": None}
    return {"Domain": found.domain, "ReturnValue": 0, "User": found.name}


_CONTROL = {"StartService": _start, "StopService": _stop, "InterrogateService": _interrogate}

CLASSES = (
    CimClass(
        "Win32_Service",
        _SERVICE,
        ("Name",),
        rows=_services,
        get=_service,
        methods={**_CONTROL, "ChangeStartMode": _change_start_mode},
        parents=("Win32_BaseService",),
        admin=True,
    ),
    CimClass(
        "Win32_SystemDriver",
        _DRIVER,
        ("Name",),
        rows=_drivers,
        methods=_CONTROL,
        parents=("Win32_BaseService",),
        admin=True,
    ),
    CimClass(
        "Win32_DependentService",
        words("Antecedent Dependent TypeOfDependency"),
        ("Antecedent", "Dependent"),
        rows=_dependencies,
        admin=True,
    ),
    CimClass(
        "Win32_Process",
        _PROCESS,
        ("Handle",),
        rows=_processes,
        methods={"GetOwnerSid": _owner_sid, "GetOwner": _owner},
    ),
)
