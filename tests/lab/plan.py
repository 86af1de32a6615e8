# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to start: a scenario by name or file, in the chosen worlds, with POP3 and a latency profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from lab import pop3, scenario
from lab.network import Plan, Scenario
from lab.winrm.connection import LATENCIES


def make_plan(
    source: str | Path | Callable[[], Scenario],
    worlds: Mapping[str, str],
    *,
    hosts: int | None = None,
    winrm: Mapping[str, object] | None = None,
    latency: str = "none",
    transcript: int = 0,
) -> Plan:
    """The plan for a lab; its ``load`` raises ValueError for a scenario that does not exist or makes no sense.

    ``source`` is a scenario's name, its file, or a function that makes one (then there is no POP3).
    """
    chosen = dict(worlds)

    def load() -> Scenario:
        return source() if callable(source) else scenario.load(source, chosen, hosts)

    return Plan(
        load=load,
        pop3=None if callable(source) else pop3.start,
        latency=LATENCIES[latency],
        winrm=dict(winrm or {}),
        transcript=transcript,
    )
