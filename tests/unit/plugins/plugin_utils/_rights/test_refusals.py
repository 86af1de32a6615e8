# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard's refusals as whole sentences: each victim once, what no longer works, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Caller, Change, Computer, Plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import guard

DENY, EXSVC, OLD = "SeDenyNetworkLogonRight", "S-1-5-21-1-2-3-1107", "S-1-5-21-1-2-3-1108"
ADMINISTRATORS = "S-1-5-32-544"
CALLER = Caller(EXSVC, frozenset({ADMINISTRATORS}))
NAMELESS = Caller(EXSVC, frozenset())
KNOWN = Caller(EXSVC, frozenset({ADMINISTRATORS, "S-1-5-2", "S-1-1-0", "S-1-5-11"}))


def refusal(
    *changes: Change, caller: Caller | None = CALLER, role: int = 3, domain: bool = True, exact: bool = True
) -> str:
    computer = Computer("EXCH", "CORP", role, part_of_domain=domain)
    plan = Plan(tuple(replace(change, exact=exact) for change in changes))
    return guard.refusal(guard.risks(plan, caller, computer))


@pytest.mark.parametrize(
    ("say", "text"),
    [
        pytest.param(
            lambda: refusal(Change("SeInteractiveLogonRight", (ADMINISTRATORS,), ("S-1-5-32-551",)), caller=None),
            "SeInteractiveLogonRight (Allow log on locally) would cut off Administrators (S-1-5-32-544). Keep them in "
            "the list, or write allow_lockout: true if that is what you mean.",
            id="administrators",
        ),
        pytest.param(
            lambda: refusal(Change("SeInteractiveLogonRight", (EXSVC,), ())),
            "SeInteractiveLogonRight (Allow log on locally) would cut off the connecting account "
            "(S-1-5-21-1-2-3-1107). Keep them in the list, or write allow_lockout: true if that is what you mean.",
            id="the caller locally",
        ),
        pytest.param(
            lambda: refusal(Change("SeNetworkLogonRight", (EXSVC,), ())),
            "SeNetworkLogonRight (Access this computer from the network) would cut off the connecting account "
            "(S-1-5-21-1-2-3-1107). Keep them in the list, or write allow_lockout: true if that is what you mean.",
            id="the caller",
        ),
        pytest.param(
            lambda: refusal(Change("SeNetworkLogonRight", (OLD,), ()), caller=None),
            "SeNetworkLogonRight (Access this computer from the network) would cut off perhaps the connecting account "
            "(whoami did not say who that is). Let whoami.exe run on the host for this account (AppLocker or WDAC may "
            "block it). Keep them in the list, or write allow_lockout: true if that is what you mean.",
            id="an unknown caller",
        ),
        pytest.param(
            lambda: refusal(Change("SeNetworkLogonRight", (OLD, ADMINISTRATORS), (ADMINISTRATORS,)), caller=NAMELESS),
            "SeNetworkLogonRight (Access this computer from the network) would cut off perhaps the connecting account "
            "(whoami did not say which groups it is in). Let whoami.exe run on the host for this account (AppLocker "
            "or WDAC may block it). Keep them in the list, or write allow_lockout: true if that is what you mean.",
            id="a caller of unknown groups",
        ),
        pytest.param(
            lambda: refusal(Change("SeNetworkLogonRight", ("S-1-1-0",), (EXSVC, ADMINISTRATORS)), role=5),
            "SeNetworkLogonRight (Access this computer from the network) would cut off every user of the domain (they "
            "log on to this domain controller over the network) and the other domain controllers (S-1-5-9). Keep them "
            "in the list, or write allow_lockout: true if that is what you mean.",
            id="a domain",
        ),
        pytest.param(
            lambda: refusal(Change("SeServiceLogonRight", ("S-1-5-80-0", "S-1-5-83-0"), ())),
            "SeServiceLogonRight (Log on as a service) would cut off NT SERVICE\\ALL SERVICES (S-1-5-80-0) and NT "
            "VIRTUAL MACHINE\\Virtual Machines (S-1-5-83-0): no service that runs under an account of its own (NT "
            "SERVICE\\…) starts any more, no virtual machine of Hyper-V starts any more. Keep them in the list, or "
            "write allow_lockout: true if that is what you mean.",
            id="services",
        ),
        pytest.param(
            lambda: refusal(Change("SeCreateSymbolicLinkPrivilege", ("S-1-5-83-0", ADMINISTRATORS), (ADMINISTRATORS,))),
            "SeCreateSymbolicLinkPrivilege (Create symbolic links) would cut off NT VIRTUAL MACHINE\\Virtual Machines "
            "(S-1-5-83-0): no virtual machine of Hyper-V starts any more. Keep them in the list, or write "
            "allow_lockout: true if that is what you mean.",
            id="virtual machines",
        ),
        pytest.param(
            lambda: refusal(Change("SeServiceLogonRight", ("S-1-5-80-0", OLD), (OLD,)), exact=False),
            "SeServiceLogonRight (Log on as a service) would cut off NT SERVICE\\ALL SERVICES (S-1-5-80-0): no service "
            "that runs under an account of its own (NT SERVICE\\…) starts any more. Do not take it from them, or write "
            "allow_lockout: true if that is what you mean.",
            id="services that a task names",
        ),
        pytest.param(
            lambda: refusal(
                Change("SeServiceLogonRight", ("S-1-5-80-0", OLD), (OLD,)),
                Change(DENY, (), (ADMINISTRATORS,)),
                caller=Caller("S-1-5-21-1-2-3-1300", frozenset({"S-1-5-2"})),
                exact=False,
            ),
            "SeServiceLogonRight (Log on as a service) would cut off NT SERVICE\\ALL SERVICES (S-1-5-80-0): no service "
            "that runs under an account of its own (NT SERVICE\\…) starts any more; SeDenyNetworkLogonRight (Deny "
            "access to this computer from the network) would cut off Administrators (S-1-5-32-544). Do not take "
            "SeServiceLogonRight from them, leave S-1-5-32-544 out of the list of SeDenyNetworkLogonRight, or write "
            "allow_lockout: true if that is what you mean.",
            id="a removal and a denial",
        ),
        pytest.param(
            lambda: refusal(Change(DENY, (), ("S-1-5-32-545", "S-1-5-2")), caller=None),
            "SeDenyNetworkLogonRight (Deny access to this computer from the network) would cut off Administrators "
            "(S-1-5-32-544) and everybody who logs on in that way. Leave S-1-5-32-545 and S-1-5-2 out of the list, or "
            "write allow_lockout: true if that is what you mean.",
            id="denied administrators",
        ),
        pytest.param(
            lambda: refusal(Change("SeDenyInteractiveLogonRight", (), (ADMINISTRATORS,))),
            "SeDenyInteractiveLogonRight (Deny log on locally) would cut off Administrators (S-1-5-32-544) and the "
            "connecting account (S-1-5-21-1-2-3-1107). Leave S-1-5-32-544 out of the list, or write allow_lockout: "
            "true if that is what you mean.",
            id="denied administrators alone",
        ),
        pytest.param(
            lambda: refusal(Change("SeDenyServiceLogonRight", (), ("S-1-5-6",))),
            "SeDenyServiceLogonRight (Deny log on as a service) would cut off all services at their next start. Leave "
            "S-1-5-6 out of the list, or write allow_lockout: true if that is what you mean.",
            id="denied services",
        ),
        pytest.param(
            lambda: refusal(Change(DENY, (), ("S-1-5-113",)), role=2, domain=False),
            "SeDenyNetworkLogonRight (Deny access to this computer from the network) would cut off every "
            "administrator of this computer (it is in no domain). Leave S-1-5-113 out of the list, or write "
            "allow_lockout: true if that is what you mean.",
            id="denied local accounts",
        ),
        pytest.param(
            lambda: refusal(Change(DENY, (), (EXSVC, OLD))),
            "SeDenyNetworkLogonRight (Deny access to this computer from the network) would cut off the connecting "
            "account (S-1-5-21-1-2-3-1107). Leave S-1-5-21-1-2-3-1107 out of the list, or write allow_lockout: true "
            "if that is what you mean.",
            id="denied caller",
        ),
        pytest.param(
            lambda: refusal(Change(DENY, (), (OLD,)), caller=None),
            "SeDenyNetworkLogonRight (Deny access to this computer from the network) would cut off perhaps the "
            "connecting account (whoami did not say who that is). Let whoami.exe run on the host for this account "
            "(AppLocker or WDAC may block it). Leave S-1-5-21-1-2-3-1108 out of the list, or write allow_lockout: "
            "true if that is what you mean.",
            id="denied an unknown caller",
        ),
        pytest.param(
            lambda: refusal(Change(DENY, (), (OLD,)), caller=NAMELESS),
            "SeDenyNetworkLogonRight (Deny access to this computer from the network) would cut off perhaps the "
            "connecting account (whoami did not say which groups it is in). Let whoami.exe run on the host for this "
            "account (AppLocker or WDAC may block it). Leave S-1-5-21-1-2-3-1108 out of the list, or write "
            "allow_lockout: true if that is what you mean.",
            id="denied a caller of unknown groups",
        ),
        pytest.param(
            lambda: refusal(Change(DENY, (), ("S-1-5-9",)), role=4),
            "SeDenyNetworkLogonRight (Deny access to this computer from the network) would cut off the other domain "
            "controllers (S-1-5-9). Leave S-1-5-9 out of the list, or write allow_lockout: true if that is what you "
            "mean.",
            id="denied controllers",
        ),
        pytest.param(
            lambda: refusal(Change(DENY, (), ("S-1-5-21-1-2-3-513",)), caller=KNOWN, role=5),
            "SeDenyNetworkLogonRight (Deny access to this computer from the network) would cut off every account of "
            "that domain or computer (administrators among them) and the connecting account (S-1-5-21-1-2-3-1107). "
            "Leave S-1-5-21-1-2-3-513 out of the list, or write allow_lockout: true if that is what you mean.",
            id="denied domain users",
        ),
        pytest.param(
            lambda: refusal(Change(DENY, (), ("S-1-5-19",)), caller=KNOWN),
            "SeDenyNetworkLogonRight (Deny access to this computer from the network) would cut off what Windows runs "
            "as NT AUTHORITY\\LOCAL SERVICE (S-1-5-19). Leave S-1-5-19 out of the list, or write allow_lockout: true "
            "if that is what you mean.",
            id="denied an identity of Windows",
        ),
        pytest.param(
            lambda: refusal(
                Change("SeNetworkLogonRight", (ADMINISTRATORS,), (OLD,)),
                Change("SeInteractiveLogonRight", (ADMINISTRATORS,), (OLD,)),
                caller=KNOWN,
            ),
            "SeNetworkLogonRight (Access this computer from the network) and SeInteractiveLogonRight (Allow log on "
            "locally) would cut off Administrators (S-1-5-32-544) and the connecting account (S-1-5-21-1-2-3-1107). "
            "Keep them in the list, or write allow_lockout: true if that is what you mean.",
            id="two rights, the same victims",
        ),
        pytest.param(
            lambda: refusal(
                Change("SeNetworkLogonRight", (ADMINISTRATORS,), (OLD,)),
                Change(DENY, (), ("S-1-5-32-546", "S-1-5-2")),
                Change("SeDenyBatchLogonRight", (), ("S-1-5-3",)),
                caller=KNOWN,
            ),
            "SeNetworkLogonRight (Access this computer from the network) would cut off Administrators (S-1-5-32-544) "
            "and the connecting account (S-1-5-21-1-2-3-1107); SeDenyNetworkLogonRight (Deny access to this computer "
            "from the network) and SeDenyBatchLogonRight (Deny log on as a batch job) would cut off everybody who "
            "logs on in that way. Keep them in the list of SeNetworkLogonRight, leave S-1-5-2 and S-1-5-3 out of the "
            "list of SeDenyNetworkLogonRight and SeDenyBatchLogonRight, or write allow_lockout: true if that is what "
            "you mean.",
            id="rights that allow and rights that deny",
        ),
    ],
)
def test_the_refusal(say: Callable[[], str], text: str) -> None:
    assert say() == text
