# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a diagnosis to what the role may do about it: the change, its undoing, and what to restart (pure).

This plugin util is PRIVATE to the collection.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.conflict import LOOK

GRANT, REVOKE, RESTART, NONE = "grant", "revoke", "restart", "none"
GOVERNED, NOT_APPLICABLE, UNKNOWN = "governed", "not_applicable", "unknown"
WARN, FAIL, IGNORE = "warn", "fail", "ignore"
GPO, MDM = "gpo", "mdm"
# Who applies its settings again and again.
GOVERNING = (GPO, MDM)

Result = Mapping[str, t.Any]


@dataclass(frozen=True)
class Decision:
    """What the role does on one host, decided before anything is changed.

    ``action`` is grant, revoke, restart, none, not_applicable, governed or unknown, ``reason`` one sentence or two.
    ``rights`` is what user_right gets ([{name, add}] or [{name, remove}]), ``restore`` what undoes exactly that.
    ``restart`` are the services whose processes have to start again for the change to work; ``failure`` is the sentence
    for gpo_conflict: fail, or empty. ``gpo_conflict`` is what user_right gets: what is known now was decided on here,
    so only what is new since is refused there.
    """

    action: str
    reason: str
    rights: tuple[Result, ...] = ()
    restore: tuple[Result, ...] = ()
    restart: tuple[str, ...] = ()
    failure: str = ""
    gpo_conflict: str = FAIL

    def as_result(self) -> dict[str, t.Any]:
        """The same as values that Ansible's templates know."""
        return {
            "action": self.action,
            "reason": self.reason,
            "rights": [dict(entry) for entry in self.rights],
            "restore": [dict(entry) for entry in self.restore],
            "restart": list(self.restart),
            "failure": self.failure,
            "gpo_conflict": self.gpo_conflict,
        }


def decide(server: Result, gpo_conflict: str = WARN, *, named: bool = False, revoke: bool = False) -> Decision:
    """Decide, from a result of pop3_server_info; a result of a failed task gives ``unknown`` with its message.

    ``named``: the rights were asked for by name, so the account itself gets one that it may hold through a group only.
    """
    if "remedy" not in server:
        return Decision(UNKNOWN, str(server.get("msg") or "The server could not be looked at."))
    return _revocation(server, gpo_conflict) if revoke else _grant(server, gpo_conflict, named=named)


def _grant(server: Result, gpo_conflict: str, *, named: bool) -> Decision:
    remedy = server["remedy"]
    action, reason = remedy["action"], remedy["reason"]
    doubtful = _doubtful(server) if named and action in (GRANT, RESTART, NONE, UNKNOWN) else []
    if action not in (GRANT, GOVERNED) and not doubtful:
        restart = tuple(remedy["services"]) if action == RESTART else ()
        return Decision(action, reason, restart=restart)
    findings = [one for one in _concerned(server, remedy) if one["held"] not in ("direct", "group")]
    if gpo_conflict != IGNORE and (action == GOVERNED or any(map(_policy, findings))):
        return _refused(reason, gpo_conflict)
    findings += [one for one in doubtful if one not in findings]
    if not findings:
        return Decision(action, reason)
    if gpo_conflict == FAIL and (why := _not_known(findings)):
        return Decision(GRANT, reason, failure=f"{reason} {why}")
    if action == GOVERNED:
        reason += " It is granted all the same, as gpo_conflict=ignore asks."
    for one in doubtful:
        reason += (
            f" {who(one)} may hold {one['name']} through a group; it was asked for by name and is granted directly."
        )
    return _change(GRANT, reason, findings, server, gpo_conflict)


def _doubtful(server: Result) -> list[Result]:
    """The rights of which nobody can see whether the account holds them, and which no policy sets."""
    return [
        one
        for one in server["rights"]
        if one["held"] == "unknown" and one["governed"] and not _policy(one) and one["account"]["sid"]
    ]


