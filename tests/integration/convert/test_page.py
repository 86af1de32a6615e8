# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on hardening roles shows what the converter really makes of what it shows before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from ansible_collections.winmail.exchange.tests.support.player import ROOT, playing

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "user_rights" / "hardening_roles.md").read_text(encoding="utf-8")
PLAYBOOK = ROOT / "docs" / "user_rights" / "playbooks" / "hardening_section.yml"


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```\n", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_before_becomes_after_comments_included(lab_of: LabOf, tmp_path: Path) -> None:
    section, made = tmp_path / "section_2_2.yml", tmp_path / "user_rights.yml"
    section.write_text(block("yaml"), encoding="utf-8")
    with playing(lab_of("rights"), tmp_path) as player:
        played = player.play("playbooks/convert.yml", from_file=str(section), to_file=str(made))
    assert played.code == 0, played.output
    assert block("text") in played.output
    task = made.read_text(encoding="utf-8").split(": 7 rules in 7 entries of 1 task, 1 left as they were.\n")[1]
    task, dummy, left = task.partition("\n# Left as it was.")
    assert "".join(f"    {line}\n" for line in task.splitlines()) in PLAYBOOK.read_text(encoding="utf-8")
    proposal = yaml.safe_load("".join(line.removeprefix("#   ") + "\n" for line in left.splitlines()[2:]))
    assert proposal[0]["name"] == "SeImpersonatePrivilege"


def test_the_commands_of_the_page_write_a_baseline(lab_of: LabOf, tmp_path: Path) -> None:
    section, made = tmp_path / "section_2_2.yml", tmp_path / "hardening.yml"
    section.write_text(block("yaml"), encoding="utf-8")
    roles = {"host_roles": {"is_domain_controller": ["domain_controller"]}}
    with playing(lab_of("rights"), tmp_path) as player:
        played = player.play("playbooks/convert.yml", extra=roles, from_file=str(section), baseline_file=str(made))
    assert played.code == 0, played.output
    controls = yaml.safe_load(made.read_text(encoding="utf-8"))["controls"]
    told = [(one["id"], one["operator"], one.get("applies_to", ["all"])) for one in controls]
    assert told == [
        ("2.2.2", "exactly", ["domain_controller"]),
        ("2.2.2", "exactly", ["member_server", "workgroup_member"]),
        ("2.2.4", "nobody", ["all"]),
        ("2.2.22", "at_least", ["all"]),
        ("SeBatchLogonRight", "at_least", ["all"]),
        ("SeServiceLogonRight", "at_least", ["all"]),
    ]
