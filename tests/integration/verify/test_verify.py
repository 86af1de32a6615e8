# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make verify`` against the lab: what it settles in two different worlds, and that it leaves the host as it was."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.tests.support.observer import left_behind, moved, rights_of, snapshots
from lab.server import running

ROOT = Path(__file__).resolve().parents[3]


def verify(inventory: Path, host: str, words: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", "verify", f"INVENTORY={inventory}", f"HOST={host}"]
    command.append(f"ARGS={words}")  # those of a make that runs these tests are not for this one
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))


@pytest.mark.parametrize(
    ("worlds", "said"),
    [
        pytest.param({}, ["type_converts_utf16=yes", "W50  rsop=present", "W92  inf_long_line=whole"], id="default"),
        pytest.param(
            {"type_converts_utf16": "raw", "rsop": "absent", "inf_long_line": "cut_4096", "if_scope": "group_only"},
            ["type_converts_utf16=raw", "W50  rsop=absent", "inf_long_line=cut_4096", "if_scope=group_only"],
            id="other answers",
        ),
    ],
)
def test_it_settles_what_the_host_answers_and_restores(tmp_path: Path, worlds: dict[str, str], said: list[str]) -> None:
    with running(scenario="pop3", worlds=worlds) as lab:
        before = rights_of(lab, "exchgpo")
        kept = tmp_path / "evidence.json"
        done = verify(lab.inventory(tmp_path / "hosts.yml"), "exchgpo", f"-e write=true -e evidence_file={kept}")
        assert done.returncode == 0, done.stdout + done.stderr
        assert rights_of(lab, "exchgpo") == before
    for line in said:
        assert line in done.stdout
    assert kept.read_text(encoding="utf-8").strip() in done.stdout
    assert "The behaviour is as promised" in done.stdout


def test_it_reads_only_unless_it_is_asked_to_write(tmp_path: Path) -> None:
    with running(scenario="pop3") as lab:
        before = snapshots(lab)
        done = verify(lab.inventory(tmp_path / "hosts.yml"), "exch55", f"-e evidence_file={tmp_path / 'e.json'}")
        assert done.returncode == 0, done.stdout + done.stderr
        assert moved(before, snapshots(lab)) == []
        assert left_behind(snapshots(lab)) == []
    assert '"wrote": false' in done.stdout
    assert "W26" not in done.stdout


def test_without_a_host_it_says_what_is_missing() -> None:
    done = subprocess.run(["make", "verify"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "say which host" in done.stdout
