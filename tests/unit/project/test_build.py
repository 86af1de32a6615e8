"""The tarball: public content and nothing else, and it works where only it is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files

BIN = Path(sys.executable).parent
PUBLIC = {
    *("CHANGELOG.md", "FILES.json", "LICENSE", "LICENSES", "MANIFEST.json", "README.md"),
    *("REUSE.toml", "changelogs", "docs", "meta", "playbooks", "plugins", "requirements.txt"),
    *("CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md", "roles"),
}


def galaxy(*arguments: str | Path) -> None:
    command = [BIN / "ansible-galaxy", "collection", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    galaxy("build", "--output-path", folder)
    return next(folder.glob("winmail-exchange-*.tar.gz"))


def members(tarball: Path) -> set[str]:
    with tarfile.open(tarball) as archive:
        return {member.name for member in archive.getmembers() if member.isfile()}


def test_it_holds_public_content_only(tarball: Path) -> None:
    assert {name.split("/")[0] for name in members(tarball)} <= PUBLIC


def test_it_holds_all_public_content(tarball: Path) -> None:
    public = {
        path.as_posix() for folder in ("meta", "plugins", "roles", "playbooks") for path in project_files(under=folder)
    }
    assert public
    assert public <= members(tarball)
    assert {"README.md", "CHANGELOG.md", "LICENSE", "requirements.txt"} <= members(tarball)


def test_it_holds_no_link(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        assert [m.name for m in archive.getmembers() if m.issym() or m.islnk()] == []


def test_installed_alone_its_plugins_are_documented(tarball: Path, tmp_path: Path) -> None:
    galaxy("install", tarball, "-p", tmp_path, "--force", "--offline")
    command = [str(BIN / "ansible-doc"), "--json", "--list", "winmail.exchange"]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
    environment["ANSIBLE_COLLECTIONS_SCAN_SYS_PATH"] = "false"
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    modules = {path.stem for path in project_files(".py", under="plugins/modules")}
    assert {name.rpartition(".")[2] for name in json.loads(done.stdout)} == modules
