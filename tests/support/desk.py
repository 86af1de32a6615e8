# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer of the lab behind our transport, without any wire: the link is played in this process."""

from __future__ import annotations

import dataclasses
import pathlib
import typing as t
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
import winrm.exceptions

from ansible_collections.winmail.exchange.plugins.plugin_utils._changes import Changes
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.host import WinrmHost
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link import Received
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.logon import WINRM, Logon
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport
from lab import scenario
from lab.seams import Caller, Completed, LogonDenied
from lab.windows.computer import Computer
from lab.winrm import host as wire
from lab.winrm import soap
from lab.winrm.fault import Fault
from lab.winrm.interference import Drop, Interference
from lab.winrm.reply import Reply
from lab.winrm.settings import Settings

TEMP = "C:\\Windows\\Temp"
SECURITY = "C:\\Windows\\security"


class LabLink:
    """Implements Link on the computer itself; a fault that drops the connection loses the answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answers: dict[str, Completed] = {}
        self._dropped = False
        self._boots = desk.computer.boots

    def logon(self) -> Logon:
        return Logon(WINRM, self._desk.caller.name, secure=False, methods=("ntlm",))

    def connect(self) -> None:
        self._desk.logons += 1
        if self._desk.logons > self._desk.allowed_logons:
            raise self.logon().failure("connection refused")
        domain, dummy, user = self._desk.caller.name.rpartition("\\")
        try:
            self._desk.caller = self._desk.computer.logon(domain, user)
        except LogonDenied as exc:
            raise self.logon().failure("ntlm: the specified credentials were rejected by the server") from exc
        self._dropped = False
        self._boots = self._desk.computer.boots

    def close(self) -> None:
        self._answers.clear()

    def abandon(self) -> None:
        self.close()

    def leave(self) -> None:
        self.close()

    def _interference(self) -> Interference:
        if self._dropped or self._boots != self._desk.computer.boots:
            raise requests.exceptions.ConnectionError("closed")
        return Interference(self._desk.computer.faults, self._desk.computer)

    def _lost(self) -> bool:
        computer = self._desk.computer
        self._dropped = self._dropped or computer.drop_connections
        computer.drop_connections = False
        return self._dropped

    def start(self, line: str) -> str:
        interference = self._interference()
        self._desk.lines.append(line)
        if self._desk.before_line is not None:
            self._desk.before_line(len(self._desk.lines), line)
        try:
            interference.at("command.start", line=line)
            answer = self._desk.computer.run(self._desk.caller, line, 65001)
            interference.at("command.end", line=line)
        except Drop:
            self._dropped = True
        if self._lost():
            raise requests.exceptions.ConnectionError("reset by peer")
        if self._desk.after_line is not None:
            answer = dataclasses.replace(answer, stdout=self._desk.after_line(line, answer.stdout))
        command = str(len(self._desk.lines))
        self._answers[command] = answer
        return command

    def receive(self, command: str) -> Received:
        answer = self._answers.pop(command)
        return Received(answer.stdout, answer.stderr, answer.exit_code)

    def stop(self, command: str) -> None:
        del command
        self._interference()

    def release(self, command: str) -> None:
        del command

    def send(self, message: str) -> bytes:
        interference = self._interference()
        request = soap.parse(message.encode())
        self._desk.messages.append(request.action.rpartition("/")[2])
        if self._desk.before_message is not None:
            self._desk.before_message(self._desk.messages[-1])
        try:
            reply = self._desk.wire.answer(request, self._desk.caller, "127.0.0.1", interference)
        except Drop as drop:
            self._dropped = True
            raise requests.exceptions.ConnectionError("reset by peer") from drop
        if reply.fault is not None:
            text = soap.build_fault(reply.fault, self._desk.computer.name, request.message_id).decode()
            raise winrm.exceptions.WSManFaultError(500, "HTTP 500", text, "a fault")
        return soap.build(reply.action, reply.body, request.message_id)


@dataclass
class Desk:
    """One computer and one administrator in front of it; keeps the lines and messages that were sent."""

    computer: Computer
    caller: Caller
    wire: wire.Host
    lines: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    before_line: Callable[[int, str], None] | None = None
    before_message: Callable[[str], None] | None = None
    after_line: Callable[[str, bytes], bytes] | None = None
    step_by_step: bool = False
    logons: int = 0
    allowed_logons: int = 9
    changes: Changes = field(default_factory=Changes)
    passed: float = 0.0

    def sleep(self, seconds: float) -> None:
        """Wait: it takes no time here, and its time on the computer."""
        self.passed += seconds
        self.computer.advance(seconds)

    def host(self) -> WinrmHost:
        """A new task on this computer; waiting takes no time."""
        transport = Transport(LabLink(self), clock=lambda: self.passed, sleep=self.sleep)
        transport.connect()
        self.changes = transport.changes
        return WinrmHost(transport)

    def told(self, exc: WinmailError) -> str:
        """What a task that ends with this error says, with what became of its change."""
        return f"{exc} {self.changes.sentence(exc)}".rstrip()

    def rights(self) -> dict[str, set[str]]:
        """Who holds what, as the computer itself keeps it."""
        return {right: set(holders) for right, holders in self.computer.machine.rights.all().items() if holders}

    def files(self) -> list[str]:
        """Names of our files that are on the computer."""
        nodes = [node for folder in (TEMP, SECURITY) for node in self.computer.machine.files.children(folder)]
        return [node.name for node in nodes if node.name.startswith("winmail-")]

    def tasks(self) -> list[dict[str, Any]]:
        """The scheduled tasks that are on the computer, as it tells them."""
        return t.cast("list[dict[str, Any]]", self.computer.snapshot()["tasks"])


def spoiled(output: bytes, edit: Callable[[bytes], bytes]) -> bytes:
    """An answer whose file already held other bytes: they come with the length that they have."""
    content, mark, size = output.rpartition(b":size=")
    nonce = content[-10:]
    length = int(size)
    changed = edit(content[:length])
    return changed + content[length:-10] + nonce + mark + str(len(changed)).encode() + b"\r\n"


def desk(name: str, folder: pathlib.Path, **worlds: str) -> Desk:
    """A computer of the scenario ``rights`` in chosen worlds; ``folder`` is for the wire's credential file."""
    loaded = scenario.load("rights", worlds)
    computer = next(one for one in loaded.computers if one.name == name)
    user = str(loaded.variables[name]["ansible_user"])
    domain, dummy, account = user.rpartition("\\")
    caller = computer.logon(domain, account)
    return Desk(computer, caller, wire.Host(computer, Settings(), folder / "credentials", 100))


__all__ = ["TEMP", "Desk", "Fault", "Reply", "desk", "spoiled"]
