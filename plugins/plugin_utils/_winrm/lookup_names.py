# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names → SIDs on the host: local accounts by CIM, everything else by icacls on a scratch file of ours.

icacls is Windows' own binary and asks the host's LSA, whose machine channel needs no delegated credentials. In the
saved SDDL the only entry that is not inherited is ours; exit codes and texts do not matter.
"""

from __future__ import annotations

import itertools
import re
import typing as t
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode, lines
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import LONGEST_CHAIN
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Chain, Files, Sections, program
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_text

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim

_ACE = re.compile(r"\(([^()]*)\)")
_DOMAIN = re.compile(r"\AS-1-5-21-\d+-\d+-\d+\Z", re.IGNORECASE | re.ASCII)
_QUIET = ">nul 2>&1 "
NO_ACL = "NO_ACCESS_CONTROL"
# ERROR_NONE_MAPPED, with which icacls ends for a name that LSA does not know (docs/sources.md S2; captures/31).
NONE_MAPPED = 1332
# Comes back as it stands, unless a registry value makes cmd.exe expand !x! (Microsoft, "DelayedExpansion").
_LATE = "!windir!"


@dataclass(frozen=True)
class Asked:
    """What icacls made of one name: the trustee as SDDL spells it (a SID or a two-letter alias), or None with why.

    ``answered`` is False where icacls could not be asked at all, so that another way is worth trying; ``absent`` is
    True where the host said that it knows no account by this name.
    """

    trustee: str | None
    why: str
    answered: bool = True
    absent: bool = False


def local_sid(cim: Cim, computer: str, name: str) -> str | None:
    """The SID of a local user or group of ``computer``, by both keys, so that no domain is ever asked."""
    for class_name in ("Win32_UserAccount", "Win32_Group"):
        row = cim.get(class_name, {"Domain": computer, "Name": name})
        found = as_text(row.get("SID")) if row is not None else None
        if found is not None and sids.is_sid(found):
            return sids.normal(found)
    return None


def add_questions(chain: Chain, files: Files, names: Sequence[str], room: int = 900) -> list[str]:
    """Ask icacls for as many names as one line holds; returns those that are left for another line.

    ``room`` is kept free for what follows in the same chain: the save, its display, and the removal of the files.
    """
    left = list(names)
    index = 0
    if any("!" in name for name in left):
        chain.run(f"echo @@{chain.nonce}:late={_LATE}")
    while left:
        scratch = files.quoted(f"n{index}")
        grant = f'>{scratch} echo.& {_QUIET}{program("icacls.exe")} {scratch} /grant "{left[0]}:R" /q'
        if len(chain.line()) + len(grant) + room > LONGEST_CHAIN:
            break
        chain.run(grant, code=f"n{index}")
        left.pop(0)
        index += 1
    if index:
        everything = f'"{files.path("n*")}"'
        chain.run(f"{_QUIET}{program('icacls.exe')} {everything} /save {files.quoted('acl')} /q", code="acl")
        chain.show("acl", f"type {files.quoted('acl')}")
    return left


def read_answers(sections: Sections, names: Sequence[str]) -> dict[str, Asked]:
    """What icacls answered for the first names of one chain, in their order."""
    saved = _saved(sections.section("acl"))
    answers = {}
    for index, name in enumerate(names):
        code = sections.code(f"n{index}")
        if code is None:
            break
        sddl = saved.get(index)
        if "!" in name and sections.text("late") != _LATE:
            why = "the host's cmd.exe expands what stands between exclamation marks, so another name was asked"
            answers[name] = Asked(None, why)
        elif sddl is None:
            save = sections.code("acl")
            answers[name] = Asked(
                None, f"icacls could not be asked (its exit codes were {code} and {save})", answered=False
            )
        else:
            answers[name] = _asked(sddl, code)
    return answers


def _saved(data: bytes | None) -> dict[int, str]:
    """The file of ``icacls /save``: pairs of lines, the scratch file's name and its SDDL."""
    shown = [line.strip() for line in lines(decode(data or b"")) if line.strip()]
    pairs = {}
    for name, sddl in itertools.pairwise(shown):
        number = re.search(r"\.n([0-9]{1,4})\Z", name)
        if number is not None and sddl.startswith("D:"):
            pairs[int(number.group(1))] = sddl
    return pairs


def _asked(sddl: str, code: int) -> Asked:
    if NO_ACL in sddl:
        return Asked(None, "icacls could not be asked (%windir% is on a volume without access lists)", answered=False)
    ours = []
    for ace in _ACE.findall(sddl):
        fields = ace.split(";")
        if len(fields) >= 6 and fields[0] == "A" and "ID" not in re.findall("..", fields[1]):
            ours.append(fields[5])
    if len(ours) == 1 and code != 0:
        # A folder that hands nothing down leaves the entries of a new file's owner: those are not our answer.
        return Asked(None, f"icacls ended with exit code {code} and yet left an entry", answered=False)
    if len(ours) == 1 and _DOMAIN.match(ours[0]):
        return Asked(None, f"that is the name of a domain or a computer ({ours[0]}), not of an account", absent=True)
    if len(ours) == 1:
        return Asked(ours[0], "icacls")
    if code == 0:
        return Asked(None, f"icacls left {len(ours)} entries, so ours cannot be told from others", answered=False)
    why = f"icacls knows no such account or cannot reach its domain (exit code {code})"
    return Asked(None, why, absent=code == NONE_MAPPED)


def sddl_of(trustees: Sequence[str]) -> str:
    """A descriptor with one entry for each trustee, for Win32_SecurityDescriptorHelper.SDDLToWin32SD."""
    return "D:" + "".join(f"(A;;GR;;;{trustee})" for trustee in trustees)
