# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A registry: keys and typed values below HKEY_LOCAL_MACHINE, names without regard to case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

Data = Union[str, int, bytes, "tuple[str, ...]"]

REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_MULTI_SZ, REG_QWORD = 1, 2, 3, 4, 7, 11


@dataclass(frozen=True)
class Value:
    """One registry value: its name as written, its REG_* type and its data."""

    name: str
    kind: int
    data: Data


@dataclass
class Key:
    """One key: its name as written, its values and subkeys by casefolded name."""

    name: str
    values: dict[str, Value] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)


class Registry:
    """The HKLM hive of one computer."""

    def __init__(self) -> None:
        self.root = Key("HKEY_LOCAL_MACHINE")

    def key(self, path: str) -> Key | None:
        r"""The key at a path such as ``SOFTWARE\\Microsoft``; None when it is not there."""
        current: Key | None = self.root
        for part in _parts(path):
            current = current.keys.get(part.casefold()) if current else None
        return current

    def create(self, path: str) -> Key:
        """The key at a path, made with those above it."""
        current = self.root
        for part in _parts(path):
            current = current.keys.setdefault(part.casefold(), Key(part))
        return current

    def set(self, path: str, name: str, data: Data, kind: int | None = None) -> None:
        """Write a value; its type follows from the data unless ``kind`` is given."""
        if kind is None:
            kind = _kind_of(data)
        self.create(path).values[name.casefold()] = Value(name, kind, data)

    def value(self, path: str, name: str) -> Value | None:
        """One value; None when the key or the value is not there."""
        key = self.key(path)
        return key.values.get(name.casefold()) if key else None

    def delete(self, path: str) -> None:
        """Remove a key with everything below it."""
        folder, dummy, name = path.rpartition("\\")
        parent = self.key(folder)
        if parent:
            parent.keys.pop(name.casefold(), None)

    def flat(self) -> dict[str, Data]:
        """Every value by its full path, sorted."""
        found: dict[str, Data] = {}
        _collect(self.root, "", found)
        return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def _collect(key: Key, path: str, found: dict[str, Data]) -> None:
    for value in key.values.values():
        found[f"{path}\\{value.name}".lstrip("\\")] = value.data
    for child in key.keys.values():
        _collect(child, f"{path}\\{child.name}", found)


def _parts(path: str) -> list[str]:
    return [part for part in path.split("\\") if part]


def _kind_of(data: Data) -> int:
    if isinstance(data, int):
        return REG_DWORD
    if isinstance(data, bytes):
        return REG_BINARY
    return REG_MULTI_SZ if isinstance(data, tuple) else REG_SZ
