# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs: finds one by name or path, splits its arguments, fires the faults around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lab.windows import icacls, schtasks, secedit, tools, wevtutil, whoami
from lab.windows.call import Call
from lab.windows.messages import SYSTEM_MESSAGES
from lab.windows.streams import KilledError, Memory, Streams

if TYPE_CHECKING:
    from lab.seams import Effect
    from lab.windows.console import Shell

Program = Callable[[Call], int]
SYSTEM32 = "C:\\Windows\\System32"
NOT_FOUND = 9009

TABLE: dict[str, Program] = {
    "cmd": tools.cmd,
    "fc": tools.fc,
    "findstr": tools.findstr,
    "icacls": icacls.main,
    "schtasks": schtasks.main,
    "secedit": secedit.main,
    "wevtutil": wevtutil.main,
    "whoami": whoami.main,
}
# Programs that are there but that this lab does not imitate: a call is noted, so that a test sees it.
NOT_MODELLED = [
    "cacls",
    "certutil",
    "chcp",
    "find",
    "gpresult",
    "gpupdate",
    "hostname",
    "more",
    "net",
    "powershell",
    "pwsh",
    "reg",
    "sc",
    "sort",
    "systeminfo",
    "takeown",
    "timeout",
]
SINCE_VISTA = ("wevtutil",)
FOLDERS = {"powershell": f"{SYSTEM32}\\WindowsPowerShell\\v1.0", "wmic": f"{SYSTEM32}\\wbem"}
EXTENSIONS = {"chcp": "com", "more": "com"}


def installed(*, before_vista: bool) -> list[str]:
    """The path of every program a computer has; wevtutil came with Vista (docs/sources.md S8)."""
    paths = []
    for name in [*TABLE, *NOT_MODELLED]:
        if before_vista and name in SINCE_VISTA:
            continue
        folder = FOLDERS.get(name, SYSTEM32)
        paths.append(f"{folder}\\{name}.{EXTENSIONS.get(name, 'exe')}")
    paths.append("C:\\Windows\\SysWOW64\\secedit.exe")
    return paths


def run(shell: Shell, text: str, io: Streams) -> int:
    """Run a program given as the text of a command; an unknown one ends with 9009."""
    word, tail = _first_word(text)
    name = _program(shell, word)
    if name is None:
        return _unknown(shell, word, io)
    buffer = Memory()
    call = Call(shell, name, split(tail), tail, replace(io, out=buffer))
    code = _with_faults(call, buffer)
    io.out.write(bytes(buffer.data))
    return code & 0xFFFFFFFF


def _first_word(text: str) -> tuple[str, str]:
    if text.startswith('"'):
        end = text.find('"', 1)
        end = len(text) if end < 0 else end + 1
        return text[:end].strip('"'), text[end:]
    match = re.match(r'[^ \t,;="/]+', text)
    end = match.end() if match else len(text)
    return text[:end], text[end:]


def split(tail: str) -> list[str]:
    """Arguments by the rules of the C runtime: quotes group, backslashes matter before a quote only."""
    found: list[str] = []
    current: list[str] = []
    quoted = started = False
    for match in re.finditer(r'(\\*)"|[ \t]|\\+|[^\\" \t]+', tail):
        token, slashes = match.group(0), match.group(1)
        if slashes is not None:
            current.append("\\" * (len(slashes) // 2))
            started = True
            if len(slashes) % 2:
                current.append('"')
            else:
                quoted = not quoted
        elif token in " \t" and not quoted:
            if started:
                found.append("".join(current))
            current, started = [], False
        else:
            current.append(token)
            started = True
    if started:
        found.append("".join(current))
    return found


def _program(shell: Shell, word: str) -> str | None:
    files = shell.host.machine.files
    name = word.rpartition("\\")[2].casefold()
    stem, dot, extension = name.rpartition(".")
    if dot and extension in ("exe", "com"):
        name = stem
    if "\\" in word or ":" in word:
        path = shell.path(word)
        candidates = (path, f"{path}.exe", f"{path}.com")
        if not any(files.exists(p) and not files.is_folder(p) for p in candidates):
            return None
    if shell.host.machine.before_vista and name in SINCE_VISTA:
        return None
    if name == "whoami" and shell.host.worlds["whoami"] == "absent":
        return None
    return name if name in TABLE or name in NOT_MODELLED else None


def _unknown(shell: Shell, word: str, io: Streams) -> int:
    folder = shell.path(word).rpartition("\\")[0] if "\\" in word else ""
    if folder and not shell.host.machine.files.is_folder(folder):
        io.err.write(shell.encode(f"{SYSTEM_MESSAGES[3]}\r\n"))
        return 1
    text = f"'{word}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
    io.err.write(shell.encode(text))
    return NOT_FOUND


def _verb(args: Sequence[str]) -> str:
    slashed = next((a for a in args if a.startswith("/")), "")
    return (slashed or (args[0] if args else "")).casefold()


def _with_faults(call: Call, buffer: Memory) -> int:
    context = {
        "program": call.program,
        "verb": _verb(call.args),
        "line": call.program + call.tail,
        "user": call.caller.name,
    }
    before = call.host.faults.fire("program.start", **context)
    for effect in before:
        _apply(call, effect)
    refusal = next((e for e in before if e.kind == "exit_code" and not e.data.get("run")), None)
    code = _refused(call, refusal) if refusal else _run(call)
    after = call.host.faults.fire("program.end", **context)
    for effect in after:
        _apply(call, effect)
    for effect in [*before, *after]:
        _spoil(call, buffer, effect)
        if effect.kind == "exit_code" and effect is not refusal:
            code = _refused(call, effect)
    return code


def _run(call: Call) -> int:
    if call.program in TABLE:
        return TABLE[call.program](call)
    kind = "powershell" if call.program in ("powershell", "pwsh") else "unmodelled"
    call.host.note(kind, call.program + call.tail)
    call.err(f"{SYSTEM_MESSAGES[1260]}\r\n")
    return 1


def _refused(call: Call, effect: Effect) -> int:
    text = effect.data.get("text")
    if isinstance(text, str):
        call.err(f"{text}\r\n")
    return int(str(effect.data.get("code", 1)))


def _apply(call: Call, effect: Effect) -> None:
    if effect.kind == "state":
        booted = call.host.machine.booted
        call.host.change(effect)
        if call.host.machine.booted != booted:
            raise KilledError
    elif effect.kind == "drop":
        call.host.drop_connections = True
    elif effect.kind in ("hang", "delay"):
        call.shell.seconds += float(str(effect.data.get("seconds", 1)))


def _spoil(call: Call, buffer: Memory, effect: Effect) -> None:
    """Cut or lengthen what the program wrote: its file when it wrote one, else its output."""
    files = call.host.machine.files
    has_file = bool(call.output_path) and files.exists(call.output_path)
    data = files.read(call.output_path) if has_file else bytes(buffer.data)
    if effect.kind == "truncate":
        data = data[: int(str(effect.data.get("bytes", 0)))]
    elif effect.kind == "garbage":
        data += str(effect.data.get("text", "")).encode("utf-8")
    else:
        return
    if has_file:
        files.write(call.output_path, data)
    else:
        buffer.data[:] = data
