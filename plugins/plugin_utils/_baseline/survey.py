# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a judgement: one read of the host for all controls, its role, what a condition needs, the verdicts.

Speaks only to the Host protocol and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Computer, Host, RightsQuery, RightsReading
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import confirm_words
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.snapshot import Budget, Scope, take
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS

from . import principals, result, waivers
from .judge import Facts, Verdict, held, judge
from .model import Control, HostRole
from .options import BaselineOptions

# Win32_ComputerSystem.DomainRole (Microsoft): workstation alone and in a domain, server alone and in a domain, both
# kinds of controller. Baselines know servers; a workstation is judged as the server in its place, and it is said.
_ROLES: Mapping[int, HostRole] = {
    0: "workgroup_member",
    1: "member_server",
    2: "workgroup_member",
    3: "member_server",
    4: "domain_controller",
    5: "domain_controller",
}
_WORKSTATIONS = (0, 1)


def survey(host: Host, options: BaselineOptions, warn: Callable[[str], None]) -> result.Result:
    """Judge a host; raises ReadError where its role is asked for and not known, and the errors of a read.

    ``warn`` is also told of roll-backs that ran: the read removes what they left, so nobody after it could tell.
    """
    computer = host.computer()
    role = _role(computer, options, warn)
    controls = {one: options.control(one, role) for one in options.ids}
    asked = [control for control in controls.values() if control is not None]
    reading = host.read_rights(_query(computer, asked, options))
    for remains in reading.remains:
        warn(confirm_words.remains(remains))
    own, why = principals.own_domain(computer, reading.resolved)
    conditions = _conditions(asked, reading, principals.Domains(own, None, why, why))
    # A question about services takes the place of the second witness, where the first one tells who governs a right.
    budget = Budget(log_always=not conditions)
    seen = take(host, computer, reading, _scope(asked, reading, own, options), budget)
    found = principals.domains(own, why, seen.accounts)
    known = {one.written: principals.resolve(one, reading.resolved, found) for one in principals.of_controls(asked)}
    facts = Facts(seen, known, found, host.insists(), _services(host, conditions))
    stand = waivers.hold(options.judged_waivers, reading.resolved, reading.taken_at.date())
    for sentence in waivers.warnings(stand):
        warn(sentence)
    verdicts = [
        _not_applicable(wanted, options) if control is None else waivers.apply(judge(control, facts), stand)
        for wanted, control in controls.items()
    ]
    return result.whole(options, role, verdicts, facts, stand)


def _role(computer: Computer, options: BaselineOptions, warn: Callable[[str], None]) -> HostRole:
    role = _ROLES.get(computer.role)
    if options.host_role is not None:
        if role is not None and role != options.host_role:
            warn(
                f"{computer.name} says that it is a {role}, and is judged as {options.host_role}, as host_role says. "
                "What a baseline asks of one may be wrong for the other; host_role: auto takes the host's word."
            )
        return options.host_role
    if role is None:
        raise ReadError(
            f"{computer.name} did not tell its role (Win32_ComputerSystem.DomainRole is {computer.role}), and what a "
            "baseline asks depends on it. Write host_role: member_server, domain_controller or workgroup_member."
        )
    if computer.role in _WORKSTATIONS:
        warn(
            f"{computer.name} is a workstation. It is judged as {role}; where the baseline is one for workstations, "
            "that is what is meant. host_role says it, and ends this warning."
        )
    return role


def _not_applicable(wanted: str, options: BaselineOptions) -> Verdict:
    control = next(one for one in options.baseline.controls if one.id == wanted)
    return Verdict(control, "not_applicable")


def _everything(asked: Iterable[Control]) -> bool:
    """Whether every right has to be known, because a control is about the orphans in all of them."""
    return any(control.right is None for control in asked)


def _query(computer: Computer, asked: Sequence[Control], options: BaselineOptions) -> RightsQuery:
    """One read: all rights, and in the same command line every name that a baseline or a waiver needs."""
    named = [one.name for one in principals.of_controls(asked) if one.name is not None and one.name.needs_host]
    names = {name.written: name for name in (*named, *waivers.names(options.judged_waivers)) if name.needs_host}
    relative = any(one.relative is not None for one in principals.of_controls(asked))
    own = principals.own_account(computer)
    if own is not None and (relative or _everything(asked)):
        names[own.written] = own
    rights = frozenset(control.right for control in asked if control.right is not None)
    return RightsQuery(tuple(names.values()), None if _everything(asked) else rights, tidy=True)


def _conditions(asked: Iterable[Control], reading: RightsReading, found: principals.Domains) -> tuple[str, ...]:
    """The services that decide something here: those of optional members who hold the right."""
    wanted: dict[str, None] = {}
    for control in asked:
        sids = held(reading.assignment.get(control.right or "", ()))
        for member in control.optional:
            account = principals.resolve(member.account, reading.resolved, found)
            if member.when is not None and account.sid in sids:
                wanted[member.when.service] = None
    return tuple(wanted)


def _services(host: Host, names: Sequence[str]) -> frozenset[str] | None:
    """Which of these services exist, in lower case; None where Windows does not tell."""
    if not names:
        return frozenset()
    try:
        return frozenset(service.name.lower() for service in host.services(names))
    except (ReadError, WindowsError):
        return None


def _scope(asked: Sequence[Control], reading: RightsReading, own: str | None, options: BaselineOptions) -> Scope:
    """All rights, for orphans are named wherever they are; policies matter for the rights that are judged."""
    judged = tuple(dict.fromkeys(control.right for control in asked if control.right is not None))
    # Accounts of the root domain are named as if the host's own were the root; whether it is, their names tell.
    found = principals.Domains(own, own)
    known = [principals.resolve(one, reading.resolved, found).sid for one in principals.of_controls(asked)]
    excepted = [
        sid
        for held in waivers.hold(options.judged_waivers, reading.resolved, reading.taken_at.date())
        for sid in held.sids
    ]
    named = {sid for sid in (*known, *excepted, *principals.worth_naming(own)) if sid is not None}
    rights = tuple(dict.fromkeys((*sorted({*RIGHTS, *reading.assignment}), *judged)))
    return Scope(rights, sorted(named), managed=judged)
