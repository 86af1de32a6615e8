# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of connections share: one lab for each file, put back between tests."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.integration.connections.asking import CONNECTIONS
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def standing_lab() -> Iterator[RunningLab]:
    """The story's four hosts, for all tests of a file; files that need another lab have their own."""
    with running(scenario="pop3") as lab:
        yield lab


@pytest.fixture
def lab(standing_lab: RunningLab) -> RunningLab:
    """The four hosts as they are at the start."""
    standing_lab.reset()
    return standing_lab


@pytest.fixture(params=CONNECTIONS)
def connection(request: pytest.FixtureRequest) -> str:
    """One connection after the other."""
    return str(request.param)


@pytest.fixture
def unused_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
