# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role reads of registered results is what the modules document, and so is what mypy knows of them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import (
    EventsResult,
    FindingResult,
    HostingResult,
    RemedyResult,
    ServerResult,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import (
    read_change,
    read_probe,
    read_restarts,
    read_server,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import GovernedResult
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.result import AccountResult, RightResult

# Ansible adds these to what a module returns.
ANSIBLES = {"changed", "msg"}


class Noting(dict[str, Any]):
    """A result that notes which of its keys were asked for."""

    def __init__(self, **values: Any) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)


def documented(module: str, *path: str) -> dict[str, Any]:
    """The documented keys of a module's result, or of what ``path`` leads to in it."""
    loaded = importlib.import_module(f"ansible_collections.winmail.exchange.plugins.modules.{module}")
    found: dict[str, Any] = yaml.safe_load(loaded.RETURN)
    for name in path:
        found = found[name]["contains"]
    return found


@pytest.mark.parametrize(
    ("reader", "module", "parts"),
    [
        (read_server, "pop3_server_info", {"computer": ("name",), "exchange": ("generation",)}),
        (read_probe, "pop3_probe", {"product": ("generation",)}),
        (read_change, "user_right", {}),
    ],
)
def test_a_reader_asks_for_documented_keys_only(
    reader: Callable[[Noting], object], module: str, parts: dict[str, tuple[str, ...]]
) -> None:
    result = Noting(**{name: Noting(**dict.fromkeys(keys, "x")) for name, keys in parts.items()})
    reader(result)
    assert result.asked - ANSIBLES <= set(documented(module))
    for name, keys in parts.items():
        assert result[name].asked == set(keys)
        assert result[name].asked <= set(documented(module, name))


def test_the_reader_of_restarts_asks_for_documented_keys_only() -> None:
    loop = Noting(changed=True, started=["MSExchangeIS"])
    assert read_restarts({"results": [loop]}) == ("MSExchangeIS",)
    assert loop.asked - ANSIBLES <= set(documented("service_restart"))


@pytest.mark.parametrize(
    ("shape", "module", "path"),
    [
        (ServerResult, "pop3_server_info", ()),
        (HostingResult, "pop3_server_info", ("hosting",)),
        (FindingResult, "pop3_server_info", ("rights",)),
        (EventsResult, "pop3_server_info", ("events",)),
        (RemedyResult, "pop3_server_info", ("remedy",)),
        (RightResult, "user_right", ("rights",)),
        (GovernedResult, "user_right", ("rights", "governed")),
        (AccountResult, "user_right", ("rights", "after")),
    ],
)
def test_what_types_know_of_a_result_is_what_is_documented(shape: type, module: str, path: tuple[str, ...]) -> None:
    assert set(get_type_hints(shape)) == set(documented(module, *path))
