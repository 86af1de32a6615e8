# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that turns a baseline into a policy writes the file that a Group Policy has, and no other one twice."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from ansible_collections.winmail.exchange.tests.support.player import BIN, ROOT

if TYPE_CHECKING:
    from pathlib import Path

PLAYBOOK = ROOT / "docs" / "user_rights" / "playbooks" / "baseline_policy.yml"
DOMAIN = "S-1-5-21-2840394521-1093752863-3410756322"


def play(tmp_path: Path, *arguments: str) -> str:
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local")}
    environment["COLUMNS"] = "4000"  # so that a warning is not broken inside a word
    environment["ANSIBLE_DISPLAY_OK_HOSTS"] = "true"
    environment["ANSIBLE_CONFIG"] = str(ROOT / "ansible.cfg")
    command = [str(BIN / "ansible-playbook"), str(PLAYBOOK), "-e", f"folder={tmp_path}", *arguments]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_it_writes_the_file_of_a_policy_and_the_second_run_changes_nothing(tmp_path: Path) -> None:
    assert "changed=1" in play(tmp_path, "--check")
    assert not (tmp_path / "GptTmpl.inf").exists()
    said = play(tmp_path)
    data = (tmp_path / "GptTmpl.inf").read_bytes()
    assert data.startswith(b"\xff\xfe[\0U\0n\0i\0c\0o\0d\0e\0]\0\r\0\n\0")
    lines = data.decode("utf-16").split("\r\n")
    assert f"SeDenyBatchLogonRight = *{DOMAIN}-519,*{DOMAIN}-512,*S-1-5-32-546" in lines
    assert f"SeDenyNetworkLogonRight = *{DOMAIN}-519,*{DOMAIN}-512,*S-1-5-114,*S-1-5-32-546" in lines
    assert "SeCreateSymbolicLinkPrivilege = *S-1-5-32-544,*S-1-5-83-0" in lines
    assert "SeTcbPrivilege =" in lines
    assert (lines[0], lines[-1]) == ("[Unicode]", "")
    assert "changed=1" in said
    assert "changed=0" in play(tmp_path)


def test_a_task_gets_what_can_be_said_and_a_warning_names_the_rest(tmp_path: Path) -> None:
    said = " ".join(play(tmp_path).split())
    assert '"name": "SeSecurityPrivilege", "set": [ "S-1-5-32-544" ]' in said
    assert '"add": [ "S-1-5-32-546" ], "name": "SeDenyBatchLogonRight"' in said
    assert (
        "16 controls of microsoft_windows_server_2025 say who may hold a right at most, and are left out: Impersonate"
        in said
    )
    assert "SeImpersonatePrivilege" not in said
