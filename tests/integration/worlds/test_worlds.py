# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every behaviour in every world: the right answer, or a refusal before any change, and nothing left on the host."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from ansible_collections.winmail.exchange.tests.integration.worlds.behaviours import (
    BEHAVIOURS,
    CONNECTIONS,
    Behaviour,
)
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running
from lab.worlds import REGISTRY

# Answers that leave no way to be right; everything else must be right, not merely safe. "*" is every behaviour.
MAY_REFUSE: Mapping[str, frozenset[str]] = {
    # No exit code, no proof: nothing is ever written.
    "call_errorlevel=literal": frozenset("*"),
    # No answer that holds a letter outside ASCII has the length that its file has on the host.
    "type_plain_files=converted": frozenset("*"),
    # The long line is not what was meant, on the host or to secedit, and that is seen before it is applied.
    "set_p_output=line_end": frozenset({"300 holders"}),
    "inf_long_line=cut_4096": frozenset({"300 holders"}),
    # The host cannot be rolled back, or nobody could tell that a new logon is the same: seen before any change.
    **dict.fromkeys(
        ("task_register=denied", "secedit_as_task=fails", "task_guard=at_once", "task_scheduler=stopped"),
        frozenset({"confirmed", "confirmed on 2008 R2"}),
    ),
    **dict.fromkeys(("whoami=blocked", "whoami=absent"), frozenset({"confirmed", "confirmed on 2008 R2"})),
    "schtasks=blocked": frozenset({"confirmed on 2008 R2"}),
}

WORLDS = [("", ""), *((name, value) for name, world in REGISTRY.items() for value in world.values[1:])]


def check(lab: RunningLab, behaviour: Behaviour, world: str, connection: str) -> str:
    """Do it once and once more; the verdict is right or refused, everything else fails the test."""
    controller = Controller(lab, behaviour.host, connection=f"ansible.builtin.{connection}")
    before = rights_of(lab, behaviour.host)
    faults = lab.computer(behaviour.host).faults
    for fault in behaviour.faults:
        faults.add(fault)
    outcome = controller.run("user_right", **behaviour.options)
    faults.clear()
    after = rights_of(lab, behaviour.host)
    said = outcome.failed or outcome.unreachable
    what = f"{behaviour.name} in {world or 'the default world'}: {said or outcome.result.get('rights')}"
    if said is not None:
        assert after in (before, interfered(behaviour, before)), f"refused, yet changed: {what}"
        allowed = MAY_REFUSE.get(world, frozenset())
        assert behaviour.refused or behaviour.name in allowed or "*" in allowed, f"refused: {what}"
        return "refused"
    assert not behaviour.refused, f"not refused: {what}"
    assert after == behaviour.expected(before), what
    again = controller.run("user_right", **behaviour.options)
    assert again.failed is None, f"second run: {again.failed} {what}"
    assert not again.changed, f"second run: {what}"
    assert rights_of(lab, behaviour.host) == after
    return "right"


def interfered(behaviour: Behaviour, before: dict[str, list[str]]) -> dict[str, list[str]]:
    """The rights when only the second administrator's grants took."""
    after = {right: list(holders) for right, holders in before.items()}
    for fault in behaviour.faults:
        grant = fault.get("grant")
        if grant:
            after[grant["right"]] = sorted([*after.get(grant["right"], []), grant["sid"]])
    return after


CASES = [(connection, name, value) for connection in CONNECTIONS for name, value in WORLDS]
# A second connection changes how bytes travel and not what Windows does: one world of it is enough by default.
CASES += [("psrp", "", "")] if CONNECTIONS == ("winrm",) else []


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(
    ("connection", "name", "value"), CASES, ids=[f"{c}-{n}={v}" if n else f"{c}-default" for c, n, v in CASES]
)
def test_safe_in_world(connection: str, name: str, value: str, record_property: Callable[[str, object], None]) -> None:
    world = f"{name}={value}" if name else ""
    record_property("world", world)
    record_property("connection", connection)
    with running(scenario="rights", worlds={name: value} if name else {}) as lab:
        verdicts = {behaviour.name: check(lab, behaviour, world, connection) for behaviour in BEHAVIOURS}
    refused = [behaviour for behaviour, verdict in verdicts.items() if verdict == "refused"]
    record_property("right", len(verdicts) - len(refused))
    record_property("refused", "; ".join(refused))
