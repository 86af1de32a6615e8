# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes to lines, whatever the pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import LineTooLongError
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.lines import (
    MAX_SHOWN,
    LineReader,
    printable,
)


def read_all(reader: LineReader) -> list[bytes]:
    lines = []
    line = reader.next_line()
    while line is not None:
        lines.append(line)
        line = reader.next_line()
    return lines


@pytest.mark.parametrize(
    ("data", "lines", "rest"),
    [
        pytest.param(b"+OK\r\n", [b"+OK"], b"", id="crlf"),
        pytest.param(b"+OK\n", [b"+OK"], b"", id="bare-lf"),
        pytest.param(b"+OK\r\r\n", [b"+OK"], b"", id="doubled-cr"),
        pytest.param(b"+OK a\rb\r\n", [b"+OK a\rb"], b"", id="cr-inside"),
        pytest.param(b"\r\n\n", [b"", b""], b"", id="empty"),
        pytest.param(b"-ERR a\r\nsecond. 21\r\n+O", [b"-ERR a", b"second. 21"], b"+O", id="three"),
        pytest.param(b"", [], b"", id="nothing"),
    ],
)
def test_lines(data: bytes, lines: list[bytes], rest: bytes) -> None:
    reader = LineReader()
    reader.feed(data)
    assert read_all(reader) == lines
    assert reader.take_rest() == rest
    assert reader.take_rest() == b""


@given(st.lists(st.binary().filter(lambda line: b"\n" not in line and not line.endswith(b"\r"))), st.data())
def test_pieces_do_not_matter(lines: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(line + data.draw(st.sampled_from([b"\r\n", b"\n"])) for line in lines)
    reader = LineReader()
    got = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        reader.feed(stream[:size])
        got += read_all(reader)
        stream = stream[size:]
    assert got == lines


@pytest.mark.parametrize("end", [b"", b"\r\n"], ids=["unended", "ended"])
def test_a_line_too_long_is_told_and_dropped(end: bytes) -> None:
    reader = LineReader(limit=10)
    reader.feed(b"x" * 11 + end)
    with pytest.raises(LineTooLongError) as caught:
        reader.next_line()
    assert caught.value.partial.rstrip() == b"x" * 11
    reader.feed(b"+OK\r\n")
    assert reader.next_line() == b"+OK"


def test_the_limit_itself_is_allowed() -> None:
    reader = LineReader(limit=3)
    reader.feed(b"+OK\n")
    assert reader.next_line() == b"+OK"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        pytest.param(b"+OK plain", "+OK plain", id="ascii"),
        pytest.param("-ERR Zugriff verweigert für Ö".encode(), "-ERR Zugriff verweigert für Ö", id="utf-8"),
        pytest.param("-ERR für".encode("latin-1"), "-ERR für", id="latin-1"),
        pytest.param(b"+OK \x1b[31mred\x00\x07", r"+OK \x1b[31mred\x00\x07", id="control"),
        pytest.param("+OK \u202egnp".encode(), r"+OK \u202egnp", id="bidi"),
        pytest.param(b"a" * 600, "a" * MAX_SHOWN + " [... 600 bytes]", id="long"),
    ],
)
def test_printable(line: bytes, text: str) -> None:
    assert printable(line) == text


@given(st.binary())
def test_everything_becomes_printable(line: bytes) -> None:
    assert printable(line).isprintable()


def test_the_longest_line_that_is_shown_whole() -> None:
    assert printable(b"x" * 512) == "x" * 512
    assert printable(b"x" * 513) == "x" * 512 + " [... 513 bytes]"
