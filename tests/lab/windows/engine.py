# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The security configuration engine: applies a template's rights and group lists, writes its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state.lsa import LookupFailedError
from lab.windows import engine_log, engine_rights, inf
from lab.windows.engine_rights import holder
from lab.windows.messages import message

if TYPE_CHECKING:
    from lab.windows.call import Call
    from lab.windows.engine_log import Log


def configure(call: Call, sections: inf.Sections, log: Log, areas: list[str]) -> int:
    """Apply a template to the computer; 0 done, 3 done with errors for some entries; ``areas`` empty for all."""
    log.lines(engine_log.TEMPLATE, "", "")
    unfinished = engine_rights.Unfinished()
    if "privilege rights" in sections:
        unfinished = engine_rights.configure(call, sections["privilege rights"], log)
    if "group membership" in sections:
        unfinished.errors += _configure_groups(call, sections["group membership"], log)
    elif not areas:
        log.lines(engine_log.GROUPS, "", "\tGroup Membership configuration was completed successfully.", "", "")
    if not areas:
        log.other_areas()
    log.lines(engine_log.END)
    if unfinished.errors:
        return int(call.host.worlds["configure_exit_partial"])
    return int(call.host.worlds["kept_account_exit"]) if unfinished.unsupported else 0


def _configure_groups(call: Call, lines: list[tuple[str, str]], log: Log) -> int:
    log.lines(engine_log.GROUPS)
    machine, errors = call.host.machine, 0
    for key, value in lines:
        group_token, mark, dummy = key.partition("__")
        try:
            group = machine.local.by_sid(holder(call, group_token)) if mark else None
            members = [holder(call, token) for token in inf.tokens(value)]
        except LookupFailedError as exc:
            log.line(f"Error {exc.code}: {message(exc.code, 'en')}", 1)
            errors += 1
            continue
        if group and key.casefold().endswith("__members"):
            log.line(f"Configure {group.name}.", 1)
            group.members = members
    how = "with one or more errors" if errors else "successfully"
    log.lines("", f"\tGroup Membership configuration was completed {how}.", "", "")
    return errors


def resolved_lines(call: Call, section: str, lines: list[tuple[str, str]]) -> list[str]:
    """Lines of a private database as /export writes them: names become ``*SID`` (docs/sources.md S4)."""
    found = []
    for key, value in lines:
        if section == "group membership":
            group, mark, rest = key.partition("__")
            shown = f"{_pinned(call, group)}{mark}{rest}"
            members = [_pinned(call, token) for token in inf.tokens(value)]
            found.append(f"{shown} = {','.join(sorted(members, reverse=True))}")
        elif call.host.worlds["private_db_rights_names"] == "resolved":
            found.append(f"{key} = {','.join(_pinned(call, t) for t in inf.tokens(value))}")
        else:
            found.append(f"{key} = {','.join(inf.tokens(value))}")
    return found


def _pinned(call: Call, token: str) -> str:
    machine = call.host.machine
    try:
        sid = holder(call, token)
    except LookupFailedError:
        return token
    domain = machine.domain
    if domain and domain.owns(sid) and call.host.worlds["private_db_domain_names"] == "no":
        return token
    return f"*{sid}"
