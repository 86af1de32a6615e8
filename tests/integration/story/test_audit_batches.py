# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit in batches: one report for all hosts at the end, and nobody is called unreachable who was still to come."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.support.player import REPORT

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.winmail.exchange.tests.support.player import Played, Player
    from lab.server import RunningLab

pytestmark = pytest.mark.case("T3")

HOSTS = ["exch50", "exch55", "exch2019", "exchgpo"]
# A play of one's own: a host that fails before the audit, one that is not audited, whatever the order is.
OWN = """
- name: A play of one's own
  hosts: exchange_pop3
  gather_facts: false
  serial: {serial}
  order: {order}
  max_fail_percentage: 60
  tasks:
    - name: Fail before
      ansible.builtin.fail:
      when: inventory_hostname == '{failing}'
    - name: Audit
      ansible.builtin.include_role:
        name: winmail.exchange.pop3_prerequisites
        tasks_from: audit
      vars:
        pop3_prerequisites_report_dir: "{folder}"
      when: inventory_hostname != '{skipped}'
"""


def documents(folder: Path) -> list[dict[str, Any]]:
    """The files of all audits of a run."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("pop3-audit-*.json"))]


def tables(played: Played) -> list[list[str]]:
    """The hosts of every table that was shown, in their order in the inventory; the table has the worst first."""
    shown = [event.result for event in played.events if event.action == REPORT and event.status == "ok"]
    return [
        sorted((line.split()[0] for line in result["lines"][2 : 2 + result["hosts"]]), key=HOSTS.index)
        for result in shown
    ]


def unplug(player: Player, lab: RunningLab, host: str) -> None:
    """Let nobody answer where the inventory says that the host is."""
    text = player.inventory.read_text(encoding="utf-8")
    port = lab.hosts[host].winrm_port
    player.inventory.write_text(text.replace(f"ansible_port: {port}\n", "ansible_port: 9\n"), encoding="utf-8")


@pytest.mark.parametrize("batch", [1, 3, [1, "50%"]], ids=["one by one", "three", "a list"])
def test_one_report_with_every_host_whatever_the_batches(player: Player, lab: RunningLab, batch: object) -> None:
    unplug(player, lab, "exch50")
    reports = player.folder / "reports"
    played = player.play("playbooks/audit.yml", batch=batch, pop3_prerequisites_report_dir=str(reports))
    assert played.code == 0, played.output
    assert tables(played) == [HOSTS]
    (found,) = documents(reports)
    assert [host["host"] for host in found["hosts"]] == HOSTS
    assert found["without_result"] == []
    assert [host["unknown"] for host in found["hosts"]] == [True, False, False, False]
    assert [host["compliant"] for host in found["hosts"]] == [False, True, True, False]


def test_it_fails_at_the_end_after_everybody_was_looked_at(player: Player) -> None:
    reports = player.folder / "reports"
    played = player.play("playbooks/audit.yml", batch=1, audit_fails="true", pop3_prerequisites_report_dir=str(reports))
    assert played.code == 2
    assert len(documents(reports)[0]["hosts"]) == len(HOSTS)
    assert played.failed == {"exch50": 0, "exch55": 0, "exch2019": 0, "exchgpo": 1}
    (failed,) = played.of("exchgpo", "failed")
    assert "The Group Policy Server Hardening sets SeTcbPrivilege" in failed.result["msg"]
    assert failed.result["msg"].endswith(" Earlier batches: exch50.")


def test_a_last_batch_that_is_healthy_fails_for_the_earlier_ones(player: Player) -> None:
    limit = ("--limit", "exch50,exch2019")
    played = player.play("playbooks/audit.yml", *limit, batch=1, audit_fails=True)
    assert (played.code, played.failed) == (2, {"exch50": 0, "exch2019": 1})
    assert played.of("exch2019", "failed")[0].result["msg"] == "Earlier batches: exch50."
    assert tables(played) == [["exch50", "exch2019"]]
    assert player.play("playbooks/audit.yml", "--limit", "exch55,exch2019", batch=1, audit_fails=True).code == 0


def test_a_host_that_cannot_be_probed_is_a_finding_and_fails_at_the_end(player: Player) -> None:
    played = player.play(
        "playbooks/audit.yml",
        batch=1,
        extra={"pop3_prerequisites_probe_login": "credentials", "pop3_prerequisites_login_password": ""},
    )
    assert played.code == 2
    assert tables(played) == [HOSTS]
    assert "set pop3_prerequisites_login_user" in played.outcome("exch50")["failure"]
    assert played.of("exchgpo", "failed")[-1].result["msg"].endswith(" Earlier batches: exch50, exch55, exch2019.")


@pytest.mark.parametrize("serial", ["1", "2", '"100%"'])
@pytest.mark.parametrize("order", ["inventory", "reverse_inventory"])
def test_who_failed_before_has_no_result_and_who_was_left_out_is_not_waited_for(
    player: Player, serial: str, order: str
) -> None:
    reports = player.folder / "reports"
    skipped = "exch55" if serial != "1" else ""
    failing = "exch2019" if serial != "1" else ""
    text = OWN.format(serial=serial, order=order, failing=failing, skipped=skipped, folder=reports)
    played = player.play(player.write("own.yml", text))
    (found,) = documents(reports)
    assert found["without_result"] == [host for host in HOSTS if host in (failing, skipped)]
    assert [host["host"] for host in found["hosts"]] == [host for host in HOSTS if host not in (failing, skipped)]
    assert tables(played) == [HOSTS]


def test_two_audits_in_one_run_report_once_each(player: Player) -> None:
    text = OWN.format(serial=1, order="inventory", failing="", skipped="", folder=player.folder / "reports")
    played = player.play(player.write("twice.yml", text + text))
    assert played.code == 0, played.output
    assert tables(played) == [HOSTS, HOSTS]
    assert [len(document["hosts"]) for document in documents(player.folder / "reports")] == [4, 4]


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_folder_that_is_there_keeps_its_mode(player: Player, mode: int) -> None:
    reports = player.folder / "reports"
    reports.mkdir()
    reports.chmod(mode)
    assert player.play("site.yml", "--limit", "exch50", pop3_prerequisites_report_dir=str(reports)).code == 0
    assert player.play("playbooks/audit.yml", pop3_prerequisites_report_dir=str(reports)).code == 0
    assert stat.S_IMODE(reports.stat().st_mode) == mode
    kinds = sorted(path.name.partition("-")[0] for path in reports.iterdir())
    assert kinds == ["pop3", "pop3_prerequisites", "pop3_prerequisites", "restore"]
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in reports.rglob("*")}
    assert modes == {True: 0o700, False: 0o600}


def test_a_folder_that_is_made_is_private(player: Player) -> None:
    reports = player.folder / "new" / "reports"
    assert player.play("playbooks/audit.yml", pop3_prerequisites_report_dir=str(reports)).code == 0
    assert stat.S_IMODE(reports.stat().st_mode) == 0o700
