# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the user rights of a host: one command line for the export and all that goes with it, then the names.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import BusyError, ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    PolicyReading,
    Resolution,
    RightsQuery,
    RightsReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import (
    inf,
    leftovers,
    lookup_names,
    policy,
    secedit,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.resolving import Resolver
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Computer
    from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.lookup_sids import Accounts
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport

# secedit takes a second or two.
BUSY_SECONDS = 2.0


class RightsReader:
    """Reads rights and resolves names and tokens; leaves nothing on the host."""

    def __init__(
        self,
        transport: Transport,
        cim: Cim,
        accounts: Accounts,
        computer: Callable[[], Computer],
    ) -> None:
        self._transport = transport
        self._cim = cim
        self._resolver = Resolver(self.run, cim, accounts, computer)
        self.left_behind: list[str] = []
        self.seen = b""  # the export of the last read, as it came
        self._answering = ""

    def read(self, query: RightsQuery) -> RightsReading:
        """One whole read, tried twice where secedit may be busy; raises ReadError where it is not proven whole."""
        try:
            return self._read(query)
        except BusyError:
            self._transport.pause(BUSY_SECONDS)
            return self._read(query)

    def _read(self, query: RightsQuery) -> RightsReading:
        now = shell.utc_now()
        local, foreign = self._resolver.sort(query.names)
        chain, files = shell.Chain(), shell.Files.fresh(now)
        secedit.add_read(chain, files, "e")
        policy.add_cache(chain)
        chain.show("stale", f'2>nul dir /b "{shell.TEMP}\\{shell.PREFIX}*"')
        questions = list(dict.fromkeys(question for asked in foreign.values() for question in asked))
        rest = lookup_names.add_questions(chain, files, questions)
        sections = self.run(secedit.finish(chain, files))
        parsed = secedit.read_export(sections, "e")
        self.seen = sections.section("e") or b""
        if query.tidy:
            self._tidy(sections, files)
        self._resolver.learn(sections, questions[: len(questions) - len(rest)])
        self._resolver.ask(rest)
        return RightsReading(
            assignment=self._resolver.assignment(parsed, query.pin),
            unreadable=_unreadable(parsed),
            resolved={**local, **self._resolver.resolved(foreign)},
            policies=policy.read_cache(sections),
            caller=None,
            taken_at=now,
        )

    def read_back(self, parsed: inf.Template, rights: frozenset[str]) -> RightsReading:
        """The reading that an export of a write chain makes: the same holders, nothing asked that is known already."""
        return RightsReading(
            assignment=self._resolver.assignment(parsed, rights),
            unreadable=_unreadable(parsed),
            resolved={},
            policies=PolicyReading((), complete=False),
            caller=None,
            taken_at=shell.utc_now(),
        )

    def resolve(self, name: AccountName) -> Resolution:
        """One name → SID by the same ladder as the names of a query."""
        local, foreign = self._resolver.sort([name])
        self._resolver.ask([question for asked in foreign.values() for question in asked])
        return {**local, **self._resolver.resolved(foreign)}[name.written]

    def run(self, chain: shell.Chain) -> shell.Sections:
        """Run one chain, prove that its answer is whole, and remember files that could not be removed."""
        return self.ask(Answer(chain, shell.Files.fresh(shell.utc_now())))

    def ask(self, answer: Answer) -> shell.Sections:
        """The same for a chain with a file for its answer."""
        self._answering = answer.files.stem
        output = self._transport.run(answer.line(), answer.ended).stdout
        sections, left = answer.read(output)
        self.left_behind.extend([*decode(sections.section("left") or b"").split(), *left])
        return sections

    def _tidy(self, sections: shell.Sections, files: shell.Files) -> None:
        """Remove what an interrupted run left; the host is asked for times only where files of ours are seen."""
        listing = decode(sections.section("stale") or b"")
        found = leftovers.stems(listing.splitlines(), (files.stem, self._answering))
        stems = leftovers.old(self._cim, found) if found else []
        if stems:
            chain = shell.Chain()
            for stem in stems:
                chain.run(shell.Files(stem).remove())
            with contextlib.suppress(ReadError, WindowsError):  # the next run tries again
                self.run(chain)


def _unreadable(parsed: inf.Template) -> dict[str, str]:
    """A line that is no assignment may belong to any right: then none may be rewritten."""
    if not parsed.stray:
        return {}
    why = f"the export has a line that nobody expects in [Privilege Rights]: {parsed.stray[0][:80]!r}"
    return dict.fromkeys([*RIGHTS, *parsed.by_constant], why)
