# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard against lock-outs: which planned change would cut off whom (a pure function), and the sentence about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Caller, Change, Computer, Plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import display_name
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.defaults import own_holder
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.logons import (
    ALLOWING,
    DENYING,
    Logon,
    by_windows,
    puts,
)

# A person who loses one of these is locked out; who loses batch or service logon is not.
_PERSONS = frozenset({Logon.NETWORK, Logon.LOCAL, Logon.REMOTE_DESKTOP})
# Default holders of logon rights (captures 13, 14): whoever logs on with a password or a ticket is in both.
_EVERYBODY = frozenset({sids.EVERYONE, sids.AUTHENTICATED_USERS})
# Authenticated Users are in both groups unless somebody took them out; the second is of domain controllers.
_PRE_WINDOWS_2000 = "S-1-5-32-554"
_USERS = frozenset({"S-1-5-32-545", _PRE_WINDOWS_2000})
_LOCAL = frozenset({sids.LOCAL_ACCOUNT, sids.LOCAL_ACCOUNT_AND_ADMINISTRATOR})
# Microsoft, "Security identifiers": accounts that Windows itself works under, and the groups of their families.
_WINDOWS_ITSELF = frozenset(
    {
        *(sids.LOCAL_SYSTEM, sids.LOCAL_SERVICE, sids.NETWORK_SERVICE, sids.ALL_SERVICES),
        *("S-1-5-83-0", "S-1-5-90-0", "S-1-5-99-0"),
    }
)
# Relative identifiers of a domain's groups (Microsoft, "Security identifiers"); 513 is "None" on a computer.
_DOMAIN_USERS, _DOMAIN_GUESTS, _DOMAIN_COMPUTERS = "513", "514", "515"
_ADMINS_OF_A_DOMAIN = frozenset({"512", "519"})
_CONTROLLERS = frozenset({"498", "516", "521"})
_ALL_CONTROLLERS = "S-1-5-9"
# A primary group stands in no list of whoami (tests/captures/whoami/24 to 29), and every account has one of these.
_PRIMARY = (_DOMAIN_USERS, _DOMAIN_GUESTS, _DOMAIN_COMPUTERS, "516")

# Nobody who manages a computer logs on as one of these.
_NO_PERSON = frozenset({"S-1-5-7", "S-1-5-9", "S-1-5-17", *sids.SERVICE_ACCOUNTS})

_ADMINISTRATORS = "Administrators (S-1-5-32-544)"
_DOMAIN = "every user of the domain (they log on to this domain controller over the network)"
_OTHER_CONTROLLERS = "the other domain controllers (S-1-5-9)"
_NOT_SAID = "perhaps the connecting account (whoami did not say who that is)"
_GROUPS_NOT_SAID = "perhaps the connecting account (whoami did not say which groups it is in)"


@dataclass(frozen=True)
class Risk:
    """One planned change that would cut somebody off: the right and whom, in words.

    ``loses`` says what no longer works then; ``through`` are the SIDs that deny it to them. ``exact`` says that a list
    lacks them; without it the task names whom to take the right from.
    """

    right: str
    who: str
    loses: str = ""
    through: tuple[str, ...] = ()
    exact: bool = True

    @property
    def denies(self) -> bool:
        """Whether it is the right's being held that harms."""
        return self.right in DENYING

    def sentence(self) -> str:
        """The clause that names the right and the victim."""
        return _clause((self.right,), [self])


def asks_for_caller(plan: Plan) -> bool:
    """Whether the connecting account must be known before this plan may be carried out."""
    for change in plan.deltas:
        if change.right in DENYING and change.added:
            return True
        if ALLOWING.get(change.right) in _PERSONS and change.removed and not _EVERYBODY & set(change.after):
            return True
    return False


def risks(
    plan: Plan, caller: Caller | None, computer: Computer, there: Mapping[str, str] = MappingProxyType({})
) -> tuple[Risk, ...]:
    """Everybody whom the plan would cut off; empty when it is safe.

    ``there`` are the SIDs that the host has a name for, with that name: what was deleted loses nothing.
    """
    found: list[Risk] = []
    for change in plan.deltas:
        if change.right in DENYING:
            found.extend(_newly_denied(change, caller, computer))
        elif not _EVERYBODY & set(change.after):
            lost = (*_no_longer_allowed(change, caller, computer), *_windows_loses(change, computer, there))
            found.extend(replace(risk, exact=change.exact) for risk in lost)
    return tuple(dict.fromkeys(found))


