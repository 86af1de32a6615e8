# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated computer on the wire: its services, counters, connections and transcript."""

from __future__ import annotations

import collections
import dataclasses
import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lab.faults import Faults
from lab.seams import Caller, Completed, Effect, Windows, WmiError
from lab.winrm import names, soap
from lab.winrm.auth import CredentialFile, Door
from lab.winrm.cim import Cim
from lab.winrm.fault import Fault
from lab.winrm.interference import Interference
from lab.winrm.kerberos import Keys
from lab.winrm.reply import Reply
from lab.winrm.settings import Clock, Settings
from lab.winrm.shell import Shells


class Computer(Windows, Protocol):
    """A Windows whose faults, snapshot and clock the lab can reach."""

    drop_connections: bool
    boots: int  # how often it restarted
    cim_seconds: float  # what the last CIM operation took, simulated

    @property
    def faults(self) -> Faults:
        """The injected faults."""

    def snapshot(self) -> dict[str, object]:
        """All that a test may compare, as JSON."""

    def advance(self, seconds: float) -> None:
        """Let simulated time pass."""

    def change(self, effect: Effect) -> None:
        """Change its state from outside (windows/changes.py lists what there is); raises ValueError."""

    def times(self) -> dict[str, object]:
        """What its clocks show, and when something is due by itself."""

    def now(self) -> datetime.datetime:
        """The computer's own clock, in UTC."""

    @property
    def carried(self) -> bool:
        """Whether a WinRM connection can live now; False: nobody listens."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this whenever ``carried`` may have changed, from whatever thread."""

    def next_change(self) -> float | None:
        """Seconds until it may change by itself; None: it will not."""


class Closable(Protocol):
    """A connection as far as its host must be able to end it."""

    last_used: float

    def abort(self) -> None:
        """Close it now, without an answer."""


@dataclass(frozen=True)
class Exchange:
    """One SOAP request and its answer, decrypted; status 0: the connection was dropped instead."""

    action: str
    status: int
    request: str
    response: str
    encrypted: bool


class Host:
    """Everything that the connections to one computer share."""

    def __init__(self, computer: Computer, settings: Settings, accounts: Path, transcript: int) -> None:
        self.computer = computer
        self.settings = settings
        self.clock = Clock()
        self.accounts = CredentialFile(accounts)
        self.door = Door(Keys(settings.kerberos_keytab) if settings.kerberos_keytab else None)
        self.shells = Shells(settings, self.clock, self._run, self._admits)
        self.cim = Cim(settings, self.clock, lambda: self.computer)
        self.connections: set[Closable] = set()
        self.requests: collections.Counter[str] = collections.Counter()
        self.transcript: collections.deque[Exchange] = collections.deque(maxlen=transcript)
        self._interference = Interference(computer.faults, computer)
        self._boots = computer.boots

    def reset(self, fresh: Computer) -> None:
        """Put a fresh computer behind the same ports: everything that was on the wire is gone."""
        self.cut()
        self.computer = fresh
        self._boots = fresh.boots
        self.requests.clear()
        self.transcript.clear()
        self.door.logons.clear()
        self.door.refused.clear()

    def advance(self, seconds: float) -> None:
        """Let time pass for the computer and for everything that idles on the wire."""
        self.computer.advance(seconds)
        self.clock.advance(seconds)
        now, idle = self.clock.now(), self.settings.connection_idle_seconds
        for connection in [c for c in self.connections if now - c.last_used >= idle]:
            connection.abort()

    def cut(self) -> None:
        """End what a service that stops takes with it: connections, shells, enumerations."""
        self.abort_connections()
        self.shells.clear()
        self.cim.cursors.clear()

    def abort_connections(self) -> None:
        """Close every connection to this computer."""
        for connection in list(self.connections):
            connection.abort()

    def take_drop(self) -> bool:
        """Whether the computer wants its connections closed before the next answer (asked once)."""
        wanted, self.computer.drop_connections = self.computer.drop_connections, False
        return wanted

    def cut_if_restarted(self) -> bool:
        """After a restart of the computer, however short it was, end what it took with it (told once)."""
        restarted = self.computer.boots != self._boots
        self._boots = self.computer.boots
        if restarted:
            self.cut()
        return restarted

    def answer(self, request: soap.Envelope, caller: Caller, client: str, interference: Interference) -> Reply:
        """Answer a SOAP request; never raises Fault, but Drop and BareStatus of an injected fault."""
        self._interference = interference
        try:
            return self._dispatch(request, caller, client)
        except Fault as fault:
            return Reply.of_fault(fault)

    def _dispatch(self, request: soap.Envelope, caller: Caller, client: str) -> Reply:
        if request.body is not None and request.body.tag == f"{{{names.IDENTITY}}}Identify":
            return Reply("", identity(self.os_version(caller)))
        uri = request.resource_uri
        if uri.lower() == names.CMD_SHELL:
            return self.shells.handle(request, caller, client)
        if uri.lower().startswith(names.WMI):
            return self._cim(request, caller)
        raise Fault.invalid_uri(uri)

    def _cim(self, request: soap.Envelope, caller: Caller) -> Reply:
        """A CIM operation; one that outlasts the client's timeout is done, but its answer is the timeout."""
        self.computer.cim_seconds = 0.0
        reply = self.cim.handle(request, caller, self._interference)
        longest = self.settings.max_timeout_seconds
        timeout = longest if request.timeout is None else min(request.timeout, longest)
        took = self.computer.cim_seconds
        if took > timeout:
            return Reply.of_fault(Fault.timed_out(), seconds=timeout)
        return dataclasses.replace(reply, seconds=took)

    def os_version(self, caller: Caller) -> str:
        """The version of Windows as WMI tells it to this caller."""
        try:
            rows = self.computer.query(caller, "root/cimv2", "select Version from Win32_OperatingSystem")
        except WmiError:
            return "0.0.0"
        versions = [str(row.properties.get("Version", "0.0.0")) for row in rows.instances]
        return versions[0] if versions else "0.0.0"

    def _run(self, caller: Caller, line: str, codepage: int) -> Completed:
        self._interference.at("command.start", line=line)
        completed = self.computer.run(caller, line, codepage)
        self._interference.at("command.end", line=line)
        return completed

    def _admits(self, caller: Caller) -> bool:
        return self.computer.may_open_shell(caller)

    def counts(self) -> Mapping[str, int]:
        """Requests by action; ``login`` are those that ended in a challenge or had no body."""
        return dict(self.requests)


def identity(os_version: str) -> str:
    """The body of an IdentifyResponse; without a logon the version is ``0.0.0`` (MS-WSMV 3.1.4.1.30)."""
    return (
        f'<wsmid:IdentifyResponse xmlns:wsmid="{names.IDENTITY}">'
        f"<wsmid:ProtocolVersion>{names.WSMAN}</wsmid:ProtocolVersion>"
        "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
        f"<wsmid:ProductVersion>OS: {soap.clean(os_version)} SP: 0.0 Stack: 3.0</wsmid:ProductVersion>"
        "</wsmid:IdentifyResponse>"
    )
