# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd.exe: runs the tree of a command line against one computer (docs/sources.md S3)."""

from __future__ import annotations

import codecs
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab.state.files import FileError
from lab.windows import builtins, expansion, local_time, loops, parameters, parsing, programs
from lab.windows.messages import SYSTEM_MESSAGES
from lab.windows.parsing import IncorrectSyntaxError, Parser
from lab.windows.streams import ExitError, FileSink, Memory, Nul, Sink, Streams
from lab.windows.syntax import Chain, For, Group, If, Node, Redirect, Simple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lab.seams import Caller
    from lab.state.files import Node as FileNode
    from lab.windows.host import Host

LONGEST_LINE = 8191
NOT_FOUND = 9009


@dataclass
class Shell:
    """One cmd.exe: its variables, folder, last code; ``seconds`` is what its programs took, simulated."""

    host: Host
    caller: Caller
    codepage: int
    env: dict[str, tuple[str, str]]
    cwd: str
    wide: bool = False
    delayed: bool = False
    delayed_by_registry: bool = False
    errorlevel: int = 0
    seconds: float = 0.0
    depth: int = 0

    @property
    def encoding(self) -> str:
        """The Python codec of the console's code page."""
        if self.wide:
            return "utf-16-le"
        name = "utf-8" if self.codepage == 65001 else f"cp{self.codepage}"
        try:
            codecs.lookup(name)
        except LookupError:
            return "cp437"
        return name

    def encode(self, text: str) -> bytes:
        """Text as it leaves for a pipe or a file; what the code page lacks becomes a question mark."""
        return text.encode(self.encoding, "replace")

    def variable(self, name: str) -> str | None:
        """The value of an environment variable or of a computed one; None when it is not defined."""
        key = name.casefold()
        if key in self.env:
            return self.env[key][1]
        computed: Mapping[str, Callable[[], str]] = {
            "errorlevel": lambda: str(_signed(self.errorlevel)),
            "cd": lambda: self.cwd,
            "date": lambda: local_time.date(self.host),
            "time": lambda: local_time.time(self.host),
            "random": lambda: str(self.host.random(32768)),
            "cmdextversion": lambda: "2",
        }
        return computed[key]() if key in computed else None

    def path(self, text: str) -> str:
        """A full path: quotes gone, relative to the current folder."""
        text = text.replace('"', "").replace("/", "\\")
        if text[1:2] == ":":
            return text if text[2:3] == "\\" else f"{text[:2]}\\{text[2:]}"
        if text.startswith("\\"):
            return self.cwd[:2] + text
        return f"{self.cwd.rstrip(chr(92))}\\{text}"

    def parameters(self, text: str, values: Mapping[str, str]) -> str:
        """``text`` with the values of the FOR loops around it."""
        return parameters.replaced(text, values, self._look, lambda node: local_time.of_file(self.host, node.modified))

    def _look(self, name: str) -> tuple[str, FileNode | None]:
        path = self.path(name)
        node = self.host.machine.files.node(path)
        return (node.path, node) if node else (path, None)

    def child(self) -> Shell:
        """A cmd.exe started by this one: a copy of variables and folder, nothing comes back."""
        return replace(
            self,
            env=dict(self.env),
            errorlevel=0,
            depth=self.depth + 1,
            seconds=0.0,
            delayed=self.delayed_by_registry,
        )

    def run_line(self, line: str, io: Streams) -> int:
        """Run one line as ``cmd /c`` does and return the code with which that cmd.exe ends."""
        worlds = self.host.worlds
        expanded = expansion.percent(line, self.variable)
        if max(len(line), len(expanded)) > LONGEST_LINE:
            if worlds["long_line"] == "silent":
                return 0
            io.err.write(self.encode("The command line is too long.\r\n"))
            return 1
        takes_rest = worlds["if_scope"] == "rest_of_line"
        try:
            node = Parser(expanded, if_takes_rest=takes_rest).parse()
            last = self.execute(node, io, {})
        except IncorrectSyntaxError as exc:
            io.err.write(self.encode(f"{exc}\r\n"))
            return 1
        except ExitError as exc:
            return exc.code
        code = self.errorlevel if worlds["chain_exit_code"] == "last_program" else last
        return int(worlds["unknown_program"]) if code == NOT_FOUND else code

    def execute(self, node: Node, io: Streams, values: Mapping[str, str]) -> int:
        """Run one node of the tree; ``values`` are the parameters of the FOR loops around it."""
        if isinstance(node, Chain):
            return self._chain(node, io, values)
        if isinstance(node, Group):
            with self._redirected(node.redirects, io, values) as inner:
                return 1 if inner is None else self.execute(node.body, inner, values)
        if isinstance(node, If):
            return self._if(node, io, values)
        if isinstance(node, For):
            return self._for(node, io, values)
        if isinstance(node, Simple):
            return self._simple(node, io, values)
        return 0

    def _chain(self, node: Chain, io: Streams, values: Mapping[str, str]) -> int:
        if node.operator == "|":
            pipe = Memory()
            left = self.child()
            left.execute(node.left, replace(io, out=pipe), values)
            right = self.child()
            code = right.execute(node.right, replace(io, stdin=bytes(pipe.data)), values)
            self.seconds += left.seconds + right.seconds
            self.errorlevel = code
            return code
        code = self.execute(node.left, io, values)
        if (node.operator == "&&" and code != 0) or (node.operator == "||" and code == 0):
            return code
        return self.execute(node.right, io, values)

    def _simple(self, node: Simple, io: Streams, values: Mapping[str, str]) -> int:
        text = self.parameters(node.text, values)
        if self.delayed:
            text = expansion.late(text, self.variable)
        with self._redirected(node.redirects, io, values) as inner:
            return 1 if inner is None else self.command(text, inner)

    def command(self, text: str, io: Streams) -> int:
        """Run one command given as text: built in, or a program."""
        stripped = text.lstrip(parsing.DELIMITERS)
        if not stripped:
            return 0
        built_in = builtins.find(stripped)
        if built_in:
            function, tail = built_in
            return function(self, tail, io)
        self.errorlevel = programs.run(self, stripped, io)
        return self.errorlevel

    def _if(self, node: If, io: Streams, values: Mapping[str, str]) -> int:
        first, second = (self.parameters(text, values) for text in (node.first, node.second))
        if self.delayed:
            first, second = (expansion.late(text, self.variable) for text in (first, second))
        if self._holds(node, first, second) != node.negated:
            return self.execute(node.then, io, values)
        return self.execute(node.otherwise, io, values) if node.otherwise else 0

    def _holds(self, node: If, first: str, second: str) -> bool:
        if node.kind == "exist":
            return bool(self.host.machine.files.glob(self.path(first))) or first.casefold() == "nul"
        if node.kind == "defined":
            return self.variable(first) is not None
        if node.kind == "errorlevel":
            return re.fullmatch(r"-?\d+", first) is not None and _signed(self.errorlevel) >= int(first)
        return _compare(node.kind, first, second, any_case=node.any_case)

    def _for(self, node: For, io: Streams, values: Mapping[str, str]) -> int:
        code = 0
        for more in loops.rounds(self, node, io, values):
            code = self.execute(node.body, io, {**values, **more})
        return code

    @contextmanager
    def _redirected(
        self, redirects: tuple[Redirect, ...], io: Streams, values: Mapping[str, str]
    ) -> Iterator[Streams | None]:
        """The streams with redirections opened, left to right; None when one cannot be opened."""
        for redirect in redirects:
            try:
                io = self._redirect(redirect, io, values)
            except FileError as exc:
                text = SYSTEM_MESSAGES[exc.code]
                io.err.write(self.encode(f"{text}\r\n"))
                self.errorlevel = 1
                yield None
                return
        yield io

    def _redirect(self, redirect: Redirect, io: Streams, values: Mapping[str, str]) -> Streams:
        if redirect.mode == "&":
            other = {"1": io.out, "2": io.err}.get(redirect.target, io.out)
            return replace(io, out=other) if redirect.handle == 1 else replace(io, err=other)
        target = self.parameters(redirect.target, values)
        if self.delayed:
            target = expansion.late(target, self.variable)
        if redirect.mode == "<":
            return replace(
                io, stdin=b"" if target.casefold() == "nul" else self.host.read(self.caller, self.path(target))
            )
        sink: Sink = Nul() if target.casefold() == "nul" else self._open(target, redirect.mode)
        return replace(io, out=sink) if redirect.handle == 1 else replace(io, err=sink)

    def _open(self, target: str, mode: str) -> Sink:
        path = self.path(target)
        files = self.host.machine.files
        if files.is_folder(path):
            raise FileError(5, path)
        if mode == ">" or not files.exists(path):
            self.host.write(self.caller, path, b"")
        else:
            self.host.check_write(self.caller, path)
        return FileSink(files, path, self.caller.sid)


def _signed(code: int) -> int:
    return code - (1 << 32) if code >= 1 << 31 else code


def _compare(kind: str, first: str, second: str, *, any_case: bool) -> bool:
    if any_case:
        first, second = first.casefold(), second.casefold()
    if kind == "==":
        return first == second
    left: int | str = first
    right: int | str = second
    if all(re.fullmatch(r"-?[0-9]+", text) for text in (first, second)):
        left, right = int(first), int(second)
        order = (left > right) - (left < right)
    else:
        order = (first > second) - (first < second)
    return {
        "EQU": order == 0,
        "NEQ": order != 0,
        "LSS": order < 0,
        "LEQ": order <= 0,
        "GTR": order > 0,
        "GEQ": order >= 0,
    }[kind]
