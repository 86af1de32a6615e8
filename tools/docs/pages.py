"""Which pages the documentation site has, in which groups and order: as the tables of docs/README.md list them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GUIDES = "docs/README.md"
# The front page, which exists on the site only.
HOME = "index.md"
# What is not written as a page but made from the plugins, and the group that it opens.
REFERENCE = ("Modules, filters, roles", "reference/index")
REFERENCE_GROUP = "Reference"

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_GROUP = re.compile(r"^## (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| \[([^]]+)\]\(([^)#\s]+\.md)\) \|", re.MULTILINE)


def pages(root: Path) -> list[str]:
    """The Markdown pages of a checkout, relative to it."""
    found = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("roles/*/README.md")]
    return sorted(path.relative_to(root).as_posix() for path in found)


def linked_files(root: Path, page: str, text: str) -> set[str]:
    """The files that a page links to in its text and that are no pages: pictures, playbooks, schemas."""
    targets = (target.partition("#")[0] for target in _LINK.findall(text))
    files = {_from(page, target) for target in targets if target and "://" not in target}
    return {file for file in files if (root / file).is_file() and not file.endswith(".md")}


def listed(root: Path, page: str) -> list[tuple[str, str]]:
    """The pages that the tables of a page list in their first column: title and path, as the tables have them."""
    return _rows(page, (root / page).read_text(encoding="utf-8"))


def groups(root: Path) -> dict[str, list[tuple[str, str]]]:
    """The menu: the headings of the guides' page, and what the table below each lists."""
    dummy, *parts = _GROUP.split((root / GUIDES).read_text(encoding="utf-8"))
    found = {title: _rows(GUIDES, text) for title, text in zip(parts[::2], parts[1::2], strict=True)}
    return {**found, REFERENCE_GROUP: [REFERENCE, *found.get(REFERENCE_GROUP, [])]}


def tables_of_contents(root: Path) -> dict[str, str]:
    """What is added to each page that lists others, so that the site's menu is made from that list."""
    menu = groups(root)
    added = {HOME: "".join(toctree(caption, entries) for caption, entries in menu.items())}
    # A page has one place: what the menu names is not named again below another page.
    placed = {path for entries in menu.values() for dummy, path in entries}
    for page in pages(root):
        below = [(title, path) for title, path in listed(root, page) if path not in placed]
        if below and page not in {"README.md", GUIDES}:
            added[page] = toctree(
                "", [(title, posixpath.relpath(path, posixpath.dirname(page))) for title, path in below]
            )
    return added


def toctree(caption: str, entries: Sequence[tuple[str, str]]) -> str:
    """A hidden table of contents in MyST's form."""
    lines = [f"{title} <{path}>" for title, path in entries]
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "```{toctree}", *options, "", *lines, "```", ""])


def _rows(page: str, text: str) -> list[tuple[str, str]]:
    return [(title, _from(page, target)) for title, target in _ROW.findall(text)]


def _from(page: str, target: str) -> str:
    """A link's target relative to the checkout."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
