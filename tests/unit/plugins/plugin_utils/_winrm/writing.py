# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change on a computer of the lab, step by step: how tests of the writer run it and where they interfere."""

from __future__ import annotations

import contextlib
from typing import Any
from unittest import mock

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import at_once
from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.support.lines import check_safe

Rights = dict[str, set[str]]
CORP = "S-1-5-21-2840394521-1093752863-3410756322"
EXSVC, OLD = f"{CORP}-1107", f"{CORP}-1112"
TCB, BATCH = "SeTcbPrivilege", "SeBatchLogonRight"
TASK: list[dict[str, Any]] = [{"name": TCB, "add": ["CORP\\exsvc"]}, {"name": BATCH, "remove": [EXSVC]}]
# The runs of secedit in one change: written in one chain, or step by step with a first export to compare with.
STEPS = {
    "at once": ["/export read", "/export second", "/configure", "/export back"],
    "step by step": ["/export read", "/export first", "/export second", "/configure", "/export back"],
}
EVERY = [(way, step) for way, steps in STEPS.items() for step in steps]


def run(desk: Desk, task: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Run a task as the action would; every line that was sent is safe, and no file is reported as left."""
    asked = parse_rights({"rights": TASK if task is None else task})
    desk.warnings.clear()
    host = desk.host()
    change = RightsChange(host, asked, Choices("ignore", allow_lockout=False, check_mode=False), desk.warnings.append)
    with mock.patch.object(at_once, "chain_for", return_value=None) if desk.step_by_step else contextlib.nullcontext():
        result, dummy = change.run()
    assert host.left_behind() == ()
    for line in desk.lines:
        check_safe(line)
    return result


def attempt(desk: Desk) -> tuple[dict[str, Any] | None, str]:
    """The result of the task, or None and what it says when it fails."""
    try:
        return run(desk), ""
    except WinmailError as exc:
        return None, desk.told(exc)


def planned(before: Rights) -> Rights:
    """What TASK makes of the rights."""
    after = {right: set(holders) for right, holders in before.items()}
    after[TCB] = after.get(TCB, set()) | {EXSVC}
    after[BATCH] = after[BATCH] - {EXSVC}
    return after


def program(step: str, point: str, do: str, way: str = "at once", **more: Any) -> dict[str, Any]:
    """A fault at one of the runs of secedit that a change takes."""
    exports = [name for name in STEPS[way] if name.startswith("/export")]
    match = {"program": "secedit", "verb": step.partition(" ")[0]}
    return {"at": point, "match": match, "skip": exports.index(step) if step in exports else 0, "do": do, **more}
