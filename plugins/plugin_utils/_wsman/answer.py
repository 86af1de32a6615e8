# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""One answer for a whole chain: it writes into one file of ours on the host, shows it once, and tells its length.

A host may hand out output as soon as there is any, a request for each program of a chain; a file shown at the end
comes in a piece or two. Its length proves that nothing between two markers was lost, and a file that is kept can be
read again after a dropped connection. The file begins with a marker in ASCII, so ``type`` shows its bytes as they are
whatever encoding the parts have (docs/assumptions.md W94); where it does not, the length differs and nothing is
believed.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError

from . import forbidden
from .shell import Chain, Files, Sections
from .transport import LONGEST_LINE

# What a chain may take of a line, the frame around it left out.
LONGEST_CHAIN = LONGEST_LINE - 700
_VARIABLE = "winmail"


class State(enum.Enum):
    """How far a chain came whose answer is kept, as its file shows."""

    NOT_BEGUN = "not begun"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True)
class Answer:
    """A chain with the file that takes its output.

    ``kept``: the file stays until ``forget`` removes it, and a chain that has not begun can be told not to.
    """

    chain: Chain
    files: Files
    kept: bool = False

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return f"{self.files.stem}.out"

    def line(self) -> str:
        """The command line; all that it prints is the file and the marker with its length."""
        out = self.files.quoted("out")
        body = self.chain.line()
        if self.kept:
            body = f"if not exist {self.files.quoted('no')} ({body})"
        parts = [f"({body})>{out} 2>nul", f'(for %f in ({out}) do @set "{_VARIABLE}=%~zf")', f"type {out}"]
        if self.kept:
            parts.append(f"(if exist {self.files.quoted('no')} {self._delete()})")
        else:
            parts.append(self.files.remove())
            left = f'dir /b "{self.files.path("*")}"'
            parts.append(f'(if exist "{self.files.path("*")}" (echo {self._left}[& {left}& echo {self._left}]))')
        return "& ".join([*parts, f"call echo {self._size}=%^{_VARIABLE}%"])

    def _delete(self) -> str:
        return f'del /f /q "{self.files.path("*")}"'

    @property
    def _size(self) -> str:
        return f"@@{self.chain.nonce}:size"

    @property
    def _left(self) -> str:
        return f"@@{self.chain.nonce}:left"

    def ended(self, output: bytes) -> bool:
        """Whether the last thing that the line prints has arrived: then there is nothing to wait for."""
        return re.search(rb"(?:\A|\n)" + self._size.encode() + rb"=[^\r\n]*\r?\n\Z", output) is not None

    def read(self, output: bytes) -> tuple[Sections, list[str]]:
        """The chain's sections, and files that could not be removed; raises ReadError where nothing is proven."""
        found = re.search(rb"(?:\A|\n)" + self._size.encode() + rb"=([^\r\n]*)\s*\Z", output)
        if found is None:
            raise ReadError(
                forbidden.refusal(output)
                or "The command line on the host did not run to its end, so its answer proves nothing. "
                "Nothing can be said about the host's rights; run the task again."
            )
        length = found.group(1).strip()
        if not re.fullmatch(rb"[0-9]{1,9}", length):
            raise ReadError(
                "The host did not tell how long its answer is, so it proves nothing. Look whether %windir%\\Temp can "
                "be written and whether the host's cmd.exe is restricted by a policy."
            )
        content = output[: int(length)]
        left = self._left_in(output[len(content) :], found.group(1))
        if left is None or len(content) != int(length):
            raise ReadError(
                f"The host's answer is {length.decode()} bytes long there and has another length here, so something "
                "was lost or changed on its way and it proves nothing. Run the task again."
            )
        return self.chain.read(content), left

    def _left_in(self, rest: bytes, length: bytes) -> list[str] | None:
        """The names of files that are still there, from all that may stand behind the file; None for anything else."""
        mark = re.escape(self._left.encode())
        tail = rb"\A(?:%s\[\r?\n(.*?)%s\]\r?\n)?%s=%s\s*\Z" % (mark, mark, self._size.encode(), re.escape(length))
        found = re.match(tail, rest, re.DOTALL)
        if found is None:
            return None
        return (found.group(1) or b"").decode("utf-8", "replace").split()

    def ask(self) -> Chain:
        """A chain that tells how far this one came; one that has not begun is told not to."""
        out = self.files.quoted("out")
        chain = Chain().run(f">{self.files.quoted('no')} echo.")
        chain.run(f"for %f in ({out}) do @if exist {out} echo @@{chain.nonce}:kept=%~zf")
        return chain.show("kept", f"if exist {out} type {out}")

    def asked(self, sections: Sections) -> tuple[State, Sections | None]:
        """What ``ask`` was answered: how far the chain came, and its sections where it ended."""
        length, content = sections.code("kept"), sections.section("kept")
        if length is None:
            return State.NOT_BEGUN, None
        if content is None or len(content) != length:
            return State.RUNNING, None
        try:
            return State.ENDED, self.chain.read(content)
        except ReadError:
            return State.RUNNING, None
