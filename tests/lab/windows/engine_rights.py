# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the security engine applies user rights: adjustments first, then account by account (captures/logs/21, 22).

The order of accounts in captures/logs/22 is that of their first appearance when the lines of the database are taken in
alphabetical order; below an account the rights stand in the engine's own order (logs/21).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.state import insists, sids
from lab.state.lsa import LookupFailedError
from lab.state.rights import KNOWN_RIGHTS, canonical_right
from lab.windows import engine_log, inf
from lab.windows.messages import message

if TYPE_CHECKING:
    from lab.windows.call import Call
    from lab.windows.engine_log import Log


@dataclass
class Unfinished:
    """What was not done: entries that failed, and accounts that kept a right they cannot lose."""

    errors: int = 0
    unsupported: int = 0


@dataclass
class _Plan:
    """``wanted`` by right; ``order`` is that of the log: (SID, 0), or (name, code) for a name that nobody has."""

    wanted: dict[str, list[str]] = field(default_factory=dict)
    order: dict[tuple[str, int], None] = field(default_factory=dict)


def configure(call: Call, lines: list[tuple[str, str]], log: Log) -> Unfinished:
    """Apply the lines of [Privilege Rights]."""
    unfinished = Unfinished()
    log.lines(engine_log.RIGHTS)
    plan = _Plan()
    for name, value in sorted(lines, key=lambda line: line[0].casefold()):
        right = canonical_right(name)
        if right is None:
            log.line(f"Error 1313: A specified privilege does not exist. {name}", 1)
            unfinished.errors += 1
            continue
        _read(call, right, inf.tokens(value), plan)
    _adjust(call, plan, log)
    for entry, code in plan.order:
        if code:
            unfinished.errors += 1
            log.line(f"Configure {entry}.", 1)
            log.lines(f"Error {code}: {message(code, 'en')}", f"  Cannot find {entry}.")
        else:
            unfinished.unsupported += _configure_account(call, entry, plan, log)
    how = "with one or more errors" if unfinished.errors else "successfully"
    log.lines("", f"\tUser Rights configuration was completed {how}.", "", "")
    return unfinished


def _read(call: Call, right: str, tokens: list[str], plan: _Plan) -> None:
    """One line: whom it names, in order, and whom it takes the right from."""
    wanted, failed = [], False
    for token in tokens:
        try:
            sid = holder(call, token)
        except LookupFailedError as exc:
            plan.order.setdefault((token, exc.code))
            failed = True
            continue
        wanted.append(sid)
        plan.order.setdefault((sid, 0))
    if failed and _line_is_left_alone(call, tokens):
        return
    plan.wanted[right] = wanted
    for sid in call.host.machine.rights.holders(right):
        plan.order.setdefault((sid, 0))


def _line_is_left_alone(call: Call, tokens: list[str]) -> bool:
    worlds = call.host.worlds
    if any(sids.is_sid(token) for token in tokens):
        return worlds["bare_sid_line"] == "kept"
    return worlds["unresolved_line"] == "line_skipped"


def holder(call: Call, token: str) -> str:
    """The SID of a token: ``*SID``, ``&RID`` of the computer's accounts, or a name; raises LookupFailedError."""
    machine = call.host.machine
    if token.startswith("*"):
        if not sids.is_sid(token[1:]):
            raise LookupFailedError(1332, token)
        return sids.canonical(token[1:])
    if token.startswith("&") and token[1:].isdigit():
        return f"{machine.local.sid}-{token[1:]}"
    machine.lsa.seconds = 0.0
    try:
        return machine.lsa.name_to_sid(token).sid
    finally:
        call.shell.seconds += machine.lsa.seconds


def _adjust(call: Call, plan: _Plan, log: Log) -> None:
    """The holders that the engine adds, told before any account."""
    for right, forced in insists.FORCED.items():
        if right not in plan.wanted:
            continue
        if right == "SeInteractiveLogonRight" and call.host.worlds["forced_interactive"] == "no":
            continue
        for sid, name in forced:
            if sid not in plan.wanted[right]:
                log.line(f"{right} must be assigned to {name}. This setting is adjusted.", 2)
                plan.wanted[right].append(sid)
                plan.order.setdefault((sid, 0))


def _configure_account(call: Call, sid: str, plan: _Plan, log: Log) -> int:
    """Add and remove what changes for one account; how many removals Windows does not support."""
    rights = call.host.machine.rights
    log.line(f"Configure {sid}.", 1)
    changes: list[tuple[str, str]] = []
    for right in KNOWN_RIGHTS:
        if right in plan.wanted and (sid in rights.holders(right)) != (sid in plan.wanted[right]):
            changes.append(("add" if sid in plan.wanted[right] else "remove", right))
    refused = {r for verb, r in changes if verb == "remove" and sid in insists.KEPT.get(r, frozenset())}
    for verb, right in changes:
        log.line(f"{verb} {right}.", 2)
    if refused:
        log.lines(
            "Error 50: The request is not supported.",
            " Configuring some user rights for this account is not supported."
            " Re-attempting configuration by ignoring unsupported operation errors.",
        )
        for verb, right in changes:
            log.line(f"{verb} {right}.", 2)
            if right in refused:
                log.lines(f"Configuring {right} for this account is not supported.")
    for verb, right in changes:
        if verb == "add":
            rights.grant(right, sid)
        elif right not in refused:
            rights.revoke(right, sid)
    return len(refused)
