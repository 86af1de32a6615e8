# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a restart: order, what is left alone, and every refusal before anything stops."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, RefusedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import plan as services


def service(name: str, state: str = "Running", start_mode: str = "Auto") -> Service:
    return Service(name, f"The {name}", state, start_mode, "LocalSystem", 0 if state == "Stopped" else 100)


def lookup(
    edges: Mapping[str, Sequence[str]], states: Mapping[str, Service] | None = None
) -> Callable[[str], Sequence[Service]]:
    """``edges`` maps a service to what depends on it directly."""
    return lambda name: [(states or {}).get(one) or service(one) for one in edges.get(name, ())]


def plan(
    edges: Mapping[str, Sequence[str]],
    states: Mapping[str, Service] | None = None,
    *,
    dependents: bool = True,
    target: Service | None = None,
) -> services.Restart:
    return services.plan(target or service("S"), lookup(edges, states), dependents=dependents)


@pytest.mark.parametrize(
    ("edges", "stop"),
    [
        pytest.param({}, ["S"], id="alone"),
        pytest.param({"S": ["A", "B"]}, ["A", "B", "S"], id="two"),
        pytest.param({"S": ["A"], "A": ["B"], "B": ["C"]}, ["C", "B", "A", "S"], id="a chain"),
        pytest.param({"S": ["A", "B"], "B": ["A"]}, ["A", "B", "S"], id="a diamond"),
        pytest.param({"S": ["B", "A"], "B": ["A"]}, ["A", "B", "S"], id="a diamond, the other way"),
        pytest.param({"S": ["A"], "A": ["B"], "B": ["A", "S"]}, ["B", "A", "S"], id="a circle"),
        pytest.param({"S": ["s", "S"]}, ["S"], id="depends on itself"),
    ],
)
def test_the_deepest_stops_first_and_starts_last(edges: Mapping[str, Sequence[str]], stop: list[str]) -> None:
    found = plan(edges)
    assert list(found.stop) == stop
    assert list(found.start) == stop[::-1]


def test_what_does_not_run_is_left_alone_with_what_depends_on_it() -> None:
    found = plan({"S": ["A", "B"], "A": ["C"]}, {"A": service("A", "Stopped")})
    assert found.stop == ("B", "S")
    assert "A" not in found.start


def test_a_stopped_service_is_started() -> None:
    found = plan({"S": ["A"]}, target=service("S", "Stopped"))
    assert (found.stop, found.start) == ((), ("S",))


def test_without_dependents_nothing_that_depends_may_run() -> None:
    with pytest.raises(RefusedError, match="A run and depend on it"):
        plan({"S": ["A"]}, dependents=False)
    assert plan({"S": ["A"]}, {"A": service("A", "Stopped")}, dependents=False).stop == ("S",)


@pytest.mark.parametrize(
    "bad",
    [
        service("X", start_mode="Disabled"),
        service("X", "Paused"),
        service("X", "Start Pending"),
        service("X", "Stop Pending"),
        service("X", "Unknown"),
    ],
    ids=lambda one: f"{one.state} {one.start_mode}",
)
def test_refused_before_anything_stops(bad: Service) -> None:
    with pytest.raises(RefusedError, match=r"X is (disabled|neither)"):
        plan({}, target=bad)
    with pytest.raises(RefusedError, match=r"X is (disabled|neither)"):
        plan({"S": ["A"], "A": ["X"]}, {"X": bad})


def test_a_disabled_service_that_is_stopped_is_refused_too() -> None:
    with pytest.raises(RefusedError, match="disabled"):
        plan({}, target=service("S", "Stopped", "Disabled"))


def test_an_endless_chain_is_refused() -> None:
    with pytest.raises(RefusedError, match="More than 100"):
        services.plan(service("0"), lambda name: [service(str(int(name) + 1))], dependents=True)


@pytest.mark.parametrize("name", ["", "a'b", "a\\b", "a\tb", "x" * 257])
def test_names_that_no_service_has(name: str) -> None:
    with pytest.raises(InputError, match="no key name"):
        services.key_name(name)


_NAMES = st.sampled_from("ABCDEFGH")


@given(
    st.dictionaries(st.sampled_from("SABCDEFGH"), st.lists(_NAMES, max_size=4), max_size=9),
    st.sets(_NAMES),
)
def test_any_graph(edges: dict[str, list[str]], stopped: set[str]) -> None:
    states = {name: service(name, "Stopped") for name in stopped}
    found = plan(edges, states)
    assert found.stop[-1] == "S"
    assert len(set(found.stop)) == len(found.stop)
    assert found.start == tuple(reversed(found.stop))
    assert not stopped & set(found.stop)
    acyclic = all(dependent > name or name == "S" for name, all_ in edges.items() for dependent in all_)
    if acyclic:
        place = {name: index for index, name in enumerate(found.stop)}
        for name in found.stop:
            for dependent in edges.get(name, ()):
                assert dependent in stopped or place[dependent] < place[name]
