# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rights whose holders differ by version of Windows: judged, named and rewritten on each as its exports show them."""

from __future__ import annotations

import pathlib

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab

pytestmark = pytest.mark.case("F1")

SCENARIO = pathlib.Path(__file__).parent / "windows_by_version.yml"
CORP = "S-1-5-21-2840394521-1093752863-3410756322"
POP3SVC, EXSVC = f"{CORP}-1111", f"{CORP}-1107"
AUDIT, SERVICE = "SeAuditPrivilege", "SeServiceLogonRight"
POOLS = {  # captures 15 (names) and 19 (SIDs)
    "S-1-5-82-1036420768-1044797643-1061213386-2937092688-4282445334": "IIS APPPOOL\\Classic .NET AppPool",
    "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415": "IIS APPPOOL\\DefaultAppPool",
}


@pytest.fixture
def lab(lab_of: LabOf) -> RunningLab:
    return lab_of(SCENARIO)


@pytest.mark.parametrize(
    ("host", "held", "action"),
    [
        ("se2022", "missing", "grant"),
        pytest.param("se2025", "missing", "grant", id="Windows' own groups hold nobody's account"),
        pytest.param("se2025odd", "unknown", "unknown", id="an authority that nobody knows"),
    ],
)
def test_a_missing_right_is_missing_whatever_windows_itself_holds(
    lab: RunningLab, host: str, held: str, action: str
) -> None:
    result = Controller(lab, host).run("pop3_server_info").result
    found = {right["name"]: right["held"] for right in result["rights"] if right["account"]["sid"] == POP3SVC}
    assert found == {SERVICE: held}
    assert result["remedy"]["action"] == action


@pytest.mark.parametrize("right", [AUDIT, "SeIncreaseQuotaPrivilege", "SeAssignPrimaryTokenPrivilege", SERVICE])
def test_a_right_of_bare_application_pools_is_given_and_taken_on_2008_r2(lab: RunningLab, right: str) -> None:
    before = rights_of(lab, "r2pools")
    assert set(POOLS) <= set(before[right])
    controller = Controller(lab, "r2pools")
    given = controller.run("user_right", name=right, accounts=["CORP\\exsvc"])
    assert given.failed is None
    assert rights_of(lab, "r2pools") == {**before, right: sorted([*before[right], EXSVC])}
    named = {holder["sid"]: holder["name"] for holder in given.result["rights"][0]["after"]}
    assert {sid: named[sid] for sid in POOLS} == POOLS
    taken = controller.run("user_right", rights=given.result["restore"])
    assert taken.failed is None
    assert rights_of(lab, "r2pools") == before


def test_a_list_that_forgets_the_application_pools_of_the_host_is_refused(lab: RunningLab) -> None:
    """CIS 2.2, "Generate security audits", excepts hosts with IIS; what is named is meant, what is gone is nobody."""
    right = {"name": AUDIT, "set": ["LOCAL SERVICE", "NETWORK SERVICE"]}
    before = rights_of(lab, "r2pools")
    for check in (True, False):
        refused = Controller(lab, "r2pools").run("user_right", _check=check, rights=[right])
        assert refused.failed is not None
        assert all(f"{name} ({sid})" in refused.failed for sid, name in POOLS.items())
        assert refused.failed.endswith("Nothing was changed.")
    assert rights_of(lab, "r2pools") == before
    named = Controller(lab, "r2pools").run("user_right", rights=[{"name": AUDIT, "remove": list(POOLS.values())}])
    assert named.failed is None
    assert set(before[AUDIT]) - set(rights_of(lab, "r2pools")[AUDIT]) == set(POOLS)
    gone = Controller(lab, "leftovers").run("user_right", rights=[right])
    assert gone.failed is None
    assert gone.changed


def test_a_list_of_a_benchmark_means_the_same_in_german(lab: RunningLab) -> None:
    """CIS 2.2, "Impersonate a client after authentication"; the local account Service is named as Windows does it."""
    listed = ["Administrators", "LOCAL SERVICE", "NETWORK SERVICE", "NT AUTHORITY\\SERVICE"]
    outcome = Controller(lab, "germanown").run(
        "user_right", name="Impersonate a client after authentication", accounts=listed, state="pure"
    )
    assert outcome.failed is None
    assert not outcome.result["changed"]


def test_an_account_of_the_host_is_what_its_own_name_means_there(lab: RunningLab) -> None:
    """LookupAccountName on German Windows: Service is no well-known name there, so it is the local account's."""
    before = rights_of(lab, "germanown")
    outcome = Controller(lab, "germanown").run("user_right", name="SeCreatePermanentPrivilege", accounts=["Service"])
    assert outcome.failed is None
    [holder] = outcome.result["rights"][0]["after"]
    assert holder["sid"].endswith("-1002")
    assert rights_of(lab, "germanown") == {**before, "SeCreatePermanentPrivilege": [holder["sid"]]}


def test_a_controller_that_prints_its_accounts_bare_loses_none_of_them(lab: RunningLab) -> None:
    before = rights_of(lab, "controller")
    assert EXSVC in before[SERVICE]
    outcome = Controller(lab, "controller").run(
        "user_right", name=SERVICE, accounts=["CORP\\pop3svc"], gpo_conflict="ignore"
    )
    assert outcome.failed is None
    assert rights_of(lab, "controller") == {**before, SERVICE: sorted([*before[SERVICE], POP3SVC])}


def test_whatever_windows_cannot_name_is_an_orphan(lab: RunningLab) -> None:
    """A pool, a service and accounts that are gone; on this host nothing of Windows itself is without a name."""
    info = Controller(lab, "leftovers").run("user_right_info").result
    assert info["orphans"] == sorted(
        [
            "S-1-5-82-1036420768-1044797643-1061213386-2937092688-4282445334",
            "S-1-5-80-2242208429-2985175502-2274617606-174877781-2598220866",
            "S-1-12-1-1111111111-1222222222-1333333333-1444444444",
            f"{CORP}-9999",
        ]
    )
    named = {account["sid"]: (account["name"], account["kind"]) for account in info["accounts"]}
    assert {named[sid] for sid in info["orphans"]} == {(None, "orphan")}


@pytest.mark.parametrize("sid", ["S-1-5-21-2840394521-1093752863-3410756322", "S-1-5-32", "S-1-5-80"])
def test_the_sid_of_a_domain_or_of_a_name_space_is_refused_before_the_host_is_asked(lab: RunningLab, sid: str) -> None:
    lab.clear_requests()
    outcome = Controller(lab, "se2022").run("user_right", name="SeCreatePermanentPrivilege", accounts=[sid])
    assert outcome.failed is not None
    assert sid in outcome.failed
    assert "Use a SID, DOMAIN\\name" in outcome.failed
