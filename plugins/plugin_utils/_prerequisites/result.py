# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role gives back: the shapes of its decision and of the documented variable pop3_prerequisites_result."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.recommendation import Action
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.effective import Held
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import GovernedResult
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.result import AccountResult

RoleAction = t.Literal[Action, "revoke"]
# What of a decision and of an outcome people read; names of accounts, policies and services come from the host.
SENTENCES = ("account", "reason", "failure", "advice")


class DecisionResult(t.TypedDict):
    """A decision as values that Ansible's templates know; decision.py says what each means."""

    action: RoleAction
    reason: str
    rights: list[dict[str, t.Any]]
    restore: list[dict[str, t.Any]]
    restart: list[str]
    failure: str
    gpo_conflict: GpoConflict


class RightOutcome(t.TypedDict):
    """One right of one account, before and after the run."""

    name: str
    display_name: str
    account: AccountResult
    before: Held
    after: Held
    governed: GovernedResult | None


class EventsOutcome(t.TypedDict):
    """Failed POP3 logons in a log that was read."""

    count: int | None
    newest: str | None
    privilege_failure_at: str | None
    since_seconds: int


class Outcome(t.TypedDict):
    """The documented result; see the role's README for its fields."""

    host: str
    computer: str | None
    generation: str
    services: list[str]
    account: str | None
    rights: list[RightOutcome]
    governed: GovernedResult | None
    verdict_before: str | None
    verdict_after: str | None
    dialogue_before: list[str]
    dialogue_after: list[str]
    action: RoleAction
    reason: str
    done: list[RoleAction]
    changed: bool
    check_mode: bool
    restarted: list[str]
    restart_required: bool
    events: EventsOutcome | None
    unread: list[str]
    restore: list[dict[str, t.Any]]
    restore_file: str | None
    failure: str
    compliant: bool
    unknown: bool
    advice: str
