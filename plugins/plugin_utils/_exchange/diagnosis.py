# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was read to what it means: each right of each account judged, and one recommendation (pure)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import effective
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import Governed
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids

from . import events, generations, hosting, recommendation
from .options import ServerOptions
from .survey import Hosted, Survey


@dataclass(frozen=True)
class Finding:
    """One right of one account, and the services that run (or would run) under that account."""

    judged: effective.Holding
    subject: effective.Subject
    governed: Governed | None
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """Every finding in the order of services and rights, and what to do."""

    findings: tuple[Finding, ...]
    recommended: recommendation.Recommendation


def diagnose(survey: Survey, options: ServerOptions) -> Diagnosis:
    """Judge a survey; never asks the host again and never raises."""
    findings: dict[tuple[str, str], Finding] = {}
    cases = []
    for hosted in survey.hosted:
        for right in _rights(hosted, survey, options):
            finding = _finding(right, hosted, survey)
            key = (right, finding.subject.sid or hosted.service.name)
            before = findings.get(key)
            services = (*before.services, hosted.service.name) if before else (hosted.service.name,)
            findings[key] = replace(finding, services=services)
            cases.append(_case(finding, hosted, survey, options))
    found = recommendation.decide(cases) if cases else _without_cases(survey)
    return Diagnosis(tuple(findings.values()), found)


def _rights(hosted: Hosted, survey: Survey, options: ServerOptions) -> tuple[str, ...]:
    if options.rights is not None:
        return options.rights
    return hosting.required(hosted.service, survey.exchange, hosted.subject.sid)


def _finding(right: str, hosted: Hosted, survey: Survey) -> Finding:
    rights, subject = survey.rights, hosted.subject
    if rights is None:
        why = subject.why or "the user rights could not be read"
        return Finding(effective.Holding(right, effective.UNKNOWN, why=why), subject, None)
    return Finding(rights.judge(right, subject), subject, rights.policies.get(right))


def _case(finding: Finding, hosted: Hosted, survey: Survey, options: ServerOptions) -> recommendation.Case:
    subject = finding.subject
    process = hosted.process
    # What the process shows says nothing about an account that it does not run under.
    under = hosted.service.process_id != 0 and subject.sid == hosted.owner.sid
    return recommendation.Case(
        finding.judged,
        finding.governed,
        subject.name or subject.sid or "the account",
        subject.sid,
        hosted.service.name,
        running=under,
        started_at=process.started_at if process is not None else None,
        failure_at=failure_at(survey),
        probe=options.probe if under else "unknown",
        five=hosting.is_five(hosted.service, survey.exchange),
        owner_seen=hosted.owner_seen,
        through=tuple(name_of(survey, sid) for sid in finding.judged.may_via),
    )


def failure_at(survey: Survey) -> datetime.datetime | None:
    """When an event last said that a privilege is not held; None where none does."""
    return events.newest(event for event in survey.log.found if event.no_privilege)


def name_of(survey: Survey, sid: str) -> str:
    """The name that people read for a SID, or the SID (or token) itself."""
    account = survey.accounts.get(sid)
    return account.name if account is not None and account.name is not None else sid


def _without_cases(survey: Survey) -> recommendation.Recommendation:
    """The recommendation where no right had to be looked at: built-in accounts, or no service at all."""
    if survey.hosted:
        names = " and ".join(hosted.service.name for hosted in survey.hosted)
        # Every other account needs a right, and so has a case.
        built_in = (sids.SERVICE_ACCOUNTS[str(hosted.subject.sid)] for hosted in survey.hosted)
        accounts = " and ".join(dict.fromkeys(built_in))
        action: recommendation.Action = recommendation.NOT_APPLICABLE
        reason = recommendation.nothing_to_grant(names, accounts)
        if survey.clash is not None and survey.exchange.generation == generations.NONE:
            reason += "; it is the POP3 service of Windows Server 2003, and there is no Exchange here"
    elif survey.exchange.generation in (generations.NONE, generations.UNKNOWN):
        action = recommendation.UNKNOWN
        reason = "No service that is known to serve POP3 was found here: name it with the option service"
    else:
        action = recommendation.NOT_APPLICABLE
        reason = f"Exchange {survey.exchange.generation} is installed here without a POP3 service"
    services = tuple(hosted.service.name for hosted in survey.hosted)
    return recommendation.Recommendation(action, reason + ".", services=services)
