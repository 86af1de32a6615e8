# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""host_evidence against the lab: it tells each world from the others, names nobody, and leaves the host as it was."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.support import evidence as replay
from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf
from ansible_collections.winmail.exchange.tests.support.observer import left_behind, moved, snapshots
from lab import scenario
from lab.server import RunningLab, running
from lab.worlds import REGISTRY

if TYPE_CHECKING:
    from pathlib import Path

# What the questions tell apart on a host of that name; answers of one set do not hide each other.
ASKED = {
    "member": [
        {},
        {
            "type_converts_utf16": "raw",
            "call_errorlevel": "works",
            "unknown_program": "9009",
            "chain_exit_code": "last_command",
            "if_scope": "group_only",
            "export_bom": "no",
            "secedit_log_encoding": "ansi",
            "icacls_save_bom": "yes",
            "unmapped_sid": "null",
            "sddl_refusal": "fault",
            "win32_sid": "denied",
            "owner_sid": "denied",
            "whoami_label": "first",
            "gpo_path_line": "start",
            "new_database_exit": "3",
            "inf_long_line": "cut_4096",
            "rsop": "absent",
        },
        {"whoami": "blocked", "configure_exit_partial": "0"},
        {"quiet_log": "suppressed", "unresolved_line": "line_skipped", "bare_sid_line": "kept", "whoami": "absent"},
        {"export_order_stable": "no", "delayed_expansion": "on", "icacls_aliases": "no", "cim_files": "absent"},
        {"bare_names_scope": "qualified", "pool_names": "bare", "gpt_cache": "absent", "findstr_available": "no"},
    ],
    "dc": [{}, {"dc_export_names": "sid", "dc_bare_names": "work"}],
    "german": [{}, {"english_names_on_german": "yes"}],
    "governed": [{"rsop": "present"}, {"rsop": "present", "rsop_tokens": "names"}],
}
SETS = [
    pytest.param(host, worlds, id=f"{host}-{number}")
    for host, sets in ASKED.items()
    for number, worlds in enumerate(sets)
]
SCRATCH = "SeCreatePermanentPrivilege"


def told(lab: RunningLab, host: str, **options: Any) -> dict[str, Any]:
    outcome = Controller(lab, host).run("host_evidence", **options)
    assert outcome.failed is None
    found: dict[str, Any] = outcome.result["evidence"]
    return found


@pytest.mark.parametrize(("host", "worlds"), SETS)
def test_each_answer_of_a_host_is_told_from_the_others(host: str, worlds: dict[str, str], tmp_path: Path) -> None:
    with running(scenario="rights", worlds=worlds) as lab:
        before = snapshots(lab)
        found = told(lab, host, write=True, dest=str(tmp_path / "evidence.json"))
        assert moved(before, snapshots(lab)) == []
        assert left_behind(snapshots(lab)) == []
    kept = replay.load(tmp_path / "evidence.json")
    assert kept == found
    answers = {one["world"]: one["answer"] for one in found["answers"] if one["answer"] != "unknown"}
    wrong = {
        name: answer
        for name, answer in answers.items()
        if name in REGISTRY and answer != worlds.get(name, REGISTRY[name].default)
    }
    # The host has pools, and by its release they print as SIDs; its policy log is empty where no policy sets a right.
    assert wrong.items() <= {"pool_names": "sid", "rsop": "empty"}.items()
    assert set(worlds) <= set(answers)


def names_of() -> set[str]:
    """Every name of a person, domain or computer that the lab made up, from its own state."""
    computers = scenario.load("rights").computers
    found = {computer.name for computer in computers} | {"CORP", "corp.example"}
    for computer in computers:
        for authority in filter(None, (computer.machine.local, computer.machine.domain)):
            own = [one.name for one in authority if int(one.sid.rpartition("-")[2]) >= 1000]
            found |= {authority.netbios, *own}
    return {name.lower() for name in found}


