# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_right_baseline_info on hosts of every kind: role, language, domain, orphans, policy, Hyper-V.

The lab's state is the witness of who holds what, and of nothing being changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf, Outcome
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from ansible_collections.winmail.exchange.tests.support.player import playing
from lab.server import RunningLab, running

SPECIAL = Path(__file__).parent / "baselines.yml"
MICROSOFT, STIG = "microsoft_windows_server_2025", "stig_windows_server_2022"
CORP = "S-1-5-21-2840394521-1093752863-3410756322"
EXSVC, BACKUP_OPERATORS = f"{CORP}-1107", "S-1-5-32-551"
BACKUP = "SeBackupPrivilege"
HOSTS = ("member", "dc", "workgroup", "german", "orphans", "samename", "lossy", "governed", "deaddomain", "r2")


@pytest.fixture(scope="module")
def lab(lab_of: LabOf) -> Iterator[RunningLab]:
    """The hosts of the scenario ``rights``; no judgement may change one."""
    running_lab = lab_of("rights")
    before = {host: rights_of(running_lab, host) for host in HOSTS}
    yield running_lab
    assert {host: rights_of(running_lab, host) for host in HOSTS} == before


@pytest.fixture(scope="module")
def special(lab_of: LabOf) -> RunningLab:
    """The hosts of this file."""
    return lab_of(SPECIAL)


def ask(lab: RunningLab, host: str, baseline: str = MICROSOFT, **options: Any) -> Outcome:
    outcome = Controller(lab, host).run("user_right_baseline_info", baseline=baseline, **options)
    assert outcome.failed is None, outcome.failed
    assert outcome.unreachable is None, outcome.unreachable
    assert outcome.changed is False
    return outcome


def control(lab: RunningLab, host: str, wanted: str, baseline: str = STIG, **options: Any) -> dict[str, Any]:
    [one] = ask(lab, host, baseline, controls=[wanted], **options).result["controls"]
    found: dict[str, Any] = one
    return found


def sids(accounts: list[dict[str, Any]]) -> list[str | None]:
    return [account["sid"] for account in accounts]


@pytest.mark.parametrize(
    ("host", "role", "controls"),
    [
        ("member", "member_server", 39),
        ("german", "member_server", 39),
        ("r2", "member_server", 39),
        ("dc", "domain_controller", 37),
        ("workgroup", "workgroup_member", 39),
    ],
)
def test_the_whole_of_microsofts_baseline(lab: RunningLab, host: str, role: str, controls: int) -> None:
    result = ask(lab, host).result
    assert result["host_role"] == role
    assert result["baseline"]["name"] == MICROSOFT
    assert result["baseline"]["release"] == "2510"
    counts = result["summary"]
    assert sum(counts.values()) == len(result["controls"]) == 39
    assert 39 - counts["not_applicable"] == controls
    assert (counts["fail"] > 5, counts["pass"] > 20, counts["unknown"], result["compliant"]) == (True, True, 0, False)
    held = rights_of(lab, host)
    for one in result["controls"]:
        if one["status"] != "not_applicable":
            assert sorted(map(str, sids(one["holders"]))) == held.get(one["right"], [])


def test_names_are_the_hosts_own_and_nothing_hangs_on_them(lab: RunningLab) -> None:
    german = control(lab, "german", "BackupFilesAndDirectories", MICROSOFT)
    assert german["extra"] == [
        {"sid": BACKUP_OPERATORS, "name": "VORDEFINIERT\\Sicherungs-Operatoren", "kind": "alias"}
    ]
    assert german["expected"] == [{"sid": "S-1-5-32-544", "name": "VORDEFINIERT\\Administratoren"}]


def test_a_cure_meets_the_baseline_on_every_role() -> None:
    for host in ("member", "dc", "workgroup", "german", "orphans"):
        with running(scenario="rights") as own:
            controller = Controller(own, host)
            first = ask(own, host).result
            before = rights_of(own, host)
            predicted = controller.run("user_right", rights=first["remedy"], _check=True)
            assert rights_of(own, host) == before
            cured = controller.run("user_right", rights=first["remedy"])
            assert cured.failed is None, (host, cured.failed)
            assert predicted.result["rights"] == [
                {**right, "verified": old["verified"], "governed": old["governed"]}
                for right, old in zip(cured.result["rights"], predicted.result["rights"], strict=True)
            ]
            second = ask(own, host).result
            assert (second["compliant"], second["remedy"]) == (True, []), host
            assert controller.run("user_right", rights=cured.result["restore"]).failed is None
            assert rights_of(own, host) == before


