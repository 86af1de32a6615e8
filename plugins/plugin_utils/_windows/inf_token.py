# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One holder as a line of [Privilege Rights] spells it, in an export or in a policy: ``*SID`` or a name."""

from __future__ import annotations

from . import sid as sids
from .text import doubtful


def token_sid(token: str) -> str | None:
    """The SID that a token states by itself (``*S-1-5-32-544``), or None for a name, ``&`` form or doubtful text."""
    if token.startswith("*") and sids.is_sid(token[1:]):
        return sids.normal(token[1:])
    return None


def is_name(token: str) -> bool:
    """Whether a token is a whole name: never ``*SID`` or ``&`` forms, never the remains of a lossy read."""
    return not doubtful(token) and not token.startswith(("&", "*"))