def refusal(found: Sequence[Risk]) -> str:
    """The sentences about risks: each victim once, and the way out that these rights have."""
    rights: dict[tuple[str, str], list[str]] = {}
    for risk in found:
        rights.setdefault((risk.who, risk.loses), []).append(risk.right)
    clauses: dict[tuple[str, ...], list[Risk]] = {}
    for (who, loses), where in rights.items():
        clauses.setdefault(tuple(dict.fromkeys(where)), []).append(Risk("", who, loses))
    told = "; ".join(_clause(where, victims) for where, victims in clauses.items())
    hint = ""
    if any(risk.who in (_NOT_SAID, _GROUPS_NOT_SAID) for risk in found):
        hint = " Let whoami.exe run on the host for this account (AppLocker or WDAC may block it)."
    return f"{told}.{hint} {_way_out(found)}, or write allow_lockout: true if that is what you mean."


def _way_out(found: Sequence[Risk]) -> str:
    """What to write instead: a list keeps them, a removal does not name them, a denial leaves entries out."""
    missing = _rights([risk for risk in found if not risk.denies and risk.exact])
    taken = _rights([risk for risk in found if not risk.denies and not risk.exact])
    denied = _rights([risk for risk in found if risk.denies])
    through = _listed(list(dict.fromkeys(sid for risk in found for sid in risk.through)))
    several = sum(map(bool, (missing, taken, denied))) > 1
    ways = []
    if missing:
        ways.append(f"keep them in the list{f' of {missing}' if several else ''}")
    if taken:
        ways.append(f"do not take {taken if several else 'it'} from them")
    if denied:
        ways.append(f"leave {through} out of the list{f' of {denied}' if several else ''}")
    way = ", ".join(ways)
    return way[0].upper() + way[1:]


def _rights(risks: Sequence[Risk]) -> str:
    return _listed(list(dict.fromkeys(risk.right for risk in risks)))


def _clause(rights: Sequence[str], victims: Sequence[Risk]) -> str:
    named = _listed([f"{right} ({display_name(right)})" for right in rights])
    losses = ", ".join(dict.fromkeys(risk.loses for risk in victims if risk.loses))
    return f"{named} would cut off {_listed([risk.who for risk in victims])}" + (f": {losses}" if losses else "")


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _windows_loses(change: Change, computer: Computer, there: Mapping[str, str]) -> Iterator[Risk]:
    """The identities of Windows that lose a right which they hold by default.

    Of a family (application pools) people make and delete the members, so one is guarded only where it is there and the
    task does not name it.
    """
    for sid in change.removed:
        row = own_holder(change.right, sid)
        if row is None or (row.sid != sid and not (change.exact and sid in there)):
            continue
        if sid == _ALL_CONTROLLERS:
            if computer.domain_controller:
                yield Risk(change.right, _OTHER_CONTROLLERS)
        else:
            name = row.name if row.sid == sid else there[sid]
            yield Risk(change.right, f"{name} ({sid})", row.loses)


def _no_longer_allowed(change: Change, caller: Caller | None, computer: Computer) -> Iterator[Risk]:
    """Persons who lose a logon; ``after`` holds neither Everyone nor Authenticated Users."""
    logon = ALLOWING.get(change.right)
    if logon not in _PERSONS or not change.removed:
        return
    before, after = set(change.before), set(change.after)
    reached = sids.ADMINISTRATORS in before or any(puts(sid, logon) for sid in before)
    if reached and sids.ADMINISTRATORS not in after:
        yield Risk(change.right, _ADMINISTRATORS)
    yield from _caller_loses(change, caller)
    if logon is Logon.NETWORK and computer.domain_controller:
        if before & _EVERYBODY or (before & _USERS and not after & _USERS):
            yield Risk(change.right, _DOMAIN)
        if before & _EVERYBODY and _ALL_CONTROLLERS not in after:
            yield Risk(change.right, _OTHER_CONTROLLERS)


def _caller_loses(change: Change, caller: Caller | None) -> Iterator[Risk]:
    over_the_network = change.right == "SeNetworkLogonRight"
    if caller is None:
        if over_the_network:
            yield Risk(change.right, _NOT_SAID)
    elif not _kept_by(caller) & set(change.after):
        if _tokens(caller) & set(change.before):
            yield Risk(change.right, f"the connecting account ({caller.sid})")
        elif over_the_network and not caller.groups and any(_may_be(sid, caller) for sid in change.removed):
            yield Risk(change.right, _GROUPS_NOT_SAID)


