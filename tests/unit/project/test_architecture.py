"""The house is as docs/architecture.md says: its arrows, no circle, no room too large, the picture, the walk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files, text
from ansible_collections.winmail.exchange.tools.docs import picture, rooms

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_SHARE = 0.20
# Rooms that a person reads to learn what is decided; whoever changes a connection need not touch them.
PURE = (
    "_report",
    "_prerequisites",
    "_baseline",
    "_convert",
    "_vocabulary",
    "_exchange",
    "_rights",
    "_services",
    "_host",
    "_windows",
    "_errors",
    "module_utils/_pop3",
)
ROWS = "| `_a`, `_more` | asks | `_b`, `ansible` |\n| `module_utils/_b` | tells | |\n"
TABLE = f"# A house\n\n{rooms.HEAD}{ROWS}\nThe end.\n"


@pytest.fixture(scope="module")
def known() -> dict[str, rooms.Room]:
    """The table of the page."""
    return rooms.rooms(text("docs/architecture.md"))


@pytest.fixture(scope="module")
def house() -> rooms.House:
    """What plugins/ imports."""
    return rooms.measure()


def test_every_arrow_is_allowed(known: dict[str, rooms.Room], house: rooms.House) -> None:
    refused = [
        told
        for (start, end), imports in rooms.arrows(house, known).items()
        if end not in known[start].may_import
        for told in imports
    ]
    assert refused == [], "docs/architecture.md does not allow these"


def test_what_the_table_allows_is_a_room_or_a_package_that_something_imports(
    known: dict[str, rooms.Room], house: rooms.House
) -> None:
    packages = {end for dummy, end in rooms.arrows(house, known)} - known.keys()
    assert {one for room in known.values() for one in room.may_import} <= known.keys() | packages


def test_no_modules_import_each_other_in_a_circle(house: rooms.House) -> None:
    assert rooms.circles(house.inside()) == []


def test_the_table_allows_no_circle(known: dict[str, rooms.Room]) -> None:
    assert rooms.circles({name: set(room.may_import & known.keys()) for name, room in known.items()}) == []


@pytest.mark.parametrize("name", PURE)
def test_a_pure_room_may_import_no_package_but_yaml(name: str, known: dict[str, rooms.Room]) -> None:
    below = {name}
    for dummy in known:
        below |= {one for room in below & known.keys() for one in known[room].may_import}
    assert below - known.keys() <= {"yaml"}


def test_no_room_has_more_than_a_fifth_of_the_lines(known: dict[str, rooms.Room], house: rooms.House) -> None:
    lines = rooms.lines_by_room(house, known)
    shares = {name: count / sum(lines.values()) for name, count in lines.items()}
    assert {name: share for name, share in shares.items() if share > LARGEST_SHARE} == {}
    assert all(lines.values()), "a room without a line"


def test_the_picture_is_drawn_from_the_imports() -> None:
    assert text("docs/architecture.svg") == picture.draw(), "`make picture` draws it"


def test_the_walk_names_each_file_once_in_order_and_passes_all_that_a_change_uses(house: rooms.House) -> None:
    walk = text("docs/architecture.md").partition("## The walk\n")[2].partition("\n## ")[0]
    steps = re.findall(r"^\d+\. `([^`]+)`", walk, re.MULTILINE)
    named = re.findall(r"`([^`]+\.py)`", walk)
    assert named == steps
    assert len(set(named)) == len(named)
    assert [name for name in named if not (ROOT / "plugins" / name).is_file()] == []
    start = f"{rooms.COLLECTION}plugins.action.user_right"
    reached = {start, *rooms.reached(house.inside(), start)}
    files = {name.removeprefix(f"{rooms.COLLECTION}plugins.").replace(".", "/") + ".py" for name in reached}
    assert set(named) <= files
    assert {name for name in files if "/_rights/" in name} <= set(named)


# The reader itself, on a small house.


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A checkout with two rooms that import each other, one of them for types only."""
    files = {
        "plugins/plugin_utils/_a/one.py": "import typing as t\nif t.TYPE_CHECKING:\n    from .two import x\n",
        "plugins/plugin_utils/_a/two.py": "from ...module_utils._b import three\n\n\ndef f():\n    import ansible.x\n",
        "plugins/plugin_utils/_more.py": "import os.path, winrm\n",
        "plugins/module_utils/_b/three.py": f"import {rooms.COLLECTION}plugins.plugin_utils._a.one\n",
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    return tmp_path


def test_the_table_is_read() -> None:
    assert rooms.rooms(TABLE) == {
        "_a": rooms.Room("_a", ("_a", "_more"), "asks", frozenset({"_b", "ansible"})),
        "module_utils/_b": rooms.Room("module_utils/_b", ("module_utils/_b",), "tells", frozenset()),
    }


def test_imports_are_found_wherever_they_stand(small: Path) -> None:
    found = rooms.arrows(rooms.measure(small), rooms.rooms(TABLE))
    assert found == {
        ("_a", "module_utils/_b"): ["plugins.plugin_utils._a.two imports plugins.module_utils._b.three"],
        ("module_utils/_b", "_a"): ["plugins.module_utils._b.three imports plugins.plugin_utils._a.one"],
        ("_a", "ansible"): ["plugins.plugin_utils._a.two imports ansible"],
        ("_a", "winrm"): ["plugins.plugin_utils._more imports winrm"],
    }


def test_a_circle_through_types_is_found(small: Path) -> None:
    names = [
        f"{rooms.COLLECTION}plugins.{name}"
        for name in ("module_utils._b.three", "plugin_utils._a.one", "plugin_utils._a.two")
    ]
    assert rooms.circles(rooms.measure(small).inside()) == [names]


def test_lines_are_counted_by_room(small: Path) -> None:
    assert rooms.lines_by_room(rooms.measure(small), rooms.rooms(TABLE)) == {"_a": 9, "module_utils/_b": 1}


def test_a_file_without_a_room_is_a_fault(small: Path) -> None:
    (small / "plugins/filter").mkdir()
    (small / "plugins/filter/f.py").touch()
    with pytest.raises(LookupError, match=r"no room for filter$"):
        rooms.lines_by_room(rooms.measure(small), rooms.rooms(TABLE))


def test_the_picture_leaves_out_what_follows_from_other_arrows() -> None:
    graph = {"top": {"middle", "end"}, "middle": {"end"}, "end": set()}
    assert picture.direct(graph) == {"top": {"middle"}, "middle": {"end"}, "end": set()}


def test_the_picture_gives_an_arrow_over_a_floor_a_lane_there() -> None:
    floors, edges = picture.lay_out(
        {"top": {"left", "end"}, "left": {"low"}, "low": set(), "end": {"low"}, "deep": {"top"}}
    )
    assert floors[0] == ["deep"]
    assert sorted(floors[2]) == ["end", "left"]
    assert ["top", "end"] in edges
    floors, edges = picture.lay_out({"a": {"b", "d"}, "b": {"c"}, "c": {"e"}, "d": {"e"}, "e": set()})
    assert ["a", "a to d at 2", "d"] in edges
    assert "a to d at 2" in floors[1]


def imports_of_tests() -> dict[str, set[str]]:
    """What each file of the tests imports from other files of the tests, by their names."""
    pattern = re.compile(rf"^ *from ({re.escape(rooms.COLLECTION)}tests\.\S+) import ([^(\n]*)", re.MULTILINE)
    found = {}
    for path in project_files(".py", under="tests"):
        imports = pattern.findall(text(path))
        names = {f"{package}.{name.split(' ')[0]}" for package, after in imports for name in after.split(", ")}
        names |= {package for package, dummy in imports}
        files = {name.removeprefix(rooms.COLLECTION).replace(".", "/") + ".py" for name in names}
        found[path.as_posix()] = {name for name in files if (ROOT / name).is_file()}
    return found


def test_no_test_imports_from_a_conftest() -> None:
    assert [path for path, names in imports_of_tests().items() if any("/conftest.py" in name for name in names)] == []


def test_a_test_takes_helpers_from_its_own_room_or_from_support() -> None:
    borrowed = [
        f"{path} imports {name}"
        for path, names in imports_of_tests().items()
        for name in names
        if name.startswith(("tests/unit/", "tests/integration/")) and not path.startswith(name.rpartition("/")[0])
    ]
    assert borrowed == []
