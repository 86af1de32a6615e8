# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names → SIDs without icacls: a private secedit database that is imported and exported, and applied to nothing.

``[Group Membership]`` turns a name into ``*SID`` on import (measured by a public project on Server 2025, 20 of 20
checks, for built-in and local accounts). This database must never reach ``/configure``: it has suffixes of its own, and
the write chain of secedit.py names none of them.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import token_sid
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode, lines
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Chain, Files, Sections, program

from .lookup_names import Asked

if t.TYPE_CHECKING:
    from collections.abc import Sequence

# One list must hold one name, because order is not kept: a built-in group of its own for each name.
_GROUPS = tuple(f"S-1-5-32-{rid}" for rid in (544, 545, 546, 547, 551, 552, 555, 556, 558, 559, 562, 568, 569, 573))
MOST = len(_GROUPS)
# The file is written by echo in 8 bits, unquoted: nothing that cmd.exe or the INF grammar would take for syntax.
_PLAIN = re.compile(r"\A[A-Za-z0-9 ._@$'~#{}\\-]{1,120}\Z")
_AREA = "/areas GROUP_MGMT"


def askable(name: str) -> bool:
    """Whether a name can be written into the template of this lookup."""
    return _PLAIN.match(name) is not None


def add_questions(chain: Chain, files: Files, names: Sequence[str]) -> Chain:
    """Ask for at most MOST names in one chain; nothing on the host changes."""
    lines = ["[Unicode]", "Unicode=yes", "[Group Membership]"]
    lines.extend(f"*{group}__Members = {name}" for group, name in zip(_GROUPS, names, strict=False))
    for line in (*lines, "[Version]", 'signature="$CHICAGO$"', "Revision=1"):
        chain.run(f">>{files.quoted('q.inf')} echo {line}")
    secedit, log = f">nul 2>&1 {program('secedit.exe')}", f"/log {files.quoted('q.log')} /quiet"
    database = files.quoted("q.sdb")
    chain.run(f"{secedit} /import /db {database} /cfg {files.quoted('q.inf')} /overwrite {_AREA} {log}", code="qi")
    chain.run(f"{secedit} /export /db {database} /cfg {files.quoted('qa.inf')} {_AREA} {log}", code="qe")
    return chain.show("answers", f"type {files.quoted('qa.inf')}")


def read_answers(sections: Sections, names: Sequence[str]) -> dict[str, Asked]:
    """The SID of each name; a value that came back without ``*S-`` is unresolved."""
    codes = f"exit codes {sections.code('qi')} and {sections.code('qe')}"
    members: dict[str, str] = {}
    # The last line counts only with its end: the beginning of a SID is another account's SID.
    for line in lines(decode(sections.section("answers") or b""))[:-1]:
        key, separator, value = line.partition("=")
        group = key.strip().upper().removesuffix("__MEMBERS").removeprefix("*")
        if separator and group in _GROUPS:
            members[group] = value.strip()
    answers = {}
    for group, name in zip(_GROUPS, names, strict=False):
        token = members.get(group, "")
        sid = token_sid(token)
        if sid is not None:
            nobody = sids.no_account(sid)
            answers[name] = Asked(None, f"its SID {sid} {nobody}", absent=True) if nobody else Asked(sid, "secedit")
        else:
            # A name that comes back as it went in has no SID; a line that did not come back says nothing.
            absent = sections.code("qi") == sections.code("qe") == 0 and token.lower() == name.lower()
            why = f"secedit's private database knows no such account either ({codes})"
            answers[name] = Asked(None, why, absent=absent)
    return answers
