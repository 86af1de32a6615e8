"""The steps of docs/policies.md make a changelog of the fragments, on a copy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files
from ansible_collections.winmail.exchange.tools.stage import copy_checkout

BIN = Path(sys.executable).parent
FRAGMENTS = project_files(".yml", ".yaml", under="changelogs/fragments")


def sentences() -> list[str]:
    """The first words of each entry of each fragment, without markup."""
    found: list[str] = []
    for path in FRAGMENTS:
        fragment: dict[str, Any] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
        for section, entries in fragment.items():
            found += [entries] if section == "release_summary" else entries
    return found


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout after `antsibull-changelog release`."""
    copy = copy_checkout(tmp_path_factory.mktemp("release"))
    for words in (["release"], ["lint"]):
        command = [str(BIN / "antsibull-changelog"), *words]
        path = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # it asks ansible-doc about the plugins
        done = subprocess.run(
            command, cwd=copy, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
        # Its warnings are on the standard output; on the other are Ansible's, whose 2.21 warns of a part of its own.
        assert (done.returncode, "WARNING" in done.stdout) == (0, False), done.stdout + done.stderr
    return copy


def test_every_fragment_is_in_the_changelog(released: Path) -> None:
    text = plain(re.sub(r"</?code>", "", (released / "CHANGELOG.md").read_text(encoding="utf-8")))
    assert len(sentences()) >= 5
    assert [sentence for sentence in sentences() if plain(sentence).removesuffix(".") not in text] == []


def plain(text: str) -> str:
    """Letters only: what markup does to a sentence is not the point."""
    return "".join(letter for letter in text if letter.isalpha())


def test_the_fragments_are_used_up_and_the_version_is_kept(released: Path) -> None:
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    releases = yaml.safe_load((released / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]
    assert list(releases) == [version]
    assert list((released / "changelogs" / "fragments").glob("*.yml")) == []


def test_the_steps_name_this_command() -> None:
    assert "`antsibull-changelog release`" in (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
