# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters refuse with a sentence what they cannot mean, and are documented under their names."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.winmail.exchange.plugins.filter.pop3 import FilterModule
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import Run
from ansible_collections.winmail.exchange.tests.support.module_results import finding, server

FOLDER = Path(__file__).resolve().parents[4] / "plugins" / "filter"
FILTERS = FilterModule().filters()
DOCUMENTED = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.yml")}

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


def test_each_filter_is_documented() -> None:
    assert set(DOCUMENTED) == set(FILTERS)
    assert [name for name, one in DOCUMENTED.items() if one["DOCUMENTATION"]["name"] != name] == []


@pytest.mark.parametrize("name", FILTERS)
def test_the_options_of_a_filter_are_its_parameters(name: str) -> None:
    doc = DOCUMENTED[name]["DOCUMENTATION"]
    told = {option: rules.get("default", inspect.Parameter.empty) for option, rules in doc["options"].items()}
    taken = list(inspect.signature(FILTERS[name]).parameters.values())
    assert told == {"_input": taken[0].default, **{parameter.name: parameter.default for parameter in taken[1:]}}
    positional = [option for option in doc.get("positional", "").split(", ") if option]
    assert positional == [parameter.name for parameter in taken[1 : 1 + len(positional)]]


def test_the_input_of_an_outcome_is_a_run() -> None:
    suboptions = DOCUMENTED["pop3_outcome"]["DOCUMENTATION"]["options"]["_input"]["suboptions"]
    taken = inspect.signature(Run).parameters.values()
    needed = {parameter.name: parameter.default is inspect.Parameter.empty for parameter in taken}
    assert {name: option.get("required", False) for name, option in suboptions.items()} == needed


def test_a_cure_becomes_an_outcome_and_a_table() -> None:
    seen = server("grant", finding())
    decided = FILTERS["pop3_cure"](seen)
    result = FILTERS["pop3_outcome"]({"host": "exch50", "cure": decided, "server": seen})
    assert result["action"] == "grant"
    assert FILTERS["pop3_table"]([["exch50", result]])[2].startswith("exch50")
    assert FILTERS["pop3_audit"]([["exch50", result]], "2026-11-24T09:00:00Z")["summary"]["hosts"] == 1
