# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of a roll-back's files, and what they tell."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode

# The template of the old lines, and what a run of the task writes.
TEMPLATE, WRITTEN = "t.inf", ("log", "sdb", "jfm")
# What stands before these names where the task writes the lines a second time.
AGAIN = "2."


def begun(stem: str, listing: bytes | None) -> bool:
    """Whether a run of the roll-back has begun, by the names of the files that are there."""
    names = {name.lower() for name in decode(listing or b"").split()}
    return any(f"{stem}.{which}{suffix}".lower() in names for which in ("", AGAIN) for suffix in WRITTEN)
