# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The labs that tests share: started once for a module, put back to their start for each test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import rights_read as read
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import rights_write as write
from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from lab.server import RunningLab, running


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product waits for a busy secedit; the lab's is never busy for longer than it says."""
    for module in (read, write):
        monkeypatch.setattr(module, "BUSY_SECONDS", 0.0)


@pytest.fixture(scope="module")
def lab_of() -> Iterator[LabOf]:
    """Each call gives the lab of a scenario (a name or a file) as it is at its start."""
    labs: dict[str | Path, RunningLab] = {}
    with contextlib.ExitStack() as until_the_end:

        def fresh(scenario: str | Path) -> RunningLab:
            if scenario in labs:
                labs[scenario].reset()
            else:
                labs[scenario] = until_the_end.enter_context(running(scenario))
            return labs[scenario]

        yield fresh
