# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cure of a fleet: exactly what fails, predicted, kept so that it can be undone, refused as a whole or not."""

from __future__ import annotations

import json
import stat
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.fleet import (
    ADMINISTRATORS,
    BACKUP,
    DENY,
    GUESTS,
    HARSH,
    OPERATORS,
    Fleet,
    outcome,
    reported,
    without_times,
)
from ansible_collections.winmail.exchange.tests.support.observer import EXSVC, moved

HOSTS = ["dc", "governed", "member", "workgroup"]
SERVER_OPERATORS = "S-1-5-32-549"
# What the house rules ask of each host, by hand: who else may back up, and that guests are denied.
DELTAS = {
    "member": [("-", BACKUP, EXSVC), ("-", BACKUP, OPERATORS), ("+", DENY, GUESTS)],
    "governed": [("-", BACKUP, OPERATORS), ("+", DENY, GUESTS)],
    "workgroup": [("-", BACKUP, OPERATORS), ("+", DENY, GUESTS)],
    "dc": [("-", BACKUP, OPERATORS), ("-", BACKUP, SERVER_OPERATORS), ("+", DENY, GUESTS)],
}


def deltas(*hosts: str) -> set[tuple[str, str, str, str]]:
    """What the cure of these hosts moves."""
    return {(host, *delta) for host in hosts for delta in DELTAS[host]}


def test_check_mode_predicts_and_the_second_run_changes_nothing(fleet: Fleet) -> None:
    start = fleet.seen()
    predicted = fleet.fix("--check", target=",".join(HOSTS), user_rights_baseline_report_dir=str(fleet.reports))
    assert predicted.code == 0, predicted.output
    assert "4 of 4 hosts would meet " in predicted.output
    assert moved(start, fleet.seen()) == []
    assert not fleet.reports.exists()
    played = fleet.fix(target=",".join(HOSTS))
    assert played.code == 0, played.output
    assert set(moved(start, fleet.seen())) == deltas(*HOSTS)
    assert predicted.changed == played.changed == dict.fromkeys(HOSTS, 1)
    for host in HOSTS:
        before, after = outcome(predicted, host), outcome(played, host)
        assert without_times(before.pop("judged")) == without_times(after.pop("judged"))
        assert (before.pop("check_mode"), after.pop("check_mode")) == (True, False)
        assert before == after
        assert (after["status"], after["changed"], after["remedy"]) == ("compliant", True, [])
    again = fleet.fix(target=",".join(HOSTS))
    assert (again.code, set(again.changed.values())) == (0, {0})
    assert [outcome(again, host)["status"] for host in HOSTS] == ["compliant"] * 4
    assert set(moved(start, fleet.seen())) == deltas(*HOSTS)


@pytest.mark.parametrize(
    ("baseline", "excluded"),
    [
        ("microsoft_windows_server_2025", []),
        # What the guard refuses: to deny Domain Admins while one of them is connected, and to take from the desktop
        # and from other controllers what they work by.
        ("stig_windows_server_2022", [*(f"V-25443{last}" for last in range(5, 10)), "V-254493", "V-254504"]),
    ],
)
def test_a_baseline_that_is_shipped_is_met_after_one_run(fleet: Fleet, baseline: str, excluded: list[str]) -> None:
    hosts = ["member", "dc", "workgroup"]
    words = {"baseline": baseline, "user_rights_baseline_exclude_controls": excluded}
    predicted = fleet.fix("--check", target=",".join(hosts), **words)
    played = fleet.fix(target=",".join(hosts), **words)
    assert played.code == 0, played.output
    for host in hosts:
        judged = outcome(played, host)["judged"]
        assert without_times(outcome(predicted, host)["judged"]) == without_times(judged)
        assert {one["id"] for one in judged["controls"] if one["status"] == "fail"} <= set(excluded)
    again = fleet.fix(target=",".join(hosts), **words)
    assert (again.code, set(again.changed.values())) == (0, {0})


