# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vendor's whole list of exact rights in one task: refused by name where it harms, else predicted, made, at rest."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller, Outcome
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running

BASELINE = Path(__file__).parents[2] / "captures" / "secedit" / "20_ws2025_osconfig_baseline_rights.csv"
WINDOW_MANAGER = ("Increase scheduling priority", "S-1-5-90-0")
SPOOLER = (
    "Impersonate a client after authentication",
    "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229",
)
ROLES = ("Domain Controller", "Member Server", "Workgroup Member")


@pytest.fixture(scope="module")
def releases() -> Iterator[RunningLab]:
    with running(scenario="releases") as lab:
        yield lab


def baseline(role: str) -> dict[str, list[str]]:
    """What the baseline writes for one role, by the rights' names of Microsoft's page; a cell without value is left."""
    lines = [line for line in BASELINE.read_text(encoding="utf-8").splitlines() if not line.startswith('"#')]
    cells = {row["Control Name"]: row[f"Default Value: {role}"] for row in csv.DictReader(lines)}
    return {
        name: [token.strip() for token in cell.strip("'").split(",") if token.strip()]
        for name, cell in cells.items()
        if cell
    }


def told(outcome: Outcome) -> list[Any]:
    """Of each right what check mode has to predict."""
    return [
        [right[key] for key in ("name", "before", "after", "added", "removed", "adjusted_by_windows")]
        for right in outcome.result["rights"]
    ]


@pytest.mark.case("F3")
@pytest.mark.parametrize(
    ("host", "role", "needed"),
    [
        pytest.param(
            "srv2012r2", "Member Server", [("Increase a process working set", WINDOW_MANAGER[1])], id="2012 R2"
        ),
        pytest.param("srv2016", "Member Server", [], id="2016"),
        pytest.param("srv2019", "Member Server", [WINDOW_MANAGER], id="2019"),
        pytest.param("wg2025", "Workgroup Member", [WINDOW_MANAGER, SPOOLER], id="2025 in no domain"),
        pytest.param("dc2022", "Domain Controller", [WINDOW_MANAGER], id="a controller of 2022"),
        pytest.param("dc2025", "Domain Controller", [WINDOW_MANAGER, SPOOLER], id="a controller of 2025"),
    ],
)
def test_a_whole_baseline(releases: RunningLab, host: str, role: str, needed: list[tuple[str, str]]) -> None:
    controller = Controller(releases, host)
    lists = baseline(role)
    before = rights_of(releases, host)
    if needed:
        refused = controller.run("user_right", rights=[{"name": name, "set": lists[name]} for name in lists])
        assert refused.failed is not None
        assert refused.failed.count(" would cut off ") == len(needed)
        assert all(f"({sid})" in refused.failed for _name, sid in needed)
        assert rights_of(releases, host) == before
    for name, sid in needed:
        lists[name].append(sid)
    rights = [{"name": name, "set": lists[name]} for name in lists]

    predicted = controller.run("user_right", _check=True, rights=rights)
    assert predicted.failed is None
    assert rights_of(releases, host) == before
    made = controller.run("user_right", rights=rights)
    assert made.changed
    assert told(made) == told(predicted)
    now = rights_of(releases, host)
    assert [sorted(account["sid"] for account in right["after"]) for right in made.result["rights"]] == [
        now.get(right["name"], []) for right in made.result["rights"]
    ]
    assert not controller.run("user_right", rights=rights).changed
    assert controller.run("user_right", rights=made.result["restore"], allow_lockout=True).failed is None
    assert rights_of(releases, host) == before


@pytest.mark.parametrize("role", ROLES)
def test_the_baseline_has_a_list_for_most_rights(role: str) -> None:
    assert len(baseline(role)) > 35
