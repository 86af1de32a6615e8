# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A write in one chain, for what one line holds: the host itself proves what the write relies on, or does not write.

It writes only if the template has the length that was meant (of letters that no shell expands, so the length proves
it) and the lines of the rights concerned, taken from a new export by findstr, are byte for byte those that the plan
was made from. Other rights may move. Where the host cannot prove it nothing is written, and whoever asked goes the
longer way (secedit.py), where each step is looked at before the next one is sent.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import LONGEST_CHAIN
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Chain, Files, Sections, program

from . import inf, secedit

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Every whole export has these lines, the last behind the rights: findstr must find them, so that "not found" is true.
_ALWAYS = ("[Privilege Rights]", "[Version]")
# What echo writes as it stands, inside brackets and whether or not cmd.exe expands exclamation marks.
_PLAIN = re.compile(r"\A[A-Za-z\[][A-Za-z0-9 *_$=,.\[\]\\-]*(?<! )\Z", re.ASCII)
_LONGEST_ECHO = 900


def lines_of(export: bytes, rights: Iterable[str]) -> tuple[str, ...]:
    """The lines of an export that findstr prints for these rights, in their order."""
    wanted = tuple(text.lower() for text in (*_ALWAYS, *rights))
    return tuple(line for line in decode(export).replace("\r\n", "\n").split("\n") if line.lower().startswith(wanted))


def chain_for(files: Files, meant: inf.Rendered, export: bytes) -> Chain | None:
    """The chain, or None where the template or the lines it is guarded by do not fit, or are not plain."""
    seen = lines_of(export, meant.rights)
    if not all(_PLAIN.match(line) for line in seen) or not set(_ALWAYS) <= set(seen):
        return None
    if max(map(len, (*meant.lines, *seen))) > _LONGEST_ECHO:
        return None
    names = " ".join(f'/c:"{text}"' for text in (*_ALWAYS, *meant.rights))
    new, was, now, shown = (files.quoted(suffix) for suffix in ("t.inf", "was", "now", "e2.txt"))
    chain = Chain().run(_file(meant.lines, new)).run(_file(seen, was))
    chain.run(f"for %f in ({new}) do @echo @@{chain.nonce}:t=%~zf")
    secedit.add_read(chain, files, "e2")
    chain.run(f"type {files.quoted('e2.inf')}>{shown}")
    chain.run(f"{program('findstr.exe')} /b /i /l {names} {shown}>{now}")
    same = (
        f"{secedit.QUIET}{program('fc.exe')} /b {was} {now} && ({secedit.configure(files)}& {chain.code('configure')})"
    )
    chain.run(f'for %f in ({new}) do @if "%~zf"=="{len(meant.data)}" ({same})')
    secedit.read_back(chain, files)
    return chain if len(chain.line()) <= LONGEST_CHAIN else None


def check_written(sections: Sections, meant: inf.Rendered) -> bool:
    """Whether the template had the length that was meant."""
    return sections.code("t") == len(meant.data)


def _file(lines: Sequence[str], path: str) -> str:
    return f"({'& '.join(f'echo {line}' for line in lines)})>{path}"
