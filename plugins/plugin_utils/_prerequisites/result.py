# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of a run of the role on one host: the documented variable pop3_prerequisites_result (pure).

This plugin util is PRIVATE to the collection.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites import decision as decisions
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.compliance import judge
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.decision import Result

PRIVILEGE_MISSING, LISTENING = "privilege_missing", "listening"
NOTHING_TO_DO = "There is nothing to do."
# After a restart of ours these mean that POP3 did not come back.
_GONE = ("no_listener", "unreachable", "timed_out", "not_pop3")
_FIVE = ("5.0", "5.5")


@dataclass(frozen=True)
class Run:
    """The registered results of a run, as they are; an empty one belongs to a task that did not run."""

    host: str
    cure: Result
    server: Result = field(default_factory=dict)
    probe: Result = field(default_factory=dict)
    change: Result = field(default_factory=dict)
    restarts: Result = field(default_factory=dict)
    again: Result = field(default_factory=dict)
    restore_file: str | None = None
    check_mode: bool = False
    failure: str = ""
    login: str = "none"
    revoke: bool = False


def outcome(run: Run) -> dict[str, t.Any]:
    """The documented result; see the role's README for its fields."""
    done = _done(run)
    required = _restart_required(run, done)
    findings = [_right(run, one) for one in run.server.get("rights", ())]
    shown = {
        "host": run.host,
        "computer": run.server.get("computer", {}).get("name"),
        "generation": generation(run.server, run.probe),
        "services": [service["name"] for service in run.server.get("hosting", ())],
        "account": _account(run.server),
        "rights": findings,
        "governed": _governed(findings),
        "verdict_before": run.probe.get("verdict"),
        "verdict_after": _after(run, done).get("verdict"),
        "dialogue_before": list(run.probe.get("transcript", ())),
        "dialogue_after": list(_after(run, done).get("transcript", ())),
        "action": run.cure["action"],
        "reason": run.cure["reason"],
        "done": done,
        "changed": bool(done),
        "check_mode": run.check_mode,
        "restarted": _restarted(run),
        "restart_required": required,
        "events": _events(run.server),
        "unread": list(run.server.get("unread", ())),
        "restore": list(run.cure["restore"]) if _changed(run) else [],
        "restore_file": run.restore_file if _changed(run) else None,
        "failure": run.failure or run.cure["failure"] or _disproof(run, done),
    }
    judged = judge(shown, looked="remedy" in run.server, login=run.login, revoke=run.revoke)
    return {
        **shown,
        "compliant": judged.compliant,
        "unknown": judged.unknown,
        "advice": _advice(shown, run),
    }


def generation(server: Result, probe: Result) -> str:
    """The generation of Exchange; what tells 5.0 from 5.5 is the banner of its POP3 server."""
    installed = str(server.get("exchange", {}).get("generation", decisions.UNKNOWN))
    greeted = (probe.get("product") or {}).get("generation")
    if installed == decisions.UNKNOWN and greeted:
        return str(greeted)
    return str(greeted) if installed == "5.x" and greeted in _FIVE else installed


def _changed(run: Run) -> bool:
    return bool(run.change.get("changed"))


def _restarted(run: Run) -> list[str]:
    """Every service that was started again (in check mode, would be), in that order."""
    loops = [one for one in run.restarts.get("results", ()) if one.get("changed")]
    return list(decisions.unique(name for one in loops for name in one.get("started", ())))


def _done(run: Run) -> list[str]:
    """The steps that were carried out; in check mode, that would be."""
    steps = [run.cure["action"]] if _changed(run) else []
    return [*steps, decisions.RESTART] if _restarted(run) else steps


def _restart_required(run: Run, done: Sequence[str]) -> bool:
    """Whether a process still runs with other privileges than its account has now."""
    if decisions.RESTART in done:
        return False
    if run.cure["action"] == decisions.RESTART:
        return True
    return _changed(run) and bool(run.cure["restart"])


