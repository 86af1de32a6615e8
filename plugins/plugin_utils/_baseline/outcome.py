# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of one host in the role user_rights_baseline: the documented variable user_rights_baseline_result (pure).

There is one for every host, whatever happened to it: a host that nobody could look at must not be missing in a report.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable, Mapping, Sequence

# failed: the host was reached, and what it was asked broke or was refused.
Status = t.Literal["compliant", "not_compliant", "unknown", "unreachable", "failed"]
# What Ansible registered for a task.
Registered = Mapping[str, t.Any]

_NAMED = 5
_RIGHT = re.compile(r"\bSe[A-Za-z]+(?:Privilege|Right)\b", re.ASCII)


class Outcome(t.TypedDict):
    """The documented result; see the role's README for its fields."""

    host: str
    computer: str
    status: Status
    reason: str
    judged: dict[str, t.Any]
    before: dict[str, t.Any]
    remedy: list[dict[str, t.Any]]
    changed: bool
    check_mode: bool
    restore: list[dict[str, t.Any]]
    restore_file: str
    confirm: dict[str, t.Any]
    failure: str


def unseen(host: str, status: Status, sentence: str, *, check_mode: bool) -> Outcome:
    """The outcome of a host that could not be judged; ``sentence`` says why."""
    return {
        "host": host,
        "computer": "",
        "status": status,
        "reason": sentence,
        "judged": {},
        "before": {},
        "remedy": [],
        "changed": False,
        "check_mode": check_mode,
        "restore": [],
        "restore_file": "",
        "confirm": {},
        "failure": sentence,
    }


def seen(host: str, found: Registered, warnings: Sequence[str], *, check_mode: bool) -> Outcome:
    """The outcome of a look, from what user_right_baseline_info tells and warns of.

    Ansible keeps a task's warnings as objects of its own, so that the report could not read them there.
    """
    judged = {name: value for name, value in found.items() if name != "changed"} | {"warnings": list(warnings)}
    return {
        **unseen(host, _status(judged), "", check_mode=check_mode),
        "computer": str(judged["computer"]["name"]),
        "reason": reason(judged),
        "judged": judged,
        "remedy": [dict(entry) for entry in judged["remedy"]],
    }


def cured(first: Outcome, change: Registered, second: Outcome) -> Outcome:
    """The outcome after user_right carried out the remedy of the first look, or did not; ``second`` is the last look.

    A change that failed is a failure of the host, whatever the second look says: it was asked for and did not come.
    ``changed`` stays as it is: the task that looks reports it, and the role puts that of the change in its place.
    """
    whole: Outcome = {
        **second,
        "before": {name: first["judged"].get(name) for name in ("compliant", "summary")},
        "restore": undo(change.get("rights", ())),
        "restore_file": first["restore_file"],
        "confirm": dict(change.get("confirm") or {}),
    }
    if not second["judged"]:
        whole = {**whole, "computer": first["computer"], "judged": first["judged"], "remedy": first["remedy"]}
    if change.get("failed") or change.get("unreachable"):
        failure = _refused(change, first)
        if second["failure"]:
            failure += f" And then: {second['failure']}"
        status: Status = "unreachable" if second["status"] == "unreachable" else "failed"
        whole = {**whole, "status": status, "reason": failure, "failure": failure}
    return whole


def undo(rights: Iterable[Registered]) -> list[dict[str, t.Any]]:
    """What undoes a change: the ``rights`` of a user_right task, from its result or from a remedy before it is made.

    It names whom the change names and nobody else, so it takes nothing from anybody whenever it is used.
    """
    undone = []
    for right in rights:
        added = right.get("added", right.get("add")) or ()
        removed = right.get("removed", right.get("remove")) or ()
        entry: dict[str, t.Any] = {"name": right["name"]}
        if removed:
            entry["add"] = list(removed)
        if added:
            entry["remove"] = list(added)
        if len(entry) > 1:
            undone.append(entry)
    return undone


def reason(judged: Registered) -> str:
    """How a host stands to its baseline, in a sentence or two."""
    summary: Mapping[str, int] = judged["summary"]
    # What does not apply to a host is no part of what it has to meet.
    asked = sum(count for status, count in summary.items() if status != "not_applicable")
    baseline = judged["baseline"]
    name = f"{baseline['title']} ({baseline['release']})"
    failing, unknown = _with_status(judged, "fail"), _with_status(judged, "unknown")
    if not (failing or unknown):
        waived = f", {summary['waived']} of them by a waiver" if summary.get("waived") else ""
        return f"All {asked} controls of {name} are met{waived}."
    told = []
    if failing:
        told.append(
            f"{len(failing)} of {asked} controls of {name} {_verb(failing, 'fails', 'fail')}: {_some(failing)}."
        )
    if unknown:
        of = "" if failing else f" of {asked} controls of {name}"
        told.append(f"{len(unknown)}{of} {_verb(unknown, 'is', 'are')} not known: {_some(unknown)}.")
    return " ".join(told)


def _status(judged: Registered) -> Status:
    compliant = judged["compliant"]
    return "unknown" if compliant is None else "compliant" if compliant else "not_compliant"


def _with_status(judged: Registered, status: str) -> list[str]:
    return [str(control["id"]) for control in judged["controls"] if control["status"] == status]


def _some(ids: Sequence[str]) -> str:
    more = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _verb(things: Sequence[str], one: str, several: str) -> str:
    return one if len(things) == 1 else several


def _refused(change: Registered, first: Outcome) -> str:
    """Why the change failed, and of a refusal which controls it concerns and how the others can be cured."""
    said = str(change.get("msg") or "The task that changes the user rights failed.")
    if change.get("rights") or change.get("unreachable"):
        return said
    # A refusal comes before any change and concerns the whole task; it names the rights that it is about.
    rights = set(_RIGHT.findall(said))
    controls = [
        str(control["id"])
        for control in first["judged"].get("controls", ())
        if control["status"] == "fail" and control["right"] in rights
    ]
    if not controls:
        return said
    them = _verb(controls, "it", "them")
    return (
        f"{said} That is what {', '.join(controls)} {_verb(controls, 'asks', 'ask')} for; to cure the other controls, "
        f"name {them} in user_rights_baseline_exclude_controls."
    )
