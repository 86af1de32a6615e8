# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer to one SOAP request, before it becomes an envelope."""

from __future__ import annotations

from dataclasses import dataclass

from lab.winrm.fault import Fault


@dataclass(frozen=True)
class Reply:
    """The action and the XML of the body, or a fault; ``seconds`` is the simulated time that it took."""

    action: str
    body: str
    seconds: float = 0.0
    fault: Fault | None = None

    @classmethod
    def of_fault(cls, fault: Fault, seconds: float = 0.0) -> Reply:
        """A fault that came after ``seconds``; one that comes at once is raised instead."""
        return cls(fault.action, "", seconds, fault)