def _after(run: Run, done: Sequence[str]) -> Result:
    """The last probe; nothing where something changed and was not probed since (check mode, or no restart)."""
    if run.again:
        return run.again
    return {} if done else run.probe


def _account(server: Result) -> str | None:
    """The account in question as people read it, or those of the services where no right was looked at."""
    named = [decisions.who(one) for one in server.get("rights", ())]
    owners = [one["account"]["name"] or one["account"]["sid"] for one in server.get("hosting", ())]
    return " and ".join(decisions.unique(map(str, named or owners))) or None


def _right(run: Run, finding: Result) -> dict[str, t.Any]:
    """One right of one account, before and after; ``after`` is read back, or predicted in check mode."""
    account = finding["account"]
    return {
        "name": finding["name"],
        "display_name": finding["display_name"],
        "account": dict(account),
        "before": finding["held"],
        "after": _held_after(run.change, finding),
        "governed": finding["governed"],
    }


def _held_after(change: Result, finding: Result) -> str:
    for right in change.get("rights", ()):
        if right["name"] == finding["name"]:
            sid = finding["account"]["sid"]
            if sid in [holder["sid"] for holder in right["after"]]:
                return "direct"
            return "missing" if sid in right["removed"] else str(finding["held"])
    return str(finding["held"])


def _events(server: Result) -> dict[str, t.Any] | None:
    """Failed POP3 logons in the event log; None where it was not read, which is not the same as none."""
    log = server.get("events") or {}
    if log.get("status") != "read":
        return None
    return {name: log[name] for name in ("count", "newest", "privilege_failure_at", "since_seconds")}


def _governed(findings: Sequence[Result]) -> Result | None:
    """Who governs: who sets any of the rights, else what the first right says."""
    known = [one["governed"] for one in findings if one["governed"]]
    return next((one for one in known if one["status"] in decisions.GOVERNING), known[0] if known else None)


def _disproof(run: Run, done: Sequence[str]) -> str:
    """Why the cure did not work, as the probe after it shows; empty where it did or where nobody looked."""
    verdict = run.again.get("verdict")
    if decisions.RESTART not in done or verdict is None:
        return ""
    services = " and ".join(run.cure["restart"])
    was, runs, its = ("was", "runs", "its") if len(run.cure["restart"]) == 1 else ("were", "run", "their")
    if verdict == PRIVILEGE_MISSING and run.cure["action"] == decisions.GRANT:
        return (
            f"The right is granted and {services} {was} restarted, and POP3 still answers "
            f"{run.again['reply']!r}: restart the computer (Q189732), then probe again."
        )
    if verdict in _GONE:
        error = run.again.get("error") or run.again.get("reply") or "nothing"
        return f"{services} {was} restarted and {runs}, but {its} POP3 port does not answer ({verdict}: {error})."
    return ""


def _advice(shown: Result, run: Run) -> str:
    """What is left to do, in a sentence or two."""
    if shown["failure"]:
        return str(shown["failure"])
    if shown["check_mode"] and shown["done"]:
        return "Run it without check mode to do this."
    if shown["restart_required"]:
        names = " and ".join(run.cure["restart"])
        return f"Restart {names} when that suits: a process keeps the privileges that it started with."
    if shown["action"] in (decisions.GOVERNED, decisions.UNKNOWN):
        return str(shown["reason"])
    if shown["action"] == decisions.GRANT and not shown["done"]:
        return f"Grant it, with the playbook winmail.exchange.fix or otherwise: {shown['reason']}"
    if shown["action"] == decisions.REVOKE or shown["verdict_after"] in (None, LISTENING):
        return NOTHING_TO_DO
    return str(_after(run, shown["done"]).get("advice") or NOTHING_TO_DO)


def run_of(values: Mapping[str, t.Any]) -> Run:
    """A Run from the values that a template hands over; registered results that are undefined come as None."""
    return Run(**{name: {} if value is None and name != "restore_file" else value for name, value in values.items()})
