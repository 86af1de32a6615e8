# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the CIM classes of one lab computer as one caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lab.seams import Caller, CimValue
from lab.windows.computer import Computer

CIMV2 = "root/cimv2"


class Asker:
    """Asks one computer as one caller."""

    def __init__(self, computer: Computer, caller: Caller) -> None:
        self.computer = computer
        self.caller = caller

    def query(self, wql: str, namespace: str = CIMV2) -> list[Mapping[str, CimValue]]:
        return [row.properties for row in self.computer.query(self.caller, namespace, wql).instances]

    def get(self, class_name: str, **keys: str) -> Mapping[str, CimValue]:
        return self.computer.get(self.caller, CIMV2, class_name, keys).properties

    def invoke(self, path: str, selectors: Mapping[str, str], **arguments: CimValue) -> Mapping[str, CimValue]:
        class_name, dummy, method = path.partition(".")
        found = self.computer.invoke(self.caller, CIMV2, class_name, selectors, method, arguments)
        return found.properties


Ask = Callable[..., Asker]
