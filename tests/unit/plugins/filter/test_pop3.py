# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the POP3 role refuse with a sentence what they cannot mean."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.winmail.exchange.plugins.filter.pop3 import FilterModule
from ansible_collections.winmail.exchange.tests.support.module_results import finding, server

FILTERS = FilterModule().filters()

REFUSED: dict[str, tuple[str, list[Any]]] = {
    "pop3_cure takes a result of pop3_server_info, not str.": ("pop3_cure", ["nothing"]),
    "gpo_conflict is 'never'; it is warn, fail or ignore.": ("pop3_cure", [{}, "never"]),
    "pop3_outcome takes the results of a run, not list.": ("pop3_outcome", [[]]),
    "pop3_outcome does not know this set of results: ": ("pop3_outcome", [{"hosts": 1}]),
    "pop3_table takes a list of pairs, a host and its outcome: ": ("pop3_table", [["exch50"]]),
    "pop3_audit takes a list of pairs, a host and its outcome: ": ("pop3_audit", [[1], "now"]),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_is_refused(sentence: str) -> None:
    name, arguments = REFUSED[sentence]
    with pytest.raises(AnsibleFilterError) as caught:
        FILTERS[name](*arguments)
    assert sentence in str(caught.value)


def test_a_cure_becomes_an_outcome_and_a_table() -> None:
    seen = server("grant", finding())
    decided = FILTERS["pop3_cure"](seen)
    result = FILTERS["pop3_outcome"]({"host": "exch50", "cure": decided, "server": seen})
    assert result["action"] == "grant"
    assert FILTERS["pop3_table"]([["exch50", result]])[2].startswith("exch50")
    assert FILTERS["pop3_audit"]([["exch50", result]], "2026-11-24T09:00:00Z")["summary"]["hosts"] == 1
