# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the user rights of a host: one command line for the export and all that goes with it, then the names.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import contextlib
import datetime
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import BusyError, ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Holder,
    PolicyReading,
    Resolution,
    RightsQuery,
    RightsReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import template
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import (
    names,
    policy,
    private_database,
    secedit,
    shell,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Computer
    from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.accounts import AccountName
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.accounts import Accounts
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.transport import Transport

# secedit takes a second or two.
BUSY_SECONDS = 2.0


def utc_now() -> datetime.datetime:
    """The controller's clock."""
    return datetime.datetime.now(datetime.timezone.utc)


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
        self._accounts = accounts
        self._computer = computer
        self._asked: dict[str, names.Asked] = {}
        self._local_sids: dict[str, str | None] = {}
        self.left_behind: list[str] = []

    def read(self, query: RightsQuery) -> RightsReading:
        """One whole read, tried twice where secedit may be busy; raises ReadError where it is not proven whole."""
        try:
            return self._read(query)
        except BusyError:
            self._transport.pause(BUSY_SECONDS)
            return self._read(query)

    def _read(self, query: RightsQuery) -> RightsReading:
        now = utc_now()
        local, foreign = self._sorted(query.names)
        chain, files = shell.Chain(), shell.Files.fresh(now)
        secedit.add_read(chain, files, "e")
        policy.add_cache(chain)
        chain.show("stale", f'2>nul dir /b "{shell.TEMP}\\{shell.PREFIX}*"')
        questions = list(dict.fromkeys(foreign.values()))
        rest = names.add_questions(chain, files, questions)
        sections = self.run(secedit.finish(chain, files))
        self._asked.update(names.read_answers(sections, questions))
        parsed = secedit.read_export(sections, "e")
        self._tidy(sections, now, wanted=query.tidy)
        self._ask_secedit([name for name in questions if name in self._asked and not self._asked[name].answered])
        self._ask(rest)
        return RightsReading(
            assignment=self.assignment(parsed, query.pin),
            unreadable=_unreadable(parsed),
            resolved={**local, **self._resolved(foreign)},
            policies=policy.read_cache(sections),
            caller=None,
            taken_at=now,
        )

    def read_back(self, parsed: template.Template, rights: frozenset[str]) -> RightsReading:
        """The reading that an export of a write chain makes: the same holders, nothing asked that is known already."""
        return RightsReading(
            assignment=self.assignment(parsed, rights),
            unreadable=_unreadable(parsed),
            resolved={},
            policies=PolicyReading((), complete=False),
            caller=None,
            taken_at=utc_now(),
        )

    def resolve(self, name: AccountName) -> Resolution:
        """One name → SID by the same ladder as the names of a query."""
        local, foreign = self._sorted([name])
        self._ask(list(foreign.values()))
        return {**local, **self._resolved(foreign)}[name.written]

    def run(self, chain: shell.Chain) -> shell.Sections:
        """Run one chain, prove that it ran to its end, and remember files that could not be removed."""
        sections = chain.read(self._transport.run(chain.line()).stdout)
        left = template.decode(sections.section("left") or b"").split()
        self.left_behind.extend(left)
        return sections

    def _sorted(self, wanted: Sequence[AccountName]) -> tuple[dict[str, Resolution], dict[str, str]]:
        """Answers that need no icacls, and the Windows spelling of the names that do, both by what was written."""
        done: dict[str, Resolution] = {}
        foreign: dict[str, str] = {}
        for name in wanted:
            if name.sid is not None:
                done[name.written] = Resolution(name.sid)
                continue
            computer = self._computer()
            if name.scope == "local" or (name.scope == "qualified" and name.authority.lower() == computer.name.lower()):
                done[name.written] = self._local(name.name)
            else:
                foreign[name.written] = name.for_windows(computer.name)
        return done, foreign

    def _local(self, name: str) -> Resolution:
        computer = self._computer()
        if computer.domain_controller:
            return Resolution(None, (f"{computer.name} is a domain controller and has no local accounts",))
        key = name.lower()
        if key not in self._local_sids:
            self._local_sids[key] = names.local_sid(self._cim, computer.name, name)
        found = self._local_sids[key]
        return Resolution(found, () if found else (f"CIM knows no local user or group {computer.name}\\{name}",))

    def _ask(self, questions: Sequence[str]) -> None:
        """Ask icacls about names that were not asked yet, as many as fit in a line."""
        left = [name for name in dict.fromkeys(questions) if name not in self._asked]
        while left:
            chain, files = shell.Chain(), shell.Files.fresh(utc_now())
            rest = names.add_questions(chain, files, left)
            if len(rest) == len(left):
                break
            self._asked.update(names.read_answers(self.run(secedit.finish(chain, files)), left))
            left = rest
        self._ask_secedit([name for name in questions if name in self._asked and not self._asked[name].answered])

    def _ask_secedit(self, questions: Sequence[str]) -> None:
        """The last rung, for names that icacls could not be asked about: secedit's private database."""
        left = [name for name in dict.fromkeys(questions) if private_database.askable(name)]
        while left:
            now, left = left[: private_database.MOST], left[private_database.MOST :]
            chain, files = shell.Chain(), shell.Files.fresh(utc_now())
            private_database.add_questions(chain, files, now)
            answers = private_database.read_answers(self.run(secedit.finish(chain, files)), now)
            for name, answer in answers.items():
                self._asked[name] = names.Asked(answer.trustee, f"{self._asked[name].why}, {answer.why}")

    def _resolved(self, foreign: Mapping[str, str]) -> dict[str, Resolution]:
        expanded = self._sids_of(foreign.values())
        resolved = {}
        for written, question in foreign.items():
            answer = self._asked.get(
                question, names.Asked(None, "icacls was not asked (the name is too long for a line)")
            )
            found = expanded.get(question)
            why = answer.why
            if answer.trustee and found is None:
                why = f"icacls answered with the alias {answer.trustee}, which the host could not expand"
            resolved[written] = Resolution(found, () if found else (why,))
        return resolved

    def _sids_of(self, questions: Iterable[str]) -> dict[str, str]:
        """SIDs of asked names: an SDDL trustee is a SID already or a two-letter alias that must be expanded."""
        trustees = {}
        for name in questions:
            trustee = self._asked[name].trustee if name in self._asked else None
            if trustee is not None:
                trustees[name] = trustee
        aliases = [trustee for trustee in trustees.values() if not sids.is_sid(trustee)]
        expanded = self._accounts.expand(aliases) if aliases else {}
        found = {
            name: sids.normal(trustee) if sids.is_sid(trustee) else expanded.get(trustee)
            for name, trustee in trustees.items()
        }
        return {name: sid for name, sid in found.items() if sid is not None}

    def assignment(self, parsed: template.Template, pin: frozenset[str] | None) -> dict[str, tuple[Holder, ...]]:
        """Holders by right; names on the lines that ``pin`` lists are pinned to SIDs, ``*SID`` tokens always are."""
        wanted = [
            token
            for right, tokens in parsed.by_constant.items()
            if pin is None or right in pin
            for token in tokens
            if _is_name(token) and (self._is_local(token) or _carried(token))
        ]
        foreign = {token: self._asked_as(token) for token in wanted if not self._is_local(token)}
        self._ask(list(foreign.values()))
        found = self._sids_of(foreign.values())
        pinned: dict[str, str | None] = {token: found.get(question) for token, question in foreign.items()}
        for token in wanted:
            if self._is_local(token):
                pinned[token] = self._local(token.rpartition("\\")[2]).sid
        return {
            right: tuple(Holder(token, template.token_sid(token) or pinned.get(token)) for token in tokens)
            for right, tokens in parsed.by_constant.items()
            if tokens
        }

    def _is_local(self, token: str) -> bool:
        """A bare name in an export is an account of this computer; a domain controller has none of its own."""
        computer = self._computer()
        authority, separator, _name = token.rpartition("\\")
        return not computer.domain_controller and (not separator or authority.lower() == computer.name.lower())

    def _asked_as(self, token: str) -> str:
        """A token as a question: a bare name on a domain controller is one of its domain, and fails without it."""
        computer = self._computer()
        return f"{computer.domain}\\{token}" if computer.domain_controller and "\\" not in token else token

    def _tidy(self, sections: shell.Sections, now: datetime.datetime, *, wanted: bool) -> None:
        """Remove what an interrupted run left more than ten minutes ago."""
        listing = template.decode(sections.section("stale") or b"")
        stems = shell.stale(listing.splitlines(), now) if wanted else []
        if stems:
            chain = shell.Chain()
            for stem in stems[:32]:
                chain.run(shell.Files(stem).remove())
            with contextlib.suppress(ReadError, WindowsError):  # the next run tries again
                self.run(chain)


def _is_name(token: str) -> bool:
    """Whether a token is a whole name: never ``*SID`` or ``&`` forms, never the remains of a lossy read."""
    return not template.doubtful(token) and not token.startswith(("&", "*"))


def _carried(token: str) -> bool:
    """Whether a command line can carry a name; CIM, which is asked for local ones, takes any."""
    return not any(c in token for c in '"%/[]:;|=+<>')


def _unreadable(parsed: template.Template) -> dict[str, str]:
    """A line that is no assignment may belong to any right: then none may be rewritten."""
    if not parsed.stray:
        return {}
    why = f"the export has a line that nobody expects in [Privilege Rights]: {parsed.stray[0][:80]!r}"
    return dict.fromkeys([*RIGHTS, *parsed.by_constant], why)
