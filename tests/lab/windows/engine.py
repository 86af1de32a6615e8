# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The security configuration engine: applies a template's rights and group lists, writes its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state import sids
from lab.state.files import FileError
from lab.state.lsa import LookupFailedError
from lab.state.rights import canonical_right
from lab.windows import inf
from lab.windows.messages import message

if TYPE_CHECKING:
    from lab.windows.call import Call

FORCED = {
    "SeImpersonatePrivilege": ((sids.ADMINISTRATORS, "administrators"), ("S-1-5-6", "SERVICE")),
    "SeInteractiveLogonRight": ((sids.ADMINISTRATORS, "administrators"),),
}


class Log:
    """The log of one run: written at its end, over what was there."""

    def __init__(self, call: Call, path: str, *, quiet: bool) -> None:
        self._call = call
        self._path = call.path(path)
        self._silent = quiet and call.host.worlds["quiet_log"] == "suppressed"
        now = call.host.machine.clock.now()
        self._lines = [
            "-------------------------------------------",
            f"{now:%A, %B %d, %Y %I:%M:%S %p}",
            "----Configuration engine was initialized successfully.----",
            "",
        ]

    def line(self, text: str, indent: int = 0) -> None:
        """Add a line; indentation is part of the log."""
        self._lines.append("\t" * indent + text)

    def save(self) -> None:
        """Write the file; a log that cannot be written is no error of the run."""
        if self._silent:
            return
        text = "".join(f"{line}\r\n" for line in self._lines)
        wide = self._call.host.worlds["secedit_log_encoding"] == "utf16"
        data = b"\xff\xfe" + text.encode("utf-16-le") if wide else text.encode("cp1252", "replace")
        try:
            self._call.host.write(self._call.caller, self._path, data)
        except FileError:
            return


def configure(call: Call, sections: inf.Sections, log: Log) -> int:
    """Apply a template to the computer; 0 done, 3 done with errors for some entries."""
    log.line("----Reading Configuration Template info...")
    log.line("")
    errors = 0
    if "privilege rights" in sections:
        errors += _configure_rights(call, sections["privilege rights"], log)
    if "group membership" in sections:
        errors += _configure_groups(call, sections["group membership"], log)
    log.line("----Un-initialize configuration engine...")
    if not errors:
        return 0
    return int(call.host.worlds["configure_exit_partial"])


def _configure_rights(call: Call, lines: list[tuple[str, str]], log: Log) -> int:
    log.line("----Configure User Rights...")
    errors = 0
    for name, value in lines:
        right = canonical_right(name)
        if right is None:
            log.line(f"Error 1313: A specified privilege does not exist. {name}", 1)
            errors += 1
            continue
        errors += _configure_right(call, right, inf.tokens(value), log)
    log.line("")
    how = "with one or more errors" if errors else "successfully"
    log.line(f"User Rights configuration was completed {how}.", 1)
    log.line("")
    return errors


def _configure_right(call: Call, right: str, tokens: list[str], log: Log) -> int:
    wanted: list[str] = []
    errors = 0
    for token in tokens:
        try:
            wanted.append(_holder(call, token))
        except LookupFailedError as exc:
            errors += 1
            if exc.code == 50:
                log.line("Error 50: The request is not supported.", 1)
                log.line(f"Error assigning {right} to {token}", 2)
            else:
                log.line(f"Configure {token}.", 1)
                log.line(f"Error {exc.code}: {message(exc.code, 'en')}", 1)
                log.line(f"Cannot find {token}.", 2)
    if errors and _line_is_left_alone(call, tokens):
        return errors
    _adjust(call, right, wanted, log)
    _replace(call, right, wanted, log)
    return errors


def _line_is_left_alone(call: Call, tokens: list[str]) -> bool:
    worlds = call.host.worlds
    if any(sids.is_sid(token) for token in tokens):
        return worlds["bare_sid_line"] == "kept"
    return worlds["unresolved_line"] == "line_skipped"


def _holder(call: Call, token: str) -> str:
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
    except LookupFailedError:
        if sids.is_sid(token):
            raise LookupFailedError(50, token) from None
        raise
    finally:
        call.shell.seconds += machine.lsa.seconds


def _adjust(call: Call, right: str, wanted: list[str], log: Log) -> None:
    """The holders that the engine insists on (captures/11 A)."""
    if right == "SeInteractiveLogonRight" and call.host.worlds["forced_interactive"] == "no":
        return
    for sid, name in FORCED.get(right, ()):
        if sid not in wanted:
            log.line(f"{right} must be assigned to {name}. This setting is adjusted.", 2)
            wanted.append(sid)


def _replace(call: Call, right: str, wanted: list[str], log: Log) -> None:
    rights = call.host.machine.rights
    before = rights.holders(right)
    for sid in sorted({*before, *wanted}):
        log.line(f"Configure {sid}.", 1)
        if sid not in before:
            log.line(f"add {right}.", 2)
        elif sid not in wanted:
            log.line(f"remove {right}.", 2)
    rights.set(right, wanted)


def _configure_groups(call: Call, lines: list[tuple[str, str]], log: Log) -> int:
    log.line("----Configure Group Membership...")
    machine, errors = call.host.machine, 0
    for key, value in lines:
        group_token, mark, dummy = key.partition("__")
        try:
            group = machine.local.by_sid(_holder(call, group_token)) if mark else None
            members = [_holder(call, token) for token in inf.tokens(value)]
        except LookupFailedError as exc:
            log.line(f"Error {exc.code}: {message(exc.code, 'en')}", 1)
            errors += 1
            continue
        if group and key.casefold().endswith("__members"):
            log.line(f"Configure {group.name}.", 1)
            group.members = members
    log.line("")
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
        sid = _holder(call, token)
    except LookupFailedError:
        return token
    domain = machine.domain
    if domain and domain.owns(sid) and call.host.worlds["private_db_domain_names"] == "no":
        return token
    return f"*{sid}"
