# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What policies have against a change, word by word, and what of it gpo_conflict: fail refuses."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import RefusedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Account, Change
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.conflict import Conflicts, conflicts
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict, parse_rights
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import Governed
from ansible_collections.winmail.exchange.tests.support.memory_host import EXSVC, Member, MemoryHost

pytestmark = pytest.mark.case("T2")

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
TCB, DEBUG, AUDIT = "SeTcbPrivilege", "SeDebugPrivilege", "SeAuditPrivilege"
A, B, ORPHAN = "S-1-5-21-1-2-3-1107", "S-1-5-21-1-2-3-1108", "S-1-5-21-1-2-3-1109"
ACCOUNTS = {
    A: Account(A, "CORP\\exsvc", "user"),
    B: Account(B, "CORP\\other", "account"),
    ORPHAN: Account(ORPHAN, None, "orphan"),
}
GPO = Governed("gpo", NOW, "{1}", "Hardening", ("*S-1-5-18", "CORP\\x"))
FREE, MDM = Governed("none_seen", NOW), Governed("mdm", NOW)
CONTROLLER = Governed("none_seen", NOW, domain_controller=True)
UNKNOWN = Governed("unknown", NOW, why="the host is a member of a domain and keeps no template of any policy")

BY_POLICY = (
    "Act as part of the operating system (SeTcbPrivilege) is governed by the Group Policy 'Hardening' ({1}), "
    "which gives it to *S-1-5-18, CORP\\x: a local change lasts until the next policy refresh only. To make it "
    "last, put this line under [Privilege Rights] of that policy's GptTmpl.inf: 'SeTcbPrivilege = "
    "*S-1-5-18,CORP\\x,*S-1-5-21-1-2-3-1107'."
)
NOT_KNOWN = (
    "Whether a policy sets Act as part of the operating system (SeTcbPrivilege), Debug programs "
    "(SeDebugPrivilege) is not known: the host is a member of a domain and keeps no template of any policy. A "
    "local change of a right that a policy sets lasts until the next policy refresh only; 'gpresult /scope "
    "computer /h report.html' on the host shows it."
)
MANAGED = (
    "Device management (MDM, Policy CSP UserRights) sets Act as part of the operating system (SeTcbPrivilege), "
    "Debug programs (SeDebugPrivilege) on this host: a local change lasts until it applies its settings again "
    "only. Change the setting there."
)
ON_CONTROLLER = (
    "This host is a domain controller, and no policy that it keeps sets Act as part of the operating system "
    "(SeTcbPrivilege), Debug programs (SeDebugPrivilege): the change is this controller's own. What every "
    "controller shall have belongs in the Domain Controllers' policy, which overrules it as soon as it sets the "
    "right."
)


def asked(**policies: Governed) -> Conflicts:
    return conflicts([Change(right, (), (A,)) for right in policies], policies, ACCOUNTS)


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        ({TCB: FREE}, Conflicts()),
        ({TCB: GPO}, Conflicts((BY_POLICY,))),
        ({TCB: UNKNOWN, DEBUG: UNKNOWN, AUDIT: FREE}, Conflicts((NOT_KNOWN,))),
        ({TCB: MDM, DEBUG: MDM}, Conflicts((MANAGED,))),
        ({TCB: CONTROLLER, DEBUG: CONTROLLER}, Conflicts((), (ON_CONTROLLER,))),
    ],
    ids=["none seen", "policy", "unknown", "device management", "domain controller"],
)
def test_the_sentence(policies: dict[str, Governed], found: Conflicts) -> None:
    assert asked(**policies) == found


def test_each_reason_is_told_once_with_its_rights() -> None:
    other = Governed("unknown", NOW, why="another reason")
    policy = Governed("gpo", NOW, "{1}", domain_controller=True)
    found = asked(**{TCB: UNKNOWN, DEBUG: other, AUDIT: policy, "SeBackupPrivilege": CONTROLLER})
    first, second, third = found.doubts
    assert "SeAuditPrivilege" in first
    assert "SeTcbPrivilege) is not known: the host is a member" in second
    assert "SeDebugPrivilege) is not known: another reason" in third
    (advice,) = found.advice
    assert "SeBackupPrivilege" in advice
    assert "SeAuditPrivilege" not in advice


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param(Change(TCB, (A,), ()), "SeTcbPrivilege = *S-1-1-0", id="taken away, by SID and by name"),
        pytest.param(Change(TCB, (A,), (B,)), f"SeTcbPrivilege = *S-1-1-0,*{B}", id="taken and given"),
        pytest.param(Change(TCB, (), (B,), exact=True), f"SeTcbPrivilege = *{B}", id="exactly these"),
        pytest.param(Change(TCB, (ORPHAN,), ()), f"SeTcbPrivilege = *{A},CORP\\ExSvc,*S-1-1-0", id="not in the policy"),
    ],
)
def test_the_line_that_would_last_is_the_policys_line_after_the_change(change: Change, line: str) -> None:
    policy = Governed("gpo", NOW, "{1}", "Hardening", (f"*{A}", "CORP\\ExSvc", "*S-1-1-0"))
    (sentence,) = conflicts([change], {TCB: policy}, ACCOUNTS).doubts
    assert sentence.endswith(f"GptTmpl.inf: '{line}'.")


