# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pop3_server_info and service_restart: what is documented is what is returned, and what cannot be meant is refused."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    EXSVC,
    START,
    MemoryHost,
    store,
)

PLUGINS = "ansible_collections.winmail.exchange.plugins"


def documented(name: str) -> dict[str, Any]:
    module = importlib.import_module(f"{PLUGINS}.modules.{name}")
    loaded: dict[str, Any] = yaml.safe_load(module.RETURN)
    return loaded


def action(name: str) -> Any:
    """The action without the machinery that Ansible puts around it."""
    cls = importlib.import_module(f"{PLUGINS}.action.{name}").ActionModule
    return cls.__new__(cls)


def run(name: str, host: MemoryHost, args: dict[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """What the action gives for validated arguments."""
    module = action(name)
    result: dict[str, Any] = module.work(host, module.parse(args), TaskView(check_mode, False, []))
    return result


def broken() -> MemoryHost:
    return MemoryHost(installed=(store(),), owners={1432: EXSVC}, started={1432: START}, depends={"MSExchangeIS": ()})


def same_keys(told: dict[str, Any], result: dict[str, Any], path: str = "") -> None:
    """Every key of ``result`` is documented and no documented one is absent, in every dict and list of dicts."""
    assert set(told) == set(result), path
    for key, value in result.items():
        contains = told[key].get("contains")
        if contains is None:
            continue
        for item in value if isinstance(value, list) else [value]:
            if item is not None:
                same_keys(contains, item, f"{path}.{key}")


def test_the_result_of_pop3_server_info_is_documented() -> None:
    text = (
        "<Event><System><Provider Name='MSExchangePOP3'/><EventID>13003</EventID><Level>2</Level></System>"
        "<EventData><Data>x</Data></EventData></Event>"
    )
    host = broken()
    host.event_xml = text
    spec = action("pop3_server_info").ARGUMENT_SPEC
    args = {option: rules["default"] for option, rules in spec.items()}
    result = run("pop3_server_info", host, args, check_mode=True)
    assert result.pop("changed") is False
    assert all((result["hosting"], result["rights"], result["events"]["groups"])), "lists with something in them"
    same_keys(documented("pop3_server_info"), result)


def test_the_result_of_service_restart_is_documented_and_predicted() -> None:
    args = {"name": "msexchangeis", "dependents": True, "timeout": 5}
    told = documented("service_restart")
    host = broken()
    predicted = run("service_restart", host, args, check_mode=True)
    assert [entry for entry in host.calls if entry.startswith(("stop", "start "))] == [], "check mode changes nothing"
    done = run("service_restart", host, args, check_mode=False)
    for result in (predicted, done):
        assert result.pop("changed") is True
        assert set(result) == set(told)
    same_keys(told, done)
    assert (done["stopped"], done["started"]) == (predicted["stopped"], predicted["started"])
    assert (predicted["after"], done["after"]["process_id"]) == (None, 5000)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("service_restart", {"name": "a'b", "timeout": 5}),
        ("service_restart", {"name": "a", "timeout": 0}),
        ("service_restart", {"name": "a", "timeout": 3601}),
    ],
)
def test_refused_before_the_host_is_asked(name: str, args: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        action(name).parse(args)
