# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reaches a terminal is printable, and what a result holds is as Windows gave it but for what a terminal obeys."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.module_utils._printable import (
    printable,
    printable_lines,
    tame,
    told,
)

# Any character, halves of characters (lone surrogates) included: errors="surrogateescape" makes them.
ANY = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("CORP\\Müller (日本)", "CORP\\Müller (日本)", id="letters"),
        pytest.param("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m", id="escape sequence"),
        pytest.param("\x9b2J", "\\x9b2J", id="escape in one character"),
        pytest.param("a\r\n\tb", "a\\r\\n\\tb", id="line end"),
        pytest.param("a\u202etxt.exe", "a\\u202etxt.exe", id="bidi override"),
        pytest.param("a\u2028b", "a\\u2028b", id="line separator"),
        pytest.param("a\u200bb", "a\\u200bb", id="no width"),
        pytest.param("a\udc9bb", "a\\udc9bb", id="half a character"),
        pytest.param("Erreur\u00a0: 5\u202f%", "Erreur : 5 %", id="French blanks"),
    ],
)
def test_a_sentence_is_one_printable_line(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(ANY)
def test_any_text_becomes_printable_and_stays_so(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown


@given(ANY)
def test_lines_of_ours_stay_lines(text: str) -> None:
    shown = printable_lines(text)
    assert shown.count("\n") == text.count("\n")
    assert all(line.isprintable() for line in shown.split("\n"))


@given(ANY)
def test_a_value_keeps_all_but_what_a_terminal_obeys(text: str) -> None:
    shown = tame(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in "\t\n\r"]
    assert not [
        c
        for c in shown
        if unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    ]
    json.dumps(shown, ensure_ascii=False).encode("utf-8")
    if text.isprintable():
        assert shown == text


def test_a_result_is_told_as_a_whole() -> None:
    hostile = "x\x1b]0;owned\x07\ny\u202e"
    shown = told(
        {
            "changed": False,
            "msg": hostile,
            "warnings": [hostile],
            "diff": {"before": f"a:\n- {hostile}\n", "after": "", "before_header": hostile},
            "rights": [{"name": "SeTcbPrivilege", "after": [{"name": hostile, "sid": None}], "count": 3}],
            hostile: 1,
        }
    )
    assert shown["msg"] == "x\\x1b]0;owned\\x07\\ny\\u202e"
    assert shown["warnings"] == [shown["msg"]]
    assert shown["diff"]["before"] == "a:\n- x\\x1b]0;owned\\x07\ny\\u202e\n"
    assert shown["diff"]["before_header"].split("\n") == ["x\\x1b]0;owned\\x07", "y\\u202e"]
    assert shown["rights"] == [
        {"name": "SeTcbPrivilege", "after": [{"name": "x\\x1b]0;owned\\x07\ny\\u202e", "sid": None}], "count": 3}
    ]
    assert shown["changed"] is False
    assert hostile not in shown
