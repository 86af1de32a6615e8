# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard: who would be cut off by a plan, and that safe plans pass."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Caller, Change, Computer, Plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import guard
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.defaults import OWN_HOLDERS, OwnHolder
from ansible_collections.winmail.exchange.tests.support.captures import capture

ME, MY_GROUP, OTHER = "S-1-5-21-1-2-3-1200", "S-1-5-21-1-2-3-1300", "S-1-5-21-1-2-3-1400"
ADMINISTRATORS, USERS, GUESTS, EVERYONE, AUTHENTICATED = (
    "S-1-5-32-544", "S-1-5-32-545", "S-1-5-32-546", "S-1-1-0", "S-1-5-11",
)  # fmt: skip
ALL_SERVICES, SERVICE, CONTROLLERS = "S-1-5-80-0", "S-1-5-6", "S-1-5-9"
LOCAL, LOCAL_ADMINISTRATORS = "S-1-5-113", "S-1-5-114"
CALLER = Caller(ME, frozenset({MY_GROUP, ADMINISTRATORS, EVERYONE, AUTHENTICATED, "S-1-5-2"}))
HELPER = Caller(ME, frozenset({MY_GROUP, "S-1-5-2"}))
MEMBER = Computer("EXCH", "CORP", 3, part_of_domain=True)
STANDALONE = Computer("EXCH", "WORKGROUP", 2, part_of_domain=False)
CONTROLLER = Computer("DC", "CORP", 5, part_of_domain=True)

NETWORK, LOCALLY, REMOTELY = "SeNetworkLogonRight", "SeInteractiveLogonRight", "SeRemoteInteractiveLogonRight"
DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY, DENY_BATCH, DENY_SERVICE = (
    "SeDenyNetworkLogonRight", "SeDenyInteractiveLogonRight", "SeDenyRemoteInteractiveLogonRight",
    "SeDenyBatchLogonRight", "SeDenyServiceLogonRight",
)  # fmt: skip


def victims(
    right: str,
    before: list[str],
    after: list[str],
    caller: Caller | None = CALLER,
    computer: Computer = MEMBER,
) -> list[str]:
    risks = guard.risks(Plan((Change(right, tuple(before), tuple(after)),)), caller, computer)
    assert all(risk.right == right for risk in risks)
    return [risk.who for risk in risks]


@pytest.mark.parametrize("right", [NETWORK, LOCALLY, REMOTELY])
def test_taking_the_last_entry_that_lets_administrators_in_is_a_risk(right: str) -> None:
    assert "Administrators (S-1-5-32-544)" in victims(right, [ADMINISTRATORS, OTHER], [OTHER])
    assert "Administrators (S-1-5-32-544)" in victims(right, [EVERYONE, OTHER], [OTHER])
    assert "Administrators (S-1-5-32-544)" in victims(right, [ADMINISTRATORS], [])


@pytest.mark.parametrize("right", [NETWORK, LOCALLY, REMOTELY])
@pytest.mark.parametrize("kept", [ADMINISTRATORS, EVERYONE, AUTHENTICATED])
def test_one_entry_that_lets_administrators_in_is_enough(right: str, kept: str) -> None:
    assert victims(right, [ADMINISTRATORS, EVERYONE, AUTHENTICATED, OTHER], [kept]) == []


@pytest.mark.parametrize("right", [NETWORK, LOCALLY, REMOTELY])
@pytest.mark.parametrize("mine", [ME, MY_GROUP])
def test_the_connecting_account_is_protected_by_its_sid_and_by_its_groups(right: str, mine: str) -> None:
    assert victims(right, [mine, OTHER], [OTHER], HELPER) == [f"the connecting account ({ME})"]
    assert victims(right, [mine, OTHER], [mine], HELPER) == []
    assert victims(right, [ME, MY_GROUP], [MY_GROUP], HELPER) == []


def test_without_whoami_a_smaller_network_right_may_cut_off_the_connecting_account() -> None:
    assert victims(NETWORK, [OTHER, ADMINISTRATORS], [ADMINISTRATORS], None) == [
        "perhaps the connecting account (whoami did not say who that is)"
    ]
    assert victims(NETWORK, [OTHER, EVERYONE], [EVERYONE], None) == [], "whoever it is, everybody is let in"
    assert victims(LOCALLY, [OTHER, ADMINISTRATORS], [ADMINISTRATORS], None) == []


