# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No capture lies there unread: each is held against the lab by a test, or the lab has no such command."""

from __future__ import annotations

import pathlib
import re

import pytest

from ansible_collections.winmail.exchange.tests.unit.captures.reading import CAPTURES, texts

# What the lab does not imitate, so that there is nothing to hold against it.
NOT_IN_THE_LAB = {
    "35": "changes of rights in the Security log",
    "36": "events of the Service Control Manager",
    "46": "batch logons",
    "47": "Remote Desktop",
    "37": "scheduled tasks",
    "38": "scheduled tasks",
    "18": "told by a reporter, not printed by a command; its two rows are in default_rights.yml",
    "20": "a baseline, not what a command printed",
}
# Dialogues of POP3 servers and answers of WS-Management have tests of their own, beside the lab's for each.
ELSEWHERE = ("pop3/", "wsman/")
TESTS = [*pathlib.Path(__file__).parent.glob("test_lab_*.py"), *CAPTURES.parent.glob("unit/lab/windows/test_*.py")]


def numbers() -> list[str]:
    names = [name for name in texts() if not name.startswith(ELSEWHERE)]
    return sorted({name.rpartition("/")[2].partition("_")[0] for name in names} - set(NOT_IN_THE_LAB))


@pytest.mark.parametrize("number", numbers())
def test_a_capture_is_held_against_the_lab(number: str) -> None:
    """By a test that reads it by its number or its file's name; a name of a test is not enough."""
    own = pathlib.Path(__file__)
    reads = re.compile(rf'"{number}"|"(?:\w+/)?{number}_[\w.]+"|\("{number}')
    rows = (CAPTURES.parent / "lab" / "state" / "default_rights.yml").read_text(encoding="utf-8")
    in_table = re.search(rf'source: "[\d ]*\b{number}\b', rows)
    assert in_table or [path.name for path in TESTS if path != own and reads.search(path.read_text(encoding="utf-8"))]


def test_the_exceptions_are_captures() -> None:
    known = {name.rpartition("/")[2].partition("_")[0] for name in texts()}
    assert set(NOT_IN_THE_LAB) <= known
