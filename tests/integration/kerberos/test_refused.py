# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kerberos that does not work out: unreachable, with what was said and without the secret, and nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.kerberos import ways
from ansible_collections.winmail.exchange.tests.integration.kerberos.ways import (
    ADMINISTRATOR,
    GHOST,
    ORDINARY,
    PASSWORDS,
    PSRP,
    WINRM,
)
from ansible_collections.winmail.exchange.tests.support.observer import snapshots

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ansible_collections.winmail.exchange.tests.integration.kerberos.kdc import Kdc
    from ansible_collections.winmail.exchange.tests.support.harness import Controller
    from lab.server import RunningLab

WRONG = "Wrong-Xb2mV6qRd8-only"
GRANT: dict[str, Any] = {"name": "SeTcbPrivilege", "accounts": ["CORP\\exsvc"]}
TICKETS = {WINRM: ways.winrm_with_ticket(), PSRP: ways.psrp_with_ticket()}
REFUSED: dict[str, tuple[str, ways.Variables, str]] = {
    "winrm, wrong password": (WINRM, {**ways.winrm(), "ansible_password": WRONG}, "Password incorrect"),
    "psrp, wrong password": (PSRP, {**ways.psrp(), "ansible_password": WRONG}, "Preauthentication failed"),
    "winrm, no ticket": (WINRM, TICKETS[WINRM], "Can't find client principal"),
    "psrp, no ticket": (PSRP, TICKETS[PSRP], "Can't find client principal"),
    "winrm, a host that the KDC does not know": (WINRM, ways.winrm("stranger"), "not found in Kerberos database"),
    "psrp, a host that the KDC does not know": (PSRP, ways.psrp("stranger"), "not found in Kerberos database"),
    "winrm, a person whom Windows does not know": (WINRM, ways.winrm(user=GHOST), "rejected"),
    "psrp, a person whom Windows does not know": (PSRP, ways.psrp(user=GHOST), "rejected"),
    "winrm, no administrator": (WINRM, ways.winrm(user=ORDINARY), "refuses it the command shell"),
    "psrp, no administrator": (PSRP, ways.psrp(user=ORDINARY), "refuses it the command shell"),
}


@pytest.mark.parametrize(("connection", "variables", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_who_cannot_log_on_is_told_why(
    lab: RunningLab,
    controller: Callable[..., Controller],
    connection: str,
    variables: ways.Variables,
    said: str,
) -> None:
    before = snapshots(lab)
    outcome = controller(connection, **variables).run("user_right", **GRANT)
    assert outcome.unreachable is not None, outcome
    assert said in outcome.unreachable
    assert [secret for secret in (WRONG, *PASSWORDS.values()) if secret in repr(outcome)] == []
    assert snapshots(lab) == before


@pytest.mark.parametrize("connection", [WINRM, PSRP])
def test_an_expired_ticket_is_unreachable(
    lab: RunningLab, kdc: Kdc, controller: Callable[..., Controller], ticket: Path, connection: str
) -> None:
    kdc.log_on(ADMINISTRATOR, PASSWORDS[ADMINISTRATOR], ticket, lifetime="1s")
    kdc.let_expire(ticket)
    outcome = controller(connection, **TICKETS[connection]).run("user_right", **GRANT)
    assert outcome.unreachable is not None, outcome
    assert "expired" in outcome.unreachable
    assert lab.logons("exch50") == []
