# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of a fleet: nothing changes, nobody is missing in the report, and a host fails where that is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.fleet import BACKUP, Fleet, outcome, reported
from ansible_collections.winmail.exchange.tests.support.observer import EXSVC, moved

HOSTS = ["member", "dc", "workgroup", "governed"]
FINDING = "2 of 3 controls of House rules (7) fail: H-1, H-2."


def test_everybody_is_judged_and_nothing_changes(fleet: Fleet) -> None:
    start = fleet.seen()
    played = fleet.audit(target="member,dc,workgroup")
    assert (played.code, set(played.changed.values())) == (0, {0}), played.output
    assert moved(start, fleet.seen()) == []
    roles = {host: outcome(played, host)["judged"]["host_role"] for host in ("member", "dc", "workgroup")}
    assert roles == {"member": "member_server", "dc": "domain_controller", "workgroup": "workgroup_member"}
    told = outcome(played, "member")
    assert {name: value for name, value in told.items() if name not in ("judged", "remedy")} | {"judged": ...} == {
        "host": "member",
        "computer": "MEMBER",
        "status": "not_compliant",
        "reason": FINDING,
        "judged": ...,
        "before": {},
        "changed": False,
        "check_mode": False,
        "restore": [],
        "restore_file": "",
        "confirm": {},
        "failure": "",
    } | {name: told[name] for name in told if name.startswith("_ansible")}
    assert told["remedy"][0] == {"name": BACKUP, "remove": [EXSVC, "S-1-5-32-551"]}
    # One task looks at a host, one report stands for all.
    asked = [event for event in played.of("dc", "ok") if event.action.startswith("winmail.exchange.")]
    assert len(asked) == 1


def test_it_fails_as_asked_and_after_the_report(fleet: Fleet) -> None:
    played = fleet.audit(target="member,dc", baseline_fails=True)
    assert (played.code, played.failed) == (2, {"member": 1, "dc": 1})
    assert len(reported(played)) == 1
    assert played.of("dc", "failed")[-1].result["msg"] == FINDING
    assert played.output.index("2 do not") < played.output.index(FINDING)


def test_what_is_not_known_fails_only_where_that_is_asked_for(fleet: Fleet) -> None:
    fleet.rules.write_text(
        "title: T\nrelease: '1'\nsource: s\ncontrols:\n"
        f"  - {{id: U-1, title: t, right: {BACKUP}, operator: at_least, expected: ['S-1-5-21-<root-domain>-519']}}\n",
        encoding="utf-8",
    )
    played = fleet.audit(target="workgroup")
    assert (played.code, outcome(played, "workgroup")["status"]) == (0, "unknown")
    strict = fleet.audit(target="workgroup", baseline_fails="yes")
    assert (strict.code, strict.failed) == (2, {"workgroup": 1})
    assert strict.of("workgroup", "failed")[-1].result["msg"] == "1 of 1 controls of T (1) is not known: U-1."


@pytest.mark.parametrize("batch", [1, 2, "100%"])
def test_a_host_that_is_not_there_is_counted_apart_and_the_one_report_comes(fleet: Fleet, batch: object) -> None:
    fleet.unplug("dc")
    played = fleet.audit(target=",".join(HOSTS[:3]), batch=batch, user_rights_baseline_report_dir=str(fleet.reports))
    assert (played.code, set(played.failed.values())) == (0, {0}), played.output
    (report,) = reported(played)
    assert report["hosts"] == 3
    assert (report["counts"]["not_compliant"], report["counts"]["unreachable"]) == (2, 1)
    (document,) = fleet.documents()
    assert [host["host"] for host in document["hosts"]] == ["member", "dc", "workgroup"]
    told = outcome(played, "dc")
    assert (told["status"], told["judged"]) == ("unreachable", {})
    assert "9" in told["failure"]


def test_another_strategy_of_somebodys_configuration_makes_no_report_of_each_host(fleet: Fleet) -> None:
    fleet.player.more["ANSIBLE_STRATEGY"] = "free"
    played = fleet.audit(target=",".join(HOSTS))
    (report,) = reported(played)
    assert (report["hosts"], report["counts"]["not_compliant"], report["counts"]["no_result"]) == (4, 4, 0)


def test_the_last_batch_fails_for_the_earlier_ones(fleet: Fleet) -> None:
    fleet.unplug("dc")
    played = fleet.audit(target=",".join(HOSTS[:3]), batch=1, baseline_fails=True)
    assert played.failed == {"member": 0, "dc": 0, "workgroup": 1}
    assert played.of("workgroup", "failed")[-1].result["msg"] == f"{FINDING} Earlier batches: member, dc."


