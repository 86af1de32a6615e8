"""Which room of `plugins/` imports which, how long each is, and what docs/architecture.md allows."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.winmail.exchange.tools.stage import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PAGE = ROOT / "docs" / "architecture.md"
COLLECTION = "ansible_collections.winmail.exchange."
HEAD = "| room | job | may import |\n| --- | --- | --- |\n"
# Rooms below these folders have names without them: they are known by their underscore.
HALLS = ("plugins/plugin_utils/", "plugins/")


@dataclass(frozen=True)
class Room:
    """A row of the page: a room, the files or folders that make it, and what it may import."""

    name: str
    parts: tuple[str, ...]
    job: str
    may_import: frozenset[str]


@dataclass(frozen=True)
class House:
    """The modules below `plugins/` by their dotted names, and what each imports, types included."""

    lines: Mapping[str, int]
    imports: Mapping[str, frozenset[str]]

    def outside(self) -> dict[str, set[str]]:
        """Which packages that are neither ours nor Python's each module imports."""
        tops = {name: {one.partition(".")[0] for one in found} for name, found in self.imports.items()}
        known = {*sys.stdlib_module_names, COLLECTION.partition(".")[0]}
        return {name: found - known for name, found in tops.items() if found - known}

    def inside(self) -> dict[str, set[str]]:
        """Which modules of `plugins/` each of them imports."""
        return {name: {one for one in found if one in self.lines} - {name} for name, found in self.imports.items()}


def rooms(page: str) -> dict[str, Room]:
    """Read the table of rooms; the first name of a row is the room's, the others are further parts of it."""
    rows = page.partition(HEAD)[2].partition("\n\n")[0].splitlines()
    found = {}
    for row in rows:
        first, job, last = (cell.strip() for cell in row.strip("|").split("|"))
        parts = tuple(re.findall(r"`([^`]+)`", first))
        found[parts[0]] = Room(parts[0], parts, job, frozenset(re.findall(r"`([^`]+)`", last)))
    return found


def measure(root: Path = ROOT) -> House:
    """Read every module below `plugins/`."""
    lines, imports = {}, {}
    for path in sorted((root / "plugins").rglob("*.py")):
        name = COLLECTION + ".".join(path.relative_to(root).with_suffix("").parts)
        source = path.read_text(encoding="utf-8")
        lines[name] = len(source.splitlines())
        imports[name] = frozenset(_imported(ast.parse(source), name))
    return House(lines, imports)


def part_of(module: str) -> str:
    """The folder or lone file that a module belongs to, as the page names it: `_rights`, `module_utils/_pop3`."""
    path = module.removeprefix(COLLECTION).replace(".", "/")
    for hall in HALLS:
        if path.startswith(hall):
            depth = 2 if path.startswith("plugins/module_utils/") else 1
            return "/".join(path.removeprefix(hall).split("/")[:depth])
    return path


def room_of(module: str, known: Mapping[str, Room]) -> str:
    """The room of a module; raises LookupError where the page has none."""
    part = part_of(module)
    for room in known.values():
        if part in room.parts:
            return room.name
    raise LookupError(f"docs/architecture.md has no room for {part}")


def arrows(house: House, known: Mapping[str, Room]) -> dict[tuple[str, str], list[str]]:
    """From which room to which, or to which package, an import leads, each with the modules that do it."""
    found: dict[tuple[str, str], list[str]] = {}
    for seen in (house.inside(), house.outside()):
        for module, targets in sorted(seen.items()):
            start = room_of(module, known)
            for target in sorted(targets):
                end = room_of(target, known) if target in house.lines else target
                if start != end:
                    found.setdefault((start, end), []).append(f"{module} imports {target}".replace(COLLECTION, ""))
    return found


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of names that reach each other, each sorted."""
    below = {name: reached(graph, name) for name in graph}
    groups = {tuple(sorted(other for other in found if name in below.get(other, ()))) for name, found in below.items()}
    return sorted(list(group) for group in groups if group)


def lines_by_room(house: House, known: Mapping[str, Room]) -> dict[str, int]:
    """How many lines each room has."""
    found = dict.fromkeys(known, 0)
    for module, count in house.lines.items():
        found[room_of(module, known)] += count
    return found


def reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """All that a name leads to; the name itself only by a circle."""
    found: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead.extend(graph.get(name, ()))
    return found


def _imported(tree: ast.AST, module: str) -> Iterator[str]:
    """Every name that could be a module: `from a import b` gives a and a.b; dots are counted from the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
