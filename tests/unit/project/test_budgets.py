"""The budgets in docs are those that `make bench` measures against, and its figures stand there."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.tests.bench.cases import CASES, WAYS
from ansible_collections.winmail.exchange.tests.bench.page import (
    HEAD,
    PAGE,
    WAYS_HEAD,
    Figure,
    faults,
    other_ways,
    read,
    read_ways,
    with_table,
    with_ways,
)

TEXT = f"# Budgets\n\n{HEAD}| old | 1 | 1 | 2 | 30 ms |\n\nThe end.\n"
FIGURES = (Figure("a, b", 10, 11, 12, 44.9), Figure("a loop", 467, 500, None, 1226.0))


def test_the_page_tells_every_case_with_its_budget() -> None:
    told = read(PAGE.read_text(encoding="utf-8"))
    assert [(one.name, one.budget) for one in told.values()] == [(case.name, case.budget) for case in CASES]


def test_what_the_page_tells_keeps_the_budgets() -> None:
    told = read(PAGE.read_text(encoding="utf-8"))
    assert faults(list(told.values()), told) == []
    assert all(0 < one.requests <= one.eager for one in told.values())


def test_written_figures_are_read_again() -> None:
    page = with_table(TEXT, FIGURES)
    assert read(page) == {
        "a, b": Figure("a, b", 10, 11, 12, 40.0),
        "a loop": Figure("a loop", 467, 500, None, 1230.0),
    }
    assert page.startswith("# Budgets\n\n| task |")
    assert page.endswith(" ms |\n\nThe end.\n")
    assert with_table(page, FIGURES) == page


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        (Figure("a, b", 10, 11, 12, 99.0), []),
        (Figure("a, b", 9, 11, 12, 44.0), ["a, b: 9 and 11 requests, but docs/budgets.md tells otherwise"]),
        (Figure("a, b", 10, 12, 12, 44.0), ["a, b: 10 and 12 requests, but docs/budgets.md tells otherwise"]),
        (Figure("a, b", 13, 11, 12, 44.0), ["a, b: 13 requests are over the budget of 12", "a, b: 13 and 11 requests"]),
        (Figure("a, b", 10, 14, 12, 44.0), ["a, b: 14 requests are over the budget of 12", "a, b: 10 and 14 requests"]),
        (Figure("new", 3, 4, None, 44.0), ["new: 3 and 4 requests, but docs/budgets.md tells otherwise"]),
    ],
    ids=["as told", "fewer", "more", "over", "over where there is no waiting", "new"],
)
def test_other_figures_fail_the_bench(figure: Figure, says: list[str]) -> None:
    found = faults([figure], read(with_table(TEXT, FIGURES)))
    assert len(found) == len(says)
    assert all(fault.startswith(start) for fault, start in zip(found, says, strict=True))


def test_the_page_tells_forty_tasks_beside_one() -> None:
    told = read_ways(PAGE.read_text(encoding="utf-8"))
    assert list(told) == [case.name for case in WAYS]
    judging, judged, changing, changed = told.values()
    assert judging.requests > 20 * judged.requests
    assert changing.requests > 20 * changed.requests
    assert judging.wall_ms > 10 * judged.wall_ms
    assert changing.wall_ms > 10 * changed.wall_ms


def test_written_ways_are_read_again_and_other_ones_fail_the_bench() -> None:
    page = f"# Budgets\n\n{WAYS_HEAD}| old | 1 | 1.0 | 30 ms |\n\nThe end.\n"
    written = with_ways(page, [Figure("one", 12, 12, None, 44.9, 1234.0)])
    told = read_ways(written)
    assert told == {"one": Figure("one", 12, 12, None, 40.0, 1200.0)}
    assert written.endswith(" ms |\n\nThe end.\n")
    assert other_ways([Figure("one", 12, 12, None, 99.0, 9.0)], told) == []
    assert len(other_ways([Figure("one", 13, 13, None, 44.0), Figure("new", 1, 1, None, 1.0)], told)) == 2
