# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three ways to run the story: from a fresh clone, by the playbook's path, and from the installed tarball."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.observer import GRANTED, moved, snapshots
from ansible_collections.winmail.exchange.tests.support.player import BIN, ROOT, Player, environment

if TYPE_CHECKING:
    from pathlib import Path

    from lab.server import RunningLab


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout as git would hand it out, in a folder whose name has a space."""
    made = shutil.ignore_patterns(".git", ".venv", ".cache", ".ansible", "__pycache__", "*.tar.gz")
    folder = tmp_path_factory.mktemp("a clone") / "with a space"
    shutil.copytree(ROOT, folder, symlinks=True, ignore=made)
    return folder


@pytest.mark.parametrize("form", ["site.yml", "playbooks/site.yml"])
def test_from_a_fresh_clone(player: Player, lab: RunningLab, clone: Path, form: str) -> None:
    start = snapshots(lab)
    played = player.play(form, cwd=clone)
    assert played.code == 0, played.output
    assert moved(start, snapshots(lab)) == GRANTED
    # The copy ran, not the checkout that the environment of the tests knows.
    assert f"{clone}/collections/ansible_collections" in played.output


def test_installed(player: Player, lab: RunningLab, clone: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a project"
    folder.mkdir()
    tarball = tmp_path / "dist" / "winmail-exchange-1.0.0.tar.gz"
    galaxy(tmp_path, "build", "--output-path", str(tarball.parent), str(clone))
    # By force: the environment of the tests knows the checkout as installed.
    galaxy(tmp_path, "install", str(tarball), "--force", "--offline", "--collections-path", str(folder / "collections"))
    (folder / "ansible.cfg").write_text("[defaults]\ncollections_path = collections\n", encoding="utf-8")
    start = snapshots(lab)
    played = player.play("winmail.exchange.site", cwd=folder)
    assert played.code == 0, played.output
    assert moved(start, snapshots(lab)) == GRANTED
    assert f"{folder}/collections/ansible_collections" in played.output


def galaxy(folder: Path, *arguments: str) -> None:
    """Run ``ansible-galaxy collection``."""
    done = subprocess.run(
        [str(BIN / "ansible-galaxy"), "collection", *arguments],
        cwd=folder,
        env=environment(folder, folder),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
