"""Draw docs/architecture.svg: the rooms in floors, and the arrows of their imports as they were measured."""

from __future__ import annotations

import argparse
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.winmail.exchange.tools.docs import rooms as measured
from ansible_collections.winmail.exchange.tools.stage import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PICTURE = ROOT / "docs" / "architecture.svg"
STYLE = Path(__file__).with_name("architecture.css").read_text(encoding="utf-8")
WIDTH, BOX, HIGH, FLOOR, TOP = 960, 132, 40, 92, 30
LANE = 26  # the place of an arrow that passes a floor

Graph = dict[str, set[str]]


def main() -> None:
    """Write the picture."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    PICTURE.write_text(draw(), encoding="utf-8")


def draw() -> str:
    """Draw what is imported now."""
    known = measured.rooms(measured.PAGE.read_text(encoding="utf-8"))
    house = measured.measure()
    graph: Graph = {name: set() for name in known}
    for start, end in measured.arrows(house, known):
        if end in known:
            graph[start].add(end)
    if found := measured.circles(graph):
        raise ValueError(f"These rooms import each other in a circle: {found}")
    pure = {name for name, room in known.items() if not _outside(name, graph, known)}
    floors, edges = lay_out(direct(graph))
    return "\n".join(_svg(floors, edges, pure)) + "\n"


def direct(graph: Graph) -> Graph:
    """Leave out the arrows that follow from others: who imports a room that imports a third reaches that one too."""
    found: Graph = {}
    for start, ends in graph.items():
        further = {name for end in ends for name in _below(end, graph)}
        found[start] = ends - further
    return found


def lay_out(graph: Graph) -> tuple[list[list[str]], list[list[str]]]:
    """Put each room one floor above the highest that it imports; arrows over several floors get a lane in each.

    Returns the floors from the top, lanes included, and the arrows as the names they pass.
    """
    depth = {name: _depth(name, graph) for name in graph}
    above = {name: min((depth[one] for one in graph if name in graph[one]), default=depth[name] + 1) for name in graph}
    # What nobody imports stands at the top, what imports nothing directly below its lowest user.
    depth = {name: above[name] - 1 if not graph[name] else depth[name] for name in graph}
    floors: list[list[str]] = [[] for dummy in range(max(depth.values()) + 1)]
    for name in sorted(graph):
        floors[depth[name]].append(name)
    edges = []
    for start in sorted(graph):
        for end in sorted(graph[start]):
            lanes = [f"{start} to {end} at {level}" for level in range(depth[start] - 1, depth[end], -1)]
            for level, lane in zip(range(depth[start] - 1, depth[end], -1), lanes, strict=True):
                floors[level].append(lane)
            edges.append([start, *lanes, end])
    return _ordered(floors[::-1], edges), edges


def _ordered(floors: list[list[str]], edges: Sequence[Sequence[str]]) -> list[list[str]]:
    """Order each floor by where its neighbours stand, a few times down and up, so that few arrows cross."""
    near: Graph = {name: set() for floor in floors for name in floor}
    for edge in edges:
        for one, other in pairwise(edge):
            near[one].add(other)
            near[other].add(one)
    for dummy in range(8):
        for pairs in (pairwise(floors), pairwise(floors[::-1])):
            for fixed, moved in pairs:
                _order(moved, _places([fixed]), near)
    return floors


def _order(floor: list[str], places: Mapping[str, float], near: Graph) -> None:
    """Order one floor by the middle of its neighbours on the floor that was ordered before; else by name."""

    def middle(name: str) -> tuple[float, str]:
        found = [places[one] for one in near[name] if one in places]
        return (sum(found) / len(found) if found else WIDTH / 2, name)

    floor.sort(key=middle)


def _places(floors: Sequence[Sequence[str]]) -> dict[str, float]:
    """Where the middle of each room and lane is, from the left."""
    found = {}
    for floor in floors:
        sizes = [LANE if " to " in name else BOX for name in floor]
        gap = (WIDTH - sum(sizes)) / (len(floor) + 1)
        left = gap
        for name, size in zip(floor, sizes, strict=True):
            found[name] = round(left + size / 2, 1)
            left += size + gap
    return found


def _svg(floors: Sequence[Sequence[str]], edges: Sequence[Sequence[str]], pure: set[str]) -> Iterator[str]:
    places = _places(floors)
    tops = {name: TOP + level * FLOOR for level, floor in enumerate(floors) for name in floor}
    height = TOP * 2 + (len(floors) - 1) * FLOOR + HIGH
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title description">'
    )
    yield '  <title id="title">Imports between the rooms of winmail.exchange</title>'
    told = "; ".join(f"{edge[0]} imports {edge[-1]}" for edge in edges)
    yield f'  <desc id="description">{escape(told)}.</desc>'
    yield f"  <style>\n{STYLE}  </style>"
    yield '  <defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"'
    yield '    orient="auto"><path class="tip" d="M0 0 L10 5 L0 10 z"/></marker></defs>'
    yield f'  <rect class="paper" x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="10"/>'
    for edge in edges:
        yield f'  <path class="arrow" d="{_path(edge, places, tops)}" marker-end="url(#tip)"/>'
    for name in sorted(name for name in places if " to " not in name):
        x, y = places[name], tops[name]
        kind = "pure" if name in pure else "room"
        yield f'  <rect class="{kind}" x="{x - BOX / 2:.1f}" y="{y}" width="{BOX}" height="{HIGH}" rx="6"/>'
        yield f'  <text class="name" x="{x}" y="{y + 25}">{escape(name.removeprefix("module_utils/"))}</text>'
    yield "</svg>"


def _path(edge: Sequence[str], places: Mapping[str, float], tops: Mapping[str, int]) -> str:
    """A line from the bottom of the first to the top of the last, straight through its lanes."""
    steps = [f"M{places[edge[0]]} {tops[edge[0]] + HIGH}"]
    before, leaving = places[edge[0]], tops[edge[0]] + HIGH
    for name in edge[1:]:
        x, y = places[name], tops[name]
        half = (leaving + y) / 2
        steps.append(f"C{before} {half} {x} {half} {x} {y}")
        if name != edge[-1]:
            steps.append(f"V{y + HIGH}")
        before, leaving = x, y + HIGH
    return " ".join(steps)


def _below(name: str, graph: Graph) -> set[str]:
    return graph[name].union(*(_below(one, graph) for one in graph[name]))


def _depth(name: str, graph: Graph) -> int:
    return 1 + max((_depth(one, graph) for one in graph[name]), default=-1)


def _outside(name: str, graph: Graph, known: Mapping[str, measured.Room]) -> set[str]:
    """The packages that a room or one below it may import, but for PyYAML, which ansible-core brings."""
    mine = {one for below in {name, *_below(name, graph)} for one in known[below].may_import}
    return mine - known.keys() - {"yaml"}


if __name__ == "__main__":
    main()
