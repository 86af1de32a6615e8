# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole baseline in every world: each verdict is the true one or unknown, or the task says why there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller, Outcome
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running
from lab.worlds import REGISTRY

BASELINE = "stig_windows_server_2022"
# A member with local names in its lines, one with orphans, and a controller, whose accounts print as bare names.
HOSTS = ("member", "orphans", "dc")
WORLDS = [(name, value) for name, world in REGISTRY.items() for value in world.values[1:]]
# Answers that leave no way to read at all, as in test_worlds.py: no exit code, and a length that is not the file's.
MAY_REFUSE = {("call_errorlevel", "literal"), ("type_plain_files", "converted")}
# Whom the host cannot name, or cannot look up, is not known there; everything else is known in every world.
MAY_NOT_KNOW = {
    *("V-254282", "V-254435", "V-254436", "V-254437", "V-254438", "V-254439"),
}


def judge(lab: RunningLab, host: str) -> Outcome:
    before = rights_of(lab, host)
    outcome = Controller(lab, host).run("user_right_baseline_info", baseline=BASELINE)
    assert rights_of(lab, host) == before
    return outcome


@pytest.fixture(scope="module")
def truth() -> Iterator[dict[str, dict[str, str]]]:
    """The verdicts by host and id in the default world, which test_stig.py holds against cases worked out by hand."""
    with running(scenario="rights") as lab:
        yield {host: {one["id"]: one["status"] for one in judge(lab, host).result["controls"]} for host in HOSTS}


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(("name", "value"), WORLDS, ids=[f"{name}={value}" for name, value in WORLDS])
def test_true_or_unknown(name: str, value: str, truth: dict[str, dict[str, str]]) -> None:
    with running(scenario="rights", worlds={name: value}) as lab:
        for host in HOSTS:
            outcome = judge(lab, host)
            if outcome.failed is not None or outcome.unreachable is not None:
                assert (name, value) in MAY_REFUSE, f"{host}: {outcome.failed or outcome.unreachable}"
                continue
            for one in outcome.result["controls"]:
                true = truth[host][one["id"]]
                assert one["status"] in (true, "unknown"), f"{host} {one['id']}: {one['reason']}"
                assert one["status"] == true or one["id"] in MAY_NOT_KNOW, f"{host} {one['id']}: {one['reason']}"
