# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options: what is refused before any host is asked, in one sentence that says where and what instead."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.options import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._baseline.small import baseline, control

MINE = baseline(control("nobody", id="V-254500"), control("nobody", id="V-254501"))
GOOD = {"control": "V-254500", "accounts": ["CORP\\x"], "reason": "agreed", "until": "2027-03-31"}


def options(**written: Any) -> Any:
    return parse({"host_role": "auto", "controls": [], "waivers": [], **written}, MINE)


def test_what_is_asked() -> None:
    asked = options(host_role="member_server", controls=["V-254501"], waivers=[GOOD])
    assert (asked.host_role, asked.ids, asked.judged_waivers) == ("member_server", ("V-254501",), ())
    [waiver] = asked.waivers
    assert (waiver.until, waiver.reason) == (datetime.date(2027, 3, 31), "agreed")
    assert options().host_role is None
    assert options().ids == ("V-254500", "V-254501")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"controls": ["V-25450"]}, "controls: mine has no control 'V-25450'. Did you mean V-254501?"),
        ({"controls": ["Q"]}, "controls: mine has no control 'Q'."),
        (
            {"waivers": [GOOD, {**GOOD, "control": "V-1"}]},
            "waivers[1].control: mine has no control 'V-1'.",
        ),
        (
            {"waivers": [{**GOOD, "until": "31.03.2027"}]},
            "waivers[0].until is '31.03.2027'; it has to be the last day as YYYY-MM-DD, such as 2027-03-31.",
        ),
        ({"waivers": [{**GOOD, "until": "2027-02-30"}]}, "waivers[0].until is '2027-02-30'; it has to be the last day"),
        ({"waivers": [{**GOOD, "until": "20270331"}]}, "waivers[0].until is '20270331'; it has to be the last day"),
        ({"waivers": [{**GOOD, "until": ""}]}, "waivers[0].until is ''; it has to be the last day"),
        ({"waivers": [{**GOOD, "accounts": []}]}, "waivers[0] names no accounts."),
        ({"waivers": [{**GOOD, "reason": " "}]}, "waivers[0] gives no reason."),
        ({"waivers": [{**GOOD, "accounts": ["a\tb"]}]}, "The account name 'a?b' holds a control character."),
    ],
)
def test_what_is_refused(written: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as found:
        options(**written)
    assert str(found.value).startswith(says)


def test_a_sid_that_is_nobodys_can_be_waived() -> None:
    [waiver] = options(waivers=[{**GOOD, "accounts": ["S-1-5-21-1-2-3"]}]).waivers
    assert [name.sid for name in waiver.accounts] == ["S-1-5-21-1-2-3"]
