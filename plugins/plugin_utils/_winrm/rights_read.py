# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the user rights of a host: one command line for the export and all that goes with it, then the names."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import BusyError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    PolicyReading,
    RightsQuery,
    RightsReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer

from . import inf, leftovers, lookup_names, policy, rollback_left, secedit, whoami
from .tasks import tasks_of

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim

    from .resolving import Resolver
    from .session import Session

# secedit takes a second or two.
BUSY_SECONDS = 2.0


class RightsReader:
    """Reads rights and pins their holders; leaves nothing on the host."""

    def __init__(self, session: Session, cim: Cim, resolver: Resolver) -> None:
        self._session = session
        self._cim = cim
        self._resolver = resolver
        self.seen = b""  # the export of the last read, as it came

    def read(self, query: RightsQuery) -> RightsReading:
        """One whole read, tried twice where secedit may be busy; raises ReadError where it is not proven whole."""
        try:
            return self._read(query)
        except BusyError:
            self._session.transport.pause(BUSY_SECONDS)
            return self._read(query)

    def _read(self, query: RightsQuery) -> RightsReading:
        now = shell.utc_now()
        local, foreign = self._resolver.sort(query.names)
        chain, files = shell.Chain(), shell.Files.fresh(now)
        secedit.add_read(chain, files, "e")
        policy.add_cache(chain)
        leftovers.add_listing(chain)
        if query.tidy:
            rollback_left.add_listing(chain)
        if query.caller:
            whoami.add_questions(chain)
        questions = list(dict.fromkeys(question for asked in foreign.values() for question in asked))
        rest = lookup_names.add_questions(chain, files, questions)
        answer = Answer(secedit.finish(chain, files), shell.Files.fresh(now))
        sections = self._session.ask(answer)
        parsed = secedit.read_export(sections, "e")
        self.seen = sections.section("e") or b""
        left = rollback_left.Left()
        if query.tidy:
            left = rollback_left.tidy(self._session, self._cim, tasks_of(self._session, self._cim), sections)
            leftovers.tidy(self._session, self._cim, sections, (files.stem, answer.files.stem))
        self._resolver.learn(sections, questions[: len(questions) - len(rest)])
        self._resolver.ask(rest)
        return RightsReading(
            assignment=self._resolver.assignment(parsed, query.pin),
            unreadable=_unreadable(parsed),
            resolved={**local, **self._resolver.resolved(foreign)},
            policies=policy.read_cache(sections),
            caller=whoami.read(sections) if query.caller else None,
            taken_at=now,
            remains=left.remains,
            waiting=left.waiting,
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


def _unreadable(parsed: inf.Template) -> dict[str, str]:
    """A line that is no assignment may belong to any right: then none may be rewritten."""
    if not parsed.stray:
        return {}
    why = f"the export has a line that nobody expects in [Privilege Rights]: {parsed.stray[0][:80]!r}"
    return dict.fromkeys([*RIGHTS, *parsed.by_constant], why)
