# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A grant on each release and role as its default export looks: nobody lost, nothing left to do the second time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running

POP3SVC = "S-1-5-21-2840394521-1093752863-3410756322-1111"


@pytest.fixture(scope="module")
def releases() -> Iterator[RunningLab]:
    with running(scenario="releases") as lab:
        yield lab


@pytest.mark.parametrize(
    ("host", "right"),
    [
        pytest.param("iis2008r2", "SeAuditPrivilege", id="pools print by name"),
        pytest.param("iis2008r2", "SeServiceLogonRight", id="pools and a group of SQL Server"),
        pytest.param("srv2016", "SeIncreaseBasePriorityPrivilege", id="2016"),
        pytest.param("hyperv2022", "SeCreateSymbolicLinkPrivilege", id="a virtual machine"),
        pytest.param("hyperv2025", "SeAuditPrivilege", id="a service and a pool that are gone"),
        pytest.param("hyperv2025", "SeBatchLogonRight", id="a cloud account and a deleted one"),
        pytest.param("win11new", "SeAuditPrivilege", id="a restricted service"),
        pytest.param("dc2022", "SeServiceLogonRight", id="a user and a group of the domain by name"),
        pytest.param("dc2025", "SeServiceLogonRight", id="a managed account by name, another clock and zone"),
    ],
)
def test_a_grant_keeps_every_holder(releases: RunningLab, host: str, right: str) -> None:
    controller = Controller(releases, host)
    before = rights_of(releases, host)
    outcome = controller.run("user_right", name=right, accounts=["CORP\\pop3svc"])
    assert outcome.failed is None
    assert outcome.changed
    assert rights_of(releases, host) == {**before, right: sorted([*before[right], POP3SVC])}
    assert not controller.run("user_right", name=right, accounts=["CORP\\pop3svc"]).changed


@pytest.mark.parametrize("host", ["se2022", "se2025"])
def test_a_missing_right_is_called_missing_whatever_the_release_gives_its_services(
    releases: RunningLab, host: str
) -> None:
    remedy = Controller(releases, host).run("pop3_server_info").result["remedy"]
    assert (remedy["action"], remedy["rights"], remedy["accounts"]) == ("grant", ["SeServiceLogonRight"], [POP3SVC])
