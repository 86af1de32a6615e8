# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether POP3 users can log on, as far as was seen: a boolean, and a second one that says it is not known (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from .result import Outcome

# What a verdict of the probe says of users; one that is in neither set says nothing either way.
_WORKS = "logon_ok"
_BROKEN = frozenset(
    {
        "privilege_missing",
        "cleartext_refused",
        "mailbox_unavailable",
        "no_listener",
        "not_pop3",
        "tls_failed",
    }
)
_NOBODY_TRIED = "listening"
_CANARY, _REJECTED = "canary", "credentials_rejected"


@dataclass(frozen=True)
class Compliance:
    """``compliant`` is never true where ``unknown`` is."""

    compliant: bool
    unknown: bool = False


YES, NO, NOT_KNOWN = Compliance(True), Compliance(False), Compliance(False, unknown=True)


def judge(shown: Outcome, *, looked: bool, login: str = "none", revoke: bool = False) -> Compliance:
    """Judge an outcome; ``looked``: whether the server could be looked at, ``login``: how the probe tried to log on.

    What is left to do comes first, then what the last probe saw. For a revocation it is whether the account is no
    longer itself a holder: whether users can log on is then not what was asked.
    """
    action = shown["action"]
    if shown["failure"] and action == "unknown":
        return NOT_KNOWN
    if _left_to_do(shown):
        return NO
    if revoke:
        return NOT_KNOWN if action == "unknown" else YES
    verdict = shown["verdict_after"]
    if verdict in _BROKEN:
        return NO
    if verdict == _WORKS:
        return YES if looked else NOT_KNOWN
    silent = verdict == _NOBODY_TRIED or (verdict == _REJECTED and login == _CANARY)
    return YES if silent and action != "unknown" else NOT_KNOWN


def _left_to_do(shown: Outcome) -> bool:
    """Whether the host needs a change, or failed; in check mode nothing was done yet."""
    if shown["failure"] or shown["restart_required"] or shown["action"] in ("governed", "restart"):
        return True
    done = shown["action"] in shown["done"] and not shown["check_mode"]
    return shown["action"] in ("grant", "revoke") and not done
