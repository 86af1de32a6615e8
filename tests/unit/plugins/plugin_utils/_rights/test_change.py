# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change from read to read-back: order of steps, check mode as a true prediction, interference, honesty."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    MovedError,
    RefusedError,
    UnresolvedError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import CachedPolicy, Caller
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict, parse_rights
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import Insists
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    ADMINISTRATORS,
    BYSTANDER,
    EVERYONE,
    EXSVC,
    OLD,
    SERVICE,
    Member,
    MemoryHost,
)

TCB, AUDIT, IMPERSONATE = "SeTcbPrivilege", "SeAuditPrivilege", "SeImpersonatePrivilege"
GUID = "{11111111-1111-1111-1111-111111111111}"
TASK = [
    {"name": TCB, "add": ["CORP\\exsvc"]},
    {"name": AUDIT, "remove": ["corp\\OLD"]},
    {"name": "SeDebugPrivilege", "set": [ADMINISTRATORS]},
]


def run(
    host: MemoryHost,
    rights: list[dict[str, Any]],
    *,
    check: bool = False,
    conflict: GpoConflict = "warn",
    lockout: bool = False,
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    warnings: list[str] = []
    change = RightsChange(host, parse_rights({"rights": rights}), Choices(conflict, lockout, check), warnings.append)
    result, diff = change.run()
    return result, diff, warnings


def broken() -> MemoryHost:
    return Member({AUDIT: [OLD, BYSTANDER], "SeDebugPrivilege": [ADMINISTRATORS]})


def sids(result: dict[str, Any], right: str, side: str) -> list[str]:
    (entry,) = [entry for entry in result["rights"] if entry["name"] == right]
    return [account["sid"] if isinstance(account, dict) else account for account in entry[side]]


def test_a_change_reads_names_and_applies_once_and_tells_what_was_read_back() -> None:
    host = broken()
    result, diff, warnings = run(host, TASK)
    assert [call for call in host.calls if call in ("read_rights", "apply")] == ["read_rights", "apply"]
    assert host.calls.index("accounts") < host.calls.index("apply")
    assert result["changed"] is True
    assert "failed" not in result
    assert warnings == []
    assert sids(result, TCB, "added") == [EXSVC]
    assert sids(result, AUDIT, "removed") == [OLD]
    assert [entry["verified"] for entry in result["rights"]] == [True, True, True]
    assert result["restore"] == [{"name": TCB, "set": []}, {"name": AUDIT, "set": [OLD, BYSTANDER]}]
    assert "CORP\\exsvc" in diff["after"]
    assert "SeDebugPrivilege" not in diff["after"]
    assert host.rights == {AUDIT: [BYSTANDER], TCB: [EXSVC], "SeDebugPrivilege": [ADMINISTRATORS]}


def test_a_second_run_asks_nothing_of_the_writer_and_changes_nothing() -> None:
    host = broken()
    run(host, TASK)
    before = {right: list(holders) for right, holders in host.rights.items()}
    host.calls.clear()
    result, diff, dummy = run(host, TASK)
    assert result["changed"] is False
    assert result["restore"] == []
    assert "apply" not in host.calls
    assert (diff["before"], diff["after"]) == ("", "")
    assert host.rights == before
    assert all(entry["verified"] for entry in result["rights"])


RIGHTS = st.sampled_from([TCB, AUDIT, IMPERSONATE, "SeDebugPrivilege"])
PEOPLE = st.lists(st.sampled_from([EXSVC, OLD, BYSTANDER, ADMINISTRATORS, SERVICE]), unique=True, max_size=4)


@st.composite
def entries(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A task over some rights, never contradicting itself."""
    found: list[dict[str, Any]] = []
    for right in draw(st.lists(RIGHTS, unique=True, min_size=1, max_size=3)):
        add = draw(PEOPLE)
        if draw(st.booleans()):
            found.append({"name": right, "set": add})
        else:
            found.append({"name": right, "add": add, "remove": [sid for sid in draw(PEOPLE) if sid not in add]})
    return found


@given(st.dictionaries(RIGHTS, PEOPLE), entries())
def test_check_mode_predicts_exactly_what_the_real_run_does_and_touches_nothing(
    rights: dict[str, list[str]], task: list[dict[str, Any]]
) -> None:
    host = Member({right: list(holders) for right, holders in rights.items()})
    predicted, promised, foreseen = run(host, task, check=True)
    assert "apply" not in host.calls
    assert host.rights == rights
    result, diff, warnings = run(host, task)
    assert (promised, foreseen) == (diff, warnings)
    assert predicted["changed"] == result["changed"]
    assert predicted["restore"] == result["restore"]
    for entry in predicted["rights"]:
        right = entry["name"]
        for side in ("before", "after", "added", "removed", "adjusted_by_windows"):
            assert sorted(sids(predicted, right, side)) == sorted(sids(result, right, side))
    again, *dummy = run(host, task)
    assert again["changed"] is False
    run(host, result["restore"])
    forced = {ADMINISTRATORS, SERVICE}
    for right in {entry["name"] for entry in result["restore"]}:
        extra = forced if right == IMPERSONATE else set()
        assert set(host.rights[right]) == set(rights.get(right, [])) | extra


def test_check_mode_leaves_tidying_to_a_real_run() -> None:
    host = broken()
    run(host, TASK, check=True)
    run(host, TASK)
    assert [query.tidy for query in host.queries] == [False, True]


@pytest.mark.parametrize(
    ("entry", "asks"),
    [
        pytest.param({"name": TCB, "add": [EXSVC]}, False, id="a privilege"),
        pytest.param({"name": "SeServiceLogonRight", "add": [EXSVC]}, False, id="a grant of service logon"),
        pytest.param({"name": "SeNetworkLogonRight", "add": [EXSVC]}, False, id="a grant"),
        pytest.param({"name": "SeDenyBatchLogonRight", "remove": [OLD]}, False, id="the end of a denial"),
        pytest.param({"name": "SeDenyBatchLogonRight", "add": [OLD]}, False, id="a denial that is there"),
        pytest.param({"name": "SeDenyBatchLogonRight", "add": [EXSVC]}, True, id="a denial"),
        pytest.param({"name": "SeNetworkLogonRight", "set": [EXSVC, ADMINISTRATORS]}, True, id="a smaller list"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_who_is_connected_is_asked_only_where_a_guarded_right_really_changes(
    entry: dict[str, Any], asks: bool, check: bool
) -> None:
    rights = {"SeNetworkLogonRight": [OLD, ADMINISTRATORS], "SeDenyBatchLogonRight": [OLD]}
    host = Member(rights, caller=Caller(BYSTANDER, frozenset({ADMINISTRATORS})))
    run(host, [entry], check=check)
    assert host.calls.count("connecting_account") == int(asks)
    assert host.queries[0].pin == frozenset({entry["name"]})


def test_who_means_a_lock_out_is_not_asked_for_his_name() -> None:
    host = Member({"SeNetworkLogonRight": [ADMINISTRATORS]})
    run(host, [{"name": "SeNetworkLogonRight", "set": [EXSVC]}], lockout=True)
    assert "connecting_account" not in host.calls


def test_what_windows_keeps_is_never_promised_and_the_run_converges() -> None:
    host = Member({AUDIT: ["S-1-5-19", "S-1-5-20", OLD]})
    task = [{"name": AUDIT, "set": [EXSVC]}]
    predicted, *dummy = run(host, task, check=True)
    result, *dummy = run(host, task)
    assert sids(predicted, AUDIT, "after") == sids(result, AUDIT, "after")
    assert "failed" not in result
    assert result["rights"][0]["adjusted_by_windows"] == ["S-1-5-19", "S-1-5-20"]
    for again in (task, [{"name": AUDIT, "remove": ["S-1-5-20"]}]):
        second, *dummy = run(host, again)
        assert second["changed"] is False
        assert "S-1-5-20" in second["rights"][0]["adjusted_by_windows"]


def test_a_removal_that_windows_does_not_carry_out_is_said_as_it_is() -> None:
    """An account that this Windows keeps although no table knows it."""
    host = Member({AUDIT: [OLD]}, kept={AUDIT: [OLD]})
    result, *dummy = run(host, [{"name": AUDIT, "remove": [OLD]}])
    assert result["failed"] is True
    assert result["changed"] is False
    assert "it was not taken from CORP\\old" in result["msg"]


def test_somebody_else_may_move_the_rights_twice_and_the_third_try_plans_on_what_is_there_then() -> None:
    others = [BYSTANDER, OLD]

    def interfere(host: MemoryHost) -> None:
        if others:
            host.rights.setdefault(TCB, []).append(others.pop())
            raise MovedError("somebody else")

    host = Member(on_apply=interfere)
    result, *dummy = run(host, [{"name": TCB, "add": [EXSVC]}])
    assert [call for call in host.calls if call in ("read_rights", "apply")] == ["read_rights", "apply"] * 3
    assert set(host.rights[TCB]) == {BYSTANDER, OLD, EXSVC}
    assert sids(result, TCB, "before") == [OLD, BYSTANDER]
    assert result["restore"] == [{"name": TCB, "set": [OLD, BYSTANDER]}]


def test_interference_three_times_ends_in_its_own_sentence_without_a_write() -> None:
    def interfere(host: MemoryHost) -> None:
        raise MovedError(f"moved after {len(host.calls)} calls")

    host = Member(on_apply=interfere)
    with pytest.raises(MovedError, match="moved"):
        run(host, [{"name": TCB, "add": [EXSVC]}])
    assert host.calls.count("apply") == 3
    assert host.rights == {}


def test_a_grant_that_somebody_else_made_meanwhile_is_no_change_of_ours() -> None:
    def interfere(host: MemoryHost) -> None:
        host.rights[TCB] = [EXSVC]
        raise MovedError("somebody else")

    host = Member(on_apply=interfere)
    result, *dummy = run(host, [{"name": TCB, "add": [EXSVC]}])
    assert result["changed"] is False
    assert host.calls.count("apply") == 1


def test_a_write_that_did_nothing_fails_and_is_not_called_a_change() -> None:
    def undo(host: MemoryHost) -> None:
        host.rights.pop(TCB)

    host = Member(after_apply=undo)
    result, *dummy = run(host, [{"name": TCB, "add": [EXSVC]}])
    assert (result["changed"], result["failed"]) == (False, True)
    assert f"it was not given to CORP\\exsvc ({EXSVC})" in result["msg"]
    assert result["rights"][0]["verified"] is False
    assert result["rights"][0]["after"] == []


def test_a_lost_holder_is_a_failure_that_names_the_holder_and_how_to_get_it_back() -> None:
    def lose(host: MemoryHost) -> None:
        host.rights[TCB].remove(BYSTANDER)

    host = Member({TCB: [BYSTANDER]}, after_apply=lose)
    result, *dummy = run(host, [{"name": TCB, "add": [EXSVC]}])
    assert result["failed"] is True
    assert result["changed"] is True
    assert f"it was lost by CORP\\bystander ({BYSTANDER})" in result["msg"]
    assert result["restore"] == [{"name": TCB, "set": [BYSTANDER]}]


def test_a_holder_nobody_asked_for_is_a_warning_for_add_and_a_failure_for_set() -> None:
    def more(host: MemoryHost) -> None:
        host.rights[TCB] = [*host.rights[TCB], "S-1-5-21-1-2-3-7777"]

    added, dummy, warnings = run(Member(after_apply=more), [{"name": TCB, "add": [EXSVC]}])
    assert "failed" not in added
    assert len(warnings) == 1
    assert "is now also held by S-1-5-21-1-2-3-7777" in warnings[0]
    exact, *dummy_2 = run(Member(after_apply=more), [{"name": TCB, "set": [EXSVC]}])
    assert exact["failed"] is True
    assert "it is also held by S-1-5-21-1-2-3-7777" in exact["msg"]


def test_what_windows_forces_is_predicted_named_and_does_not_flap() -> None:
    host = Member({IMPERSONATE: [ADMINISTRATORS, SERVICE]})
    result, *dummy = run(host, [{"name": IMPERSONATE, "set": [EXSVC]}])
    assert "failed" not in result
    assert result["rights"][0]["adjusted_by_windows"] == [ADMINISTRATORS, SERVICE]
    assert sids(result, IMPERSONATE, "removed") == []
    again, *dummy = run(host, [{"name": IMPERSONATE, "set": [EXSVC]}])
    assert again["changed"] is False
    assert again["rights"][0]["adjusted_by_windows"] == [ADMINISTRATORS, SERVICE]


def test_entries_that_this_windows_does_not_force_still_do_not_flap() -> None:
    host = Member({IMPERSONATE: [ADMINISTRATORS, SERVICE]}, forced={})
    run(host, [{"name": IMPERSONATE, "set": [EXSVC]}])
    again, *dummy = run(host, [{"name": IMPERSONATE, "set": [EXSVC]}])
    assert again["changed"] is False


def test_a_lock_out_is_refused_before_any_write_and_done_when_it_is_meant() -> None:
    caller = Caller("S-1-5-21-1-2-3-500", frozenset({ADMINISTRATORS}))
    task = [{"name": "SeNetworkLogonRight", "set": [EXSVC]}, {"name": TCB, "add": [EXSVC]}]
    host = Member({"SeNetworkLogonRight": [ADMINISTRATORS]}, caller=caller)
    for check in (True, False):
        with pytest.raises(RefusedError, match=r"^Refused: SeNetworkLogonRight") as refused:
            run(host, task, check=check)
        assert "allow_lockout: true" in str(refused.value)
    assert "apply" not in host.calls
    result, *dummy = run(host, task, lockout=True)
    assert result["changed"] is True


def governed() -> MemoryHost:
    policies = (CachedPolicy("gpt00001.inf", GUID, {TCB: ()}),)
    return Member(policies=policies, gpo_names={GUID: "Hardening"})


def test_a_governing_policy_is_warned_of_and_the_grant_is_made() -> None:
    host = governed()
    result, dummy, warnings = run(host, [{"name": TCB, "add": [EXSVC]}, {"name": AUDIT, "add": [EXSVC]}])
    assert len(warnings) == 1
    assert "the Group Policy 'Hardening'" in warnings[0]
    assert host.rights[TCB] == [EXSVC]
    assert result["rights"][0]["governed"]["gpo"] == {"guid": GUID, "name": "Hardening", "holders": []}
    assert result["rights"][1]["governed"]["status"] == "none_seen"


def test_a_governing_policy_stops_the_task_where_that_is_asked() -> None:
    host = governed()
    for check in (True, False):
        with pytest.raises(RefusedError, match=r"^Refused: .*Hardening"):
            run(host, [{"name": TCB, "add": [EXSVC]}], check=check, conflict="fail")
    assert "apply" not in host.calls


def test_a_governing_policy_can_be_ignored_and_is_reported_all_the_same() -> None:
    result, dummy, warnings = run(governed(), [{"name": TCB, "add": [EXSVC]}], conflict="ignore")
    assert warnings == []
    assert result["rights"][0]["governed"]["status"] == "gpo"


def test_a_policy_over_a_right_that_is_not_changed_is_no_conflict() -> None:
    host = governed()
    host.rights[TCB] = [EXSVC]
    *dummy, warnings = run(host, [{"name": TCB, "add": [EXSVC]}], conflict="fail")
    assert warnings == []


def test_a_domain_controller_is_named_and_a_workgroup_host_is_not_asked_for_its_policy_log() -> None:
    *dummy, warnings = run(Member(role=5), [{"name": TCB, "add": [EXSVC]}])
    assert [warning.startswith("This host is a domain controller") for warning in warnings] == [True]
    alone = Member(role=2)
    result, *dummy_3 = run(alone, [{"name": TCB, "add": [EXSVC]}])
    assert "rsop" not in alone.calls
    assert result["rights"][0]["governed"]["status"] == "none_seen"


@pytest.mark.parametrize(
    ("task", "error", "words"),
    [
        ([{"name": TCB, "add": ["CORP\\nobody"]}], UnresolvedError, "could not be resolved"),
        ([{"name": TCB, "add": [EXSVC], "remove": ["CORP\\exsvc"]}], InputError, "both given to and taken from"),
        ([{"name": TCB, "add": [EXSVC]}, {"name": TCB, "set": []}], InputError, "named twice"),
    ],
)
def test_what_cannot_be_done_ends_before_any_write(
    task: list[dict[str, Any]], error: type[Exception], words: str
) -> None:
    host = Member()
    with pytest.raises(error, match=words):
        run(host, task)
    assert "apply" not in host.calls


def test_a_token_that_cannot_be_pinned_refuses_its_right_and_spares_the_others() -> None:
    host = Member({TCB: [BYSTANDER]}, unpinned={TCB: ["G?st"]})
    with pytest.raises(UnresolvedError, match="G"):
        run(host, [{"name": TCB, "add": [EXSVC]}])
    result, *dummy = run(host, [{"name": AUDIT, "add": [EVERYONE]}])
    assert result["changed"] is True
    assert host.rights[TCB] == [BYSTANDER]


def test_over_a_back_end_that_forces_nothing_nothing_is_predicted_but_what_is_asked() -> None:
    host = Member({IMPERSONATE: [OLD], AUDIT: ["S-1-5-19"]}, forced={}, kept={}, tells=Insists())
    asked = [{"name": IMPERSONATE, "set": [EXSVC]}, {"name": AUDIT, "set": [EXSVC]}]
    predicted, *dummy = run(host, asked, check=True, lockout=True)
    done, *dummy = run(host, asked, lockout=True)
    assert [entry["after"] for entry in predicted["rights"]] == [entry["after"] for entry in done["rights"]]
    assert [entry["adjusted_by_windows"] for entry in done["rights"]] == [[], []]
    assert "failed" not in done
    assert host.rights == {IMPERSONATE: [EXSVC], AUDIT: [EXSVC]}
