# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said to secedit: the command chains that read, prepare and write user rights, and what they answer.

Every export and template has a name of this run; exports are removed by the chain that made them. Exit codes 0 and 3
("done with warnings") are both read back.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ApplyError, BusyError, ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode, lines
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import LONGEST_CHAIN
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Chain, Files, Sections, program

from . import inf

if t.TYPE_CHECKING:
    from collections.abc import Sequence

QUIET = ">nul 2>&1 "
LOG = "secedit's log"
_LONGEST_LOG = 20
_LONGEST_LOG_LINE = 300
# Something must follow: of a log that was cut off, the last SID may be another one's beginning.
_LOGGED = re.compile(r"\bS-1(?:-[0-9]{1,15}){2,16}(?=[^0-9-])")
# A written piece leaves room for its redirection; set /p would drop a blank or "=" at its beginning.
_PIECE = 900
# setupapi limits INF strings to 4,096 characters (MAX_INF_STRING_LENGTH); whether that cuts a line is not documented.
_LONGEST_SURE = 4000


def export(files: Files, suffix: str) -> str:
    """Export the user rights to a new file (a new file is UTF-16 with BOM; an old one would keep its encoding)."""
    return (
        f"{QUIET}{program('secedit.exe')} /export /cfg {files.quoted(suffix + '.inf')} /areas USER_RIGHTS "
        f"/log {files.quoted(suffix + '.log')} /quiet"
    )


def add_read(chain: Chain, files: Files, suffix: str) -> Chain:
    """Export and show the rights under the section name ``suffix``, with the log of the export."""
    chain.run(export(files, suffix), code=suffix)
    chain.show(suffix, f"type {files.quoted(suffix + '.inf')}")
    return chain.show(f"{suffix}log", f"type {files.quoted(suffix + '.log')}")


def read_export(sections: Sections, suffix: str) -> inf.Template:
    """The export shown under ``suffix``, proven to be whole; raises ReadError that quotes secedit's log."""
    code = sections.code(suffix)
    data = sections.section(suffix)
    if code is None:
        raise ReadError(
            "The host did not tell with which exit code secedit /export ended, so its export proves nothing. "
            "Look whether the host's cmd.exe is restricted by a policy."
        )
    if code != 0 or data is None:
        log = " / ".join(log_lines(sections.section(f"{suffix}log"))) or "nothing"
        kind = BusyError if code == 1 else ReadError
        raise kind(
            f"secedit /export ended with exit code {code} and wrote no usable export. Windows said: {log}. "
            "The connecting account must be a full administrator of the host."
        )
    return inf.parse_whole(data, "The export of the user rights")


def log_lines(data: bytes | None) -> tuple[str, ...]:
    """The last lines of secedit's log, trimmed and cut; they are quoted to the user, never understood."""
    found = [line.strip(" \t-") for line in lines(decode(data or b""))]
    return tuple(line[:_LONGEST_LOG_LINE] for line in [line for line in found if line][-_LONGEST_LOG:])


def said(code: int, log: Sequence[str]) -> tuple[str, ...]:
    """The clauses of a message about a write: how secedit ended, and the end of its log."""
    return f"secedit ended with exit code {code}", f"its log says: {' / '.join(log[-6:]) or 'nothing'}"


def sids_in_log(data: bytes | None) -> frozenset[str]:
    """The SIDs that secedit's log names, on any language of Windows (``Configure S-1-5-19.``)."""
    found = _LOGGED.findall(decode(data or b""))
    return frozenset(sids.normal(text) for text in found if sids.is_sid(text))


def _written(line: str) -> list[str]:
    """The commands that print one line of the template, in pieces where it is long."""
    parts = []
    while len(line) > _PIECE:
        cut = line.rfind(",", 0, _PIECE) + 1
        parts.append(f"<nul set /p ={line[:cut]}")
        line = line[cut:]
    return [*parts, f"echo {line}"]


