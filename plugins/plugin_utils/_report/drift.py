# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is different from the report before: hosts that got worse or better, controls that fail anew (pure).

Both sides are documents (document.py), so what is compared is what was written. Findings are compared where both
reports judged the host by the same baseline; where they cannot be, the host is named. Where both judged it and by
another baseline, its standing is not compared either: it did not come right, other things were asked of it.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import count
from .document import FORMAT, VERSION

Document = Mapping[str, t.Any]
_HOSTS_NAMED, _CONTROLS_NAMED = 5, 10


class ForeignError(ValueError):
    """A document is not one of ours; ``str()`` is a clause that says why."""


@dataclass(frozen=True)
class _Seen:
    standing: str
    baseline: str | None
    # By the id and the right of a control: its title and status.
    controls: Mapping[tuple[str, str], tuple[str, str]]


def compare(now: Document, before: Document, folder: str) -> dict[str, t.Any]:
    """The entry ``drift`` of a document; ``folder`` is the name of the earlier report's folder. Raises ForeignError."""
    if before.get("format") != FORMAT or before.get("version") != VERSION or before.get("kind") != now["kind"]:
        raise ForeignError("it is no report of this kind and version")
    try:
        seen, then, since = _seen(now), _seen(before), str(before["written_at"])
    except (KeyError, TypeError, IndexError, AttributeError) as exc:
        raise ForeignError(f"it is not as its schema says ({type(exc).__name__})") from exc
    both = [host for host in seen if host in then]
    judged = now["kind"] == "user_rights_baseline"
    comparable = [host for host in both if _comparable(seen[host], then[host])] if judged else []
    return {
        "since": since,
        "folder": folder,
        "hosts": [
            {"host": host, "before": then[host].standing, "after": seen[host].standing}
            for host in both
            if seen[host].standing != then[host].standing and not _asked_otherwise(seen[host], then[host])
        ],
        "controls": _controls({host: (then[host], seen[host]) for host in comparable}),
        "new_hosts": [host for host in seen if host not in then],
        "gone_hosts": [host for host in then if host not in seen],
        "not_compared": [host for host in both if host not in set(comparable)] if judged else [],
    }


def _seen(document: Document) -> dict[str, _Seen]:
    rules = document.get("controls", [])
    found = {}
    for host in document["hosts"]:
        controls = {
            (str(rules[one["control"]]["id"]), str(rules[one["control"]]["right"])): (
                str(rules[one["control"]]["title"]),
                str(one["status"]),
            )
            for one in host.get("findings", [])
        }
        found[str(host["host"])] = _Seen(str(host["standing"]), host.get("baseline"), controls)
    return found


def _comparable(now: _Seen, before: _Seen) -> bool:
    return bool(now.controls) and bool(before.controls) and now.baseline == before.baseline


def _asked_otherwise(now: _Seen, before: _Seen) -> bool:
    return bool(now.baseline) and bool(before.baseline) and now.baseline != before.baseline


def _controls(pairs: Mapping[str, tuple[_Seen, _Seen]]) -> list[dict[str, t.Any]]:
    """The controls whose status changed: what fails anew first, on most hosts first."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for host, (before, now) in pairs.items():
        for key, (title, status) in now.controls.items():
            was = before.controls.get(key, ("", status))[1]
            if was != status:
                found.setdefault((key[0], title, was, status), []).append(host)
    together = sorted(found.items(), key=lambda one: (one[0][3] != "fail", -len(one[1])))
    return [
        {"control": rule, "title": title, "before": was, "after": status, "hosts": hosts}
        for (rule, title, was, status), hosts in together
    ]


def lines(drift: Mapping[str, t.Any]) -> list[str]:
    """The same in a few lines for the screen."""
    worse = [one["host"] for one in drift["hosts"] if one["before"] == "compliant"]
    better = [one["host"] for one in drift["hosts"] if one["after"] == "compliant"]
    parts = [_some("fell back", worse), _some("came right", better)]
    parts += [_some("new", drift["new_hosts"]), _some("no longer there", drift["gone_hosts"])]
    parts += [_some("not comparable", drift["not_compared"])]
    told = "; ".join(filter(None, parts)) or "every host stands as it did"
    anew = [one for one in drift["controls"] if one["after"] == "fail"]
    return [
        f"Since the report of {drift['since']}: {told}.",
        *(f"  Fails anew: {one['control']} {_some(one['title'], one['hosts'])}" for one in anew[:_CONTROLS_NAMED]),
    ]


def _some(word: str, hosts: Sequence[str]) -> str:
    if not hosts:
        return ""
    number = f"{len(hosts)} host" if len(hosts) == 1 else f"{len(hosts)} hosts"
    return f"{word}: {number} ({count.some(hosts, _HOSTS_NAMED)})"