def _newly_denied(change: Change, caller: Caller | None, computer: Computer) -> Iterator[Risk]:
    logon = DENYING[change.right]

    def hit(who: str, through: Iterable[str]) -> Iterator[Risk]:
        culprits = tuple(sid for sid in change.added if sid in set(through))
        if culprits:
            yield Risk(change.right, who, through=culprits)

    general = [sid for sid in change.added if sid in _EVERYBODY or sid == "S-1-5-32-545"]
    typical = [sid for sid in change.added if sid not in general and puts(sid, logon)]
    yield from hit(_ADMINISTRATORS, [*general, sids.ADMINISTRATORS, *_administrators_of(change.added, computer)])
    if logon is Logon.SERVICE:
        yield from hit("all services at their next start", [*general, *typical])
    else:
        yield from hit("everybody who logs on in that way", typical)
    for sid in change.added:
        if sid in _WINDOWS_ITSELF and sid not in typical:
            name = sids.well_known_name(sid) or "an identity of its own"
            yield from hit(f"what Windows runs as {name} ({sid})", [sid])
    if not computer.part_of_domain:
        yield from hit("every administrator of this computer (it is in no domain)", _LOCAL)
    for who, through in _domains_denied(change.added, computer):
        yield from hit(who, through)
    if not typical:
        yield from hit(*_caller_denied(change, caller))


def _administrators_of(added: Sequence[str], computer: Computer) -> list[str]:
    """On a domain controller nobody else is in Administrators by default."""
    return _with_rid(added, _ADMINS_OF_A_DOMAIN) if computer.domain_controller else []


def _domains_denied(added: Sequence[str], computer: Computer) -> Iterator[tuple[str, Sequence[str]]]:
    """Whole domains: nobody can tell from here whose domain a SID belongs to, so each counts as the host's own."""
    yield "every account of that domain or computer (administrators among them)", _with_rid(added, {_DOMAIN_USERS})
    if computer.domain_controller:
        yield "every user of the domain (Authenticated Users are in that group by default)", [_PRE_WINDOWS_2000]
        yield "every computer of the domain", _with_rid(added, {_DOMAIN_COMPUTERS})
        yield _OTHER_CONTROLLERS, [_ALL_CONTROLLERS, *_with_rid(added, _CONTROLLERS)]


def _caller_denied(change: Change, caller: Caller | None) -> tuple[str, Iterable[str]]:
    if caller is not None and _tokens(caller) & set(change.added):
        return f"the connecting account ({caller.sid})", _tokens(caller)
    if DENYING[change.right] not in _PERSONS or (caller is not None and caller.groups):
        return "nobody", ()
    who = _NOT_SAID if caller is None else _GROUPS_NOT_SAID
    return who, [sid for sid in change.added if _may_be(sid, caller)]


def _may_be(sid: str, caller: Caller | None) -> bool:
    """Whether a SID may be the connecting account, or a group with it in it, as far as nothing else is known."""
    kind = sids.kind_of(sid)
    if kind == "user":
        return caller is None
    return kind not in ("computer", "service", "app_pool") and sid not in _NO_PERSON


def _tokens(caller: Caller) -> frozenset[str]:
    """Every SID that counts as the caller's: what whoami lists, and what can be his primary group."""
    return caller.groups | {caller.sid, *_of_his_domain(caller.sid, _PRIMARY)}


def _kept_by(caller: Caller) -> frozenset[str]:
    """The SIDs that keep a right for the caller: his own and those of groups that he is in as a person."""
    groups = {sid for sid in caller.groups if sid in _USERS or not by_windows(sid)}
    return frozenset({caller.sid, *groups, *_of_his_domain(caller.sid, (_DOMAIN_USERS,))})


def _of_his_domain(sid: str, rids: Iterable[str]) -> list[str]:
    return [f"{sid.rpartition('-')[0]}-{rid}" for rid in rids if _in_a_domain(sid)]


def _with_rid(added: Iterable[str], rids: Iterable[str]) -> list[str]:
    return [sid for sid in added if _in_a_domain(sid) and sid.rpartition("-")[2] in rids]


def _in_a_domain(sid: str) -> bool:
    """Whether it is an account or a group of a domain or of a computer: S-1-5-21, three numbers, and its own one."""
    return sid.startswith("S-1-5-21-") and sid.count("-") == 7
