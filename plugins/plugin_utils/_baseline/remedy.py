# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remedy: what user_right's ``rights`` needs to cure what fails, as additions and removals (pure).

It takes away what is beyond a control and gives what is missing, nothing else. Whom Windows insists on, whom a
condition or a waiver allows, and what is not known stay as they are, and so does an identity of Windows that needs a
right which it holds by default: user_right would refuse the whole task to protect it. Where two controls of one
baseline contradict each other about an account it is left alone, so that a second run finds nothing to do.
"""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.defaults import own_holder

from . import orphans
from .judge import Facts, Verdict, held

# Enterprise Domain Controllers: on any other host nobody needs them.
_CONTROLLERS = sids.DOMAIN_CONTROLLERS


class _Named(t.TypedDict):
    name: str


class RemedyEntry(_Named, total=False):
    """One entry for ``rights`` of user_right; a word without accounts is left out."""

    add: list[str]
    remove: list[str]


@dataclass
class _Delta:
    add: dict[str, None] = field(default_factory=dict)
    remove: dict[str, None] = field(default_factory=dict)


def remedy(verdicts: Sequence[Verdict], facts: Facts, excluded: Collection[str] = ()) -> list[RemedyEntry]:
    """The entries that cure every failure as far as it can be cured, one for each right, in the order of controls.

    ``excluded`` are ids of controls that are not cured; what they ask for is not undone for another one either.
    """
    deltas: dict[str, _Delta] = {}
    for verdict in verdicts:
        if verdict.status != "fail" or verdict.control.id in excluded:
            continue
        if verdict.control.right is None:
            _bury(verdict, facts, deltas)
            continue
        delta = deltas.setdefault(verdict.control.right, _Delta())
        delta.remove.update(dict.fromkeys(verdict.extra))
        delta.add.update((one.first.sid, None) for one in verdict.missing if one.first.sid is not None)
    entries = [_entry(right, delta, verdicts, facts) for right, delta in deltas.items() if _whole(right, facts)]
    return [entry for entry in entries if len(entry) > 1]


def _bury(verdict: Verdict, facts: Facts, deltas: dict[str, _Delta]) -> None:
    """Take accounts that are gone out of every right; one that may be somebody all the same is left."""
    certain = orphans.find(facts.seen, facts.domains).gone
    gone = [sid for sid in verdict.extra if sid in certain]
    for right in facts.seen.rights:
        found = [sid for sid in held(facts.seen.holders(right)) if sid in gone]
        if found:
            deltas.setdefault(right, _Delta()).remove.update(dict.fromkeys(found))


def _whole(right: str, facts: Facts) -> bool:
    """Whether every holder is known; user_right refuses to rewrite another line, and with it the whole task."""
    if right in facts.seen.reading.unreadable:
        return False
    return all(holder.sid is not None for holder in facts.seen.holders(right))


def _entry(right: str, delta: _Delta, verdicts: Sequence[Verdict], facts: Facts) -> RemedyEntry:
    others = [one for one in verdicts if one.control.right == right and one.status != "not_applicable"]
    wanted = {sid for one in others for sid in _wanted(one, facts)}
    add = [sid for sid in delta.add if sid not in delta.remove and all(_accepts(one, sid, facts) for one in others)]
    remove = [sid for sid in delta.remove if sid not in wanted]
    left = windows_own(right, remove, facts)
    remove = [sid for sid in remove if sid not in left]
    entry: RemedyEntry = {"name": right}
    if add:
        entry["add"] = add
    if remove:
        entry["remove"] = remove
    return entry


def windows_own(right: str, remove: Sequence[str], facts: Facts) -> dict[str, str]:
    """Of those to remove, the identities of Windows that need the right, with what would no longer work.

    As the guard of user_right sees it: whoever holds the right through everybody loses nothing.
    """
    after = set(held(facts.seen.holders(right))).difference(remove)
    if after & {sids.EVERYONE, sids.AUTHENTICATED_USERS}:
        return {}
    found = {}
    for sid in remove:
        row = own_holder(right, sid)
        if row is not None and row.sid == sid and (sid != _CONTROLLERS or facts.seen.computer.domain_controller):
            found[sid] = row.loses
    return found


def _wanted(verdict: Verdict, facts: Facts) -> set[str]:
    """Whom a control asks for."""
    if verdict.control.operator not in ("at_least", "exactly"):
        return set()
    known = (facts.of(one) for expected in verdict.control.expected for one in expected.any_of)
    return {one.sid for one in known if one.sid is not None}


def _accepts(verdict: Verdict, sid: str, facts: Facts) -> bool:
    """Whether a control has nothing against this account as a holder."""
    if verdict.control.operator == "at_least":
        return True
    control = verdict.control
    members = [one for expected in control.expected for one in expected.any_of]
    members += [one.account for one in control.optional if one.when is None]
    return any(facts.of(one).sid == sid for one in members)
