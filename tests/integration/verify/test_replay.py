# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make replay``: a file of evidence is kept whole or not at all, and what the lab does not know is said."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.support import evidence as replay
from ansible_collections.winmail.exchange.tools.replay import keep

if TYPE_CHECKING:
    from pathlib import Path

CONTROLLER = replay.load(replay.FOLDER / "lab-controller.json")


def test_it_is_kept_under_a_name_made_of_what_it_holds(tmp_path: Path) -> None:
    given = tmp_path / "mine.json"
    given.write_text(json.dumps(CONTROLLER), encoding="utf-8")
    kept = keep(given, tmp_path / "kept")
    assert kept.name.startswith("10.0.17763-role5-")
    assert replay.load(kept) == CONTROLLER
    assert keep(given, tmp_path / "kept") == kept
    assert list((tmp_path / "kept").iterdir()) == [kept]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda told: told.update(format="x"), "$.format"),
        (lambda told: told.pop("rights"), "'rights' is a required property"),
        (lambda told: told["accounts"].update({"S-1-5-21-1-2-3-1104": "user"}), "$.accounts"),
        (lambda told: told["answers"].append({"row": "W01"}), "$.answers"),
        (lambda told: told.update(host="EXCH1"), "Additional properties"),
    ],
)
def test_what_is_no_evidence_or_tells_whose_it_is_is_not_kept(tmp_path: Path, change: Any, says: str) -> None:
    told = copy.deepcopy(CONTROLLER)
    change(told)
    given = tmp_path / "mine.json"
    given.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ValueError, match="is no evidence") as refused:
        keep(given, tmp_path / "kept")
    assert says in str(refused.value)
    assert not (tmp_path / "kept").exists()
    given.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be read"):
        keep(given, tmp_path / "kept")


def test_an_answer_that_no_world_has_is_something_to_learn() -> None:
    told = copy.deepcopy(CONTROLLER)
    assert replay.new_answers(told) == []
    told["answers"][0] |= {"answer": "never_seen", "seen": "x"}
    first = told["answers"][0]
    assert replay.new_answers(told) == [f"{first['row']} {first['world']}=never_seen (x)"]


@pytest.mark.parametrize(
    ("version", "client", "release"),
    [
        ("10.0.17763", False, "2019"),
        ("10.0.20348", False, "2022"),
        ("10.0.25398", False, "2022"),
        ("10.0.26100", True, "11_24H2"),
        ("6.1.7601", True, "10"),
        ("6.0.6002", False, "2008R2"),
        ("5.0.2195", False, "2003R2"),
    ],
)
def test_a_release_that_the_lab_does_not_have_is_the_one_below_it(version: str, client: bool, release: str) -> None:
    windows = {"version": version, "product_type": 1 if client else 3}
    assert replay._release(windows) == release
