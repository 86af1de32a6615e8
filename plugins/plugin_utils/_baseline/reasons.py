# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence of a verdict: why it is what it is, with who and what (pure)."""

from __future__ import annotations

from collections.abc import Iterable

from . import remedy
from .judge import Facts, Verdict, either
from .model import HostRole

_PASS = {
    "at_most": "Nobody holds it beyond those who may",
    "at_least": "All who have to hold it do",
    "exactly": "Exactly those hold it who have to",
    "nobody": "Nobody holds it",
}


def reason(verdict: Verdict, facts: Facts) -> str:
    """One sentence for a control that applies."""
    if verdict.status == "pass":
        return _pass(verdict, facts)
    if verdict.status == "unknown":
        return f"Not known: {'; '.join(verdict.doubts)}."
    if verdict.status == "waived":
        return f"All that fails is waived: {_listed(verdict, facts, verdict.agreed)}."
    found = []
    if verdict.extra:
        held = ", ".join(map(facts.shown, verdict.extra))
        if verdict.control.right is None:
            found.append(f"rights are held by SIDs without an account: {held}")
        else:
            found.append(f"it is held by {held}, who may not")
    if verdict.missing:
        found.append("it is not held by " + ", ".join(either(one.any_of, facts) for one in verdict.missing))
    if verdict.agreed:
        found.append(f"waived beside that: {_listed(verdict, facts, verdict.agreed)}")
    if verdict.doubts:
        found.append(f"not known beside that: {'; '.join(verdict.doubts)}")
    found += _left(verdict, facts)
    sentence = "; ".join(found)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _left(verdict: Verdict, facts: Facts) -> list[str]:
    """Clauses about what fails and is not in the remedy."""
    right = verdict.control.right
    if right is None:
        unsure = sorted(facts.unsure_orphans.intersection(verdict.extra))
        if not unsure:
            return []
        why = "of a domain that may only be out of reach, or of a kind that has no names"
        return [f"the remedy leaves {', '.join(unsure)}, {why}"]
    own = remedy.windows_own(right, verdict.extra, facts)
    return [f"the remedy leaves {facts.shown(sid)}, for without it {loses}" for sid, loses in own.items()]


def not_applicable(roles: Iterable[HostRole], role: HostRole) -> str:
    """The sentence for an id that has no control for the host's role."""
    return f"It is for {', '.join(sorted(roles))}; the host is judged as {role}."


def _pass(verdict: Verdict, facts: Facts) -> str:
    if verdict.control.right is None:
        return "No right is held by a SID without an account."
    sentence = _PASS[verdict.control.operator]
    if not verdict.allowed:
        return f"{sentence}."
    listed = ", ".join(f"{facts.shown(one.sid)} ({one.reason})" for one in verdict.allowed)
    return f"{sentence}, but for allowed members: {listed}."


def _listed(verdict: Verdict, facts: Facts, agreed: tuple[str, ...]) -> str:
    return ", ".join(f"{facts.shown(one.sid)} ({one.reason})" for one in verdict.allowed if one.reason in agreed)
