# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Files of ours in ``%windir%\Temp``: which of them an interrupted run left, and removing one without a command line.

How old a file is, its own host says, with one clock for the file and for "now": two controllers whose clocks differ
never take each other's files for old ones. Where the host does not tell both times, nothing is old.
"""

from __future__ import annotations

import contextlib
import datetime
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import (
    PREFIX,
    TEMP,
    Chain,
    Files,
    Sections,
    stem_of,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_text

from .services import escaped, moment

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim

    from .session import Session

# Two runs at once are safe as long as none leaves its files alone for longer than this.
STALE = datetime.timedelta(minutes=10)
_MOST = 32


def add_listing(chain: Chain) -> Chain:
    """Ask in a chain which files of ours are there."""
    return chain.show("stale", f'2>nul dir /b "{TEMP}\\{PREFIX}*"')


def tidy(session: Session, cim: Cim, sections: Sections, own: Iterable[str]) -> None:
    """Remove what an interrupted run left; the host is asked for times only where files of ours are seen."""
    found = stems(decode(sections.section("stale") or b"").splitlines(), own)
    ended = old(cim, found) if found else []
    if ended:
        chain = Chain()
        for stem in ended:
            chain.run(Files(stem).remove())
        with contextlib.suppress(ReadError, WindowsError):  # the next run tries again
            session.run(chain)


def stems(names: Iterable[str], own: Iterable[str]) -> set[str]:
    """The stems of files that look like ours, but for those of this run."""
    found = {stem_of(name) for name in names}
    return {stem for stem in found if stem is not None} - {stem.lower() for stem in own}


def old(cim: Cim, seen: set[str], below: str = "Temp") -> list[str]:
    r"""Those of the stems of which no file was touched for ten minutes, by the host's clock; 32 at most.

    ``below`` is their folder in ``%windir%``.
    """
    try:
        (system,) = cim.query("select LocalDateTime,WindowsDirectory from Win32_OperatingSystem")
        now, folder = moment(as_text(system.get("LocalDateTime"))), as_text(system.get("WindowsDirectory")) or ""
        drive, separator, path = folder.partition(":")
        if now is None or not separator:
            return []
        rows = cim.query(
            f"select Name,LastModified from CIM_DataFile where Drive='{escaped(drive)}:' "
            f"and Path='{escaped(path)}\\\\{below}\\\\' and FileName like '{PREFIX}%'"
        )
    except (WindowsError, ReadError, ValueError):
        return []  # the next run tries again
    newest: dict[str, datetime.datetime | None] = {}
    for row in rows:
        stem = stem_of((as_text(row.get("Name")) or "").rpartition("\\")[2])
        touched = moment(as_text(row.get("LastModified")))
        if stem in seen:
            before = newest.get(stem, touched)
            newest[stem] = None if before is None or touched is None else max(before, touched)
    return sorted(stem for stem, touched in newest.items() if touched is not None and now - touched > STALE)[:_MOST]


def remove_file(cim: Cim, path: str) -> bool:
    """Remove one file by its full path; False where it may still be there (CIM_DataFile.Delete, Vista and newer)."""
    try:
        return as_text(cim.invoke("CIM_DataFile", "Delete", {}, {"Name": path}).get("ReturnValue")) == "0"
    except (WindowsError, ReadError):
        return False
