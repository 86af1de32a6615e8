# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the script of a page searches, each text, account and finding once; hosts name findings by place (pure)."""

from __future__ import annotations

from collections.abc import Iterable

from .model import STATUSES, BaselineFleet, Finding, Member, Rule


class Values:
    """The values of one page; ``lean``: without the reasons of findings whose members say the same."""

    def __init__(self, fleet: BaselineFleet, *, lean: bool = False) -> None:
        self._fleet = fleet
        self._lean = lean
        self._rules: dict[Rule, int] = {}
        self._members: dict[Member, int] = {}
        self._texts: dict[str, int] = {}
        self._findings: dict[Finding, int] = {}
        self._rows: list[list[object]] = []

    def told(self) -> dict[str, object]:
        """The whole of it; page.js has the order of each row."""
        hosts = [[host.host, [self._finding(one) for one in host.findings]] for host in self._fleet.hosts]
        return {
            "statuses": list(STATUSES),
            "rules": [[one.id, one.title, one.right, one.display_name, one.severity] for one in self._rules],
            "members": [[one.label, one.sid if one.name else ""] for one in self._members],
            "texts": list(self._texts),
            "findings": self._rows,
            "hosts": [host for host in hosts if host[1]],
        }

    def _finding(self, one: Finding) -> int:
        place = self._findings.get(one)
        if place is None:
            place = self._findings[one] = len(self._findings)
            plain = self._lean and (one.extra or one.missing)
            self._rows.append(
                [
                    self._rules.setdefault(one.rule, len(self._rules)),
                    STATUSES.index(one.status),
                    self._text("" if plain else one.reason),
                    *(self._all(members) for members in (one.extra, one.missing, one.expected)),
                    0 if _follows(one) else self._all(one.holders),
                    [self._text(f"{by.member.label}: {by.reason}") for by in one.allowed_by],
                    self._text(f"{one.governed}: {one.governed_by}" if one.governed_by else one.governed),
                    self._text(one.waived_until),
                ]
            )
        return place

    def _all(self, members: Iterable[Member]) -> list[int]:
        return [self._members.setdefault(member, len(self._members)) for member in members]

    def _text(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))


def _follows(one: Finding) -> bool:
    """Whether the holders are who is expected, but for extra and missing ones: then they need not be told again."""
    return {*one.holders} == {*one.expected, *one.extra} - {*one.missing}
