# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Computers of the lab's scenarios for these tests, without any wire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.tests.support.lab_tasks import Scheduler
from ansible_collections.winmail.exchange.tests.unit.lab.windows.asking import Asker
from lab import scenario
from lab.seams import Caller, Completed
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]

DATA = Path(__file__).parents[3] / "captures"


@pytest.fixture
def make() -> Make:
    """``make("member", scenario="rights", call_errorlevel="literal")``: one computer in chosen worlds."""

    def one(name: str = "member", scenario_name: str = "rights", **worlds: str) -> Computer:
        loaded = scenario.load(scenario_name, worlds)
        return next(c for c in loaded.computers if c.name == name)

    return one


@pytest.fixture
def run() -> Run:
    """``run(computer, line)``: a line as the domain's administrator (or ``user``), in code page 65001."""

    def one(computer: Computer, line: str, *, user: str = "labadmin", codepage: int = 65001) -> Completed:
        return computer.run(caller(computer, user), line, codepage)

    return one


@pytest.fixture
def admin() -> Callable[[Computer], Caller]:
    """The token of the administrator who is used everywhere here."""
    return lambda computer: caller(computer, "labadmin")


def caller(computer: Computer, user: str) -> Caller:
    """A network logon: of the domain where there is one, else of the computer."""
    if computer.machine.domain is None or not computer.machine.lsa.domain_reachable:
        return computer.logon("", "Administrator")
    return computer.logon("CORP", user)


@pytest.fixture
def capture() -> Callable[[str], str]:
    """The text of a capture without the two comment lines that name its source."""

    def one(name: str) -> str:
        lines = (DATA / name).read_text(encoding="utf-8").splitlines()
        return "\n".join(line for line in lines if not line.startswith(";"))

    return one


@pytest.fixture
def ask(make: Make, admin: Callable[[Computer], Caller]) -> Callable[..., Asker]:
    """``ask("member")``: the CIM classes of one computer, asked as the administrator."""

    def one(name: str = "member", scenario_name: str = "rights", **worlds: str) -> Asker:
        computer = make(name, scenario_name, **worlds)
        return Asker(computer, admin(computer))

    return one


@pytest.fixture
def scheduler(make: Make, admin: Callable[[Computer], Caller]) -> Callable[..., Scheduler]:
    """``scheduler("member", registration_delay="late")``: the Task Scheduler of one computer, asked by CIM."""

    def one(name: str = "member", **worlds: str) -> Scheduler:
        computer = make(name, **worlds)
        return Scheduler(computer, admin(computer))

    return one
