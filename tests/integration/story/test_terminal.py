# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-playbook writes of a host whose policy has a hostile name holds nothing that a terminal obeys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.player import playing
from lab import scenario
from lab.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ansible_collections.winmail.exchange.tests.support.player import Player

# XML, in which CIM answers, cannot carry ESC: this one begins a control sequence in one character, and turns the rest.
HOSTILE = "Hard\u009b2J\u202egnine\u2028d\u009d0;owned\u009c"
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
BOOK = """
- hosts: exchgpo
  gather_facts: false
  tasks:
    - winmail.exchange.user_right: {name: SeTcbPrivilege, accounts: ['CORP\\exsvc']}
      check_mode: true
      diff: true
    - winmail.exchange.user_right: {name: SeTcbPrivilege, accounts: ['CORP\\exsvc'], gpo_conflict: fail}
      ignore_errors: true
    - winmail.exchange.pop3_server_info:
      register: server
    - ansible.builtin.debug: {var: server}
    - ansible.builtin.include_role: {name: winmail.exchange.pop3_prerequisites}
"""


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    """Plays against the story's hosts, whose hardening policy has a hostile name."""
    story = (scenario.FOLDER / "pop3.yml").read_text(encoding="utf-8")
    assert "name: Server Hardening" in story
    escaped = HOSTILE.encode("unicode_escape").decode("ascii").replace("\\x", "\\u00")
    path = tmp_path / "hostile.yml"
    path.write_text(story.replace("name: Server Hardening", f'name: "{escaped}"'), encoding="utf-8")
    with running(scenario=path) as lab, playing(lab, tmp_path) as one:
        yield one


@pytest.mark.parametrize("words", [("-vvv",), ("--diff",)], ids=["vvv", "diff"])
def test_nothing_that_is_written_commands_a_terminal(player: Player, words: tuple[str, ...]) -> None:
    played = player.play(player.write("book.yml", BOOK), *words)
    assert played.code == 0, played.output
    assert "Hard\\x9b2J" in played.output.replace("\\\\", "\\"), "the name never came as far as the output"
    assert [line for line in played.output.split("\n") if OBEYED.search(line)] == []
