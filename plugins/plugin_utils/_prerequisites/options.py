# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role's decisions are made from: registered results of tasks, read in this one file (pure).

A task that did not run, or failed, has a result without most keys; each reader says what it then stands for.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import (
    EventsResult,
    FindingResult,
    HostingResult,
    RemedyResult,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.result import RightResult

from .result import DecisionResult

# What Ansible registered for a task.
Registered = Mapping[str, t.Any]


@dataclass(frozen=True)
class Server:
    """What pop3_server_info found; ``remedy`` is None where it could not look, and ``message`` says why."""

    remedy: RemedyResult | None
    message: str
    computer: str | None
    generation: str
    hosting: Sequence[HostingResult]
    rights: Sequence[FindingResult]
    events: EventsResult | None
    unread: Sequence[str]


@dataclass(frozen=True)
class Probe:
    """What pop3_probe saw; no verdict where it did not run. ``generation`` is what the server's greeting tells."""

    verdict: str | None = None
    transcript: Sequence[str] = ()
    generation: str | None = None
    reply: str | None = None
    error: str | None = None
    advice: str | None = None


@dataclass(frozen=True)
class Changed:
    """What user_right did, or in check mode would do."""

    changed: bool
    rights: Sequence[RightResult]


def read_server(result: Registered) -> Server:
    """From a result of pop3_server_info."""
    return Server(
        remedy=result.get("remedy"),
        message=str(result.get("msg") or "The server could not be looked at."),
        computer=result.get("computer", {}).get("name"),
        generation=str(result.get("exchange", {}).get("generation", "unknown")),
        hosting=result.get("hosting", ()),
        rights=result.get("rights", ()),
        events=result.get("events"),
        unread=result.get("unread", ()),
    )


def read_probe(result: Registered) -> Probe:
    """From a result of pop3_probe."""
    return Probe(
        verdict=result.get("verdict"),
        transcript=result.get("transcript", ()),
        generation=(result.get("product") or {}).get("generation"),
        reply=result.get("reply"),
        error=result.get("error"),
        advice=result.get("advice"),
    )


def read_change(result: Registered) -> Changed:
    """From a result of user_right."""
    return Changed(bool(result.get("changed")), result.get("rights", ()))


def read_restarts(result: Registered) -> tuple[str, ...]:
    """From the results of a loop of service_restart: every service that was started again, in that order."""
    loops = [one for one in result.get("results", ()) if one.get("changed")]
    return tuple(dict.fromkeys(name for one in loops for name in one.get("started", ())))


@dataclass(frozen=True)
class Run:
    """The registered results of a run, as they are; an empty one belongs to a task that did not run."""

    host: str
    cure: Registered
    server: Registered = field(default_factory=dict)
    probe: Registered = field(default_factory=dict)
    change: Registered = field(default_factory=dict)
    restarts: Registered = field(default_factory=dict)
    again: Registered = field(default_factory=dict)
    restore_file: str | None = None
    check_mode: bool = False
    failure: str = ""
    login: str = "none"
    revoke: bool = False

    @property
    def decision(self) -> DecisionResult:
        """What was decided before anything was changed."""
        return t.cast("DecisionResult", self.cure)

    @property
    def found(self) -> Server:
        """What was found on the server."""
        return read_server(self.server)

    @property
    def first(self) -> Probe:
        """The probe before any change."""
        return read_probe(self.probe)

    @property
    def last(self) -> Probe:
        """The probe after the change; without a verdict where there was none."""
        return read_probe(self.again)

    @property
    def changes(self) -> Changed:
        """What became of the rights."""
        return read_change(self.change)

    @property
    def started(self) -> tuple[str, ...]:
        """Every service that was started again (in check mode, would be), in that order."""
        return read_restarts(self.restarts)


def run_of(values: Registered) -> Run:
    """A Run from the values that a template hands over; registered results that are undefined come as None."""
    return Run(**{name: {} if value is None and name != "restore_file" else value for name, value in values.items()})
