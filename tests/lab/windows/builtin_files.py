# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in commands of cmd.exe that touch files: type, del, dir."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lab.state.files import FileError, Node, wildcard
from lab.windows import local_time
from lab.windows.messages import SYSTEM_MESSAGES
from lab.windows.streams import Streams

if TYPE_CHECKING:
    from lab.windows.console import Shell


def full(shell: Shell, text: str) -> str:
    """A full, normal path."""
    return shell.path(text)


def fail(shell: Shell, io: Streams, code: int) -> int:
    """Print a system message and end with 1."""
    io.err.write(shell.encode(f"{SYSTEM_MESSAGES[code]}\r\n"))
    shell.errorlevel = 1
    return 1


def arguments(tail: str) -> tuple[set[str], list[str]]:
    """(switches in lower case, other arguments without quotes)."""
    words = re.findall(r'"[^"]*"|/[A-Za-z0-9:\-]+|[^\s,;=/"]+(?:"[^"]*"[^\s,;=/"]*)*', tail)
    switches = {w.casefold() for w in words if w.startswith("/")}
    return switches, [w.replace('"', "") for w in words if not w.startswith("/")]


def _named(shell: Shell, pattern: str) -> list[Node]:
    return shell.host.machine.files.glob(shell.path(pattern))


def type_(shell: Shell, tail: str, io: Streams) -> int:
    """``type``: bytes as they are; UTF-16 with a BOM in the console's code page (world)."""
    names = arguments(tail)[1]
    if not names:
        io.err.write(shell.encode("The syntax of the command is incorrect.\r\n"))
        return 1
    code = 0
    for name in names:
        found = [n for n in _named(shell, name) if n.data is not None]
        if not found:
            code = _missing(shell, name, io)
        for node in found:
            if len(found) > 1 or len(names) > 1:
                io.err.write(shell.encode(f"\r\n{node.path}\r\n\r\n\r\n"))
            code = _show(shell, node, io) or code
    shell.errorlevel = code
    return code


def _missing(shell: Shell, name: str, io: Streams) -> int:
    folder = shell.path(name).rpartition("\\")[0]
    return fail(shell, io, 2 if shell.host.machine.files.is_folder(folder) else 3)


def _show(shell: Shell, node: Node, io: Streams) -> int:
    try:
        data = shell.host.read(shell.caller, node.path)
    except FileError as exc:
        return fail(shell, io, exc.code)
    wide = data.startswith(b"\xff\xfe")
    if wide and shell.host.worlds["type_converts_utf16"] == "yes":
        data = shell.encode(data[2:].decode("utf-16-le", "replace"))
    elif shell.host.worlds["type_plain_files"] == "converted":
        data = shell.encode(data.decode("cp1252", "replace"))
    io.out.write(data)
    return 0


def delete(shell: Shell, tail: str, io: Streams) -> int:
    """``del``: a missing file is told on the error stream but leaves the code at 0."""
    switches, names = arguments(tail)
    code = 0
    for name in names:
        last = name.rpartition("\\")[2]
        if last in ("*", "*.*") and "/q" not in switches and not io.stdin.strip().lower().startswith(b"y"):
            io.out.write(shell.encode(f"{shell.path(name)}, Are you sure (Y/N)? "))
            continue
        nodes = [n for n in _named(shell, name) if n.data is not None]
        if not any("/a" in s for s in switches):
            nodes = [n for n in nodes if "hidden" not in n.attributes]
        if not nodes:
            io.err.write(shell.encode(f"Could Not Find {shell.path(name)}\r\n"))
        for node in nodes:
            code = _delete_one(shell, node, io) or code
    return code


def _delete_one(shell: Shell, node: Node, io: Streams) -> int:
    try:
        shell.host.check_write(shell.caller, node.path)
        shell.host.machine.files.delete(node.path)
    except FileError as exc:
        io.err.write(shell.encode(f"{node.path}\r\n{SYSTEM_MESSAGES[exc.code]}\r\n"))
    return 0


def list_folder(shell: Shell, tail: str, io: Streams) -> int:
    """``dir``: ``/b`` bare names, with ``/s`` full paths; ``/a`` shows hidden ones, ``/ad`` folders, ``/a-d`` files."""
    switches, names = arguments(tail)
    shown = [s[2:].lstrip(":") for s in switches if s.startswith("/a")]
    attribute = shown[0] if shown else None
    found: list[Node] = []
    for name in names or ["*"]:
        path = shell.path(name)
        is_folder = shell.host.machine.files.is_folder(path)
        nodes = shell.host.machine.files.children(path) if is_folder else _named(shell, name)
        if "/s" in switches:
            nodes = [*nodes, *_below(shell, path, is_folder=is_folder)]
        found += [node for node in nodes if _listed(node, attribute)]
    if not found:
        io.err.write(shell.encode("File Not Found\r\n"))
        shell.errorlevel = 1
        return 1
    full_paths = {"/s", "/b"} <= switches and shell.host.worlds["dir_s_paths"] == "full"
    for node in found:
        line = f"{node.path}\r\n" if full_paths else _dir_line(shell, node, bare="/b" in switches)
        io.out.write(shell.encode(line))
    shell.errorlevel = 0
    return 0


def _below(shell: Shell, path: str, *, is_folder: bool) -> list[Node]:
    """What ``/s`` adds: the same pattern in every folder below."""
    files = shell.host.machine.files
    top, pattern = (path, "*") if is_folder else (path.rpartition("\\")[0], path.rpartition("\\")[2])
    found: list[Node] = []
    waiting = [node for node in files.children(top) if node.data is None]
    while waiting:
        folder = waiting.pop(0)
        inside = files.children(folder.path)
        found += [node for node in inside if wildcard(pattern).fullmatch(node.name)]
        waiting += [node for node in inside if node.data is None]
    return found


def _listed(node: Node, attribute: str | None) -> bool:
    if attribute is None:
        return "hidden" not in node.attributes
    folder = node.data is None
    wanted = {"d": folder, "-d": not folder, "h": "hidden" in node.attributes, "": True}
    return wanted.get(attribute, True)


def _dir_line(shell: Shell, node: Node, *, bare: bool) -> str:
    if bare:
        return f"{node.name}\r\n"
    size = "<DIR>         " if node.data is None else f"{len(node.data):>14,}"
    return f"{local_time.of_file(shell.host, node.modified, gap='  ')}    {size} {node.name}\r\n"
