# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user_right task asks for, understood before any host is asked: both forms become one.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, UnresolvedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Resolution
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import Wanted
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName, parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import Right, canonical


@dataclass(frozen=True)
class RightRequest:
    """One right as the task names it: accounts to add and to remove, or the ``exact`` list."""

    right: Right
    add: tuple[AccountName, ...] = ()
    remove: tuple[AccountName, ...] = ()
    exact: tuple[AccountName, ...] | None = None

    @property
    def names(self) -> tuple[AccountName, ...]:
        """Every account that must be resolved."""
        return (*self.add, *self.remove, *(self.exact or ()))


def refuse_mixture(written: Mapping[str, Any]) -> None:
    """Raise InputError where words of the short form stand beside rights, or name several rights."""
    if isinstance(written.get("name"), (list, tuple)):
        raise InputError("name is a list; it takes one right. For several write rights, a list with an entry for each.")
    beside = [word for word in ("name", "accounts", "state") if written.get(word) is not None]
    if written.get("rights") is None or not beside:
        return
    raise InputError(
        f"rights stands beside {' and '.join(beside)}. Each entry of rights has a name of its own, with add for "
        "state: present, remove for state: absent, or set for state: pure: {name: …, set: […]}. Write either rights, "
        "or name, accounts and state (module_defaults count as written)."
    )


def requests(args: Mapping[str, Any]) -> tuple[RightRequest, ...]:
    """The rights of a task from its options, short or long form; raises InputError."""
    if args.get("rights") is not None:
        return tuple(_long(entry) for entry in args["rights"])
    right = canonical(args["name"])
    if args["state"] == "absent":
        return (RightRequest(right, remove=_accounts(args.get("accounts"), removing=True)),)
    accounts = _accounts(args.get("accounts"))
    if args["state"] == "pure":
        return (RightRequest(right, exact=accounts),)
    return (RightRequest(right, add=accounts),)


def _long(entry: Mapping[str, Any]) -> RightRequest:
    right = canonical(entry["name"])
    if entry.get("set") is not None:
        if entry.get("add") or entry.get("remove"):
            raise InputError(
                f"The entry for {right.constant} has set together with add or remove. "
                "set states the whole list; write either set, or add and remove."
            )
        return RightRequest(right, exact=_accounts(entry["set"]))
    if entry.get("add") is None and entry.get("remove") is None:
        raise InputError(f"The entry for {right.constant} says neither add, nor remove, nor set.")
    return RightRequest(right, _accounts(entry.get("add")), _accounts(entry.get("remove"), removing=True))


def _accounts(written: Sequence[str] | None, *, removing: bool = False) -> tuple[AccountName, ...]:
    return tuple(parse(str(name), removing=removing) for name in written or ())


def wanted(asked: Sequence[RightRequest], resolved: Mapping[str, Resolution]) -> tuple[Wanted, ...]:
    """The same by SID; raises UnresolvedError that names every unknown account and the rungs that were tried."""
    unknown = {
        name.written: resolved[name.written].tried
        for request in asked
        for name in request.names
        if resolved[name.written].sid is None
    }
    if unknown:
        raise UnresolvedError(unresolved(unknown))

    def sids(names: Sequence[AccountName]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(resolved[name.written].sid) for name in names))

    return tuple(
        Wanted(
            request.right.constant,
            sids(request.add),
            sids(request.remove),
            None if request.exact is None else sids(request.exact),
        )
        for request in asked
    )


def unresolved(unknown: Mapping[str, tuple[str, ...]]) -> str:
    """The sentence for names that no rung could resolve, with what each rung said."""
    listed = "; ".join(f"'{name}': {', '.join(tried) or 'no way to ask'}" for name, tried in unknown.items())
    several = len(unknown) > 1
    return (
        f"{'These accounts' if several else 'This account'} could not be resolved to {'SIDs' if several else 'a SID'}. "
        f"{listed}. Write DOMAIN\\name, .\\name for a local account, or the SID itself; "
        "an account that was deleted can only be removed by its SID."
    )