def test_a_waiver_that_ended_is_told_with_its_hosts_also_where_healthy_hosts_are_hidden(fleet: Fleet) -> None:
    fleet.player.more["ANSIBLE_DISPLAY_OK_HOSTS"] = "false"
    ended = {"control": "H-1", "accounts": ["S-1-5-32-551"], "reason": "agreed", "until": "2020-12-31"}
    played = fleet.audit(target="member,dc", user_rights_baseline_waivers=[ended])
    assert "Warning: 2 hosts (member, dc): The waiver of H-1 ended on 2020-12-31 and is ignored." in played.output
    assert {outcome(played, host)["status"] for host in ("member", "dc")} == {"not_compliant"}


# The export of its rights comes back in part, again and again.
CUT_OFF = {
    "at": "program.end",
    "match": {"program": "secedit", "verb": "/export"},
    "do": "truncate",
    "bytes": 900,
    "times": 9,
}


def test_a_host_that_breaks_is_a_finding_with_its_words(fleet: Fleet) -> None:
    fleet.lab.computer("member").faults.add(CUT_OFF)
    played = fleet.audit(target="member,dc")
    assert played.code == 0, played.output
    told = outcome(played, "member")
    assert told["status"] == "failed"
    assert told["failure"] in played.output
    assert reported(played)[0]["counts"]["failed"] == 1
    assert fleet.audit(target="member,dc", baseline_fails=True).failed == {"member": 1, "dc": 1}


SLIPS: dict[str, tuple[dict[str, Any], str]] = {
    "a word that is not known": ({"targets": "member"}, "The word targets is not known"),
    "a word of Ansible": ({"serial": 1}, "write batch."),
    "the end of a variable": ({"waivers": []}, "write user_rights_baseline_waivers."),
    "a variable": ({"user_rights_baseline_control": []}, "write user_rights_baseline_controls."),
    "no batch": ({"batch": 0}, "batch is 0: write a number of hosts"),
    "neither true nor false": ({"baseline_fails": "maybe"}, "baseline_fails is 'maybe': write true or false."),
    "nearly a baseline": (
        {"baseline": "microsoft_windows_server_2052"},
        "no such baseline comes with the collection. Write microsoft_windows_server_2025.",
    ),
}


@pytest.mark.parametrize(("words", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_on_the_command_line_asks_no_host(fleet: Fleet, words: dict[str, Any], said: str) -> None:
    fleet.lab.clear_requests()
    played = fleet.audit(target="member", **words)
    assert played.code not in (0, 2)
    assert said in " ".join(re.sub(r"\s+", " ", played.output).split())
    assert "Traceback" not in played.output
    assert fleet.lab.requests("member") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"user_rights_baseline_controls": ["H-9"]}, "house.yml has no control 'H-9'. Did you mean H-3?"),
        ({"user_rights_baseline_exclude_controls": ["H-9"]}, "has no control 'H-9'"),
        ({"baseline": "no/such.yml"}, "There is no baseline 'no/such.yml'"),
        ({"baseline": ""}, "Write the path of a file on the controller, or one of: "),
    ],
)
def test_a_slip_that_only_the_baseline_shows_fails_its_host_whatever_was_asked(
    fleet: Fleet, words: dict[str, Any], said: str
) -> None:
    fleet.lab.clear_requests()
    played = fleet.audit(target="member", **words)
    assert (played.code, played.failed) == (2, {"member": 1})
    assert said in played.of("member", "failed")[-1].result["msg"]
    assert fleet.lab.requests("member") == 0


def test_a_slip_in_the_inventory_fails_its_host_alone(fleet: Fleet) -> None:
    inventory = fleet.player.inventory
    port = f"ansible_port: {fleet.lab.hosts['member'].winrm_port}\n"
    text = inventory.read_text(encoding="utf-8")
    indent = text[: text.index(port)].rpartition("\n")[2]
    inventory.write_text(text.replace(port, f"{port}{indent}user_rights_baseline_waiver: []\n"), encoding="utf-8")
    played = fleet.audit(target="member,dc")
    assert played.failed == {"member": 1, "dc": 0}
    said = "The variable user_rights_baseline_waiver is not known: write user_rights_baseline_waivers."
    assert outcome(played, "member")["failure"] == said
    assert reported(played)[0]["counts"]["failed"] == 1


def test_a_baseline_of_the_inventory_stands_where_the_command_line_names_none(fleet: Fleet) -> None:
    play = fleet.player.write(
        "own.yml",
        """
- name: Give a group its baseline
  hosts: member
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact:
        user_rights_baseline_baseline: house.yml
- ansible.builtin.import_playbook: winmail.exchange.baseline_audit
  vars:
    target: member
""",
    )
    # Found from the folder where the run is started, as people expect of a path that they type.
    played = fleet.player.play(str(play), cwd=fleet.player.folder)
    assert played.code == 0, played.output
    assert outcome(played, "member")["judged"]["baseline"]["release"] == "7"
