# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what an action returned is in the RETURN documentation of its module."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

# What any task may return (docs.ansible.com, Common return values), and what Ansible's own code adds.
COMMON = {"changed", "failed", "msg", "diff", "warnings", "deprecations", "invocation", "exception"}


@functools.cache
def returns(module: str) -> dict[str, Any]:
    """The RETURN documentation of a module."""
    loaded = importlib.import_module(f"ansible_collections.winmail.exchange.plugins.modules.{module}")
    documented: dict[str, Any] = yaml.safe_load(loaded.RETURN)
    return documented


def undocumented(module: str, result: Mapping[str, Any]) -> list[str]:
    """The keys of a result that the module's documentation does not tell, and values of another type than it tells."""
    own = {key: value for key, value in result.items() if key not in COMMON}
    return list(_differences(returns(module), own, module))


def _differences(told: Mapping[str, Any], found: Mapping[str, Any], path: str) -> Iterator[str]:
    for key, value in found.items():
        here = f"{path}.{key}"
        if key not in told:
            yield f"{here} is not documented"
        elif value is not None:
            yield from _of_value(told[key], value, here)


def _of_value(told: Mapping[str, Any], value: object, here: str) -> Iterator[str]:
    if not isinstance(value, TYPES[told["type"]]):
        yield f"{here} is documented as {told['type']} and is {type(value).__name__}"
    elif isinstance(value, list):
        for item in value:
            yield from _of_value({**told, "type": told["elements"]}, item, f"{here}[]")
    elif isinstance(value, Mapping) and "contains" in told:
        yield from _differences(told["contains"], value, here)


TYPES: dict[str, type | tuple[type, ...]] = {
    "bool": bool,
    "dict": dict,
    "float": (int, float),
    "int": int,
    "list": list,
    "str": str,
}
