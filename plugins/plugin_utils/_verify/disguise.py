# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes persons, domains and computers out of a text, the same one always in the same way (pure).

SIDs keep what is the same on every Windows: S-1-5-32-544 stays, and of an account of a domain or a computer the number
behind it where that is below 1000. Everything else that is long enough to be somebody's own becomes a number of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SID = re.compile(r"\bS-1-[0-9]+(?:-[0-9]+)+", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
# The two policies that every domain has (Microsoft, "Default Domain Policy", MS-GPOD), the same everywhere.
_DEFAULT_POLICIES = ("31b2f340-016d-11d2-945f-00c04fb984f9", "6ac1786c-016f-11d2-945f-00c04fb984f9")
LEFT_OUT = "(left out)"
_OURS = 4000000000
_OWN_RIDS = 1000
_SHORT = 3


class Disguise:
    """What stands for whom in one file of evidence; ``names`` are those of persons, domains and computers."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted({name.strip() for name in names if name.strip()}, key=lambda name: (-len(name), name))
        self._patterns = [_pattern(name) for name in self._names]
        self._given: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def sid(self, sid: str) -> str:
        """A SID that says as much, and whose it is no longer."""
        parts = sid.upper().split("-")
        if len(parts) < 7:  # S, 1, an authority and up to three numbers: Windows' own, or a logon session
            return "-".join(parts)
        if parts[:4] == ["S", "1", "5", "21"]:
            domain = self._stand_in("domain", "-".join(parts[4:7]))
            prefix = f"S-1-5-21-{_OURS}-{_OURS}-{_OURS + int(domain)}"
            return "-".join([prefix, *(self._rid(domain, rid) for rid in parts[7:])])
        number = self._stand_in("-".join(parts[:4]), "-".join(parts[4:]))
        return "-".join([*parts[:4], *["1"] * (len(parts) - 5), number])

    def _rid(self, domain: str, rid: str) -> str:
        if int(rid) < _OWN_RIDS:
            return rid
        return str(_OWN_RIDS + int(self._stand_in(f"rid of {domain}", rid)))

    def _stand_in(self, kind: str, what: str) -> str:
        key = f"{kind}: {what.lower()}"
        if key not in self._given:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._given[key] = str(self._counts[kind])
        return self._given[key]

    def text(self, text: str) -> str:
        """A text without any of the names, of SIDs and GUIDs that are somebody's; all of it, if it cannot be done."""
        shown = _GUID.sub(self._guid, _SID.sub(lambda found: self.sid(found.group()), text))
        for name, pattern in zip(self._names, self._patterns, strict=True):
            if pattern.search(shown):
                shown = pattern.sub(f"<{self._stand_in('name', name)}>", shown)
        # What was put in may make a name with what stands beside it.
        for instead in (shown, LEFT_OUT, ""):
            if not self._told(instead):
                return instead
        return ""

    def _guid(self, found: re.Match[str]) -> str:
        guid = found.group().lower()
        if guid in _DEFAULT_POLICIES:
            return guid
        return f"00000000-0000-0000-0000-{int(self._stand_in('guid', guid)):012}"

    def _told(self, text: str) -> bool:
        lowered = text.lower()
        return any(
            pattern.search(text) or (len(name) >= _SHORT and name.lower() in lowered)
            for name, pattern in zip(self._names, self._patterns, strict=True)
        )


def _pattern(name: str) -> re.Pattern[str]:
    """A name wherever it stands; one of a letter or two as a word alone, for it is in every other word."""
    escaped = re.escape(name)
    return re.compile(escaped if len(name) >= _SHORT else rf"(?<!\w){escaped}(?!\w)", re.IGNORECASE)
