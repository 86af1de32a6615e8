# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo tells the story, twice at once and in a folder with a space; and it says so where the story is not true."""

from __future__ import annotations

import contextlib
import copy
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.observer import snapshots
from ansible_collections.winmail.exchange.tests.support.player import BIN, ROOT
from lab import demo_checks
from lab.demo import Playbook, read
from lab.demo_telnet import Dialogue

if TYPE_CHECKING:
    from pathlib import Path

    from lab.server import RunningLab

TIMEOUT_SECONDS = 180


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, int, str]]:
    """Two demos at the same time, in copies whose names have spaces: folder, exit code and output of each."""
    made = shutil.ignore_patterns(".git", ".venv", ".cache", ".ansible", "__pycache__", "*.tar.gz")
    folder = tmp_path_factory.mktemp("a demo") / "with a space"
    shutil.copytree(ROOT, folder, symlinks=True, ignore=made)
    places = [folder / "collections", folder / "tests"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places)), "ANSIBLE_STDOUT_CALLBACK": "oneline"}
    with contextlib.ExitStack() as stack:
        both = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "lab.demo"],
                    cwd=folder,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
            )
            for _number in range(2)
        ]
        outputs = [process.communicate(timeout=TIMEOUT_SECONDS)[0] for process in both]
    return [(folder, process.returncode, output) for process, output in zip(both, outputs, strict=True)]


def test_both_come_true(told: list[tuple[Path, int, str]]) -> None:
    for _folder, code, output in told:
        assert code == 0, output
        assert "NOT TRUE" not in output
        assert "The story came true." in output


def test_it_shows_the_dialogue_before_and_after(told: list[tuple[Path, int, str]]) -> None:
    for _folder, _code, output in told:
        before, dummy, after = output.partition("3. The proof")
        dialogue = "  S> +OK\n  C> PASS ********\n  S> "
        assert f"{dialogue}-ERR A required privilege is not held by the client." in before
        assert f"{dialogue}+OK User successfully logged on" in after


def test_it_says_what_exists_only_in_the_lab_and_where_to_go(told: list[tuple[Path, int, str]]) -> None:
    for folder, _code, output in told:
        assert "* exch50, exch55 and exchgpo exist only in the lab" in output
        assert output.count("exch50  ") >= 3
        assert "roles/pop3_prerequisites/README.md" in output
        assert (folder / "roles/pop3_prerequisites/README.md").exists()
        # A person has no environment activated, so every program is named with its folder.
        programs = re.findall(r"^  (\S+) (?:winmail\.exchange\.|-m lab)", output, re.MULTILINE)
        assert [program for program in programs if not program.startswith(".venv/bin/")] == []
        assert [(BIN / Path(program).name).exists() for program in programs] == [True, True]


def test_it_leaves_nothing_behind(told: list[tuple[Path, int, str]]) -> None:
    assert list((told[0][0] / ".cache").glob("demo-*")) == []


def playbook(**changed: int) -> Playbook:
    """A run that went well on these hosts."""
    return Playbook(0, "", changed, dict.fromkeys(changed, 0))


def test_a_story_in_which_nothing_happened_is_not_true(lab: RunningLab) -> None:
    seen = snapshots(lab)
    refused = Dialogue((), demo_checks.ANSWER_BEFORE)
    counts = dict.fromkeys(lab.hosts, 0)
    story = demo_checks.Story(
        lab.hosts,
        seen,
        refused,
        playbook(**counts),
        copy.deepcopy(seen),
        refused,
        playbook(**counts),
        copy.deepcopy(seen),
    )
    false = [one.sentence for one in demo_checks.check(story) if not one.true]
    assert [sentence.split(",")[0].split(":")[0] for sentence in false] == [
        "On all hosts together one right moved",
        "The process that serves POP3 on exch50 is a new one and has the privilege.",
        "After",
        "The table says so for all four hosts.",
    ]


def test_a_loss_elsewhere_and_a_file_of_ours_are_seen(lab: RunningLab) -> None:
    before = snapshots(lab)
    after = copy.deepcopy(before)
    after["exchgpo"]["rights"]["SeDebugPrivilege"] = []
    after["exch55"]["files"].append({"path": "C:\\Windows\\Temp\\Winmail-1.inf", "size": 1, "sha1": ""})
    assert demo_checks.changes(before, after) == [("exchgpo", "-", "SeDebugPrivilege", "S-1-5-32-544")]
    assert demo_checks.ours(after["exch55"]) == ["C:\\Windows\\Temp\\Winmail-1.inf"]


def test_the_recap_is_read_by_host() -> None:
    text = (
        "PLAY RECAP ****\n"
        "exch50 : ok=16   changed=2    unreachable=0    failed=1    skipped=2    rescued=0    ignored=0\n"
        "exch55 : ok=5    changed=0    unreachable=1    failed=0    skipped=2    rescued=0    ignored=0\n"
    )
    found = read(2, text)
    assert (found.changed, found.failed) == ({"exch50": 2, "exch55": 0}, {"exch50": 1, "exch55": 1})
    assert found.table == []
