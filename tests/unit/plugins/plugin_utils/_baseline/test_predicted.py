# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A judgement of what would be is the judgement of what is, once it has been done."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.options import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.predicted import ordered, planned, predicted
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.survey import survey
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._baseline.small import (
    ADMINISTRATORS,
    BACKUP,
    DEBUG,
    GUESTS,
    NETWORK_SERVICE,
    OPERATORS,
    SERVICE,
    USERS,
    baseline,
    control,
)

IMPERSONATE = "SeImpersonatePrivilege"
SIDS = [ADMINISTRATORS, GUESTS, OPERATORS, USERS, SERVICE, NETWORK_SERVICE]
HOLDERS = st.lists(st.sampled_from(SIDS), unique=True)
RULES = baseline(
    control("at_most", ADMINISTRATORS, id="A"),
    control("exactly", ADMINISTRATORS, GUESTS, right=DEBUG, id="B"),
    # Windows adds and keeps members of this one by itself.
    control("exactly", USERS, right=IMPERSONATE, id="C"),
)
ARGS: dict[str, Any] = {"controls": [], "waivers": [], "host_role": "member_server"}


def judged(host: Any) -> dict[str, Any]:
    return dict(survey(host, parse(ARGS, RULES), lambda _sentence: None))


def changed(host: MemoryHost, rights: list[dict[str, Any]], *, check_mode: bool) -> list[dict[str, Any]]:
    """The rights of a user_right task."""
    asked = parse_rights({"rights": rights})
    choices = Choices("ignore", allow_lockout=True, check_mode=check_mode)
    result, dummy = RightsChange(host, asked, choices, lambda _sentence: None).run()
    found: list[dict[str, Any]] = result["rights"]
    return found


@given(HOLDERS, HOLDERS, HOLDERS)
def test_a_prediction_comes_true(backup: list[str], debug: list[str], impersonate: list[str]) -> None:
    host = MemoryHost(rights={BACKUP: backup, DEBUG: debug, IMPERSONATE: impersonate})
    remedy = [dict(entry) for entry in judged(host)["remedy"]]
    if not remedy:
        return
    before = judged(predicted(host, planned(changed(host, remedy, check_mode=True))))
    done = changed(host, remedy, check_mode=False)
    assert before == judged(ordered(host, planned(done)))
    assert judged(host)["remedy"] == before["remedy"] == []


def test_an_order_adds_and_hides_nobody() -> None:
    host = MemoryHost(rights={BACKUP: [USERS, OPERATORS, GUESTS]}, unpinned={BACKUP: ["Gone"]})
    (first, *dummy) = judged(ordered(host, {BACKUP: [ADMINISTRATORS, OPERATORS, USERS]}))["controls"]
    assert [one["sid"] or one["name"] for one in first["holders"]] == [OPERATORS, USERS, GUESTS, "Gone"]


def test_everything_else_is_the_hosts_own() -> None:
    host = MemoryHost(rights={BACKUP: [OPERATORS], DEBUG: [USERS]})
    seen = judged(predicted(host, {BACKUP: [], IMPERSONATE: [USERS]}))
    assert seen["computer"] == judged(host)["computer"]
    assert [[one["sid"] for one in each["holders"]] for each in seen["controls"]] == [[], [USERS], [USERS]]
    assert host.rights == {BACKUP: [OPERATORS], DEBUG: [USERS]}
