# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/budgets.md: written from measured figures, read to compare with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = Path(__file__).resolve().parents[2] / "docs" / "budgets.md"
HEAD = "| task | requests | on an eager host | budget | CPU |\n| --- | --- | --- | --- | --- |\n"
WAYS_HEAD = "| on a slow network | requests | seconds | CPU |\n| --- | --- | --- | --- |\n"
WAYS_ROW = re.compile(r"^\| (.+) \| (\d+) \| ([0-9.]+) \| (\d+) ms \|$", re.MULTILINE)
ROW = re.compile(r"^\| (.+) \| (\d+) \| (\d+) \| (\d+|-) \| (\d+) ms \|$", re.MULTILINE)


@dataclass(frozen=True)
class Figure:
    """What one case cost: requests of its task and their budget, CPU and wall milliseconds above a no-op.

    ``eager`` are the requests on a host that answers as soon as there is output, ``requests`` those on one that waits.
    """

    name: str
    requests: int
    eager: int
    budget: int | None
    cpu_ms: float
    wall_ms: float = 0.0


def read(page: str) -> dict[str, Figure]:
    """The figures that the page tells, by the name of their task."""
    rows = ROW.findall(page.partition(HEAD)[2].partition("\n\n")[0])
    return {
        name: Figure(name, int(requests), int(eager), None if budget == "-" else int(budget), float(cpu))
        for name, requests, eager, budget, cpu in rows
    }


def with_table(page: str, figures: Sequence[Figure]) -> str:
    """The page with a table of these figures in place of its own; CPU in tens, for it differs from run to run."""
    rows = [
        f"| {one.name} | {one.requests} | {one.eager} | {one.budget or '-'} | {round(one.cpu_ms, -1):.0f} ms |\n"
        for one in figures
    ]
    return re.sub(re.escape(HEAD) + r"(?:\|.*\n)*", lambda _table: HEAD + "".join(rows), page)


def read_ways(page: str) -> dict[str, Figure]:
    """The figures of the second table by their names; there ``eager`` is not told, so it is ``requests``."""
    rows = WAYS_ROW.findall(page.partition(WAYS_HEAD)[2].partition("\n\n")[0])
    return {
        name: Figure(name, int(requests), int(requests), None, float(cpu), float(seconds) * 1000)
        for name, requests, seconds, cpu in rows
    }


def with_ways(page: str, figures: Sequence[Figure]) -> str:
    """The page with these figures in its second table."""
    rows = [
        f"| {one.name} | {one.requests} | {one.wall_ms / 1000:.1f} | {round(one.cpu_ms, -1):.0f} ms |\n"
        for one in figures
    ]
    return re.sub(re.escape(WAYS_HEAD) + r"(?:\|.*\n)*", lambda _table: WAYS_HEAD + "".join(rows), page)


def other_ways(figures: Sequence[Figure], told: dict[str, Figure]) -> list[str]:
    """What of the second table is no longer so: requests that differ; seconds and CPU are not judged."""
    return [
        f"{one.name}: {one.requests} requests, but docs/budgets.md tells otherwise: make bench ARGS=--write"
        for one in figures
        if one.name not in told or told[one.name].requests != one.requests
    ]


def over_budget(figures: Sequence[Figure]) -> list[str]:
    """A line for each figure that costs more than it may."""
    return [
        f"{one.name}: {max(one.requests, one.eager)} requests are over the budget of {one.budget}"
        for one in figures
        if one.budget is not None and max(one.requests, one.eager) > one.budget
    ]


def faults(figures: Sequence[Figure], told: dict[str, Figure]) -> list[str]:
    """What is wrong with figures: over their budget, or others than the page tells; CPU is not judged."""
    other = [
        f"{one.name}: {one.requests} and {one.eager} requests, but docs/budgets.md tells otherwise: "
        "make bench ARGS=--write"
        for one in figures
        if one.name not in told or (told[one.name].requests, told[one.name].eager) != (one.requests, one.eager)
    ]
    return over_budget(figures) + other
