# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A snapshot: what is asked beyond the reading, in which order, and what a budget leaves out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import UnreachableError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    CachedPolicy,
    Computer,
    GroupMembers,
    PolicyReading,
    RightsQuery,
    RightsReading,
    RsopRight,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.effective import Subject
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import Governed
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.snapshot import Budget, Scope, Snapshot, take
from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.support.memory_host import EXSVC, NOW, Member, MemoryHost
from lab.state.policy import CACHE, HISTORY

TCB, DEBUG, BATCH = "SeTcbPrivilege", "SeDebugPrivilege", "SeBatchLogonRight"
ONE, TWO = "{11111111-1111-1111-1111-111111111111}", "{22222222-2222-2222-2222-222222222222}"
ADMINISTRATORS, BACKUP, USERS = "S-1-5-32-544", "S-1-5-32-551", "S-1-5-32-545"
NO_TEMPLATE = "the host is a member of a domain and keeps no template of any policy"
REFUSED = WindowsError("Access is denied (code 5).")


def cached(file: str, guid: str | None = ONE, right: str = TCB) -> CachedPolicy:
    return CachedPolicy(file, guid, {right: ()})


def policies(host: MemoryHost, *cache: CachedPolicy, managed: tuple[str, ...] = ()) -> dict[str, Governed]:
    reading = RightsReading({}, {}, {}, PolicyReading(cache, True), None, NOW)
    scope = Scope((TCB, DEBUG), managed=managed)
    return dict(take(host, host.computer(), reading, scope, Budget()).policies)


def snapshot(host: MemoryHost, *rights: str, budget: Budget) -> Snapshot:
    """Of an account that holds nothing by itself; the log then has what was asked beyond the reading and names."""
    reading = host.read_rights(RightsQuery())
    host.calls.clear()
    computer = Computer("EXCH", "corp.example", host.role, part_of_domain=host.role == 3)
    seen = take(host, computer, reading, Scope(rights or (TCB,), [EXSVC], (Subject(EXSVC),)), budget)
    host.calls.remove("accounts")
    return seen


def test_a_member_is_asked_for_its_policy_log_and_each_policy_gets_its_name() -> None:
    logged = {TCB: RsopRight(TWO, ("*S-1-5-18",))}
    host = Member(logged=logged, gpo_names={ONE: "Hardening", TWO: "Mail", "": "nobody's"})
    found = policies(host, cached("gpt00001.inf", ONE, DEBUG))
    assert {right: (one.source, one.guid, one.name) for right, one in found.items()} == {
        TCB: ("rsop", TWO, "Mail"),
        DEBUG: ("cache", ONE, "Hardening"),
    }
    assert found[TCB].tokens == ("*S-1-5-18",)
    assert found[TCB].as_of == NOW
    assert host.calls == ["computer", "rsop", "policy_names"]


def test_device_management_governs_what_no_policy_sets() -> None:
    host = Member(managed=frozenset({TCB, DEBUG}))
    found = policies(host, cached("gpt00001.inf", ONE, DEBUG), managed=(TCB,))
    assert {right: (one.status, one.source) for right, one in found.items()} == {
        TCB: ("mdm", "mdm"),
        DEBUG: ("gpo", "cache"),
    }
    assert found[DEBUG].other == "device management (MDM) sets this right as well"
    assert found[TCB].as_result()["gpo"] is None
    assert found[TCB].sources == found[DEBUG].sources == ("cache", "mdm")


def test_device_management_is_believed_where_the_policies_cannot_be_read() -> None:
    found = policies(Member(managed=frozenset({TCB})), managed=(TCB,))
    assert [(one.status, one.why) for one in found.values()] == [
        ("mdm", ""),
        ("unknown", f"{NO_TEMPLATE}, and its policy log (RSoP) does not name it"),
    ]


def test_device_management_is_not_asked_about_what_a_policy_sets() -> None:
    host = Member()
    policies(host, cached("gpt00001.inf", ONE, DEBUG), managed=(DEBUG,))
    assert "mdm" not in host.calls


def test_a_computer_in_no_domain_is_not_asked_for_what_it_does_not_have() -> None:
    host = Member(role=2, logged={TCB: RsopRight(TWO, ())})
    assert [one.status for one in policies(host).values()] == ["none_seen", "none_seen"]
    assert host.calls == ["computer"]


def test_of_all_groups_administrators_is_asked_first_whichever_right_it_holds() -> None:
    host = MemoryHost(role=2, rights={TCB: [BACKUP, USERS], BATCH: [USERS, ADMINISTRATORS]})
    seen = snapshot(host, TCB, BATCH, budget=Budget(groups=2, mdm=False))
    assert host.calls == ["group_members Administrators", "group_members Backup Operators"]
    assert list(seen.members) == [ADMINISTRATORS, BACKUP]


