# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the story share: a lab for each file, put back between tests, and a player of playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.integration.story.player import Player, playing
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def standing_lab() -> Iterator[RunningLab]:
    """The story's four hosts, for all tests of a file."""
    with running(scenario="pop3") as lab:
        yield lab


@pytest.fixture
def lab(standing_lab: RunningLab) -> RunningLab:
    """The four hosts as they are at the start."""
    standing_lab.reset()
    return standing_lab


@pytest.fixture
def player(lab: RunningLab, tmp_path: Path) -> Iterator[Player]:
    """Runs playbooks against the four hosts."""
    with playing(lab, tmp_path) as one:
        yield one
