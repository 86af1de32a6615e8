# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services and their processes over CIM: query, owner, dependents, stop and start.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import datetime
import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service, ServiceProcess
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_number, as_text

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import Row

_DMTF = re.compile(r"\A(\d{14})\.\d{6}([+-])(\d{3})\Z")


def moment(text: str | None) -> datetime.datetime | None:
    """A CIM date-time (``2026-11-24T09:00:00Z`` on the wire, or the DMTF form) as an aware UTC value, or None."""
    if text is None:
        return None
    dmtf = _DMTF.match(text)
    try:
        if dmtf is not None:
            naive = datetime.datetime.strptime(dmtf.group(1) + "+0000", "%Y%m%d%H%M%S%z")
            offset = datetime.timedelta(minutes=int(dmtf.group(3)))
            return naive - offset if dmtf.group(2) == "+" else naive + offset
        cut = re.sub(r"\.\d+", "", text).replace("Z", "+00:00")
        parsed = datetime.datetime.fromisoformat(cut)
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=datetime.timezone.utc)
        return parsed.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        return None


def number(row: Row, name: str) -> int:
    """An unsigned property; 0 where it is nil or no number."""
    return max(as_number(row.get(name)) or 0, 0)


class Services:
    """Win32_Service and Win32_Process of the host; raises WindowsError and ReadError."""

    def __init__(self, cim: Cim) -> None:
        self._cim = cim

    def query(self, condition: str) -> tuple[Service, ...]:
        """The services a WQL condition selects, in the host's order."""
        wql = f"select Name,DisplayName,State,StartMode,StartName,ProcessId from Win32_Service where {condition}"
        return tuple(_service(row) for row in self._cim.query(wql))

    def process(self, process_id: int) -> ServiceProcess:
        """Owner and start of a process; a refusal is a code in the value, not an error."""
        keys = {"Handle": str(process_id)}
        row = self._cim.get("Win32_Process", keys)
        started = moment(as_text(row.get("CreationDate"))) if row is not None else None
        try:
            owner = self._cim.invoke("Win32_Process", "GetOwnerSid", {}, keys)
        except (WindowsError, ReadError) as exc:
            return ServiceProcess(process_id, None, getattr(exc, "code", None), started)
        sid, code = as_text(owner.get("Sid")), as_text(owner.get("ReturnValue"))
        known = code == "0" and sid is not None and sids.is_sid(sid)
        return ServiceProcess(
            process_id,
            sids.normal(sid) if known and sid is not None else None,
            as_number(code),
            started,
        )

    def dependents(self, service: str) -> tuple[Service, ...]:
        """The services that depend directly on ``service``; the host may answer with references only."""
        rows = self._cim.associated("Win32_Service", {"Name": service}, "Win32_DependentService", "Antecedent")
        whole = [_service(row) for row in rows if row.get("State") is not None]
        names = [as_text(row.get("Name")) for row in rows if row.get("State") is None]
        if any(names):
            condition = " or ".join(f"Name='{escaped(name)}'" for name in names if name)
            whole.extend(self.query(condition))
        return tuple(whole)

    def call(self, service: str, method: str) -> int:
        """StopService or StartService; the ReturnValue (0 ok, others documented with Win32_Service)."""
        row = self._cim.invoke("Win32_Service", method, {}, {"Name": service})
        code = as_number(row.get("ReturnValue"))
        if code is None or code < 0:
            raise ReadError(f"{method} of service {service} gave no return value; look at the service on the host.")
        return code


def escaped(text: str) -> str:
    """Text for a WQL string between single quotes."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _service(row: Row) -> Service:
    return Service(
        name=as_text(row.get("Name")) or "",
        display_name=as_text(row.get("DisplayName")) or "",
        state=as_text(row.get("State")) or "Unknown",
        start_mode=as_text(row.get("StartMode")) or "Unknown",
        account=as_text(row.get("StartName")),
        process_id=number(row, "ProcessId"),
    )
