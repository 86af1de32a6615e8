# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story: predicted, true, proved, and nothing left to do the second time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from ansible_collections.winmail.exchange.tests.support.observer import (
    GRANTED,
    STILL,
    Snapshots,
    left_behind,
    logged,
    moved,
    restarted,
    snapshots,
)
from ansible_collections.winmail.exchange.tests.support.player import Played, playing

if TYPE_CHECKING:
    pass

HOSTS = ("exch50", "exch55", "exch2019", "exchgpo")
# Dependents come down and up with the Information Store.
RESTARTED = [("exch50", "MSExchangeIMC"), ("exch50", "MSExchangeIS")]


@dataclass(frozen=True)
class Story:
    """The runs in their order, and the hosts before the first and after each."""

    start: Snapshots
    predicted: Played
    after_check: Snapshots
    first: Played
    cured: Snapshots
    second: Played
    second_check: Played
    end: Snapshots


@pytest.fixture(scope="module")
def story(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Story:
    lab = lab_of("pop3")
    with playing(lab, tmp_path_factory.mktemp("story")) as player:
        start = snapshots(lab)
        predicted = player.play("site.yml", "--check", "--diff")
        after_check = snapshots(lab)
        first = player.play("site.yml", "--diff")
        cured = snapshots(lab)
        second = player.play("site.yml")
        second_check = player.play("site.yml", "--check", "--diff")
        return Story(start, predicted, after_check, first, cured, second, second_check, snapshots(lab))


def test_every_run_ends_well(story: Story) -> None:
    for played in (story.predicted, story.first, story.second, story.second_check):
        assert played.code == 0, played.output
        assert set(played.failed) == set(HOSTS)


def test_exactly_one_grant_moves(story: Story) -> None:
    assert moved(story.start, story.cured) == GRANTED
    assert {part: story.start[host][part] for host in HOSTS for part in STILL} == {
        part: story.cured[host][part] for host in HOSTS for part in STILL
    }


def test_nothing_restarts_but_the_service_and_what_depends_on_it(story: Story) -> None:
    assert restarted(story.start, story.cured) == RESTARTED


def test_the_new_process_has_the_privilege(story: Story) -> None:
    assert "SeTcbPrivilege" not in story.start["exch50"]["services"]["MSExchangeIS"]["privileges"]
    assert "SeTcbPrivilege" in story.cured["exch50"]["services"]["MSExchangeIS"]["privileges"]


def test_no_file_of_ours_stays(story: Story) -> None:
    assert left_behind(story.after_check) == left_behind(story.cured) == left_behind(story.end) == []


def test_the_cure_ends_the_events(story: Story) -> None:
    # One by the probe of the check run, one by the first probe of the real run.
    assert logged(story.cured["exch50"]) == logged(story.start["exch50"]) + 2
    assert logged(story.end["exch50"]) == logged(story.cured["exch50"])


def test_check_mode_changes_nothing_on_any_host(story: Story) -> None:
    assert moved(story.start, story.after_check) == []
    assert restarted(story.start, story.after_check) == []


def test_check_mode_predicts_the_recap(story: Story) -> None:
    assert story.predicted.changed == story.first.changed == {"exch50": 2, "exch55": 0, "exch2019": 0, "exchgpo": 0}


def test_check_mode_predicts_every_change_and_its_diff(story: Story) -> None:
    def changes(played: Played) -> list[tuple[str, str, Any]]:
        return [(one.host, one.task, one.result.get("diff")) for one in played.events if one.changed]

    assert changes(story.predicted) == changes(story.first)
    assert [task.split("|")[0] for _host, task, _diff in changes(story.first)] == [
        "winmail.exchange.pop3_prerequisites : change ",
        "winmail.exchange.pop3_prerequisites : restart ",
    ]


def test_check_mode_predicts_the_outcome(story: Story) -> None:
    # What it does not predict, because nobody can measure it, and what says that it was check mode.
    unsure = {"check_mode", "verdict_after", "dialogue_after", "advice", "governed", "events", "compliant"}

    def sure(outcome: dict[str, Any]) -> dict[str, Any]:
        rights = [{**right, "governed": None} for right in outcome["rights"]]
        return {name: value for name, value in outcome.items() if name not in unsure} | {"rights": rights}

    for host in HOSTS:
        assert sure(story.predicted.outcome(host)) == sure(story.first.outcome(host))
    assert story.predicted.outcome("exch50")["verdict_after"] is None
    assert story.predicted.outcome("exch50")["compliant"] is False, "nothing was changed yet"


def test_check_mode_predicts_which_services_restart(story: Story) -> None:
    assert story.first.outcome("exch50")["restarted"] == ["MSExchangeIS", "MSExchangeIMC"]


EXPECTED = {
    "exch50": ("privilege_missing", "grant", ["grant", "restart"], "logon_ok", True),
    "exch55": ("logon_ok", "none", [], "logon_ok", True),
    "exch2019": ("logon_ok", "not_applicable", [], "logon_ok", True),
    "exchgpo": ("privilege_missing", "governed", [], "privilege_missing", False),
}


@pytest.mark.parametrize("host", HOSTS)
def test_the_outcome_of_each_host(story: Story, host: str) -> None:
    outcome = story.first.outcome(host)
    names = ("verdict_before", "action", "done", "verdict_after", "compliant")
    assert tuple(outcome[name] for name in names) == EXPECTED[host]
    assert not outcome["restart_required"]
    assert outcome["failure"] == ""


def test_the_output_says_what_is_wrong_and_why(story: Story) -> None:
    said = {
        event.host: "\n".join(event.result["msg"])
        for event in story.first.events
        if event.task.endswith("Say what is wrong and why") and event.status == "ok"
    }
    assert set(said) == {"exch50", "exchgpo"}
    assert "S> -ERR A required privilege is not held by the client." in said["exch50"]
    assert "C> PASS ********" in said["exch50"]
    assert "does not hold SeTcbPrivilege (Act as part of the operating system)" in said["exch50"]
    assert "The Group Policy Server Hardening sets SeTcbPrivilege" in said["exchgpo"]


def test_the_table_tells_before_and_after_of_every_host(story: Story) -> None:
    rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in story.first.table()]
    exsvc = "CORP\\exsvc"
    assert rows[0] == ["host", "generation", "account", "right", "verdict before", "action", "verdict after"]
    assert rows[2:] == [
        [
            *("exchgpo", "5.5", exsvc, "SeTcbPrivilege", "privilege_missing"),
            *("none: governed by Server Hardening", "privilege_missing"),
        ],
        ["exch50", "5.0", exsvc, "SeTcbPrivilege", "privilege_missing", "granted, restarted", "logon_ok"],
        ["exch55", "5.5", exsvc, "SeTcbPrivilege", "logon_ok", "none needed", "logon_ok"],
        ["exch2019", "2019", "NT AUTHORITY\\NETWORK SERVICE", "-", "logon_ok", "none: not needed here", "logon_ok"],
    ]


def test_the_second_run_changes_nothing(story: Story) -> None:
    for played in (story.second, story.second_check):
        assert played.changed == dict.fromkeys(HOSTS, 0)
    assert moved(story.cured, story.end) == []
    assert restarted(story.cured, story.end) == []


@pytest.mark.parametrize("host", ["exch55", "exch2019"])
def test_a_healthy_host_sees_two_tasks_in_the_role(story: Story, host: str) -> None:
    run = [event.task for event in story.first.of(host) if event.action != "ansible.builtin.debug"]
    prefix = "winmail.exchange.pop3_prerequisites : "
    assert run == [f"{prefix}Look whether POP3 users can log on, and why not", f"{prefix}Remediate what was found"]