def test_orphans_are_named_and_only_those_cured_that_are_gone_for_certain(lab: RunningLab) -> None:
    one = control(lab, "orphans", "V-254282")
    gone, elsewhere = [f"{CORP}-9998", f"{CORP}-9999"], ["S-1-5-21-1-2-3-1001", "S-1-5-21-11-22-33-1234"]
    assert (one["status"], sids(one["extra"])) == ("fail", [*gone, *elsewhere])
    result = ask(lab, "orphans", STIG, controls=["V-254282"]).result
    assert result["orphans"] == sorted([*gone, *elsewhere])
    assert result["remedy"] == [
        {"name": "SeServiceLogonRight", "remove": [f"{CORP}-9999"]},
        {"name": "SeTcbPrivilege", "remove": [f"{CORP}-9998"]},
    ]
    assert all(sid in one["reason"] for sid in elsewhere)


def test_nobody_is_an_orphan_because_the_domain_does_not_answer(lab: RunningLab) -> None:
    one = control(lab, "deaddomain", "V-254282")
    assert (one["status"], one["extra"]) == ("unknown", [])
    assert ask(lab, "deaddomain", STIG, controls=["V-254282"]).result["remedy"] == []


FILE = """
title: Mine
release: '1'
source: written for this test
controls:
  - {id: LOOSE, title: Batch, right: SeBatchLogonRight, operator: at_most, severity: medium,
     expected: [Administrators, Backup Operators, Performance Log Users, IIS_IUSRS]}
  - {id: STRICT, title: Batch, right: SeBatchLogonRight, operator: at_most, expected: [Administrators], severity: low}
  - {id: DEBUG, title: Debug, right: SeDebugPrivilege, operator: exactly, expected: [S-1-5-32-544], severity: high}
"""


def test_a_holder_that_cannot_be_pinned(tmp_path: Path) -> None:
    """The account of a bare name in the export is gone before anybody asks for its SID; a file of the user's own."""
    file = tmp_path / "mine.yml"
    file.write_text(FILE, encoding="utf-8")
    gone = {"do": "state", "delete_account": "LOSSY\\Łukasz"}
    with running(scenario="rights", worlds={"type_converts_utf16": "yes"}) as own:
        own.computer("lossy").faults.add(
            {"at": "program.end", "match": {"program": "secedit", "verb": "/export"}, **gone}
        )
        result = ask(own, "lossy", str(file)).result
    loose, strict, debug = result["controls"]
    assert [one["status"] for one in (loose, strict, debug)] == ["unknown", "fail", "pass"]
    assert {"sid": None, "name": "Łukasz", "kind": "unknown"} in loose["holders"]
    assert all("'Łukasz'" in one["reason"] for one in (loose, strict))
    assert BACKUP_OPERATORS in sids(strict["extra"])
    assert (result["compliant"], result["remedy"]) == (False, [])


def test_whom_a_policy_governs_is_said(lab: RunningLab) -> None:
    governed = control(lab, "governed", "V-254500")["governed"]
    assert (governed["status"], governed["gpo"]["name"]) == ("gpo", "Server Hardening")
    assert control(lab, "governed", "V-254494")["governed"]["status"] == "none_seen"
    told = (
        Controller(lab, "governed").run("user_right_info", names=["SeDebugPrivilege"]).result["rights"][0]["governed"]
    )
    assert {**governed, "as_of": ""} == {**told, "as_of": ""}


def test_machines_of_hyper_v(special: RunningLab) -> None:
    there, elsewhere = (control(special, host, "V-254499") for host in ("hyperv", "nohyperv"))
    assert (there["status"], sids(there["allowed_by"])) == ("pass", ["S-1-5-83-0"])
    assert (elsewhere["status"], sids(elsewhere["extra"])) == ("fail", ["S-1-5-83-0"])


