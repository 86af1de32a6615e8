# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task's command lines on one host: run a chain, prove its end, keep in mind which files of ours stayed there.

Whatever runs a command goes through here.
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport


class Session:
    """Runs chains over one transport, which is there for whoever waits, reconnects or tells of changes."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._left_behind: list[str] = []

    def run(self, chain: shell.Chain) -> shell.Sections:
        """Run one chain, prove that its answer is whole, and remember files that could not be removed."""
        return self.ask(Answer(chain, shell.Files.fresh(shell.utc_now())))

    def ask(self, answer: Answer) -> shell.Sections:
        """The same for a chain with a file for its answer."""
        output = self.transport.run(answer.line(), answer.ended).stdout
        sections, left = answer.read(output)
        self._left_behind.extend([*decode(sections.section("left") or b"").split(), *left])
        return sections

    def remove(self, *stems: shell.Files) -> None:
        """Remove files of this task and remember what may be left; cleaning up never hides the first error."""
        chain = shell.Chain()
        for files in stems:
            chain.run(files.remove())
        chain.show("left", "2>nul dir /b " + " ".join(f'"{files.path("*")}"' for files in stems))
        try:
            self.run(chain)
        except WinmailError:
            self._left_behind.extend(files.stem for files in stems)

    def left_behind(self) -> tuple[str, ...]:
        """Files of this task that could not be removed, or of which nobody knows it."""
        return tuple(self._left_behind)
