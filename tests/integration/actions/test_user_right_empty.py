# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that asks for no right at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.winmail.exchange.tests.support.harness import Controller
    from lab.server import RunningLab


@pytest.mark.parametrize("check", [False, True])
def test_an_empty_list_of_rights_asks_the_host_nothing(controller: Controller, lab: RunningLab, check: bool) -> None:
    outcome = controller.run("user_right", rights=[], _check=check)
    assert outcome.failed is None
    assert not outcome.changed
    assert outcome.result["rights"] == outcome.result["restore"] == []
    asked = {one.action.rpartition("/")[2] for one in lab.transcript("exch50")}
    assert asked <= {"Create", "Delete"}
