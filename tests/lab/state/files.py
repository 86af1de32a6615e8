# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file system: folders, files as bytes, attributes and access entries; paths without regard to case."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

TRUSTEE_SYSTEM = ("S-1-5-18", "FA")
TRUSTEE_ADMINS = ("S-1-5-32-544", "FA")


class FileError(Exception):
    """A refused file operation: the Windows error code (2, 3, 5, 80, 145, 183)."""

    def __init__(self, code: int, path: str) -> None:
        super().__init__(f"error {code} on {path}")
        self.code = code
        self.path = path


@dataclass(frozen=True)
class Ace:
    """One access entry: ``kind`` A or D, rights in SDDL letters or hex, trustee SID."""

    kind: str
    rights: str
    sid: str


@dataclass
class Node:
    """A file (``data`` is bytes) or a folder (None); ``system`` marks what Windows itself brought."""

    path: str
    data: bytes | None
    modified: dt.datetime
    owner: str = "S-1-5-32-544"
    attributes: set[str] = field(default_factory=set)
    explicit: list[Ace] = field(default_factory=list)
    inherits: bool = True
    system: bool = False

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("\\")[2]

    @property
    def folder(self) -> str:
        """The path of the folder that holds it."""
        return self.path.rpartition("\\")[0]


def normal(path: str) -> str:
    """A full path without ``.``, ``..`` and doubled or trailing backslashes (trailing dots and blanks too)."""
    drive, dummy, rest = path.replace("/", "\\").partition("\\")
    parts: list[str] = []
    for raw in rest.split("\\"):
        if raw == "..":
            parts = parts[:-1]
        elif raw not in ("", "."):
            parts.append(raw.rstrip(". ") or raw)
    return "\\".join([drive.upper(), *parts])


def wildcard(pattern: str) -> re.Pattern[str]:
    """A DOS pattern as a regular expression; ``*.*`` matches every name, with a dot or without."""
    if pattern in ("*.*", "*"):
        return re.compile(".*", re.DOTALL)
    body, tail = pattern, ""
    if body.endswith(".*"):  # "gpt*.*" matches a name without extension as well
        body, tail = body[:-2], r"(\..*)?"
    text = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in body)
    return re.compile(text + tail, re.IGNORECASE | re.DOTALL)


class FileSystem:
    """The C: drive of one computer."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._nodes: dict[str, Node] = {}
        self.make_folders("C:", system=True)

    def node(self, path: str) -> Node | None:
        """The file or folder at a full path."""
        return self._nodes.get(normal(path).casefold())

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there."""
        return self.node(path) is not None

    def is_folder(self, path: str) -> bool:
        """Whether a folder is there."""
        node = self.node(path)
        return node is not None and node.data is None

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises FileError 2, 3 or 5 (a folder)."""
        node = self.node(path)
        if node is None:
            folder = normal(path).rpartition("\\")[0]
            raise FileError(2 if self.is_folder(folder) else 3, path)
        if node.data is None:
            raise FileError(5, path)
        return node.data

    def write(self, path: str, data: bytes, *, owner: str = "S-1-5-32-544", system: bool = False) -> Node:
        """Create or overwrite a file; raises FileError 3 (no folder) or 5 (a folder, read-only)."""
        path = normal(path)
        node = self._nodes.get(path.casefold())
        if node is None:
            if not self.is_folder(path.rpartition("\\")[0]):
                raise FileError(3, path)
            node = Node(path, b"", self._now(), owner, system=system)
            self._nodes[path.casefold()] = node
        if node.data is None or "readonly" in node.attributes:
            raise FileError(5, path)
        node.data = data
        node.modified = self._now()
        return node

    def append(self, path: str, data: bytes, *, owner: str = "S-1-5-32-544") -> None:
        """Write behind what a file holds, creating it when it is not there."""
        node = self.node(path)
        self.write(path, (node.data or b"" if node else b"") + data, owner=owner)

    def delete(self, path: str) -> None:
        """Remove a file; raises FileError 2 or 5 (a folder, read-only)."""
        node = self.node(path)
        if node is None:
            raise FileError(2, path)
        if node.data is None or "readonly" in node.attributes:
            raise FileError(5, path)
        del self._nodes[node.path.casefold()]

    def make_folders(self, path: str, *, system: bool = False) -> None:
        """Create a folder and those above it."""
        current = ""
        for part in normal(path).split("\\"):
            current = f"{current}\\{part}" if current else part
            if current.casefold() not in self._nodes:
                self._nodes[current.casefold()] = Node(current, None, self._now(), system=system)

    def children(self, folder: str) -> list[Node]:
        """What lies directly in a folder, by name."""
        prefix = normal(folder).casefold() + "\\"
        found = [n for key, n in self._nodes.items() if key.startswith(prefix) and "\\" not in key[len(prefix) :]]
        return sorted(found, key=lambda node: node.name.casefold())

    def glob(self, pattern: str) -> list[Node]:
        """The nodes a full path with wildcards in its last part names, by name; a plain path names itself."""
        folder, dummy, last = pattern.rpartition("\\")
        if "*" not in last and "?" not in last:
            node = self.node(pattern)
            return [node] if node else []
        rx = wildcard(last)
        return [node for node in self.children(folder) if rx.fullmatch(node.name)]

    def own_files(self) -> list[Node]:
        """Every file that Windows did not bring itself, by path."""
        files = [n for n in self._nodes.values() if n.data is not None and not n.system]
        return sorted(files, key=lambda node: node.path.casefold())
