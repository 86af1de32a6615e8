# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lengths of time: what is understood, what is refused, and that nothing else happens."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.duration import LONGEST, seconds


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("1", 1, id="the shortest"),
        pytest.param("3600", 3600, id="plain seconds"),
        pytest.param("90m", 5400, id="minutes"),
        pytest.param(" 24 H ", 86400, id="blanks and capitals"),
        pytest.param("1d12h", 129600, id="two units"),
        pytest.param("2w", 1209600, id="weeks"),
        pytest.param("3650d", LONGEST, id="the longest"),
    ],
)
def test_understood(written: str, expected: int) -> None:
    assert seconds(written) == expected


@pytest.mark.parametrize("written", ["", "0", "0d", "-5", "1.5h", "h", "5x", "99999d", "9999999999999999", "٣d"])
def test_refused_with_what_was_written(written: str) -> None:
    with pytest.raises(InputError) as caught:
        seconds(written)
    assert repr(written) in str(caught.value)


@given(st.text(alphabet="0123456789smhdw ", max_size=12))
def test_a_length_or_a_refusal(written: str) -> None:
    with contextlib.suppress(InputError):
        assert 0 < seconds(written) <= LONGEST
