# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab itself says of its hosts: the observer that is not the code under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab.server import RunningLab

TCB = "SeTcbPrivilege"
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"
GRANTED = [("exch50", "+", TCB, EXSVC)]
# What no run may change: everything but rights, processes and events.
OURS = "winmail-"
STILL = ("files", "acl", "registry", "groups")
Snapshots = dict[str, dict[str, Any]]


def snapshots(lab: RunningLab) -> Snapshots:
    """The state of every host."""
    return {name: lab.computer(name).snapshot() for name in lab.hosts}


def moved(before: Snapshots, after: Snapshots) -> list[tuple[str, str, str, str]]:
    """Every grant and loss on every host: host, + or -, right, SID."""
    found = []
    for host in before:
        old, new = (_pairs(seen[host]) for seen in (before, after))
        found += [(host, "+", *pair) for pair in sorted(new - old)] + [(host, "-", *pair) for pair in sorted(old - new)]
    return found


def _pairs(snapshot: dict[str, Any]) -> set[tuple[str, str]]:
    return {(right, sid) for right, sids in snapshot["rights"].items() for sid in sids}


def restarted(before: Snapshots, after: Snapshots) -> list[tuple[str, str]]:
    """Every service with another process or state: host and key name."""
    return [
        (host, name)
        for host in before
        for name, old in before[host]["services"].items()
        if (old["pid"], old["state"]) != (after[host]["services"][name]["pid"], after[host]["services"][name]["state"])
    ]


def logged(snapshot: dict[str, Any]) -> int:
    """How many events the application log holds: in the story, all are logon failures at POP3."""
    count: int = snapshot["events"]["Application"]["count"]
    return count


def left_behind(seen: Snapshots) -> list[str]:
    """Files of ours on any host."""
    return [
        file["path"] for snapshot in seen.values() for file in snapshot["files"] if "winmail" in file["path"].lower()
    ]


def rights_of(lab: RunningLab, host: str) -> dict[str, list[str]]:
    """The rights of one host, by the lab's snapshot; no file of ours may be there."""
    snapshot: dict[str, Any] = lab.computer(host).snapshot()
    left = [file["path"] for file in snapshot["files"] if OURS in file["path"].lower()]
    assert left == [], "files of ours stayed on the host"
    return {right: sorted(holders) for right, holders in snapshot["rights"].items() if holders}
