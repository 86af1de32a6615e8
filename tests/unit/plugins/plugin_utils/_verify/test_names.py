# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that a single answer holds stand in no text of the evidence, neither whole nor in part."""

from __future__ import annotations

import json
import pathlib

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._verify import evidence
from ansible_collections.winmail.exchange.plugins.plugin_utils._verify.desk import Settled
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.host import WinrmHost
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.logon import WINRM, Logon
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.unreached import Way
from ansible_collections.winmail.exchange.tests.support.desk import LabLink, desk

ALONE = 'whoami.exe")&'


class NamedLink(LabLink):
    """The lab's link of somebody who logged on by another name, and at an address."""

    def logon(self) -> Logon:
        way = Way("mail7.perimeter.example", 5985)
        return Logon(WINRM, "somebody@corp.example", secure=False, methods=("ntlm",), way=way)


def asked(folder: pathlib.Path) -> Transport:
    """A connection to a host that calls the account otherwise than it logged on."""
    made = desk("member", folder)
    made.after_line = lambda line, output: output.replace(b"labadmin", b"zweitnam") if ALONE in line else output
    transport = Transport(NamedLink(made), clock=lambda: 0.0, sleep=made.sleep)
    transport.connect()
    return transport


def collected(line: Transport) -> str:
    return json.dumps(evidence.collect(line, WinrmHost(line), write=False), ensure_ascii=False).lower()


def test_a_name_that_only_whoami_tells(tmp_path: pathlib.Path) -> None:
    found = collected(asked(tmp_path))
    assert '"row": "w19"' in found
    assert "zweitnam" not in found


def test_a_name_is_not_cut_before_it_is_looked_for(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def far_out(desk: object) -> Settled:
        del desk
        raise WindowsError(f"{'x' * 296} first.last")

    monkeypatch.setattr(evidence, "QUESTIONS", (far_out,))
    found = collected(asked(tmp_path))
    assert "xxx <" in found
    assert "fir" not in found


def test_the_address_of_the_host_and_the_name_that_was_logged_on_with(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(desk: object) -> Settled:
        del desk
        raise WindowsError("No answer from mail7.perimeter.example for somebody@corp.example (SOMEBODY)")

    monkeypatch.setattr(evidence, "QUESTIONS", (lost,))
    found = collected(asked(tmp_path))
    assert "no answer from <" in found
    assert not any(name in found for name in ("mail7", "somebody", "corp"))
