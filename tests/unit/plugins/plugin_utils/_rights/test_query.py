# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_right_info's result, word by word: who holds, through what, who may, and what it asks the host for that."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import UnresolvedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    CachedPolicy,
    GroupMembers,
    RightsQuery,
    RightsReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.query import overview
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Remains
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.tests.support.memory_host import EXSVC, MemoryHost

TCB, BATCH = "SeTcbPrivilege", "SeBatchLogonRight"
ADMINISTRATORS = "S-1-5-32-544"
GHOST, STAFF, POOL = "S-1-5-21-1-2-3-4000", "S-1-5-21-1-2-3-1200", "S-1-5-80-1-2-3-4-5"
EXSVC_SHOWN = {"sid": EXSVC, "name": "CORP\\exsvc", "kind": "account"}
ADMINISTRATORS_SHOWN = {"sid": ADMINISTRATORS, "name": "BUILTIN\\Administrators", "kind": "alias"}
NONE_SEEN = {
    "status": "none_seen",
    "gpo": None,
    "source": None,
    "sources": ["cache", "mdm"],
    "disagreement": None,
    "why_unknown": None,
    "domain_controller": False,
    "as_of": "2026-11-24T09:00:00Z",
}


def tell(host: MemoryHost, *names: str, rights: tuple[str, ...] = (TCB,)) -> dict[str, Any]:
    """What the host's state gives; nothing may have been changed (the fake refuses to apply)."""
    host.resolves = {**dict.fromkeys(names, EXSVC), **host.resolves}
    return overview(host, rights, [parse(name) for name in names], lambda _warning: None)


def standalone(**state: Any) -> MemoryHost:
    return MemoryHost(role=2, **state)


def test_one_right_and_nobody_asked_for() -> None:
    host = standalone(
        rights={TCB: (EXSVC, GHOST), BATCH: (ADMINISTRATORS,)},
        unpinned={TCB: ("Lost",)},
        unreadable={TCB: "a token holds ?"},
        kinds={GHOST: "orphan"},
    )
    assert tell(host) == {
        "changed": False,
        "computer": {"name": "EXCH", "domain": "corp.example", "part_of_domain": False, "domain_controller": False},
        "rights": [
            {
                "name": TCB,
                "display_name": "Act as part of the operating system",
                "holders": [EXSVC_SHOWN, {"sid": GHOST, "name": None, "kind": "orphan"}],
                "unresolved": ["Lost"],
                "unreadable": "a token holds ?",
                "governed": NONE_SEEN,
            }
        ],
        "accounts": [
            {**EXSVC_SHOWN, "asked_as": None, "direct": [TCB], "through": [], "may_hold": []},
            {"sid": GHOST, "name": None, "kind": "orphan", "asked_as": None, "direct": [TCB]}
            | {"through": [], "may_hold": []},
        ],
        "orphans": [GHOST],
    }
    assert not [asked for asked in host.calls if asked.startswith("group_members")]


def test_a_right_that_nobody_holds_is_there_and_empty() -> None:
    result = tell(standalone())
    [right] = result["rights"]
    assert (right["holders"], right["unresolved"], right["unreadable"]) == ([], [], None)
    assert (result["accounts"], result["orphans"]) == ([], [])


def test_no_rights_asked_for_means_the_catalogue_and_what_else_the_host_has() -> None:
    result = tell(standalone(rights={"SeNewPrivilege": (EXSVC,)}), rights=())
    assert [right["name"] for right in result["rights"]] == sorted([*RIGHTS, "SeNewPrivilege"])
    assert result["accounts"][0]["direct"] == ["SeNewPrivilege"]


@pytest.mark.parametrize(("rights", "pinned"), [((TCB,), frozenset({TCB})), ((), None)], ids=["one", "all"])
def test_only_the_rights_that_are_told_are_pinned_and_leavings_are_removed(
    monkeypatch: pytest.MonkeyPatch, rights: tuple[str, ...], pinned: frozenset[str] | None
) -> None:
    host = standalone()
    queries: list[RightsQuery] = []

    def read(query: RightsQuery) -> RightsReading:
        queries.append(query)
        return MemoryHost.read_rights(host, query)

    monkeypatch.setattr(host, "read_rights", read)
    asked = [parse("CORP\\exsvc")]
    host.resolves = {"CORP\\exsvc": EXSVC}
    overview(host, rights, asked, lambda _warning: None)
    [query] = queries
    assert (query.pin, query.tidy, tuple(query.names)) == (pinned, True, tuple(asked))


def test_an_account_that_is_asked_for_and_holds_nothing() -> None:
    result = tell(standalone(rights={TCB: (ADMINISTRATORS,)}, groups={"Administrators": GroupMembers()}), "CORP\\exsvc")
    assert result["accounts"] == [
        {**EXSVC_SHOWN, "asked_as": "CORP\\exsvc", "direct": [], "through": [], "may_hold": []}
    ]


def test_through_a_local_group_whose_members_windows_tells() -> None:
    members = GroupMembers((("CORP", "exsvc"),))
    host = standalone(
        rights={TCB: (ADMINISTRATORS,), BATCH: (EXSVC, ADMINISTRATORS)}, groups={"Administrators": members}
    )
    [account] = tell(host, "CORP\\exsvc", rights=(BATCH, TCB))["accounts"]
    assert account["direct"] == [BATCH]
    assert account["through"] == [{"right": TCB, "groups": [ADMINISTRATORS_SHOWN]}]
    assert account["may_hold"] == []
    assert [asked for asked in host.calls if asked.startswith("group_members")] == ["group_members Administrators"]


