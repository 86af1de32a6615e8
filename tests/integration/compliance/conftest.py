# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the role for baselines share: a small fleet, and the house rules that it is judged by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.tests.support.fleet import HOUSE, Fleet
from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from ansible_collections.winmail.exchange.tests.support.player import playing


@pytest.fixture
def fleet(lab_of: LabOf, tmp_path: Path) -> Iterator[Fleet]:
    """The four hosts as they are at the start, and the rules in a file beside the inventory."""
    lab = lab_of(Path(__file__).with_name("hosts.yml"))
    with playing(lab, tmp_path) as player:
        yield Fleet(lab, player, player.write("house.yml", HOUSE))
