# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services and their processes over CIM: query, owner, dependents, stop and start."""

from __future__ import annotations

import datetime
import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service, ServiceAnswer, ServiceProcess
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.faults import OPERATION_TIMEOUT
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_number, as_text

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import Row

# Microsoft, Win32_Service.StartService and StopService: what each ReturnValue means.
CODES = {
    0: "the request was accepted",
    1: "the request is not supported",
    2: "access denied",
    3: "other services that run depend on it",
    4: "the service does not understand this control",
    5: "the service does not accept this control now",
    6: "the service has not been started",
    7: "the service did not answer in time",
    8: "unknown failure while the service was starting",
    9: "the path of its program was not found",
    10: "the service runs already",
    11: "the service database is locked",
    12: "a service that it depends on does not exist",
    13: "a service that it depends on did not start",
    14: "the service is disabled",
    15: "its account could not log on: it lacks SeServiceLogonRight (Log on as a service) or its password is wrong",
    16: "the service is being deleted",
    17: "the service has no execution thread",
    18: "its dependencies form a circle",
    19: "a service of the same name runs",
    20: "its name holds invalid characters",
    21: "invalid parameters were passed",
    22: "its account is invalid or may not run it",
    23: "it exists already",
    24: "the service is paused",
}

_KINDS: Mapping[int, t.Literal["accepted", "late", "running"]] = {0: "accepted", 7: "late", 10: "running"}
_LATE = 7

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

    def named(self, names: Sequence[str]) -> tuple[Service, ...]:
        """The services with these key names, in the host's order; no name is no request."""
        if not names:
            return ()
        condition = " or ".join(f"Name='{escaped(name)}'" for name in names)
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
            whole.extend(self.named([name for name in names if name]))
        return tuple(whole)

    def call(self, service: str, method: str) -> ServiceAnswer:
        """StopService or StartService, and its ReturnValue.

        WS-Management's operation time-out (captures/wsman/receive_timeout_2150858793.xml) is no refusal: Windows goes
        on with what was asked, and only its answer is missing, as with Win32_Service's own "did not answer in time".
        """
        try:
            row = self._cim.invoke("Win32_Service", method, {}, {"Name": service})
        except WindowsError as exc:
            if OPERATION_TIMEOUT not in exc.codes:
                raise
            return answer(_LATE)
        code = as_number(row.get("ReturnValue"))
        if code is None or code < 0:
            raise ReadError(f"{method} of service {service} gave no return value; look at the service on the host.")
        return answer(code)


def answer(code: int) -> ServiceAnswer:
    """What a ReturnValue of StartService or StopService says."""
    meaning = CODES.get(code, "a code that Microsoft does not document")
    return ServiceAnswer(_KINDS.get(code, "refused"), code, meaning)


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
