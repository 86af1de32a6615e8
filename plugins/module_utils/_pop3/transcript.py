# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation as the article prints it: `S>` what the server sent, `C>` what we sent, `--` what else happened."""

from __future__ import annotations

from .masking import MASK, Masker

# An answer of many lines is told in part.
MAX_LINES = 200


class Transcript:
    """Collects the lines of a conversation; the password goes through the masker or never comes here."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._lines: list[str] = []

    def server(self, line: bytes) -> str:
        """Note a line of the server and return it as it may be shown."""
        shown = self._masker.text(line)
        self._note(f"S> {shown}")
        return shown

    def client(self, line: bytes) -> None:
        """Note a line that we send."""
        self._note(f"C> {self._masker.text(line)}")

    def secret(self, verb: str) -> None:
        """Note a command whose argument is never shown."""
        self._note(f"C> {verb} {MASK}")

    def event(self, text: str) -> None:
        """Note what happened outside of the lines."""
        self._note(f"-- {self._masker.text(text.encode('utf-8', 'replace'))}")

    def lines(self) -> tuple[str, ...]:
        """Return all lines so far."""
        return tuple(self._lines)

    def _note(self, line: str) -> None:
        if len(self._lines) < MAX_LINES:
            self._lines.append(line)
