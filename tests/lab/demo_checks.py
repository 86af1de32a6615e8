# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be true at the end of the demo, from the state of the lab's hosts before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lab.demo_telnet import Dialogue

TCB = "SeTcbPrivilege"
SICK = "exch50"
ANSWER_BEFORE = "-ERR A required privilege is not held by the client."
# Host: verdict before, verdict after.
VERDICTS = {
    "exch50": ("privilege_missing", "logon_ok"),
    "exch55": ("logon_ok", "logon_ok"),
    "exch2019": ("logon_ok", "logon_ok"),
    "exchgpo": ("privilege_missing", "privilege_missing"),
}
NOTHING = Dialogue((), "")
STEADY = ("rights", "services", "files", "registry", "groups", "acl")

Snapshots = Mapping[str, Mapping[str, Any]]
Change = tuple[str, str, str, str]  # host, + or -, right, SID


class Run(Protocol):
    """A run of the playbook, as the checks need it."""

    @property
    def code(self) -> int:
        """Exit code."""

    @property
    def table(self) -> list[str]:
        """The lines of the table at the end."""

    @property
    def changed(self) -> Mapping[str, int]:
        """Changes by host."""

    @property
    def failed(self) -> Mapping[str, int]:
        """Failures by host, unreachable included."""


@dataclass
class Story:
    """What was seen, in the order of the demo."""

    hosts: Collection[str]
    started: Snapshots = field(default_factory=dict)
    before: Dialogue = NOTHING
    first: Any = None
    cured: Snapshots = field(default_factory=dict)
    after: Dialogue = NOTHING
    second: Any = None
    ended: Snapshots = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """A sentence, and whether it is true."""

    sentence: str
    true: bool


def check(told: Story) -> list[Check]:
    """Every claim of the story, in its order."""
    return [Check(sentence, bool(true)) for sentence, true in _claims(told)]


def _claims(told: Story) -> Iterator[tuple[str, bool]]:
    first: Run = told.first
    second: Run = told.second
    exsvc = service_account(told.started[SICK])
    moved = changes(told.started, told.cured)
    yield "Before: exch50 answered PASS with the error of the article.", told.before.answer == ANSWER_BEFORE
    yield "The first run ended well on every host.", first.code == 0 and _none(first.failed, told.hosts)
    yield (
        f"On all hosts together one right moved, CORP\\exsvc got it on {SICK}: {shown(moved)}.",
        moved == [(SICK, "+", TCB, exsvc)],
    )
    yield "The process that serves POP3 on exch50 is a new one and has the privilege.", _renewed(told)
    yield (
        "No other host saw a restart.",
        all(services(told.started[host]) == services(told.cured[host]) for host in told.hosts if host != SICK),
    )
    yield "Nothing of ours stayed on any host.", not [path for host in told.hosts for path in ours(told.cured[host])]
    yield "After: the same user with the same password logs on at exch50.", told.after.answer.startswith("+OK")
    yield (
        "Since the cure no event 11202 was written on exch50.",
        failures(told.cured[SICK]) == failures(told.ended[SICK]),
    )
    yield "The table says so for all four hosts.", verdicts(first.table) == VERDICTS
    yield (
        f"The second run changed nothing: {', '.join(f'{host} changed={n}' for host, n in second.changed.items())}.",
        second.code == 0 and _none(second.changed, told.hosts) and _none(second.failed, told.hosts),
    )
    yield (
        "Rights, services, files and registry of all hosts are the same after it.",
        all(told.cured[host][part] == told.ended[host][part] for host in told.hosts for part in STEADY),
    )


def _none(counts: Mapping[str, int], hosts: Collection[str]) -> bool:
    return set(counts) == set(hosts) and not any(counts.values())


def changes(before: Snapshots, after: Snapshots) -> list[Change]:
    """Every grant and every loss of a right on any host."""
    found = []
    for host in before:
        held = {(right, sid) for right, sids in before[host]["rights"].items() for sid in sids}
        holds = {(right, sid) for right, sids in after[host]["rights"].items() for sid in sids}
        found += [(host, "+", *one) for one in sorted(holds - held)]
        found += [(host, "-", *one) for one in sorted(held - holds)]
    return found


def shown(moved: Collection[Change]) -> str:
    """The changes in one line."""
    return "; ".join(f"{host} {sign}{right} {sid}" for host, sign, right, sid in moved) or "no change at all"


def service_account(snapshot: Mapping[str, Any]) -> str:
    """The SID of the site service account: the one domain account that may log on as a service on exch50."""
    return next(str(sid) for sid in snapshot["rights"]["SeServiceLogonRight"] if sid.startswith("S-1-5-21-"))


def services(snapshot: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
    """State and process of every service."""
    return {name: (one["state"], one["pid"]) for name, one in snapshot["services"].items()}


def _renewed(told: Story) -> bool:
    old, new = (seen[SICK]["services"]["MSExchangeIS"] for seen in (told.started, told.cured))
    return new["state"] == "Running" and new["pid"] != old["pid"] and TCB in new["privileges"]


def ours(snapshot: Mapping[str, Any]) -> list[str]:
    """Files with our prefix."""
    return [one["path"] for one in snapshot["files"] if "winmail" in one["path"].lower()]


def failures(snapshot: Mapping[str, Any]) -> object:
    """How many events the application log holds, and the newest."""
    return snapshot["events"]["Application"]


def verdicts(table: Collection[str]) -> dict[str, tuple[str, str]]:
    """Verdict before and after by host; the columns of a row are at least two spaces apart."""
    rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in list(table)[2:]]
    return {row[0]: (row[4], row[6]) for row in rows if len(row) == 7}
