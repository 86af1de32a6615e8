# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints one line per world at the end of a run: how many behaviours were right, and which were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def line_of(report: pytest.TestReport) -> str | None:
    """``psrp  unmapped_sid=null   25 right, 0 refused``, or None for a test that is not about a world."""
    properties = dict(report.user_properties)
    if report.when != "call" or "world" not in properties:
        return None
    name = f"{properties['connection']:5} {properties['world'] or 'default':36}"
    if report.outcome != "passed":
        return f"{name} FAILED"
    refused = str(properties["refused"])
    count = len(refused.split("; ")) if refused else 0
    return f"{name} {properties['right']:>2} right, {count:>2} refused" + (f": {refused}" if refused else "")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the lines; reports of parallel workers carry their properties to here."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    lines = [line for line in map(line_of, reports) if line is not None]
    if lines:
        terminalreporter.section("worlds")
    for line in sorted(lines):
        terminalreporter.write_line(line)
