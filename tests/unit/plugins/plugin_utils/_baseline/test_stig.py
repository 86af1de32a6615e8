# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DISA's rules, as shipped for four releases, against cases worked out by hand from what each rule says."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import Baseline, HostRole
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.options import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.read import load
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.survey import survey
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost, store
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._baseline.small import (
    DOMAIN_ADMINS,
    ENTERPRISE_ADMINS,
    member,
    standalone,
)

RELEASES = ("2016", "2019", "2022", "2025")
BA, GUESTS, AU, EDC = "S-1-5-32-544", "S-1-5-32-546", "S-1-5-11", "S-1-5-9"
LS, NS, SVC, LOCAL, LOCAL_ADMINS = "S-1-5-19", "S-1-5-20", "S-1-5-6", "S-1-5-113", "S-1-5-114"
EA, DA, MACHINES = ENTERPRISE_ADMINS, DOMAIN_ADMINS, "S-1-5-83-0"
APP = "S-1-5-21-1-2-3-1107"
DC: HostRole = "domain_controller"
MS: HostRole = "member_server"
WG: HostRole = "workgroup_member"
EVERY = (DC, MS, WG)

LINKS = (225078, 205756, 254499, 278249)
ORPHANS = (224863, 205855, 254282, 278030)


@dataclass(frozen=True)
class Rule:
    """One rule by its ids in the four releases, and what holds its right with the verdict on that, for some roles."""

    right: str
    ids: tuple[int, int, int, int]
    roles: tuple[HostRole, ...]
    passes: tuple[tuple[str, ...], ...]
    fails: tuple[tuple[str, ...], ...]
    applies: tuple[HostRole, ...] = ()


def at_most(right: str, ids: tuple[int, int, int, int], *sids: str, roles: tuple[HostRole, ...] = EVERY) -> Rule:
    """These or nobody: fails with an application's account beside them, or with that alone."""
    return Rule(right, ids, roles, ((), (sids[0],), sids), ((*sids, APP), (APP,)))


def nobody(right: str, ids: tuple[int, int, int, int], roles: tuple[HostRole, ...] = EVERY, **more: Any) -> Rule:
    """Nobody at all."""
    return Rule(right, ids, roles, ((),), ((BA,), (APP,)), **more)


def at_least(right: str, ids: tuple[int, int, int, int], *sids: str, roles: tuple[HostRole, ...], **more: Any) -> Rule:
    """All of these, and others may: fails where the last is not there, and where nobody is."""
    return Rule(right, ids, roles, (sids, (*sids, APP)), (sids[:-1], (APP,), ()), **more)


RULES = (
    Rule("SeAuditPrivilege", (225081, 205759, 254502, 278252), EVERY, ((), (LS, NS), (LS,)), ((LS, NS, BA), (APP,))),
    at_most("SeBackupPrivilege", (225073, 205751, 254494, 278244), BA),
    at_most("SeCreateGlobalPrivilege", (225076, 205754, 254497, 278247), BA, SVC, LS, NS),
    at_most("SeCreatePagefilePrivilege", (225074, 205752, 254495, 278245), BA),
    nobody("SeCreatePermanentPrivilege", (225077, 205755, 254498, 278248)),
    at_most("SeCreateSymbolicLinkPrivilege", (225078, 205756, 254499, 278249), BA),
    nobody("SeCreateTokenPrivilege", (225091, 205753, 254496, 278246)),
    at_most("SeDebugPrivilege", (225079, 205757, 254500, 278250), BA),
    at_least("SeDenyBatchLogonRight", (225001, 205668, 254422, 278169), GUESTS, roles=(DC,), applies=(DC,)),
    at_least("SeDenyBatchLogonRight", (225016, 205673, 254436, 278185), EA, DA, GUESTS, roles=(MS,), applies=(MS, WG)),
    at_least("SeDenyBatchLogonRight", (225016, 205673, 254436, 278185), GUESTS, roles=(WG,)),
    at_least("SeDenyInteractiveLogonRight", (225003, 205670, 254424, 278171), GUESTS, roles=(DC,), applies=(DC,)),
    at_least("SeDenyInteractiveLogonRight", (225018, 205675, 254438, 278187), GUESTS, DA, EA, roles=(MS,)),
    at_least("SeDenyInteractiveLogonRight", (225018, 205675, 254438, 278187), GUESTS, roles=(WG,)),
    at_least("SeDenyNetworkLogonRight", (225000, 205667, 254421, 278168), GUESTS, roles=(DC,), applies=(DC,)),
    at_least("SeDenyNetworkLogonRight", (225015, 205672, 254435, 278184), EA, DA, GUESTS, LOCAL, roles=(MS,)),
    at_least("SeDenyNetworkLogonRight", (225015, 205672, 254435, 278184), EA, DA, GUESTS, LOCAL_ADMINS, roles=(MS,)),
    at_least("SeDenyNetworkLogonRight", (225015, 205672, 254435, 278184), GUESTS, roles=(WG,)),
    at_least("SeDenyRemoteInteractiveLogonRight", (225004, 205732, 254425, 278174), GUESTS, roles=(DC,), applies=(DC,)),
    at_least("SeDenyRemoteInteractiveLogonRight", (225019, 205733, 254439, 278188), EA, DA, GUESTS, LOCAL, roles=(MS,)),
    at_least("SeDenyRemoteInteractiveLogonRight", (225019, 205733, 254439, 278188), GUESTS, roles=(WG,)),
    nobody("SeDenyServiceLogonRight", (225002, 205669, 254423, 278170), (DC,), applies=(DC,)),
    at_least("SeDenyServiceLogonRight", (225017, 205674, 254437, 278186), EA, DA, roles=(MS,)),
    nobody("SeDenyServiceLogonRight", (225017, 205674, 254437, 278186), (WG,)),
    at_most("SeEnableDelegationPrivilege", (225005, 205745, 254426, 278175), BA, roles=(DC,)),
    nobody("SeEnableDelegationPrivilege", (225020, 205748, 254440, 278189), (MS, WG), applies=(MS, WG)),
    at_most("SeImpersonatePrivilege", (225082, 205760, 254503, 278253), BA, SVC, LS, NS),
    at_most("SeIncreaseBasePriorityPrivilege", (225083, 205761, 254504, 278254), BA),
    at_most("SeInteractiveLogonRight", (225072, 205676, 254493, 278243), BA),
    at_most("SeLoadDriverPrivilege", (225084, 205762, 254505, 278255), BA),
    nobody("SeLockMemoryPrivilege", (225085, 205763, 254506, 278256)),
    at_most("SeMachineAccountPrivilege", (224998, 205744, 254419, 278166), BA, roles=(DC,)),
    at_most("SeManageVolumePrivilege", (225088, 205765, 254509, 278259), BA),
    at_most("SeNetworkLogonRight", (224997, 205665, 254418, 278165), BA, AU, EDC, roles=(DC,)),
    at_most("SeNetworkLogonRight", (225014, 205671, 254434, 278183), BA, AU, roles=(MS, WG)),
    at_most("SeProfileSingleProcessPrivilege", (225089, 205766, 254510, 278260), BA),
    at_most("SeRemoteInteractiveLogonRight", (224999, 205666, 254420, 278167), BA, roles=(DC,)),
    at_most("SeRemoteShutdownPrivilege", (225080, 205758, 254501, 278251), BA),
    at_most("SeRestorePrivilege", (225092, 205767, 254511, 278261), BA),
    at_most("SeSecurityPrivilege", (225086, 205643, 254507, 278257), BA),
    at_most("SeSystemEnvironmentPrivilege", (225087, 205764, 254508, 278258), BA),
    at_most("SeTakeOwnershipPrivilege", (225093, 205768, 254512, 278262), BA),
    nobody("SeTcbPrivilege", (225071, 205750, 254492, 278242)),
    nobody("SeTrustedCredManAccessPrivilege", (225070, 205749, 254491, 278241)),
)


