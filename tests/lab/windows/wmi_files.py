# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM_DataFile: the files of the local drive, their times, and Delete (docs/sources.md S7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.seams import CimValue, WmiError
from lab.state.files import FileError
from lab.windows.cim import CimClass, Context, Row, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lab.state.files import Node

_PROPERTIES = words(
    "Caption CreationClassName CreationDate CSCreationClassName CSName Drive Extension FileName FileSize "
    "FSCreationClassName FSName Hidden LastModified Name Path Readable Status Writeable"
)
_DONE, _DENIED, _INVALID_OBJECT = 0, 2, 9


def _row(context: Context, node: Node) -> Row:
    machine = context.host.machine
    name = node.path.lower()
    folder, dummy, last = name.rpartition("\\")
    stem, dot, extension = last.rpartition(".")
    return {
        "Caption": name,
        "CreationClassName": "CIM_LogicalFile",
        "CSCreationClassName": "Win32_ComputerSystem",
        "CSName": machine.name,
        "Drive": name[:2],
        "Extension": extension if dot else "",
        "FileName": stem if dot else last,
        "FileSize": str(len(node.data or b"")),
        "FSCreationClassName": "Win32_FileSystem",
        "FSName": "NTFS",
        "Hidden": "hidden" in node.attributes,
        "LastModified": machine.clock.local(node.modified),
        "Name": name,
        "Path": f"{folder[2:]}\\",
        "Readable": True,
        "Status": "OK",
        "Writeable": "readonly" not in node.attributes,
    }


def _played(context: Context) -> None:
    if context.host.worlds["cim_files"] == "absent":
        raise WmiError("invalid_class", "Invalid class ", "ExecQuery", "CIM_DataFile")


def _rows(context: Context) -> Iterator[Row]:
    _played(context)
    yield from (_row(context, node) for node in context.host.machine.files.own_files())


def _get(context: Context, keys: Mapping[str, str]) -> Row | None:
    _played(context)
    node = context.host.machine.files.node(keys["Name"])
    return None if node is None or node.data is None else _row(context, node)


def _delete(context: Context, row: Row, arguments: Mapping[str, CimValue]) -> Row:
    del arguments
    path = str(row["Name"])
    try:
        context.host.check_write(context.caller, path)
        context.host.machine.files.delete(path)
    except FileError as exc:
        return {"ReturnValue": _DENIED if exc.code == 5 else _INVALID_OBJECT}
    return {"ReturnValue": _DONE}


CLASSES = (
    CimClass(
        "CIM_DataFile", _PROPERTIES, ("Name",), rows=_rows, get=_get, methods={"Delete": _delete}, since_vista=True
    ),
)
