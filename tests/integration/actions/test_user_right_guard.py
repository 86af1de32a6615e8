# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard against lock-outs: the message names who would be cut off, and who overrides it is cut off indeed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab

CORP = "S-1-5-21-2840394521-1093752863-3410756322"
NETWORK, DENY_NETWORK = "SeNetworkLogonRight", "SeDenyNetworkLogonRight"
ADMINISTRATORS, CALLER = "Administrators (S-1-5-32-544)", "the connecting account ("


@pytest.fixture
def lab(rights_lab: RunningLab) -> RunningLab:
    """Here every host is one of the scenario ``rights``."""
    return rights_lab


def exactly(right: str, *accounts: str) -> dict[str, Any]:
    return {"rights": [{"name": right, "set": list(accounts)}]}


def adding(right: str, *accounts: str) -> dict[str, Any]:
    return {"rights": [{"name": right, "add": list(accounts)}]}


REFUSED = [
    pytest.param("member", exactly(NETWORK), ADMINISTRATORS, id="network logon for nobody"),
    pytest.param("member", exactly(NETWORK, "S-1-5-19"), CALLER, id="network logon without us"),
    pytest.param("member", exactly("SeInteractiveLogonRight", "CORP\\old"), None, id="Windows keeps Administrators"),
    pytest.param("member", exactly("SeRemoteInteractiveLogonRight", "CORP\\old"), ADMINISTRATORS, id="remote logon"),
    pytest.param("member", adding(DENY_NETWORK, "Administrators"), ADMINISTRATORS, id="deny Administrators"),
    pytest.param("member", adding(DENY_NETWORK, "CORP\\labadmin"), CALLER, id="deny us by name"),
    pytest.param("member", adding(DENY_NETWORK, "CORP\\Domain Users"), CALLER, id="deny us by group"),
    pytest.param("member", adding(DENY_NETWORK, "Everyone"), ADMINISTRATORS, id="deny everyone"),
    pytest.param("member", adding(DENY_NETWORK, "NT AUTHORITY\\NETWORK"), "everybody who logs on", id="deny NETWORK"),
    pytest.param("member", adding("SeDenyInteractiveLogonRight", "BUILTIN\\Users"), ADMINISTRATORS, id="deny Users"),
    pytest.param("member", adding("SeDenyRemoteInteractiveLogonRight", "S-1-5-14"), "everybody who", id="deny remote"),
    pytest.param("member", adding("SeDenyBatchLogonRight", "S-1-5-3"), "everybody who logs on", id="deny batch"),
    pytest.param("member", adding("SeDenyServiceLogonRight", "S-1-5-80-0"), "all services", id="deny all services"),
    pytest.param("member", adding("SeDenyServiceLogonRight", "S-1-5-6"), "all services", id="deny SERVICE"),
    pytest.param("workgroup", adding(DENY_NETWORK, "S-1-5-113"), "every administrator", id="deny local accounts"),
    pytest.param("workgroup", adding(DENY_NETWORK, "S-1-5-114"), "every administrator", id="deny local administrators"),
    pytest.param("workgroup", adding(DENY_NETWORK, ".\\Administrator"), CALLER, id="deny our local account"),
    pytest.param("dc", exactly(NETWORK, "Administrators"), "every user of the domain", id="controller, users"),
    pytest.param("dc", exactly(NETWORK, "Administrators"), "domain controllers (S-1-5-9)", id="controller, peers"),
    pytest.param("dc", adding(DENY_NETWORK, "S-1-5-9"), "domain controllers (S-1-5-9)", id="deny controllers"),
    pytest.param("dc", adding(DENY_NETWORK, f"{CORP}-516"), "domain controllers (S-1-5-9)", id="deny their group"),
    pytest.param("dc", adding("SeDenyBatchLogonRight", f"{CORP}-515"), "every computer of", id="deny computers"),
    pytest.param("dc", adding("SeDenyInteractiveLogonRight", f"{CORP}-513"), "that domain", id="deny domain users"),
    pytest.param("dc", adding(DENY_NETWORK, "S-1-5-32-554"), "every user of the domain", id="deny whoever is in 554"),
    pytest.param("dc", adding(DENY_NETWORK, "CORP\\Domain Admins"), ADMINISTRATORS, id="deny domain admins"),
    pytest.param("workgroup", adding(DENY_NETWORK, "S-1-5-15"), "everybody who logs on", id="deny This Organization"),
    pytest.param("member", adding("SeDenyServiceLogonRight", "S-1-2-0"), "all services", id="deny LOCAL to services"),
    pytest.param(
        "member", adding("SeDenyBatchLogonRight", "S-1-2-1"), "everybody who logs on", id="deny CONSOLE LOGON"
    ),
]


