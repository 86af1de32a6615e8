# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_right and user_right_info return all that their documentation tells; what it does not tell is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.actions.documented import returns, undocumented
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from lab.server import RunningLab

TCB = "SeTcbPrivilege"


def told(documentation: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Every key that a documentation tells, with the keys above it."""
    for key, value in documentation.items():
        yield f"{path}{key}"
        yield from told(value.get("contains", {}), f"{path}{key}.")


def found(value: object, path: str = "") -> Iterator[str]:
    """Every key of a result in the same form."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            for key, below in item.items():
                yield f"{path}{key}"
                yield from found(below, f"{path}{key}.")


def test_user_right_returns_all_that_is_documented(rights_lab: RunningLab) -> None:
    done = Controller(rights_lab, "member").run("user_right", name=TCB, accounts=["CORP\\exsvc"], confirm=True)
    assert done.changed
    assert set(told(returns("user_right"))) <= set(found(done.result))


def test_user_right_info_returns_all_that_is_documented(rights_lab: RunningLab) -> None:
    done = Controller(rights_lab, "orphans").run("user_right_info", accounts=["CORP\\exsvc"])
    assert set(told(returns("user_right_info"))) <= set(found(done.result))


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ({"changed": True, "restore": []}, []),
        ({"news": 1}, ["user_right.news is not documented"]),
        ({"rights": {}}, ["user_right.rights is documented as list and is dict"]),
        ({"rights": [{"name": None, "new": 1}]}, ["user_right.rights[].new is not documented"]),
        ({"rights": [{"added": [1]}]}, ["user_right.rights[].added[] is documented as str and is int"]),
        (
            {"rights": [{"after": [{"sid": "S-1-1-0", "age": 3}]}]},
            ["user_right.rights[].after[].age is not documented"],
        ),
    ],
    ids=["documented", "key", "type", "deeper", "element", "deepest"],
)
def test_what_is_not_documented_is_found(result: dict[str, Any], says: list[str]) -> None:
    assert undocumented("user_right", result) == says
