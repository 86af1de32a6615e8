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
    """Every doubt whether the changes last: one for each policy's right, one for all other rights of a kind."""
    by_policy = [
        _by_policy(change, policies[change.right], accounts) for change in deltas if _status(change, policies) == "gpo"
    ]
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


def _by_policy(change: Change, policy: Governed, accounts: Mapping[str, Account]) -> str:
    label = f"the Group Policy '{policy.name}' ({policy.guid})" if policy.name else f"the Group Policy {policy.guid}"
    held = ", ".join(policy.tokens) or "nobody"
    return (
        f"{titled(change.right)} is governed by {label}, which gives it to {held}: a local change lasts until the "
        "next policy refresh only. To make it last, put this line under [Privilege Rights] of that policy's "
        f"GptTmpl.inf: {_lasting_line(change, policy.tokens, accounts)}"
    )


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
