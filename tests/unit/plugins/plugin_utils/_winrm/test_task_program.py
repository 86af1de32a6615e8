# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What schtasks says of a task: a table that Python cannot read is no table without the task."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.task_program import ProgramTasks
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell


class Told:
    """In the place of Session: schtasks says this, whatever it is asked."""

    def __init__(self, said: bytes) -> None:
        self.said = said

    def run(self, chain: shell.Chain) -> shell.Sections:
        mark = b"@@" + chain.nonce.encode()
        return shell.Sections(chain.nonce, mark + b":task[\r\n" + self.said + b"\r\n" + mark + b":task]\r\n")


def test_a_table_that_cannot_be_read_is_no_sign_that_the_task_is_gone() -> None:
    tasks = ProgramTasks(Told(b'"EXCH","' + b"x" * 200_000 + b'"'))  # type: ignore[arg-type]  # it plays the one method that is called
    with pytest.raises(ReadError, match="What schtasks says of the task 'x' cannot be read"):
        tasks.state("x")
