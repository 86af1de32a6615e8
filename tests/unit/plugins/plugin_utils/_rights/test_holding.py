# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holding: direct, group and missing are said only where they are certain."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Computer,
    GroupMembers,
    Holder,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import holding as hold
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import sid as sids

COMPUTER = Computer("EXCH", "corp.example", 3, part_of_domain=True)
EXSVC = "S-1-5-21-1-2-3-1107"
OTHER = "S-1-5-21-1-2-3-2000"
LOCAL_GROUP = "S-1-5-21-9-9-9-1001"
LOCAL_NONE = "S-1-5-21-9-9-9-513"
NAMELESS = "S-1-5-21-7-7-7-8000"
ADMINISTRATORS = "S-1-5-32-544"
TCB, LOGON = "SeTcbPrivilege", "SeServiceLogonRight"
SUBJECT = hold.Subject(EXSVC, "CORP\\exsvc")


def context(members: dict[str, GroupMembers] | None = None, **names: str) -> hold.Context:
    accounts = {
        sid: Account(sid, name, sids.kind_of(sid, name))
        for sid, name in {
            ADMINISTRATORS: "VORDEFINIERT\\Administratoren",
            LOCAL_GROUP: "EXCH\\mail admins",
            LOCAL_NONE: "EXCH\\None",
            OTHER: "CORP\\other",
            "S-1-5-21-1-2-3-3000": "CORP\\gmsa$",
            **names,
        }.items()
    }
    accounts[NAMELESS] = Account(NAMELESS, None, "orphan")
    return hold.Context(COMPUTER, accounts, members or {})


def judge(
    *holders: str,
    right: str = TCB,
    subject: hold.Subject = SUBJECT,
    members: dict[str, GroupMembers] | None = None,
    unreadable: str | None = None,
) -> hold.Holding:
    listed = [Holder("*" + sid, sid) for sid in holders]
    return hold.judge(right, subject, listed, context(members), unreadable)


def test_the_account_itself() -> None:
    assert judge(OTHER, EXSVC).held == "direct"


def test_the_account_itself_on_a_line_that_is_half_unreadable() -> None:
    assert judge(EXSVC, unreadable="odd").held == "direct"


def test_nobody() -> None:
    assert judge().held == "missing"


@pytest.mark.parametrize(
    "sid",
    [
        pytest.param("S-1-5-18", id="Local System"),
        pytest.param("S-1-5-20", id="Network Service"),
        pytest.param("S-1-5-21-1-2-3-500", id="the domain's Administrator"),
        pytest.param("S-1-5-80-1-2-3-4-5", id="a service"),
        pytest.param("S-1-5-82-1-2-3-4-5", id="an application pool"),
        pytest.param("S-1-5-80-0", id="ALL SERVICES"),
        pytest.param("S-1-5-4", id="INTERACTIVE"),
        pytest.param("S-1-5-113", id="local accounts"),
        pytest.param("S-1-5-21-1-2-3-3000", id="a managed account, by its name"),
    ],
)
def test_holders_that_cannot_contain_the_account(sid: str) -> None:
    assert judge(sid).held == "missing"


@pytest.mark.parametrize(
    "sid",
    [
        pytest.param(OTHER, id="a domain account that may be a group"),
        pytest.param("S-1-5-21-1-2-3-513", id="Domain Users"),
        pytest.param("S-1-5-21-7-7-7-1234", id="an account without a name"),
        pytest.param(ADMINISTRATORS, id="a local group that nobody asked"),
        pytest.param("S-1-5-15", id="This Organization"),
    ],
)
def test_holders_that_may_contain_the_account(sid: str) -> None:
    found = judge(sid)
    assert (found.held, found.may_via) == ("unknown", (sid,))
    assert found.why


@pytest.mark.parametrize(
    ("sid", "right", "held"),
    [
        ("S-1-1-0", TCB, "group"),
        ("S-1-5-11", LOGON, "group"),
        ("S-1-5-6", TCB, "group"),
        ("S-1-5-6", LOGON, "missing"),
    ],
)
def test_groups_that_every_service_is_in(sid: str, right: str, held: str) -> None:
    found = judge(sid, right=right)
    assert found.held == held
    assert found.via == ((sid,) if held == "group" else ())


def test_a_virtual_account_is_one_of_all_services() -> None:
    subject = hold.Subject("S-1-5-80-1-2-3-4-5", "NT SERVICE\\x")
    assert judge("S-1-5-80-0", right=LOGON, subject=subject).held == "group"


def test_a_local_account_is_one_of_the_local_accounts() -> None:
    subject = hold.Subject("S-1-5-21-9-9-9-1002", "exch\\svc")
    assert judge("S-1-5-113", subject=subject).held == "group"
    assert judge("S-1-5-114", subject=subject).held == "unknown"


