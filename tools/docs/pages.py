"""Which pages the documentation site has, and in which order: as the tables of the README files list them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GUIDES = "docs/README.md"
# What is not written as a page but made from the plugins.
REFERENCE = ("Plugins and role", "reference/index")

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ROW = re.compile(r"^\| \[([^]]+)\]\(([^)#\s]+\.md)\) \|", re.MULTILINE)


def pages(root: Path) -> list[str]:
    """The Markdown pages of a checkout, relative to it."""
    found = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("roles/*/README.md")]
    return sorted(path.relative_to(root).as_posix() for path in found)


def linked_files(root: Path, page: str) -> set[str]:
    """The files of the checkout that a page links to and that are no pages: pictures, playbooks, schemas."""
    targets = (target.partition("#")[0] for target in _LINK.findall((root / page).read_text(encoding="utf-8")))
    files = {_from(page, target) for target in targets if target and "://" not in target}
    return {file for file in files if (root / file).is_file() and not file.endswith(".md")}


def listed(root: Path, page: str) -> list[tuple[str, str]]:
    """The pages that the table of a page lists in its first column: title and path, as the table has them."""
    return [(title, _from(page, target)) for title, target in _ROW.findall((root / page).read_text(encoding="utf-8"))]


def tables_of_contents(root: Path) -> dict[str, str]:
    """What is added to each page that lists others, so that the site's menu is made from that list."""
    project = [("", page) for page in sorted(path.name for path in root.glob("*.md")) if page != "README.md"]
    guides = [("Overview", GUIDES), *listed(root, GUIDES)]
    added = {
        "README.md": toctree("Guides", guides) + toctree("Reference", [REFERENCE]) + toctree("Project", project),
    }
    for page in pages(root):
        below = listed(root, page)
        if below and page not in {"README.md", GUIDES}:
            added[page] = toctree(
                "", [(title, posixpath.relpath(path, posixpath.dirname(page))) for title, path in below]
            )
    return added


def toctree(caption: str, entries: Sequence[tuple[str, str]]) -> str:
    """A hidden table of contents in MyST's form; an entry without a title has that of its page."""
    lines = [f"{title} <{path}>" if title else path for title, path in entries]
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "```{toctree}", *options, "", *lines, "```", ""])


def _from(page: str, target: str) -> str:
    """A link's target relative to the checkout."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
