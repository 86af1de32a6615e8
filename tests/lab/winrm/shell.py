# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WinRS command shell as a resource: Create, Command, Receive, Send, Signal, Delete (MS-WSMV 3.1.4.5)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from lab.seams import Caller, Completed
from lab.winrm import names, quotas, shell_faults, soap
from lab.winrm.fault import Fault
from lab.winrm.output import Output
from lab.winrm.reply import Reply
from lab.winrm.settings import DEFAULT_ENVELOPE_BYTES, MIN_ENVELOPE_BYTES, Clock, Settings

LONGEST_LINE = 8191  # of cmd.exe
LONGEST_COMMAND_LINE = 32767  # of CreateProcess
# cmd.exe under the policy DisableCMD; text from public reports, its stream and exit code from none (W83).
DISABLED = b"The command prompt has been disabled by your administrator.\r\n\r\nPress any key to continue . . . "
CONTROL_C_EXIT = 0xC000013A  # STATUS_CONTROL_C_EXIT

_IDENTIFIER = re.compile(r"[0-9A-Z-]{1,64}")
_RSP = f"{{{names.SHELL}}}"


@dataclass
class Command:
    """A command line in a shell. It ran when it came in; ``remaining`` is the simulated time until its end."""

    id: str
    line: str
    output: Output
    exit_code: int
    remaining: float
    released: float | None = None  # the time at which a Signal ended it

    def interrupt(self) -> None:
        """End it as Ctrl-C does; nothing happens to one that is over."""
        if self.remaining > 0:
            self.remaining = 0.0
            self.exit_code = CONTROL_C_EXIT


@dataclass
class Shell:
    """An open shell of one user."""

    id: str
    owner: Caller
    codepage: int
    idle_seconds: float
    opened: float
    used: float
    client: str
    commands: dict[str, Command] = field(default_factory=dict)
    ended: list[Command] = field(default_factory=list)

    def operations(self, now: float, recover: float) -> int:
        """How many commands the operations quota counts: ended ones too, until they are forgiven."""
        if recover >= 0:
            self.ended = [c for c in self.ended if now - (c.released or 0.0) < recover]
        return len(self.commands) + len(self.ended)


Runner = Callable[[Caller, str, int], Completed]


