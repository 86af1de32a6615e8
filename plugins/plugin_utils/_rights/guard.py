# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard against lock-outs: which planned change would cut off whom (a pure function).

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Caller, Computer
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.catalogue import display_name
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import Change, Plan

_ALLOWING = frozenset({"SeNetworkLogonRight", "SeInteractiveLogonRight", "SeRemoteInteractiveLogonRight"})
_DENYING = frozenset(
    {
        "SeDenyNetworkLogonRight",
        "SeDenyInteractiveLogonRight",
        "SeDenyRemoteInteractiveLogonRight",
        "SeDenyBatchLogonRight",
        "SeDenyServiceLogonRight",
    }
)
GUARDED = _ALLOWING | _DENYING | {"SeServiceLogonRight"}

# Whoever is an administrator is in these too, so one of them keeps Administrators in.
_HOLD_ADMINISTRATORS = frozenset({sids.ADMINISTRATORS, sids.EVERYONE, sids.AUTHENTICATED_USERS})
_EVERYBODY = frozenset({sids.EVERYONE, sids.AUTHENTICATED_USERS})
# Authenticated Users are members of Users unless somebody took them out.
_DENY_ADMINISTRATORS = _HOLD_ADMINISTRATORS | {"S-1-5-32-545"}
# The group that Windows puts into the token of whoever logs on in this way.
_EVERY_SUCH_LOGON = {
    "SeDenyNetworkLogonRight": frozenset({"S-1-5-2"}),
    "SeDenyInteractiveLogonRight": frozenset({"S-1-5-4"}),
    "SeDenyRemoteInteractiveLogonRight": frozenset({"S-1-5-4", "S-1-5-14"}),
    "SeDenyBatchLogonRight": frozenset({"S-1-5-3"}),
}
_ALL_SERVICES = frozenset({sids.ALL_SERVICES, sids.SERVICE, *_EVERYBODY})
_LOCAL = frozenset({sids.LOCAL_ACCOUNT, sids.LOCAL_ACCOUNT_AND_ADMINISTRATOR})
_DOMAIN_CONTROLLERS = "S-1-5-9"


@dataclass(frozen=True)
class Risk:
    """One planned change that would cut somebody off: the right and whom, in words."""

    right: str
    who: str

    def sentence(self) -> str:
        """The clause that names the right and the victim."""
        return f"{self.right} ({display_name(self.right)}) would cut off {self.who}"


def needs_caller(rights: Iterable[str]) -> bool:
    """Whether the connecting account must be known before these rights may be changed."""
    return any(right in GUARDED for right in rights)


def risks(plan: Plan, caller: Caller | None, computer: Computer) -> tuple[Risk, ...]:
    """Everybody whom the plan would cut off; empty when it is safe."""
    found: list[Risk] = []
    for change in plan.deltas:
        if change.right in _ALLOWING:
            found.extend(Risk(change.right, who) for who in _no_longer_allowed(change, caller, computer))
        elif change.right in _DENYING:
            found.extend(Risk(change.right, who) for who in _newly_denied(change, caller, computer))
        elif change.right == "SeServiceLogonRight" and sids.ALL_SERVICES in change.removed:
            found.append(Risk(change.right, "all services (S-1-5-80-0) at their next start"))
    return tuple(found)


def _no_longer_allowed(change: Change, caller: Caller | None, computer: Computer) -> list[str]:
    if not change.removed:
        return []
    after, before = set(change.after), set(change.before)
    victims = []
    if before & _HOLD_ADMINISTRATORS and not after & _HOLD_ADMINISTRATORS:
        victims.append("Administrators (S-1-5-32-544)")
    if change.right == "SeNetworkLogonRight":
        victims.extend(_network(after, before, caller, computer))
    elif caller is not None and _tokens(caller) & before and not _tokens(caller) & after:
        victims.append(f"the connecting account ({caller.sid})")
    return victims


def _network(after: set[str], before: set[str], caller: Caller | None, computer: Computer) -> list[str]:
    victims = []
    if caller is None:
        victims.append("perhaps the connecting account (whoami did not say who that is)")
    elif _tokens(caller) & before and not _tokens(caller) & after:
        victims.append(f"the connecting account ({caller.sid})")
    if computer.domain_controller:
        if before & _EVERYBODY and not after & _EVERYBODY:
            victims.append("every user of the domain, who logs on to this domain controller over the network")
        if before & {_DOMAIN_CONTROLLERS, *_EVERYBODY} and not after & {
            _DOMAIN_CONTROLLERS,
            *_EVERYBODY,
        }:
            victims.append("the other domain controllers (S-1-5-9)")
    return victims


def _newly_denied(change: Change, caller: Caller | None, computer: Computer) -> list[str]:
    added = set(change.added)
    victims: list[str] = []
    if not added:
        return victims
    if added & _DENY_ADMINISTRATORS:
        victims.append("Administrators (S-1-5-32-544)")
    if added & _EVERY_SUCH_LOGON.get(change.right, frozenset()):
        victims.append("everybody who logs on in that way")
    if change.right == "SeDenyServiceLogonRight" and added & _ALL_SERVICES:
        victims.append("all services at their next start")
    if added & _LOCAL and not computer.part_of_domain:
        victims.append("every administrator of this computer, which is in no domain")
    if caller is not None and _tokens(caller) & added:
        victims.append(f"the connecting account ({caller.sid})")
    if caller is None and change.right == "SeDenyNetworkLogonRight":
        victims.append("perhaps the connecting account (whoami did not say who that is)")
    if computer.domain_controller and _DOMAIN_CONTROLLERS in added:
        victims.append("the other domain controllers (S-1-5-9)")
    return victims


def _tokens(caller: Caller) -> frozenset[str]:
    return caller.groups | {caller.sid}
