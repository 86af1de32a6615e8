# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: what they cover, when they end, whom the host does not know, and what they never do."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.memory_host import BYSTANDER, EXSVC, OLD
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._baseline.small import (
    ADMINISTRATORS,
    BACKUP,
    DENY,
    DOMAIN_ADMINS,
    GUESTS,
    RELATIVE_DA,
    control,
    judged,
    member,
    orphans,
    standalone,
)

# The hosts in memory are read on 2026-11-24.
ASKED = control("at_most", ADMINISTRATORS)


def waiver(*accounts: str, until: str | None = "2026-12-31", control: str = "C1") -> dict[str, Any]:
    return {"control": control, "accounts": list(accounts), "reason": "agreed, ticket 7", "until": until}


def test_it_covers_all_that_fails() -> None:
    seen = judged(standalone(rights={BACKUP: [ADMINISTRATORS, EXSVC]}), ASKED, waivers=[waiver(EXSVC)])
    assert (seen.status, seen.sids("extra"), seen.result["compliant"]) == ("waived", [], True)
    assert seen.only["allowed_by"] == [{"sid": EXSVC, "reason": "waived until 2026-12-31: agreed, ticket 7"}]
    assert (seen.result["remedy"], seen.warnings) == ([], ())
    assert "agreed, ticket 7" in seen.only["reason"]
    assert seen.result["waivers"] == [
        {
            "control": "C1",
            "accounts": [{"sid": EXSVC, "name": "CORP\\exsvc", "kind": "account"}],
            "unknown_accounts": [],
            "reason": "agreed, ticket 7",
            "until": "2026-12-31",
            "state": "in_force",
        }
    ]


def test_one_that_covers_a_part_leaves_the_failure_and_the_account() -> None:
    seen = judged(standalone(rights={BACKUP: [EXSVC, OLD]}), ASKED, waivers=[waiver(EXSVC)])
    assert (seen.status, seen.sids("extra")) == ("fail", [OLD])
    assert [one["sid"] for one in seen.only["allowed_by"]] == [EXSVC]
    assert seen.result["remedy"] == [{"name": BACKUP, "remove": [OLD]}]


def test_several_waivers_cover_together() -> None:
    seen = judged(standalone(rights={BACKUP: [EXSVC, OLD]}), ASKED, waivers=[waiver(EXSVC), waiver(OLD, until=None)])
    assert seen.status == "waived"
    assert [one["reason"] for one in seen.only["allowed_by"]] == [
        "waived until 2026-12-31: agreed, ticket 7",
        "waived without an end: agreed, ticket 7",
    ]


def test_a_member_that_is_missing_can_be_waived() -> None:
    asked = control("exactly", ADMINISTRATORS, GUESTS, right=DENY)
    seen = judged(standalone(rights={DENY: [ADMINISTRATORS]}), asked, waivers=[waiver("Guests")])
    assert (seen.status, seen.sids("missing"), seen.result["remedy"]) == ("waived", [], [])


def test_of_several_that_would_do_the_absence_of_any_can_be_waived() -> None:
    asked = control("at_least", ["S-1-5-114", "S-1-5-113"], right=DENY)
    assert judged(standalone(), asked, waivers=[waiver("S-1-5-113")]).status == "waived"


@pytest.mark.parametrize(
    ("until", "status"), [("2026-11-23", "fail"), ("2026-11-24", "waived"), ("2026-11-25", "waived"), (None, "waived")]
)
def test_its_last_day_still_counts(until: str | None, status: str) -> None:
    seen = judged(standalone(rights={BACKUP: [EXSVC]}), ASKED, waivers=[waiver(EXSVC, until=until)])
    assert seen.status == status


def test_one_that_has_ended_is_as_if_there_were_none_and_that_is_said() -> None:
    host = {"rights": {BACKUP: [EXSVC]}}
    seen = judged(standalone(**host), ASKED, waivers=[waiver(EXSVC, until="2026-11-23")])
    without = judged(standalone(**host), ASKED)
    assert seen.result["controls"] == without.result["controls"]
    assert seen.result["remedy"] == without.result["remedy"]
    assert seen.warnings == (
        "The waiver of C1 ended on 2026-11-23 and is ignored. Renew it, or cure what it excepted.",
    )
    assert seen.result["waivers"][0]["state"] == "expired"


def test_an_account_that_the_host_does_not_know_has_no_effect_and_that_is_said() -> None:
    seen = judged(standalone(rights={BACKUP: [BYSTANDER]}), ASKED, waivers=[waiver("CORP\\gone")])
    assert seen.status == "fail"
    assert seen.warnings == (
        "The waiver of C1 has no effect for CORP\\gone, whom the host does not know (icacls: 1332).",
    )
    assert seen.result["waivers"][0]["state"] == "unknown_account"
    assert seen.result["waivers"][0]["unknown_accounts"] == ["CORP\\gone"]


def test_its_other_accounts_still_count() -> None:
    seen = judged(standalone(rights={BACKUP: [EXSVC]}), ASKED, waivers=[waiver("CORP\\gone", "CORP\\exsvc")])
    assert (seen.status, len(seen.warnings)) == ("waived", 1)


def test_it_does_not_reach_another_control() -> None:
    host = standalone(rights={BACKUP: [EXSVC]})
    seen = judged(host, ASKED, control("nobody", id="C2"), waivers=[waiver(EXSVC, control="C2")])
    assert [one["status"] for one in seen.result["controls"]] == ["fail", "waived"]


def test_it_makes_nothing_of_what_is_not_known() -> None:
    host = standalone(rights={BACKUP: [EXSVC]}, unpinned={BACKUP: ("Lost",)})
    seen = judged(host, ASKED, waivers=[waiver(EXSVC)])
    assert (seen.status, seen.result["compliant"]) == ("unknown", None)
    assert "'Lost'" in seen.only["reason"]
    still = judged(
        member(root=False, reachable=False), control("at_least", RELATIVE_DA), waivers=[waiver(DOMAIN_ADMINS)]
    )
    assert still.status == "unknown"


def test_it_makes_nothing_of_what_passes() -> None:
    seen = judged(standalone(rights={BACKUP: [ADMINISTRATORS]}), ASKED, waivers=[waiver(EXSVC)])
    assert (seen.status, seen.only["allowed_by"]) == ("pass", [])


def test_orphans_can_be_waived_by_their_sid() -> None:
    gone = "S-1-5-21-1-2-3-9999"
    host = standalone(rights={BACKUP: [gone]}, kinds={gone: "orphan"})
    seen = judged(host, orphans(), waivers=[waiver(gone)])
    assert (seen.status, seen.result["remedy"], seen.result["orphans"]) == ("waived", [], [gone])


def test_one_of_a_control_that_is_not_judged_costs_no_look_up() -> None:
    host = standalone(rights={BACKUP: [EXSVC]})
    seen = judged(
        host, ASKED, control("nobody", id="C2"), waivers=[waiver("CORP\\gone", control="C2")], controls=["C1"]
    )
    assert (seen.warnings, seen.result["waivers"]) == ((), [])
    assert [name.written for query in host.queries for name in query.names] == []
