# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of user_right and user_right_info, understood before any host is asked: both forms become one."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, UnresolvedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Resolution
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse as parse_name
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import Right, canonical

from .plan import Wanted

# What a change does that a policy will undo.
GpoConflict = t.Literal["warn", "fail", "ignore"]
# How long (seconds) a change may wait for its confirmation.
SHORTEST_TIMEOUT, LONGEST_TIMEOUT = 60, 3600
# What people write for every right; it is what the task tells of where names is left out.
_EVERYTHING = ("", "*", "all", "any")


@dataclass(frozen=True)
class RightOptions:
    """One right as the task names it: accounts to add and to remove, or the ``exact`` list."""

    right: Right
    add: tuple[AccountName, ...] = ()
    remove: tuple[AccountName, ...] = ()
    exact: tuple[AccountName, ...] | None = None

    @property
    def names(self) -> tuple[AccountName, ...]:
        """Every account that must be resolved."""
        return (*self.add, *self.remove, *(self.exact or ()))


def refuse_mixture(written: Mapping[str, t.Any]) -> None:
    """Raise InputError where words of the short form stand beside rights, or name several rights, or one says nothing.

    An option that is null counts as not written; ``enabled: null`` would then switch on what somebody left open.
    """
    if isinstance(written.get("name"), (list, tuple)):
        raise InputError("name is a list; it takes one right. For several write rights, a list with an entry for each.")
    _refuse_unsaid(written.get("rights"))
    beside = [word for word in ("name", "accounts", "state") if written.get(word) is not None]
    if written.get("rights") is None or not beside:
        return
    raise InputError(
        f"rights stands beside {' and '.join(beside)}. Each entry of rights has a name of its own, with add for "
        "state: present, remove for state: absent, or set for state: pure: {name: …, set: […]}. Write either rights, "
        "or name, accounts and state (module_defaults count as written)."
    )


def _refuse_unsaid(entries: object) -> None:
    """Raise InputError for an entry whose ``enabled`` is null."""
    for index, entry in enumerate(entries if isinstance(entries, (list, tuple)) else ()):
        if isinstance(entry, Mapping) and "enabled" in entry and entry["enabled"] is None:
            raise InputError(
                f"rights[{index}].enabled is null; it has to be true or false. A variable that may be empty says which "
                "with a default: {{ rule | default(false, true) }}."
            )


@dataclass(frozen=True)
class ChangeOptions:
    """All that a user_right task asks for; no rights mean that nothing is to be done.

    ``confirm`` is within how many seconds a new logon must confirm the change; None: none is asked for.
    """

    rights: tuple[RightOptions, ...]
    gpo_conflict: GpoConflict
    allow_lockout: bool
    confirm: int | None = None


@dataclass(frozen=True)
class QueryOptions:
    """What a user_right_info task asks for; no rights mean all, no accounts every holder."""

    rights: tuple[str, ...]
    accounts: tuple[AccountName, ...]


def parse(args: Mapping[str, t.Any]) -> ChangeOptions:
    """The options of user_right from the arguments of a task; raises InputError."""
    return ChangeOptions(parse_rights(args), args["gpo_conflict"], args["allow_lockout"], _confirm(args))


def _confirm(args: Mapping[str, t.Any]) -> int | None:
    """Within how many seconds a change must be confirmed, or None; raises InputError."""
    seconds = int(args["confirm_timeout"])
    if not SHORTEST_TIMEOUT <= seconds <= LONGEST_TIMEOUT:
        raise InputError(
            f"confirm_timeout is {seconds}; it has to be {SHORTEST_TIMEOUT} to {LONGEST_TIMEOUT} seconds. A new logon "
            "and a look at the rights must fit into it, and until it is over a door may be shut."
        )
    return seconds if args["confirm"] else None


def parse_query(args: Mapping[str, t.Any]) -> QueryOptions:
    """The options of user_right_info from the arguments of a task; raises InputError."""
    rights = dict.fromkeys(_right(name) for name in args["names"])
    return QueryOptions(tuple(rights), tuple(parse_name(account) for account in args["accounts"]))


def _right(name: str) -> str:
    if name.strip().lower() in _EVERYTHING:
        raise InputError(f"names is {name!r}, which is no right. Leave names out to be told of every right.")
    return canonical(name).constant


def parse_rights(args: Mapping[str, t.Any]) -> tuple[RightOptions, ...]:
    """The rights of a task from its options, short or long form; raises InputError."""
    if args.get("rights") is not None:
        return tuple(_long(entry) for entry in args["rights"] if entry.get("enabled", True))
    right = canonical(args["name"])
    if args["state"] == "absent":
        return (RightOptions(right, remove=_accounts(args.get("accounts"), removing=True)),)
    accounts = _accounts(args.get("accounts"))
    if args["state"] == "pure":
        return (RightOptions(right, exact=accounts),)
    return (RightOptions(right, add=accounts),)


def _long(entry: Mapping[str, t.Any]) -> RightOptions:
    right = canonical(entry["name"])
    if entry.get("set") is not None:
        if entry.get("add") or entry.get("remove"):
            raise InputError(
                f"The entry for {right.constant} has set together with add or remove. "
                "set states the whole list; write either set, or add and remove."
            )
        return RightOptions(right, exact=_accounts(entry["set"]))
    if entry.get("add") is None and entry.get("remove") is None:
        raise InputError(f"The entry for {right.constant} says neither add, nor remove, nor set.")
    return RightOptions(right, _accounts(entry.get("add")), _accounts(entry.get("remove"), removing=True))


def _accounts(written: Sequence[str] | None, *, removing: bool = False) -> tuple[AccountName, ...]:
    return tuple(parse_name(str(name), removing=removing) for name in written or ())


def wanted(asked: Sequence[RightOptions], resolved: Mapping[str, Resolution]) -> tuple[Wanted, ...]:
    """The same by SID; raises UnresolvedError that names every unknown account and the lookups that were tried."""
    unknown = {
        name.written: resolved[name.written].tried
        for one in asked
        for name in one.names
        if resolved[name.written].sid is None
    }
    if unknown:
        raise UnresolvedError(unresolved(unknown))

    def sids(names: Sequence[AccountName]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(resolved[name.written].sid) for name in names))

    return tuple(
        Wanted(
            one.right.constant,
            sids(one.add),
            sids(one.remove),
            None if one.exact is None else sids(one.exact),
        )
        for one in asked
    )


def unresolved(unknown: Mapping[str, tuple[str, ...]]) -> str:
    """The sentence for names that no lookup could resolve, with what each of them said."""
    listed = "; ".join(f"'{name}': {', '.join(tried) or 'no way to ask'}" for name, tried in unknown.items())
    several = len(unknown) > 1
    return (
        f"{'These accounts' if several else 'This account'} could not be resolved to {'SIDs' if several else 'a SID'}. "
        f"{listed}. Write DOMAIN\\name, .\\name for a local account, or the SID itself; "
        "an account that was deleted can only be removed by its SID."
    )
