# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_SID and Win32_SecurityDescriptorHelper: SIDs to names through LSA (docs/sources.md S1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.seams import CimInstance, CimValue, WmiError
from lab.state import sids
from lab.windows.cim import CIMV2, CimClass, Context, Row, argument, words
from lab.windows.sddl import Entry, MalformedError, parse_dacl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lab.state.lsa import Found

_UNMAPPED: Mapping[str, CimValue] = {"empty": "", "null": None, "fault": ""}


def _name(context: Context, sid: str) -> Found | None:
    lsa = context.host.machine.lsa
    lsa.seconds = 0.0
    found = lsa.sid_to_name(sid)
    context.seconds += lsa.seconds
    return found


def _sid(context: Context, keys: Mapping[str, str]) -> Row | None:
    if context.host.worlds["win32_sid"] == "denied":
        raise WmiError("access_denied", "Access denied ", "GetObject", "Win32_SID")
    if not sids.is_sid(keys["SID"]):
        raise WmiError("failed", "Invalid parameter ", "GetObject", f'Win32_SID.SID="{keys["SID"]}"')
    sid = sids.canonical(keys["SID"])
    found = _name(context, sid)
    unmapped = context.host.worlds["unmapped_sid"]
    if found is None and unmapped == "fault":
        return None
    binary = sids.to_bytes(sid)
    return {
        "AccountName": found.name if found else _UNMAPPED[unmapped],
        "BinaryRepresentation": binary,
        "ReferencedDomainName": found.domain if found else _UNMAPPED[unmapped],
        "SID": sid,
        "SidLength": len(binary),
    }


def _trustee(context: Context, sid: str) -> CimInstance:
    found = _name(context, sid)
    world = context.host.worlds
    if found is None and (world["sddl_helper"] == "fault_on_orphan" or world["unmapped_sid"] == "fault"):
        raise WmiError("failed", "Generic failure ", "ExecMethod", "SDDLToWin32SD")
    empty = _UNMAPPED[world["unmapped_sid"]]
    binary = sids.to_bytes(sid)
    properties: dict[str, CimValue] = {
        "Domain": found.domain if found else empty,
        "Name": found.name if found else empty,
        "SID": binary,
        "SidLength": len(binary),
        "SIDString": sid,
        "TIME_CREATED": None,
    }
    return CimInstance(CIMV2, "Win32_Trustee", properties)


def _ace(context: Context, entry: Entry) -> CimInstance:
    properties: dict[str, CimValue] = {
        "AccessMask": entry.mask,
        "AceFlags": entry.flags,
        "AceType": entry.kind,
        "GuidInheritedObjectType": None,
        "GuidObjectType": None,
        "TIME_CREATED": None,
        "Trustee": _trustee(context, entry.sid),
    }
    return CimInstance(CIMV2, "Win32_ACE", properties)


def _from_sddl(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del row
    if context.host.worlds["sddl_helper"] == "absent":
        raise WmiError("invalid_method", "Invalid method ", "ExecMethod", "SDDLToWin32SD")
    try:
        entries = parse_dacl(str(argument(arguments, "SDDL") or ""), context.host.machine)
    except MalformedError as exc:
        if context.host.worlds["sddl_refusal"] == "fault":
            raise WmiError("failed", "Invalid parameter ", "ExecMethod", "SDDLToWin32SD") from exc
        return {"Descriptor": None, "ReturnValue": 1336}
    descriptor: dict[str, CimValue] = {
        "ControlFlags": 32772,
        "DACL": [_ace(context, entry) for entry in entries],
        "Group": None,
        "Owner": None,
        "SACL": None,
        "TIME_CREATED": None,
    }
    return {
        "Descriptor": CimInstance(CIMV2, "Win32_SecurityDescriptor", descriptor),
        "ReturnValue": 0,
    }


CLASSES = (
    CimClass(
        "Win32_SID",
        words("AccountName BinaryRepresentation ReferencedDomainName SID SidLength"),
        ("SID",),
        get=_sid,
        since_vista=True,
    ),
    CimClass(
        "Win32_SecurityDescriptorHelper",
        (),
        methods={"SDDLToWin32SD": _from_sddl},
        static=True,
        since_vista=True,
    ),
)
