# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: agreed exceptions, held against a verdict (pure).

One that has ended is as if there were none. One turns a failure to waived only where all that fails is covered.
"""

from __future__ import annotations

import datetime
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Resolution
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName

from .judge import Allowed, Missing, Verdict
from .options import Waiver

# in_force: may except somebody; expired: its last day is over; unknown_account: the host knows none of its accounts.
State = t.Literal["in_force", "expired", "unknown_account"]


@dataclass(frozen=True)
class Held:
    """A waiver on one host: its state that day, its accounts by SID, and those that the host does not know."""

    waiver: Waiver
    state: State
    sids: tuple[str, ...]
    unknown: Mapping[str, tuple[str, ...]]

    @property
    def agreed(self) -> str:
        """The clause for a result: until when, and why."""
        until = f"until {self.waiver.until.isoformat()}" if self.waiver.until is not None else "without an end"
        return f"waived {until}: {self.waiver.reason}"


def names(waivers: Sequence[Waiver]) -> tuple[AccountName, ...]:
    """Every account that the host must be asked for."""
    found = {name.written: name for waiver in waivers for name in waiver.accounts}
    return tuple(found.values())


def hold(waivers: Sequence[Waiver], resolved: Mapping[str, Resolution], today: datetime.date) -> tuple[Held, ...]:
    """Each waiver as it stands on this host on that day (UTC); its last day still counts."""
    return tuple(_hold(waiver, resolved, today) for waiver in waivers)


def _hold(waiver: Waiver, resolved: Mapping[str, Resolution], today: datetime.date) -> Held:
    sids: list[str] = []
    unknown: dict[str, tuple[str, ...]] = {}
    for name in waiver.accounts:
        found = Resolution(name.sid) if not name.needs_host else resolved.get(name.written, Resolution(None))
        if found.sid is not None:
            sids.append(found.sid)
        else:
            unknown[name.written] = found.tried
    state: State = "in_force"
    if waiver.until is not None and today > waiver.until:
        state = "expired"
    elif not sids:
        state = "unknown_account"
    return Held(waiver, state, tuple(dict.fromkeys(sids)), unknown)


def apply(verdict: Verdict, waivers: Sequence[Held]) -> Verdict:
    """The verdict after the waivers of its control; what they cover is named with its reason and no longer fails."""
    if verdict.status != "fail":
        return verdict
    covered = {
        sid: held.agreed
        for held in waivers
        if held.waiver.control == verdict.control.id and held.state == "in_force"
        for sid in held.sids
    }
    extra = tuple(sid for sid in verdict.extra if sid not in covered)
    missing = tuple(one for one in verdict.missing if _covering(one, covered) is None)
    excepted = [sid for sid in verdict.extra if sid in covered]
    excepted += [sid for sid in (_covering(one, covered) for one in verdict.missing) if sid is not None]
    if not excepted:
        return verdict
    agreed = tuple(dict.fromkeys(covered[sid] for sid in excepted))
    allowed = (*verdict.allowed, *(Allowed(sid, covered[sid]) for sid in excepted))
    after = replace(verdict, extra=extra, missing=missing, allowed=allowed, agreed=agreed)
    if extra or missing:
        return after
    return replace(after, status="unknown" if verdict.doubts else "waived")


def _covering(missing: Missing, covered: Mapping[str, str]) -> str | None:
    """The account whose absence is waived; one of several that would do is enough."""
    return next((one.sid for one in missing.any_of if one.sid is not None and one.sid in covered), None)


def warnings(waivers: Sequence[Held]) -> list[str]:
    """Sentences about waivers that do less than they say."""
    said = []
    for held in waivers:
        waiver = held.waiver
        if held.state == "expired" and waiver.until is not None:
            said.append(
                f"The waiver of {waiver.control} ended on {waiver.until.isoformat()} and is ignored. Renew it, or cure "
                "what it excepted."
            )
            continue
        for written, tried in held.unknown.items():
            why = f" ({', '.join(tried)})" if tried else ""
            said.append(
                f"The waiver of {waiver.control} has no effect for {written}, whom the host does not know{why}."
            )
    return said
