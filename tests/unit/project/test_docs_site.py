"""`make docs`: its menu is made from the tables of the guides, and a link that leads nowhere is found."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT
from ansible_collections.winmail.exchange.tools.docs import build
from ansible_collections.winmail.exchange.tools.docs.conf import label_cells
from ansible_collections.winmail.exchange.tools.docs.links import dead_links
from ansible_collections.winmail.exchange.tools.docs.pages import HOME, groups, linked_files, pages, tables_of_contents

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "| page | for |\n| --- | --- |\n"
FILES = {
    "README.md": "# Start\n\nSee [guides](docs/README.md).\n",
    "NEWS.md": "# News\n",
    "docs/README.md": f"# Guides\n\n## Fleets\n\n{HEAD}| [First](one.md) | you |\n"
    f"\n## Reference\n\n{HEAD}| [More](more/README.md) | us |\n| [News](../NEWS.md) | all |\n",
    "docs/one.md": "# One\n\n![A picture](one.svg) [away](https://example.org/x.yml) [up](../README.md)\n",
    "docs/one.svg": "<svg/>",
    "docs/more/README.md": f"# More\n\n{HEAD}| [Two](two.md) | x |\n| [One again](../one.md) | x |\n",
    "docs/more/two.md": "# Two\n\n[data](../data.json#part) [folder](../more)\n",
    "docs/data.json": "{}",
    "roles/r/README.md": "# Role\n",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with guides."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_pages_are_all_guides_and_what_stands_beside_the_readme(checkout: Path) -> None:
    assert pages(checkout) == sorted(name for name in FILES if name.endswith(".md"))


def test_the_menu_is_the_tables_in_the_groups_of_the_guides_page(checkout: Path) -> None:
    added = tables_of_contents(checkout)
    entries = [line for line in added[HOME].splitlines() if line and not line.startswith((":hidden", "`"))]
    assert entries == [
        ":caption: Fleets",
        "First <docs/one.md>",
        ":caption: Reference",
        "Modules, filters, roles <reference/index>",
        "More <docs/more/README.md>",
        "News <NEWS.md>",
    ]
    assert "Two <two.md>" in added["docs/more/README.md"].splitlines()
    assert "one.md" not in added["docs/more/README.md"], "it has its place in the menu"
    assert set(added) == {HOME, "docs/more/README.md"}


def test_no_two_entries_of_the_menu_have_the_same_name() -> None:
    names = [title for entries in groups(ROOT).values() for title, dummy in entries]
    assert len(names) == len(set(names)) > 20


def test_files_that_a_page_shows_come_along(checkout: Path) -> None:
    assert linked_files(checkout, "docs/one.md", FILES["docs/one.md"]) == {"docs/one.svg"}
    assert linked_files(checkout, "docs/more/two.md", FILES["docs/more/two.md"]) == {"docs/data.json"}


def test_a_cell_of_a_guide_s_table_knows_its_column() -> None:
    head = "<thead><tr><th><p>page</p></th><th>for</th></tr></thead>"
    rows = "<tbody><tr><td>a</td><td>b</td></tr></tbody>"
    shown = label_cells(
        f'<table class="docutils">{head}{rows}</table><table class="ansible-option-table">{head}{rows}</table>'
    )
    assert '<td data-label="page">a</td><td data-label="for">b</td>' in shown
    assert shown.count("data-label") == 2


def test_what_is_laid_out_lies_as_in_the_checkout(tmp_path: Path) -> None:
    build.lay_out(tmp_path)
    assert (tmp_path / "docs/architecture.svg").read_bytes() == (ROOT / "docs/architecture.svg").read_bytes()
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == (ROOT / "README.md").read_text(encoding="utf-8")
    assert "<docs/architecture.md>" in (tmp_path / HOME).read_text(encoding="utf-8")
    assert (tmp_path / "docs/outcome.svg").is_file(), "what only the front page shows"


def test_the_inventory_is_in_sphinx_s_format() -> None:
    head, _newline, body = build.inventory().partition(b"zlib.\n")
    assert head.splitlines()[0] == b"# Sphinx inventory version 2"
    lines = zlib.decompress(body).decode().splitlines()
    assert "action_plugins std:label -1 plugins/action.html#action-plugins action_plugins" in lines
    assert len(lines) == len(build.LABELS)


@pytest.mark.parametrize(
    ("target", "alive"),
    [
        ("b.html", True),
        ("b.html#here", True),
        ("b.html#there", False),
        ("c.html", False),
        ("sub/d%20e.txt#x", True),
        ("sub", False),
        ("#top", True),
        ("#bottom", False),
        ("#", True),
        ("https://example.org/nowhere", True),
        ("mailto:nobody@example.org", True),
    ],
)
def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, target: str, alive: bool) -> None:
    (tmp_path / "a.html").write_text(f'<h1 id="top">A</h1><img src="b.html"><a href="{target}">x</a>', encoding="utf-8")
    (tmp_path / "b.html").write_text('<a name="here">B</a>', encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "d e.txt").write_text("d", encoding="utf-8")
    assert dead_links(tmp_path) == ([] if alive else [f"a.html: {target}"])


def test_the_pages_of_the_plugins_fit_the_theme() -> None:
    contents = ".. contents::\n   :local:\n   :depth: 1\n\n"
    page = "{name}a_b {kind} -- Does it\n=====\n\n{contents}Text\n\n.. toctree::\n    :hidden:\n\n    {entry}\n"
    for kind in ("module", "filter", "role"):
        given = page.format(name="winmail.exchange.", kind=kind, contents=contents, entry=f"a_b_{kind}")
        shown = page.format(name="", kind=kind, contents="\n", entry=f"a_b ({kind}) <a_b_{kind}>")
        assert build.fit_the_theme(given) == shown