def test_a_policy_is_named_once_with_all_its_rights() -> None:
    nobody = Governed("gpo", NOW, "{1}", "Hardening")
    other = Governed("gpo", NOW, "{2}", "Backup")
    first, second = asked(**{TCB: GPO, "SeBackupPrivilege": other, DEBUG: nobody}).doubts
    assert first == (
        "Act as part of the operating system (SeTcbPrivilege), Debug programs (SeDebugPrivilege) are governed by the "
        "Group Policy 'Hardening' ({1}), which gives SeTcbPrivilege to *S-1-5-18, CORP\\x; SeDebugPrivilege to nobody: "
        "a local change lasts until the next policy refresh only. To make it last, put these lines under [Privilege "
        "Rights] of that policy's GptTmpl.inf: 'SeTcbPrivilege = *S-1-5-18,CORP\\x,*S-1-5-21-1-2-3-1107'; "
        "'SeDebugPrivilege = *S-1-5-21-1-2-3-1107'."
    )
    assert "the Group Policy 'Backup' ({2}), which gives it to nobody" in second


def test_a_policy_without_a_name_and_for_nobody_is_told_as_such() -> None:
    (sentence,) = conflicts([Change(TCB, (A,), ())], {TCB: Governed("gpo", NOW, "{1}")}, ACCOUNTS).doubts
    assert "the Group Policy {1}, which gives it to nobody" in sentence


def run(host: MemoryHost, conflict: GpoConflict, *, check: bool = False) -> tuple[dict[str, Any], list[str]]:
    warnings: list[str] = []
    asked_for = parse_rights({"rights": [{"name": right, "add": [EXSVC]} for right in (TCB, DEBUG)]})
    choices = Choices(conflict, allow_lockout=False, check_mode=check)
    result, dummy = RightsChange(host, asked_for, choices, warnings.append).run()
    return result, warnings


# What stands in the way, by host: the status that is told and how the sentence begins.
DOUBTFUL = {
    "a member without templates": (Member(policies=()), "unknown", "Whether a policy sets "),
    "a reading that is not whole": (Member(role=2, policies_complete=False), "unknown", "Whether a policy sets "),
    "a controller without templates": (Member(role=5, policies=()), "unknown", "Whether a policy sets "),
    "device management": (Member(managed=frozenset({TCB, DEBUG})), "mdm", "Device management (MDM"),
}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(("host", "status", "words"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_doubt_is_warned_of_once_refused_or_ignored_as_asked(
    host: MemoryHost, status: str, words: str, check: bool
) -> None:
    for right in (TCB, DEBUG):
        host.rights[right] = []
    with pytest.raises(RefusedError) as refused:
        run(host, "fail", check=check)
    assert "apply" not in host.calls
    assert str(refused.value).startswith(f"Refused: {words}")
    assert str(refused.value).endswith(" With gpo_conflict: warn the change is made all the same.")
    result, warnings = run(host, "warn", check=check)
    assert [warning.startswith(words) for warning in warnings] == [True]
    assert [entry["governed"]["status"] for entry in result["rights"]] == [status, status]
    assert result["changed"] is True
    for right in (TCB, DEBUG):
        host.rights[right] = []
    assert run(host, "ignore", check=check)[1] == []
    host.calls.clear()


@pytest.mark.parametrize("conflict", ["warn", "fail"])
def test_on_a_controller_whose_policies_set_nothing_the_change_is_made_with_one_warning(conflict: GpoConflict) -> None:
    host = Member(role=5)
    result, warnings = run(host, conflict)
    assert len(warnings) == 1
    assert warnings[0].startswith("This host is a domain controller, and no policy that it keeps sets ")
    assert host.rights == {TCB: [EXSVC], DEBUG: [EXSVC]}
    assert result["rights"][0]["governed"]["sources"] == ["cache", "mdm"]


def test_why_nothing_is_known_says_what_the_policy_log_said() -> None:
    refused = Member(policies=(), rsop_refusal="It was denied.")
    assert run(refused, "warn")[0]["rights"][0]["governed"]["why_unknown"] == (
        "the host is a member of a domain and keeps no template of any policy, and its policy log (RSoP) could not be "
        "read (It was denied)"
    )


def test_device_management_is_asked_only_where_something_changes() -> None:
    host = Member({TCB: [EXSVC], DEBUG: [EXSVC]}, managed=frozenset({TCB}))
    result, warnings = run(host, "fail")
    assert warnings == []
    assert "mdm" not in host.calls
    assert result["rights"][0]["governed"]["sources"] == ["cache"]
