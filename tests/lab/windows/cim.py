# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a simulated CIM class is: properties, keys, rows, methods; and the errors of a provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.seams import Caller, CimValue, WmiError

if TYPE_CHECKING:
    from lab.windows.host import Host

Row = Mapping[str, CimValue]
CIMV2 = "root/cimv2"


@dataclass
class Context:
    """One operation: on which computer, for whom, and what it took in simulated seconds."""

    host: Host
    caller: Caller
    seconds: float = 0.0


Rows = Callable[[Context], Iterable[Row]]
Get = Callable[[Context, Mapping[str, str]], "Row | None"]
Delete = Callable[[Context, Row], None]
Method = Callable[[Context, Row, Mapping[str, CimValue]], Row]


@dataclass(frozen=True)
class CimClass:
    """A class with its provider.

    ``rows`` None: cannot be enumerated. ``get`` None: found among the rows by its keys. ``static`` methods
    take no instance. ``admin`` classes refuse other callers (docs/sources.md S10).
    """

    name: str
    properties: tuple[str, ...]
    keys: tuple[str, ...] = ()
    rows: Rows | None = None
    get: Get | None = None
    methods: Mapping[str, Method] = field(default_factory=dict)
    delete: Delete | None = None
    parents: tuple[str, ...] = ()
    namespace: str = CIMV2
    singleton: bool = False
    static: bool = False
    admin: bool = False
    since_vista: bool = False


def not_found(operation: str, class_name: str, keys: Mapping[str, str]) -> WmiError:
    """The refusal of a Get or Invoke on an instance that is not there; the parameter is its path."""
    path = ",".join(f'{name}="{value}"' for name, value in keys.items())
    return WmiError("not_found", "Not found ", operation, f"{class_name}.{path}")


def argument(arguments: Mapping[str, CimValue], name: str) -> CimValue:
    """A method's argument by name, in any case; None when it was not passed."""
    wanted = name.casefold()
    return next((v for k, v in arguments.items() if k.casefold() == wanted), None)


def words(text: str) -> tuple[str, ...]:
    """Property names, separated by blanks."""
    return tuple(text.split())
