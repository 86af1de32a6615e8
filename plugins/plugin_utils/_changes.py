# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task has asked its host to change, and the one place that says what became of it when the task fails."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError


class Changes:
    """Counts the changes that were asked for: whoever asks says so before, and after where nothing came of it."""

    def __init__(self) -> None:
        self._open = 0

    def asked(self) -> None:
        """A request that changes the host is about to be sent; whether it arrives and what it does is unknown."""
        self._open += 1

    def undone(self) -> None:
        """The last request did nothing, as was read back from the host since."""
        self._open -= 1

    def sentence(self, exc: WinmailError) -> str:
        """What became of the task that ``exc`` ended; empty where the error itself was made to tell it."""
        if not self._open:
            return "Nothing was changed."
        return "" if exc.tells else "Whether the change took is unknown; the next run of the task reads first."
