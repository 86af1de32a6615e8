# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that undoes itself on a computer of the lab: how tests run it, shut the door and look at what is armed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.confirm import Clock
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.support.lines import check_safe
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.writing import CORP, EXSVC, TCB

ADMIN = f"{CORP}-1103"
DENY, NETWORK = "SeDenyNetworkLogonRight", "SeNetworkLogonRight"
# Whoever logs on is denied it: what no guard sees, here let through by hand.
SHUT: list[dict[str, Any]] = [{"name": DENY, "add": [ADMIN]}, {"name": TCB, "add": [EXSVC]}]
OPEN: list[dict[str, Any]] = [{"name": NETWORK, "add": [EXSVC]}, {"name": TCB, "add": [EXSVC]}]


class ControllerGone(BaseException):
    """The controller is killed: nothing of ours runs any more."""


def run(desk: Desk, task: list[dict[str, Any]], *, seconds: int | None = 300) -> dict[str, Any]:
    """Run a task as the action would; every line that was sent is safe."""
    desk.warnings.clear()
    desk.allowed_logons = 99
    choices = Choices("ignore", allow_lockout=True, check_mode=False, confirm=seconds)
    clock = Clock(lambda: desk.passed, desk.sleep, desk.computer.now)
    change = RightsChange(desk.host(), parse_rights({"rights": task}), choices, desk.warnings.append, clock)
    try:
        return change.run()[0]
    finally:
        for line in desk.lines:
            check_safe(line)


def attempt(desk: Desk, task: list[dict[str, Any]], *, seconds: int | None = 300) -> tuple[dict[str, Any] | None, str]:
    """The result, or None and what the task says when it fails or its host is unreachable."""
    try:
        return run(desk, task, seconds=seconds), ""
    except WinmailError as exc:
        return None, desk.told(exc)


def planned(before: dict[str, set[str]], task: list[dict[str, Any]]) -> dict[str, set[str]]:
    """What a task of additions makes of the rights."""
    after = {right: set(holders) for right, holders in before.items()}
    for entry in task:
        after[entry["name"]] = after.get(entry["name"], set()) | set(entry["add"])
    return after


def killed_at(desk: Desk, word: str) -> None:
    """Kill the controller when it is about to send a line with this word in it."""

    def kill(_number: int, line: str) -> None:
        if word in line:
            raise ControllerGone

    desk.before_line = kill


def at_line(desk: Desk, word: str, do: Callable[[], None]) -> None:
    """Let something happen once, before the line with this word runs."""
    left = [do]

    def happen(_number: int, line: str) -> None:
        if word in line and left:
            left.pop()()

    desk.before_line = happen


def clean(desk: Desk) -> bool:
    """Nothing of ours is on the computer."""
    return desk.files() == [] and desk.tasks() == []
