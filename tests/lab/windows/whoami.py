# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""whoami.exe: the caller's own name, SID, groups and privileges (captures/whoami/24 to 29; docs/sources.md S10)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from lab.state import sids
from lab.state.rights import LUIDS
from lab.windows import whoami_words
from lab.windows.messages import SYSTEM_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.state.accounts import Account
    from lab.windows.call import Call
    from lab.windows.whoami_words import Words

    Rows = list[tuple[str, ...]]

SECTIONS = {"/user": ("user",), "/groups": ("groups",), "/priv": ("privileges",)}
HIGH, MEDIUM = "S-1-16-12288", "S-1-16-8192"
MEMBER_OF_ADMINISTRATORS = "S-1-5-114"
CLAIMS = (  # captures/whoami/25; a workgroup host has none (26)
    "\r\n\r\nUSER CLAIMS INFORMATION\r\n-----------------------\r\n\r\nUser claims unknown.\r\n\r\n"
    "Kerberos support for Dynamic Access Control on this device has been disabled.\r\n"
)
# Privileges that make a network logon's integrity level high (captures/whoami/25).
RAISING = frozenset({"SeBackupPrivilege", "SeRestorePrivilege"})
# The order of rows in captures/whoami/24 to 29: these, with the groups of the kinds below between them.
_FIRST = ("S-1-1-0", MEMBER_OF_ADMINISTRATORS)
_LOGON = ("S-1-5-2", "S-1-5-3", "S-1-5-4", "S-1-5-6", "S-1-2-1", "S-1-5-11", "S-1-5-15", "S-1-5-113", "S-1-2-0")
_USERS = ("S-1-5-32-545", "S-1-5-32-554")


def main(call: Call) -> int:
    """``whoami [/user|/groups|/priv|/all] [/fo csv|list|table] [/nh]``."""
    if call.host.worlds["whoami"] == "blocked":
        call.err(f"{SYSTEM_MESSAGES[1260]}\r\n")
        return 1
    switches = [a.casefold() for a in call.args]
    verb = next((s for s in switches if s in (*SECTIONS, "/all", "/upn", "/logonid")), "")
    if not verb:
        call.out(f"{call.caller.name.casefold()}\r\n")
        return 0
    sections = ("user", "groups", "privileges") if verb == "/all" else SECTIONS.get(verb)
    if sections is None:
        call.host.note("unmodelled", "whoami" + call.tail)
        return 1
    words = whoami_words.of(call.host.machine.language)
    makers = {"user": _user, "groups": _groups, "privileges": _privileges}
    for number, section in enumerate(sections):
        if number:
            call.out("\r\n")
        _print(call, section, words, makers[section](call, words), switches)
    if verb == "/all" and call.host.machine.domain is not None:
        call.out(CLAIMS)
    return 0


def _print(call: Call, section: str, words: Words, rows: Rows, switches: list[str]) -> None:
    form = switches[switches.index("/fo") + 1] if "/fo" in switches[:-1] else "table"
    heads, bare = words.heads[section], "/nh" in switches
    if form == "csv":
        for row in rows if bare else [heads, *rows]:
            call.out(",".join(f'"{_quoted(call, cell)}"' for cell in row) + "\r\n")
        return
    title, length = words.titles[section]
    if not bare:
        call.out(f"\r\n{title}\r\n{'-' * length}\r\n\r\n")
    if form == "list":
        longest = max(len(head) for head in heads) + 1
        for row in rows:
            for head, cell in zip(heads, row, strict=True):
                call.out(f"{head + ':':<{longest}} {cell}\r\n")
            call.out("\r\n")
        return
    _table(call, [] if bare else heads, rows)


def _quoted(call: Call, cell: str) -> str:
    return cell.replace('"', '""') if call.host.worlds["whoami_csv_quotes"] == "doubled" else cell


def _table(call: Call, heads: Sequence[str], rows: Rows) -> None:
    shown = [tuple(heads), *rows] if heads else rows
    widths = [max(_width(row[i]) for row in shown) for i in range(len(shown[0]))]
    if heads:
        shown = [tuple(heads), tuple("=" * width for width in widths), *rows]
    for row in shown:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        call.out(" ".join(padded).rstrip() + "\r\n")


def _width(text: str) -> int:
    """Columns on the console: a Chinese sign takes two (captures/whoami/26)."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _user(call: Call, words: Words) -> Rows:
    del words
    return [(call.caller.name.casefold(), call.caller.sid)]


def _groups(call: Call, words: Words) -> Rows:
    """Every group of the token but the primary one, and the label."""
    machine = call.host.machine
    filtered = _filtered(call)
    rows: Rows = []
    for sid in sorted(_shown(call), key=lambda sid: _place(sid, machine.account(sid))):
        found = machine.lsa.sid_to_name(sid)
        kind = found.kind if found else "group"
        rows.append((found.qualified if found else "", words.kinds[kind], sid, _attributes(call, sid, words, filtered)))
    level = HIGH if call.caller.administrator or _raised(call) else MEDIUM
    label = machine.lsa.sid_to_name(level)
    row = (label.qualified if label else "", words.kinds["label"], level, "")
    return [row, *rows] if call.host.worlds["whoami_label"] == "first" else [*rows, row]


def _shown(call: Call) -> set[str]:
    return set(call.caller.group_sids) - {call.host.machine.primary_group(call.caller.sid)}


def _filtered(call: Call) -> bool:
    """An administrator whom UAC left without the group's power: it stays in the token, for denying only."""
    return not call.caller.administrator and sids.ADMINISTRATORS in call.caller.group_sids


def _attributes(call: Call, sid: str, words: Words, filtered: bool) -> str:
    if filtered and sid in (sids.ADMINISTRATORS, MEMBER_OF_ADMINISTRATORS):
        return words.attributes["deny"]
    found = [words.attributes["enabled"]]
    if sid == sids.ADMINISTRATORS:
        found.append(words.attributes["owner"])
    domain = call.host.machine.domain
    account = domain.by_sid(sid) if domain else None
    if account and account.kind == "alias":
        found.append(words.attributes["local"])
    return ", ".join(found)


def _place(sid: str, account: Account | None) -> tuple[int, int, str]:
    if sid in _FIRST:
        return 0, _FIRST.index(sid), sid
    if sid.startswith("S-1-5-32-"):
        return 1, 1 + _USERS.index(sid) if sid in _USERS else 0, sid
    if sid in _LOGON:
        return 2, _LOGON.index(sid), sid
    last = sid.startswith(("S-1-5-64-", "S-1-18-"))
    return 4 if last else 3, int(account is not None and account.kind == "alias"), sid


def _raised(call: Call) -> bool:
    have = call.host.machine.rights.of({call.caller.sid, *call.caller.group_sids})
    return not RAISING.isdisjoint(have) and not _filtered(call)


def _privileges(call: Call, words: Words) -> Rows:
    """In the order of their LUIDs; a network logon has all it holds enabled (captures/whoami/25, 26)."""
    have = call.host.machine.rights.of({call.caller.sid, *call.caller.group_sids})
    names = sorted((name for name in have if name in LUIDS), key=lambda name: LUIDS[name])
    return [(name, words.descriptions.get(name, name), words.state) for name in names]
