# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task asks for: both forms become one, and what cannot be meant is refused before any host is asked."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, UnresolvedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Resolution
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import (
    RightOptions,
    parse_rights,
    wanted,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import Wanted

TCB = "SeTcbPrivilege"
GUESTS = "S-1-5-32-546"


def short(state: str, accounts: list[str] | None) -> RightOptions:
    (found,) = parse_rights({"name": "act as part of the operating system", "accounts": accounts, "state": state})
    assert found.right.constant == TCB
    return found


def sids(names: tuple[Any, ...] | None) -> list[str | None] | None:
    return None if names is None else [name.sid for name in names]


@pytest.mark.parametrize(
    ("state", "accounts", "add", "remove", "exact"),
    [
        ("present", ["Guests"], [GUESTS], [], None),
        ("absent", ["Guests"], [], [GUESTS], None),
        ("pure", ["Guests"], [], [], [GUESTS]),
        ("pure", [], [], [], []),
        ("present", [], [], [], None),
        ("absent", None, [], [], None),
    ],
)
def test_the_short_form_says_who_shall_hold_one_right(
    state: str, accounts: list[str] | None, add: list[str], remove: list[str], exact: list[str] | None
) -> None:
    found = short(state, accounts)
    assert (sids(found.add), sids(found.remove), sids(found.exact)) == (add, remove, exact)


def test_the_long_form_says_it_for_many() -> None:
    found = parse_rights(
        {
            "rights": [
                {"name": TCB, "add": ["CORP\\exsvc"], "remove": None, "set": None},
                {"name": "Log on as a service", "add": ["S-1-1-0"], "remove": ["CORP\\old"], "set": None},
                {"name": "sedenynetworklogonright", "add": None, "remove": None, "set": [GUESTS]},
                {"name": "SeAuditPrivilege", "set": []},
                {"name": "SeDebugPrivilege", "add": []},
            ]
        }
    )
    assert [request.right.constant for request in found] == [
        TCB,
        "SeServiceLogonRight",
        "SeDenyNetworkLogonRight",
        "SeAuditPrivilege",
        "SeDebugPrivilege",
    ]
    assert [name.written for name in found[1].names] == ["S-1-1-0", "CORP\\old"]
    assert sids(found[2].exact) == [GUESTS]
    assert found[3].exact == ()
    assert (found[4].names, found[4].exact) == ((), None)


def test_an_entry_that_is_not_enabled_is_as_if_it_were_not_written() -> None:
    entries = [
        {"name": TCB, "set": [], "enabled": False},
        {"name": TCB, "set": ["S-1-5-19"], "enabled": True},
        {"name": "SeAuditPrivilege", "set": []},
        {"name": "SeNobodyKnowsPrivilege", "add": ["x\\y\\z"], "enabled": False},
    ]
    found = parse_rights({"rights": entries})
    assert [(one.right.constant, sids(one.exact)) for one in found] == [(TCB, ["S-1-5-19"]), ("SeAuditPrivilege", [])]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        pytest.param({"name": TCB}, "says neither add, nor remove, nor set", id="nothing"),
        pytest.param({"name": TCB, "set": None}, "says neither add, nor remove, nor set", id="set left blank"),
        pytest.param({"name": TCB, "set": [], "add": ["x"]}, "set together with add or remove", id="set and add"),
        pytest.param({"name": TCB, "set": ["y"], "remove": ["x"]}, "set together with", id="set and remove"),
        pytest.param({"name": "SeTcb", "add": []}, "Unknown user right 'SeTcb'", id="unknown right"),
        pytest.param({"name": TCB, "add": ['a"b']}, 'holds "', id="quote"),
        pytest.param({"name": TCB, "remove": [""]}, "is empty", id="empty name"),
        pytest.param({"name": TCB, "set": ["%x%"]}, "holds %", id="percent"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(entry: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_rights({"rights": [entry]})


def asked() -> tuple[RightOptions, ...]:
    return parse_rights(
        {
            "rights": [
                {"name": TCB, "add": ["CORP\\exsvc", "S-1-5-21-1-2-3-1107"], "remove": ["corp\\old"]},
                {"name": "SeAuditPrivilege", "set": ["CORP\\exsvc"]},
            ]
        }
    )


def test_resolved_names_become_sids_and_the_same_account_counts_once() -> None:
    resolved = {
        "CORP\\exsvc": Resolution("S-1-5-21-1-2-3-1107"),
        "S-1-5-21-1-2-3-1107": Resolution("S-1-5-21-1-2-3-1107"),
        "corp\\old": Resolution("S-1-5-21-1-2-3-1108"),
    }
    assert wanted(asked(), resolved) == (
        Wanted(TCB, add=("S-1-5-21-1-2-3-1107",), remove=("S-1-5-21-1-2-3-1108",)),
        Wanted("SeAuditPrivilege", exact=("S-1-5-21-1-2-3-1107",)),
    )


def test_unknown_accounts_are_all_named_with_what_was_tried() -> None:
    resolved = {
        "CORP\\exsvc": Resolution(None, ("CIM knows no local user", "icacls: exit code 1332")),
        "S-1-5-21-1-2-3-1107": Resolution("S-1-5-21-1-2-3-1107"),
        "corp\\old": Resolution(None),
    }
    with pytest.raises(UnresolvedError) as refused:
        wanted(asked(), resolved)
    text = str(refused.value)
    assert text.startswith("These accounts could not be resolved to SIDs.")
    assert "exsvc" in text
    assert "CIM knows no local user, icacls: exit code 1332" in text
    assert "no way to ask" in text
    assert "deleted can only be removed by its SID" in text


def test_one_unknown_account_is_told_in_the_singular() -> None:
    found = parse_rights({"name": TCB, "accounts": ["nobody"], "state": "absent"})
    with pytest.raises(UnresolvedError, match="This account could not be resolved to a SID"):
        wanted(found, {"nobody": Resolution(None, ("icacls",))})
