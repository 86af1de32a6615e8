# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generations: which setup keys are read, and what their numbers mean."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import generations as gen


@pytest.mark.parametrize(
    ("major", "minor", "build", "generation"),
    [
        (6, 0, 4417, "2000"),
        (6, 5, 6944, "2003"),
        (8, 0, 685, "2007"),
        (8, 3, 83, "2007"),
        (14, 0, 639, "2010"),
        (14, 3, 123, "2010"),
        (15, 0, 1497, "2013"),
        (15, 1, 2507, "2016"),
        (15, 2, 1544, "2019"),
        (15, 2, 2561, "2019"),
        (15, 2, 2562, "SE"),
        (15, 2, None, "unknown"),
        (15, 3, 1, "unknown"),
        (6, 7, 1, "unknown"),
    ],
)
def test_numbers_mean_a_generation(major: int, minor: int, build: int | None, generation: str) -> None:
    found = gen.installed(gen.Setup("key", major), minor, build, 4)
    assert found.generation == generation
    assert found.version == f"{major}.{minor}"
    assert found.build == (None if build is None else f"{major}.{minor}.{build}.4")
    assert found.source == "registry"


def test_a_build_without_its_last_number() -> None:
    assert gen.installed(gen.Setup("key", 15), 1, 2507, None).build == "15.1.2507"


@pytest.mark.parametrize(
    ("services", "majors"),
    [
        pytest.param(["msexchangepop3", "MSExchangePOP3BE", "MSExchangeIS"], [15, 14, 8], id="2013 and later"),
        pytest.param(["MSExchangePop3"], [15, 14, 8], id="client access of 2007, 2010, 2013"),
        pytest.param(["msexchangepop3be"], [15, 14, 8], id="a back end alone"),
        pytest.param(["POP3SVC"], [6], id="no store"),
        pytest.param(["POP3Svc", "MSExchangeIS"], [6, 15, 14, 8], id="2000 and 2003"),
        pytest.param(["MSExchangeIS"], [15, 14, 8, 6], id="a store alone may be any"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_keys_worth_reading(services: list[str], majors: list[int]) -> None:
    assert [setup.major for setup in gen.candidates(services)] == majors


@pytest.mark.parametrize(
    ("services", "whole", "generation"),
    [
        pytest.param(["MSExchangeIS"], True, "5.x", id="a store and no key: 5.x"),
        pytest.param(["MSExchangeIS"], False, "unknown", id="a store, but a key was refused"),
        pytest.param(["MSExchangePOP3"], True, "unknown", id="a POP3 service without any key"),
        pytest.param(["msexchangepop3be"], True, "unknown", id="a back end without any key"),
        pytest.param(["POP3Svc"], True, "none", id="the POP3 service of Windows Server 2003"),
        pytest.param([], True, "none", id="nothing"),
    ],
)
def test_without_a_key(services: list[str], whole: bool, generation: str) -> None:
    found = gen.without_setup(services, whole=whole)
    source = "none" if generation == "none" else "services"
    assert found == gen.Exchange(generation, version=None, build=None, source=source)
