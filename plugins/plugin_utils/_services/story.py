# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restart that failed tells: what runs, what is down, and what a person does now, in which order (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .plan import RUNNING, STOPPED

_GONE = "not found"


def ending(ours: Sequence[str], states: Mapping[str, str], troubles: Sequence[str]) -> str:
    """The end of the story: ``ours`` are the services that we stopped, in the order of starting.

    ``states`` are the states now, by name in lower case.
    """
    down = [(name, states.get(name.lower(), _GONE)) for name in ours if states.get(name.lower()) != RUNNING]
    again = [name for name in ours if states.get(name.lower()) == RUNNING]
    parts = [f"Running again: {', '.join(again)}."] if again else []
    if not down:
        return " ".join([*parts, "Nothing that ran before is down.", *troubles])
    parts.append(f"Down now: {', '.join(f'{name} ({state})' for name, state in down)}.")
    return " ".join([*parts, *troubles, _way_back(down)])


def may_be_down(names: Sequence[str]) -> str:
    """What to do where nobody can look: empty for no services."""
    if not names:
        return ""
    return (
        f" What to do now: look at them on the host (services.msc), and start what is down, in this order: "
        f"{_commands(names)}."
    )


def _way_back(down: Sequence[tuple[str, str]]) -> str:
    moving = [name for name, state in down if state not in (STOPPED, _GONE)]
    there = [name for name, state in down if state != _GONE]
    wait = ""
    if moving:
        wait = f"wait until {', '.join(moving)} has settled (if it never does, restart the computer); "
    if not there:
        return "What to do now: register the service again."
    return f"What to do now: {wait}when the cause is cured, run on the host, in this order: {_commands(there)}."


def _commands(names: Sequence[str]) -> str:
    return ", ".join(f'sc.exe start "{name}"' if " " in name else f"sc.exe start {name}" for name in names)
