# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the variables of the two roles to the values of a report: text becomes printable here, and nothing is believed.

A variable may be of an older release, cut off, or somebody else's: what cannot be read is a host without a result, and
says so.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.table import action

from .model import (
    STANDINGS,
    STATUSES,
    Allowance,
    Baseline,
    Finding,
    JudgedHost,
    Member,
    Pool,
    PopHost,
    Rule,
    Standing,
    Status,
    Waiver,
)

VARIABLES: Mapping[str, str] = {
    "user_rights_baseline": "user_rights_baseline_result",
    "pop3_prerequisites": "pop3_prerequisites_result",
}
# What ansible-core 2.19 and newer put before the sentence of a task.
_OF_ANSIBLE = "Task failed: "
_WAIVER = ("reason", "until", "state")
NOTHING = "The play has no result of this host: it was lost before it was looked at; the log of the play says how."
UNREADABLE = "What the play keeps of this host is not a result of the role, so nothing is known of it."


def judged_host(host: str, value: object, pool: Pool) -> JudgedHost:
    """What the variable ``user_rights_baseline_result`` of a host says; ``host`` is its name in the inventory."""
    name = printable(host)
    if not isinstance(value, Mapping) or not value:
        return JudgedHost(name, "no_result", failure=NOTHING if not value else UNREADABLE)
    judged = _dict(value.get("judged"))
    standing = _standing(value.get("status"))
    failure = _text(value.get("failure")) or (UNREADABLE if standing == "no_result" else "")
    waivers = tuple(_waiver(one, pool) for one in _dicts(judged.get("waivers")))
    findings = tuple(_finding(one, waivers, pool) for one in _dicts(judged.get("controls")))
    told = _dict(judged.get("baseline"))
    return JudgedHost(
        name,
        standing,
        computer=_text(value.get("computer")),
        failure=failure,
        changed=value.get("changed") is True,
        check_mode=value.get("check_mode") is True,
        restore_file=_text(value.get("restore_file")),
        role=_text(judged.get("host_role")),
        as_of=_text(judged.get("as_of")),
        baseline=pool.one(Baseline(*(_text(told.get(key)) for key in ("name", "title", "release", "source"))))
        if told
        else None,
        findings=pool.one(findings),
        orphans=_texts(judged.get("orphans")),
        waivers=waivers,
        # That of a host that could not be judged is its failure once more.
        warnings=() if failure else _texts(judged.get("warnings")),
    )


def pop_host(host: str, value: object) -> PopHost:
    """What the variable ``pop3_prerequisites_result`` of a host says; ``host`` is its name in the inventory."""
    name = printable(host)
    if isinstance(value, Mapping) and value.get("unreachable"):  # what Ansible registers then is no outcome
        return PopHost(name, "unreachable", failure=_text(value.get("msg")).removeprefix(_OF_ANSIBLE))
    if not isinstance(value, Mapping) or not value or value.get("skipped"):
        return PopHost(name, "no_result", failure=NOTHING if not value else UNREADABLE)
    try:
        done = action(t.cast("t.Any", value))
        rights = _dicts(value["rights"])
        standing: Standing = "unknown" if value["unknown"] else "compliant" if value["compliant"] else "not_compliant"
    except (KeyError, TypeError, AttributeError):
        return PopHost(name, "no_result", failure=UNREADABLE)
    return PopHost(
        name,
        standing,
        computer=_text(value.get("computer")),
        failure=_text(value.get("failure")),
        changed=value.get("changed") is True,
        check_mode=value.get("check_mode") is True,
        restore_file=_text(value.get("restore_file")),
        generation=_text(value.get("generation")),
        account=_text(value.get("account")),
        right=" ".join(dict.fromkeys(_text(one.get("name")) for one in rights)),
        verdict_before=_text(value.get("verdict_before")),
        action=printable(done),
        verdict_after=_text(value.get("verdict_after")),
        advice=_text(value.get("advice")),
    )


def _waiver(told: Mapping[str, t.Any], pool: Pool) -> Waiver:
    known = [one.label for one in _members(told.get("accounts"), pool)]
    accounts = (*known, *_texts(told.get("unknown_accounts")))
    return pool.one(Waiver(_text(told.get("control")), accounts, *(_text(told.get(key)) for key in _WAIVER)))


def _finding(told: Mapping[str, t.Any], waivers: Sequence[Waiver], pool: Pool) -> Finding:
    governed = _dict(told.get("governed"))
    waived = told.get("status") == "waived"
    used = [one for one in waivers if waived and one.state == "in_force" and one.control == _text(told.get("id"))]
    holders = _members(told.get("holders"), pool)
    known = {member.sid: member for member in holders}
    allowed = tuple(_allowance(one, known, pool) for one in _dicts(told.get("allowed_by")))
    return pool.one(
        Finding(
            _rule(told, pool),
            _status(told.get("status")),
            _members(told.get("expected"), pool),
            holders,
            _members(told.get("extra"), pool),
            _members(told.get("missing"), pool),
            allowed,
            _text(governed.get("status")),
            _policy(governed),
            _text(told.get("reason")),
            min((one.until for one in used if one.until), default=""),
            "; ".join(dict.fromkeys(one.reason for one in used)),
        )
    )


def _rule(told: Mapping[str, t.Any], pool: Pool) -> Rule:
    references = tuple(
        (_text(catalogue), _texts(ids if isinstance(ids, (list, tuple)) else [ids]))
        for catalogue, ids in _dict(told.get("references")).items()
        if ids
    )
    return pool.one(
        Rule(
            id=_text(told.get("id")),
            title=_text(told.get("title")),
            right=_text(told.get("right")),
            display_name=_text(told.get("display_name")),
            operator=_text(told.get("operator")),
            severity=_text(told.get("severity")),
            references=references,
        )
    )


def _members(told: object, pool: Pool) -> tuple[Member, ...]:
    return tuple(_member(one, pool) for one in _dicts(told))


def _member(told: Mapping[str, t.Any], pool: Pool) -> Member:
    several = [_member(one, pool).label for one in _dicts(told.get("any_of"))]
    sid, name = _text(told.get("sid")) or None, " or ".join(several) or _text(told.get("name")) or None
    return pool.one(Member(sid, name, _text(told.get("kind"))))


def _allowance(told: Mapping[str, t.Any], known: Mapping[str | None, Member], pool: Pool) -> Allowance:
    """An entry of ``allowed_by`` has the SID alone; its name stands among the holders."""
    member = _member(told, pool)
    named = member if member.name else known.get(member.sid, member)
    return pool.one(Allowance(named, _text(told.get("reason"))))


def _policy(governed: Mapping[str, t.Any]) -> str:
    gpo = _dict(governed.get("gpo"))
    return _text(gpo.get("name")) or _text(gpo.get("guid")) or _text(governed.get("source"))


def _standing(word: object) -> Standing:
    return next((standing for standing in STANDINGS if standing == word), "no_result")


def _status(word: object) -> Status:
    """The word of a control; one that nobody knows passes for unknown, never for pass."""
    return next((status for status in STATUSES if status == word), "unknown")


def _text(value: object) -> str:
    return "" if value is None else printable(str(value))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(one) for one in value) if isinstance(value, (list, tuple)) else ()


def _dict(value: object) -> Mapping[str, t.Any]:
    return value if isinstance(value, Mapping) else {}


def _dicts(value: object) -> Sequence[Mapping[str, t.Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []
