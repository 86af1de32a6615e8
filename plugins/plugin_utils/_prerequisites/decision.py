# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a diagnosis to what the role may do about it: the change, its undoing, and what to restart (pure)."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import FindingResult, RemedyResult
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.conflict import LOOK
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import GOVERNING, GovernedResult

from .options import Registered, Server, read_server
from .result import DecisionResult, RoleAction

# An entry of user_right's option rights.
Entry = Mapping[str, t.Any]


@dataclass(frozen=True)
class Decision:
    """What the role does on one host, decided before anything is changed.

    ``action`` is grant, revoke, restart, none, not_applicable, governed or unknown, ``reason`` one sentence or two.
    ``rights`` is what user_right gets ([{name, add}] or [{name, remove}]), ``restore`` what undoes exactly that.
    ``restart`` are the services whose processes have to start again for the change to work; ``failure`` is the sentence
    for gpo_conflict: fail, or empty. ``gpo_conflict`` is what user_right gets: what is known now was decided on here,
    so only what is new since is refused there.
    """

    action: RoleAction
    reason: str
    rights: tuple[Entry, ...] = ()
    restore: tuple[Entry, ...] = ()
    restart: tuple[str, ...] = ()
    failure: str = ""
    gpo_conflict: GpoConflict = "fail"

    def as_result(self) -> DecisionResult:
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


def conflict_of(word: object) -> GpoConflict | None:
    """The choice of gpo_conflict that a playbook wrote; None for a word that is none."""
    choices: tuple[GpoConflict, ...] = t.get_args(GpoConflict)
    return next((choice for choice in choices if choice == word), None)


def decide(
    result: Registered, gpo_conflict: GpoConflict = "warn", *, named: bool = False, revoke: bool = False
) -> Decision:
    """Decide, from a result of pop3_server_info; a result of a failed task gives ``unknown`` with its message.

    ``named``: the rights were asked for by name, so the account itself gets one that it may hold through a group only.
    """
    server = read_server(result)
    if server.remedy is None:
        return Decision("unknown", server.message)
    if revoke:
        return _revocation(server, server.remedy, gpo_conflict)
    return _grant(server, server.remedy, gpo_conflict, named=named)


def _grant(server: Server, remedy: RemedyResult, gpo_conflict: GpoConflict, *, named: bool) -> Decision:
    action, reason = remedy["action"], remedy["reason"]
    doubtful = _doubtful(server) if named and action in ("grant", "restart", "none", "unknown") else []
    if action not in ("grant", "governed") and not doubtful:
        restart = tuple(remedy["services"]) if action == "restart" else ()
        return Decision(action, reason, restart=restart)
    findings = [one for one in _concerned(server, remedy) if one["held"] not in ("direct", "group")]
    if gpo_conflict != "ignore" and (action == "governed" or any(map(_policy, findings))):
        return _refused(reason, gpo_conflict)
    findings += [one for one in doubtful if one not in findings]
    if not findings:
        return Decision(action, reason)
    if gpo_conflict == "fail" and (why := _not_known(findings)):
        return Decision("grant", reason, failure=f"{reason} {why}")
    if action == "governed":
        reason += " It is granted all the same, as gpo_conflict=ignore asks."
    for one in doubtful:
        reason += (
            f" {who(one)} may hold {one['name']} through a group; it was asked for by name and is granted directly."
        )
    return _change("grant", reason, findings, server, gpo_conflict)


def _doubtful(server: Server) -> list[FindingResult]:
    """The rights of which nobody can see whether the account holds them, and which no policy sets."""
    return [
        one
        for one in server.rights
        if one["held"] == "unknown" and one["governed"] and not _policy(one) and one["account"]["sid"]
    ]


