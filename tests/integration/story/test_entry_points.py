# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry points audit and revoke, and the playbooks audit and probe."""

from __future__ import annotations

import importlib
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.support.observer import (
    EXSVC,
    TCB,
    moved,
    restarted,
    snapshots,
)
from ansible_collections.winmail.exchange.tests.support.player import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.winmail.exchange.tests.support.player import Player
    from lab.server import RunningLab

REVOKE = """
- hosts: exchange_pop3
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: winmail.exchange.pop3_prerequisites
        tasks_from: revoke
"""


def document(folder: Path) -> dict[str, Any]:
    """The one file of an audit, valid by its published schema."""
    (path,) = folder.glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs/schema/pop3-audit.json").read_text(encoding="utf-8"))
    importlib.import_module("jsonschema").validate(found, schema)
    return found


def test_an_audit_changes_nothing_and_leaves_one_file(player: Player, lab: RunningLab) -> None:
    start = snapshots(lab)
    played = player.play("playbooks/audit.yml", pop3_prerequisites_report_dir=str(player.folder / "reports"))
    end = snapshots(lab)
    assert played.code == 0, played.output
    assert set(played.changed.values()) == {0}
    for host, seen in end.items():
        assert {**seen, "events": 0} == {**start[host], "events": 0}
        assert seen["events"]["Application"] == start[host]["events"]["Application"]
    found = document(player.folder / "reports")
    assert found["summary"] == {
        "hosts": 4,
        "compliant": 2,
        "not_compliant": 2,
        "unknown": 0,
        "actions": {"governed": 1, "grant": 1, "none": 1, "not_applicable": 1},
        "verdicts": {"listening": 4},
    }
    assert [host["host"] for host in found["hosts"]] == ["exch50", "exch55", "exch2019", "exchgpo"]
    assert found["without_result"] == []
    assert [line.split()[0] for line in played.table()[2:]] == ["exch50", "exchgpo", "exch55", "exch2019"]
    assert played.said()[-1] == "2 of 4 hosts: users can log on; 2 cannot; 0 unknown"


def test_an_audit_fails_where_it_is_asked_to(player: Player) -> None:
    played = player.play("playbooks/audit.yml", audit_fails=True)
    assert played.code == 2
    assert played.failed == {"exch50": 1, "exch55": 0, "exch2019": 0, "exchgpo": 1}
    assert len(played.outcome("exch50")["advice"]) > 0
    before = played.output[: played.output.index("PLAY RECAP")]
    assert before.rstrip().rpartition("\n")[2] == "2 of 4 hosts: users can log on; 2 cannot; 0 unknown"


def test_a_host_that_is_down_is_a_finding_of_the_audit(player: Player, lab: RunningLab) -> None:
    text = player.inventory.read_text(encoding="utf-8")
    port = lab.hosts["exch50"].winrm_port
    player.inventory.write_text(text.replace(f"ansible_port: {port}\n", "ansible_port: 9\n"), encoding="utf-8")
    reports = player.folder / "reports"
    played = player.play("playbooks/audit.yml", pop3_prerequisites_report_dir=str(reports))
    assert played.code == 0, played.output
    found = document(reports)
    assert found["summary"]["unknown"] == 1
    down = found["hosts"][0]
    assert (down["host"], down["action"], down["compliant"], down["unknown"]) == ("exch50", "unknown", False, True)
    assert "refused" in down["reason"].lower()
    assert player.play("playbooks/audit.yml", "--limit", "exch50,exch55", audit_fails=True).code == 2


def test_no_file_in_check_mode(player: Player) -> None:
    reports = player.folder / "reports"
    assert player.play("playbooks/audit.yml", "--check", pop3_prerequisites_report_dir=str(reports)).code == 0
    assert not reports.exists()


def test_revoke_takes_back_what_main_gave_and_nothing_else(player: Player, lab: RunningLab) -> None:
    start = snapshots(lab)
    revoke = player.write("revoke.yml", REVOKE)
    assert player.play("site.yml", "--limit", "exch50").code == 0
    cured = snapshots(lab)
    predicted = player.play(revoke, "--limit", "exch50", "--check", "--diff")
    assert moved(cured, snapshots(lab)) == []
    taken = player.play(revoke, "--limit", "exch50", "--diff")
    assert taken.code == 0, taken.output
    assert taken.changed == predicted.changed == {"exch50": 1}
    assert moved(start, snapshots(lab)) == []
    outcome = taken.outcome("exch50")
    assert (outcome["action"], outcome["done"], outcome["restart_required"]) == ("revoke", ["revoke"], True)
    assert outcome["restore"] == [{"name": TCB, "add": [EXSVC]}]
    again = player.play(revoke, "--limit", "exch50")
    assert again.changed == {"exch50": 0}
    assert (again.outcome("exch50")["action"], again.outcome("exch50")["compliant"]) == ("none", True)


def test_revoke_restarts_where_that_is_asked_for(player: Player, lab: RunningLab) -> None:
    revoke = player.write("revoke.yml", REVOKE)
    start = snapshots(lab)
    played = player.play(
        revoke,
        "--limit",
        "exch55",
        pop3_prerequisites_restart="service",
        pop3_prerequisites_probe_login="credentials",
    )
    assert played.code == 0, played.output
    assert moved(start, snapshots(lab)) == [("exch55", "-", TCB, EXSVC)]
    assert ("exch55", "MSExchangeIS") in restarted(start, snapshots(lab))
    assert played.outcome("exch55")["verdict_after"] == "privilege_missing"


@pytest.mark.parametrize("host", ["exch2019", "exchgpo"])
def test_revoke_leaves_alone_what_there_is_not(player: Player, lab: RunningLab, host: str) -> None:
    start = snapshots(lab)
    played = player.play(player.write("revoke.yml", REVOKE), "--limit", host)
    assert played.code == 0, played.output
    assert played.changed == {host: 0}
    assert moved(start, snapshots(lab)) == []


def test_the_probe_playbook_needs_no_winrm(player: Player, lab: RunningLab) -> None:
    lab.clear_requests()
    start = snapshots(lab)
    played = player.play("playbooks/probe.yml", "--check")
    assert played.code == 0, played.output
    (shown,) = [event.result["msg"] for event in played.events if event.task == "Show what each host answers"]
    assert shown == [
        "exch50: privilege_missing",
        "exch55: logon_ok",
        "exch2019: logon_ok",
        "exchgpo: privilege_missing",
    ]
    assert {name: lab.requests(name) for name in lab.hosts} == dict.fromkeys(lab.hosts, 0)
    assert moved(start, snapshots(lab)) == []


def test_without_credentials_the_probe_sends_a_canary(player: Player) -> None:
    played = player.play("site.yml", pop3_prerequisites_login_password="")
    assert played.code == 0, played.output
    outcome = played.outcome("exch50")
    assert (outcome["verdict_before"], outcome["verdict_after"]) == ("privilege_missing", "credentials_rejected")
    assert outcome["done"] == ["grant", "restart"]
