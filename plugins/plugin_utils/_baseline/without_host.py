# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A baseline without a host: as the rights of a user_right task, and as the template of a Group Policy (pure).

Neither can say "at most": who is beyond it is seen on a host only, and a policy's line is the whole list. So the first
leaves those controls out, or states the whole list where that is asked for; the second always states it.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import inf
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids

from . import options, read
from .model import HOST_ROLES, Control, Principal

# What becomes of a control that says who may hold a right at most.
AtMost = t.Literal["warn", "ignore", "set"]


@dataclass(frozen=True)
class Domains:
    """The SIDs of the host's own domain and of the root of its forest, where the user gave them."""

    own: str | None = None
    root: str | None = None

    @classmethod
    def parse(cls, own: str | None, root: str | None) -> Domains:
        """Check what was written; raises InputError."""
        for option, written in (("domain_sid", own), ("root_domain_sid", root)):
            if written is not None and not (sids.is_sid(written) and sids.kind_of(sids.normal(written)) == "domain"):
                raise InputError(f"{option} is {written!r}, which is no SID of a domain, such as S-1-5-21-1-2-3.")
        return cls(own and sids.normal(own), root and sids.normal(root))


class _Named(t.TypedDict):
    name: str


class Entry(_Named, total=False):
    """One entry for ``rights`` of user_right."""

    add: list[str]
    set: list[str]


@dataclass(frozen=True)
class Rights:
    """Entries for user_right, and the ids of the controls that cannot be said so."""

    entries: tuple[Entry, ...]
    left_out: tuple[str, ...]


def chosen(written: str, folders: Sequence[Path], role: str, ids: Sequence[str]) -> tuple[Control, ...]:
    """The controls of the named baseline for a role; only these ``ids`` if any. Raises InputError.

    Rules about orphans are not among them: no list of accounts says that.
    """
    if role not in HOST_ROLES:
        raise InputError(f"host_role is {role!r}; it is one of: {', '.join(HOST_ROLES)}.")
    baseline = read.load(written, folders)
    asked = options.parse({"controls": ids, "waivers": (), "host_role": role}, baseline)
    found = (asked.control(one, asked.host_role) for one in asked.ids if asked.host_role is not None)
    return tuple(control for control in found if control is not None and control.right is not None)


def rights(controls: Sequence[Control], at_most: AtMost, domains: Domains) -> Rights:
    """The entries for ``rights`` of user_right; raises InputError for accounts that only a host knows."""
    entries: dict[str, Entry] = {}
    said_by: dict[str, Control] = {}
    left_out = []
    for control in controls:
        if control.operator == "at_most" and at_most != "set":
            left_out.append(control.id)
            continue
        entry = _entry(control, domains)
        _refuse_other(entries.get(entry["name"], entry) == entry, control, said_by)
        entries[entry["name"]] = entry
    return Rights(tuple(entries.values()), tuple(left_out))


def _entry(control: Control, domains: Domains) -> Entry:
    accounts = [_written(one.any_of[0], control, domains) for one in control.expected]
    if control.operator == "at_least":
        return {"name": str(control.right), "add": accounts}
    return {"name": str(control.right), "set": accounts}


def gpttmpl(controls: Sequence[Control], domains: Domains, *, optional: bool) -> str:
    """The text of a GptTmpl.inf with a byte-order mark, to be written as UTF-16LE.

    Each right stands there with all that its control allows or asks for, and with its optional members if asked for:
    a line of a policy is the whole list. Raises InputError for an account whose SID only a host knows.
    """
    assignment: dict[str, list[str]] = {}
    said_by: dict[str, Control] = {}
    for control in controls:
        members = [one.any_of[0] for one in control.expected]
        members += [one.account for one in control.optional if optional]
        line = list(dict.fromkeys(_sid(member, control, domains) for member in members))
        right = str(control.right)
        _refuse_other(assignment.get(right, line) == line, control, said_by)
        assignment[right] = line
    if not assignment:
        raise InputError("No control of this baseline asks anything of this role, so there is nothing to write.")
    return inf.render(assignment).policy


def _refuse_other(same: bool, control: Control, said_by: dict[str, Control]) -> None:
    """Raise InputError where two controls want different lists of one right."""
    other = said_by.setdefault(str(control.right), control)
    if not same:
        raise InputError(
            f"The controls {other.id} and {control.id} ask different things of {control.right}, and one list cannot "
            "say both. Name the controls that are meant in the option controls."
        )


def _written(account: Principal, control: Control, domains: Domains) -> str:
    return _relative(account, control, domains) if account.relative is not None else account.written.lstrip("*")


def _sid(account: Principal, control: Control, domains: Domains) -> str:
    if account.relative is not None:
        return _relative(account, control, domains)
    if account.name is None or account.name.needs_host or account.name.sid is None:
        raise InputError(
            f"Control {control.id}: the account {account.written!r} has its SID on a host only, and a policy must not "
            "hold names. Write the SID into the baseline."
        )
    return account.name.sid


def _relative(account: Principal, control: Control, domains: Domains) -> str:
    wanted: Mapping[str, tuple[str, str | None]] = {
        "domain": ("domain_sid", domains.own),
        "root_domain": ("root_domain_sid", domains.root),
    }
    option, known = wanted[str(account.relative)]
    if known is None:
        raise InputError(f"Control {control.id}: the account {account.written} has its SID in a domain. Give {option}.")
    return f"{known}-{account.rid}"
