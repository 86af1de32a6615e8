# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that are inside cmd.exe: found by name, each given the rest of its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from lab.windows import builtin_files, expansion
from lab.windows.messages import SYSTEM_MESSAGES
from lab.windows.streams import ExitError, Streams

if TYPE_CHECKING:
    from lab.windows.console import Shell

BuiltIn = Callable[["Shell", str, Streams], int]


def find(text: str) -> tuple[BuiltIn, str] | None:
    """The built-in command a text begins with and what stands behind its name; None for a program."""
    match = re.match(r"[A-Za-z]+", text)
    if not match:
        return None
    function = TABLE.get(match.group(0).casefold())
    tail = text[match.end() :]
    # "echo.", "cd\", "echo(" : a name may end at these signs; "type.exe" is a program
    if function is None or (tail[:1] not in ("", *" \t,;=.:(/\\[]+")):
        return None
    if tail[:1] == "." and tail[1:4].casefold() in ("exe", "com"):
        return None
    return function, tail


def echo(shell: Shell, tail: str, io: Streams) -> int:
    """``echo``: everything behind the first delimiter, trailing blanks included."""
    text = tail[1:]
    if not tail.strip():
        io.out.write(shell.encode("ECHO is on.\r\n"))
    elif tail[0] in " \t" and text.strip().casefold() in ("on", "off"):
        return 0
    elif tail.lstrip().startswith("/?"):
        io.out.write(shell.encode("Displays messages, or turns command-echoing on or off.\r\n"))
    else:
        io.out.write(shell.encode(f"{text}\r\n"))
    return 0


def set_(shell: Shell, tail: str, io: Streams) -> int:
    """``set``: list, define (``set "A=b"`` too), and ``/p`` which prompts and reads a line."""
    text = tail.lstrip()
    if text.casefold().startswith("/p"):
        return _prompt(shell, text[2:].lstrip(), io)
    if text.casefold().startswith("/a"):
        shell.host.note("unmodelled", f"set {text}")
        return 1
    if text.startswith('"'):
        text = text[1 : text.rindex('"')] if text.count('"') > 1 else text[1:]
    name, equals, value = text.partition("=")
    if not equals:
        return _list(shell, name.strip(), io)
    if value:
        shell.env[name.casefold()] = (name, value)
    else:
        shell.env.pop(name.casefold(), None)
    return 0


def _prompt(shell: Shell, text: str, io: Streams) -> int:
    name, dummy, prompt = text.strip('"').partition("=")
    end = "\r\n" if shell.host.worlds["set_p_output"] == "line_end" else ""
    io.out.write(shell.encode(prompt.strip('"').lstrip() + end))
    line = io.stdin.decode(shell.encoding, "replace").split("\n")[0].rstrip("\r")
    if not line:
        shell.errorlevel = 1
        return 1
    shell.env[name.casefold()] = (name, line)
    return 0


def _list(shell: Shell, prefix: str, io: Streams) -> int:
    found = [v for k, v in sorted(shell.env.items()) if k.startswith(prefix.casefold())]
    for name, value in found:
        io.out.write(shell.encode(f"{name}={value}\r\n"))
    if not found:
        io.err.write(shell.encode(f"Environment variable {prefix} not defined\r\n"))
        shell.errorlevel = 1
        return 1
    return 0


def change_folder(shell: Shell, tail: str, io: Streams) -> int:
    """``cd``: shows or changes the current folder; ``/d`` is accepted."""
    text = re.sub(r"^\s*/d\s+", "", tail, flags=re.IGNORECASE).strip().strip('"')
    if not text:
        io.out.write(shell.encode(f"{shell.cwd}\r\n"))
        return 0
    from_root = builtin_files.full(shell, text)
    node = shell.host.machine.files.node(from_root)
    if node is None or node.data is not None:
        return builtin_files.fail(shell, io, 3)
    shell.cwd = node.path if "\\" in node.path else f"{node.path}\\"
    return 0


def call(shell: Shell, tail: str, io: Streams) -> int:
    """``call``: the line is expanded a second time before its command runs (no batch files here)."""
    text = tail.lstrip()
    if shell.host.worlds["call_errorlevel"] == "works":
        text = expansion.percent(text, shell.variable)
    return shell.command(text, io)


def exit_(shell: Shell, tail: str, io: Streams) -> int:
    """``exit [/b] [code]``."""
    del io
    match = re.search(r"-?\d+", tail)
    raise ExitError((int(match.group(0)) & 0xFFFFFFFF) if match else shell.errorlevel)


def version(shell: Shell, tail: str, io: Streams) -> int:
    """``ver``."""
    del tail
    number = shell.host.machine.version
    io.out.write(shell.encode(f"\r\nMicrosoft Windows [Version {number}]\r\n"))
    return 0


def not_modelled(name: str) -> BuiltIn:
    """A command that cmd.exe has and this lab does not imitate: a call is noted, so that a test sees it."""

    def note(shell: Shell, tail: str, io: Streams) -> int:
        shell.host.note("unmodelled", name + tail)
        io.err.write(shell.encode(f"{SYSTEM_MESSAGES[1260]}\r\n"))
        shell.errorlevel = 1
        return 1

    return note


NOT_MODELLED = (
    *("chdir", "cls", "color", "copy", "endlocal", "erase", "md", "mkdir", "move", "popd", "pushd", "rd", "rem", "ren"),
    *("rename", "rmdir", "setlocal", "title"),
)
TABLE: dict[str, BuiltIn] = {
    "echo": echo,
    "set": set_,
    "cd": change_folder,
    "call": call,
    "exit": exit_,
    "ver": version,
    "type": builtin_files.type_,
    "del": builtin_files.delete,
    "dir": builtin_files.list_folder,
    **{name: not_modelled(name) for name in NOT_MODELLED},
}
