# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shut door in every world of tasks and logons: refused before any change, or open again by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.confirming import (
    ADMIN,
    DENY,
    SHUT,
    attempt,
    clean,
    planned,
    run,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.writing import OLD
from lab.worlds import REGISTRY

Make = Callable[..., Desk]
# The rows of docs/assumptions.md about scheduled tasks and what a shut door looks like.
ROWS = {f"W{number}" for number in range(96, 111)}
WORLDS = [(name, value) for name, world in REGISTRY.items() if world.row in ROWS for value in world.values]
# A security product removes the task when the change is there: docs/user_rights/confirm.md says so.
EXCEPTION = ("task_guard", "after_arming")


def test_there_are_such_worlds() -> None:
    assert {world.row for world in REGISTRY.values()} >= ROWS
    assert EXCEPTION in WORLDS
    assert len(WORLDS) > 30


@pytest.mark.parametrize("boots", [False, True], ids=["at the deadline", "at the next boot"])
@pytest.mark.parametrize(("name", "value"), WORLDS)
def test_a_shut_door_opens_by_itself_or_was_never_shut(make: Make, name: str, value: str, boots: bool) -> None:
    desk = make(**{name: value})
    before = desk.rights()
    if boots:
        shut_until_the_next_boot(desk)
    result, said = attempt(desk, SHUT)
    if said.startswith("Refused: "):
        assert said.endswith("Nothing was changed.")
        assert desk.rights() == before
        assert clean(desk)
        return
    desk.before_line = None
    desk.sleep(1000)
    if (name, value) == EXCEPTION:
        assert desk.rights() == planned(before, SHUT)
        assert "The host puts back who held" in said
        return
    assert desk.rights() == before
    assert ADMIN not in desk.rights().get(DENY, set())
    assert result is None or result["confirm"]["status"] == "reverted"
    desk.sleep(700)
    run(desk, [{"name": "SeBatchLogonRight", "add": [OLD]}], seconds=None)
    assert clean(desk)


def shut_until_the_next_boot(desk: Desk) -> None:
    """The host restarts before the write: its delay is lost, and the boot trigger is what is left."""
    left = [desk.computer.passing.reboot]

    def happen(_number: int, line: str) -> None:
        if "fc.exe" in line and left:
            desk.after_line = after

    def after(line: str, output: bytes) -> bytes:
        if "fc.exe" in line and left:
            left.pop()()
        return output

    desk.before_line = happen
