# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventories of README and of the guides: each variable is one that Ansible knows, and none is refused by us."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
import winrm
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._back_end import link_of
from ansible_collections.winmail.exchange.tests.support.harness import connection_of, declared
from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, text

PAGES = ("README.md", *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md")))
VARIABLE = re.compile(r"\bansible_(winrm|psrp)_([a-z_]+[a-z])\b")
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def known(connection: str) -> set[str]:
    """The variables that a connection takes; winrm hands those that it does not know itself to pywinrm."""
    names = declared(connection_of(f"ansible.builtin.{connection}", {}))
    if connection == "winrm":
        names |= {f"ansible_winrm_{name}" for name in inspect.signature(winrm.Protocol.__init__).parameters}
    return names


def inventories() -> Iterator[Any]:
    """The variables of each group that a page shows."""
    for page in PAGES:
        for number, block in enumerate(BLOCK.findall(text(page)), start=1):
            if "ansible_connection:" in block:
                (group,) = yaml.safe_load(block).values()
                yield pytest.param(group["vars"], id=f"{page}-{number}")


INVENTORIES = list(inventories())


@pytest.mark.parametrize("connection", ["winrm", "psrp"])
def test_every_variable_that_a_page_names_is_one_of_the_connection(connection: str) -> None:
    named = {match.group() for page in PAGES for match in VARIABLE.finditer(text(page)) if match[1] == connection}
    assert len(named) > 5
    assert sorted(named - known(connection)) == []


def test_the_inventories_are_found() -> None:
    assert len(INVENTORIES) >= 6


@pytest.mark.parametrize("variables", INVENTORIES)
def test_an_inventory_that_a_page_shows_sends_no_password_in_the_clear(variables: dict[str, Any]) -> None:
    connection = connection_of(variables["ansible_connection"], {"ansible_host": "mail1", **variables})
    logon = link_of(connection).logon()
    logon.refuse_clear_text()
    assert logon.user
    assert logon.encryption != "never"
    assert logon.binding