@pytest.mark.parametrize(
    ("members", "held"),
    [
        pytest.param(GroupMembers((("corp", "EXSVC"),)), "group", id="a member, in any case"),
        pytest.param(GroupMembers((("CORP", "exsvc"),), complete=False), "group", id="a member of a partial list"),
        pytest.param(GroupMembers((("EXCH", "exsvc"),)), "unknown", id="a namesake; the other may be a group"),
        pytest.param(GroupMembers((("CORP", "Domain Admins"),)), "unknown", id="a nested domain group"),
        pytest.param(GroupMembers(()), "missing", id="an empty group"),
        pytest.param(GroupMembers((), complete=False), "unknown", id="refused"),
    ],
)
def test_members_of_a_local_group(members: GroupMembers, held: str) -> None:
    found = judge(ADMINISTRATORS, members={ADMINISTRATORS: members})
    assert found.held == held


def test_a_token_that_is_not_pinned_may_be_anybody() -> None:
    found = hold.judge(TCB, SUBJECT, [Holder("Gr?ppe", None)], context())
    assert (found.held, found.may_via) == ("unknown", ("Gr?ppe",))


def test_an_unreadable_line_is_unknown() -> None:
    found = judge("S-1-5-18", unreadable="a line that nobody expects")
    assert (found.held, found.why) == ("unknown", "a line that nobody expects")


def test_an_account_that_was_not_found() -> None:
    found = judge(EXSVC, subject=hold.Subject(None, "x", "no SID was found"))
    assert (found.held, found.why) == ("unknown", "no SID was found")


def test_local_system_has_more_than_any_list_says() -> None:
    assert judge(OTHER, subject=hold.Subject("S-1-5-18")).held == "unknown"


def test_groups_worth_asking_for_are_this_computers_and_administrators_come_first() -> None:
    holders = [Holder("", sid) for sid in (LOCAL_GROUP, OTHER, "S-1-5-18", ADMINISTRATORS, LOCAL_NONE)]
    asked = hold.local_groups(SUBJECT, holders, context())
    assert asked == ((ADMINISTRATORS, "Administratoren"), (LOCAL_GROUP, "mail admins"), (LOCAL_NONE, "None"))


def test_no_group_is_asked_for_a_direct_holder() -> None:
    holders = [Holder("", ADMINISTRATORS), Holder("", EXSVC)]
    assert hold.local_groups(SUBJECT, holders, context()) == ()


def test_a_local_account_is_in_no_group_of_a_domain() -> None:
    local = hold.Subject("S-1-5-21-9-9-9-1002", "EXCH\\first.last", service=False)
    assert judge(OTHER, subject=local).held == "missing"
    assert judge("S-1-5-21-7-7-7-7000", subject=local).held == "unknown"  # nobody knows whose SID that is
    assert judge(NAMELESS, subject=local).held == "unknown"


@pytest.mark.parametrize("group", [ADMINISTRATORS, LOCAL_GROUP], ids=["an alias", "a group of this computer"])
def test_a_local_account_may_be_in_a_group_of_its_computer_that_nobody_asked(group: str) -> None:
    local = hold.Subject("S-1-5-21-9-9-9-1002", "EXCH\\first.last", service=False)
    assert judge(group, subject=local).held == "unknown"


@pytest.mark.parametrize(
    ("subject", "holders", "unreadable", "why"),
    [
        pytest.param(SUBJECT, [EXSVC], None, "", id="direct"),
        pytest.param(SUBJECT, ["S-1-1-0"], None, "", id="group"),
        pytest.param(SUBJECT, [], None, "", id="missing"),
        pytest.param(SUBJECT, [OTHER], None, "who is in these groups cannot be seen from here", id="unknown, groups"),
        pytest.param(SUBJECT, [], "odd", "odd", id="unknown, line"),
        pytest.param(hold.Subject(None, why="no SID"), [], None, "no SID", id="unknown, account"),
        pytest.param(
            hold.Subject("S-1-5-18"),
            [],
            None,
            "Local System has privileges that no policy lists",
            id="unknown, Local System",
        ),
    ],
)
def test_every_answer_names_the_right_and_unknown_says_why(
    subject: hold.Subject, holders: list[str], unreadable: str | None, why: str
) -> None:
    found = judge(*holders, subject=subject, unreadable=unreadable)
    assert (found.right, found.why) == (TCB, why)


@pytest.mark.parametrize(("service", "held"), [(True, "missing"), (False, "unknown")])
def test_who_only_may_log_on_as_a_batch_job_may_hold_what_batch_holds(service: bool, held: str) -> None:
    assert judge("S-1-5-3", subject=hold.Subject(EXSVC, "CORP\\exsvc", service=service)).held == held
