# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would cure the fault, decided from what was read, with the reason in one sentence (pure)."""

from __future__ import annotations

import datetime
import typing as t
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import effective as hold
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import (
    GOVERNING,
    Governed,
    gpttmpl_line,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import display_name

from .hosting import SERVICE_LOGON, TCB
from .options import Privilege

Action = t.Literal["governed", "grant", "unknown", "restart", "none", "not_applicable"]
GOVERNED: t.Final = "governed"
GRANT: t.Final = "grant"
RESTART: t.Final = "restart"
NONE: t.Final = "none"
UNKNOWN: t.Final = "unknown"
NOT_APPLICABLE: t.Final = "not_applicable"
# When several accounts or rights end differently, the first of these that occurs is what to do next.
_ORDER: tuple[Action, ...] = (GOVERNED, GRANT, UNKNOWN, RESTART, NONE, NOT_APPLICABLE)


@dataclass(frozen=True)
class Case:
    """One right of one account for one service, with all the evidence about it.

    ``governed`` is None where the rights could not be read. ``account`` is what people read (name or SID), ``running``
    whether the service runs under it now, ``started_at`` since when (UTC; None: not known), ``failure_at`` the newest
    event that says a privilege is not held, ``probe`` what the POP3 probe said of the privilege: held, missing or
    unknown. ``five`` marks the Information Store of Exchange 5.x, ``through`` groups that may give the right;
    ``owner_seen`` is False where only the configuration says under which account the service runs.
    """

    holding: hold.Holding
    governed: Governed | None
    account: str
    sid: str | None
    service: str
    running: bool
    started_at: datetime.datetime | None
    failure_at: datetime.datetime | None = None
    probe: Privilege = "unknown"
    five: bool = False
    through: tuple[str, ...] = ()
    owner_seen: bool = True


@dataclass(frozen=True)
class Recommendation:
    """What to do next: action, one sentence, and the rights, accounts (SIDs) and services that it concerns.

    ``gpo_lines`` are the lines for [Privilege Rights] of the policy's GptTmpl.inf (action governed only).
    """

    action: Action
    reason: str
    rights: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    gpo_lines: tuple[str, ...] = ()


def action_of(case: Case) -> Action:
    """The action for one case; the decision table of the docs, line by line."""
    held = case.holding.held
    if case.sid in sids.SERVICE_ACCOUNTS:
        return NOT_APPLICABLE
    if case.sid is None:
        return UNKNOWN
    if _policy_withholds(case):
        return GOVERNED
    # Where the policy itself gives a right that is not there yet, a refresh brings it and a grant is not needed.
    grant: Action = GRANT if not _governed_by(case) else GOVERNED
    if held == hold.MISSING:
        return grant
    fails = lacks_now(case)
    if held == hold.UNKNOWN:
        # Only doubt about groups is settled by a failure; what could not be read stays unknown.
        return grant if fails and case.holding.may_via else _unseen(case)
    if fails is None:
        return UNKNOWN
    return RESTART if fails else NONE


def lacks_now(case: Case) -> bool | None:
    """Whether the running process was seen to lack the privilege: by the probe, or by an event after its start.

    None: an event says so, but not whether of this process. A service that does not run lacks nothing now.
    """
    if case.holding.right != TCB or not case.running or case.probe == "held":
        return False
    if case.probe == "missing":
        return True
    if case.failure_at is None:
        return False
    return None if case.started_at is None else case.failure_at >= case.started_at


def _unseen(case: Case) -> Action:
    """The action where nobody can see whether the account holds the right: what works, holds it."""
    if case.holding.right == TCB and case.probe == "held":
        return NONE
    return NONE if case.holding.right == SERVICE_LOGON and case.running and case.owner_seen else UNKNOWN


def _policy(case: Case) -> Governed | None:
    """The Group Policy that sets the right, where one was seen."""
    return case.governed if case.governed is not None and case.governed.status == "gpo" else None


def _governed_by(case: Case) -> bool:
    """Whether something that applies its settings again and again sets the right."""
    return case.governed is not None and case.governed.status in GOVERNING


def _policy_withholds(case: Case) -> bool:
    """Whether a Group Policy sets the right and its list leaves the account out, as far as can be seen."""
    policy = _policy(case)
    if policy is None:
        return False
    listed = {token.removeprefix("*").upper() for token in policy.tokens}
    if listed & {str(case.sid), case.account.upper(), *case.holding.via}:
        return False
    # Somebody in the policy's list may be a group of the account: only the service's own failure settles that.
    return case.holding.held != hold.UNKNOWN or not policy.tokens or bool(lacks_now(case))


def decide(cases: Sequence[Case]) -> Recommendation:
    """One recommendation for all ``cases`` (at least one): the most pressing action, and whom it concerns."""
    actions = [action_of(case) for case in cases]
    action = min(actions, key=_ORDER.index)
    chosen = [case for case, one in zip(cases, actions, strict=True) if one == action]
    lines = _gpo_lines(chosen) if action == GOVERNED else ()
    return Recommendation(
        action,
        _REASONS[action](chosen) + ".",
        _unique(case.holding.right for case in chosen),
        _unique(case.sid for case in chosen if case.sid),
        _unique(case.service for case in chosen),
        lines,
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _gpo_lines(cases: Sequence[Case]) -> tuple[str, ...]:
    added: dict[str, list[str]] = {}
    tokens: dict[str, tuple[str, ...]] = {}
    for case in cases:
        policy = _policy(case)
        if policy is None:
            continue
        tokens[case.holding.right] = policy.tokens
        added.setdefault(case.holding.right, []).append(str(case.sid))
    return tuple(gpttmpl_line(right, tokens[right], sids) for right, sids in added.items())


def _rights(cases: Sequence[Case]) -> str:
    names = _unique(case.holding.right for case in cases)
    return " and ".join(f"{name} ({display_name(name)})" for name in names)


def _accounts(cases: Sequence[Case]) -> str:
    return " and ".join(_unique(case.account for case in cases))


def _agree(cases: Sequence[Case], one: str, several: str) -> str:
    """The verb's form for the accounts of ``cases``."""
    return one if len(_unique(case.account for case in cases)) == 1 else several


def _holds(cases: Sequence[Case]) -> str:
    return f"{_accounts(cases)} {_agree(cases, 'holds', 'hold')} {_rights(cases)}"


def _services(cases: Sequence[Case]) -> str:
    return " and ".join(_unique(case.service for case in cases))


def _when(moment: datetime.datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment is not None else "an unknown time"


def _cache(cases: Sequence[Case]) -> str:
    """Q166620: the Information Store of 5.x remembers a logon for 120 minutes, 15 without use."""
    if not any(case.five for case in cases):
        return ""
    return "; a logon that Exchange still remembers can hide fault and cure for 15 to 120 minutes (Q166620)"


def _grant(cases: Sequence[Case]) -> str:
    case = cases[0]
    who, rights = _accounts(cases), _rights(cases)
    if case.holding.held == hold.MISSING:
        text = f"{who} {_agree(cases, 'does', 'do')} not hold {rights}, which {_need(case)}"
    else:
        text = f"{who} may hold {rights} through {', '.join(case.through)}, but {case.service} fails for want of it"
    if case.governed is None or case.governed.status == "unknown":
        why = f" ({case.governed.why})" if case.governed is not None and case.governed.why else ""
        text += f"; whether a Group Policy sets this could not be read{why}"
    elif case.governed.domain_controller:
        text += (
            "; this is a domain controller, and no policy that it keeps sets this: what every controller shall have "
            "belongs in the Domain Controllers' policy (Q272981)"
        )
    if case.running:
        text += f"; restart {_services(cases)} afterwards, for a process keeps the privileges it started with"
        if case.five:
            text += ", and restart the computer if that does not cure it (Q189732)"
    return text


def _need(case: Case) -> str:
    if case.five and case.holding.right == TCB:
        return "Exchange 5.x needs to check a clear-text POP3 logon (Q171435)"
    if case.holding.right == SERVICE_LOGON:
        return f"{case.service} needs to start under it"
    return f"was asked for {case.service}"


def _governed(cases: Sequence[Case]) -> str:
    """A clause for each policy that governs, for what one of them sets the other does not."""
    by_policy: dict[str | None, list[Case]] = {}
    for case in cases:
        policy = _policy(case)
        by_policy.setdefault(policy.guid or "" if policy is not None else None, []).append(case)
    return "; ".join(_governed_by_one(group) for group in by_policy.values())


def _governed_by_one(cases: Sequence[Case]) -> str:
    case = cases[0]
    seen = _policy(case)
    if seen is None:
        lacking = f"{_accounts(cases)} {_agree(cases, 'does', 'do')} not hold {_rights(cases)}"
        if case.holding.held != hold.MISSING:
            lacking = f"{_services(cases)} fails for want of {_rights(cases)}"
        return (
            f"{lacking}, which device management (MDM, Policy CSP UserRights) sets on this host, so a local grant "
            f"would be undone: give it to {_accounts(cases)} there"
        )
    policy = seen.name or seen.guid or "without a name"
    if not _policy_withholds(case):
        return (
            f"The Group Policy {policy} gives {_rights(cases)} to {_accounts(cases)}, but it is not in force yet: "
            f"run gpupdate /target:computer /force, then restart {_services(cases)}"
        )
    lines = " and ".join(f"'{line}'" for line in _gpo_lines(cases))
    lasts = "a local grant would be undone" if case.holding.held == hold.MISSING else "what is held now will be undone"
    return (
        f"The Group Policy {policy} sets {_rights(cases)} without {_accounts(cases)}, so {lasts} at its next refresh: "
        f"put {lines} under [Privilege Rights] of its GptTmpl.inf (User Rights Assignment in its editor)"
    )


def _restart(cases: Sequence[Case]) -> str:
    case = cases[0]
    seen = "the probe shows" if case.probe == "missing" else f"an event of {_when(case.failure_at)} shows"
    return (
        f"{_holds(cases)}, but {seen} that the process of {_services(cases)}, "
        f"started at {_when(case.started_at)}, does not have it: a process keeps the privileges it started with"
        + _cache(cases)
    )


def _unknown(cases: Sequence[Case]) -> str:
    case = cases[0]
    if case.sid is None:
        return f"Which account {case.service} runs under could not be found out: {case.holding.why}"
    if case.holding.held in (hold.DIRECT, hold.GROUP):
        return (
            f"{_holds(cases)}, and an event of {_when(case.failure_at)} says it was missing, "
            f"but when the process of {case.service} started could not be read: run the POP3 probe"
        )
    why = case.holding.why or "this could not be read"
    through = f" through {', '.join(case.through)}" if case.through else ""
    if lacks_now(case):
        held = f"whether {_accounts(cases)} {_agree(cases, 'holds', 'hold')} it is not known ({why})"
        return f"{case.service} fails for want of {_rights(cases)}, and {held}"
    advice = "run the POP3 probe to see" if case.holding.right == TCB else "its next start will tell"
    return f"Whether {_holds(cases)}{through} is not known ({why}): {advice}"


def _none(cases: Sequence[Case]) -> str:
    case = cases[0]
    if case.holding.held == hold.UNKNOWN:
        proof = "the probe logged on" if case.probe == "held" else f"{case.service} runs under it"
        return f"{_accounts(cases)} {_agree(cases, 'has', 'have')} what {_rights(cases)} gives: {proof}"
    state = "" if case.running else f"; {_services(cases)} does not run under it now"
    return f"{_holds(cases)}, and nothing shows that {_agree(cases, 'it lacks', 'they lack')} it{state}" + _cache(cases)


def _not_applicable(cases: Sequence[Case]) -> str:
    case = cases[0]
    name = sids.SERVICE_ACCOUNTS[str(case.sid)]
    if case.five:
        return (
            f"{case.service} runs under the built-in account {name}, which is not for Exchange 5.x (Q184205): "
            "run it under a service account of its own, a right is never granted to a built-in account"
        )
    return nothing_to_grant(_services(cases), name)


def nothing_to_grant(service: str, account: str) -> str:
    """Why there is nothing to do for a service under a built-in account (a clause without a full stop)."""
    return f"{account}, the account of {service}, is built in and needs no right beyond what Windows gives it"


_REASONS: Mapping[Action, Callable[[Sequence[Case]], str]] = {
    GOVERNED: _governed,
    GRANT: _grant,
    RESTART: _restart,
    UNKNOWN: _unknown,
    NONE: _none,
    NOT_APPLICABLE: _not_applicable,
}
