# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a CSV file with the lines they stand on; a row that is torn or too long is refused by its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError


@dataclass(frozen=True)
class Row:
    """One row by its columns, and where it stands: ``where`` is "FILE, line N"."""

    where: str
    cells: Mapping[str, str]

    def refuse(self, column: str, why: str) -> InputError:
        """The error for one cell: where it stands, what is in it, then ``why``."""
        return InputError(f"{self.where}: {column} is {self.cells[column]!r}, {why}")


def header(text: str) -> tuple[str, ...]:
    """The first row of a text, empty where it is none; never raises."""
    first = text.lstrip("\r\n").partition("\n")[0]
    try:
        return tuple(next(csv.reader([first], strict=True), ()))
    except csv.Error:
        return ()


def rows(text: str, name: str, needed: Collection[str]) -> list[Row]:
    """Every row but the first, which names the columns; raises InputError where one has not all of them."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Row] = []
    columns: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not columns:
                columns = cells
                _check(columns, needed, f"{name}, line {line}")
            elif cells and len(cells) != len(columns):
                why = f"this row has {len(cells)} cells, and the first row names {len(columns)} columns"
                raise InputError(f"{name}, line {line}: {why}.")
            elif cells:
                found.append(Row(f"{name}, line {line}", dict(zip(columns, cells, strict=True))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}, line {line}: this row is no valid CSV: {error}.") from error
    return found


def _check(columns: list[str], needed: Collection[str], where: str) -> None:
    missing = [column for column in needed if columns.count(column) != 1]
    if missing:
        raise InputError(f"{where}: the first row must name each of these columns once: {', '.join(missing)}.")
