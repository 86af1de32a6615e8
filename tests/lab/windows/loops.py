# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rounds of FOR: plain lists, /l counts, /f lines of a command, a file or a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab.state.files import FileError
from lab.windows.messages import SYSTEM_MESSAGES
from lab.windows.streams import Memory, Streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lab.windows.console import Shell
    from lab.windows.syntax import For


def rounds(shell: Shell, node: For, io: Streams, values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The parameters of each round of a FOR loop."""
    items = shell.parameters(node.items, values)
    if node.switch == "/l":
        yield from _counts(node.variable, items)
    elif node.switch == "/f":
        options = _options(node.options)
        for line in _lines(shell, items, options, io):
            found = _tokens(line, options, node.variable)
            if found is not None:
                yield found
    else:
        yield from ({node.variable: item} for item in _plain(shell, items))


def _counts(variable: str, items: str) -> Iterator[dict[str, str]]:
    numbers = re.findall(r"-?[0-9]+", items)
    if len(numbers) != 3:
        return
    start, step, end = (int(number) for number in numbers)
    if step == 0:  # an endless loop on Windows
        return
    limit = 100_000
    while limit and (start <= end if step > 0 else start >= end):
        yield {variable: str(start)}
        start += step
        limit -= 1


def _plain(shell: Shell, items: str) -> Iterator[str]:
    for item in re.findall(r'"[^"]*"|[^ \t,;=]+', items):
        if "*" not in item and "?" not in item:
            yield item
            continue
        folder = item.strip('"').rpartition("\\")[0]
        for match in shell.host.machine.files.glob(shell.path(item)):
            if match.data is not None and "hidden" not in match.attributes:
                yield f"{folder}\\{match.name}" if folder else match.name


@dataclass(frozen=True)
class Options:
    """What stands in quotes behind ``for /f``; ``tokens`` are numbers, ``rest`` the asterisk."""

    delimiters: str = " \t"
    tokens: tuple[int, ...] = (1,)
    rest: bool = False
    skip: int = 0
    comment: str = ";"
    use_back_quotes: bool = False


def _options(text: str) -> Options:
    found = Options()
    match = re.search(r"delims=(.*?)(?= (?:tokens|skip|eol|usebackq)\b|$)", text, re.IGNORECASE)
    if match:
        found = replace(found, delimiters=match.group(1))
    match = re.search(r"tokens=([\d,\-]*)(\*?)", text, re.IGNORECASE)
    if match:
        found = replace(found, tokens=_numbers(match.group(1)), rest=bool(match.group(2)))
    match = re.search(r"skip=(\d+)", text, re.IGNORECASE)
    if match:
        found = replace(found, skip=int(match.group(1)))
    match = re.search(r"eol=(.)", text, re.IGNORECASE)
    if match:
        found = replace(found, comment=match.group(1))
    return replace(found, use_back_quotes="usebackq" in text.casefold())


def _numbers(text: str) -> tuple[int, ...]:
    """``1,3-5`` as numbers; cmd.exe knows 31 of them."""
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        found += range(int(first), min(int(last or first), 31) + 1)
    return tuple(found[:31])


def _lines(shell: Shell, items: str, options: Options, io: Streams) -> list[str]:
    text = items.strip()
    quote = text[:1]
    inner = text[1:-1] if len(text) > 1 and text[-1:] == quote else text
    command, literal = ("`", "'") if options.use_back_quotes else ("'", '"')
    if quote == command:
        pipe = Memory()
        child = shell.child()
        child.run_line(inner, replace(io, out=pipe))
        shell.seconds += child.seconds
        data = bytes(pipe.data)
    elif quote == literal:
        data = shell.encode(inner)
    else:
        data = _file(shell, inner, io)
    # UTF-16 is not read by FOR /F (docs/sources.md S3): a NUL ends the line as C strings do
    lines = data.decode(shell.encoding, "replace").replace("\r\n", "\n").split("\n")
    kept = [line.split("\0")[0] for line in lines]
    return [line for line in kept[options.skip :] if line and not line.startswith(options.comment)]


def _file(shell: Shell, name: str, io: Streams) -> bytes:
    try:
        return shell.host.read(shell.caller, shell.path(name))
    except FileError as exc:
        io.err.write(shell.encode(f"{SYSTEM_MESSAGES[exc.code]}\r\n"))
        return b""


def _tokens(line: str, options: Options, variable: str) -> dict[str, str] | None:
    if not options.delimiters:
        return {variable: line}
    pattern = f"[{re.escape(options.delimiters)}]+"
    stripped = line.lstrip(options.delimiters)
    parts = re.split(pattern, stripped)
    if not any(parts):
        return None
    found: dict[str, str] = {}
    letter = ord(variable)
    for number in options.tokens:
        found[chr(letter)] = parts[number - 1] if number <= len(parts) else ""
        letter += 1
    if options.rest:
        count = max(options.tokens, default=0)
        remainder = re.split(pattern, stripped, maxsplit=count) if count else [stripped]
        found[chr(letter)] = remainder[count] if count < len(remainder) else ""
    return found