def test_groups_of_the_domain_by_the_hosts_own_account(special: RunningLab, lab: RunningLab) -> None:
    one = control(special, "denies", "V-254435")
    assert one["status"] == "pass"
    assert [told["sid"] for told in one["expected"]] == [f"{CORP}-519", f"{CORP}-512", "S-1-5-114", "S-1-5-32-546"]
    assert (control(special, "denies", "V-254437")["status"], control(lab, "dc", "V-254423")["status"]) == (
        "fail",
        "pass",
    )
    missing = control(special, "denies", "V-254437")["missing"]
    assert missing == [{"sid": f"{CORP}-519", "name": "CORP\\Enterprise Admins", "kind": "group"}]


def test_and_not_by_a_guess_where_the_domain_does_not_answer(special: RunningLab) -> None:
    one = control(special, "silent", "V-254437")
    assert (one["status"], one["missing"]) == ("unknown", [])
    assert "corp.example\\SILENT$" in one["reason"]


def test_two_baselines_contradict_each_other(special: RunningLab) -> None:
    theirs = control(special, "denieddc", "DenyLogOnAsService", MICROSOFT)
    disa = control(special, "denieddc", "V-254423", STIG)
    assert (theirs["status"], disa["status"]) == ("pass", "fail")


def test_a_waiver_by_name_in_the_hosts_language(lab: RunningLab) -> None:
    waiver = {"control": "V-254494", "accounts": ["VORDEFINIERT\\Sicherungs-Operatoren"], "reason": "agreed"}
    one = control(lab, "german", "V-254494", waivers=[{**waiver, "until": "2999-12-31"}])
    assert (one["status"], sids(one["allowed_by"])) == ("waived", [BACKUP_OPERATORS])
    english = ask(lab, "german", STIG, controls=["V-254494"], waivers=[{**waiver, "accounts": ["CORP\\nobody"]}])
    assert english.result["controls"][0]["status"] == "fail"
    assert "has no effect for CORP\\nobody" in english.warnings


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"baseline": "nosuch"}, "There is no baseline 'nosuch'"),
        ({"baseline": STIG, "controls": ["V-1"]}, f"controls: {STIG} has no control 'V-1'."),
        (
            {"baseline": STIG, "waivers": [{"control": "V-254494", "accounts": ["x"], "reason": "y", "until": "soon"}]},
            "waivers[0].until is 'soon'",
        ),
        ({"baseline": STIG, "host_role": "server"}, "value of host_role must be one of"),
        ({}, "missing required arguments: baseline"),
    ],
)
def test_what_is_refused_before_the_host_is_asked(lab: RunningLab, options: dict[str, Any], says: str) -> None:
    lab.clear_requests()
    outcome = Controller(lab, "member").run("user_right_baseline_info", **options)
    assert outcome.failed is not None
    assert outcome.failed.startswith(says)
    assert lab.requests("member") == 0


@pytest.mark.parametrize("receive", ["waits", "eager"])
@pytest.mark.parametrize("baseline", [MICROSOFT, STIG])
def test_the_budget_of_user_right_info_holds(receive: str, baseline: str) -> None:
    with running(SPECIAL, {"receive": receive} if receive == "eager" else {}) as own:
        for host in ("hyperv", "nohyperv", "denieddc"):
            own.clear_requests()
            ask(own, host, baseline)
            assert own.requests(host) <= 12, host


BOOK = """
- name: Judge
  hosts: member
  gather_facts: false
  tasks:
    - name: By a file beside the playbook
      winmail.exchange.user_right_baseline_info:
        baseline: mine.yml
        controls: [DEBUG]
      check_mode: "{{ item }}"
      loop: [true, false]
      register: judged

    - name: Hold it
      ansible.builtin.assert:
        that:
          - judged is not changed
          - judged.results | map(attribute='compliant') | list == [true, true]
"""


@pytest.mark.parametrize("folder", ["files", "."])
def test_a_file_is_found_as_ansible_finds_files(lab: RunningLab, tmp_path: Path, folder: str) -> None:
    (tmp_path / "book" / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "book" / folder / "mine.yml").write_text(FILE, encoding="utf-8")
    book = tmp_path / "book" / "judge.yml"
    book.write_text(BOOK, encoding="utf-8")
    with playing(lab, tmp_path) as player:
        played = player.play(book)
    assert played.code == 0, played.output
