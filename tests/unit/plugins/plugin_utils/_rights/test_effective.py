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
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import effective as hold
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids

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
        # well_known.py names a document or a capture for each
        pytest.param("S-1-0-0", id="nobody"),
        pytest.param("S-1-3-4", id="OWNER RIGHTS"),
        pytest.param("S-1-5-7", id="ANONYMOUS LOGON"),
        pytest.param("S-1-5-8", id="PROXY"),
        pytest.param("S-1-5-9", id="domain controllers"),
        pytest.param("S-1-5-17", id="IUSR"),
        pytest.param("S-1-5-21-1-2-3", id="a domain itself"),
        pytest.param("S-1-5-83-0", id="virtual machines"),
        pytest.param("S-1-5-83-1-1-2-3-4", id="a virtual machine"),
        pytest.param("S-1-5-84-0-0-0-0-0", id="user mode drivers"),
        pytest.param("S-1-5-87-1-2-3-4-5", id="a task"),
        pytest.param("S-1-5-90-0", id="Window Manager Group"),
        pytest.param("S-1-5-90-0-1", id="a window manager"),
        pytest.param("S-1-5-96-0-0", id="a font driver host"),
        pytest.param("S-1-5-99-0", id="ALL RESTRICTED SERVICES"),
        pytest.param(
            "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229", id="a restricted service of 24H2"
        ),
        pytest.param("S-1-11-96-1-2-3", id="a Microsoft account"),
        pytest.param("S-1-12-1-1-2-3-4", id="Microsoft Entra, for an account of the domain"),
        pytest.param("S-1-15-2-1", id="ALL APPLICATION PACKAGES"),
        pytest.param("S-1-15-2-1-2-3-4-5-6-7", id="an app container"),
        pytest.param("S-1-15-3-1024-1-2-3", id="a capability"),
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
        # In tokens by rules that no document tells for every logon.
        pytest.param("S-1-2-0", id="LOCAL"),
        pytest.param("S-1-2-1", id="CONSOLE LOGON"),
        pytest.param("S-1-5-12", id="RESTRICTED"),
        pytest.param("S-1-5-33", id="WRITE RESTRICTED"),
        pytest.param("S-1-5-64-10", id="NTLM Authentication"),
        pytest.param("S-1-5-64-99", id="a package that nobody knows yet"),
        pytest.param("S-1-5-1000", id="Other Organization"),
        pytest.param("S-1-16-12288", id="an integrity level"),
        pytest.param("S-1-18-1", id="asserted identity"),
        # No document knows these, so nobody can say who is in them.
        pytest.param("S-1-99-1-2-3", id="an unknown authority"),
        pytest.param("S-1-5-200-1", id="an unknown number of Windows' own authority"),
        pytest.param("S-1-5-100-1-2-3", id="a number that is not given out"),
        pytest.param("S-1-5-4-1", id="one number too many"),
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


@pytest.mark.parametrize(
    ("own", "name", "holder", "held"),
    [
        pytest.param("S-1-5-21-1-2-3-501", "CORP\\Guest", "S-1-5-11", "missing", id="Guest is not authenticated"),
        pytest.param("S-1-5-21-1-2-3-501", "CORP\\Guest", "S-1-1-0", "group", id="but one of Everyone"),
        pytest.param("S-1-5-7", "NT AUTHORITY\\ANONYMOUS LOGON", "S-1-5-11", "missing", id="nor is who gave no name"),
        pytest.param("S-1-5-7", "NT AUTHORITY\\ANONYMOUS LOGON", "S-1-1-0", "unknown", id="a setting decides"),
        pytest.param("S-1-15-3-1", None, "S-1-1-0", "unknown", id="a capability is no account"),
        pytest.param("S-1-12-1-1-2-3-4", "AzureAD\\x", "S-1-12-1-5-6-7-8", "unknown", id="Entra within Entra"),
        pytest.param("S-1-5-21-9-9-9-1002", "EXCH\\svc", "S-1-12-1-5-6-7-8", "missing", id="a local one in Entra"),
        pytest.param("S-1-5-99-1-2-3-4-5", "RESTRICTED SERVICES\\x", "S-1-5-99-0", "unknown", id="restricted ones"),
        pytest.param("S-1-5-99-1-2-3-4-5", "RESTRICTED SERVICES\\x", "S-1-5-80-0", "unknown", id="all services?"),
        pytest.param("S-1-5-83-1-1-2-3-4", "NT VIRTUAL MACHINE\\x", "S-1-5-83-0", "unknown", id="machines"),
        pytest.param("S-1-5-90-0-1", "Window Manager\\DWM-1", "S-1-5-90-0", "unknown", id="window managers"),
        pytest.param("S-1-5-90-0-1", "Window Manager\\DWM-1", "S-1-5-83-0", "missing", id="of another name space"),
        pytest.param("S-1-5-80-1-2-3-4-5", "NT SERVICE\\x", "S-1-5-99-0", "missing", id="a service is no restricted"),
    ],
)
def test_who_the_account_is_decides_as_well(own: str, name: str | None, holder: str, held: str) -> None:
    assert judge(holder, subject=hold.Subject(own, name, service=False)).held == held


def test_the_account_of_a_domain_controller_may_be_one_of_them() -> None:
    subject = hold.Subject("S-1-5-21-1-2-3-1000", "CORP\\DC1$", service=False)
    assert judge("S-1-5-9", subject=subject).held == "unknown"


def test_an_account_elsewhere_may_be_in_a_group_of_microsoft_entra() -> None:
    outside = hold.Context(Computer("EXCH", "WORKGROUP", 2, part_of_domain=False), {}, {})
    held = hold.judge(TCB, SUBJECT, [Holder("*S-1-12-1-1-2-3-4", "S-1-12-1-1-2-3-4")], outside).held
    assert held == "unknown"


def test_a_virtual_account_is_one_of_installed() -> None:
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


def test_groups_worth_asking_for_are_this_computers() -> None:
    holders = [Holder("", sid) for sid in (LOCAL_GROUP, OTHER, "S-1-5-18", ADMINISTRATORS, LOCAL_NONE)]
    asked = hold.local_groups(SUBJECT, holders, context())
    assert asked == ((LOCAL_GROUP, "mail admins"), (ADMINISTRATORS, "Administratoren"), (LOCAL_NONE, "None"))


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