def _revocation(server: Server, remedy: RemedyResult, gpo_conflict: GpoConflict) -> Decision:
    """Take each right that was looked at from the account, where the account itself is a holder."""
    findings = list(server.rights)
    if not findings:
        return Decision("not_applicable", remedy["reason"])
    direct = [one for one in findings if one["held"] == "direct"]
    if not direct:
        return Decision("none", _not_held(findings))
    governed = [one for one in direct if _policy(one)]
    if governed and gpo_conflict != "ignore":
        return _refused(_gives_it_back(governed[0]), gpo_conflict)
    reason = " ".join(
        f"{who(one)} holds {one['name']} ({one['display_name']}), which is to be taken." for one in direct
    )
    if gpo_conflict == "fail" and (why := _not_known(direct)):
        return Decision("revoke", reason, failure=f"{reason} {why}")
    return _change("revoke", reason, direct, server, gpo_conflict)


def _not_held(findings: Sequence[FindingResult]) -> str:
    through = [one for one in findings if one["held"] == "group"]
    if through:
        groups = ", ".join(str(via["name"] or via["sid"]) for via in through[0]["via"])
        return f"{who(through[0])} holds {through[0]['name']} through {groups} only: take it out of that group."
    return f"{who(findings[0])} is not itself a holder of {', '.join(unique(one['name'] for one in findings))}."


def _gives_it_back(finding: FindingResult) -> str:
    return f"{_policy(finding)} sets {finding['name']}, so a local change would not last: change it there."


def _not_known(findings: Sequence[FindingResult]) -> str:
    """Why gpo_conflict: fail refuses a change that no policy was seen to be against; empty where it does not."""
    doubtful = [one for one in findings if not one["governed"] or one["governed"]["status"] == "unknown"]
    if not doubtful:
        return ""
    names = ", ".join(unique(one["name"] for one in doubtful))
    policy = doubtful[0]["governed"]
    why = (policy["why_unknown"] if policy else None) or "this was not told"
    return (
        f"Whether a policy sets {names} is not known ({why}): {LOOK}. With pop3_prerequisites_gpo_conflict: warn the "
        "change is made all the same."
    )


def _refused(reason: str, gpo_conflict: GpoConflict) -> Decision:
    return Decision("governed", reason, failure=reason if gpo_conflict == "fail" else "")


def _change(
    action: t.Literal["grant", "revoke"],
    reason: str,
    findings: Sequence[FindingResult],
    server: Server,
    gpo_conflict: GpoConflict,
) -> Decision:
    forth, back = ("add", "remove") if action == "grant" else ("remove", "add")
    entries = [(one["name"], one["account"]["sid"]) for one in findings if one["account"]["sid"]]
    return Decision(
        action,
        reason,
        rights=tuple({"name": name, forth: [sid]} for name, sid in entries),
        restore=tuple({"name": name, back: [sid]} for name, sid in entries),
        restart=_to_restart(server, findings),
        gpo_conflict="ignore" if gpo_conflict == "ignore" else "warn" if _not_known(findings) else "fail",
    )


def _to_restart(server: Server, findings: Sequence[FindingResult]) -> tuple[str, ...]:
    """The services that run under an account whose privileges change; a logon right is not part of a process."""
    changing = {one["account"]["sid"] for one in findings if one["name"].endswith("Privilege")}
    return unique(
        service["name"] for service in server.hosting if service["process_id"] and service["account"]["sid"] in changing
    )


def _concerned(server: Server, remedy: RemedyResult) -> list[FindingResult]:
    return [
        one for one in server.rights if one["name"] in remedy["rights"] and one["account"]["sid"] in remedy["accounts"]
    ]


def _policy(finding: FindingResult) -> str:
    """Who sets a right again and again, as the subject of a sentence; empty where nobody was seen to."""
    governed = finding["governed"]
    if not governed or governed["status"] not in GOVERNING:
        return ""
    return "Device management (MDM)" if governed["status"] == "mdm" else f"The Group Policy {policy_name(governed)}"


def policy_name(governed: GovernedResult | None) -> str:
    """How people know who governs: the policy's name, else its GUID, else that it has none."""
    if governed is not None and governed["status"] == "mdm":
        return "device management (MDM)"
    gpo = governed["gpo"] if governed is not None else None
    return (gpo["name"] or gpo["guid"] if gpo else None) or "without a name"


def who(finding: FindingResult) -> str:
    """The account of a finding as people read it."""
    account = finding["account"]
    return str(account["name"] or account["sid"] or "the account")


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in the order of first occurrence."""
    return tuple(dict.fromkeys(values))
