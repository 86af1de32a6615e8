# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A controller without a library answers with the pip line: ansible-playbook as a user runs it, with -vvv too."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.connections.asking import HOST
from ansible_collections.winmail.exchange.tests.support.harness import PSRP
from ansible_collections.winmail.exchange.tests.support.player import playing

if TYPE_CHECKING:
    from pathlib import Path

    from lab.server import RunningLab

pytestmark = pytest.mark.case("A2")

TASKS = """
- hosts: exch50
  gather_facts: false
  tasks:
    - winmail.exchange.user_right: {name: SeTcbPrivilege, accounts: ['CORP\\exsvc']}
"""
# Imported by every Python that is started with it on its path.
BLOCKER = """
import sys

BLOCKED = {names!r}


class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None


sys.meta_path.insert(0, Blocker())
"""
WINRM = {"ansible_connection": "ansible.builtin.winrm"}
OVER_PSRP = {"ansible_connection": "ansible.builtin.psrp", **PSRP}
KERBEROS = {**WINRM, "ansible_winrm_transport": ["kerberos"], "ansible_user": "admin@CORP.EXAMPLE"}
CASES = {
    "pywinrm": (["winrm"], WINRM, "ansible.builtin.winrm needs pywinrm on the controller", "'pywinrm>=0.4.3'"),
    "what pywinrm needs": (["xmltodict"], WINRM, "(No module named 'xmltodict')", "'pywinrm>=0.4.3'"),
    "requests_ntlm": (["requests_ntlm"], WINRM, "requests_ntlm", "'"),
    "kerberos of winrm": (["kerberos", "winkerberos"], KERBEROS, "kerberos", "'pywinrm[kerberos]'"),
    "credssp of winrm": (
        ["requests_credssp"],
        {**WINRM, "ansible_winrm_transport": ["credssp"]},
        "requests-credssp",
        "'pywinrm[credssp]'",
    ),
    "pypsrp": (["pypsrp"], OVER_PSRP, "ansible.builtin.psrp needs pypsrp on the controller", "'pypsrp>=0.8.1'"),
    "credssp of psrp": (
        ["requests_credssp"],
        {**OVER_PSRP, "ansible_psrp_auth": "credssp"},
        "requests-credssp",
        "'pypsrp[credssp]'",
    ),
}


@pytest.mark.parametrize(("blocked", "variables", "said", "package"), CASES.values(), ids=CASES.keys())
def test_a_missing_library_is_answered_with_the_pip_line(
    lab: RunningLab,
    tmp_path: Path,
    blocked: list[str],
    variables: dict[str, Any],
    said: str,
    package: str,
) -> None:
    blocker = tmp_path / "blocker"
    blocker.mkdir()
    (blocker / "sitecustomize.py").write_text(BLOCKER.format(names=blocked), encoding="utf-8")
    with playing(lab, tmp_path) as player:
        player.more["PYTHONPATH"] = os.pathsep.join([str(blocker), os.environ.get("PYTHONPATH", "")])
        played = player.play(player.write("tasks.yml", TASKS), "-vvv", extra=variables)
    (event,) = played.of(HOST, "failed", "unreachable")
    sentence = str(event.result["msg"])
    assert said in sentence
    assert f"python3 -m pip install {package}" in sentence
    assert "is not defined" not in sentence
    assert "Logging on" not in sentence
    assert str(lab.hosts[HOST].variables["ansible_password"]) not in played.output
    assert lab.open_shells(HOST) == 0