def test_what_cannot_be_looked_into_may_hold_and_says_why() -> None:
    host = standalone(
        rights={TCB: (STAFF,)}, unpinned={TCB: ("Lost",)}, names={EXSVC: "CORP\\exsvc", STAFF: "CORP\\Staff"}
    )
    [account] = tell(host, "CORP\\exsvc")["accounts"]
    assert (account["direct"], account["through"]) == ([], [])
    assert account["may_hold"] == [
        {
            "right": TCB,
            "groups": [
                {"sid": STAFF, "name": "CORP\\Staff", "kind": "account"},
                {"sid": None, "name": "Lost", "kind": "unknown"},
            ],
            "why": "who is in these groups cannot be seen from here",
        }
    ]


def test_a_line_that_was_not_understood_may_hold_anybody() -> None:
    [account] = tell(standalone(unreadable={TCB: "a token holds ?"}), "CORP\\exsvc")["accounts"]
    assert account["may_hold"] == [{"right": TCB, "groups": [], "why": "a token holds ?"}]


def test_every_account_that_is_asked_for_is_told_as_it_was_written_and_in_that_order() -> None:
    host = standalone(rights={TCB: (EXSVC,)}, resolves={"CORP\\staff": STAFF}, names={EXSVC: "CORP\\exsvc"})
    accounts = tell(host, "CORP\\staff", "corp\\EXSVC")["accounts"]
    assert [(account["asked_as"], account["sid"], account["direct"]) for account in accounts] == [
        ("CORP\\staff", STAFF, []),
        ("corp\\EXSVC", EXSVC, [TCB]),
    ]


@pytest.mark.parametrize(
    ("name", "sid", "groups"),
    [("NT SERVICE\\pool", POOL, ["S-1-5-6"]), ("CORP\\exsvc", EXSVC, [])],
    ids=["a service", "a user"],
)
def test_what_every_service_holds_is_held_by_service_accounts_only(name: str, sid: str, groups: list[str]) -> None:
    """Whether somebody's account runs a service is not known, so SERVICE may hold for it and no more."""
    host = standalone(rights={TCB: ("S-1-5-6",)}, names={EXSVC: "CORP\\exsvc", POOL: "NT SERVICE\\pool"})
    host.resolves = {name: sid}
    [account] = tell(host, name)["accounts"]
    assert [group["sid"] for through in account["through"] for group in through["groups"]] == groups
    assert [may["right"] for may in account["may_hold"]] == ([] if groups else [TCB])


def test_members_are_asked_of_twelve_groups_at_most_and_of_each_once() -> None:
    aliases = tuple(f"S-1-5-32-{rid}" for rid in range(600, 620))
    names = {EXSVC: "CORP\\exsvc", **{sid: f"BUILTIN\\G{999 - int(sid[-3:])}" for sid in aliases}}
    host = standalone(rights={TCB: aliases, BATCH: aliases[:12]}, names=names)
    tell(host, "CORP\\exsvc", rights=(TCB, BATCH))
    asked = [line for line in host.calls if line.startswith("group_members")]
    assert asked == [f"group_members G{999 - number}" for number in range(600, 612)]


def test_a_right_through_administrators_is_told_however_many_groups_of_this_computer_hold_rights() -> None:
    own = {f"S-1-5-21-7-7-7-{rid}": f"EXCH\\Team {rid}" for rid in range(1001, 1013)}
    members = {name.rpartition("\\")[2]: GroupMembers() for name in own.values()}
    host = standalone(
        rights={BATCH: tuple(own), TCB: (ADMINISTRATORS,)},
        names={EXSVC: "CORP\\exsvc", **own},
        groups={**members, "Administrators": GroupMembers((("CORP", "exsvc"),))},
    )
    [account] = tell(host, "CORP\\exsvc", rights=(BATCH, TCB))["accounts"]
    assert account["through"] == [{"right": TCB, "groups": [ADMINISTRATORS_SHOWN]}]
    assert len([asked for asked in host.calls if asked.startswith("group_members")]) == 12


def test_who_governs_is_told_of_each_right() -> None:
    policy = CachedPolicy("gpt00001.inf", "{AAAA}", {TCB: ("*S-1-5-32-544",)})
    host = standalone(policies=(policy,), gpo_names={"{AAAA}": "Server Hardening"})
    governed = {right["name"]: right["governed"] for right in tell(host, rights=(TCB, BATCH))["rights"]}
    assert governed[BATCH] == NONE_SEEN
    assert governed[TCB]["gpo"] == {"guid": "{AAAA}", "name": "Server Hardening", "holders": ["*S-1-5-32-544"]}


def test_names_that_the_host_does_not_know_are_all_named_with_what_was_tried() -> None:
    host = standalone(resolves={"CORP\\here": EXSVC})
    with pytest.raises(UnresolvedError) as caught:
        overview(
            host, (TCB,), [parse(name) for name in ("CORP\\here", "CORP\\gone", "CORP\\lost")], lambda _warning: None
        )
    assert "'CORP\\gone': icacls: 1332; 'CORP\\lost': icacls: 1332" in str(caught.value)
    assert "here" not in str(caught.value)
    assert "accounts" not in host.calls


def test_a_roll_back_whose_traces_the_read_removes_is_named() -> None:
    said: list[str] = []
    overview(MemoryHost(remains=(Remains("winmail restores user rights", (TCB,), result=0),)), (), (), said.append)
    (warning,) = said
    assert warning.startswith("An earlier change of Act as part of the operating system (SeTcbPrivilege) on this host")
    assert "its roll-back 'winmail restores user rights' ran" in warning
