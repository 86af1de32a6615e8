# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the story share: a lab for each file, put back between tests, and a player of playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from ansible_collections.winmail.exchange.tests.support.player import Player, playing
from lab.server import RunningLab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def lab(lab_of: LabOf) -> RunningLab:
    """The story's four hosts as they are at the start."""
    return lab_of("pop3")


@pytest.fixture
def player(lab: RunningLab, tmp_path: Path) -> Iterator[Player]:
    """Runs playbooks against the four hosts."""
    with playing(lab, tmp_path) as one:
        yield one
