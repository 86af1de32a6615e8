# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for security teams names every program that runs on a host, and says of each rule what it matches."""

from __future__ import annotations

import re

from ansible_collections.winmail.exchange.tests.unit.project._files import project_files, text

PAGE = "docs/detection_rules.md"
# Started by Windows for every command of a WinRM shell.
SHELL = {"cmd.exe"}
# These are named where a rule is about them and are no programs of ours.
AROUND = {"winrshost.exe", "wsmprovhost.exe", "wmiprvse.exe", "conhost.exe"}


def run() -> set[str]:
    """The programs that the code asks for by name."""
    sources = [text(path) for path in project_files(".py", under="plugins")]
    return SHELL | {name for source in sources for name in re.findall(r"program\([\"'](\w+\.exe)[\"']\)", source)}


def table(head: str) -> list[list[str]]:
    lines = text(PAGE).partition(f"| {head} |\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_page_lists_each_program_that_is_run_and_no_other() -> None:
    assert {row[0].strip(" `") for row in table("program | run by | for")} == run()


def test_every_program_is_looked_for_in_the_rules() -> None:
    told = text(PAGE).partition("## Public rules that match")[2]
    assert {name for name in run() if f"`{name}`" not in told} == set()


def test_every_rule_has_a_repository_a_level_and_something_of_ours() -> None:
    rules = table("rule | repository | level | matches")
    assert len(rules) > 20
    for name, repository, level, matches in rules:
        assert name.strip().startswith("`")
        assert repository.split(",")[0] in ("SigmaHQ", "Elastic", "Splunk", "Microsoft Sentinel")
        assert level in ("informational", "low", "medium", "high", "none", "anomaly", "TTP", "hunting")
        named = set(re.findall(r"`([\w]+\.exe)`", matches))
        assert named <= run() | AROUND
        assert named or "event 4704" in matches
