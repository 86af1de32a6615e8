# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who governs a right: the Group Policy templates that the host keeps, its policy log, and device management (pure).

Microsoft KB 324383: the security extension copies each GPO's template to a cache, gpt00000 and up, applied in rising
order, so the highest number that has the right wins.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    CachedPolicy,
    Computer,
    MdmReading,
    PolicyReading,
    RsopReading,
    RsopRight,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids

_NUMBER = re.compile(r"\Agpt(\d{1,10})\.", re.IGNORECASE | re.ASCII)


# Who sets a right: a Group Policy, device management, nobody who was seen, or it is not known.
Status = t.Literal["gpo", "mdm", "none_seen", "unknown"]
# They apply their settings again and again.
GOVERNING: frozenset[Status] = frozenset({"gpo", "mdm"})


class GpoResult(t.TypedDict):
    """A Group Policy in a result."""

    guid: str
    name: str | None
    holders: list[str]


class GovernedResult(t.TypedDict):
    """The documented ``governed`` value of a result."""

    status: Status
    gpo: GpoResult | None
    source: str | None
    sources: list[str]
    disagreement: str | None
    why_unknown: str | None
    domain_controller: bool
    as_of: str


@dataclass(frozen=True)
class Governed:
    """Who sets a right: ``gpo`` (with GUID, name and its holders), ``mdm``, ``none_seen``, or ``unknown`` and why.

    ``tokens`` are the holders as the GPO's template spells them. ``source`` is the witness that was believed: cache,
    rsop or mdm; ``other`` is what another one says where they disagree; ``sources`` are all that could be read.
    ``none_seen`` never means that a grant will last.
    """

    status: Status
    as_of: datetime.datetime
    guid: str | None = None
    name: str | None = None
    tokens: tuple[str, ...] = ()
    domain_controller: bool = False
    source: str | None = None
    other: str | None = None
    sources: tuple[str, ...] = ()
    why: str = ""

    def with_name(self, name: str | None) -> Governed:
        """The same with the policy's display name."""
        return dataclasses.replace(self, name=name)

    def as_result(self) -> GovernedResult:
        """The documented ``governed`` value of a result."""
        gpo: GpoResult | None = (
            None if self.guid is None else {"guid": self.guid, "name": self.name, "holders": list(self.tokens)}
        )
        return {
            "status": self.status,
            "gpo": gpo,
            "source": self.source,
            "sources": list(self.sources),
            "disagreement": self.other,
            "why_unknown": self.why or None,
            "domain_controller": self.domain_controller,
            "as_of": self.as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


def _order(policy: CachedPolicy) -> int:
    match = _NUMBER.match(policy.file)
    return int(match.group(1)) if match else -1


def governed(
    right: str,
    reading: PolicyReading,
    computer: Computer,
    as_of: datetime.datetime,
    rsop: RsopReading | None = None,
) -> Governed:
    """Decide from the cached templates, then from the policy log; a domain member without either is ``unknown``."""
    logged = rsop.rights.get(right) if rsop is not None else None
    unread = _unread(reading, computer)
    seen = Governed(
        "none_seen",
        as_of,
        domain_controller=computer.domain_controller,
        sources=_sources(rsop, cache=not unread),
    )
    setting = [policy for policy in reading.policies if right in policy.rights]
    if setting:
        winner = max(setting, key=_order)
        guid = winner.guid or winner.file
        other = _against(logged, guid, rsop)
        return dataclasses.replace(
            seen, status="gpo", guid=guid, tokens=winner.rights[right], source="cache", other=other
        )
    if logged is not None:
        other = None if unread else "the cached templates of the host do not set this right"
        return dataclasses.replace(
            seen, status="gpo", guid=logged.guid, tokens=logged.holders, source="rsop", other=other
        )
    return dataclasses.replace(seen, status="unknown", why=_why(unread, rsop)) if unread else seen


def with_mdm(found: Governed, right: str, mdm: MdmReading | None) -> Governed:
    """The same after a look at device management, which governs what no Group Policy sets."""
    if mdm is None or mdm.refusal is not None:
        return found
    found = dataclasses.replace(found, sources=(*found.sources, "mdm"))
    if right not in mdm.rights:
        return found
    if found.status == "gpo":
        return dataclasses.replace(found, other=found.other or "device management (MDM) sets this right as well")
    return dataclasses.replace(found, status="mdm", source="mdm", why="")


def _unread(reading: PolicyReading, computer: Computer) -> str:
    """Why the cached templates prove nothing; empty where they do."""
    if not reading.complete:
        return "not every template that the host keeps of its policies could be read"
    if computer.part_of_domain and not reading.policies:
        return "the host is a member of a domain and keeps no template of any policy"
    return ""


def _why(unread: str, rsop: RsopReading | None) -> str:
    if rsop is None:
        return unread
    if rsop.refusal is not None:
        return f"{unread}, and its policy log (RSoP) could not be read ({rsop.refusal.rstrip('.')})"
    return f"{unread}, and its policy log (RSoP) does not name it"


def _sources(rsop: RsopReading | None, *, cache: bool) -> tuple[str, ...]:
    """The witnesses that told something; an empty policy log tells nothing, for logging can be off."""
    logged = rsop is not None and rsop.refusal is None and bool(rsop.rights)
    return (*(("cache",) if cache else ()), *(("rsop",) if logged else ()))


def _against(logged: RsopRight | None, guid: str, rsop: RsopReading | None) -> str | None:
    """What the policy log says against the cache; a log that is empty or refused says nothing."""
    if rsop is None or rsop.refusal is not None or not rsop.rights:
        return None
    if logged is None:
        return "the policy log (RSoP) has no policy that sets this right"
    if logged.guid is not None and logged.guid != guid:
        return f"the policy log (RSoP) names the policy {logged.guid}"
    return None


def gpttmpl_line(right: str, present: Sequence[str], added: Sequence[str]) -> str:
    """The line to put under [Privilege Rights] of the GPO's GptTmpl.inf so that the policy itself gives the right."""
    written = [*present, *("*" + sid for sid in added)]
    unique = dict.fromkeys(
        "*" + sids.normal(token[1:]) if token.startswith("*") and sids.is_sid(token[1:]) else token for token in written
    )
    return f"{right} = {','.join(unique)}"
