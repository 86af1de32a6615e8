# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret anywhere: the whole story at the highest verbosity, and every byte of what it left is searched."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from ansible_collections.winmail.exchange.tests.support.player import Player, playing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lab.server import RunningLab

WRONG = "Wrong-8sKq2Lm-only"
# The role given its password in every way that an author of playbooks has.
INCLUDED = """
- hosts: exchange_pop3
  gather_facts: false
  become: true
  roles:
    - role: winmail.exchange.pop3_prerequisites
      pop3_prerequisites_probe_login: credentials
      pop3_prerequisites_login_password: "{{ pop3_password }}"
  tasks:
    - ansible.builtin.include_role:
        name: winmail.exchange.pop3_prerequisites
      vars:
        pop3_prerequisites_probe_login: credentials
        pop3_prerequisites_login_password: "{{ pop3_password }}"
    - ansible.builtin.import_role:
        name: winmail.exchange.pop3_prerequisites
        tasks_from: audit
      vars:
        pop3_prerequisites_probe_login: credentials
        pop3_prerequisites_login_password: "{{ pop3_password }}"
    - winmail.exchange.pop3_probe:
        port: "{{ pop3_prerequisites_port }}"
        login: credentials
        login_user: "{{ pop3_prerequisites_login_user }}"
        login_password: "{{ pop3_password }}"
        expect: [no_listener]
      ignore_errors: true
"""


def forms(secret: str) -> dict[str, bytes]:
    """How a secret could be written: plain, UTF-16, and base64 of both at each of the three offsets."""
    found = {"plain": secret.encode(), "UTF-16": secret.encode("utf-16-le")}
    for name, plain in list(found.items()):
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + plain)
            # The first and the last group also hold bits of what stands around it.
            inner = encoded[4:-4] if offset else encoded[: len(plain) * 4 // 3 // 4 * 4]
            found[f"base64 of {name} at {offset}"] = inner
    return found


@pytest.mark.parametrize("around", [b"", b"x", b"xy"], ids=["at 0", "at 1", "at 2"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_search_finds_what_it_looks_for(around: bytes, encoding: str) -> None:
    text = base64.b64encode(around + "Pop-hT4k8wZd6Nb-only".encode(encoding) + b" and more")
    assert any(form in text for form in forms("Pop-hT4k8wZd6Nb-only").values())


@pytest.fixture(scope="module")
def told(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Player, dict[str, bytes]]]:
    """The story at -vvvvv with everything that writes files; and all that came of it by name."""
    lab = lab_of("pop3")
    with playing(lab, tmp_path_factory.mktemp("secrets")) as player:
        yield player, tell(lab, player)


def tell(lab: RunningLab, player: Player) -> dict[str, bytes]:
    """Run it all; returns what was put out and what the hosts saw."""
    # Everything that Ansible would otherwise remove stays, and is searched.
    player.more = {
        "ANSIBLE_DISPLAY_OK_HOSTS": "true",
        "ANSIBLE_LOG_PATH": str(player.folder / "ansible.log"),
        "ANSIBLE_KEEP_REMOTE_FILES": "1",
    }
    reports = str(player.folder / "reports")
    texts: dict[str, bytes] = {}
    own = player.write("included.yml", INCLUDED)
    password = yaml.safe_load(player.inventory.read_text(encoding="utf-8"))["all"]["children"]["exchange_pop3"]["hosts"]
    player.write("group_vars/all.yml", f"pop3_password: {password['exch50']['pop3_prerequisites_login_password']}\n")
    runs: dict[str, list[str]] = {
        "predicted": ["site.yml", "--check", "--diff"],
        "probed": ["playbooks/probe.yml"],
        "cured": ["site.yml", "--diff"],
        "again": ["site.yml"],
        "audited": ["playbooks/audit.yml"],
        "included": [str(own)],
        "open": ["site.yml", "-e", "pop3_prerequisites_secure_logging=false"],
        # In a file: Ansible prints its own command line at this verbosity.
        "wrong": ["site.yml", "-e", f"@{player.write('wrong.yml', f'ansible_password: {WRONG}')}"],
    }
    for name, arguments in runs.items():
        played = player.play(*arguments, "-vvvvv", pop3_prerequisites_report_dir=reports)
        texts[f"output of {name}"] = played.output.encode()
        assert played.code == (4 if name == "wrong" else 0), played.output[-3000:]
    for host in lab.hosts:
        for number, exchange in enumerate(lab.transcript(host)):
            texts[f"SOAP {number} of {host}"] = repr(exchange).encode()
        texts[f"state of {host}"] = repr(lab.computer(host).snapshot()).encode()
    return texts


def secrets(player: Player) -> Iterator[str]:
    """Every password that the story knows."""
    hosts = yaml.safe_load(player.inventory.read_text(encoding="utf-8"))["all"]["children"]["exchange_pop3"]["hosts"]
    for variables in hosts.values():
        yield variables["ansible_password"]
        yield variables["pop3_prerequisites_login_password"]
    yield WRONG


def files(folder: Path, *without: Path) -> dict[str, bytes]:
    """Every file below a folder but those that hold the secrets for the run."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path not in without}


def test_the_story_was_told(told: tuple[Player, dict[str, bytes]]) -> None:
    player, texts = told
    assert b"C> PASS ********" in texts["output of cured"]
    assert re.search(rb"ESTABLISH WINRM CONNECTION", texts["output of cured"])
    assert [name for name in texts if name.startswith("SOAP")]
    written = {path.name.split("-")[0] for path in (player.folder / "reports").iterdir()}
    assert written == {"restore", "pop3", "pop3_prerequisites"}


def test_no_secret_is_anywhere(told: tuple[Player, dict[str, bytes]]) -> None:
    player, texts = told
    known = (player.inventory, player.folder / "group_vars" / "all.yml", player.folder / "wrong.yml")
    everything = {**texts, **files(player.folder, *known), **files(player.temporary)}
    found = [
        f"{form} in {name}"
        for secret in dict.fromkeys(secrets(player))
        for form, pattern in forms(secret).items()
        for name, content in everything.items()
        if pattern in content
    ]
    assert found == []
