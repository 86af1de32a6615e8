# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effective rights: whether an account holds a right directly, through a group, not at all, or cannot be told (pure).

What can be seen without delegation: the holders of a right as SIDs, and the direct members of the host's own groups as
names. Who is in a domain group cannot be seen. So ``missing`` is said only when no holder can contain the account; one
holder that might is enough for ``unknown``. Whose tokens carry a well-known SID is told, with its source, by
well_known.py; a SID that no document knows may contain anybody.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Computer,
    GroupMembers,
    Holder,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import well_known as table

# How an account holds a right: itself, through a group, not at all, or nobody can see it.
Held = t.Literal["direct", "group", "missing", "unknown"]
DIRECT: t.Final = "direct"
GROUP: t.Final = "group"
MISSING: t.Final = "missing"
UNKNOWN: t.Final = "unknown"

# One account each: nobody else is in them.
_SINGLE: frozenset[table.AccountKind] = frozenset(
    {"user", "computer", "service", "app_pool", "virtual_machine", "virtual_account", "domain"}
)
# No accounts: what their tokens carry, no document tells.
_NO_ACCOUNTS: frozenset[table.AccountKind] = frozenset(
    {"app_container", "capability", "domain", "label", "logon_session", "unknown"}
)


@dataclass(frozen=True)
class Subject:
    """The account whose rights are asked: SID (None: could not be found), its name on the host, and why not found.

    ``service`` says that the question is what it holds when it runs a service.
    """

    sid: str | None
    name: str | None = None
    why: str = ""
    service: bool = True


@dataclass(frozen=True)
class Holding:
    """The answer for one right: ``held`` is direct, group, missing or unknown.

    ``via`` are the SIDs of the groups that give the right, ``may_via`` holders that may contain the account (a SID, or
    a token that could not be pinned); ``why`` says why the answer is unknown.
    """

    right: str
    held: Held
    via: tuple[str, ...] = ()
    may_via: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Context:
    """What a judgement may use besides the holders: names of SIDs, members of local groups by SID, the computer."""

    computer: Computer
    accounts: Mapping[str, Account]
    members: Mapping[str, GroupMembers]


def named(subject: Subject, accounts: Mapping[str, Account]) -> Subject:
    """The same with the name that the host has for it, where it has one."""
    account = accounts.get(subject.sid or "")
    return subject if account is None or account.name is None else replace(subject, name=account.name)


def local_groups(subject: Subject, holders: Sequence[Holder], context: Context) -> tuple[tuple[str, str], ...]:
    """The holders whose members are worth asking for, as (SID, bare group name).

    Only groups of this computer: an alias, or an account that carries the computer's name.
    """
    if subject.name is None or any(holder.sid == subject.sid for holder in holders):
        return ()
    found = []
    for holder in holders:
        account = context.accounts.get(holder.sid) if holder.sid else None
        if account is not None and account.name is not None and _local_group(account, context.computer):
            found.append((account.sid, account.name.rpartition("\\")[2]))
    return tuple(found)


def _local_group(account: Account, computer: Computer) -> bool:
    if account.sid.startswith("S-1-5-32-"):
        return account.kind == "alias"
    return account.kind in ("account", "group") and _is_local(account.name, computer)


def _is_local(name: str | None, computer: Computer) -> bool:
    authority, separator, dummy = (name or "").partition("\\")
    return bool(separator) and authority.lower() == computer.name.lower()


def _of_domain(account: Account, computer: Computer) -> bool:
    return account.sid.startswith("S-1-5-21-") and account.name is not None and not _is_local(account.name, computer)


def judge(
    right: str,
    subject: Subject,
    holders: Sequence[Holder],
    context: Context,
    unreadable: str | None = None,
) -> Holding:
    """Decide for one right; ``unreadable`` is why a part of its line could not be understood, or None."""
    if subject.sid is None:
        return Holding(right, UNKNOWN, why=subject.why)
    held = [holder.sid for holder in holders]
    if subject.sid in held:
        return Holding(right, DIRECT)
    through = tuple(sid for sid in held if sid and _contains(sid, right, subject, context))
    if through:
        return Holding(right, GROUP, via=through)
    if subject.sid == sids.LOCAL_SYSTEM:
        return Holding(right, UNKNOWN, why="Local System has privileges that no policy lists")
    may = tuple(holder.sid or holder.token for holder in holders if _may_contain(holder, subject, context))
    if may:
        return Holding(right, UNKNOWN, may_via=may, why="who is in these groups cannot be seen from here")
    if unreadable is not None:
        return Holding(right, UNKNOWN, why=unreadable)
    return Holding(right, MISSING)


