# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tools of the ecosystem get: the built tarball, and an environment in which nothing is this person's."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.player import BIN, ROOT, TIMEOUT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@pytest.fixture(scope="session")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tarball of this checkout."""
    folder = tmp_path_factory.mktemp("build")
    command = [str(BIN / "ansible-galaxy"), "collection", "build", "--output-path", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=TIMEOUT_SECONDS)
    return next(folder.glob("winmail-exchange-*.tar.gz"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Environment variables: a home of its own, temporary files of its own, no collection of this checkout.

    Ansible-core puts a socket among the temporary files, whose path may have about a hundred characters.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "RUNNER_"))}
    with tempfile.TemporaryDirectory(prefix="eco-") as temporary:
        yield {
            **kept,
            **({"LC_ALL": "C.UTF-8"} if sys.platform.startswith("linux") else {}),
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path_factory.mktemp("home")),
            "TMPDIR": temporary,
            "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
        }