@pytest.mark.parametrize("right", [NETWORK, LOCALLY, REMOTELY, "SeServiceLogonRight"])
def test_letting_somebody_in_is_never_a_risk(right: str) -> None:
    assert victims(right, [OTHER], [OTHER, ADMINISTRATORS], None) == []
    assert victims(right, [], [OTHER], None) == []


def test_who_was_not_let_in_loses_nothing() -> None:
    assert victims(NETWORK, [OTHER, GUESTS], [GUESTS], HELPER) == []
    assert victims(NETWORK, [OTHER, ADMINISTRATORS], [ADMINISTRATORS], CALLER, CONTROLLER) == []
    assert victims(DENY_NETWORK, [], [OTHER], HELPER, STANDALONE) == []


def test_a_right_that_let_nobody_of_ours_in_can_be_cleared() -> None:
    assert victims(REMOTELY, [OTHER], []) == []


@pytest.mark.parametrize(
    ("before", "after", "who"),
    [
        ([EVERYONE, ADMINISTRATORS, CONTROLLERS], [ADMINISTRATORS, CONTROLLERS], ["every user of the domain"]),
        (
            [AUTHENTICATED, ADMINISTRATORS],
            [ADMINISTRATORS],
            ["every user of the domain", "the other domain controllers"],
        ),
        ([CONTROLLERS, ADMINISTRATORS], [ADMINISTRATORS], ["the other domain controllers"]),
        ([EVERYONE, AUTHENTICATED, CONTROLLERS], [AUTHENTICATED], []),
    ],
)
def test_network_logon_on_a_domain_controller_keeps_users_and_controllers(
    before: list[str], after: list[str], who: list[str]
) -> None:
    found = victims(NETWORK, before, after, computer=CONTROLLER)
    assert len(found) == len(who)
    assert all(text.startswith(start) for text, start in zip(found, who, strict=True))
    assert victims(NETWORK, before, [*after, ADMINISTRATORS], computer=MEMBER) == []


@pytest.mark.parametrize("right", [DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY, DENY_BATCH, DENY_SERVICE])
@pytest.mark.parametrize("denied", [ADMINISTRATORS, EVERYONE, AUTHENTICATED, USERS])
def test_denying_a_group_that_holds_administrators_is_a_risk(right: str, denied: str) -> None:
    assert "Administrators (S-1-5-32-544)" in victims(right, [], [denied])


@pytest.mark.parametrize("right", [DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY, DENY_BATCH, DENY_SERVICE])
@pytest.mark.parametrize("mine", [ME, MY_GROUP])
def test_denying_the_connecting_account_or_its_group_is_a_risk(right: str, mine: str) -> None:
    assert victims(right, [GUESTS], [GUESTS, mine], HELPER) == [f"the connecting account ({ME})"]


@pytest.mark.parametrize(
    ("right", "logon"),
    [(DENY_NETWORK, "S-1-5-2"), (DENY_LOCALLY, "S-1-5-4"), (DENY_REMOTELY, "S-1-5-14"), (DENY_REMOTELY, "S-1-5-4"),
     (DENY_BATCH, "S-1-5-3")],
)  # fmt: skip
def test_denying_everybody_who_logs_on_in_that_way_is_a_risk(right: str, logon: str) -> None:
    assert "everybody who logs on in that way" in victims(right, [], [logon])


@pytest.mark.parametrize("denied", [ALL_SERVICES, SERVICE, EVERYONE])
def test_denying_installed_is_a_risk(denied: str) -> None:
    assert "all services at their next start" in victims(DENY_SERVICE, [], [denied])


@pytest.mark.parametrize("local", [LOCAL, LOCAL_ADMINISTRATORS])
def test_denying_local_accounts_is_a_risk_where_there_are_no_others(local: str) -> None:
    assert "every administrator of this computer (it is in no domain)" in victims(
        DENY_NETWORK, [], [local], computer=STANDALONE
    )
    assert victims(DENY_NETWORK, [], [local], computer=MEMBER) == []


def test_denying_local_accounts_is_a_risk_for_a_local_connecting_account() -> None:
    local = Caller(ME, frozenset({LOCAL, LOCAL_ADMINISTRATORS}))
    assert victims(DENY_NETWORK, [], [LOCAL_ADMINISTRATORS], local) == [f"the connecting account ({ME})"]


def test_denying_network_logon_without_whoami_may_cut_off_the_connecting_account() -> None:
    assert victims(DENY_NETWORK, [], [OTHER], None) == [
        "perhaps the connecting account (whoami did not say who that is)"
    ]
    assert victims(DENY_BATCH, [], [OTHER], None) == []


