# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a host or a server sends, each parser gives what it promises or raises what it declares."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings

from ansible_collections.winmail.exchange.tests.unit.fuzz import mutations
from ansible_collections.winmail.exchange.tests.unit.fuzz.table import LONGER, PARSERS
from ansible_collections.winmail.exchange.tests.unit.fuzz.windows_parsers import Parser

EXAMPLES = 100


@pytest.mark.parametrize("parser", PARSERS, ids=str)
def test_any_answer_is_read_or_refused_as_declared(parser: Parser) -> None:
    @settings(max_examples=EXAMPLES * LONGER, suppress_health_check=list(HealthCheck))
    @given(mutations.answers(parser.seeds))
    def fuzz(data: bytes) -> None:
        with contextlib.suppress(*parser.raises):
            parser.read(data)

    fuzz()


@pytest.mark.parametrize("parser", PARSERS, ids=str)
def test_a_whole_answer_is_read(parser: Parser) -> None:
    """The seeds are good ones: at least one is read, or the property above would hold of a parser that refuses all."""
    read = 0
    for seed in parser.seeds:
        try:
            parser.read(seed)
            read += 1
        except parser.raises:
            continue
    assert read
