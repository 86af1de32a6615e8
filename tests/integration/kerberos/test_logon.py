# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A grant over Kerberos: by password and by ticket, over winrm and psrp, sealed, and with nothing delegated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.kerberos import ways
from ansible_collections.winmail.exchange.tests.integration.kerberos.kdc import REALM
from ansible_collections.winmail.exchange.tests.integration.kerberos.ways import (
    ADMINISTRATOR,
    DOMAIN,
    PASSWORDS,
    PSRP,
    WINRM,
)
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import GRANTED, moved, snapshots
from lab.winrm.auth import Logon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ansible_collections.winmail.exchange.tests.integration.kerberos.kdc import Kdc
    from lab.server import RunningLab

TICKET_GRANTING = f"krbtgt/{REALM}@{REALM}"
GRANT: dict[str, Any] = {"name": "SeTcbPrivilege", "accounts": ["CORP\\exsvc"]}
ADMITTED = Logon("kerberos", ADMINISTRATOR, "CORP\\labadmin", delegated=False)
BY_PASSWORD: dict[str, tuple[str, ways.Variables]] = {
    "winrm": (WINRM, ways.winrm()),
    "psrp": (PSRP, ways.psrp()),
    "psrp, which may choose": (PSRP, {**ways.psrp(), "ansible_psrp_auth": "negotiate"}),
}
BY_TICKET: dict[str, tuple[str, ways.Variables]] = {
    "winrm": (WINRM, ways.winrm_with_ticket()),
    "psrp": (PSRP, ways.psrp_with_ticket()),
}


@pytest.mark.parametrize(("connection", "variables"), BY_PASSWORD.values(), ids=BY_PASSWORD.keys())
def test_a_grant_with_a_password(
    lab: RunningLab, kdc: Kdc, controller: Callable[..., Controller], connection: str, variables: ways.Variables
) -> None:
    grants(lab, kdc, controller(connection, **variables), ways.SERVICES[connection])


@pytest.mark.parametrize(("connection", "variables"), BY_TICKET.values(), ids=BY_TICKET.keys())
def test_a_grant_with_the_ticket_that_is_there(
    lab: RunningLab,
    kdc: Kdc,
    controller: Callable[..., Controller],
    ticket: Path,
    connection: str,
    variables: ways.Variables,
) -> None:
    kdc.log_on(ADMINISTRATOR, PASSWORDS[ADMINISTRATOR], ticket)
    grants(lab, kdc, controller(connection, **variables), ways.SERVICES[connection])


def grants(lab: RunningLab, kdc: Kdc, asked: Controller, service: str) -> None:
    """Grant twice, and ask the lab and the KDC what they saw."""
    before, known = snapshots(lab), len(kdc.issued())
    first, second = asked.run("user_right", **GRANT), asked.run("user_right", **GRANT)

    assert (first.failed, first.unreachable, first.changed) == (None, None, True)
    assert (second.failed, second.unreachable, second.changed) == (None, None, False)
    assert moved(before, snapshots(lab)) == GRANTED
    assert lab.logons("exch50") == [ADMITTED, ADMITTED]
    assert {exchange.encrypted for exchange in lab.transcript("exch50")} == {True}
    # One or two requests a task, where NTLM takes three.
    assert lab.requests_by_action("exch50")["login"] <= 4
    issued = kdc.issued()[known:]
    assert ("TGS", ADMINISTRATOR, f"{service}/exch50.{DOMAIN}@{REALM}") in issued
    # Who delegates asks the KDC for a ticket-granting ticket to give away.
    assert [one for one in issued if one[0] == "TGS" and one[2] == TICKET_GRANTING] == []


def test_the_observers_see_delegation_where_a_person_asks_for_it(
    lab: RunningLab, kdc: Kdc, controller: Callable[..., Controller]
) -> None:
    known = len(kdc.issued())
    asked = controller(WINRM, **ways.winrm(), ansible_winrm_kerberos_delegation=True)
    assert asked.run("user_right", **GRANT).changed
    assert [one.delegated for one in lab.logons("exch50")] == [True]
    assert ("TGS", ADMINISTRATOR, TICKET_GRANTING) in kdc.issued()[known:]


HTTPS: dict[str, ways.Variables] = {
    WINRM: {**ways.winrm(), "ansible_winrm_scheme": "https", "ansible_winrm_message_encryption": "auto"},
    PSRP: {**ways.psrp(), "ansible_psrp_protocol": "https", "ansible_psrp_message_encryption": "auto"},
}
UNBOUND: dict[str, ways.Variables] = {
    WINRM: {"ansible_winrm_send_cbt": False},
    PSRP: {"ansible_psrp_negotiate_send_cbt": False},
}


@pytest.mark.parametrize("bound", [True, False], ids=["bound", "not bound"])
@pytest.mark.parametrize("connection", [WINRM, PSRP])
def test_a_ticket_is_bound_to_the_tls_channel(
    lab: RunningLab, controller: Callable[..., Controller], connection: str, *, bound: bool
) -> None:
    secured = {
        "ansible_port": lab.hosts["exch50"].https_port,
        "ansible_winrm_ca_trust_path": str(lab.certificate_path),
        "ansible_psrp_ca_cert": str(lab.certificate_path),
    }
    variables = {**HTTPS[connection], **secured, **({} if bound else UNBOUND[connection])}
    outcome = controller(connection, **variables).run("user_right", **GRANT)
    assert outcome.failed is None
    assert (outcome.unreachable is None, outcome.changed) == (bound, bound)
    assert lab.logons("exch50") == ([ADMITTED] if bound else [])


@pytest.mark.parametrize("connection", [WINRM, PSRP])
def test_ntlm_stays_a_way_in(lab: RunningLab, connection: str) -> None:
    outcome = Controller(lab, "exch50", connection=connection).run("user_right", **GRANT)
    assert (outcome.failed, outcome.unreachable, outcome.changed) == (None, None, True)
    assert lab.logons("exch50") == [Logon("ntlm", "CORP\\labadmin", "CORP\\labadmin", delegated=False)]
