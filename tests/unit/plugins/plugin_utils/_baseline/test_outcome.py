# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a host, word by word: what was seen, what was refused and how to go on, what undoes it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.outcome import (
    Outcome,
    cured,
    reason,
    seen,
    undo,
    unseen,
)

DENY, BACKUP = "SeDenyNetworkLogonRight", "SeBackupPrivilege"
REMEDY = [{"name": BACKUP, "remove": ["S-1-5-32-551"]}, {"name": DENY, "add": ["S-1-5-32-546"]}]
UNDO = [{"name": BACKUP, "add": ["S-1-5-32-551"]}, {"name": DENY, "remove": ["S-1-5-32-546"]}]
REFUSED = f"Refused: {DENY} (Deny access to this computer) would cut off Administrators. Nothing was changed."


def found(**statuses: str) -> dict[str, Any]:
    """A result of user_right_baseline_info: controls by id with their status; the first is about DENY."""
    controls = [
        {"id": name.replace("_", "-"), "status": status, "right": BACKUP if index else DENY}
        for index, (name, status) in enumerate(statuses.items())
    ]
    counts = {
        status: sum(one["status"] == status for one in controls)
        for status in ("pass", "fail", "unknown", "not_applicable", "waived")
    }
    return {
        "changed": False,
        "computer": {"name": "MAIL1"},
        "baseline": {"title": "House rules", "release": "7"},
        "compliant": False if counts["fail"] else None if counts["unknown"] else True,
        "summary": counts,
        "controls": controls,
        "remedy": REMEDY if counts["fail"] else [],
    }


def look(**statuses: str) -> Outcome:
    return seen("mail1", found(**statuses), (), check_mode=False)


FIRST = look(H_1="fail", H_2="fail", H_3="pass")
CURED = look(H_1="pass", H_2="pass", H_3="pass")
LOST = unseen("mail1", "unreachable", "The host does not answer.", check_mode=False)
CHANGE: dict[str, Any] = {
    "changed": True,
    "rights": [
        {"name": BACKUP, "added": [], "removed": ["S-1-5-32-551"]},
        {"name": DENY, "added": ["S-1-5-32-546"], "removed": []},
        {"name": "SeTcbPrivilege", "added": [], "removed": []},
    ],
}


def test_a_whole_look() -> None:
    judged = found(H_1="fail", H_2="pass")
    assert seen("mail1", judged, ["It ended."], check_mode=True) == {
        "host": "mail1",
        "computer": "MAIL1",
        "status": "not_compliant",
        "reason": "1 of 2 controls of House rules (7) fails: H-1.",
        "judged": {name: value for name, value in judged.items() if name != "changed"} | {"warnings": ["It ended."]},
        "before": {},
        "remedy": REMEDY,
        "changed": False,
        "check_mode": True,
        "restore": [],
        "restore_file": "",
        "confirm": {},
        "failure": "",
    }


def test_a_whole_cure() -> None:
    first: Outcome = {**FIRST, "restore_file": "reports/restore-mail1.json"}
    assert cured(first, {**CHANGE, "confirm": {"status": "confirmed"}}, CURED) == {
        **CURED,
        "before": {"compliant": False, "summary": FIRST["judged"]["summary"]},
        "restore": UNDO,
        "restore_file": "reports/restore-mail1.json",
        "confirm": {"status": "confirmed"},
    }


def test_a_refusal_names_its_controls_and_the_way_on() -> None:
    told = cured(FIRST, {"failed": True, "msg": REFUSED, "changed": False}, FIRST)
    sentence = (
        f"{REFUSED} That is what H-1 asks for; to cure the other controls, name it in "
        "user_rights_baseline_exclude_controls."
    )
    assert (told["status"], told["failure"], told["reason"]) == ("failed", sentence, sentence)
    assert (told["judged"], told["restore"]) == (FIRST["judged"], [])


def test_a_refusal_of_several_controls() -> None:
    first = look(H_1="fail", H_2="fail", H_3="fail", H_4="pass")
    told = cured(first, {"failed": True, "msg": f"Refused: {DENY} and {BACKUP}."}, first)
    assert told["failure"] == (
        f"Refused: {DENY} and {BACKUP}. That is what H-1, H-2, H-3 ask for; to cure the other controls, name them in "
        "user_rights_baseline_exclude_controls."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"failed": True, "msg": "WinRM is busy."}, "WinRM is busy."),
        ({"failed": True}, "The task that changes the user rights failed."),
        # Not a refusal: it was written, and Windows did something else.
        ({**CHANGE, "failed": True, "msg": f"{DENY} was not given."}, f"{DENY} was not given."),
        ({"unreachable": True, "msg": f"Lost while {DENY} was written."}, f"Lost while {DENY} was written."),
    ],
)
def test_other_failures_are_told_as_they_are(change: dict[str, Any], said: str) -> None:
    told = cured(FIRST, change, FIRST)
    assert (told["status"], told["failure"]) == ("failed", said)


def test_a_change_that_failed_is_one_even_where_all_is_well_now() -> None:
    told = cured(FIRST, {"failed": True, "msg": "No."}, CURED)
    assert (told["status"], told["failure"]) == ("failed", "No.")
    assert told["judged"]["compliant"] is True


def test_a_host_that_is_lost_after_the_change_keeps_what_was_seen_of_it() -> None:
    told = cured(FIRST, CHANGE, LOST)
    assert (told["status"], told["failure"], told["computer"]) == ("unreachable", LOST["failure"], "MAIL1")
    assert (told["judged"], told["restore"]) == (FIRST["judged"], UNDO)
    both = cured(FIRST, {"unreachable": True, "msg": "Lost."}, LOST)
    assert (both["status"], both["failure"]) == ("unreachable", "Lost. And then: The host does not answer.")


MANY = {f"H_{number}": "fail" for number in range(1, 8)}
REASONS: dict[str, tuple[dict[str, str], str]] = {
    "all": ({"H_1": "pass", "H_2": "not_applicable"}, "All 1 controls of House rules (7) are met."),
    "a waiver": (
        {"H_1": "pass", "H_2": "waived"},
        "All 2 controls of House rules (7) are met, 1 of them by a waiver.",
    ),
    "two": ({"H_1": "fail", "H_2": "fail"}, "2 of 2 controls of House rules (7) fail: H-1, H-2."),
    "many": (MANY, "7 of 7 controls of House rules (7) fail: H-1, H-2, H-3, H-4, H-5 and 2 more."),
    "unknown": ({"H_1": "unknown", "H_2": "pass"}, "1 of 2 controls of House rules (7) is not known: H-1."),
    "both": (
        {"H_1": "unknown", "H_2": "fail", "H_3": "unknown"},
        "1 of 3 controls of House rules (7) fails: H-2. 2 are not known: H-1, H-3.",
    ),
}


@pytest.mark.parametrize(("statuses", "sentence"), REASONS.values(), ids=REASONS)
def test_how_a_host_stands(statuses: dict[str, str], sentence: str) -> None:
    assert reason(found(**statuses)) == sentence


@pytest.mark.parametrize(
    ("statuses", "status"),
    [({"H_1": "pass"}, "compliant"), ({"H_1": "unknown"}, "unknown"), ({"H_1": "fail"}, "not_compliant")],
)
def test_the_status_of_a_host_that_was_judged(statuses: dict[str, str], status: str) -> None:
    assert look(**statuses)["status"] == status


def test_what_undoes_a_remedy_is_what_undoes_the_change_that_it_leads_to() -> None:
    assert undo(REMEDY) == undo(CHANGE["rights"]) == UNDO
    assert undo([]) == []
