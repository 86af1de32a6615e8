# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of actions share: a lab for each test, a controller for its hosts, a look at the host from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.actions.documented import undocumented
from ansible_collections.winmail.exchange.tests.support.harness import Controller, LabOf, Outcome
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab, running


@pytest.fixture(autouse=True)
def _at_once(no_pauses: None) -> None:
    """Nothing here waits for a busy secedit."""


@pytest.fixture(autouse=True)
def all_that_is_returned_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test asks an action, each key of the result is in the module's documentation."""
    run = Controller.run

    def checked(self: Controller, action: str, **options: Any) -> Outcome:
        outcome = run(self, action, **options)
        assert undocumented(action, outcome.result) == []
        return outcome

    monkeypatch.setattr(Controller, "run", checked)


@pytest.fixture
def lab() -> Iterator[RunningLab]:
    """The story's four hosts as they are at the start."""
    with running(scenario="pop3") as running_lab:
        yield running_lab
        assert running_lab.errors() == []


@pytest.fixture
def rights_lab(lab_of: LabOf) -> RunningLab:
    """The hosts on which user rights are difficult, as they are at the start."""
    return lab_of("rights")


@pytest.fixture
def generations(lab_of: LabOf) -> RunningLab:
    """One host for each generation of Exchange, as it is at its start."""
    return lab_of("generations")


@pytest.fixture
def controller(lab: RunningLab) -> Controller:
    """An Ansible controller for exch50, the host with the fault."""
    return Controller(lab, "exch50")


@pytest.fixture
def rights(lab: RunningLab) -> Callable[[], dict[str, list[str]]]:
    """The rights of exch50 as the lab itself holds them."""
    return lambda: rights_of(lab, "exch50")
