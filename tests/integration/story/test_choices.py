# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's choices: when it restarts, what it refuses, what it keeps, and how it fails."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.support.observer import (
    EXSVC,
    GRANTED,
    TCB,
    logged,
    moved,
    restarted,
    snapshots,
)

if TYPE_CHECKING:
    from ansible_collections.winmail.exchange.tests.support.player import Player
    from lab.server import RunningLab

ROLE = """
- hosts: exchange_pop3
  gather_facts: false
  roles:
    - winmail.exchange.pop3_prerequisites
"""
CREDENTIALS: dict[str, Any] = {"pop3_prerequisites_probe_login": "credentials"}


def test_a_grant_without_restart_leaves_the_fault(player: Player, lab: RunningLab) -> None:
    role = player.write("role.yml", ROLE)
    start = snapshots(lab)
    first = player.play(role, "--limit", "exch50", **CREDENTIALS)
    granted = snapshots(lab)
    outcome = first.outcome("exch50")
    assert first.code == 0, first.output
    assert moved(start, granted) == GRANTED
    assert restarted(start, granted) == []
    assert (outcome["done"], outcome["restart_required"], outcome["compliant"]) == (["grant"], True, False)
    assert outcome["verdict_after"] == "privilege_missing"
    assert outcome["advice"].startswith("Restart MSExchangeIS when that suits")
    # The right was held before this run, so this run restarts nothing, although it may.
    second = player.play(role, "--limit", "exch50", **CREDENTIALS, pop3_prerequisites_restart="service")
    later = snapshots(lab)
    outcome = second.outcome("exch50")
    assert second.changed == {"exch50": 0}
    assert moved(granted, later) == []
    assert restarted(granted, later) == []
    assert (outcome["action"], outcome["done"], outcome["restart_required"]) == ("restart", [], True)
    assert outcome["verdict_after"] == "privilege_missing"
    assert "started at" in outcome["reason"]


def test_without_a_logon_the_role_writes_no_event(player: Player, lab: RunningLab) -> None:
    start = snapshots(lab)
    played = player.play("playbooks/fix.yml")
    assert played.code == 0, played.output
    end = snapshots(lab)
    assert moved(start, end) == GRANTED
    assert {name: logged(end[name]) for name in end} == {name: logged(start[name]) for name in start}
    assert {played.outcome(name)["verdict_after"] for name in end} == {"listening"}


def test_a_choice_of_the_inventory_stands(player: Player, lab: RunningLab) -> None:
    (player.folder / "host_vars").mkdir()
    player.write("host_vars/exch50.yml", "pop3_prerequisites_restart: never\npop3_prerequisites_probe_login: canary\n")
    start = snapshots(lab)
    played = player.play("site.yml", "--limit", "exch50")
    assert moved(start, snapshots(lab)) == GRANTED
    assert restarted(start, snapshots(lab)) == []
    assert not [line for line in played.outcome("exch50")["dialogue_before"] if "pop3test" in line]
    assert played.outcome("exch50")["verdict_before"] == "privilege_missing"


