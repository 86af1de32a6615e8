# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of pop3_server_info: a survey and its diagnosis in the documented shape (pure)."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.effective import Held
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import GovernedResult
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.result import AccountResult
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import display_name

from . import events
from .diagnosis import Diagnosis, Finding, failure_at
from .options import ServerOptions
from .recommendation import Action
from .survey import Hosted, Survey

# Microsoft, Win32_ComputerSystem.DomainRole: 0 to 5.
_ROLES = (
    "standalone_workstation",
    "member_workstation",
    "standalone_server",
    "member_server",
    "backup_domain_controller",
    "primary_domain_controller",
)

Result = dict[str, t.Any]


class HostingResult(t.TypedDict):
    """One service that serves POP3."""

    name: str
    display_name: str
    state: str
    start_mode: str
    process_id: int
    started_at: str | None
    account: AccountResult
    account_source: t.Literal["process", "configuration"]
    configured_account: str | None


class FindingResult(t.TypedDict):
    """One right of one account."""

    name: str
    display_name: str
    account: AccountResult
    services: list[str]
    held: Held
    via: list[AccountResult]
    may_hold_through: list[AccountResult]
    why_unknown: str | None
    governed: GovernedResult | None


class EventsResult(t.TypedDict):
    """The events about POP3 logons; ``count`` is None, not 0, where the log was not read."""

    status: t.Literal["read", "unknown", "not_asked"]
    refusal: str | None
    since_seconds: int
    count: int | None
    newest: str | None
    privilege_failure_at: str | None
    groups: list[Result]


class RemedyResult(t.TypedDict):
    """The recommendation."""

    action: Action
    reason: str
    rights: list[str]
    accounts: list[str]
    services: list[str]
    gpo_lines: list[str]


class ServerResult(t.TypedDict):
    """The documented result of pop3_server_info."""

    computer: Result
    windows: Result | None
    exchange: Result
    hosting: list[HostingResult]
    clash: Result | None
    rights: list[FindingResult]
    events: EventsResult
    remedy: RemedyResult
    unread: list[str]


def report(survey: Survey, diagnosis: Diagnosis, options: ServerOptions) -> ServerResult:
    """Everything the action returns, as values that JSON knows; times are ISO 8601 in UTC."""
    return {
        "computer": _computer(survey),
        "windows": _windows(survey),
        "exchange": {
            "generation": survey.exchange.generation,
            "version": survey.exchange.version,
            "build": survey.exchange.build,
            "source": survey.exchange.source,
        },
        "hosting": [_hosting(survey, hosted) for hosted in survey.hosted],
        "clash": _clash(survey),
        "rights": [_finding(survey, finding) for finding in diagnosis.findings],
        "events": _events(survey, options),
        "remedy": {
            "action": diagnosis.recommended.action,
            "reason": diagnosis.recommended.reason,
            "rights": list(diagnosis.recommended.rights),
            "accounts": list(diagnosis.recommended.accounts),
            "services": list(diagnosis.recommended.services),
            "gpo_lines": list(diagnosis.recommended.gpo_lines),
        },
        "unread": list(survey.unread),
    }


def iso(moment: datetime.datetime | None) -> str | None:
    """``2026-11-24T09:00:00Z``, or None."""
    if moment is None:
        return None
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _computer(survey: Survey) -> Result:
    computer = survey.computer
    return {
        "name": computer.name,
        "domain": computer.domain,
        "part_of_domain": computer.part_of_domain,
        "role": _ROLES[computer.role] if 0 <= computer.role < len(_ROLES) else "unknown",
        "domain_controller": computer.domain_controller,
    }


def _windows(survey: Survey) -> Result | None:
    system = survey.system
    if system is None:
        return None
    return {
        "caption": system.caption,
        "version": system.version,
        "product_type": system.product_type,
        "time": iso(system.local_time),
    }


def account(survey: Survey, sid: str | None, written: str | None = None) -> AccountResult:
    """An account as SID, name and kind; ``written`` is how Windows or the user spelled one that has no SID here."""
    if sid is None:
        return {"sid": None, "name": written, "kind": "unknown"}
    known = survey.accounts[sid]
    return {"sid": sid, "name": known.name, "kind": known.kind}


def _holder(survey: Survey, sid: str) -> AccountResult:
    """A holder of a right; a token that was not pinned to a SID stands as the name."""
    return account(survey, sid if sids.is_sid(sid) else None, sid)


def _hosting(survey: Survey, hosted: Hosted) -> HostingResult:
    service, process = hosted.service, hosted.process
    return {
        "name": service.name,
        "display_name": service.display_name,
        "state": service.state,
        "start_mode": service.start_mode,
        "process_id": service.process_id,
        "started_at": iso(process.started_at) if process is not None else None,
        "account": account(survey, hosted.owner.sid, hosted.owner.name),
        "account_source": "process" if hosted.owner_seen else "configuration",
        "configured_account": service.account,
    }


def _clash(survey: Survey) -> Result | None:
    if survey.clash is None:
        return None
    return {"service": survey.clash.service, "reason": survey.clash.reason}


def _finding(survey: Survey, finding: Finding) -> FindingResult:
    judged = finding.judged
    return {
        "name": judged.right,
        "display_name": display_name(judged.right),
        "account": account(survey, finding.subject.sid, finding.subject.name),
        "services": list(finding.services),
        "held": judged.held,
        "via": [_holder(survey, sid) for sid in judged.via],
        "may_hold_through": [_holder(survey, sid) for sid in judged.may_via],
        "why_unknown": judged.why or None,
        "governed": finding.governed.as_result() if finding.governed is not None else None,
    }


def _events(survey: Survey, options: ServerOptions) -> EventsResult:
    """The events; ``count`` is None, not 0, where the log could not be read or was not to be."""
    log = survey.log
    known = log.asked and log.refusal is None
    return {
        "status": "read" if known else "unknown" if log.asked else "not_asked",
        "refusal": log.refusal,
        "since_seconds": options.since_seconds,
        "count": len(log.found) if known else None,
        "newest": iso(events.newest(log.found)),
        "privilege_failure_at": iso(failure_at(survey)),
        "groups": [_group(group) for group in events.grouped(log.found)],
    }


def _group(group: events.Group) -> Result:
    return {
        "event_id": group.sample.event_id,
        "source": group.sample.source,
        "type": group.sample.type,
        "text": group.sample.text,
        "no_privilege": group.sample.no_privilege,
        "count": group.count,
        "newest": iso(group.newest),
    }
