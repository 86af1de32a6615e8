# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a file holds: it is converted, left, or refused in one sentence, and what is written is YAML."""

from __future__ import annotations

import random
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._convert import baseline
from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.collect import collect
from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.write import task_text
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

SECTION = (Path(__file__).parents[4] / "support" / "hardening_role.yml").read_text(encoding="utf-8")
PIECES = ["#", ":", "- ", "\n", "  ", "'", '"', "{{", "}}", "[", "]", "&a", "*a", "!x", "|", "\\", "<<: ", "\t", "null"]


def refusal(text: str) -> str:
    """The sentence that refuses a file; nothing where it is read."""
    try:
        collect(text, "f.yml")
    except InputError as exc:
        return str(exc)
    return ""


def check(text: str) -> None:
    refused = refusal(text)
    assert "\n" not in refused
    if refused:
        return
    found = collect(text, "f.yml")
    made = baseline.controls(found, {})
    entries = yaml.safe_load(task_text(found, "f.yml"))
    assert isinstance(entries, list)
    assert len(entries) == len(found.sections)
    if made.controls:
        assert yaml.safe_load(baseline.baseline_text(made, "t", "r", "s"))["controls"]


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    check(text)


@given(st.randoms(use_true_random=False), st.integers(1, 6), st.integers(0, 45))
def test_a_section_that_was_broken_somewhere(chance: random.Random, often: int, task: int) -> None:
    tasks = SECTION.split("\n\n")
    text = "---\n" + "\n\n".join(tasks[task : task + 3]).removeprefix("---\n") + "\n"
    for dummy in range(often):
        place = chance.randrange(len(text))
        cut = chance.randrange(0, 3)
        text = text[:place] + chance.choice(PIECES) + text[place + cut :]
    check(text)