def test_what_was_kept_before_the_change_undoes_it(fleet: Fleet) -> None:
    start = fleet.seen()
    played = fleet.fix(target="member,dc", user_rights_baseline_report_dir=str(fleet.reports))
    assert played.code == 0, played.output
    assert stat.S_IMODE(fleet.reports.stat().st_mode) == 0o700
    for host in ("member", "dc"):
        told = outcome(played, host)
        (kept,) = fleet.reports.glob(f"restore-{host}-*.json")
        assert (str(kept), stat.S_IMODE(kept.stat().st_mode)) == (told["restore_file"], 0o600)
        document = json.loads(kept.read_text(encoding="utf-8"))
        assert (document["host"], document["computer"]) == (host, host.upper())
        assert document["rights"] == told["restore"]
        fleet.player.write(f"undo-{host}.yml", UNDO.format(host=host, file=kept))
        undone = fleet.player.play(fleet.player.folder / f"undo-{host}.yml")
        assert (undone.code, undone.changed) == (0, {host: 1}), undone.output
    assert moved(start, fleet.seen()) == []


UNDO = """
- name: Undo
  hosts: {host}
  gather_facts: false
  tasks:
    - name: Undo what a run changed
      winmail.exchange.user_right:
        rights: "{{{{ (lookup('ansible.builtin.file', '{file}') | from_json).rights }}}}"
"""


def test_a_part_that_the_guard_refuses_is_named_with_its_control_and_the_way_on(fleet: Fleet) -> None:
    fleet.rules.write_text(HARSH, encoding="utf-8")
    start = fleet.seen()
    refused = fleet.fix(target="member")
    assert (refused.code, refused.changed, refused.failed) == (2, {"member": 0}, {"member": 1})
    assert moved(start, fleet.seen()) == []
    told = outcome(refused, "member")
    assert told["status"] == "failed"
    assert "SeDenyNetworkLogonRight" in told["failure"]
    assert "Nothing was changed." in told["failure"]
    assert told["failure"].endswith(
        "That is what H-4 asks for; to cure the other controls, name it in user_rights_baseline_exclude_controls."
    )
    # What it found is told all the same, and the one report is there.
    assert told["judged"]["summary"]["fail"] == 3
    assert [result["counts"]["failed"] for result in reported(refused)] == [1]
    cured = fleet.fix(target="member", user_rights_baseline_exclude_controls=["H-4"])
    assert (cured.code, cured.changed) == (0, {"member": 1}), cured.output
    assert set(moved(start, fleet.seen())) == deltas("member")
    left = outcome(cured, "member")
    assert (left["status"], left["remedy"], left["failure"]) == ("not_compliant", [], "")
    assert left["reason"] == "1 of 4 controls of House rules (7) fails: H-4."


def test_a_control_that_is_left_out_fails_the_host_only_where_that_is_asked_for(fleet: Fleet) -> None:
    words: dict[str, Any] = {"target": "member", "user_rights_baseline_exclude_controls": ["H-1"]}
    assert fleet.fix(**words).code == 0
    strict = fleet.fix(**words, baseline_fails=True)
    assert (strict.code, strict.failed) == (2, {"member": 1})
    assert strict.of("member", "failed")[-1].result["msg"] == "1 of 3 controls of House rules (7) fails: H-1."


def test_a_waiver_is_left_alone(fleet: Fleet) -> None:
    waiver = {"control": "H-1", "accounts": [EXSVC], "reason": "agreed with security", "until": "2099-12-31"}
    start = fleet.seen()
    played = fleet.fix(target="member", user_rights_baseline_waivers=[waiver])
    assert played.code == 0, played.output
    assert ("member", "-", BACKUP, EXSVC) not in moved(start, fleet.seen())
    told = outcome(played, "member")
    assert (told["status"], told["judged"]["summary"]["waived"]) == ("compliant", 1)
    assert told["reason"] == "All 3 controls of House rules (7) are met, 1 of them by a waiver."


