# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change tells of what is not its own: others who write meanwhile, holders nobody can pin, what is unproven."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import RefusedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import CachedPolicy, Caller
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.tests.support.memory_host import (
    ADMINISTRATORS,
    BYSTANDER,
    EXSVC,
    OLD,
    Member,
    MemoryHost,
)

TCB, AUDIT, DEBUG = "SeTcbPrivilege", "SeAuditPrivilege", "SeDebugPrivilege"
BOTH = [{"name": TCB, "add": [EXSVC]}, {"name": AUDIT, "add": [EXSVC]}]


def run(host: MemoryHost, rights: list[dict[str, Any]], *, check: bool = False) -> tuple[dict[str, Any], list[str]]:
    warnings: list[str] = []
    change = RightsChange(host, parse_rights({"rights": rights}), Choices("warn", False, check), warnings.append)
    return change.run()[0], warnings


def test_whom_only_the_log_names_is_warned_of_for_the_write_took_the_right_from_them() -> None:
    host = Member({DEBUG: [EXSVC]}, log_names=frozenset({BYSTANDER, OLD, EXSVC, ADMINISTRATORS}))
    dummy, [warning] = run(host, [*BOTH, {"name": DEBUG, "add": [EXSVC]}, {"name": "SeTimeZonePrivilege", "set": []}])
    assert warning == (
        f"secedit's log also names {OLD}, {BYSTANDER}, {ADMINISTRATORS}, which this task did not mean. Another tool "
        "may have given it Act as part of the operating system (SeTcbPrivilege), Generate security audits "
        "(SeAuditPrivilege) at the same moment, and the write took it away again: check, and give it back."
    )


def test_whom_the_log_names_and_who_was_or_is_a_holder_lost_nothing() -> None:
    def more(host: MemoryHost) -> None:
        host.rights[TCB] = [*host.rights[TCB], BYSTANDER]

    host = Member({TCB: [OLD]}, log_names=frozenset({EXSVC, OLD, BYSTANDER}), after_apply=more)
    dummy, warnings = run(host, [{"name": TCB, "set": [EXSVC]}])
    assert [warning for warning in warnings if "secedit's log" in warning] == []


def test_further_holders_are_named_with_the_right() -> None:
    def more(host: MemoryHost) -> None:
        host.rights[TCB].extend([BYSTANDER, OLD])

    dummy, [warning] = run(Member(after_apply=more), [{"name": TCB, "add": [EXSVC]}])
    assert warning == (
        f"Act as part of the operating system (SeTcbPrivilege) is now also held by CORP\\old ({OLD}), "
        f"CORP\\bystander ({BYSTANDER}), which this task did not ask."
    )


def test_what_others_do_meanwhile_to_a_right_that_needed_nothing_is_no_change_of_this_task() -> None:
    def meanwhile(host: MemoryHost) -> None:
        host.rights[AUDIT] = [*host.rights[AUDIT], BYSTANDER]
        host.rights[TCB] = []

    host = Member({AUDIT: [EXSVC]}, after_apply=meanwhile)
    result, dummy = run(host, BOTH)
    assert [holder["sid"] for holder in result["rights"][1]["after"]] == [EXSVC]
    assert (result["rights"][1]["added"], result["changed"]) == ([], False)


@pytest.mark.parametrize("check", [True, False], ids=["check mode", "real"])
def test_only_what_was_read_back_or_needs_nothing_is_verified(check: bool) -> None:
    """A right with a holder whom nobody could pin is not known as a whole, whatever becomes of the others."""
    host = Member({AUDIT: [EXSVC], DEBUG: [EXSVC]}, unpinned={DEBUG: ["G?st"]})
    result, dummy = run(host, [*BOTH, {"name": DEBUG, "add": [EXSVC]}], check=check)
    assert [right["verified"] for right in result["rights"]] == [not check, True, False]


def test_a_task_without_any_change_is_verified_as_far_as_holders_are_known() -> None:
    host = Member({AUDIT: [EXSVC], TCB: [EXSVC]}, unpinned={AUDIT: ["G?st"]})
    result, dummy = run(host, BOTH)
    assert [right["verified"] for right in result["rights"]] == [True, False]


def test_every_reason_of_a_refusal_is_named_with_what_to_do() -> None:
    host = Member(
        {"SeNetworkLogonRight": [ADMINISTRATORS]}, caller=Caller("S-1-5-21-1-2-3-500", frozenset({ADMINISTRATORS}))
    )
    with pytest.raises(RefusedError) as refused:
        run(host, [{"name": "SeNetworkLogonRight", "set": [EXSVC]}])
    assert str(refused.value) == (
        "Refused: SeNetworkLogonRight (Access this computer from the network) would cut off Administrators "
        "(S-1-5-32-544) and the connecting account (S-1-5-21-1-2-3-500). Keep them in the list, or write "
        "allow_lockout: true if that is what you mean."
    )


def test_every_governed_right_that_changes_is_warned_of_whatever_stands_before_it() -> None:
    policies = (CachedPolicy("gpt00001.inf", "{A}", {AUDIT: ()}),)
    dummy, warnings = run(Member(policies=policies), BOTH)
    assert [warning.partition(" is governed")[0] for warning in warnings] == [
        "Generate security audits (SeAuditPrivilege)"
    ]
