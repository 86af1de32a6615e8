# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of pop3_server_info, pop3_probe and user_right for the tests of the role's logic."""

from __future__ import annotations

from typing import Any

TCB, LOGON = "SeTcbPrivilege", "SeServiceLogonRight"
EXSVC = {"sid": "S-1-5-21-1-2-3-1107", "name": "CORP\\exsvc", "kind": "account"}
OTHER = {"sid": "S-1-5-21-1-2-3-1108", "name": "CORP\\other", "kind": "account"}
NAMES = {TCB: "Act as part of the operating system", LOGON: "Log on as a service"}


def governed(policy: str | None = None) -> dict[str, Any]:
    """The ``governed`` value of a right that a policy of this name sets, or none; "?" and "mdm" are no names."""
    if policy == "?":
        return {"status": "unknown", "gpo": None, "why_unknown": "nobody told", "as_of": "2026-11-24T09:00:00Z"}
    if policy == "mdm":
        return {"status": "mdm", "gpo": None, "as_of": "2026-11-24T09:00:00Z"}
    gpo = None if policy is None else {"guid": "{6D2C0F15}", "name": policy, "holders": []}
    return {"status": "none_seen" if policy is None else "gpo", "gpo": gpo, "as_of": "2026-11-24T09:00:00Z"}


def finding(
    name: str = TCB, held: str = "missing", account: dict[str, Any] | None = None, policy: str | None = None
) -> dict[str, Any]:
    """One entry of ``rights``."""
    via = [{"sid": "S-1-5-32-544", "name": "BUILTIN\\Administrators", "kind": "alias"}] if held == "group" else []
    return {
        "name": name,
        "display_name": NAMES[name],
        "account": account or EXSVC,
        "services": ["MSExchangeIS"],
        "held": held,
        "via": via,
        "governed": governed(policy),
    }


def server(
    action: str,
    *findings: dict[str, Any],
    domain_controller: bool = False,
    running: bool = True,
    generation: str = "5.x",
) -> dict[str, Any]:
    """A result of pop3_server_info whose remedy concerns every finding that is not held."""
    concerned = [one for one in findings if one["held"] not in ("direct", "group")] or list(findings)
    return {
        "computer": {"name": "EXCH50", "domain_controller": domain_controller},
        "exchange": {"generation": generation},
        "hosting": [{"name": "MSExchangeIS", "process_id": 1432 if running else 0, "account": EXSVC}],
        "rights": list(findings),
        "events": {
            "status": "read",
            "count": 3,
            "newest": "2026-11-24T08:59:12Z",
            "privilege_failure_at": "2026-11-24T08:59:12Z",
            "since_seconds": 604800,
        },
        "remedy": {
            "action": action,
            "reason": f"The reason for {action}.",
            "rights": sorted({one["name"] for one in concerned}),
            "accounts": sorted({one["account"]["sid"] for one in concerned}),
            "services": ["MSExchangeIS"],
            "gpo_lines": [],
        },
        "unread": [],
    }


def probe(verdict: str, generation: str | None = "5.0") -> dict[str, Any]:
    """A result of pop3_probe."""
    return {
        "verdict": verdict,
        "transcript": [f"S> {verdict}"],
        "product": {"generation": generation},
        "reply": "-ERR A required privilege is not held by the client.",
        "error": None,
        "advice": f"The advice for {verdict}.",
    }


def changed(
    name: str = TCB, account: dict[str, Any] | None = None, *, added: bool = True, check: bool = False
) -> dict[str, Any]:
    """A result of user_right that gave a right to an account, or took it."""
    who = account or EXSVC
    return {
        "changed": True,
        "rights": [
            {
                "name": name,
                "after": [who] if added else [],
                "added": [who["sid"]] if added else [],
                "removed": [] if added else [who["sid"]],
                "verified": not check,
            }
        ],
    }


def restarted(*names: str) -> dict[str, Any]:
    """The result of a loop of service_restart."""
    return {"changed": True, "results": [{"changed": True, "started": list(names)}]}