@pytest.mark.parametrize("host", ["member", "german", "dc", "workgroup", "samename", "orphans"])
def test_it_names_no_person_domain_or_computer(lab_of: LabOf, host: str) -> None:
    lab = lab_of("rights")
    found = told(lab, host)
    texts = [one["seen"].lower() for one in found["answers"]]
    dumped = json.dumps({**found, "answers": texts}).lower()
    for sid in ("s-1-5-21-2840394521-1093752863-3410756322", "s-1-5-21-2315843530", "s-1-5-21-3623811015"):
        assert sid not in dumped
    # An account of the scenario is called like a SID, which is nobody's name in a text of ours.
    left = [
        name for name in names_of() - {"s-1-5-18"} if any(re.search(rf"\b{re.escape(name)}\b", text) for text in texts)
    ]
    assert left == []


def test_nothing_is_written_unasked_in_check_mode_or_where_it_would_mean_something(
    lab_of: LabOf, tmp_path: Path
) -> None:
    lab = lab_of("rights")
    controller, dest = Controller(lab, "member"), tmp_path / "evidence.json"
    before = snapshots(lab)
    assert told(lab, "member")["wrote"] is False
    outcome = controller.run("host_evidence", _check=True, write=True, dest=str(dest))
    assert outcome.changed
    assert outcome.result["evidence"]["wrote"] is False
    assert not dest.exists()
    assert moved(before, snapshots(lab)) == []
    assert controller.run("user_right", name=SCRATCH, accounts=["S-1-5-20"]).changed
    held = snapshots(lab)
    refused = controller.run("host_evidence", write=True, dest=str(dest))
    assert refused.failed is not None
    assert "Somebody holds SeCreatePermanentPrivilege on this host" in refused.failed
    assert refused.failed.endswith("Nothing was changed.")
    assert moved(held, snapshots(lab)) == []
    assert not dest.exists()


def test_file_and_answers_are_shown_by_itself_for_callbacks_hide_who_is_well(
    lab_of: LabOf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dest = tmp_path / "evidence.json"
    assert Controller(lab_of("rights"), "member").run("host_evidence", dest=str(dest)).failed is None
    shown = capsys.readouterr().out
    file, dummy, lines = shown.partition("\n}\n")
    assert json.loads(file + "}") == json.loads(dest.read_text(encoding="utf-8"))
    assert "W01  type_converts_utf16=yes   [first bytes " in lines


def test_a_file_of_somebody_else_is_never_written_over(lab_of: LabOf, tmp_path: Path) -> None:
    lab, mine = lab_of("rights"), tmp_path / "mine.json"
    mine.write_text("{}", encoding="utf-8")
    refused = Controller(lab, "member").run("host_evidence", dest=str(mine))
    assert "is there already and is no evidence" in str(refused.failed)
    missing = Controller(lab, "member").run("host_evidence", dest=str(tmp_path / "no" / "x.json"))
    assert "There is no folder" in str(missing.failed)
    dest = tmp_path / "evidence.json"
    assert Controller(lab, "member").run("host_evidence", dest=str(dest)).changed
    assert not Controller(lab, "member").run("host_evidence", dest=str(dest)).changed
    assert dest.stat().st_mode & 0o777 == 0o600


def test_it_asks_the_same_over_psrp_and_says_what_a_caller_without_rights_lacks(lab_of: LabOf) -> None:
    lab = lab_of("rights")
    over = [
        Controller(lab, "workgroup", connection=f"ansible.builtin.{name}").run("host_evidence")
        for name in ("winrm", "psrp")
    ]
    assert [outcome.failed for outcome in over] == [None, None]
    assert over[0].result["evidence"]["answers"] == over[1].result["evidence"]["answers"]
    assert over[0].result["evidence"]["rights"] == over[1].result["evidence"]["rights"]
    refused = Controller(lab, "notadmin").run("host_evidence", write=True)
    assert refused.failed is not None
    assert "administrator" in refused.failed
