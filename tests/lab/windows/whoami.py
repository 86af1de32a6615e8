# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""whoami.exe: the caller's own name, SID, groups and privileges (docs/sources.md S10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.windows.call import Call

_KINDS = {
    "en": {"alias": "Alias", "group": "Group", "wellknown": "Well-known group", "label": "Label"},
    "de": {"alias": "Alias", "group": "Gruppe", "wellknown": "Bekannte Gruppe", "label": "Bezeichnung"},
}
_ENABLED = {
    "en": "Mandatory group, Enabled by default, Enabled group",
    "de": "Verbindliche Gruppe, Standardmäßig aktiviert, Aktivierte Gruppe",
}


def main(call: Call) -> int:
    """``whoami [/user|/groups|/priv] [/fo csv|list|table] [/nh]``."""
    switches = [a.casefold() for a in call.args]
    verbs = [s for s in switches if s in ("/user", "/groups", "/priv", "/all", "/upn", "/logonid")]
    if not verbs:
        call.out(f"{call.caller.name.casefold()}\r\n")
        return 0
    rows = {"/user": _user, "/groups": _groups, "/priv": _privileges}.get(verbs[0])
    if rows is None:
        call.host.note("unmodelled", "whoami" + call.tail)
        return 1
    heads, table = rows(call)
    _print(call, heads, table, switches)
    return 0


def _print(call: Call, heads: Sequence[str], rows: list[tuple[str, ...]], switches: list[str]) -> None:
    form = switches[switches.index("/fo") + 1] if "/fo" in switches[:-1] else "table"
    if form == "csv":
        lines = [] if "/nh" in switches else [tuple(heads)]
        for row in [*lines, *rows]:
            call.out(",".join(f'"{cell}"' for cell in row) + "\r\n")
        return
    if form == "list":
        for row in rows:
            for head, cell in zip(heads, row, strict=True):
                call.out(f"{head}: {cell}\r\n")
            call.out("\r\n")
        return
    widths = [max(len(r[i]) for r in [tuple(heads), *rows]) for i in range(len(heads))]
    lines = [] if "/nh" in switches else [tuple(heads), tuple("=" * w for w in widths)]
    call.out("\r\n")
    for row in [*lines, *rows]:
        call.out(" ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() + "\r\n")


def _user(call: Call) -> tuple[Sequence[str], list[tuple[str, ...]]]:
    return ("User Name", "SID"), [(call.caller.name.casefold(), call.caller.sid)]


def _groups(call: Call) -> tuple[Sequence[str], list[tuple[str, ...]]]:
    lsa, language = call.host.machine.lsa, call.host.machine.language
    rows: list[tuple[str, ...]] = []
    for sid in call.caller.group_sids:
        found = lsa.sid_to_name(sid)
        name = found.qualified if found else ""
        kind = _KINDS[language].get(found.kind if found else "group", "Group")
        rows.append((name, kind, sid, _ENABLED[language]))
    label = "High" if call.caller.administrator else "Medium"
    sid = "S-1-16-12288" if call.caller.administrator else "S-1-16-8192"
    rows.append((f"Mandatory Label\\{label} Mandatory Level", _KINDS[language]["label"], sid, ""))
    return ("Group Name", "Type", "SID", "Attributes"), rows


def _privileges(call: Call) -> tuple[Sequence[str], list[tuple[str, ...]]]:
    have = call.host.machine.rights.of({call.caller.sid, *call.caller.group_sids})
    state = "Enabled" if call.host.machine.language == "en" else "Aktiviert"
    names = sorted(name for name in have if name.endswith("Privilege"))
    return ("Privilege Name", "Description", "State"), [(n, n, state) for n in names]
