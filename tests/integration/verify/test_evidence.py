# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every host whose evidence was kept stands in the lab again: it answers as it did, and rights are safe on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.support import evidence as replay
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import left_behind, moved, snapshots
from lab.server import running

if TYPE_CHECKING:
    from pathlib import Path

KEPT = sorted(replay.FOLDER.glob("*.json"))
SCRATCH = "SeCreatePermanentPrivilege"


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_a_host_that_was_asked_once_is_a_witness_for_ever(kept: Path, tmp_path: Path) -> None:
    told = replay.load(kept)
    assert replay.new_answers(told) == [], "the lab has no such world yet"
    with running(scenario=replay.scenario_of(told, tmp_path)) as lab:
        before = snapshots(lab)
        controller = Controller(lab, replay.HOST)
        info = controller.run("user_right_info")
        assert info.failed is None
        assert rights_of(info.result) == {
            right: {one["sid"] for one in held if one["sid"]} for right, held in told["rights"].items()
        }
        again = controller.run("host_evidence", write=told["wrote"])
        assert again.failed is None
        assert settled(again.result["evidence"]) == settled(told)
        if not told["rights"].get(SCRATCH):
            given = controller.run("user_right", name=SCRATCH, accounts=["S-1-5-19"], gpo_conflict="ignore")
            assert given.failed is None
            assert given.result["rights"][0]["verified"]
            assert moved(before, snapshots(lab)) == [(replay.HOST, "+", SCRATCH, "S-1-5-19")]
            assert controller.run("user_right", rights=given.result["restore"]).failed is None
        assert moved(before, snapshots(lab)) == []
        assert left_behind(snapshots(lab)) == []


def rights_of(result: dict[str, Any]) -> dict[str, set[str]]:
    found = {one["name"]: {held["sid"] for held in one["holders"]} for one in result["rights"]}
    return {right: sids for right, sids in found.items() if sids}


def settled(evidence: dict[str, Any]) -> dict[str, str]:
    """The answers that were no guess."""
    return {one["row"]: one["answer"] for one in evidence["answers"] if one["answer"] != "unknown"}


def test_there_are_kept_hosts() -> None:
    assert KEPT