class Shells:
    """All shells of one host.

    ``run`` executes a command line; ``admits`` says whether the plug-in's access list lets a caller in.
    """

    def __init__(self, settings: Settings, clock: Clock, run: Runner, admits: Callable[[Caller], bool]) -> None:
        self._settings = settings
        self._clock = clock
        self._run = run
        self._admits = admits
        self._open: dict[str, Shell] = {}

    def count(self) -> int:
        """How many shells are open now."""
        self._close_idle()
        return len(self._open)

    def line_of(self, request: soap.Envelope) -> str:
        """The command line that a request brings or is about; "" when there is none."""
        body = request.body
        if body is None or request.resource_uri.lower() != names.CMD_SHELL:
            return ""
        if body.tag == f"{_RSP}CommandLine":
            return _line(body)
        named = next((id_ for element in body.iter() if (id_ := element.get("CommandId"))), "")
        shell = self._open.get(request.selector("ShellId").upper())
        command = shell.commands.get(named.upper()) if shell else None
        return command.line if command else ""

    def clear(self) -> None:
        """Forget every shell, as a restart of the service does."""
        self._open.clear()

    def handle(self, request: soap.Envelope, caller: Caller, client: str) -> Reply:
        """Answer a request to the cmd resource; raises Fault. ``client`` is the address of the other end."""
        self._close_idle()
        if request.action == names.CREATE:
            return self._create(request, caller, client)
        handlers = {
            names.COMMAND: self._command,
            names.RECEIVE: self._receive,
            names.SEND: self._send,
            names.SIGNAL: self._signal,
            names.DELETE: self._delete,
        }
        handler = handlers.get(request.action)
        if handler is None:
            raise Fault.invalid_action()
        shell = self._find(request.selector("ShellId"), caller)
        shell.used = self._clock.now()
        return handler(request, shell)

    def _close_idle(self) -> None:
        now = self._clock.now()
        gone = [s.id for s in self._open.values() if now - s.used >= s.idle_seconds]
        for shell_id in gone:
            del self._open[shell_id]

    def _find(self, shell_id: str, caller: Caller) -> Shell:
        shell = self._open.get(shell_id.upper())
        if shell is None:
            raise shell_faults.no_shell()
        if shell.owner.sid != caller.sid:
            raise shell_faults.access_denied(self._settings.language)
        return shell

    def _create(self, request: soap.Envelope, caller: Caller, client: str) -> Reply:
        if not self._settings.allow_remote_shell_access:
            raise shell_faults.shells_off()
        if not self._admits(caller):
            raise shell_faults.access_denied(self._settings.language)
        self._check_shells(caller)
        shell = self._new_shell(request, caller, client)
        self._open[shell.id] = shell
        return Reply(f"{names.CREATE}Response", _created(shell, request.to))

    def _check_shells(self, caller: Caller) -> None:
        settings, owners = self._settings, [shell.owner.sid for shell in self._open.values()]
        if owners.count(caller.sid) >= settings.max_shells_per_user:
            raise quotas.too_many_shells(settings.max_shells_per_user, settings.quota_shape)
        if len({*owners, caller.sid}) > settings.max_shell_users:
            raise quotas.too_many_users(settings.max_shell_users, settings.quota_shape)

    def _new_shell(self, request: soap.Envelope, caller: Caller, client: str) -> Shell:
        body = ET.Element("Shell") if request.body is None else request.body
        idle = body.findtext(f"{_RSP}IdleTimeOut")
        now = self._clock.now()
        return Shell(
            id=_identifier(body, "ShellId"),
            owner=caller,
            codepage=_codepage(request.option("WINRS_CODEPAGE")),
            idle_seconds=soap.duration(idle.strip()) if idle else self._settings.shell_idle_seconds,
            opened=now,
            used=now,
            client=client,
        )

    def _command(self, request: soap.Envelope, shell: Shell) -> Reply:
        if request.body is None or request.body.tag != f"{_RSP}CommandLine":
            raise Fault.schema("A command line is expected.")
        self._check_quotas(shell)
        line = _line(request.body)
        self._check_start(line, skip_cmd=(request.option("WINRS_SKIP_CMD_SHELL") or "").lower() in {"true", "1"})
        completed = self._cmd(shell, line)
        command = Command(
            id=_identifier(request.body, "CommandId"),
            line=line,
            output=Output(completed, self._settings.receive),
            exit_code=completed.exit_code,
            remaining=completed.seconds,
        )
        shell.commands[command.id] = command
        body = f"<rsp:CommandResponse><rsp:CommandId>{soap.clean(command.id)}</rsp:CommandId></rsp:CommandResponse>"
        return Reply(f"{names.COMMAND}Response", body)

    def _check_quotas(self, shell: Shell) -> None:
        settings = self._settings
        if len(shell.commands) >= settings.max_processes_per_shell:
            raise quotas.too_many_processes(settings.max_processes_per_shell, settings.quota_shape)
        now = self._clock.now()
        used = shell.operations(now, settings.operations_recover_seconds)
        if used >= settings.max_operations_per_user:
            raise quotas.too_many_operations(settings.max_operations_per_user, settings.quota_shape)

    def _check_start(self, line: str, *, skip_cmd: bool) -> None:
        """Raise the fault of a cmd.exe that CreateProcess does not start, or of a program without cmd.exe.

        Without cmd.exe a program is not looked for: recorded is ``powershell.exe``, refused, and found with its path.
        """
        if skip_cmd and "\\" not in line.partition(" ")[0]:
            raise shell_faults.not_started(shell_faults.FILE_NOT_FOUND)
        if self._settings.cmd == "blocked":
            raise shell_faults.not_started(int(self._settings.blocked_cmd))
        longest = LONGEST_LINE if self._settings.long_line == "fault" else LONGEST_COMMAND_LINE
        if len(line) > longest:
            raise shell_faults.not_started(shell_faults.NAME_TOO_LONG)

    def _cmd(self, shell: Shell, line: str) -> Completed:
        if self._settings.cmd == "disabled":
            return Completed(DISABLED, b"", int(self._settings.disabled_cmd))
        return self._run(shell.owner, line, shell.codepage)

    def _receive(self, request: soap.Envelope, shell: Shell) -> Reply:
        desired = None if request.body is None else request.body.find(f"{_RSP}DesiredStream")
        if desired is None:
            raise Fault.schema("The desired stream is missing.")
        command = _find_command(shell, desired)
        longest = self._settings.max_timeout_seconds
        timeout = longest if request.timeout is None else min(request.timeout, longest)
        if command.remaining > timeout:
            command.remaining -= timeout
            return Reply.of_fault(Fault.timed_out(), seconds=timeout)
        waited, command.remaining = command.remaining, 0.0
        pieces = command.output.take((desired.text or "").split(), self._room(request))
        body = _received(command, pieces, done=command.output.drained())
        return Reply(f"{names.RECEIVE}Response", body, seconds=waited)

    def _room(self, request: soap.Envelope) -> int:
        envelope = max(request.max_envelope or DEFAULT_ENVELOPE_BYTES, MIN_ENVELOPE_BYTES)
        return min(self._settings.receive_bytes, (envelope - 4096) * 3 // 4)

    def _send(self, request: soap.Envelope, shell: Shell) -> Reply:
        """Take input. No simulated program reads its standard input, so it goes where unread input goes."""
        stream = None if request.body is None else request.body.find(f"{_RSP}Stream")
        if stream is None:
            raise Fault.schema("The stream is missing.")
        _find_command(shell, stream)
        return Reply(f"{names.SEND}Response", "<rsp:SendResponse/>")

    def _signal(self, request: soap.Envelope, shell: Shell) -> Reply:
        if request.body is None:
            raise Fault.schema("The signal is missing.")
        command = _find_command(shell, request.body)
        code = (request.body.findtext(f"{_RSP}Code") or "").strip().rpartition("/")[2].lower()
        if code in {"ctrl_c", "ctrl_break"}:
            command.interrupt()
        elif code == "terminate":
            command.released = self._clock.now()
            shell.ended.append(shell.commands.pop(command.id))
        else:
            raise Fault.schema(f"{code!r} is no signal.")
        return Reply(f"{names.SIGNAL}Response", "<rsp:SignalResponse/>")

    def _delete(self, _request: soap.Envelope, shell: Shell) -> Reply:
        del self._open[shell.id]
        return Reply(f"{names.DELETE}Response", "")


def _find_command(shell: Shell, element: ET.Element) -> Command:
    named = element.get("CommandId", "").upper()
    if not named:
        raise shell_faults.bad_parameter()
    command = shell.commands.get(named)
    if command is None:
        raise shell_faults.no_command()
    return command


def _identifier(element: ET.Element, name: str) -> str:
    """The identifier that the client chose, or a new one."""
    text = element.get(name, "").upper()
    if text and not _IDENTIFIER.fullmatch(text):
        raise Fault.schema(f"{text!r} is no {name}.")
    return text or soap.new_id()


def _codepage(text: str | None) -> int:
    if text is None:
        return 437
    if not (text.isascii() and text.isdigit()):
        raise shell_faults.bad_parameter()
    return int(text)


def _line(body: ET.Element) -> str:
    parts = [body.findtext(f"{_RSP}Command") or ""]
    parts += [argument.text or "" for argument in body.findall(f"{_RSP}Arguments")]
    return " ".join(parts)


def _created(shell: Shell, address: str) -> str:
    shell_id, to = soap.clean(shell.id), soap.clean(address or names.ANONYMOUS)
    return (
        f"<x:ResourceCreated><a:Address>{to}</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{names.CMD_SHELL}</w:ResourceURI><w:SelectorSet>"
        f'<w:Selector Name="ShellId">{shell_id}</w:Selector></w:SelectorSet>'
        "</a:ReferenceParameters></x:ResourceCreated>"
        f'<rsp:Shell xmlns:rsp="{names.SHELL}"><rsp:ShellId>{shell_id}</rsp:ShellId>'
        f"<rsp:ResourceUri>{names.CMD_SHELL}</rsp:ResourceUri>"
        f"<rsp:Owner>{soap.clean(shell.owner.name)}</rsp:Owner>"
        f"<rsp:ClientIP>{soap.clean(shell.client)}</rsp:ClientIP>"
        f"<rsp:IdleTimeOut>PT{shell.idle_seconds:.3f}S</rsp:IdleTimeOut>"
        "<rsp:InputStreams>stdin</rsp:InputStreams>"
        "<rsp:OutputStreams>stdout stderr</rsp:OutputStreams>"
        "<rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime>"
        "<rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity></rsp:Shell>"
    )


def _received(command: Command, pieces: list[tuple[str, bytes]], *, done: bool) -> str:
    owner = f'CommandId="{command.id}"'
    streams = "".join(
        f'<rsp:Stream Name="{name}" {owner}>{base64.b64encode(data).decode()}</rsp:Stream>' for name, data in pieces
    )
    if not done:
        state = f'<rsp:CommandState {owner} State="{names.COMMAND_STATE}/Running"/>'
    else:
        ends = (f'<rsp:Stream Name="{n}" {owner} End="true"/>' for n in ("stdout", "stderr"))
        state = "".join(ends) + (
            f'<rsp:CommandState {owner} State="{names.COMMAND_STATE}/Done">'
            f"<rsp:ExitCode>{command.exit_code}</rsp:ExitCode></rsp:CommandState>"
        )
    return f"<rsp:ReceiveResponse>{streams}{state}</rsp:ReceiveResponse>"
