# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parsers of a command line's answer: its file with the length, a kept one, names of files, the guarding lines."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import at_once, inf, leftovers
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.rollback_files import begun
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.task_program import ProgramTasks
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer, State
from ansible_collections.winmail.exchange.tests.unit.fuzz import seeds
from ansible_collections.winmail.exchange.tests.unit.fuzz.windows_parsers import Parser, sections

_STEM = "winmail-20261124T090000Z-0a1b2c3d4e5f"
_MEANT = inf.render({"SeTcbPrivilege": ["S-1-5-18"]})


def _text(data: bytes) -> object:
    found = sections(data).text("e")
    assert found is None or not set(found) & set("\r\n")
    return found


def _answer(data: bytes) -> object:
    """The file of a chain and its length, as they come from the wire."""
    answer = Answer(shell.Chain(seeds.NONCE), shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f"))
    answer.ended(data)
    found, left = answer.read(data)
    assert data.startswith(found.output)
    assert f"={len(found.output)}".encode() in data[len(found.output) :]
    return found.output, left


def _kept(data: bytes) -> object:
    """A kept answer inside another chain's."""
    inner = Answer(shell.Chain(seeds.NONCE), shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f"), kept=True)
    state, found = inner.asked(shell.Sections(seeds.OTHER, data))
    assert (found is not None) is (state is State.ENDED)
    return state, found and found.output


def _leftovers(data: bytes) -> object:
    stems = leftovers.stems(decode(data).splitlines(), ())
    assert all(len(stem) == len("winmail-20261124T090000Z-0a1b2c3d4e5f") for stem in stems)
    return sorted(stems)


def _guarding(data: bytes) -> object:
    """The lines of an export that a write in one chain is guarded by, and the chain."""
    lines = at_once.lines_of(data, _MEANT.rights)
    chain = at_once.chain_for(shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f"), _MEANT, data)
    assert chain is None or all(line.isascii() for line in lines)
    return lines


class _Told:
    """In the place of Session: whatever is asked, the sections are these bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def run(self, _chain: shell.Chain) -> shell.Sections:
        return sections(self._data)


def _listed_task(data: bytes) -> object:
    """The table of schtasks for one task."""
    found = ProgramTasks(_Told(data)).state("x")  # type: ignore[arg-type]  # it plays the one method that is called
    assert found is None or found.state is None
    assert found is None or found.result is None or 0 <= found.result < 1 << 32
    return found


ANSWERS = (
    Parser(
        "_winrm/task_program.py ProgramTasks.state\n_winrm/task_program.py ProgramTasks.result",
        _listed_task,
        seeds.TASKS,
    ),
    Parser(
        "_winrm/rollback_files.py begun", lambda data: begun("winmail-20261124T090000Z-0a1b2c3d4e5f", data), seeds.READ
    ),
    Parser("_wsman/shell.py Sections.text", _text, seeds.READ),
    Parser("_wsman/answer.py Answer.read\n_wsman/answer.py Answer.ended", _answer, seeds.ANSWERS, (ReadError,)),
    Parser("_wsman/answer.py Answer.asked", _kept, seeds.KEPT),
    Parser("_winrm/leftovers.py stems\n_wsman/shell.py stem_of", _leftovers, (seeds.WHOAMI,)),
    Parser("_winrm/at_once.py lines_of\n_winrm/at_once.py chain_for", _guarding, seeds.TEMPLATES),
    Parser("_winrm/at_once.py check_written", lambda data: at_once.check_written(sections(data), _MEANT), seeds.READ),
)
