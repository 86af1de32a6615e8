# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which connections are taken, and what is said of the others."""

from __future__ import annotations

import types

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._back_end import link_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
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
        link_of(types.SimpleNamespace(transport=name))
    for words in (repr(name), "ansible.builtin.winrm", "ansible.builtin.psrp"):
        assert words in str(refused.value)
