# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard: who would be cut off by a plan, and that safe plans pass."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Caller, Computer
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import guard
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import Change, Plan

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
    assert victims(NETWORK, [OTHER, EVERYONE], [EVERYONE], None) == [
        "perhaps the connecting account (whoami did not say who that is)"
    ]
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
def test_denying_all_services_is_a_risk(denied: str) -> None:
    assert "all services at their next start" in victims(DENY_SERVICE, [], [denied])


@pytest.mark.parametrize("local", [LOCAL, LOCAL_ADMINISTRATORS])
def test_denying_local_accounts_is_a_risk_where_there_are_no_others(local: str) -> None:
    assert "every administrator of this computer, which is in no domain" in victims(
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


def test_taking_log_on_as_a_service_from_all_services_is_a_risk_and_from_one_account_is_not() -> None:
    right = "SeServiceLogonRight"
    assert victims(right, [ALL_SERVICES, OTHER], [OTHER]) == ["all services (S-1-5-80-0) at their next start"]
    assert victims(right, [ALL_SERVICES, OTHER], [ALL_SERVICES]) == []


def test_a_right_that_lets_nobody_log_on_is_never_guarded() -> None:
    assert victims("SeTcbPrivilege", [ADMINISTRATORS, ME, EVERYONE], [], None) == []
    assert not guard.needs_caller(["SeTcbPrivilege", "SeDebugPrivilege"])


def test_a_change_that_is_none_is_no_risk() -> None:
    assert victims(DENY_NETWORK, [ADMINISTRATORS], [ADMINISTRATORS], None) == []


def test_every_logon_right_but_batch_logon_asks_who_we_are() -> None:
    guarded = {constant for constant in RIGHTS if guard.needs_caller([constant])}
    assert guarded == {constant for constant, right in RIGHTS.items() if right.logon} - {"SeBatchLogonRight"}


def test_all_risks_of_a_plan_are_told_in_words_with_right_and_victim() -> None:
    plan = Plan((Change(NETWORK, (ADMINISTRATORS,), ()), Change(DENY_SERVICE, (), (ALL_SERVICES,))))
    sentences = [risk.sentence() for risk in guard.risks(plan, CALLER, MEMBER)]
    assert sentences == [
        "SeNetworkLogonRight (Access this computer from the network) would cut off Administrators (S-1-5-32-544)",
        f"SeNetworkLogonRight (Access this computer from the network) would cut off the connecting account ({ME})",
        "SeDenyServiceLogonRight (Deny log on as a service) would cut off all services at their next start",
    ]