def test_no_account_of_which_groups_matter_means_that_no_group_is_asked() -> None:
    host = MemoryHost(role=2, rights={TCB: [ADMINISTRATORS]})
    take(host, host.computer(), host.read_rights(RightsQuery()), Scope((TCB,)), Budget())
    assert not [line for line in host.calls if line.startswith("group_members")]


@pytest.mark.parametrize(
    ("requests", "asked"),
    [
        (0, []),
        (1, ["rsop"]),
        (3, ["rsop", "group_members Administrators", "group_members Backup Operators"]),
        (4, ["rsop", "policy_names"]),
        (6, ["rsop", "policy_names", "group_members Administrators", "group_members Backup Operators"]),
        (7, ["rsop", "policy_names", "group_members Administrators", "group_members Backup Operators", "mdm"]),
        (None, ["rsop", "policy_names", "group_members Administrators", "group_members Backup Operators", "mdm"]),
    ],
)
def test_what_a_budget_does_not_reach_is_not_asked(requests: int | None, asked: list[str]) -> None:
    host = MemoryHost(rights={TCB: [BACKUP, ADMINISTRATORS]}, policies=(cached("gpt00001.inf", ONE, BATCH),))
    snapshot(host, TCB, BATCH, budget=Budget(requests))
    assert host.calls == asked


@pytest.mark.parametrize(("guid", "asked"), [(ONE, True), (None, False)], ids=["a GUID", "none"])
def test_a_policy_without_a_guid_has_no_name_and_none_is_looked_for(guid: str | None, asked: bool) -> None:
    host = MemoryHost(role=2, policies=(cached("gpt00001.inf", guid),))
    seen = snapshot(host, budget=Budget())
    assert ("policy_names" in host.calls) is asked
    assert seen.policies[TCB].guid == (guid or "gpt00001.inf")


def test_the_log_is_always_asked_or_only_where_the_templates_leave_a_right_unknown() -> None:
    known = MemoryHost(policies=(cached("gpt00001.inf"),))
    unknown = MemoryHost(policies_complete=False)
    asked = []
    for host in (known, unknown):
        for always in (True, False):
            snapshot(host, budget=Budget(log_always=always))
            asked.append("rsop" in host.calls)
    assert asked == [True, False, True, True]


@pytest.mark.parametrize(
    ("method", "unread"),
    [
        ("rsop", "Policy log (RSoP): Access is denied (code 5)."),
        ("policy_names", "Names of Group Policies: Access is denied (code 5)."),
        ("group_members Administrators", "Members of the group Administrators: Access is denied (code 5)."),
        ("mdm", "Device management (MDM): Access is denied (code 5)."),
    ],
)
def test_what_is_refused_is_noted_and_a_lost_connection_is_an_error(method: str, unread: str) -> None:
    host = MemoryHost(rights={TCB: [ADMINISTRATORS]}, policies=(cached("gpt00001.inf", ONE, BATCH),))
    host.refuse = {method: REFUSED}
    seen = snapshot(host, TCB, BATCH, budget=Budget())
    assert seen.unread == (unread,)
    assert seen.judge(TCB, Subject(EXSVC, "CORP\\exsvc")).held == "unknown"
    host.refuse = {method: UnreachableError("gone")}
    with pytest.raises(UnreachableError):
        snapshot(host, TCB, BATCH, budget=Budget())


def test_rights_are_judged_by_the_members_that_were_seen() -> None:
    host = MemoryHost(role=2, rights={TCB: [ADMINISTRATORS]}, unreadable={BATCH: "a token holds ?"})
    host.groups = {"Administrators": GroupMembers((("CORP", "exsvc"),))}
    seen = snapshot(host, TCB, BATCH, budget=Budget())
    subject = Subject(EXSVC, "CORP\\exsvc")
    assert (seen.rights, seen.judge(TCB, subject).via) == ((TCB, BATCH), (ADMINISTRATORS,))
    assert (seen.judge(BATCH, subject).held, seen.judge(BATCH, subject).why) == ("unknown", "a token holds ?")


def test_a_policy_without_a_guid_costs_a_change_nothing_however_long_the_history_of_policies_is(
    make: Callable[..., Desk],
) -> None:
    costs = []
    for entries in (0, 40):
        desk = make("workgroup")
        machine = desk.computer.machine
        machine.files.make_folders(CACHE, system=True)
        machine.files.write(
            f"{CACHE}\\gpt00001.inf", b"[Version]\r\nRevision=1\r\n[Privilege Rights]\r\nSeTcbPrivilege =\r\n"
        )
        for number in range(entries):
            machine.registry.set(f"{HISTORY}\\{number}", "GPOName", ONE)
        asked = parse_rights({"rights": [{"name": TCB, "add": [BACKUP]}]})
        result, dummy = RightsChange(desk.host(), asked, Choices("ignore", False, True), desk.warnings.append).run()
        assert result["rights"][0]["governed"]["gpo"] == {"guid": "gpt00001.inf", "name": None, "holders": []}
        costs.append(len(desk.messages))
    assert costs[0] == costs[1]