def test_what_undoes_the_change_is_kept_and_undoes_it(player: Player, lab: RunningLab) -> None:
    reports = player.folder / "reports" / "pop3"
    start = snapshots(lab)
    played = player.play("site.yml", pop3_prerequisites_report_dir=str(reports))
    assert played.code == 0, played.output
    assert sum(played.changed.values()) == 2, "a file on the controller is no change of a host"
    kept = list(reports.glob("*.json"))
    assert [path.name.rsplit("-", 2)[0] for path in kept] == ["restore-exch50"]
    assert played.outcome("exch50")["restore_file"] == str(kept[0])
    assert stat.S_IMODE(reports.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    document = json.loads(kept[0].read_text(encoding="utf-8"))
    assert document == {"host": "exch50", "computer": "EXCH50", "rights": [{"name": TCB, "remove": [EXSVC]}]}
    undo = player.write(
        "undo.yml",
        """
- hosts: exch50
  gather_facts: false
  tasks:
    - winmail.exchange.user_right:
        rights: "{{ (lookup('ansible.builtin.file', kept) | from_json).rights }}"
""",
    )
    assert player.play(undo, kept=str(kept[0])).code == 0
    assert moved(start, snapshots(lab)) == []


def test_nothing_is_kept_in_check_mode_or_where_nothing_changes(player: Player) -> None:
    reports = player.folder / "reports"
    player.play("site.yml", "--check", pop3_prerequisites_report_dir=str(reports))
    assert not reports.exists()
    player.play("site.yml", "--limit", "exch55", pop3_prerequisites_report_dir=str(reports))
    assert list(reports.glob("restore-*")) == []


@pytest.mark.parametrize(("conflict", "code", "grants"), [("warn", 0, 0), ("fail", 2, 0), ("ignore", 0, 1)])
def test_a_governed_right(player: Player, lab: RunningLab, conflict: str, code: int, grants: int) -> None:
    start = snapshots(lab)
    played = player.play("site.yml", "--limit", "exchgpo", pop3_prerequisites_gpo_conflict=conflict)
    outcome = played.outcome("exchgpo")
    assert played.code == code, played.output
    assert moved(start, snapshots(lab)) == [("exchgpo", "+", TCB, EXSVC)] * grants
    assert "The Group Policy Server Hardening sets SeTcbPrivilege" in outcome["reason"]
    assert outcome["governed"]["gpo"]["name"] == "Server Hardening"
    assert outcome["verdict_after"] == ("logon_ok" if grants else "privilege_missing")
    assert bool(outcome["failure"]) == (conflict == "fail")


def test_the_four_rights_of_q247764(player: Player, lab: RunningLab) -> None:
    four = [TCB, "Log on as a service", "SeRestorePrivilege", "SeBackupPrivilege"]
    start = snapshots(lab)
    played = player.play("site.yml", "--limit", "exch50", pop3_prerequisites_rights=four)
    assert played.code == 0, played.output
    assert moved(start, snapshots(lab)) == [
        ("exch50", "+", "SeBackupPrivilege", EXSVC),
        ("exch50", "+", TCB, EXSVC),
    ]
    rights = {right["name"]: (right["before"], right["after"]) for right in played.outcome("exch50")["rights"]}
    assert rights == {
        TCB: ("missing", "direct"),
        "SeServiceLogonRight": ("direct", "direct"),
        "SeRestorePrivilege": ("direct", "direct"),
        # Administrators hold it, and who is in Domain Admins cannot be seen from here.
        "SeBackupPrivilege": ("unknown", "direct"),
    }


def test_a_service_that_is_not_there_fails_with_its_outcome(player: Player, lab: RunningLab) -> None:
    start = snapshots(lab)
    played = player.play(
        "site.yml", "--limit", "exch50,exch55", pop3_prerequisites_service="hMailServer", max_failed=100
    )
    assert played.code == 2
    assert moved(start, snapshots(lab)) == []
    assert "There is no service 'hMailServer' on this computer" in played.outcome("exch50")["failure"]
    assert played.outcome("exch50")["compliant"] is False


def test_a_service_that_does_not_stop_is_told(player: Player, lab: RunningLab) -> None:
    start = snapshots(lab)
    lab.computer("exch50").faults.add({"at": "cim", "match": {"text": "StopService"}, "times": 9, "do": "fault"})
    played = player.play("site.yml", "--limit", "exch50")
    outcome = played.outcome("exch50")
    assert played.code == 2, played.output
    assert moved(start, snapshots(lab)) == GRANTED
    assert restarted(start, snapshots(lab)) == []
    assert (outcome["done"], outcome["restart_required"], outcome["compliant"]) == (["grant"], True, False)
    assert outcome["restore"] == [{"name": TCB, "remove": [EXSVC]}]
    assert "The restart of MSExchangeIS failed" in outcome["failure"]


def test_a_logon_without_a_password_is_refused_before_anything(player: Player, lab: RunningLab) -> None:
    start = snapshots(lab)
    played = player.play(
        "site.yml",
        "--limit",
        "exch50",
        pop3_prerequisites_login_password="",
        pop3_prerequisites_probe_login="credentials",
    )
    assert played.code == 2
    assert snapshots(lab)["exch50"]["events"] == start["exch50"]["events"]
    assert (
        "set pop3_prerequisites_login_user and pop3_prerequisites_login_password" in played.outcome("exch50")["failure"]
    )


def test_a_host_that_is_down_is_named_and_the_others_are_cured(player: Player, lab: RunningLab) -> None:
    start = snapshots(lab)
    text = player.inventory.read_text(encoding="utf-8")
    port = lab.hosts["exch55"].winrm_port
    player.inventory.write_text(text.replace(f"ansible_port: {port}\n", "ansible_port: 9\n"), encoding="utf-8")
    played = player.play("site.yml")
    assert played.unreachable == {"exch50": 0, "exch55": 1, "exch2019": 0, "exchgpo": 0}
    assert played.code == 4
    assert moved(start, snapshots(lab)) == GRANTED
    assert played.said()[-1] == "2 of 4 hosts: users can log on; 1 cannot; 1 unknown"
    (said,) = [line for line in played.said() if line.startswith("exch55: ")]
    assert "refused" in said.lower()
    assert "Task failed" not in said
    (row,) = [line.split() for line in played.table() if line.startswith("exch55 ")]
    assert row == ["exch55", "-", "-", "-", "-", "unreachable", "-"]


def test_a_cure_that_was_left_out_by_choice_fails_the_run_where_that_is_asked_for(player: Player) -> None:
    """Loud either way: the report names the host and why, and ends with the verdict."""
    silent = player.play("site.yml", "--limit", "exch55,exchgpo")
    assert silent.code == 0, silent.output
    failing = player.play("site.yml", "--limit", "exch55,exchgpo", site_fails=True)
    assert failing.code == 2
    verdict = "1 of 2 hosts: users can log on; 1 cannot; 0 unknown"
    for played in (silent, failing):
        assert played.said()[-1] == verdict
        assert any(line.startswith("exchgpo: The Group Policy Server Hardening sets") for line in played.said())
    (failed,) = [event for event in failing.events if event.status == "failed"]
    assert failed.result["msg"] == f"{verdict} (site_fails)"
    assert player.play("site.yml", "--limit", "exch55", site_fails=True).code == 0


@pytest.mark.parametrize(
    "more", [{}, {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}, {"ANSIBLE_STDOUT_CALLBACK": "minimal"}], ids=str
)
def test_the_verdict_is_the_last_line_before_the_recap(player: Player, more: dict[str, str]) -> None:
    player.more = more
    for playbook in ("site.yml", "playbooks/audit.yml"):
        lines = player.play(playbook, "--limit", "exch55,exchgpo").output.splitlines()
        end = next((at for at, line in enumerate(lines) if line.startswith("PLAY RECAP")), len(lines))
        said = [line for line in lines[:end] if line.strip()]
        verdict = "1 of 2 hosts: users can log on; 1 cannot; 0 unknown"
        assert verdict in said
        assert said[-1] == verdict or more.get("ANSIBLE_STDOUT_CALLBACK"), "minimal shows every result"


def test_the_words_of_the_command_line(player: Player, lab: RunningLab) -> None:
    start = snapshots(lab)
    one = player.play("site.yml", "-e", "target=exch55", "-e", "batch=1", pop3_prerequisites_rights="auto")
    assert one.code == 0, one.output
    assert set(one.changed) == {"exch55"}
    each = player.play("playbooks/fix.yml", "-e", "batch=1", "-e", "max_failed=0")
    assert each.code == 0, each.output
    assert each.output.count("PLAY [Cure the POP3 fault]") == 4
    assert [line.split()[0] for line in each.table()[2:]] == ["exchgpo", "exch50", "exch55", "exch2019"]
    assert moved(start, snapshots(lab)) == GRANTED
