# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who applies a right again: policies of controllers, device management, nobody, and where that cannot be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf, Outcome
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running

SCENARIO = Path(__file__).parent / "governed.yml"
TCB, DEBUG, LOGON = "SeTcbPrivilege", "SeDebugPrivilege", "SeServiceLogonRight"
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"
POP3SVC = "S-1-5-21-2840394521-1093752863-3410756322-1111"


@pytest.fixture
def governed_lab(lab_of: LabOf) -> RunningLab:
    """The hosts as they are at the start."""
    return lab_of(SCENARIO)


def grant(lab: RunningLab, host: str, conflict: str = "warn", *rights: str, check: bool = False) -> Outcome:
    wanted = [{"name": right, "add": ["CORP\\exsvc"]} for right in rights or (TCB,)]
    return Controller(lab, host).run("user_right", rights=wanted, gpo_conflict=conflict, _check=check)


# The status of the right, how a warning begins (none: no warning), and whether fail refuses.
HOSTS = {
    "smalldc": ("none_seen", "This host is a domain controller, and no policy that it keeps sets ", False),
    "strictdc": ("gpo", "Act as part of the operating system (SeTcbPrivilege) is governed by the Group Policy ", True),
    "freshmember": ("unknown", "Whether a policy sets ", True),
    "intune": ("mdm", "Device management (MDM, Policy CSP UserRights) sets ", True),
    "osconfig": ("mdm", "Device management (MDM, Policy CSP UserRights) sets ", True),
    "se2025": ("none_seen", None, False),
}


@pytest.mark.parametrize(("host", "seen"), HOSTS.items(), ids=HOSTS)
def test_check_mode_the_refusal_and_the_real_run_agree(
    governed_lab: RunningLab, host: str, seen: tuple[str, str | None, bool]
) -> None:
    status, words, refuses = seen
    before = rights_of(governed_lab, host)
    refused = [grant(governed_lab, host, "fail", check=True), grant(governed_lab, host, "fail", check=False)]
    assert [outcome.failed is not None for outcome in refused] == [refuses, refuses]
    if refuses:
        assert refused[0].failed == refused[1].failed
        assert str(refused[0].failed).startswith(f"Refused: {words}")
        assert str(refused[0].failed).endswith(" Nothing was changed.")
        assert rights_of(governed_lab, host) == before
    else:
        assert EXSVC in rights_of(governed_lab, host)[TCB]
        governed_lab.reset()
    predicted = grant(governed_lab, host, check=True)
    assert rights_of(governed_lab, host) == before
    made = grant(governed_lab, host)
    assert predicted.result["rights"][0]["after"] == made.result["rights"][0]["after"]
    assert made.result["rights"][0]["governed"]["status"] == status
    assert predicted.result.get("warnings", []) == made.result.get("warnings", [])
    assert [warning.startswith(words or "?") for warning in made.result.get("warnings", [])] == [True] * bool(words)
    assert EXSVC in rights_of(governed_lab, host)[TCB]


def test_a_controller_is_warned_of_once_for_all_rights(governed_lab: RunningLab) -> None:
    made = grant(governed_lab, "smalldc", "warn", TCB, DEBUG, "SeBackupPrivilege")
    assert len(made.result["warnings"]) == 1
    for right in (TCB, DEBUG, "SeBackupPrivilege"):
        assert f"({right})" in made.warnings
        assert EXSVC in rights_of(governed_lab, "smalldc")[right]


def test_a_mixture_says_of_each_right_what_holds_for_it(governed_lab: RunningLab) -> None:
    made = grant(governed_lab, "strictdc", "warn", TCB, DEBUG)
    by_policy, on_controller = made.result["warnings"]
    assert "'Default Domain Controllers Policy'" in by_policy
    assert "(SeDebugPrivilege)" in on_controller
    assert TCB not in on_controller