def _contains(sid: str, right: str, subject: Subject, context: Context) -> bool:
    """Whether the holder ``sid`` certainly contains the account."""
    own = subject.sid or ""
    reach = table.reach(sid)
    if reach in ("everybody", "authenticated"):
        return own != sids.ANONYMOUS and _authenticated(own, reach) and sids.kind_of(own) not in _NO_ACCOUNTS
    if reach == "service_logon":
        # In the token of whatever logged on as a service, so it gives privileges; the logon itself comes before it.
        return subject.service and not right.endswith("LogonRight")
    if sid == sids.ALL_SERVICES:
        return own.startswith("S-1-5-80-")
    if sid == sids.LOCAL_ACCOUNT:
        return _is_local(subject.name, context.computer) and own not in sids.SERVICE_ACCOUNTS
    members = context.members.get(sid)
    return members is not None and subject.name is not None and _lists(members, subject.name)


def _authenticated(own: str, reach: str) -> bool:
    """Guests and who gave no name are not among Authenticated Users (Microsoft, "Security identifiers")."""
    return reach != "authenticated" or not (own == sids.ANONYMOUS or sids.is_guest(own))


def _lists(members: GroupMembers, name: str) -> bool:
    """Windows gives members as names; both they and ``name`` come from the host's own LSA."""
    return name.lower() in (f"{domain}\\{member}".lower() for domain, member in members.members)


def _may_contain(holder: Holder, subject: Subject, context: Context) -> bool:
    sid = holder.sid
    if sid is None:
        return True
    reach = table.reach(sid)
    if reach is None:
        return _account_may_contain(sid, subject, context)
    if reach in ("service_logon", "other_logon"):
        # A service logs on as SERVICE and in no other way.
        return not subject.service
    if reach == "nobody":
        return _of_one_family(sid, subject)
    if reach == "local":
        return _is_local(subject.name, context.computer)
    if reach == "entra":
        return _in_entra(subject, context.computer)
    if reach in ("everybody", "authenticated"):
        return _authenticated(subject.sid or "", reach)  # a setting adds Anonymous Logon to Everyone
    return reach == "token" or _list_may_contain(sid, context)


def _of_one_family(sid: str, subject: Subject) -> bool:
    """Windows' own groups hold identities of their own name space, and domain controllers are computers."""
    own = subject.sid or ""
    if sid == sids.DOMAIN_CONTROLLERS:
        return sids.kind_of(own, subject.name) == "computer" and not subject.service
    base = sid.split("-")[:4]
    if sids.kind_of(sid) != "well_known" or len(base) < 4 or sid.count("-") < 4:
        return False
    return own.split("-")[:4] == base or (sid == sids.ALL_SERVICES and own.startswith("S-1-5-99-"))


def _in_entra(subject: Subject, computer: Computer) -> bool:
    """Accounts of this computer and of Windows are in no group of Microsoft Entra.

    An account of a domain gets its groups from that domain where the computer is in one.
    """
    own = subject.sid or ""
    if own.startswith(("S-1-12-1-", "S-1-11-96-")):
        return True
    if not own.startswith("S-1-5-21-") or _is_local(subject.name, computer):
        return False
    return not computer.part_of_domain


def _account_may_contain(sid: str, subject: Subject, context: Context) -> bool:
    """A user, a group or a computer; or a SID that no document knows, which may be anything."""
    account = context.accounts.get(sid)
    if sids.kind_of(sid) in _SINGLE or (account is not None and account.kind in _SINGLE):
        return False
    if account is not None and _of_domain(account, context.computer) and _is_local(subject.name, context.computer):
        return False  # a group of a domain has no members from outside its forest's domains
    return _list_may_contain(sid, context)


def _list_may_contain(sid: str, context: Context) -> bool:
    """A group with members may hold a domain group, and who is in that cannot be seen; an empty one holds nobody."""
    members = context.members.get(sid)
    return members is None or not members.complete or bool(members.members)