def test_a_right_that_a_policy_sets_is_changed_with_a_warning_or_refused(fleet: Fleet) -> None:
    start = fleet.seen()
    careful = fleet.fix(target="governed,workgroup", user_rights_baseline_gpo_conflict="fail", max_failed=100)
    assert careful.failed == {"governed": 1, "workgroup": 0}
    assert set(moved(start, fleet.seen())) == deltas("workgroup")
    told = outcome(careful, "governed")
    assert "Backup Servers" in told["failure"]
    assert "That is what H-1 asks for" in told["failure"]
    warned = fleet.fix(target="governed")
    assert warned.code == 0, warned.output
    assert "Backup Servers" in warned.output
    assert set(moved(start, fleet.seen())) == deltas("workgroup", "governed")


def test_a_host_that_is_not_there_fails_and_the_others_are_cured(fleet: Fleet) -> None:
    fleet.unplug("dc")
    start = fleet.seen()
    played = fleet.fix(target="member,dc,workgroup", max_failed=50)
    assert played.code == 2
    assert played.failed == {"member": 0, "dc": 1, "workgroup": 0}
    assert set(moved(start, fleet.seen())) == deltas("member", "workgroup")
    assert outcome(played, "dc")["status"] == "unreachable"
    assert [result["counts"] for result in reported(played)] == [reported(played)[0]["counts"]]
    assert reported(played)[0]["counts"]["unreachable"] == 1


def test_a_rollout_stops_where_too_many_fail_and_reports_there(fleet: Fleet) -> None:
    fleet.unplug("dc")
    start = fleet.seen()
    words: dict[str, Any] = {"target": "dc,governed,member,workgroup", "batch": 2, "max_failed": 25}
    played = fleet.fix("--limit", "dc,member,governed,workgroup", **words)
    assert played.code == 2
    # The first batch is cured as far as it can be, the second one is not begun.
    cured = {host for host, *dummy in moved(start, fleet.seen())}
    assert len(cured) == 1
    assert len(reported(played)) == 1
    assert reported(played)[0]["hosts"] == 4


def test_batches_of_one_report_once(fleet: Fleet) -> None:
    played = fleet.fix(target=",".join(HOSTS), batch=1, user_rights_baseline_report_dir=str(fleet.reports))
    assert played.code == 0, played.output
    assert [result["hosts"] for result in reported(played)] == [4]
    (document,) = fleet.documents()
    assert sorted(host["host"] for host in document["hosts"]) == HOSTS
    assert {host["standing"] for host in document["hosts"]} == {"compliant"}


def test_a_change_can_be_confirmed(fleet: Fleet) -> None:
    start = fleet.seen()
    played = fleet.fix(target="member", user_rights_baseline_confirm=True, user_rights_baseline_confirm_timeout=120)
    assert played.code == 0, played.output
    assert outcome(played, "member")["confirm"]["status"] == "confirmed"
    assert set(moved(start, fleet.seen())) == deltas("member")


def test_a_folder_that_cannot_be_written_ends_it_before_any_change(fleet: Fleet) -> None:
    start = fleet.seen()
    in_the_way = fleet.player.write("file", "not a folder")
    played = fleet.fix(target="member", user_rights_baseline_report_dir=str(in_the_way / "reports"))
    assert (played.code, played.failed) == (2, {"member": 1})
    assert "What undoes the change cannot be kept in" in outcome(played, "member")["failure"]
    predicted = fleet.fix("--check", target="member", user_rights_baseline_report_dir=str(in_the_way / "reports"))
    assert outcome(predicted, "member")["failure"] == outcome(played, "member")["failure"]
    assert moved(start, fleet.seen()) == []


def test_the_difference_is_shown(fleet: Fleet) -> None:
    played = fleet.fix("--check", "--diff", target="workgroup")
    assert "-- BUILTIN\\Backup Operators (S-1-5-32-551)" in played.output
    assert "+- BUILTIN\\Guests (S-1-5-32-546)" in played.output
    assert ADMINISTRATORS in played.output
