# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WMI of one computer: finds the class, checks the caller, runs Get, queries, associations, methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.seams import CimInstance, CimReference, CimValue, QueryResult, WmiError
from lab.state.sids import REMOTE_MANAGEMENT_USERS
from lab.windows import (
    wmi_accounts,
    wmi_events,
    wmi_files,
    wmi_registry,
    wmi_rsop,
    wmi_security,
    wmi_services,
    wmi_system,
    wmi_tasks,
    wql,
)
from lab.windows.cim import CIMV2, CimClass, Context, Row, not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACES = (
    "root",
    CIMV2,
    "root/default",
    "root/rsop",
    "root/rsop/computer",
    "root/standardcimv2",
    wmi_tasks.NAMESPACE.casefold(),
)
CLASSES: dict[tuple[str, str], CimClass] = {
    (cls.namespace.casefold(), cls.name.casefold()): cls
    for module in (
        wmi_accounts,
        wmi_events,
        wmi_files,
        wmi_registry,
        wmi_rsop,
        wmi_security,
        wmi_services,
        wmi_system,
        wmi_tasks,
    )
    for cls in module.CLASSES
}


def _namespace(context: Context, namespace: str, operation: str) -> str:
    name = namespace.replace("\\", "/").strip("/").casefold()
    if name == "root/rsop/computer" and not wmi_rsop.namespace_exists(context):
        raise WmiError("invalid_namespace", "Invalid namespace ", operation, namespace)
    if name == wmi_tasks.NAMESPACE.casefold() and not wmi_tasks.namespace_exists(context):
        raise WmiError("invalid_namespace", "Invalid namespace ", operation, namespace)
    if name not in NAMESPACES:
        raise WmiError("invalid_namespace", "Invalid namespace ", operation, namespace)
    caller = context.caller
    if not caller.administrator and REMOTE_MANAGEMENT_USERS not in caller.group_sids:
        raise WmiError("access_denied", "Access denied ", operation, namespace)
    return name


def _class(context: Context, namespace: str, class_name: str, operation: str) -> CimClass:
    name = _namespace(context, namespace, operation)
    found = CLASSES.get((name, class_name.casefold()))
    if found is None or (found.since_vista and context.host.machine.before_vista):
        raise WmiError("invalid_class", "Invalid class ", operation, class_name)
    if found.admin and not context.caller.administrator:
        raise WmiError("access_denied", "Access denied ", operation, class_name)
    return found


def _instance(cls: CimClass, row: Row) -> CimInstance:
    properties: dict[str, CimValue] = {name: row.get(name) for name in cls.properties}
    return CimInstance(cls.namespace, cls.name, properties)


def _keyed(cls: CimClass, selectors: Mapping[str, str], operation: str) -> dict[str, str]:
    """The selectors under the class's own spelling of its keys."""
    given = {name.casefold(): str(value) for name, value in selectors.items()}
    found = {key: given[key.casefold()] for key in cls.keys if key.casefold() in given}
    if len(found) != len(cls.keys) or len(given) != len(found):
        raise WmiError("not_found", "The selectors are not the keys of the class. ", operation, cls.name)
    return found


def _find(context: Context, cls: CimClass, selectors: Mapping[str, str], operation: str) -> Row:
    if cls.singleton and not selectors:
        return next(iter(cls.rows(context) if cls.rows else ()))
    keys = _keyed(cls, selectors, operation)
    if cls.get:
        row = cls.get(context, keys)
    else:
        row = next((r for r in (cls.rows(context) if cls.rows else ()) if _has_keys(r, keys)), None)
    if row is None:
        raise not_found(operation, cls.name, keys)
    return row


def _has_keys(row: Row, keys: Mapping[str, str]) -> bool:
    return all(str(row.get(name)).casefold() == value.casefold() for name, value in keys.items())


