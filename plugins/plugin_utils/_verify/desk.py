# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every question to a real host works with, and the answer it gives: a row of docs/assumptions.md in its words."""

from __future__ import annotations

import typing as t
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import secedit
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.lookup_names import add_questions, read_answers
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Computer, Host, RightsReading
    from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.lookup_names import Asked
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Settled:
    """One answered question: the row, the world's name, the answer in its words (or unknown) and what was seen."""

    row: str
    world: str
    answer: str
    evidence: str


@dataclass(frozen=True)
class Desk:
    """What a question works with: the shell and CIM of one host, and what was read of it before the questions.

    ``me`` is what whoami calls the connecting account, which need not be the name that it logged on with.
    """

    transport: Transport
    cim: Cim
    host: Host
    computer: Computer
    reading: RightsReading
    me: str = ""

    def run(self, chain: shell.Chain, files: shell.Files) -> shell.Sections:
        """Run a chain that ends with the removal of its files."""
        return chain.read(self.transport.run(secedit.finish(chain, files).line()).stdout)

    def raw(self, command: str) -> bytes:
        """The bytes that one command prints."""
        chain = shell.Chain().show("x", command)
        return chain.read(self.transport.run(chain.line()).stdout).section("x") or b""

    def show(self, command: str) -> str:
        """What one command prints."""
        return decode(self.raw(command)).strip()

    def resolve(self, name: str) -> Asked | None:
        """What icacls makes of one name."""
        own, chain = files(), shell.Chain()
        add_questions(chain, own, [name])
        return read_answers(self.run(chain, own), [name]).get(name)


Question = Callable[[Desk], Settled]


def files() -> shell.Files:
    """New names in the folder for temporary files."""
    return shell.Files.fresh(shell.utc_now())


def size_of(path: str) -> str:
    """A command that prints the length of a file; ``path`` is quoted."""
    return f"(for %i in ({path}) do @echo %~zi)"


def encoding(length: bytes | None, shown: bytes) -> tuple[str, str]:
    """How a file is encoded that ``type`` showed: by its length on the host, for ``type`` converts. And what was seen.

    The first is utf16_bom, utf16, one_byte or unknown.
    """
    text, size = decode(shown), (length or b"").decode("ascii", "replace").strip()
    units = len(text.encode("utf-16-le"))
    seen = f"{size} bytes for {len(text)} characters"
    if not size.isdigit() or not text:
        return UNKNOWN, seen
    by_length = {units + 2: "utf16_bom", units: "utf16", len(text): "one_byte"}
    return by_length.get(int(size), UNKNOWN), seen
