# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which connections are taken, and what is said of the others."""

from __future__ import annotations

import types

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._back_end import is_ours, link_of, reach
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.host import WinrmHost
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link_psrp import PsrpLink
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link_winrm import WinrmLink


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("winrm", WinrmLink),
        ("ansible.builtin.winrm", WinrmLink),
        ("psrp", PsrpLink),
        ("ansible.builtin.psrp", PsrpLink),
    ],
)
def test_both_connections_that_speak_ws_management_are_taken(name: str, kind: type) -> None:
    assert isinstance(link_of(types.SimpleNamespace(transport=name)), kind)


@pytest.mark.parametrize("name", ["ssh", "local", "smart", "community.general.winrm", "microsoft.ad.psrp"])
def test_the_others_are_refused_and_both_are_named(name: str) -> None:
    with pytest.raises(InputError) as refused:
        reach(types.SimpleNamespace(transport=name))
    for words in (repr(name), "ansible.builtin.winrm", "ansible.builtin.psrp"):
        assert words in str(refused.value)


def test_a_host_is_chosen_before_anything_is_sent() -> None:
    found = reach(types.SimpleNamespace(transport="winrm"))
    assert isinstance(found.host, WinrmHost)
    assert found.host.left_behind() == ()
    assert found.line.changes.sentence(InputError("x")) == "Nothing was changed."


def test_a_connection_of_a_delegate_is_told_as_the_delegates() -> None:
    with pytest.raises(InputError, match="of fs1, which it delegates to") as refused:
        reach(types.SimpleNamespace(transport="ssh"), "fs1")
    assert "for fs1, or leave delegate_to out." in str(refused.value)


def test_only_names_that_a_back_end_gives_are_its_own() -> None:
    assert is_ours("winmail-20261124T090000Z-0a1b2c3d4e5f.inf")
    assert not is_ours("\x1b[2Jwinmail-.inf")
