# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_Service, Win32_DependentService, Win32_Process (docs/sources.md S7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.seams import CimReference, CimValue
from lab.state.services import RUNNING, STOPPED, Process, Service
from lab.windows.cim import CIMV2, CimClass, Context, Row, argument, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SERVICE = words(
    "AcceptPause AcceptStop Caption CheckPoint CreationClassName DelayedAutoStart Description "
    "DesktopInteract DisplayName ErrorControl ExitCode InstallDate Name PathName ProcessId "
    "ServiceSpecificExitCode ServiceType Started StartMode StartName State Status "
    "SystemCreationClassName SystemName TagId WaitHint"
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
        "AcceptStop": running,
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
        "ServiceType": "Share Process" if service.host else "Own Process",
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


def _services(context: Context) -> Iterator[Row]:
    for service in context.host.machine.services:
        yield _service_row(context, service)


def _service(context: Context, keys: Mapping[str, str]) -> Row | None:
    service = context.host.machine.services.get(keys["Name"])
    return _service_row(context, service) if service else None


def _named(context: Context, row: Row) -> Service:
    service = context.host.machine.services.get(str(row["Name"]))
    if service is None:  # the row was made from it a moment ago
        raise KeyError(row["Name"])
    return service


def _start(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del arguments
    return {"ReturnValue": context.host.machine.services.start(_named(context, row))}


def _stop(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del arguments
    return {"ReturnValue": context.host.machine.services.stop(_named(context, row))}


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


def _reference(name: str) -> CimReference:
    return CimReference(CIMV2, "Win32_Service", {"Name": name})


def _dependencies(context: Context) -> Iterator[Row]:
    services = context.host.machine.services
    for service in services:
        for needed in services.needs(service):
            yield {
                "Antecedent": _reference(needed.name),
                "Dependent": _reference(service.name),
                "TypeOfDependency": None,
            }


def associated(context: Context, reference: CimReference, role: str, result_role: str) -> Iterable[tuple[str, Row]]:
    """Services tied to one: with role Antecedent those that need it, with Dependent those it needs."""
    services = context.host.machine.services
    name = {key.casefold(): value for key, value in reference.keys.items()}.get("name", "")
    service = services.get(name)
    if service is None or reference.class_name.casefold() != "win32_service":
        return
    if role.casefold() in ("", "antecedent") and result_role.casefold() in ("", "dependent"):
        for other in services.dependents(service):
            yield "Win32_Service", _service_row(context, other)
    if role.casefold() in ("", "dependent") and result_role.casefold() in ("", "antecedent"):
        for other in services.needs(service):
            yield "Win32_Service", _service_row(context, other)


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


CLASSES = (
    CimClass(
        "Win32_Service",
        _SERVICE,
        ("Name",),
        rows=_services,
        get=_service,
        methods={
            "StartService": _start,
            "StopService": _stop,
            "ChangeStartMode": _change_start_mode,
            "InterrogateService": _interrogate,
        },
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
