# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet that is judged by a baseline: plays the playbooks, and says what the lab has seen and the role has told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.winmail.exchange.tests.support.observer import Snapshots, left_behind, snapshots

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.winmail.exchange.tests.support.player import Played, Player
    from lab.server import RunningLab

OPERATORS, GUESTS, ADMINISTRATORS, USERS = "S-1-5-32-551", "S-1-5-32-546", "S-1-5-32-544", "S-1-5-32-545"
BACKUP, DENY, SHUTDOWN, DEBUG = (
    "SeBackupPrivilege",
    "SeDenyBatchLogonRight",
    "SeShutdownPrivilege",
    "SeDebugPrivilege",
)
# Three rules; every host of the lab breaks the first two and meets the third.
HOUSE = f"""
title: House rules
release: '7'
source: tests
controls:
  - id: H-1
    title: Only administrators back up
    right: {BACKUP}
    operator: at_most
    expected: [{ADMINISTRATORS}]
    severity: high
  - id: H-2
    title: Guests run no batch jobs
    right: {DENY}
    operator: at_least
    expected: [{GUESTS}]
  - id: H-3
    title: Only administrators debug
    right: {DEBUG}
    operator: at_most
    expected: [{ADMINISTRATORS}]
"""
# What is left of the rules where the guard refuses: administrators are to be locked out.
HARSH = (
    HOUSE
    + f"""
  - id: H-4
    title: Nobody logs on over the network
    right: SeDenyNetworkLogonRight
    operator: at_least
    expected: [{ADMINISTRATORS}]
"""
)


@dataclass(frozen=True)
class Fleet:
    """A lab, who plays against it, and the file with its rules."""

    lab: RunningLab
    player: Player
    rules: Path

    @property
    def reports(self) -> Path:
        """The folder that reports go to."""
        return self.player.folder / "reports"

    def audit(self, *arguments: str, target: str = "all", **words: object) -> Played:
        """Play baseline_audit."""
        return self.play("playbooks/baseline_audit.yml", *arguments, target=target, **words)

    def fix(self, *arguments: str, target: str = "all", **words: object) -> Played:
        """Play baseline_fix."""
        return self.play("playbooks/baseline_fix.yml", *arguments, target=target, **words)

    def play(self, playbook: str, *arguments: str, **words: object) -> Played:
        """Play a playbook, by the house rules where no other baseline is named; nothing of ours may stay on a host."""
        played = self.player.play(playbook, *arguments, extra={"baseline": str(self.rules), **words})
        assert left_behind(snapshots(self.lab)) == []
        return played

    def seen(self) -> Snapshots:
        """What the lab itself says of its hosts."""
        return snapshots(self.lab)

    def unplug(self, host: str) -> None:
        """Let nobody answer where the inventory says that the host is."""
        inventory = self.player.inventory
        port = f"ansible_port: {self.lab.hosts[host].winrm_port}\n"
        inventory.write_text(inventory.read_text(encoding="utf-8").replace(port, "ansible_port: 9\n"), encoding="utf-8")

    def documents(self) -> list[dict[str, Any]]:
        """The reports of all runs, in the order of their names."""
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self.reports.glob("*/report.json"))]


def outcome(played: Played, host: str) -> dict[str, Any]:
    """What the role told of a host last: registered, or set after a change."""
    found: dict[str, Any] | None = None
    for event in played.events:
        told = event.result.get("ansible_facts", event.result if "remedy" in event.result else {})
        told = told.get("user_rights_baseline_result", told)
        if event.host == host and told.get("status"):
            found = told
    assert found is not None, f"{host} has no outcome:\n{played.output}"
    return found


def reported(played: Played) -> list[dict[str, Any]]:
    """The results of every task that reported."""
    return [
        event.result
        for event in played.events
        if event.action == "winmail.exchange.fleet_report" and event.status == "ok"
    ]


def without_times(judged: dict[str, Any]) -> dict[str, Any]:
    """A judgement without the moments at which it was made."""
    controls = [
        {**control, "governed": {**control["governed"], "as_of": None}} if control["governed"] else control
        for control in judged["controls"]
    ]
    return {**judged, "as_of": None, "controls": controls}
