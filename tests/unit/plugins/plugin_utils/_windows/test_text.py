# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from Windows is decoded by its bytes, cut at its own line ends, and doubted where bytes were lost."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode, doubtful, lines


@pytest.mark.parametrize("text", ["Gäst\x00, Łukasz", "ab\x00" * 9, "\x00ab\x00"])
def test_a_few_zeros_do_not_make_two_bytes_of_a_letter(text: str) -> None:
    assert decode(text.encode()) == text


def test_the_shortest_text_without_a_mark_is_told_by_its_zeros_too() -> None:
    assert [decode(data) for data in (b"a\x00", b"\x00a", b"a", b"")] == ["a", "a", "a", ""]


@pytest.mark.parametrize("token", ["a?", "\ufffd", "a\x00b", "a\x0bb", "a\u2028b", "a\u2029b", "a\ud800", "a\x85"])
def test_remains_of_a_lossy_read_are_doubtful(token: str) -> None:
    assert doubtful(token)


@pytest.mark.parametrize("token", ["Guest", "Xaver", "Gäst", "*S-1-5-18", "CORP\\x y", "a\u00a0b", "来宾"])
def test_an_ordinary_name_is_not_doubtful(token: str) -> None:
    assert not doubtful(token)


def test_lines_end_where_windows_ends_them() -> None:
    assert lines("a\r\nb\rc\nd\u2028e\x85f\r\n") == ["a", "b", "c", "d\u2028e\x85f", ""]
