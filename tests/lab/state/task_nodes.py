# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elements of a task's XML with their places, the values they hold, what is wrong with one (docs/sources.md S13)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The constants of WinError.h, as the page "Task Scheduler Error and Success Constants" lists them.
UNEXPECTED_NODE, WRONG_NAMESPACE, INVALID_VALUE = 0x80041316, 0x80041317, 0x80041318
MISSING_NODE, MALFORMED = 0x80041319, 0x8004131A
_DURATION = re.compile(r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


class TaskXmlError(Exception):
    """Refused XML: the code, and where and what as schtasks prints it: ``(line,column):name:value``."""

    def __init__(self, code: int, where: str) -> None:
        super().__init__(f"0x{code:08x} {where}")
        self.code = code
        self.where = where


@dataclass
class Node:
    """One element with its place."""

    name: str
    line: int
    column: int
    attributes: Mapping[str, str]
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def child(self, name: str) -> Node | None:
        """The first child of that name."""
        return next((c for c in self.children if c.name == name), None)

    def value(self, name: str, default: str = "") -> str:
        """The text of a child, ``default`` where there is none."""
        found = self.child(name)
        return default if found is None else found.text.strip()

    def refused(self, code: int) -> TaskXmlError:
        """This element is what is wrong."""
        shown = self.text.strip() if code == INVALID_VALUE else ""
        return TaskXmlError(code, f"({self.line},{self.column}):{self.name}:{shown}")


def seconds(node: Node) -> float:
    """The seconds of a duration (a year has 365 days, a month 30); raises TaskXmlError."""
    found = _DURATION.fullmatch(node.text.strip())
    if found is None:
        raise node.refused(INVALID_VALUE)
    factors = (365 * 86400, 30 * 86400, 86400, 3600, 60, 1)
    return sum(float(value or 0) * factor for value, factor in zip(found.groups(), factors, strict=True))


def moment(node: Node | None) -> dt.datetime | None:
    """A date and time, naive where no zone is written; raises TaskXmlError."""
    if node is None:
        return None
    text = node.text.strip()
    # Windows itself writes seven digits of a second (captures/tasks/37), Python reads six.
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text):
            raise node.refused(INVALID_VALUE)
        return dt.datetime.fromisoformat(re.sub(r"\.(\d+)", lambda m: f".{m[1]:0<6}", text).replace("Z", "+00:00"))
    except ValueError as exc:
        raise node.refused(INVALID_VALUE) from exc
