# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the policies of a host have against a change: sentences for the user, the same for a warning and a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Account, Change
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import token_sid

from .policy import Governed, Status, gpttmpl_line
from .result import titled

# How a person finds out which policy sets a right.
LOOK = "'gpresult /scope computer /h report.html' on the host shows it"


@dataclass(frozen=True)
class Conflicts:
    """``doubts`` are what ``gpo_conflict: fail`` refuses and ``warn`` warns of; ``advice`` is only ever said."""

    doubts: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


def conflicts(deltas: Sequence[Change], policies: Mapping[str, Governed], accounts: Mapping[str, Account]) -> Conflicts:
    """Every doubt whether the changes last: one for each policy with its rights, one for all other rights of a kind."""
    governed: dict[tuple[str | None, str | None], list[Change]] = {}
    for change in deltas:
        if _status(change, policies) == "gpo":
            policy = policies[change.right]
            governed.setdefault((policy.name, policy.guid), []).append(change)
    by_policy = [_by_policy(changes, policies, accounts) for changes in governed.values()]
    managed = [change.right for change in deltas if _status(change, policies) == "mdm"]
    reasons: dict[str, list[str]] = {}
    for change in deltas:
        if _status(change, policies) == "unknown":
            reasons.setdefault(policies[change.right].why, []).append(change.right)
    free = [change.right for change in deltas if _status(change, policies) == "none_seen"]
    on_controller = [right for right in free if policies[right].domain_controller]
    return Conflicts(
        (
            *by_policy,
            *([_by_management(managed)] if managed else []),
            *(_not_known(rights, why) for why, rights in reasons.items()),
        ),
        (_on_controller(on_controller),) if on_controller else (),
    )


def _status(change: Change, policies: Mapping[str, Governed]) -> Status:
    return policies[change.right].status


def _listed(rights: Iterable[str]) -> str:
    return ", ".join(titled(right) for right in rights)


def _by_policy(changes: Sequence[Change], policies: Mapping[str, Governed], accounts: Mapping[str, Account]) -> str:
    policy = policies[changes[0].right]
    label = f"the Group Policy '{policy.name}' ({policy.guid})" if policy.name else f"the Group Policy {policy.guid}"
    lines = "; ".join(f"'{_lasting_line(change, policies[change.right].tokens, accounts)}'" for change in changes)
    one = len(changes) == 1
    return (
        f"{_listed(change.right for change in changes)} {'is' if one else 'are'} governed by {label}, which gives "
        f"{_given(changes, policies)}: a local change lasts until the next policy refresh only. To make it last, put "
        f"{'this line' if one else 'these lines'} under [Privilege Rights] of that policy's GptTmpl.inf: {lines}."
    )


def _given(changes: Sequence[Change], policies: Mapping[str, Governed]) -> str:
    """Whom a policy gives rights to: ``it to *S-1-5-32-544``, or each right by its name."""
    held = {change.right: ", ".join(policies[change.right].tokens) or "nobody" for change in changes}
    if len(held) == 1:
        return f"it to {next(iter(held.values()))}"
    return "; ".join(f"{right} to {holders}" for right, holders in held.items())


def _by_management(rights: Sequence[str]) -> str:
    return (
        f"Device management (MDM, Policy CSP UserRights) sets {_listed(rights)} on this host: a local change lasts "
        "until it applies its settings again only. Change the setting there."
    )


def _not_known(rights: Sequence[str], why: str) -> str:
    return (
        f"Whether a policy sets {_listed(rights)} is not known: {why}. A local change of a right that a policy sets "
        f"lasts until the next policy refresh only; {LOOK}."
    )


def _on_controller(rights: Sequence[str]) -> str:
    return (
        f"This host is a domain controller, and no policy that it keeps sets {_listed(rights)}: the change is this "
        "controller's own. What every controller shall have belongs in the Domain Controllers' policy, which overrules "
        "it as soon as it sets the right."
    )


def _lasting_line(change: Change, tokens: Sequence[str], accounts: Mapping[str, Account]) -> str:
    """The policy's own line after the change; its holders are spelled as SIDs or as names."""
    if change.exact:
        return gpttmpl_line(change.right, (), change.after)
    names = {name.lower() for sid in change.removed if (name := accounts[sid].name)}
    stay = [token for token in tokens if token_sid(token) not in change.removed and token.lower() not in names]
    return gpttmpl_line(change.right, stay, change.added)
