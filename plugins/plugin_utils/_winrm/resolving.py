# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From names to SIDs on one host: the names of a task by one lookup after another, and the names in an export's lines.

An export prints some holders as bare names (tests/captures: 05 a local user, 13 users and groups of the domain on its
controller, 15 application pools on Server 2008 R2). A line is rewritten only where each of its names has one SID.
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Holder, Resolution
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import account_name as spelled
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import is_name, token_sid
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell

from . import inf, lookup_names, private_database, secedit

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Computer
    from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim

    from .lookup_sids import Accounts
    from .session import Session

_NOT_ASKED = lookup_names.Asked(None, "icacls was not asked (the name is too long for a line)")


class Resolver:
    """Resolves names by one host and keeps what it learned for the rest of the task."""

    def __init__(
        self,
        session: Session,
        cim: Cim,
        accounts: Accounts,
        computer: Callable[[], Computer],
    ) -> None:
        self._session = session
        self._cim = cim
        self._accounts = accounts
        self._computer = computer
        self._asked: dict[str, lookup_names.Asked] = {}
        self._local_sids: dict[str, str | None] = {}
        self._meant: dict[str, str] = {}

    def sort(self, wanted: Sequence[AccountName]) -> tuple[dict[str, Resolution], dict[str, tuple[str, ...]]]:
        """Answers that need no icacls, and what to ask it about the other names; both by what was written."""
        done: dict[str, Resolution] = {}
        foreign: dict[str, tuple[str, ...]] = {}
        for name in wanted:
            if not name.needs_host:
                done[name.written] = Resolution(name.sid)
                continue
            computer = self._computer()
            if name.scope == "local" or (name.scope == "qualified" and name.authority.lower() == computer.name.lower()):
                done[name.written] = self._local(name.name)
                continue
            foreign[name.written] = (name.for_windows(computer.name),)
            if computer.domain_controller and name.scope in ("bare", "word"):
                # There a plain name of the domain is not found without its domain (docs/sources.md S1).
                foreign[name.written] += (self._asked_as(name.name),)
            if name.sid is not None:
                self._meant[name.written] = name.sid
        return done, foreign

    def resolve(self, name: AccountName) -> Resolution:
        """One name → SID by the same lookups as many."""
        local, foreign = self.sort([name])
        self.ask([question for asked in foreign.values() for question in asked])
        return {**local, **self.resolved(foreign)}[name.written]

    def learn(self, sections: shell.Sections, questions: Sequence[str]) -> None:
        """Take the answers of a chain that asked icacls; what it could not be asked goes to the next lookup."""
        self._asked.update(lookup_names.read_answers(sections, questions))
        self._ask_secedit([name for name in questions if name in self._asked and not self._asked[name].answered])

    def ask(self, questions: Sequence[str]) -> None:
        """Ask icacls about names that were not asked yet, as many as fit in a line."""
        left = [name for name in dict.fromkeys(questions) if name not in self._asked]
        while left:
            chain, files = shell.Chain(), shell.Files.fresh(shell.utc_now())
            rest = lookup_names.add_questions(chain, files, left)
            if len(rest) == len(left):
                break
            self.learn(self._session.run(secedit.finish(chain, files)), left[: len(left) - len(rest)])
            left = rest

    def _ask_secedit(self, questions: Sequence[str]) -> None:
        """The last fallback, for names that icacls could not be asked about: secedit's private database."""
        left = [name for name in dict.fromkeys(questions) if private_database.askable(name)]
        while left:
            now, left = left[: private_database.MOST], left[private_database.MOST :]
            chain, files = shell.Chain(), shell.Files.fresh(shell.utc_now())
            private_database.add_questions(chain, files, now)
            answers = private_database.read_answers(self._session.run(secedit.finish(chain, files)), now)
            for name, answer in answers.items():
                why = f"{self._asked[name].why}, {answer.why}"
                self._asked[name] = lookup_names.Asked(answer.trustee, why, absent=answer.absent)

    def resolved(self, foreign: Mapping[str, Sequence[str]]) -> dict[str, Resolution]:
        """What became of each name: its SID by the first question that has one, or why there is none."""
        expanded = self._sids_of(question for questions in foreign.values() for question in questions)
        found = {}
        for written, questions in foreign.items():
            sid = next((expanded[question] for question in questions if question in expanded), None)
            if sid is None and all(self._asked.get(question, _NOT_ASKED).absent for question in questions):
                # LookupAccountName: well-known names first, then accounts of the computer and of its domain. This host
                # knows none of them by this name, so its language has another word for the well-known one.
                sid = self._meant.get(written)
            found[written] = Resolution(sid, () if sid else (*map(self._why, questions), *self._meaning(written)))
        return found

    def _meaning(self, written: str) -> tuple[str, ...]:
        """What to write for Windows' own account of this name, which needs no host."""
        sid = self._meant.get(written)
        return (f"Windows' own is {sids.well_known_name(sid)}, which is never asked of a domain",) if sid else ()

    def _why(self, question: str) -> str:
        answer = self._asked.get(question, _NOT_ASKED)
        if answer.trustee:
            return f"icacls answered with the alias {answer.trustee}, which the host could not expand"
        return answer.why

    def assignment(self, parsed: inf.Template, pin: frozenset[str] | None) -> dict[str, tuple[Holder, ...]]:
        """Holders by right; names on the lines that ``pin`` lists are pinned to SIDs, ``*SID`` tokens always are."""
        lines = {right: tokens for right, tokens in parsed.by_constant.items() if pin is None or right in pin}
        wanted = [token for tokens in lines.values() for token in tokens if is_name(token)]
        pinned = self._pinned(
            list(dict.fromkeys(wanted)), {sid for tokens in lines.values() for sid in _stated(tokens)}
        )
        return {
            right: tuple(Holder(token, token_sid(token) or pinned.get(token)) for token in tokens)
            for right, tokens in parsed.by_constant.items()
            if tokens
        }

    def _pinned(self, tokens: Sequence[str], beside: set[str]) -> dict[str, str | None]:
        """One SID for each name in the lines; ``beside`` are the SIDs of these lines, all of which will need names."""
        pinned: dict[str, str | None] = {token: _computed(token) for token in tokens}
        local = [token for token in tokens if pinned[token] is None and self._is_local(token)]
        others = [token for token in tokens if pinned[token] is None and token not in local and _carried(token)]
        foreign = {token: self._asked_as(token) for token in others}
        self.ask(list(foreign.values()))
        found = self._sids_of(foreign.values())
        pinned.update({token: found.get(question) for token, question in foreign.items()})
        pinned.update({token: self._local(token.rpartition("\\")[2]).sid for token in local})
        unknown = {token for token, question in foreign.items() if self._asked.get(question, _NOT_ASKED).absent}
        beside = beside | {sid for sid in pinned.values() if sid is not None}
        for token, pool in self._pools([token for token in tokens if "\\" not in token], beside).items():
            if pinned[token] is not None:
                pinned[token] = None  # an account and a pool of one name: the line does not say which is meant
            elif token in unknown or token in local:
                pinned[token] = pool
        return pinned

    def _pools(self, tokens: Sequence[str], beside: set[str]) -> dict[str, str]:
        """The bare names that the host itself gives to an application pool: its SID is computed and named back."""
        if not tokens:
            return {}
        computed = {token: sids.app_pool_sid(token) for token in tokens}
        accounts = self._accounts.named([*computed.values(), *sorted(beside)])
        named = {token: (accounts[sid].name or "").rpartition("\\")[2] for token, sid in computed.items()}
        return {token: computed[token] for token, name in named.items() if name.lower() == token.lower()}

    def _local(self, name: str) -> Resolution:
        computer = self._computer()
        if computer.domain_controller:
            return Resolution(None, (f"{computer.name} is a domain controller and has no local accounts",))
        key = name.lower()
        if key not in self._local_sids:
            self._local_sids[key] = lookup_names.local_sid(self._cim, computer.name, name)
        found = self._local_sids[key]
        return Resolution(found, () if found else (f"CIM knows no local user or group {computer.name}\\{name}",))

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

    def _is_local(self, token: str) -> bool:
        """A bare name in an export is an account of this computer; a domain controller has none of its own."""
        computer = self._computer()
        authority, separator, dummy = token.rpartition("\\")
        return not computer.domain_controller and (not separator or authority.lower() == computer.name.lower())

    def _asked_as(self, token: str) -> str:
        """A token as a question: a bare name on a domain controller is one of its domain, and fails without it."""
        computer = self._computer()
        return f"{computer.domain}\\{token}" if computer.domain_controller and "\\" not in token else token


def _stated(tokens: Iterable[str]) -> list[str]:
    return [sid for sid in map(token_sid, tokens) if sid is not None]


def _carried(token: str) -> bool:
    """Whether a command line can carry a name; CIM, which is asked for local ones, takes any."""
    return not any(c in token for c in '"%/[]:;|=+<>')


def _computed(token: str) -> str | None:
    r"""The SID of a token in a name space whose SIDs are computed, such as ``NT SERVICE\x``."""
    authority, separator, dummy = token.partition("\\")
    if not separator or authority.upper() not in sids.COMPUTED:
        return None
    try:
        found = spelled.parse(token)
    except InputError:
        return None
    return None if found.needs_host else found.sid