def test_denying_controllers_is_a_risk_on_a_controller_only() -> None:
    assert victims(DENY_NETWORK, [], [CONTROLLERS], computer=CONTROLLER) == ["the other domain controllers (S-1-5-9)"]
    assert victims(DENY_NETWORK, [], [CONTROLLERS]) == []


@pytest.mark.parametrize("right", [DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY, DENY_BATCH, DENY_SERVICE])
def test_denying_guests_and_taking_a_denial_away_are_safe(right: str) -> None:
    assert victims(right, [], [GUESTS]) == []
    assert victims(right, [ADMINISTRATORS, GUESTS], [GUESTS], None) == []


@pytest.mark.parametrize("row", [row for row in OWN_HOLDERS if not row.sid.endswith("-")], ids=lambda row: row.sid)
def test_what_windows_holds_by_default_is_kept_for_it(row: OwnHolder) -> None:
    sid = row.sid
    for right in sorted(row.rights):
        found = guard.risks(Plan((Change(right, (OTHER, sid), (OTHER,)),)), CALLER, CONTROLLER)
        assert any(sid in risk.who for risk in found), (right, found)
        assert victims(right, [OTHER], [OTHER, sid]) == victims(right, [sid, OTHER], [sid]) == [], (
            "it keeps what it has"
        )
        assert victims(right, [OTHER, EVERYONE, sid], [EVERYONE]) == [], "it is in Everyone"


def test_only_who_held_it_can_lose_it_and_only_by_default_holders() -> None:
    right = "SeServiceLogonRight"
    assert victims(right, [ALL_SERVICES, OTHER], [ALL_SERVICES]) == []
    assert victims(right, [OTHER], []) == []
    assert victims("SeBackupPrivilege", ["S-1-5-83-0"], []) == [], "it does not hold that one by default"
    assert victims(LOCALLY, [ADMINISTRATORS, CONTROLLERS], [ADMINISTRATORS]) == [], "no controller"
    pool = "S-1-5-82-1036420768-1044797643-1061213386-2937092688-4282445334"
    assert victims("SeAuditPrivilege", [pool], []) == [], "a pool that is gone can be cleaned up"


@pytest.mark.parametrize("right", sorted(next(row for row in OWN_HOLDERS if row.sid == "S-1-5-82-").rights))
def test_an_application_pool_that_is_there_is_guarded_where_a_list_forgets_it(right: str) -> None:
    pool, name = "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415", "IIS APPPOOL\\DefaultAppPool"
    there = {pool: name}
    plan = Plan((Change(right, (pool, OTHER), (OTHER,), exact=True),))
    assert [risk.who for risk in guard.risks(plan, CALLER, MEMBER, there)] == [f"{name} ({pool})"]
    assert guard.risks(plan, CALLER, MEMBER, {OTHER: "CORP\\x"}) == (), "it is gone"
    named = Plan((Change(right, (pool, OTHER), (OTHER,), exact=False),))
    assert guard.risks(named, CALLER, MEMBER, there) == (), "the task names it"


def test_a_right_that_lets_nobody_log_on_is_never_guarded() -> None:
    assert victims("SeTcbPrivilege", [ADMINISTRATORS, ME, EVERYONE], [], None) == []


def test_a_change_that_is_none_is_no_risk() -> None:
    assert victims(DENY_NETWORK, [ADMINISTRATORS], [ADMINISTRATORS], None) == []


def asks(right: str, before: list[str], after: list[str]) -> bool:
    return guard.asks_for_caller(Plan((Change(right, tuple(before), tuple(after)),)))


def test_who_we_are_is_asked_only_where_the_answer_can_matter() -> None:
    takes = {right for right in RIGHTS if asks(right, [OTHER, MY_GROUP], [MY_GROUP])}
    assert takes == {NETWORK, LOCALLY, REMOTELY}
    gives = {right for right in RIGHTS if asks(right, [OTHER], [OTHER, MY_GROUP])}
    assert gives == {DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY, DENY_BATCH, DENY_SERVICE}
    assert not asks(NETWORK, [OTHER, EVERYONE], [EVERYONE])
    assert not asks(DENY_NETWORK, [OTHER], [OTHER])


PRIMARY = [f"S-1-5-21-1-2-3-{rid}" for rid in (513, 514, 515, 516)]


