"""What a file cites is in the checkout: documents by name, sections of docs/sources.md by key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._files import project_files, text

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = "docs/sources.md"
ASSUMPTIONS = "docs/assumptions.md"
# This file names documents that are none.
ITSELF = "tests/unit/project/test_sources.py"
CITING = [path for path in project_files(".py", ".yml", ".yaml", ".md", ".toml") if path.as_posix() != ITSELF]
DOCUMENTS = {path.name for path in project_files(".md")}
# Pages that a test or a tool makes in a temporary folder.
INVENTED = {
    "tests/unit/project/test_docs_site.py": {"NEWS.md", "one.md", "two.md"},
    "tools/docs/pages.py": {"index.md"},
}

_KEYS = r"S\d+(?:(?:,|\s+and)\s+S\d+)*"


def documents(content: str) -> set[str]:
    """The base names of the Markdown files that a text mentions; a suffix or a pattern alone is none."""
    return set(re.findall(r"(?<![\w*.-])(?:\w[\w.-]*)\.md\b", content))


def keys(content: str) -> set[str]:
    """The keys behind each mention of the page of sources."""
    cited = re.findall(rf"\bsources\.md\s+({_KEYS})", content)
    return {key for run in cited for key in re.findall(r"S\d+", run)}


def register() -> Iterator[str]:
    """The column of sources in the tables of the register of assumptions."""
    for line in text(ASSUMPTIONS).splitlines():
        if re.match(r"\| W\d{2,3} \|", line):
            yield line.split("|")[3]


def test_a_document_that_a_file_names_exists() -> None:
    absent = {path: documents(text(path)) - INVENTED.get(path.as_posix(), set()) - DOCUMENTS for path in CITING}
    assert {path.as_posix(): names for path, names in absent.items() if names} == {}


def test_the_exceptions_are_needed() -> None:
    assert all(names <= documents(text(path)) - DOCUMENTS for path, names in INVENTED.items())


def test_the_keys_cited_are_the_sections_of_the_sources() -> None:
    cited = set().union(*(keys(text(path)) for path in CITING))
    cited |= {key for cell in register() for key in re.findall(r"\bS\d+\b", cell)}
    sections = re.findall(r"^## (S\d+) ", text(SOURCES), re.MULTILINE)
    assert sections == [f"S{number}" for number in range(1, len(sections) + 1)]
    assert cited == set(sections)


def test_code_cites_the_sources_by_key() -> None:
    """A bare mention of the page says nothing that a reader can look up."""
    code = [path for path in CITING if path.suffix == ".py"]
    assert [path for path in code if re.search(r"docs/sources\.md(?!\s+S\d)", text(path))] == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("see [a](../docs/one.md#x) and two.md 3", {"one.md", "two.md"}),
        ("`*.md`, '.md', one.mdx", set()),
        ("`docs/**/*.md` <a-b.c.md>", {"a-b.c.md"}),
    ],
)
def test_how_documents_are_found(content: str, expected: set[str]) -> None:
    assert documents(content) == expected
