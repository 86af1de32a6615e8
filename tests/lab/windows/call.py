# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a program: its arguments, streams and computer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.seams import Caller
    from lab.windows.console import Shell
    from lab.windows.host import Host
    from lab.windows.streams import Streams


@dataclass
class Call:
    """``args`` as the C runtime splits them; ``tail`` is the text they came from.

    ``output_path`` names the file a program wrote, for faults that cut or spoil it.
    """

    shell: Shell
    program: str
    args: list[str]
    tail: str
    io: Streams
    output_path: str = ""

    @property
    def host(self) -> Host:
        """The computer."""
        return self.shell.host

    @property
    def caller(self) -> Caller:
        """Whose token the program has."""
        return self.shell.caller

    def out(self, text: str) -> None:
        """Print in the console's code page."""
        self.io.out.write(self.shell.encode(text))

    def err(self, text: str) -> None:
        """Print on the error stream."""
        self.io.err.write(self.shell.encode(text))

    def path(self, text: str) -> str:
        """A full path."""
        return self.shell.path(text)
