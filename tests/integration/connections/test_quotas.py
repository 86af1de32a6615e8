# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas of Windows Server 2008 R2, 5 shells and 15 operations for a user: waited out, in a new shell, and told."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pypsrp.shell
import pypsrp.wsman
import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import transport
from ansible_collections.winmail.exchange.tests.integration.connections.asking import GRANT, HOST
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHELLS, OPERATIONS = 5, 15


@pytest.fixture(scope="module")
def standing_lab() -> Iterator[RunningLab]:
    """The story's hosts with the WinRM service of a 2008 R2."""
    with running(scenario="pop3", winrm={"preset": "2008r2"}) as lab:
        yield lab


class Others:
    """Somebody else's shells on the same host, with the same account."""

    def __init__(self, lab: RunningLab) -> None:
        host = lab.hosts[HOST]
        self._client = pypsrp.wsman.WSMan(
            host.address,
            port=host.winrm_port,
            ssl=False,
            username=str(host.variables["ansible_user"]),
            password=str(host.variables["ansible_password"]),
        )
        self.shells: list[pypsrp.shell.WinRS] = []

    def open(self, count: int) -> None:
        for dummy in range(count):
            shell = pypsrp.shell.WinRS(self._client)
            shell.open()
            self.shells.append(shell)

    def close_one(self) -> None:
        self.shells.pop().close()


@pytest.fixture
def others(lab: RunningLab) -> Iterator[Others]:
    """Nobody yet; whoever is left at the end goes."""
    found = Others(lab)
    yield found
    while found.shells:
        with contextlib.suppress(Exception):
            found.close_one()


def pauses(monkeypatch: pytest.MonkeyPatch, count: int = 0, act: Callable[[], None] = lambda: None) -> list[float]:
    """The product's pauses, which take no time here; ``act`` happens in the ``count``-th."""
    taken: list[float] = []

    def pause(seconds: float) -> None:
        taken.append(seconds)
        if len(taken) == count:
            act()

    monkeypatch.setattr(transport.Transport, "pause", lambda _self, seconds: pause(seconds))
    return taken


def test_a_shell_that_somebody_closes_meanwhile_is_taken(
    lab: RunningLab, connection: str, others: Others, monkeypatch: pytest.MonkeyPatch
) -> None:
    others.open(SHELLS)
    taken = pauses(monkeypatch, 2, others.close_one)
    outcome = Controller(lab, HOST, connection=connection).run("user_right", **GRANT)
    assert (outcome.failed, outcome.unreachable, outcome.changed) == (None, None, True)
    assert taken == [5.0, 10.0]
    assert lab.open_shells(HOST) == SHELLS - 1


def test_a_host_that_stays_full_is_told_after_half_a_minute_and_nothing_was_done(
    lab: RunningLab, connection: str, others: Others, monkeypatch: pytest.MonkeyPatch
) -> None:
    others.open(SHELLS)
    taken = pauses(monkeypatch)
    before = lab.computer(HOST).snapshot()["rights"]
    outcome = Controller(lab, HOST, connection=connection).run("user_right", **GRANT)
    assert sum(taken) == 30.0
    for words in ("MaxShellsPerUser", "2150859173", "concurrent shells", "idle out"):
        assert words in str(outcome.unreachable)
    assert lab.computer(HOST).snapshot()["rights"] == before
    assert lab.open_shells(HOST) == SHELLS


def test_spent_operations_are_waited_out_in_a_new_shell(
    lab: RunningLab, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = {"at": "command.start", "do": "fault", "code": 2150859174, "text": "15 concurrent operations"}
    lab.computer(HOST).faults.add(spent)
    taken = pauses(monkeypatch)
    outcome = Controller(lab, HOST, connection=connection).run("user_right", **GRANT)
    assert (outcome.failed, outcome.unreachable, outcome.changed) == (None, None, True)
    assert taken == [5.0]
    assert lab.requests_by_action(HOST)["Create"] == 2


def test_many_tasks_in_one_shell_pass_the_quota_of_operations(lab: RunningLab, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a loop does: one connection, one shell, more lines than a user may have operations."""
    taken = pauses(monkeypatch)
    controller = Controller(lab, HOST)
    states = ["present", "absent"] * 4
    outcomes = controller.loop("user_right", [{**GRANT, "state": state} for state in states])
    assert [(one.failed, one.unreachable, one.changed) for one in outcomes] == [(None, None, True)] * len(states)
    by_action = lab.requests_by_action(HOST)
    assert by_action["Command"] > OPERATIONS
    assert by_action["Create"] > 1
    assert taken
    assert lab.open_shells(HOST) == 0