def _revocation(server: Result, gpo_conflict: str) -> Decision:
    """Take each right that was looked at from the account, where the account itself is a holder."""
    findings = list(server["rights"])
    if not findings:
        return Decision(NOT_APPLICABLE, str(server["remedy"]["reason"]))
    direct = [one for one in findings if one["held"] == "direct"]
    if not direct:
        return Decision(NONE, _not_held(findings))
    governed = [one for one in direct if _policy(one)]
    if governed and gpo_conflict != IGNORE:
        return _refused(_gives_it_back(governed[0]), gpo_conflict)
    reason = " ".join(
        f"{who(one)} holds {one['name']} ({one['display_name']}), which is to be taken." for one in direct
    )
    if gpo_conflict == FAIL and (why := _not_known(direct)):
        return Decision(REVOKE, reason, failure=f"{reason} {why}")
    return _change(REVOKE, reason, direct, server, gpo_conflict)


def _not_held(findings: Sequence[Result]) -> str:
    through = [one for one in findings if one["held"] == "group"]
    if through:
        groups = ", ".join(str(via["name"] or via["sid"]) for via in through[0]["via"])
        return f"{who(through[0])} holds {through[0]['name']} through {groups} only: take it out of that group."
    return f"{who(findings[0])} is not itself a holder of {', '.join(unique(one['name'] for one in findings))}."


def _gives_it_back(finding: Result) -> str:
    return f"{_policy(finding)} sets {finding['name']}, so a local change would not last: change it there."


def _not_known(findings: Sequence[Result]) -> str:
    """Why gpo_conflict: fail refuses a change that no policy was seen to be against; empty where it does not."""
    doubtful = [one for one in findings if not one["governed"] or one["governed"]["status"] == UNKNOWN]
    if not doubtful:
        return ""
    names = ", ".join(unique(one["name"] for one in doubtful))
    why = (doubtful[0]["governed"] or {}).get("why_unknown") or "this was not told"
    return (
        f"Whether a policy sets {names} is not known ({why}): {LOOK}. With pop3_prerequisites_gpo_conflict: warn the "
        "change is made all the same."
    )


def _refused(reason: str, gpo_conflict: str) -> Decision:
    return Decision(GOVERNED, reason, failure=reason if gpo_conflict == FAIL else "")


def _change(action: str, reason: str, findings: Sequence[Result], server: Result, gpo_conflict: str) -> Decision:
    forth, back = ("add", "remove") if action == GRANT else ("remove", "add")
    entries = [(one["name"], one["account"]["sid"]) for one in findings if one["account"]["sid"]]
    return Decision(
        action,
        reason,
        rights=tuple({"name": name, forth: [sid]} for name, sid in entries),
        restore=tuple({"name": name, back: [sid]} for name, sid in entries),
        restart=_to_restart(server, findings),
        gpo_conflict=IGNORE if gpo_conflict == IGNORE else WARN if _not_known(findings) else FAIL,
    )


def _to_restart(server: Result, findings: Sequence[Result]) -> tuple[str, ...]:
    """The services that run under an account whose privileges change; a logon right is not part of a process."""
    changing = {one["account"]["sid"] for one in findings if one["name"].endswith("Privilege")}
    return unique(
        service["name"]
        for service in server["hosting"]
        if service["process_id"] and service["account"]["sid"] in changing
    )


def _concerned(server: Result, remedy: Result) -> list[Result]:
    return [
        one
        for one in server["rights"]
        if one["name"] in remedy["rights"] and one["account"]["sid"] in remedy["accounts"]
    ]


def _policy(finding: Result) -> str:
    """Who sets a right again and again, as the subject of a sentence; empty where nobody was seen to."""
    governed = finding["governed"]
    if not governed or governed["status"] not in GOVERNING:
        return ""
    return "Device management (MDM)" if governed["status"] == MDM else f"The Group Policy {policy_name(governed)}"


def policy_name(governed: Result) -> str:
    """How people know who governs: the policy's name, else its GUID, else that it has none."""
    if governed.get("status") == MDM:
        return "device management (MDM)"
    gpo = governed.get("gpo") or {}
    return str(gpo.get("name") or gpo.get("guid") or "without a name")


def who(finding: Result) -> str:
    """The account of a finding as people read it."""
    account = finding["account"]
    return str(account["name"] or account["sid"] or "the account")


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in the order of first occurrence."""
    return tuple(dict.fromkeys(values))
