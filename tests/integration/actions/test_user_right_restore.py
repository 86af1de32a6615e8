# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undo and peace: restore brings back every byte of the export, and nothing is changed that only looks different."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab

CORP = "S-1-5-21-2840394521-1093752863-3410756322"
EXSVC, OLD, GMSA = f"{CORP}-1107", f"{CORP}-1112", f"{CORP}-1130"
BATCH, SERVICE, TCB = "SeBatchLogonRight", "SeServiceLogonRight", "SeTcbPrivilege"


@pytest.fixture
def lab(rights_lab: RunningLab) -> RunningLab:
    """Here every host is one of the scenario ``rights``."""
    return rights_lab


def export_of(lab: RunningLab, host: str) -> bytes:
    """The bytes of an export that the lab's own administrator makes at the host's console."""

    def export(computer: Any) -> bytes:
        caller = computer.logon(".", "Administrator") if host == "workgroup" else computer.logon("CORP", "labadmin")
        path = "C:\\Windows\\Temp\\look.inf"
        done = computer.run(caller, f"secedit /export /cfg {path} /areas USER_RIGHTS /log {path}.log /quiet", 437)
        assert done.exit_code == 0
        data = bytes(computer.machine.files.read(path))
        for file in (path, f"{path}.log"):
            computer.machine.files.delete(file)
        return data

    return lab.computer(host).call(export)


CHANGES = [
    pytest.param("member", [{"name": TCB, "add": ["CORP\\exsvc"]}], id="a right nobody held"),
    pytest.param("member", [{"name": BATCH, "set": []}], id="a right cleared"),
    pytest.param("member", [{"name": SERVICE, "set": ["NT SERVICE\\W32Time"]}], id="a right set"),
    pytest.param(
        "member", [{"name": "SeImpersonatePrivilege", "set": ["CORP\\old"]}], id="entries that Windows forces"
    ),
    pytest.param("orphans", [{"name": SERVICE, "set": ["CORP\\old"]}], id="orphans taken away"),
    pytest.param("many", [{"name": BATCH, "set": []}, {"name": SERVICE, "add": ["CORP\\old"]}], id="300 holders"),
    pytest.param("german", [{"name": BATCH, "set": ["CORP\\old"]}], id="names with umlauts"),
    pytest.param("samename", [{"name": SERVICE, "set": []}, {"name": BATCH, "set": []}], id="twins and odd names"),
    pytest.param("workgroup", [{"name": TCB, "add": [".\\svc"]}], id="workgroup"),
    pytest.param(
        "member",
        [
            {"name": TCB, "add": ["CORP\\exsvc", "CORP\\old"]},
            {"name": BATCH, "remove": [".\\Mail Operators"]},
            {"name": SERVICE, "add": ["CORP\\old"], "remove": ["CORP\\gmsapop$"]},
            {"name": "SeBackupPrivilege", "set": []},
        ],
        id="many rights",
    ),
]


@pytest.mark.parametrize(("host", "rights"), CHANGES)
def test_restore_brings_back_the_export_byte_for_byte_and_then_rests(
    lab: RunningLab, host: str, rights: list[dict[str, Any]]
) -> None:
    before = export_of(lab, host)
    controller = Controller(lab, host)
    outcome = controller.run("user_right", rights=rights, gpo_conflict="ignore", allow_lockout=True)
    assert outcome.failed is None
    assert outcome.changed
    assert export_of(lab, host) != before
    restore = outcome.result["restore"]
    assert [entry["name"] for entry in restore] == [entry["name"] for entry in rights]
    undone = controller.run("user_right", rights=restore, gpo_conflict="ignore")
    assert undone.failed is None
    assert export_of(lab, host) == before
    again = controller.run("user_right", rights=restore, gpo_conflict="ignore")
    assert not again.changed
    assert again.result["restore"] == []


def test_restore_touches_no_right_that_the_task_did_not_change(lab: RunningLab) -> None:
    controller = Controller(lab, "member")
    rights = [{"name": TCB, "add": ["CORP\\exsvc"]}, {"name": SERVICE, "add": ["CORP\\exsvc"]}]
    outcome = controller.run("user_right", rights=rights)
    assert [entry["name"] for entry in outcome.result["restore"]] == [TCB], "the service right was held already"
    controller.run("user_right", name=BATCH, accounts=["CORP\\old"])
    controller.run("user_right", rights=outcome.result["restore"])
    assert OLD in rights_of(lab, "member")[BATCH]


def test_check_mode_gives_the_same_restore_as_the_run(lab: RunningLab) -> None:
    rights = [{"name": BATCH, "set": ["CORP\\old"]}]
    controller = Controller(lab, "member")
    predicted = controller.run("user_right", _check=True, rights=rights).result["restore"]
    assert predicted == controller.run("user_right", rights=rights).result["restore"] != []


MEMBER = "S-1-5-21-2315843530-1563403064-648863213"
HELD = [f"{MEMBER}-1002", f"{MEMBER}-1010", EXSVC]
SAME = [
    pytest.param({"name": BATCH, "set": HELD}, id="as exported"),
    pytest.param({"name": BATCH, "set": HELD[::-1]}, id="reversed"),
    pytest.param({"name": BATCH, "set": [*HELD, *HELD]}, id="twice"),
    pytest.param({"name": BATCH, "set": [sid.lower() for sid in HELD]}, id="lower case"),
    pytest.param({"name": BATCH, "set": [f"*{sid}" for sid in HELD]}, id="with asterisks"),
    pytest.param({"name": BATCH, "set": [".\\first.last", "member\\MAIL operators", "exsvc@corp.example"]}, id="names"),
    pytest.param({"name": BATCH, "set": [".\\first.last", HELD[0], HELD[1], "corp\\EXSVC", EXSVC]}, id="both"),
    pytest.param({"name": "log on as a BATCH job", "set": HELD}, id="display name"),
    pytest.param({"name": "Log_on_as_a_batch_job", "set": HELD}, id="DSC spelling"),
    pytest.param({"name": "sebatchlogonright", "add": HELD[:1]}, id="constant, lower case"),
    pytest.param({"name": BATCH, "add": ["CORP\\exsvc"], "remove": ["CORP\\old"]}, id="add and remove"),
    pytest.param({"name": BATCH, "remove": ["S-1-5-21-9-9-9-9"]}, id="remove a SID of nobody"),
    pytest.param(
        {"name": "SeImpersonatePrivilege", "remove": ["S-1-5-6", "Administrators"]}, id="Windows would undo it"
    ),
]


@pytest.mark.parametrize("entry", SAME)
def test_another_spelling_of_what_is_there_is_no_change(lab: RunningLab, entry: dict[str, Any]) -> None:
    controller = Controller(lab, "member")
    bystanders = {right: held for right, held in rights_of(lab, "member").items() if right != BATCH}
    controller.run("user_right", rights=[{"name": BATCH, "set": HELD}])
    before = export_of(lab, "member")
    for check in (True, False):
        outcome = controller.run("user_right", _check=check, _diff=True, rights=[entry])
        assert outcome.failed is None
        assert not outcome.changed
        assert outcome.result["restore"] == []
        assert outcome.result["diff"]["before"] == outcome.result["diff"]["after"]
    assert export_of(lab, "member") == before
    assert {right: held for right, held in rights_of(lab, "member").items() if right != BATCH} == bystanders