@pytest.mark.parametrize(
    ("host", "action", "words"),
    [
        ("smalldc", "grant", "no policy that it keeps sets this"),
        ("strictdc", "governed", "The Group Policy Default Domain Controllers Policy sets SeTcbPrivilege"),
        (
            "freshmember",
            "grant",
            "whether a Group Policy sets this could not be read (the host is a member of a domain",
        ),
    ],
)
def test_the_remedy_says_the_same(governed_lab: RunningLab, host: str, action: str, words: str) -> None:
    remedy = Controller(governed_lab, host).run("pop3_server_info").result["remedy"]
    assert remedy["action"] == action
    assert words in remedy["reason"]


@pytest.mark.parametrize(
    ("world", "value", "intune", "osconfig"),
    [
        ("mdm_values", "provider_set", "mdm", "mdm"),
        ("osconfig_area", "none", "mdm", "none_seen"),
    ],
)
def test_whatever_device_management_leaves(world: str, value: str, intune: str, osconfig: str) -> None:
    with running(SCENARIO, {world: value}) as lab:
        for host, status in (("intune", intune), ("osconfig", osconfig)):
            made = grant(lab, host)
            assert made.result["rights"][0]["governed"]["status"] == status
            assert EXSVC in rights_of(lab, host)[TCB]


def test_a_right_that_is_held_is_no_conflict_and_costs_no_look(governed_lab: RunningLab) -> None:
    grant(governed_lab, "intune")
    governed_lab.clear_requests()
    again = grant(governed_lab, "intune", "fail")
    assert (again.failed, again.changed) == (None, False)
    assert governed_lab.requests("intune") <= 12


@pytest.mark.parametrize("host", ["se2025"])
def test_on_new_windows_a_missing_right_is_missing_and_the_cure_is_made(governed_lab: RunningLab, host: str) -> None:
    """S-1-5-99-0 and S-1-5-83-0 hold the right there by default, and no user is in them."""
    controller = Controller(governed_lab, host)
    found = controller.run("pop3_server_info").result
    assert [(one["name"], one["held"]) for one in found["rights"]] == [(LOGON, "missing")]
    assert found["remedy"]["action"] == "grant"
    before = rights_of(governed_lab, host)[LOGON]
    entry = {"name": LOGON, "add": found["remedy"]["accounts"]}
    assert controller.run("user_right", rights=[entry]).changed
    assert set(rights_of(governed_lab, host)[LOGON]) == {*before, POP3SVC}
    assert controller.run("pop3_server_info").result["rights"][0]["held"] == "direct"


def test_the_kinds_on_new_windows_are_those_of_its_identities(governed_lab: RunningLab) -> None:
    holders = Controller(governed_lab, "win24h2").run("user_right_info", names=[LOGON]).result["rights"][0]["holders"]
    assert {holder["sid"] for holder in holders} >= {"S-1-5-80-0", "S-1-5-99-0"}
    assert "account" not in {holder["kind"] for holder in holders}


@pytest.mark.parametrize(
    ("host", "conflict", "status"),
    [
        ("strictdc", "warn", None),
        ("strictdc", "ignore", "confirmed"),
        ("smalldc", "warn", "confirmed"),
        ("intune", "warn", None),
        ("osconfig", "warn", None),
    ],
)
def test_what_is_applied_again_every_few_minutes_is_not_confirmed_unless_that_is_ignored(
    governed_lab: RunningLab, host: str, conflict: str, status: str | None
) -> None:
    """A domain controller refreshes its policy every five minutes: what it sets is back by then."""
    before = rights_of(governed_lab, host)
    wanted = [{"name": TCB, "add": ["CORP\\exsvc"]}]
    outcome = Controller(governed_lab, host).run("user_right", rights=wanted, gpo_conflict=conflict, confirm=True)
    assert governed_lab.computer(host).snapshot()["tasks"] == []
    if status is None:
        assert "applies it again at its next refresh" in str(outcome.failed)
        assert str(outcome.failed).endswith("Nothing was changed.")
        assert rights_of(governed_lab, host) == before
        return
    assert outcome.result["confirm"]["status"] == status
    assert EXSVC in rights_of(governed_lab, host)[TCB]
    governed_lab.computer(host).advance(400)
    assert (EXSVC in rights_of(governed_lab, host).get(TCB, [])) is (host == "smalldc")
