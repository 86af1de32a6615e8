# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control ids that stand once for each role: the rule of every format."""

from __future__ import annotations

from .model import HOST_ROLES, Control, HostRole


class Seen:
    """The controls of one file so far."""

    def __init__(self) -> None:
        self._ids: set[tuple[str, HostRole]] = set()

    def why_not(self, control: Control) -> str | None:
        """Take a control in; or why it cannot stand there beside the others, as the rest of a sentence about it."""
        for role in HOST_ROLES:
            if role in control.applies_to and (control.id, role) in self._ids:
                return f"stands in the file already, for {role} too. One id may stand there once for each role."
        self._ids.update((control.id, role) for role in control.applies_to)
        return None
