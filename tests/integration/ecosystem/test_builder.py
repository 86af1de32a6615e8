# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An execution environment made as docs/fleets.md says holds the collection and its Python requirements."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import yaml

from ansible_collections.winmail.exchange.tests.integration.ecosystem.tools import blocks, run
from ansible_collections.winmail.exchange.tests.support.player import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAGE = ROOT / "docs" / "fleets.md"
INSTALL = ("ansible-galaxy", "collection", "install", "--offline")


def definition() -> str:
    (found,) = [block for block in blocks(PAGE, "yaml") if block.startswith("# execution-environment.yml\n")]
    return found


def context(folder: Path, tarball: Path, environment: Mapping[str, str]) -> Path:
    """The build context that ansible-builder writes from the page's definition."""
    shutil.copy2(tarball, folder / tarball.name)
    (folder / "execution-environment.yml").write_text(definition(), encoding="utf-8")
    run(
        ["ansible-builder", "create", "--context", "context", "--output-filename", "Containerfile"], folder, environment
    )
    return folder / "context"


def test_the_context_installs_the_collection(tarball: Path, tmp_path: Path, environment: Mapping[str, str]) -> None:
    """The step of the Containerfile that installs collections, run here."""
    made = context(tmp_path, tarball, environment)
    containerfile = (made / "Containerfile").read_text(encoding="utf-8")
    assert "ansible-galaxy collection install $ANSIBLE_GALAXY_CLI_COLLECTION_OPTS -r requirements.yml" in containerfile
    run([*INSTALL, "-r", "requirements.yml", "-p", tmp_path / "installed"], made / "_build", environment)
    installed = tmp_path / "installed" / "ansible_collections" / "winmail" / "exchange"
    assert (installed / "meta" / "execution-environment.yml").is_file()


def test_the_python_requirements_are_found(tarball: Path, tmp_path: Path, environment: Mapping[str, str]) -> None:
    run([*INSTALL, tarball, "-p", tmp_path / "installed"], tmp_path, environment)
    run(["ansible-builder", "introspect", tmp_path / "installed", "--write-pip", "pip.txt"], tmp_path, environment)
    asked = [line for line in (tmp_path / "pip.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
    said = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in said if line and not line.startswith("#")]
    assert [line.partition("#")[0].strip() for line in asked] == wanted
    assert "pywinrm" in wanted[0]
    assert all("winmail.exchange" in line for line in asked)


def test_the_credential_type_fills_variables_of_the_role() -> None:
    loaded = [yaml.safe_load(block) for block in blocks(PAGE, "yaml")]
    inputs = next(block for block in loaded if "fields" in block)
    variables = next(block for block in loaded if "extra_vars" in block)["extra_vars"]
    specs = yaml.safe_load((ROOT / "roles/pop3_prerequisites/meta/argument_specs.yml").read_text(encoding="utf-8"))
    assert variables.keys() <= specs["argument_specs"]["main"]["options"].keys()
    fields = {field["id"]: field for field in inputs["fields"]}
    assert set(variables.values()) == {f"{{{{ {name} }}}}" for name in fields}
    assert [name for name, field in fields.items() if field.get("secret")] == ["password"]
