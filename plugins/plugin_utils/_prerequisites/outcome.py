# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of a run of the role on one host: the documented variable pop3_prerequisites_result (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import EventsResult, FindingResult
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.effective import Held
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import GOVERNING, GovernedResult

from .compliance import judge
from .decision import unique, who
from .options import Changed, Probe, Run, Server
from .result import EventsOutcome, Outcome, RightOutcome, RoleAction

PRIVILEGE_MISSING, LISTENING = "privilege_missing", "listening"
NOTHING_TO_DO = "There is nothing to do."
# After a restart of ours these mean that POP3 did not come back.
_GONE = ("no_listener", "unreachable", "timed_out", "not_pop3")
_FIVE = ("5.0", "5.5")


def outcome(run: Run) -> Outcome:
    """The documented result; see the role's README for its fields."""
    done = _done(run)
    required = _restart_required(run, done)
    found, first, last = run.found, run.first, _after(run, done)
    findings = [_right(run, one) for one in found.rights]
    shown: Outcome = {
        "host": run.host,
        "computer": found.computer,
        "generation": generation(found, first),
        "services": [service["name"] for service in found.hosting],
        "account": _account(found),
        "rights": findings,
        "governed": _governed(findings),
        "verdict_before": first.verdict,
        "verdict_after": last.verdict,
        "dialogue_before": list(first.transcript),
        "dialogue_after": list(last.transcript),
        "action": run.decision["action"],
        "reason": run.decision["reason"],
        "done": done,
        "changed": bool(done),
        "check_mode": run.check_mode,
        "restarted": list(run.started),
        "restart_required": required,
        "events": _events(found.events),
        "unread": list(found.unread),
        "restore": list(run.decision["restore"]) if run.changes.changed else [],
        "restore_file": run.restore_file if run.changes.changed else None,
        "failure": run.failure or run.decision["failure"] or _disproof(run, done),
        "compliant": False,
        "unknown": False,
        "advice": "",
    }
    judged = judge(shown, looked=found.remedy is not None, login=run.login, revoke=run.revoke)
    shown["compliant"], shown["unknown"] = judged.compliant, judged.unknown
    shown["advice"] = _advice(shown, run)
    return shown


def generation(server: Server, probe: Probe) -> str:
    """The generation of Exchange; what tells 5.0 from 5.5 is the banner of its POP3 server."""
    installed, greeted = server.generation, probe.generation
    if installed == "unknown" and greeted:
        return str(greeted)
    return str(greeted) if installed == "5.x" and greeted in _FIVE else installed


def _done(run: Run) -> list[RoleAction]:
    """The steps that were carried out; in check mode, that would be."""
    steps: list[RoleAction] = [run.decision["action"]] if run.changes.changed else []
    return [*steps, "restart"] if run.started else steps


def _restart_required(run: Run, done: Sequence[RoleAction]) -> bool:
    """Whether a process still runs with other privileges than its account has now."""
    if "restart" in done:
        return False
    if run.decision["action"] == "restart":
        return True
    return run.changes.changed and bool(run.decision["restart"])


def _after(run: Run, done: Sequence[RoleAction]) -> Probe:
    """The last probe; nothing where something changed and was not probed since (check mode, or no restart)."""
    if run.again:
        return run.last
    return Probe() if done else run.first


def _account(server: Server) -> str | None:
    """The account in question as people read it, or those of the services where no right was looked at."""
    named = [who(one) for one in server.rights]
    owners = [one["account"]["name"] or one["account"]["sid"] for one in server.hosting]
    return " and ".join(unique(map(str, named or owners))) or None


def _right(run: Run, finding: FindingResult) -> RightOutcome:
    """One right of one account, before and after; ``after`` is read back, or predicted in check mode."""
    account = finding["account"]
    return {
        "name": finding["name"],
        "display_name": finding["display_name"],
        "account": account.copy(),
        "before": finding["held"],
        "after": _held_after(run.changes, finding),
        "governed": finding["governed"],
    }


def _held_after(change: Changed, finding: FindingResult) -> Held:
    for right in change.rights:
        if right["name"] == finding["name"]:
            sid = finding["account"]["sid"]
            if sid in [holder["sid"] for holder in right["after"]]:
                return "direct"
            return "missing" if sid in right["removed"] else finding["held"]
    return finding["held"]


def _events(log: EventsResult | None) -> EventsOutcome | None:
    """Failed POP3 logons in the event log; None where it was not read, which is not the same as none."""
    if not log or log["status"] != "read":
        return None
    return {
        "count": log["count"],
        "newest": log["newest"],
        "privilege_failure_at": log["privilege_failure_at"],
        "since_seconds": log["since_seconds"],
    }


def _governed(findings: Sequence[RightOutcome]) -> GovernedResult | None:
    """Who governs: who sets any of the rights, else what the first right says."""
    known = [one["governed"] for one in findings if one["governed"]]
    return next((one for one in known if one["status"] in GOVERNING), known[0] if known else None)


def _disproof(run: Run, done: Sequence[RoleAction]) -> str:
    """Why the change did not work, as the probe after it shows; empty where it did or where nobody looked."""
    last = run.last
    verdict = last.verdict
    if "restart" not in done or verdict is None:
        return ""
    services = " and ".join(run.decision["restart"])
    was, runs, its = ("was", "runs", "its") if len(run.decision["restart"]) == 1 else ("were", "run", "their")
    if verdict == PRIVILEGE_MISSING and run.decision["action"] == "grant":
        return (
            f"The right is granted and {services} {was} restarted, and POP3 still answers "
            f"{last.reply!r}: restart the computer (Q189732), then probe again."
        )
    if verdict in _GONE:
        error = last.error or last.reply or "nothing"
        return f"{services} {was} restarted and {runs}, but {its} POP3 port does not answer ({verdict}: {error})."
    return ""


def _advice(shown: Outcome, run: Run) -> str:
    """What is left to do, in a sentence or two."""
    if shown["failure"]:
        return shown["failure"]
    if shown["check_mode"] and shown["done"]:
        return "Run it without check mode to do this."
    if shown["restart_required"]:
        names = " and ".join(run.decision["restart"])
        return f"Restart {names} when that suits: a process keeps the privileges that it started with."
    if shown["action"] in ("governed", "unknown"):
        return shown["reason"]
    if shown["action"] == "grant" and not shown["done"]:
        return f"Grant it, with the playbook winmail.exchange.fix or otherwise: {shown['reason']}"
    if shown["action"] == "revoke" or shown["verdict_after"] in (None, LISTENING):
        return NOTHING_TO_DO
    return _after(run, shown["done"]).advice or NOTHING_TO_DO
