# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small programs: cmd, fc, findstr."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lab.state.files import FileError, FileSystem
from lab.windows.messages import SYSTEM_MESSAGES

if TYPE_CHECKING:
    from lab.windows.call import Call


def outer_quotes(line: str, files: FileSystem) -> str:
    """What ``cmd /c`` does with a line that begins with a quote: the first and the last one go.

    They stay when there are exactly two of them, around the name of a program with a blank in it and
    without special signs (``cmd /?``).
    """
    text = line.lstrip()
    if not text.startswith('"'):
        return line
    special = any(sign in text for sign in "&<>()@^|")
    inner = text[1 : text.rindex('"')]
    if text.count('"') == 2 and not special and " " in inner and files.exists(inner):
        return text
    last = text.rindex('"')
    return text[1:last] + text[last + 1 :] if last else text[1:]


def cmd(call: Call) -> int:
    """``cmd [/v:on] [/u] [/a] [/d] [/s] /c line``."""
    match = re.match(r"((?:\s*/[a-bd-jl-z]\S*)*)\s*/[ck]\s?(.*)", call.tail, re.IGNORECASE | re.DOTALL)
    child = call.shell.child()
    if not match:
        call.out(f"Microsoft Windows [Version {call.host.machine.version}]\r\n")
        return 0
    switches = match.group(1).casefold()
    if "/v:" in switches:
        child.delayed = "/v:on" in switches
    child.wide = "/u" in switches or (child.wide and "/a" not in switches)
    code = child.run_line(outer_quotes(match.group(2), call.host.machine.files), call.io)
    call.shell.seconds += child.seconds
    return code


def _read(call: Call, name: str) -> bytes | None:
    try:
        return call.host.read(call.caller, call.path(name))
    except FileError as exc:
        call.err(f"{SYSTEM_MESSAGES[exc.code]}\r\n")
        return None


def findstr(call: Call) -> int:
    """``findstr``: words or ``/c:text``, literal or regular; no UTF-16 (docs/sources.md S3); 0 found, 1 not."""
    if call.host.worlds["findstr_available"] == "no":
        call.err(f"{SYSTEM_MESSAGES[1260]}\r\n")
        return 1
    letters = {a[1:].casefold() for a in call.args if re.fullmatch(r"/[a-z]+", a, re.IGNORECASE)}
    options = "".join(letters)
    literal = [a[3:] for a in call.args if a[:3].casefold() == "/c:"]
    rest = [a for a in call.args if not a.startswith("/")]
    words = literal or (rest.pop(0).split() if rest else [])
    if not words:
        call.err("FINDSTR: Bad command line\r\n")
        return 2
    regular = "r" in options or (not literal and "l" not in options)
    pattern = "|".join(_pattern(w, regular=regular, options=options) for w in words)
    try:
        rx = re.compile(pattern, re.IGNORECASE if "i" in options else 0)
    except re.error:
        return 1  # findstr takes odd patterns as they come and finds nothing
    sources = [(name, _read(call, name)) for name in rest] or [("", call.io.stdin)]
    hit = False
    for name, data in sources:
        for line in (data or b"").decode("latin-1").splitlines():
            if bool(rx.search(line)) != ("v" in options):
                hit = True
                prefix = f"{name}:" if len(sources) > 1 or "m" in options else ""
                call.io.out.write(f"{prefix}{line}\r\n".encode("latin-1"))
    return 0 if hit else 1


def _pattern(word: str, *, regular: bool, options: str) -> str:
    text = word if regular else re.escape(word)
    if regular:
        text = re.sub(r"\\<|\\>", r"\\b", text)
        text = re.sub(r"([+?(){}|])", r"\\\1", text)
    if "b" in options:
        text = f"^{text}"
    if "e" in options:
        text = f"{text}$"
    return f"^{text}$" if "x" in options else text


def fc(call: Call) -> int:
    """``fc [/b] a b``: 0 same, 1 different, 2 a file is missing (world: always 0)."""
    names = [a for a in call.args if not a.startswith("/")]
    if len(names) != 2:
        call.err("FC: Insufficient number of file specifications\r\n")
        return _fc_code(call, -1)
    first, second = (_fc_read(call, name) for name in names)
    if first is None or second is None:
        return _fc_code(call, 2)
    call.out(f"Comparing files {names[0]} and {names[1].upper()}\r\n")  # as typed: captures/cmd/33
    if first == second:
        call.out("FC: no differences encountered\r\n\r\n")
        return 0
    count = sum(a != b for a, b in zip(first, second, strict=False))
    call.out(f"{count} bytes differ\r\n")
    return _fc_code(call, 1)


def _fc_read(call: Call, name: str) -> bytes | None:
    try:
        return call.host.read(call.caller, call.path(name))
    except FileError:
        call.err(f"FC: cannot open {call.path(name).upper()} - No such file or folder\r\n")
        return None


def _fc_code(call: Call, code: int) -> int:
    return code if call.host.worlds["fc_exit_codes"] == "documented" else 0
