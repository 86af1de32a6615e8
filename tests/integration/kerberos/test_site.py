# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole story of site.yml over Kerberos: the same outcome, every logon by ticket, nothing delegated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.integration.kerberos import ways
from ansible_collections.winmail.exchange.tests.integration.kerberos.kdc import REALM
from ansible_collections.winmail.exchange.tests.integration.kerberos.ways import ADMINISTRATOR, DOMAIN, HOSTS, PASSWORDS
from ansible_collections.winmail.exchange.tests.support.observer import (
    GRANTED,
    left_behind,
    moved,
    restarted,
    snapshots,
)
from ansible_collections.winmail.exchange.tests.support.player import playing
from lab.winrm.auth import Logon

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.winmail.exchange.tests.integration.kerberos.kdc import Kdc
    from lab.server import RunningLab

OVER: dict[str, tuple[ways.Variables, str]] = {
    "winrm": (ways.winrm(host="{{ inventory_hostname }}"), ways.SERVICES[ways.WINRM]),
    "psrp": (
        {"ansible_connection": ways.PSRP, "ansible_psrp_protocol": "http", **ways.psrp("{{ inventory_hostname }}")},
        ways.SERVICES[ways.PSRP],
    ),
}


@pytest.mark.parametrize(("variables", "service"), OVER.values(), ids=OVER.keys())
def test_the_story_over_kerberos(
    lab: RunningLab, kdc: Kdc, tmp_path: Path, variables: ways.Variables, service: str
) -> None:
    start, known = snapshots(lab), len(kdc.issued())
    with playing(lab, tmp_path) as player:
        first = player.play("site.yml", "--diff", "-vvv", extra=variables)
        cured = snapshots(lab)
        second = player.play("site.yml", extra=variables)

    assert (first.code, second.code) == (0, 0), first.output + second.output
    assert first.changed == {"exch50": 2, "exch55": 0, "exch2019": 0, "exchgpo": 0}
    assert second.changed == dict.fromkeys(HOSTS, 0)
    assert moved(start, cured) == GRANTED
    assert restarted(start, cured) == [("exch50", "MSExchangeIMC"), ("exch50", "MSExchangeIS")]
    assert first.outcome("exch50")["verdict_after"] == "logon_ok"
    end = snapshots(lab)
    assert (moved(cured, end), left_behind(end)) == ([], [])
    for host in HOSTS:
        assert set(lab.logons(host)) == {Logon("kerberos", ADMINISTRATOR, "CORP\\labadmin", delegated=False)}
        assert {exchange.encrypted for exchange in lab.transcript(host)} == {True}
    services = {one[2] for one in kdc.issued()[known:] if one[0] == "TGS"}
    assert services == {f"{service}/{host}.{DOMAIN}@{REALM}" for host in HOSTS}
    assert PASSWORDS[ADMINISTRATOR] not in first.output + second.output
