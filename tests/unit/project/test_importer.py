"""`tools/importer.py` fails on every remark, although galaxy-importer itself ends with code 0."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.tools import importer

CLEAN = "Importing with galaxy-importer 0.4.44\nLoading module user_right\nImporter processing completed successfully\n"


def test_without_a_remark_nothing_is_found() -> None:
    assert importer.findings(CLEAN) == []


@pytest.mark.parametrize(
    "remark",
    [
        "WARNING: roles/a/tasks/main.yml:1: name[casing]: All names should start with an uppercase letter.",
        "ERROR: No changelog found. Add a CHANGELOG.rst, CHANGELOG.md, or changelogs/changelog.yaml file.",
        "Traceback (most recent call last):",
        "INFO: ansible-lint not found, skipping lint of collection",
        "ERROR: the importer ended with code 1",
    ],
)
def test_a_remark_is_found(remark: str) -> None:
    assert importer.findings(f"Loading role a\n{remark}\n{CLEAN}") == [remark]


@pytest.mark.parametrize("said", ["", "Importing with galaxy-importer 0.4.44\n"], ids=["nothing", "no end"])
def test_an_import_that_did_not_come_to_its_end_fails(said: str) -> None:
    assert importer.findings(said) != []


def test_the_tarball_is_the_one_that_make_builds() -> None:
    assert importer.built().name == "winmail-exchange-1.0.0.tar.gz"
