# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How WinRM reports what a WMI provider refused (tests/captures/wsman/fault_enumerate_*.xml, docs/sources.md S5)."""

from __future__ import annotations

from dataclasses import dataclass

from lab.seams import WmiError
from lab.winrm import names
from lab.winrm.fault import SERVICE, Fault

_FILTER = (
    "The data source could not process the filter. The filter might be missing or it might be invalid. "
    "Change the filter and try the request again.  "
)
_NOT_FOUND = SERVICE + "The service cannot find the resource identified by the resource URI and selectors. "
_KEYS_NEEDED = SERVICE + "The service expected one or more keys for the resource and did not find them. "


@dataclass(frozen=True)
class _Wmi:
    """How WinRM reports one kind of WmiError."""

    code: int
    subcode: str
    role: str
    reason: str
    cim_status: int
    category: int = 0
    action: str = names.WSMAN_FAULT_ACTION


_ADDRESSING = names.ADDRESSING_FAULT_ACTION
_MISSING = _Wmi(2150858752, "a:DestinationUnreachable", "Sender", _NOT_FOUND, 6, 6, _ADDRESSING)
_BAD_FILTER = _Wmi(2150858778, "n:CannotProcessFilter", "Sender", _FILTER, 15, action=names.ENUMERATION_FAULT_ACTION)
_DENIED = {
    "provider": _Wmi(
        2150859013,
        "w:AccessDenied",
        "Sender",
        f"{SERVICE}The WMI service returned an 'access denied' error. ",
        2,
        18,
    ),
    "connect": _Wmi(
        2150859014,
        "w:AccessDenied",
        "Sender",
        f"{SERVICE}The WMI service returned an 'access denied' error. The connection to the namespace was refused. ",
        2,
        18,
    ),
    "win32": _Wmi(5, "w:AccessDenied", "Sender", "Access is denied. ", 2, 18),
}
_KINDS = {
    "not_found": _MISSING,
    "invalid_class": _Wmi(_MISSING.code, _MISSING.subcode, "Sender", _NOT_FOUND, 5, 13, _ADDRESSING),
    "invalid_namespace": _Wmi(_MISSING.code, _MISSING.subcode, "Sender", _NOT_FOUND, 3, 13, _ADDRESSING),
    "invalid_query": _BAD_FILTER,
    "invalid_method": _Wmi(
        2150858753,
        "a:ActionNotSupported",
        "Sender",
        f"{SERVICE}The WS-Addressing action URI is invalid. ",
        17,
        13,
        _ADDRESSING,
    ),
    "failed": _Wmi(
        2150859010,
        "w:InternalError",
        "Receiver",
        f"{SERVICE}The WMI service reported that the WMI provider could not perform the requested operation. ",
        1,
    ),
    "not_supported": _Wmi(
        2150858754,
        "w:UnsupportedFeature",
        "Sender",
        f"{SERVICE}The operation is not supported. ",
        7,
    ),
}
# CIM status and category of what a provider answers with a code of its own: docs/sources.md S13.
_OWN = {0x80070002: (6, 13), 0x80070005: (2, 18), 0x800700B7: (11, 20)}
_NO_CLASS = "The specified class does not exist in the given namespace. "
_FILTERED = frozenset({"invalid_class", "invalid_namespace", "invalid_query"})


def from_wmi(error: WmiError, namespace: str, *, query: bool = False, denied: str = "provider") -> Fault:
    """The fault for what a WMI provider refused.

    ``query``: it came out of a filter, where a missing class or namespace is a filter that cannot be processed.
    ``denied``: which of the documented codes stands for access denied (see Settings.denied).
    """
    if error.kind == "hresult":
        return _own(error, namespace)
    shape = _DENIED[denied] if error.kind == "access_denied" else _KINDS[error.kind]
    if query and error.kind in _FILTERED:
        shape = _BAD_FILTER
    return Fault(
        reason=shape.reason,
        code=shape.code,
        subcode=shape.subcode,
        role=shape.role,
        action=shape.action,
        namespace=namespace,
        operation=error.operation or ("ExecQuery" if query else "GetObject"),
        parameter=error.parameter,
        inner="" if query and error.kind == "invalid_class" else error.message,
        text=_NO_CLASS if query and error.kind == "invalid_class" else "",
        cim_status=shape.cim_status,
        category=shape.category,
    )


def _own(error: WmiError, namespace: str) -> Fault:
    status, category = _OWN.get(error.code, (1, 0))
    return Fault(
        reason=error.message,
        code=error.code,
        namespace=namespace,
        operation=error.operation,
        parameter=error.parameter,
        inner=error.message,
        cim_status=status,
        category=category,
    )


def keys_needed() -> Fault:
    """A Get without selectors on a class that is no singleton."""
    return Fault(_KEYS_NEEDED, 2150859002, "w:InvalidSelectors", "Sender", detail="InsufficientSelectors")
