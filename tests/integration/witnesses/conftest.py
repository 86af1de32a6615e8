"""Labs for clients that are not ours: one like a default Windows, one that takes clear text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.winmail.exchange.tests.support import tiny_windows as fakes
from lab.server import RunningLab, running


@pytest.fixture(scope="module")
def default_lab() -> Iterator[RunningLab]:
    """A lab like a Windows whose administrator changed nothing but Basic."""
    with running(fakes.one) as lab:
        yield lab


@pytest.fixture
def lab(default_lab: RunningLab) -> RunningLab:
    """The same, fresh for each test."""
    default_lab.reset()
    return default_lab


@pytest.fixture(scope="module")
def clear_text_lab() -> Iterator[RunningLab]:
    """A lab that takes clear text."""
    with running(fakes.one, winrm={"allow_unencrypted": True}) as lab:
        yield lab


@pytest.fixture
def clear_lab(clear_text_lab: RunningLab) -> RunningLab:
    """The same, fresh for each test."""
    clear_text_lab.reset()
    return clear_text_lab
