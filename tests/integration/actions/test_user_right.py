# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_right against the lab: what it changes, what it leaves alone, and how each fault ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab

TCB = "SeTcbPrivilege"
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"
OLD = "S-1-5-21-2840394521-1093752863-3410756322-1112"
GRANT: dict[str, Any] = {"name": TCB, "accounts": ["CORP\\exsvc"]}

Rights = Callable[[], dict[str, list[str]]]


def test_a_grant_moves_exactly_one_entry_and_is_read_back(controller: Controller, rights: Rights) -> None:
    before = rights()
    outcome = controller.run("user_right", **GRANT)
    assert outcome.changed
    assert outcome.result["rights"][0]["verified"] is True
    assert outcome.result["rights"][0]["after"] == [{"sid": EXSVC, "name": "CORP\\exsvc", "kind": "account"}]
    assert rights() == {**before, TCB: [EXSVC]}


def test_the_second_run_changes_nothing_also_in_check_mode(controller: Controller, rights: Rights) -> None:
    controller.run("user_right", **GRANT)
    granted = rights()
    assert not controller.run("user_right", **GRANT).changed
    assert not controller.run("user_right", _check=True, **GRANT).changed
    assert rights() == granted


def test_check_mode_predicts_what_the_real_run_reports(controller: Controller, rights: Rights) -> None:
    before = rights()
    predicted = controller.run("user_right", _check=True, _diff=True, **GRANT).result
    assert rights() == before
    real = controller.run("user_right", _diff=True, **GRANT).result
    for result in (predicted, real):
        for right in result["rights"]:
            right.pop("verified")
            right["governed"].pop("as_of")
    assert predicted == real


def test_the_diff_names_right_and_account_and_comes_only_when_asked(controller: Controller) -> None:
    shown = controller.run("user_right", _check=True, _diff=True, **GRANT).result["diff"]
    assert shown["after"] == f"Act as part of the operating system (SeTcbPrivilege):\n- CORP\\exsvc ({EXSVC})\n"
    assert shown["before"] == "Act as part of the operating system (SeTcbPrivilege): []\n"
    assert "diff" not in controller.run("user_right", _check=True, **GRANT).result


def test_restore_undoes_exactly_what_was_changed(controller: Controller, rights: Rights) -> None:
    before = rights()
    restore = controller.run("user_right", **GRANT).result["restore"]
    assert controller.run("user_right", rights=restore).changed
    assert rights() == before
    assert not controller.run("user_right", rights=restore).changed


@pytest.mark.parametrize(
    "spelling",
    ["CORP\\exsvc", "corp\\EXSVC", EXSVC, EXSVC.lower(), "exsvc@corp.example"],
    ids=["domain", "case", "sid", "lower sid", "upn"],
)
def test_an_account_is_the_same_in_every_spelling(controller: Controller, spelling: str) -> None:
    controller.run("user_right", **GRANT)
    outcome = controller.run("user_right", name="act AS part_of the operating system", accounts=[spelling])
    assert outcome.failed is None
    assert not outcome.changed


def test_many_rights_are_one_read_and_one_write(controller: Controller, lab: RunningLab, rights: Rights) -> None:
    before = rights()
    outcome = controller.run(
        "user_right",
        rights=[
            {"name": TCB, "add": ["CORP\\exsvc", "CORP\\old"]},
            {"name": "Log on as a service", "add": ["NT SERVICE\\MSExchangeIS"], "remove": ["CORP\\exsvc"]},
            {"name": "SeDenyBatchLogonRight", "set": ["CORP\\old"]},
            {"name": "SeBackupPrivilege", "set": []},
        ],
    )
    assert outcome.changed
    after = rights()
    assert after[TCB] == sorted([EXSVC, OLD])
    assert EXSVC not in after["SeServiceLogonRight"]
    assert after["SeDenyBatchLogonRight"] == [OLD]
    assert "SeBackupPrivilege" not in after
    moved = {TCB, "SeServiceLogonRight", "SeDenyBatchLogonRight", "SeBackupPrivilege"}
    assert {k: v for k, v in after.items() if k not in moved} == {k: v for k, v in before.items() if k not in moved}
    assert lab.requests("exch50") <= 24


def test_the_budgets_of_the_design_hold(controller: Controller, lab: RunningLab) -> None:
    controller.run("user_right", **GRANT)
    assert lab.requests("exch50") <= 24
    lab.clear_requests()
    controller.run("user_right", **GRANT)
    assert lab.requests("exch50") <= 12


def test_a_right_governed_by_a_policy_is_named_with_the_line_to_add(lab: RunningLab) -> None:
    controller = Controller(lab, "exchgpo")
    warned = controller.run("user_right", _check=True, **GRANT)
    assert "Server Hardening" in warned.warnings
    assert f"SeTcbPrivilege = *{EXSVC}" in warned.warnings
    assert warned.result["rights"][0]["governed"]["gpo"]["name"] == "Server Hardening"
    before = rights_of(lab, "exchgpo")
    refused = controller.run("user_right", gpo_conflict="fail", **GRANT)
    assert refused.failed is not None
    assert refused.failed.endswith(" Nothing was changed.")
    assert rights_of(lab, "exchgpo") == before
    assert controller.run("user_right", _check=True, gpo_conflict="ignore", **GRANT).warnings == ""
