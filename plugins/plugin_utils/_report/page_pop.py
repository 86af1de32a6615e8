# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a fleet that the POP3 role looked at: a table, the worst first, and why, each sentence once (pure)."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

from . import count, screen
from .markup import Section, badge, joined, some, table, tag, time
from .model import WORST_FIRST, PopFleet, PopHost
from .page import Head, page
from .page_baseline import drift_section, named_host, search_form

_NAMES, _MOST_NAMES = 6, 300
# What users of a host can do, in the words of its headline.
CALLED = {"compliant": "can log on", "not_compliant": "cannot log on"}
_HEAD = ("Host", "Users", "Generation", "Account, right", "Before", "Action", "After", "What is left to do")


def pop_page(fleet: PopFleet, drift: Mapping[str, t.Any] | None, notes: Iterable[str] = ()) -> str:
    """The whole page; ``notes`` say why an earlier report was passed over."""
    hosts = sorted(fleet.hosts, key=lambda host: WORST_FIRST.index(host.standing))
    head = Head(
        fleet.title or "POP3 on Exchange",
        screen.pop_headline(fleet),
        f"Written {time(fleet.written_at)}.",
        count.standings(fleet.hosts),
        CALLED,
    )
    return page(head, [_why(hosts), _hosts(hosts), drift_section(drift, notes, CALLED)], {})


def _why(hosts: list[PopHost]) -> Section:
    found = count.sentences(
        (host.host, host.failure or host.advice) for host in hosts if host.standing != "compliant" or host.failure
    )
    rows = [[text, len(names), some(names, _NAMES, _MOST_NAMES)] for text, names in found]
    body = table("why-table", "What is left to do", ("What", "Hosts", "Where"), rows) if rows else tag("p", "Nothing.")
    return Section("why", "What is left to do", body, "" if rows else "Users can log on everywhere.")


def _hosts(hosts: list[PopHost]) -> Section:
    rows = [
        [
            named_host(host),
            badge(host.standing, CALLED.get(host.standing, "")),
            host.generation,
            joined([host.account, tag("code", host.right) if host.right else ""]),
            host.verdict_before,
            f"{host.action} (predicted)" if host.check_mode and host.changed else host.action,
            host.verdict_after,
            host.failure or (host.advice if host.standing != "compliant" else ""),
        ]
        for host in hosts
    ]
    form = search_form("hosts-table", "Search hosts", WORST_FIRST, CALLED)
    body = table("hosts-table", "All hosts, the worst first", _HEAD, rows, "pop")
    return Section("hosts", "All hosts", joined([form, body]))
