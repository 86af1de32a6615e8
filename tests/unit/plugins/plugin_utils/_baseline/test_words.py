# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the playbooks for baselines: slips are found with the right word, files and others are left alone."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.read import shipped_names
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.words import BASELINE, refusal
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.words import POP3


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("fails", "baseline_fails"),
        ("benchmark", "baseline"),
        ("profile", "baseline"),
        ("baselines", "baseline"),
        ("waivers", "user_rights_baseline_waivers"),
        ("exclude_controls", "user_rights_baseline_exclude_controls"),
        ("report_dir", "user_rights_baseline_report_dir"),
        ("serial", "batch"),
    ],
)
def test_what_looks_like_a_word_is_refused_with_it(name: str, word: str) -> None:
    (sentence,) = BASELINE.unknown_words([name])
    assert sentence == f"The word {name} is not known to the playbooks of winmail.exchange: write {word}."


def test_one_run_may_play_the_playbooks_of_both_roles() -> None:
    words = {*BASELINE.words, *POP3.words, "target", "batch", "audit_fails", "baseline", "baseline_fails"}
    assert BASELINE.unknown_words(words) == POP3.unknown_words(words) == []


@pytest.mark.parametrize("value", [True, False, "yes", "no", "True", "false", 1, 0, "on", " off "])
def test_what_can_be_meant_by_fails(value: object) -> None:
    assert refusal("baseline_fails", value) == ""


@pytest.mark.parametrize("value", ["maybe", "", None, 2, []])
def test_what_cannot(value: object) -> None:
    assert refusal("baseline_fails", value) == f"baseline_fails is {value!r}: write true or false."


@pytest.mark.parametrize("value", [*shipped_names(), "house.yml", "rules/house", "cis", "C:\\rules.inf", "", "house"])
def test_a_name_that_is_shipped_and_a_file_pass(value: str) -> None:
    assert refusal("baseline", value) == ""


@pytest.mark.parametrize(
    ("value", "near"),
    [
        ("microsoft_windows_server_2052", "microsoft_windows_server_2025"),
        ("STIG_Windows_Server_2022", "stig_windows_server_2022"),
        ("stig_windows_2019", "stig_windows_server_2019"),
    ],
)
def test_what_is_nearly_a_name_is_a_slip(value: str, near: str) -> None:
    assert refusal("baseline", value) == (
        f"baseline is {value!r}: no such baseline comes with the collection. Write {near}."
    )


def test_the_words_of_every_playbook_are_judged_as_ever() -> None:
    assert refusal("batch", 0).startswith("batch is 0: write a number of hosts")
    assert refusal("max_failed", "many").startswith("max_failed is 'many'")
    assert refusal("target", "anything") == ""
