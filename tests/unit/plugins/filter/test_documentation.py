# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each filter is documented under its name with the parameters that it has; a ledger that is none is refused."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.winmail.exchange.plugins.filter import pop3, user_rights_baseline
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import Run

FOLDER = Path(__file__).resolve().parents[4] / "plugins" / "filter"
MODULES = {"pop3": pop3, "user_rights_baseline": user_rights_baseline}
FILTERS = {name: one for module in MODULES.values() for name, one in module.FilterModule().filters().items()}
DOCUMENTED = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.yml")}


def test_no_file_of_filters_is_left_out() -> None:
    assert set(MODULES) == {path.stem for path in FOLDER.glob("*.py")}


def test_a_ledger_is_a_mapping() -> None:
    with pytest.raises(AnsibleFilterError, match=r"^baseline_turn takes a ledger or an empty mapping, not list"):
        FILTERS["baseline_turn"]([], ["a"], ["a"], ["a"])


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
