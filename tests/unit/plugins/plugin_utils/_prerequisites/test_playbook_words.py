# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words of the command line: slips of the hand are found with the right word, and nobody else's variable is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.words import (
    CONVERT,
    POP3,
    VERIFY,
    vocabulary_of,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._vocabulary import PLAYBOOK_WORDS, refusal, refusals

ROOT = Path(__file__).resolve().parents[5]
PREFIX, ROLE_WORDS = POP3.prefix, POP3.words
unknown_variables, unknown_words = POP3.unknown_variables, POP3.unknown_words


def test_the_words_of_the_playbooks_are_those_that_they_take() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "playbooks").glob("*.yml")]
    played = "".join(text for text in texts if "_word(" in text)
    found = {
        word
        for word in re.findall(r"(?:\{\{ |^        - )(\w+) \| default\(", played, re.MULTILINE)
        if not word.startswith(PREFIX)
    }
    assert found == {*PLAYBOOK_WORDS, *VERIFY.own, *CONVERT.own} - {"from_file"}, "from_file has no default"


@pytest.mark.parametrize(
    ("word", "slip", "meant"),
    [
        ("write", "wrte", "write"),
        ("write", "evidence_fil", "evidence_file"),
        ("write", "taget", "target"),
        ("to_file", "to_fil", "to_file"),
        ("to_file", "host_role", "host_roles"),
    ],
)
def test_a_word_of_one_playbook_is_looked_for_there_alone(word: str, slip: str, meant: str) -> None:
    sentence = f"The word {slip} is not known to the playbooks of winmail.exchange: write {meant}."
    assert vocabulary_of(word).unknown_words([slip, word]) == [sentence]
    assert unknown_words([word]) == []


MEANT = {
    "targets": "target",
    "Target": "target",
    "taget": "target",
    "hosts": "target",
    "bacth": "batch",
    "batches": "batch",
    "serial": "batch",
    "max-failed": "max_failed",
    "max_fail": "max_failed",
    "max_fail_percentage": "max_failed",
    "audit_fail": "audit_fails",
    "restart": "pop3_prerequisites_restart",
    "report_dir": "pop3_prerequisites_report_dir",
    "pop3_prerequisite_restart": "pop3_prerequisites_restart",
}


@pytest.mark.parametrize(("name", "word"), MEANT.items())
def test_what_looks_like_a_word_is_refused_with_it(name: str, word: str) -> None:
    assert unknown_words([name]) == [
        f"The word {name} is not known to the playbooks of winmail.exchange: write {word}."
    ]


@pytest.mark.parametrize(
    "name",
    [*PLAYBOOK_WORDS, *ROLE_WORDS, "patch", "match", "market", "ansible_user", "env", "reports", "max_files", "", "x"],
)
def test_known_words_and_other_peoples_variables_pass(name: str) -> None:
    assert unknown_words([name]) == []


def test_a_variable_with_the_prefix_is_ours_and_every_one_is_named() -> None:
    names = [f"{PREFIX}resart", f"{PREFIX}gpo_conflicts", f"{PREFIX}result", f"{PREFIX}tls", "other"]
    assert unknown_variables(names) == [
        "The variable pop3_prerequisites_gpo_conflicts is not known: write pop3_prerequisites_gpo_conflict.",
        "The variable pop3_prerequisites_resart is not known: write pop3_prerequisites_restart.",
    ]
    assert unknown_words(names) == unknown_variables(names)
    (far,) = unknown_variables([f"{PREFIX}zzz"])
    assert far.startswith("The variable pop3_prerequisites_zzz is not known: write one of pop3_prerequisites_account, ")
    assert "result" not in far


@pytest.mark.parametrize("value", [1, "1", 10, "30%", "100%", [1, "30%"], ["5"], (2, 3)])
def test_a_size_that_can_be_meant(value: object) -> None:
    assert refusal("batch", value) == ""


@pytest.mark.parametrize(
    "value", [0, "0", -1, "abc", "", [], [1, 0], "0%", "101%", "1.5", 2.5, True, None, "30.0%", {}]
)
def test_a_size_that_cannot(value: object) -> None:
    assert refusal("batch", value) == (
        f"batch is {value!r}: write a number of hosts (1 or more), a percentage (30%), or a list ([1, 30%])."
    )


@pytest.mark.parametrize(("value", "good"), [(0, True), ("25", True), ("25%", True), (100, True), (12.5, True)])
def test_a_percentage_that_can_be_meant(value: object, good: bool) -> None:
    assert (refusal("max_failed", value) == "") is good


@pytest.mark.parametrize("value", [-1, 101, "abc", "", None, True, [25], "nan"])
def test_a_percentage_that_cannot(value: object) -> None:
    assert refusal("max_failed", value) == (
        f"max_failed is {value!r}: write a percentage of the hosts of a batch, a number from 0 to 100."
    )


def test_other_words_take_any_value() -> None:
    assert refusal("target", "anything") == refusal("pop3_prerequisites_tls", "maybe") == ""


@pytest.mark.parametrize("word", ["audit_fails", "site_fails", "baseline_fails", "write"])
def test_what_is_neither_true_nor_false(word: str) -> None:
    assert refusal(word, True) == refusal(word, "no") == refusal(word, 1) == refusal(word, "On") == ""
    assert refusal(word, "ture") == f"{word} is 'ture': write true or false."
    assert refusal(word, "") == f"{word} is '': write true or false."


def test_every_word_that_was_given_is_looked_at_but_for_templates() -> None:
    given = {"audit_fails": "ture", "site_fails": "{{ strict }}", "other": "x", "batch": "{{ size }}"}
    assert refusals(given, "target", "all") == ["audit_fails is 'ture': write true or false."]
    assert refusals(given, "batch", 0)[1].startswith("batch is 0: ")
