# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lengths of time as people write them: seconds, or a number with a unit (a pure function)."""

from __future__ import annotations

import re

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"([0-9]{1,9})([smhdw])")
_WHOLE = re.compile(r"\A(?:[0-9]{1,9}[smhdw])+\Z")
LONGEST = 3650 * 86400


def seconds(written: str) -> int:
    """The seconds that ``written`` means: ``3600``, ``90m``, ``24h``, ``7d``, ``1d12h``; any case, blanks allowed.

    Raises InputError for anything else, for nothing and for more than ten years.
    """
    text = "".join(written.split()).lower()
    if re.match(r"\A[0-9]{1,12}\Z", text):
        total = int(text)
    elif _WHOLE.match(text):
        total = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    else:
        raise InputError(f"{written!r} is no length of time. Use seconds (3600) or a number with a unit: 90m, 24h, 7d.")
    if not 0 < total <= LONGEST:
        raise InputError(f"{written!r} is not between one second and ten years.")
    return total
