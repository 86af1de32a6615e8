# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holders as lines of [Privilege Rights] spell them: a SID that is stated, a whole name, or neither."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import is_name, token_sid


@pytest.mark.parametrize(
    ("token", "sid", "name"),
    [
        ("*S-1-5-32-544", "S-1-5-32-544", False),
        ("*s-1-5-32-545", "S-1-5-32-545", False),
        ("S-1-5-18", None, True),
        ("*Guest", None, False),
        ("*S-1-5-x", None, False),
        ("&544", None, False),
        ("Guest", None, True),
        ("CORP\\x y", None, True),
        ("?ukasz", None, False),
        ("G\ufffdst", None, False),
    ],
)
def test_a_token_states_a_sid_or_is_a_name_or_neither(token: str, sid: str | None, name: bool) -> None:
    assert (token_sid(token), is_name(token)) == (sid, name)
