# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""StdRegProv: reading the registry by methods (docs/sources.md S5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state import registry
from lab.windows.cim import CimClass, Context, Method, Row, argument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lab.seams import CimValue
    from lab.state.registry import Key, Value

HKLM = 2147483650
NO_KEY, NO_VALUE, WRONG_TYPE = 2, 1, 2147749893


def _key(context: Context, arguments: Mapping[str, CimValue]) -> Key | None:
    root = argument(arguments, "hDefKey")
    if root is not None and int(str(root)) & 0xFFFFFFFF != HKLM:
        return None
    return context.host.machine.registry.key(str(argument(arguments, "sSubKeyName") or ""))


def _enum_key(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del row
    key = _key(context, arguments)
    if key is None:
        return {"ReturnValue": NO_KEY, "sNames": None}
    return {"ReturnValue": 0, "sNames": [child.name for child in key.keys.values()] or None}


def _enum_values(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del row
    key = _key(context, arguments)
    if key is None:
        return {"ReturnValue": NO_KEY, "sNames": None, "Types": None}
    values = list(key.values.values())
    names: CimValue = [value.name for value in values] or None
    types: CimValue = [value.kind for value in values] or None
    return {"ReturnValue": 0, "sNames": names, "Types": types}


def _reader(output: str, *kinds: int) -> Method:
    """A Get…Value method: the value under ``output`` when its type is one of ``kinds``."""

    def read(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
        del row
        key = _key(context, arguments)
        if key is None:
            return {"ReturnValue": NO_KEY, output: None}
        value = key.values.get(str(argument(arguments, "sValueName") or "").casefold())
        if value is None:
            return {"ReturnValue": NO_VALUE, output: None}
        if value.kind not in kinds:
            return {"ReturnValue": WRONG_TYPE, output: None}
        return {"ReturnValue": 0, output: _data(value)}

    return read


def _data(value: Value) -> CimValue:
    data = value.data
    if isinstance(data, bytes):
        return list(data)
    if isinstance(data, tuple):
        return list(data)
    return data


CLASSES = (
    CimClass(
        "StdRegProv",
        (),
        methods={
            "EnumKey": _enum_key,
            "EnumValues": _enum_values,
            "GetStringValue": _reader("sValue", registry.REG_SZ, registry.REG_EXPAND_SZ),
            "GetExpandedStringValue": _reader("sValue", registry.REG_EXPAND_SZ, registry.REG_SZ),
            "GetDWORDValue": _reader("uValue", registry.REG_DWORD),
            "GetQWORDValue": _reader("uValue", registry.REG_QWORD),
            "GetBinaryValue": _reader("uValue", registry.REG_BINARY),
            "GetMultiStringValue": _reader("sValue", registry.REG_MULTI_SZ),
        },
        static=True,
    ),
    # root/default has the same provider
    CimClass("StdRegProv", (), methods={"EnumKey": _enum_key}, static=True, namespace="root/default"),
)
