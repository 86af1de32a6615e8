# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cmd.exe that runs nothing, as one that a policy forbids, is known in any language."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.forbidden import refusal
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Chain

ENGLISH = "The command prompt has been disabled by your administrator.\r\n\r\nPress any key to continue . . . "
GERMAN = (
    "Die Eingabeaufforderung ist durch den Administrator deaktiviert worden.\r\n\r\nDrücken Sie eine beliebige Taste"
)


@pytest.mark.parametrize("said", [ENGLISH, GERMAN, "The command line is too long.\r\n"])
def test_what_it_printed_is_told_with_the_policy_to_look_at(said: str) -> None:
    with pytest.raises(ReadError) as refused:
        Chain("0badcafe").read(said.encode())
    sentence = str(refused.value)
    assert f"cmd.exe printed instead: {' '.join(said.split()).rstrip('.')}." in sentence
    assert "If that says that the command prompt is disabled" in sentence
    assert "DisableCMD" in sentence


@pytest.mark.parametrize(
    "output",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\r\n", id="a line end"),
        pytest.param(b"@@0badcafe:start\r\nSeTcb", id="cut later"),
        pytest.param(b"Active code page: 65001\r\n@@0badcafe:start\r\n", id="what AutoRun printed before it"),
        pytest.param(b"@@0badca", id="cut in its first marker"),
    ],
)
def test_a_chain_that_began_is_not_forbidden(output: bytes) -> None:
    assert refusal(output) is None
    with pytest.raises(ReadError, match="did not run to its end"):
        Chain("0badcafe").read(output)


def test_a_long_text_is_cut() -> None:
    assert len(refusal(b"x" * 100_000) or "") < 700