@functools.cache
def shipped(release: str) -> Baseline:
    return load(f"stig_windows_server_{release}", ())


def host_of(role: HostRole, **state: Any) -> MemoryHost:
    """A host of that role: its domain is the root of its forest."""
    return standalone(**state) if role == WG else member(role=5 if role == DC else 3, **state)


def status(release: str, number: int, host: MemoryHost) -> str:
    """The verdict on one rule."""
    wanted = f"V-{number}"
    result = survey(
        host, parse({"host_role": "auto", "controls": [wanted], "waivers": []}, shipped(release)), lambda _warning: None
    )
    [one] = result["controls"]
    return str(one["status"])


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.right}-{rule.roles[0]}")
def test_by_hand(rule: Rule, release: str) -> None:
    number = rule.ids[RELEASES.index(release)]
    for role in rule.roles:
        for held in rule.passes:
            assert status(release, number, host_of(role, rights={rule.right: list(held)})) == "pass", (role, held)
        for held in rule.fails:
            assert status(release, number, host_of(role, rights={rule.right: list(held)})) == "fail", (role, held)
    for role in EVERY if rule.applies else ():
        applies = status(release, number, host_of(role)) != "not_applicable"
        assert applies is (role in rule.applies)


@pytest.mark.parametrize(("release", "number"), list(zip(RELEASES, LINKS, strict=True)))
def test_machines_of_hyper_v_may_make_symbolic_links_where_it_is(release: str, number: int) -> None:
    base = store()
    hyper_v = type(base)("vmms", "Hyper-V Virtual Machine Management", "Running", "Auto", None, 0)
    rights = {"SeCreateSymbolicLinkPrivilege": [BA, MACHINES]}
    assert status(release, number, host_of(MS, rights=rights, installed=(hyper_v,))) == "pass"
    assert status(release, number, host_of(MS, rights=rights)) == "fail"


@pytest.mark.parametrize(("release", "number"), list(zip(RELEASES, ORPHANS, strict=True)))
def test_orphans(release: str, number: int) -> None:
    gone = "S-1-5-21-1-2-3-9999"
    assert status(release, number, host_of(MS, rights={"SeBatchLogonRight": [BA]})) == "pass"
    host = host_of(MS, rights={"SeBatchLogonRight": [BA, gone]}, kinds={gone: "orphan"})
    assert status(release, number, host) == "fail"


@pytest.mark.parametrize("release", RELEASES)
def test_every_rule_that_is_shipped_is_here(release: str) -> None:
    here = {f"V-{rule.ids[RELEASES.index(release)]}" for rule in RULES}
    here.add(f"V-{ORPHANS[RELEASES.index(release)]}")
    assert {control.id for control in shipped(release).controls} == here
