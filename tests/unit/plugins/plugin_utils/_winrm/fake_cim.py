# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM with scripted answers: a test says what the host answers to each kind of question and sees what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Answer = Callable[..., Any]


def nothing(*_arguments: object) -> None:
    """The answer of a host that has no such instance."""


def no_rows(*_arguments: object) -> tuple[()]:
    """The answer of a host that has none of what was asked for."""
    return ()


@dataclass
class FakeCim:
    """Takes the place of Cim; each question is kept in ``asked`` as a tuple that begins with its kind."""

    on_get: Answer = nothing
    on_invoke: Answer = nothing
    on_query: Answer = no_rows
    on_associated: Answer = no_rows
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def get(self, class_name: str, keys: Mapping[str, str], namespace: str = "root/cimv2") -> Any:
        self.asked.append(("get", class_name, dict(keys), namespace))
        return self.on_get(class_name, dict(keys))

    def invoke(
        self, class_name: str, method: str, arguments: Mapping[str, str], keys: Mapping[str, str] | None = None
    ) -> Any:
        self.asked.append(("invoke", class_name, method, dict(arguments), keys))
        return self.on_invoke(method, dict(arguments))

    def query(self, wql: str, namespace: str = "root/cimv2") -> Any:
        self.asked.append(("query", wql, namespace))
        return self.on_query(wql)

    def associated(self, class_name: str, keys: Mapping[str, str], association: str, role: str) -> Any:
        self.asked.append(("associated", class_name, dict(keys), association, role))
        return self.on_associated(class_name, dict(keys))