def write_lines(files: Files, meant: inf.Rendered) -> list[Chain]:
    """The chains that put the template on the host; the last one shows it as it stands in its file (section ``t``)."""
    groups: list[list[str]] = [[]]
    for command in (part for line in meant.lines for part in _written(line)):
        if len(Chain().line()) + sum(len(one) + 2 for one in groups[-1]) + len(command) + 900 > LONGEST_CHAIN:
            groups.append([])
        groups[-1].append(command)
    chains = [Chain().run(f"({'& '.join(group)})>>{files.quoted('t.inf')}") for group in groups]
    chains[-1].show("t", f"type {files.quoted('t.inf')}")
    return chains


def prepare_lines(files: Files, meant: inf.Rendered) -> list[Chain]:
    """The same, and the last chain takes the export against which the write is guarded (section ``e1``)."""
    chains = write_lines(files, meant)
    add_read(chains[-1], files, "e1")
    return chains


def check_written(sections: Sections, meant: inf.Rendered) -> None:
    """Prove that the template on the host is, to the byte, the one that was meant; raises ApplyError."""
    shown = sections.section("t")
    if shown is None or decode(shown).encode("utf-8") != meant.data:
        raise not_written()


def not_written() -> ApplyError:
    """What is said of a template that does not stand in its file as meant."""
    return ApplyError(
        "The template could not be written to %windir%\\Temp as meant (is the disk full or the folder protected?)."
    )


def must_rehearse(meant: inf.Rendered) -> bool:
    """Whether a line is so long that secedit's reader must prove first that it takes it whole."""
    return any(len(line) > _LONGEST_SURE for line in meant.lines)


def rehearse_line(files: Files) -> Chain:
    """Let secedit read the template into a private database and print what it understood; nothing is applied."""
    database, log = files.quoted("v.sdb"), f"/log {files.quoted('v.log')} /quiet"
    secedit, area = f"{QUIET}{program('secedit.exe')}", "/areas USER_RIGHTS"
    chain = Chain()
    chain.run(f"{secedit} /import /db {database} /cfg {files.quoted('t.inf')} /overwrite {area} {log}")
    chain.run(f"{secedit} /export /db {database} /cfg {files.quoted('v.inf')} {area} {log}", code="v")
    chain.show("v", f"type {files.quoted('v.inf')}")
    return chain.show("vlog", f"type {files.quoted('v.log')}")


def configure(files: Files) -> str:
    """Apply the template of this run."""
    return (
        f"{QUIET}{program('secedit.exe')} /configure /db {files.quoted('sdb')} /cfg {files.quoted('t.inf')} "
        f"/areas USER_RIGHTS /log {files.quoted('log')} /quiet"
    )


def commit_line(files: Files, *, compare: bool = True) -> Chain:
    """The chain that writes: export again, go on only if not a byte differs, configure, read back, remove our files.

    Without ``compare`` it goes on as long as the second export is there, for hosts whose exports differ by themselves.
    """
    chain = add_read(Chain(), files, "e2")
    same = f"if exist {files.quoted('e2.inf')}"
    if compare:
        same = f"{QUIET}{program('fc.exe')} /b {files.quoted('e1.inf')} {files.quoted('e2.inf')} &&"
    chain.run(f"({same} ({configure(files)}& {chain.code('configure')}))")
    return read_back(chain, files)


def read_back(chain: Chain, files: Files) -> Chain:
    """Show what became of the write, and remove this run's files."""
    add_read(chain, files, "r")
    chain.show("log", f"if exist {files.quoted('log')} type {files.quoted('log')}")
    chain.run(f"echo @@{chain.nonce}:windir=%windir%")
    return finish(chain, files)


def finish(chain: Chain, files: Files) -> Chain:
    """Remove this run's files and show what is left of them."""
    return chain.run(files.remove()).show("left", f'if exist "{files.path("*")}" dir /b "{files.path("*")}"')