@pytest.mark.parametrize("right", [DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY, DENY_BATCH, DENY_SERVICE])
@pytest.mark.parametrize("group", PRIMARY)
def test_what_can_be_the_primary_group_counts_although_whoami_does_not_list_it(right: str, group: str) -> None:
    assert f"the connecting account ({ME})" in victims(right, [], [group])
    assert f"the connecting account ({ME})" in victims(right, [], [group], HELPER, STANDALONE)


def test_domain_users_keep_a_right_for_the_connecting_account_and_cost_it_too() -> None:
    assert victims(NETWORK, [PRIMARY[0], ADMINISTRATORS], [ADMINISTRATORS], HELPER) == [
        f"the connecting account ({ME})"
    ]
    assert victims(NETWORK, [OTHER, MY_GROUP, ADMINISTRATORS], [ADMINISTRATORS, PRIMARY[0]], HELPER) == []
    elsewhere = "S-1-5-21-7-8-9-513"
    assert victims(NETWORK, [MY_GROUP, ADMINISTRATORS], [ADMINISTRATORS, elsewhere], HELPER) != []


@pytest.mark.parametrize("caller", [CALLER, HELPER, Caller("S-1-5-21-7-8-9-1104", CALLER.groups), None])
@pytest.mark.parametrize("right", [DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY, DENY_BATCH, DENY_SERVICE])
@pytest.mark.parametrize(
    "group", [*(f"S-1-5-21-1-2-3-{rid}" for rid in (498, 512, 513, 515, 516, 519, 521)), "S-1-5-9", "S-1-5-32-554"]
)
def test_on_a_controller_a_denial_to_its_domain_is_a_risk_whoever_asks(
    right: str, group: str, caller: Caller | None
) -> None:
    assert victims(right, [], [group], caller, CONTROLLER) != []


@pytest.mark.parametrize("right", [DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY])
def test_domain_users_of_any_domain_are_never_denied_unasked(right: str) -> None:
    local = Caller("S-1-5-21-9-9-9-500", CALLER.groups)
    for computer in (MEMBER, STANDALONE, CONTROLLER):
        assert "every account of that domain or computer (administrators among them)" in victims(
            right, [], [PRIMARY[0]], local, computer
        )


def test_administrators_of_the_domain_can_be_denied_on_a_member_by_who_is_none_of_them() -> None:
    for group in ("S-1-5-21-1-2-3-512", "S-1-5-21-1-2-3-519"):
        assert victims(DENY_NETWORK, [], [group, GUESTS, LOCAL]) == [], "as hardening guides ask of members"
        one_of_them = Caller(ME, CALLER.groups | {group})
        assert victims(DENY_NETWORK, [], [group], one_of_them) == [f"the connecting account ({ME})"]


def tokens(*numbers: str) -> list[str]:
    """The groups of captured tokens, but for those that somebody was put into."""
    found = [sid for number in numbers for sid in re.findall(r" (S-1-[0-9-]+) ", capture(number).decode())]
    own = ("S-1-5-21-", "S-1-11-", "S-1-5-32-")
    return sorted({sid for sid in found if not sid.startswith(own) and sid not in (LOCAL, LOCAL_ADMINISTRATORS)})


TYPES = {
    DENY_NETWORK: tokens("24", "25", "26"),
    DENY_LOCALLY: tokens("27", "29"),
    DENY_REMOTELY: tokens("47"),
    DENY_BATCH: tokens("46"),
    DENY_SERVICE: tokens("45"),
}


def test_the_captures_hold_what_the_next_test_reads() -> None:
    assert {right: len(groups) for right, groups in TYPES.items()} == {
        DENY_NETWORK: 5, DENY_LOCALLY: 7, DENY_REMOTELY: 7, DENY_BATCH: 6, DENY_SERVICE: 7,
    }  # fmt: skip


@pytest.mark.parametrize(("right", "group"), [(right, group) for right, groups in TYPES.items() for group in groups])
def test_to_deny_what_windows_puts_into_every_such_token_is_a_risk(right: str, group: str) -> None:
    bystander = Caller("S-1-5-21-7-8-9-1104", frozenset({MY_GROUP}))
    assert victims(right, [GUESTS], [GUESTS, group], bystander) != []
    allowing = {DENY_NETWORK: NETWORK, DENY_LOCALLY: LOCALLY, DENY_REMOTELY: REMOTELY}.get(right)
    if allowing is not None:
        assert "Administrators (S-1-5-32-544)" in victims(allowing, [group], [OTHER], bystander), "it let everybody in"


