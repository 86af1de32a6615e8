# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Tasks by ``schtasks.exe``, for a host whose CIM does not take them (Server 2008 R2): exit codes and numbers only.

The text goes into a file of ours in ``%windir%\security``, 8 bits without a declaration: one that names another
encoding than the bytes have would be refused.
"""

from __future__ import annotations

import csv
import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import LONGEST_CHAIN
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import SECURITY, Chain, Files, program

from .task_state import Task

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Way

    from .session import Session

# The table of tasks: host, task, next run, status, logon mode, last run, last result and more (docs/sources.md S12).
_LAST_RESULT = 6
_SPECIAL = re.compile(r"[&<>|^]")
_SAID = 200


class ProgramTasks:
    """Implements Store by schtasks.exe."""

    way: Way = "schtasks"

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, name: str, stem: str, lines: Sequence[str]) -> None:
        """See Store."""
        files = Files(stem, SECURITY)
        chains = [Chain().run(files.remove_one("xml"))]
        for line in lines:
            command = f"echo {_SPECIAL.sub(lambda found: '^' + found.group(), line)}"
            if len(chains[-1].line()) + len(command) + 900 > LONGEST_CHAIN:
                chains.append(Chain())
            chains[-1].run(f">>{files.quoted('xml')} {command}")
        for chain in chains[:-1]:
            self._session.run(chain)
        self._run(chains[-1], f"/create /tn {_quoted(name)} /xml {files.quoted('xml')} /f", "to make a task")

    def start(self, name: str) -> None:
        """See Store."""
        self._run(Chain(), f"/run /tn {_quoted(name)}", "to start a task")

    def state(self, name: str) -> Task | None:
        """See Store; the state is a word in the language of Windows, so the result has to tell it."""
        return self.result(name)

    def result(self, name: str) -> Task | None:
        """See Store; a task that schtasks does not find is none."""
        chain = Chain().show("task", f"2>nul {_program()} /query /tn {_quoted(name)} /fo csv /v /nh")
        told = decode(self._session.run(chain).section("task") or b"").splitlines()
        try:
            rows = list(csv.reader(told))
        except csv.Error as exc:  # a field of more than 128 KB; before Python 3.11 a NUL as well
            raise ReadError(f"What schtasks says of the task {name!r} cannot be read: {exc}.") from exc
        found = next((row for row in rows if len(row) > _LAST_RESULT), None)
        return None if found is None else Task(None, _number(found[_LAST_RESULT]))

    def delete(self, name: str) -> None:
        """See Store."""
        self._run(Chain(), f"/delete /tn {_quoted(name)} /f", "to delete a task")

    def _run(self, chain: Chain, arguments: str, what: str) -> None:
        chain.parts.append(f"echo @@{chain.nonce}:said[")
        chain.run(f"{_program()} {arguments} 2>&1", code="code")
        chain.parts.append(f"echo @@{chain.nonce}:said]")
        sections = self._session.run(chain)
        code = sections.code("code")
        if code != 0:
            said = " ".join(decode(sections.section("said") or b"").partition("@@")[0].split())[:_SAID]
            raise WindowsError(f"schtasks, asked {what}, ended with exit code {code}: {said or 'no text'}.", code=code)


def _program() -> str:
    return program("schtasks.exe")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _number(text: str) -> int | None:
    """A result as schtasks prints it: a decimal number, signed or not."""
    written = text.strip()
    return int(written) & 0xFFFFFFFF if re.fullmatch(r"-?[0-9]{1,10}", written) else None
