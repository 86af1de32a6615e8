# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Accounts that Windows makes from names: services, restricted services, application pools, machines, sessions.

NT SERVICE, RESTRICTED SERVICES and IIS APPPOOL: docs/sources.md S1. Window Manager\DWM-N and Font Driver Host\UMFD-N
are the accounts of session N, S-1-5-90-0-N and S-1-5-96-0-N: public listings of logon sessions [C].
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.state import sids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# A service of every Windows since Vista that holds a right by default (captures 05, 13 to 16, 19): it has a name there,
# whichever services a scenario lists.
ALWAYS = ("WdiServiceHost",)
RESTRICTED = ("PrintSpoolerService",)  # the one whose SID captures show (05)
_SESSIONS = (("Window Manager", "DWM-", "S-1-5-90-0-"), ("Font Driver Host", "UMFD-", "S-1-5-96-0-"))


@dataclass
class VirtualAccounts:
    """What one computer has of them; a name that is not in a list has no account yet."""

    services: Callable[[], Iterable[str]] = tuple
    app_pools: list[str] = field(default_factory=list)
    virtual_machines: list[str] = field(default_factory=list)
    restricted: tuple[str, ...] = RESTRICTED

    def _known(self) -> Iterator[tuple[str, str, str]]:
        for service in (*self.services(), *ALWAYS):
            yield "NT SERVICE", service, sids.service_sid(service)
        for service in self.restricted:
            yield "RESTRICTED SERVICES", service, sids.restricted_service_sid(service)
        for pool in self.app_pools:
            yield "IIS APPPOOL", pool, sids.app_pool_sid(pool)
        for guid in self.virtual_machines:
            yield "NT VIRTUAL MACHINE", guid.strip("{}").upper(), sids.virtual_machine_sid(guid)

    def by_name(self, domain: str, name: str) -> tuple[str, str, str] | None:
        """(domain, name, SID) of a qualified name in any case."""
        wanted = (domain.casefold(), name.strip("{}").casefold())
        for authority, start, prefix in _SESSIONS:
            number = name.casefold().removeprefix(start.casefold())
            if domain.casefold() == authority.casefold() and number.isdigit() and number != name.casefold():
                return authority, start + number, prefix + number
        return next((row for row in self._known() if (row[0].casefold(), row[1].casefold()) == wanted), None)

    def by_sid(self, sid: str) -> tuple[str, str, str] | None:
        """(domain, name, SID) of a SID."""
        for authority, start, prefix in _SESSIONS:
            if re.fullmatch(re.escape(prefix) + r"[0-9]+", sid):
                return authority, start + sid.removeprefix(prefix), sid
        return next((row for row in self._known() if row[2] == sid), None)
