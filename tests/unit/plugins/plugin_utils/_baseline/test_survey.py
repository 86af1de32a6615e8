# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps: what a host is asked, how often, and which controls its role leaves."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.read import load
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, UnreachableError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import CachedPolicy
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.query import overview
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Remains
from ansible_collections.winmail.exchange.tests.support.memory_host import DOMAIN_POLICY, MemoryHost
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._baseline.small import (
    ADMINISTRATORS,
    BACKUP,
    LINKS,
    MACHINES,
    RELATIVE_EA,
    TCB,
    control,
    judged,
    member,
    optional,
    orphans,
    standalone,
)

EVERYWHERE = control("nobody", right=TCB)


@pytest.mark.parametrize(
    ("role", "judged_as", "warned"),
    [
        (0, "workgroup_member", True),
        (1, "member_server", True),
        (2, "workgroup_member", False),
        (3, "member_server", False),
        (4, "domain_controller", False),
        (5, "domain_controller", False),
    ],
)
def test_the_role_is_the_hosts(role: int, judged_as: str, warned: bool) -> None:
    seen = judged(MemoryHost(role=role), EVERYWHERE)
    assert seen.result["host_role"] == judged_as
    assert bool(seen.warnings) is warned
    assert all("EXCH is a workstation. It is judged as " + judged_as in warning for warning in seen.warnings)


def test_the_task_may_say_it_and_is_told_where_the_host_says_otherwise() -> None:
    seen = judged(MemoryHost(role=1), EVERYWHERE, host_role="member_server")
    assert (seen.result["host_role"], seen.warnings) == ("member_server", ())
    for role, word in ((1, "member_server"), (2, "workgroup_member")):
        seen = judged(MemoryHost(role=role), EVERYWHERE, host_role="domain_controller")
        assert seen.result["host_role"] == "domain_controller"
        (warning,) = seen.warnings
        assert warning.startswith(f"EXCH says that it is a {word}, and is judged as domain_controller,")


def test_a_host_that_does_not_tell_is_refused_with_a_way_out() -> None:
    with pytest.raises(ReadError, match=r"EXCH did not tell its role .* Write host_role: member_server"):
        judged(MemoryHost(role=9), EVERYWHERE)
    assert judged(MemoryHost(role=9), EVERYWHERE, host_role="member_server").status == "pass"


def test_the_same_id_may_ask_other_things_of_other_roles() -> None:
    both = (
        control("nobody", applies_to=frozenset({"member_server"})),
        control("at_most", ADMINISTRATORS, applies_to=frozenset({"domain_controller"})),
    )
    rights = {BACKUP: [ADMINISTRATORS]}
    assert judged(member(rights=rights), *both).status == "fail"
    assert judged(member(role=5, rights=rights), *both).status == "pass"
    seen = judged(standalone(rights=rights), *both)
    assert (seen.status, seen.result["compliant"], seen.result["remedy"]) == ("not_applicable", True, [])
    assert (seen.only["expected"], seen.only["holders"], seen.only["governed"]) == ([], [], None)
    assert seen.only["reason"] == "It is for domain_controller, member_server; the host is judged as workgroup_member."


def test_only_the_controls_that_are_asked_are_judged() -> None:
    seen = judged(standalone(), EVERYWHERE, control("nobody", id="C2"), controls=["C2"])
    assert [one["id"] for one in seen.result["controls"]] == ["C2"]
    assert seen.host.queries[0].pin == frozenset({BACKUP})


def test_a_control_about_orphans_reads_every_right() -> None:
    assert judged(standalone(), orphans()).host.queries[0].pin is None


@pytest.mark.parametrize("name", ["microsoft_windows_server_2025", "stig_windows_server_2022"])
@pytest.mark.parametrize("role", [2, 3, 5])
def test_a_whole_baseline_costs_no_more_than_who_holds_what(name: str, role: int) -> None:
    """Of a member, which alone has a policy log to ask."""
    policy = CachedPolicy("gpt00001.inf", "{6D2C0F15-0000-0000-0000-000000000000}", {TCB: ()})
    state: dict[str, Any] = {
        "rights": {LINKS: [ADMINISTRATORS, MACHINES]},
        "policies": (DOMAIN_POLICY, policy),
    }
    told, seen = MemoryHost(role=3, **state), MemoryHost(role=role, **state)
    overview(told, (), (), lambda _warning: None)
    judged(seen, *load(name, ()).controls)
    assert seen.requests <= told.requests
    assert seen.calls.count("read_rights") == 1


def test_a_question_about_services_takes_the_place_of_the_second_witness() -> None:
    asked = control("at_most", right=LINKS, optional=(optional(MACHINES, service="vmms"),))
    plain, special = (member(rights={LINKS: [sid]}) for sid in (ADMINISTRATORS, MACHINES))
    judged(plain, asked)
    judged(special, asked)
    assert ("rsop" in plain.calls, "services" in plain.calls) == (True, False)
    assert ("rsop" in special.calls, "services" in special.calls) == (False, True)


def test_names_come_with_the_one_read() -> None:
    host = member()
    judged(host, control("at_least", RELATIVE_EA, "CORP\\auditors"))
    [query] = host.queries
    assert sorted(name.written for name in query.names) == ["CORP\\auditors", "corp.example\\EXCH$"]
    assert query.tidy is True


def test_a_lost_connection_is_no_verdict() -> None:
    with pytest.raises(UnreachableError):
        judged(standalone(rights={TCB: [ADMINISTRATORS]}, refuse={"accounts": UnreachableError("gone")}), EVERYWHERE)
    host = standalone(rights={LINKS: [MACHINES]}, refuse={"services": UnreachableError("gone")})
    with pytest.raises(UnreachableError):
        judged(host, control("nobody", right=LINKS, optional=(optional(MACHINES, service="vmms"),)))


def test_a_roll_back_whose_traces_the_read_removes_is_named() -> None:
    seen = judged(standalone(remains=(Remains("winmail restores user rights", (TCB,), result=0),)), EVERYWHERE)
    (warning,) = seen.warnings
    assert "its roll-back 'winmail restores user rights' ran" in warning