@pytest.mark.parametrize(("host", "options", "who"), REFUSED)
def test_a_lock_out_is_refused_by_the_name_of_who_would_be_cut_off(
    lab: RunningLab, host: str, options: dict[str, Any], who: str | None
) -> None:
    before = rights_of(lab, host)
    quiet = {"gpo_conflict": "ignore"}
    for check in (True, False):
        outcome = Controller(lab, host).run("user_right", _check=check, **quiet, **options)
        if who is None:
            assert outcome.failed is None, "the engine keeps Administrators, so nobody is cut off"
            continue
        assert outcome.failed is not None
        assert outcome.failed.startswith("Refused: ")
        assert outcome.failed.endswith(" Nothing was changed.")
        assert f"{options['rights'][0]['name']} (" in outcome.failed
        assert who in outcome.failed
        assert "allow_lockout: true" in outcome.failed
        assert rights_of(lab, host) == before


def test_all_services_are_kept_in_their_logon_right(lab: RunningLab) -> None:
    held = adding("SeServiceLogonRight", "NT SERVICE\\ALL SERVICES")
    Controller(lab, "member").run("user_right", **held)
    before = rights_of(lab, "member")
    outcome = Controller(lab, "member").run("user_right", **exactly("SeServiceLogonRight", "CORP\\exsvc"))
    assert outcome.failed is not None
    assert "would cut off NT SERVICE\\ALL SERVICES (S-1-5-80-0)" in outcome.failed
    assert rights_of(lab, "member") == before


ALLOWED = [
    pytest.param("member", adding(DENY_NETWORK, "S-1-5-113"), id="local accounts of a member: administrators remain"),
    pytest.param("member", adding(DENY_NETWORK, "CORP\\old"), id="another account"),
    pytest.param("member", exactly(NETWORK, "Administrators"), id="Administrators alone"),
    pytest.param("member", exactly(NETWORK, "Authenticated Users"), id="whoever proves who he is"),
    pytest.param("member", exactly("SeDenyNetworkLogonRight"), id="nobody is denied any longer"),
]


@pytest.mark.parametrize(("host", "options"), ALLOWED)
def test_what_cuts_off_nobody_is_done_and_the_next_logon_works(
    lab: RunningLab, host: str, options: dict[str, Any]
) -> None:
    outcome = Controller(lab, host).run("user_right", **options)
    assert outcome.failed is None
    again = Controller(lab, host).run("user_right", **options)
    assert again.failed is None
    assert again.unreachable is None
    assert not again.changed


LOCKS_US_OUT = [
    pytest.param(exactly(NETWORK, "S-1-5-19"), id="no longer allowed"),
    pytest.param(adding(DENY_NETWORK, "CORP\\labadmin"), id="denied by name"),
    pytest.param(adding(DENY_NETWORK, "CORP\\Domain Users"), id="denied by group"),
    pytest.param(adding(DENY_NETWORK, "Administrators"), id="denied as administrator"),
    pytest.param(adding(DENY_NETWORK, "NT AUTHORITY\\NETWORK"), id="denied as network logon"),
]


@pytest.mark.parametrize("options", LOCKS_US_OUT)
def test_who_overrides_the_guard_is_locked_out_indeed(lab: RunningLab, options: dict[str, Any]) -> None:
    """The guard was right: the lab, which knows nothing of it, refuses the next logon."""
    assert Controller(lab, "member").run("user_right", **options).failed is not None
    assert Controller(lab, "member").run("user_right_info").unreachable is None, "refused, so nobody was cut off"
    meant = Controller(lab, "member").run("user_right", allow_lockout=True, **options)
    assert meant.failed is None
    assert meant.changed
    next_logon = Controller(lab, "member").run("user_right_info")
    assert next_logon.unreachable is not None


def block_whoami(lab: RunningLab, host: str) -> None:
    lab.computer(host).faults.add(
        {"at": "program.start", "match": {"program": "whoami"}, "do": "exit_code", "code": 1, "times": None}
    )


def test_a_caller_whose_groups_cannot_be_known_is_not_taken_for_safe(lab: RunningLab) -> None:
    """Without whoami: a change of who may log on over the network is refused, with that reason and with a way out."""
    before = rights_of(lab, "member")
    block_whoami(lab, "member")
    outcome = Controller(lab, "member").run("user_right", **adding(DENY_NETWORK, "CORP\\old"))
    assert outcome.failed is not None
    assert "whoami did not say which groups it is in" in outcome.failed
    assert "Let whoami.exe run on the host for this account" in outcome.failed
    assert rights_of(lab, "member") == before


@pytest.mark.parametrize(("host", "mine"), [("member", "CORP\\labadmin"), ("workgroup", ".\\Administrator")])
def test_without_whoami_the_connecting_account_is_known_by_its_name(lab: RunningLab, host: str, mine: str) -> None:
    before = rights_of(lab, host)
    block_whoami(lab, host)
    outcome = Controller(lab, host).run("user_right", **adding(DENY_NETWORK, mine))
    assert outcome.failed is not None
    assert CALLER in outcome.failed
    assert rights_of(lab, host) == before


def test_a_guarded_change_costs_little_more_than_another_one(lab: RunningLab) -> None:
    lab.clear_requests()
    assert Controller(lab, "member").run("user_right", **adding(DENY_NETWORK, "CORP\\old")).changed
    assert lab.requests("member") <= 24
    lab.clear_requests()
    assert not Controller(lab, "member").run("user_right", **adding(DENY_NETWORK, "CORP\\old")).changed
    assert lab.requests("member") <= 12, "what does not change is not guarded"
