# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Computers of the lab for the tests of what is said to Windows."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.support.desk import Desk, desk


@pytest.fixture
def make(tmp_path: pathlib.Path) -> Callable[..., Desk]:
    """``make("member", call_errorlevel="literal")``: a computer in chosen worlds, an administrator in front of it."""
    return lambda name="member", **worlds: desk(name, tmp_path, **worlds)