def get(context: Context, namespace: str, class_name: str, selectors: Mapping[str, str]) -> CimInstance:
    """One instance; names and values of selectors without regard to case."""
    cls = _class(context, namespace, class_name, "GetObject")
    return _instance(cls, _find(context, cls, selectors, "GetObject"))


def delete(context: Context, namespace: str, class_name: str, selectors: Mapping[str, str]) -> None:
    """Remove one instance."""
    cls = _class(context, namespace, class_name, "DeleteInstance")
    if cls.delete is None:
        raise WmiError(
            "not_supported", "Provider is not capable of the attempted operation ", "DeleteInstance", cls.name
        )
    cls.delete(context, _find(context, cls, selectors, "DeleteInstance"))


def query(context: Context, namespace: str, text: str) -> QueryResult:
    """The rows of a query, derived classes included; columns in alphabetical order when they are named."""
    _namespace(context, namespace, "ExecQuery")
    parsed = wql.parse(text)
    cls = _class(context, namespace, parsed.class_name, "ExecQuery")
    family = [cls, *(c for c in CLASSES.values() if _derives(c, cls))]
    known = {name.casefold(): name for name in cls.properties}
    asked = [*(c.casefold() for c in parsed.columns), *parsed.names]
    if any(name not in known and not name.startswith("__") for name in asked):
        raise WmiError("invalid_query", "Invalid query ", "ExecQuery", text)
    found: list[CimInstance] = []
    for member in family:
        if member.rows is None:
            if member.properties and member is cls and not cls.parents and len(family) == 1:
                raise WmiError("failed", "Provider is not capable of the attempted operation ", "ExecQuery", text)
            continue
        found += [_instance(member, row) for row in member.rows(context) if parsed.test(row)]
    if not parsed.columns:
        return QueryResult(tuple(found), projected=False)
    columns = sorted(known[c.casefold()] for c in parsed.columns if c.casefold() in known)
    projected = [CimInstance(i.namespace, i.class_name, {c: i.properties[c] for c in columns}) for i in found]
    return QueryResult(tuple(projected), projected=True)


def _derives(cls: CimClass, parent: CimClass) -> bool:
    return cls.namespace == parent.namespace and parent.name in cls.parents


def associators(
    context: Context, reference: CimReference, association: str, result: str, roles: tuple[str, str]
) -> QueryResult:
    """The instances at the other end of an association; ``roles`` are the source's and the result's role."""
    _namespace(context, reference.namespace or CIMV2, "ExecQuery")
    if association and (CIMV2, association.casefold()) not in CLASSES:
        raise WmiError("invalid_class", "Invalid class ", "ExecQuery", association)
    found: list[CimInstance] = []
    for name, pairs in (
        ("Win32_DependentService", wmi_services.associated),
        ("Win32_GroupUser", wmi_accounts.associated),
    ):
        if association and association.casefold() != name.casefold():
            continue
        for class_name, row in pairs(context, reference, roles[0], roles[1]):
            cls = CLASSES[CIMV2, class_name.casefold()]
            if _wanted(cls, result):
                found.append(_instance(cls, row))
    return QueryResult(tuple(found), projected=False)


def _wanted(cls: CimClass, result: str) -> bool:
    names = {cls.name.casefold(), *(p.casefold() for p in cls.parents)}
    return not result or result.casefold() in names


def invoke(
    context: Context,
    namespace: str,
    class_name: str,
    selectors: Mapping[str, str],
    method: str,
    arguments: Mapping[str, CimValue],
) -> CimInstance:
    """Call a method, static or of an instance."""
    cls = _class(context, namespace, class_name, "ExecMethod")
    function = next((f for n, f in cls.methods.items() if n.casefold() == method.casefold()), None)
    if function is None:
        raise WmiError("invalid_method", "Invalid method ", "ExecMethod", f"{cls.name}::{method}")
    row: Row = {} if cls.static else _find(context, cls, selectors, "ExecMethod")
    return CimInstance(cls.namespace, cls.name, dict(function(context, row, arguments)))
