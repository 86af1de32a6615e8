# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events whose time cannot be: the event counts, its time is unknown."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._exchange.test_events import one, xml


@pytest.mark.parametrize(
    "time", ["2026-02-30T08:59:12Z", "2026-11-24T25:00:00Z", "2026-13-01T00:00:00Z", "yesterday", ""]
)
def test_a_time_that_cannot_be_is_unknown(time: str) -> None:
    event = one(xml(time=time))
    assert event.time is None
    assert event.no_privilege
