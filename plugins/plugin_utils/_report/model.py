# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report of a fleet knows: hosts and their standing, controls and findings, or outcomes of the POP3 role.

Values only. Text is printable already: the readers see to that. Values that are equal are one object (``Pool``), for a
thousand hosts say the same thing of the same accounts.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

Kind = t.Literal["user_rights_baseline", "pop3_prerequisites"]
# How a host ended. unknown: it was looked at, and that was not enough. failed: the task was refused or broke.
# no_result: the play has nothing of it, as where a host was lost before the role began.
Standing = t.Literal["compliant", "not_compliant", "unknown", "unreachable", "failed", "no_result"]
Status = t.Literal["pass", "fail", "unknown", "not_applicable", "waived"]

KINDS: tuple[Kind, ...] = t.get_args(Kind)
STANDINGS: tuple[Standing, ...] = t.get_args(Standing)
STATUSES: tuple[Status, ...] = t.get_args(Status)
# The worst first, as a table shows them.
WORST_FIRST: tuple[Standing, ...] = ("failed", "not_compliant", "unreachable", "no_result", "unknown", "compliant")

Value = t.TypeVar("Value", bound=t.Hashable)


class Pool:
    """One object for all values that are equal."""

    def __init__(self) -> None:
        self._kept: dict[t.Hashable, t.Any] = {}

    def one(self, value: Value) -> Value:
        """The first value that was equal to this one."""
        kept: Value = self._kept.setdefault((type(value), value), value)
        return kept


@dataclass(frozen=True)
class Member:
    """An account as a result tells it; ``sid`` is None for an entry that could not be pinned to one."""

    sid: str | None
    name: str | None
    kind: str

    @property
    def label(self) -> str:
        """What people read: the name where there is one."""
        return self.name or self.sid or "?"


@dataclass(frozen=True)
class Allowance:
    """Why a member may hold a right beyond what is expected."""

    member: Member
    reason: str


@dataclass(frozen=True)
class Baseline:
    """The baseline that a host was judged by."""

    name: str
    title: str
    release: str
    source: str

    @property
    def label(self) -> str:
        """Title and release, as a headline names it."""
        title = self.title or self.name
        return f"{title} ({self.release})" if self.release else title


@dataclass(frozen=True)
class Rule:
    """A control, as all hosts see it; ``references`` are pairs of a catalogue and its ids."""

    id: str
    title: str
    right: str
    display_name: str
    operator: str
    severity: str
    references: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def reference(self, catalogue: str) -> tuple[str, ...]:
        """The ids of a catalogue; empty where the control has none."""
        return dict(self.references).get(catalogue, ())


@dataclass(frozen=True)
class Waiver:
    """An agreed exception as it stands on a host; ``until`` is its last day, or empty for one without an end.

    ``state`` is in_force, expired or unknown_account, as user_right_baseline_info says it.
    """

    control: str
    accounts: tuple[str, ...]
    reason: str
    until: str
    state: str


@dataclass(frozen=True)
class Finding:
    """What one host makes of one control. ``governed`` is the word of user_right, ``governed_by`` the policy's name."""

    rule: Rule
    status: Status
    expected: tuple[Member, ...]
    holders: tuple[Member, ...]
    extra: tuple[Member, ...]
    missing: tuple[Member, ...]
    allowed_by: tuple[Allowance, ...]
    governed: str
    governed_by: str
    reason: str
    # Of a waived control: until when, and why.
    waived_until: str = ""
    waiver: str = ""


@dataclass(frozen=True)
class Host:
    """What is known of one host, whatever the report is about."""

    host: str
    standing: Standing
    computer: str = ""
    failure: str = ""
    changed: bool = False
    check_mode: bool = False
    restore_file: str = ""


@dataclass(frozen=True)
class JudgedHost(Host):
    """A host that was held against a baseline; without findings where it was not reached.

    ``warnings`` are those of the look at it: Ansible names no host with them, and shows none of healthy hosts where
    these are hidden.
    """

    role: str = ""
    as_of: str = ""
    baseline: Baseline | None = None
    findings: tuple[Finding, ...] = ()
    orphans: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PopHost(Host):
    """A host that the POP3 role looked at. ``action`` says in a few words what was done, or why nothing was."""

    generation: str = ""
    account: str = ""
    right: str = ""
    verdict_before: str = ""
    action: str = ""
    verdict_after: str = ""
    advice: str = ""


HostT = t.TypeVar("HostT", bound=Host)


@dataclass(frozen=True)
class Fleet(t.Generic[HostT]):
    """All hosts of a run, in the order of the play; ``written_at`` is ISO 8601 in UTC."""

    kind: Kind
    title: str
    written_at: str
    hosts: tuple[HostT, ...]


BaselineFleet = Fleet[JudgedHost]
PopFleet = Fleet[PopHost]
