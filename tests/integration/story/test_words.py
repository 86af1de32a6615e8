# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A slip of the hand, in an extra variable or in the inventory, ends the run before a host is asked, with the word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.winmail.exchange.tests.support.player import Player
    from lab.server import RunningLab

pytestmark = pytest.mark.case("A1")

SLIPS = {
    "a word that is not known": ("audit", {"targets": "exch50"}, "The word targets is not known"),
    "a word of another tool": ("fix", {"serial": 1}, "write batch."),
    "the end of a variable": ("site", {"restart": "never"}, "write pop3_prerequisites_restart."),
    "a variable": ("probe", {"pop3_prerequisites_prot": 110}, "write pop3_prerequisites_port."),
    "no batch": ("fix", {"batch": 0}, "batch is 0: write a number of hosts"),
    "no number": ("audit", {"batch": "abc"}, "batch is 'abc': write a number of hosts"),
    "no boolean": ("site", {"site_fails": "maybe"}, "site_fails is 'maybe': write true or false."),
    "no percentage": ("site", {"max_failed": "many"}, "max_failed is 'many': write a percentage"),
}


@pytest.mark.parametrize(("playbook", "words", "said"), SLIPS.values(), ids=SLIPS)
def test_no_host_is_asked(player: Player, lab: RunningLab, playbook: str, words: dict[str, object], said: str) -> None:
    lab.clear_requests()
    played = player.play(f"playbooks/{playbook}.yml", extra=words)
    assert played.code != 0
    assert said in " ".join(played.output.split())
    assert "Traceback" not in played.output
    assert [lab.requests(host) for host in lab.hosts] == [0] * len(lab.hosts)


def test_a_value_outside_the_choices_is_refused_with_them(player: Player, lab: RunningLab) -> None:
    lab.clear_requests()
    played = player.play("playbooks/audit.yml", "--limit", "exch50", extra={"pop3_prerequisites_audit_fails": "maybe"})
    assert played.code == 2
    assert "pop3_prerequisites_audit_fails" in played.output
    assert "it has to be true or false" in " ".join(played.output.split())
    assert lab.requests("exch50") == 0


def test_an_unknown_variable_of_the_inventory_fails_its_host_alone(player: Player, lab: RunningLab) -> None:
    text = player.inventory.read_text(encoding="utf-8")
    port = f"ansible_port: {lab.hosts['exch50'].winrm_port}\n"
    indent = text[: text.index(port)].rpartition("\n")[2]
    player.inventory.write_text(
        text.replace(port, f"{port}{indent}pop3_prerequisites_resart: service\n"), encoding="utf-8"
    )
    lab.clear_requests()
    played = player.play("playbooks/fix.yml", "--check", "--limit", "exch50,exch55")
    assert played.failed == {"exch50": 1, "exch55": 0}
    said = "The variable pop3_prerequisites_resart is not known: write pop3_prerequisites_restart."
    assert played.outcome("exch50")["failure"] == said
    assert lab.requests("exch50") == 0


def test_what_other_plays_use_is_left_alone(player: Player) -> None:
    words = {"patch": 3, "env": "test", "my_target_list": [1], "target": "exch55"}
    assert player.play("playbooks/audit.yml", extra=words).code == 0
