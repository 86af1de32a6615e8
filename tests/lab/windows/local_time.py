# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times as cmd.exe prints them: local, by the language's habit, files to the minute (docs/sources.md S3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from lab.windows.host import Host

_DATE = {"en": "%m/%d/%Y", "de": "%d.%m.%Y", "fr": "%d/%m/%Y", "ru": "%d.%m.%Y", "zh": "%Y/%m/%d"}
_MINUTE = {"en": "%I:%M %p"}
_DECIMAL = {"en": ".", "zh": "."}


def date(host: Host) -> str:
    """``%date%``; English puts the day of the week before it."""
    now, language = host.machine.clock.local(), host.machine.language
    return now.strftime(("%a " if language == "en" else "") + _DATE[language])


def time(host: Host) -> str:
    """``%time%``: 24 hours in every language, a blank before a single digit, hundredths."""
    now = host.machine.clock.local()
    mark = _DECIMAL.get(host.machine.language, ",")
    return f"{now.hour:2}:{now:%M:%S}{mark}{now.microsecond // 10000:02}"


def of_file(host: Host, moment: dt.datetime, gap: str = " ") -> str:
    """When a file was written, as ``dir`` (two blanks between) and ``%~t`` show it."""
    language = host.machine.language
    return host.machine.clock.local(moment).strftime(_DATE[language] + gap + _MINUTE.get(language, "%H:%M"))
