# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a baseline of user rights says, whatever file it was read from: controls, each with one right and one operator.

Values only. The words are those of the field: baseline, control, severity and waiver as in STIG and CIS, the operators
as Microsoft's OSConfig has them (ContainsAtMost, ContainsAtLeast, ContainsExactly, Equals('')).
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName

# at_most: nobody else may hold the right, and nobody must. at_least: these must, others may. exactly: these and no
# others, so an empty right fails. nobody: the right is empty.
Operator = t.Literal["at_most", "at_least", "exactly", "nobody"]
# What the same baseline asks of a host depends on it.
HostRole = t.Literal["member_server", "domain_controller", "workgroup_member"]
Severity = t.Literal["critical", "high", "medium", "low", "informational"]

HOST_ROLES: tuple[HostRole, ...] = t.get_args(HostRole)


@dataclass(frozen=True)
class Principal:
    """An account as a baseline names it: exactly one of a name, and an identifier relative to a domain.

    ``name`` is a SID or a name, understood (``AccountName``). Where a baseline means "Domain Admins" of whatever domain
    the host is in, ``relative`` says whose and ``rid`` which: written ``S-1-5-21-<domain>-512`` or
    ``S-1-5-21-<root-domain>-519``, as Microsoft's "Well-known SIDs" writes them.
    """

    written: str
    name: AccountName | None = None
    relative: t.Literal["domain", "root_domain"] | None = None
    rid: int | None = None


@dataclass(frozen=True)
class Expected:
    """One member that a control asks for: any one of these accounts, usually there is one alone.

    The first is the one that a remedy gives the right to.
    """

    any_of: tuple[Principal, ...]


@dataclass(frozen=True)
class Condition:
    """When an optional member is allowed: the host has a service with this key name (``vmms`` for Hyper-V)."""

    service: str


@dataclass(frozen=True)
class OptionalMember:
    """A member that may hold the right beyond what is expected: always, or on a condition; ``reason`` is a clause."""

    account: Principal
    reason: str
    when: Condition | None = None


@dataclass(frozen=True)
class Control:
    """One rule. The same ``id`` may stand in a baseline once for each host role, with other members.

    ``right`` is the constant, or None for a rule about every right; then ``concerns`` is orphans and ``operator``
    nobody. ``references`` holds ids of other catalogues (cci, cce, nist, stig_id, ...), one or several each. ``note``
    is what the publisher says beside the members, in sentences: of application accounts, for example.
    """

    id: str
    title: str
    right: str | None
    operator: Operator
    expected: tuple[Expected, ...] = ()
    optional: tuple[OptionalMember, ...] = ()
    applies_to: frozenset[HostRole] = frozenset(HOST_ROLES)
    severity: Severity = "medium"
    references: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    concerns: t.Literal["all", "orphans"] = "all"
    note: str = ""


@dataclass(frozen=True)
class Baseline:
    """A named set of controls of one release; ``source`` says where it was read from."""

    name: str
    title: str
    release: str
    source: str
    controls: tuple[Control, ...]