@pytest.mark.parametrize("group", ["S-1-5-2", "S-1-5-15", "S-1-5-64-10", "S-1-18-1", "S-1-16-12288"])
def test_nobody_counts_on_being_let_in_by_how_he_logged_on(group: str) -> None:
    caller = Caller(ME, CALLER.groups | {group})
    found = victims(NETWORK, [EVERYONE, ADMINISTRATORS], [group], caller)
    assert found == ["Administrators (S-1-5-32-544)", f"the connecting account ({ME})"]


@pytest.mark.parametrize(
    "group", ["S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-5-80-0", "S-1-5-83-0", "S-1-5-90-0", "S-1-5-99-0"]
)
@pytest.mark.parametrize("right", [DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY, DENY_BATCH, DENY_SERVICE])
def test_what_windows_itself_runs_as_is_denied_nothing(right: str, group: str) -> None:
    assert victims(right, [], [group]) != []


@pytest.mark.parametrize("caller", [Caller(ME, frozenset()), None])
@pytest.mark.parametrize("right", [DENY_NETWORK, DENY_LOCALLY, DENY_REMOTELY])
def test_a_group_that_may_hold_the_connecting_account_is_not_denied_while_its_groups_are_unknown(
    right: str, caller: Caller | None
) -> None:
    for group in (OTHER, GUESTS, "S-1-5-21-1-2-3-512"):
        (who,) = victims(right, [], [group], caller)
        assert who.startswith("perhaps the connecting account (whoami did not say ")
    for nobody in ("S-1-5-7", "S-1-5-80-1-2-3-4-5", "S-1-5-82-1-2-3-4-5"):
        assert victims(right, [], [nobody], caller) == []
    assert victims(right, [], ["S-1-5-21-7-8-9-501"], Caller(ME, frozenset())) == [], "an account of somebody else"


def test_a_smaller_list_may_cut_off_an_account_whose_groups_are_unknown() -> None:
    nameless = Caller(ME, frozenset())
    assert victims(NETWORK, [OTHER, ADMINISTRATORS], [ADMINISTRATORS], nameless) == [
        "perhaps the connecting account (whoami did not say which groups it is in)"
    ]
    assert victims(NETWORK, [OTHER, ME, ADMINISTRATORS], [ADMINISTRATORS, ME], nameless) == []
    assert victims(NETWORK, ["S-1-5-80-1-2-3-4-5", ADMINISTRATORS], [ADMINISTRATORS], nameless) == []


def test_each_victim_is_told_once_with_all_the_rights_that_cut_it_off() -> None:
    plan = Plan(
        (
            Change(NETWORK, (ADMINISTRATORS,), ()),
            Change(LOCALLY, (ADMINISTRATORS,), ()),
            Change(DENY_SERVICE, (), (ALL_SERVICES,)),
        )
    )
    text = guard.refusal(guard.risks(plan, CALLER, MEMBER))
    for victim in ("Administrators (S-1-5-32-544)", f"the connecting account ({ME})", "all services"):
        assert text.count(victim) == 1
    assert text.startswith(
        "SeNetworkLogonRight (Access this computer from the network) and SeInteractiveLogonRight (Allow log on "
        f"locally) would cut off Administrators (S-1-5-32-544) and the connecting account ({ME}); "
        "SeDenyServiceLogonRight (Deny log on as a service) would cut off all services at their next start. "
    )


SIDS = st.sampled_from(
    [ME, MY_GROUP, OTHER, ADMINISTRATORS, USERS, GUESTS, EVERYONE, AUTHENTICATED, "S-1-5-2", "S-1-5-15", *PRIMARY]
)


@given(st.sampled_from([NETWORK, DENY_NETWORK]), st.sets(SIDS), st.sets(SIDS), st.sampled_from([MEMBER, CONTROLLER]))
def test_the_connecting_account_can_log_on_again_after_whatever_is_let_pass(
    right: str, before: set[str], after: set[str], computer: Computer
) -> None:
    """Windows' own rule, played here: who holds the right through any SID of the token may, and a denial wins."""
    token = {ME, MY_GROUP, ADMINISTRATORS, USERS, EVERYONE, AUTHENTICATED, "S-1-5-2", "S-1-5-15", PRIMARY[0]}
    caller = Caller(ME, frozenset(token - {ME, PRIMARY[0]}))
    if victims(right, sorted(before), sorted(after), caller, computer):
        return
    if right == DENY_NETWORK:
        assert not token & (after - before)
    else:
        assert token & after or not token & before
