# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of the host by StdRegProv over WS-Management: one request for each value.

Return values: 0 found, 1 no such value, 2 no such key, 5 access denied (public code that runs this against real hosts).
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_list, as_number, as_text

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import Row

_LOCAL_MACHINE = "2147483650"
# StdRegProv's ReturnValue: no such value, no such key (docs/sources.md S5: public programs tell them so).
_ABSENT = frozenset({"1", "2"})


class Registry:
    """Reads below HKEY_LOCAL_MACHINE; raises WindowsError where Windows refuses."""

    def __init__(self, cim: Cim) -> None:
        self._cim = cim

    def subkeys(self, key: str) -> list[str]:
        """The names of the keys below ``key``; empty where it does not exist."""
        row = self._call("EnumKey", {"sSubKeyName": key})
        return [text for text in (as_text(item) for item in as_list(row.get("sNames"))) if text] if row else []

    def values(self, key: str) -> list[str]:
        """The names of the values of ``key``; empty where it does not exist."""
        row = self._call("EnumValues", {"sSubKeyName": key})
        return [text for text in (as_text(item) for item in as_list(row.get("sNames"))) if text] if row else []

    def string(self, key: str, value: str) -> str | None:
        """A REG_SZ, or None where it does not exist."""
        row = self._call("GetStringValue", {"sSubKeyName": key, "sValueName": value})
        return as_text(row.get("sValue")) if row else None

    def number(self, key: str, value: str) -> int | None:
        """A REG_DWORD, or None where it does not exist."""
        row = self._call("GetDWORDValue", {"sSubKeyName": key, "sValueName": value})
        number = as_number(row.get("uValue")) if row else None
        return number if number is not None and number >= 0 else None

    def _call(self, method: str, arguments: dict[str, str]) -> Row | None:
        row = self._cim.invoke("StdRegProv", method, {"hDefKey": _LOCAL_MACHINE, **arguments})
        code, number = as_text(row.get("ReturnValue")), as_number(row.get("ReturnValue"))
        if code == "0":
            return row
        if code in _ABSENT:
            return None
        raise WindowsError(
            f"Reading HKLM\\{arguments['sSubKeyName']} was refused: {method} returned {code}.",
            inner=None if number is None else number & 0xFFFFFFFF,
        )
