# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines for cmd.exe: chains with markers, our own files, and the proof that a chain ran to its end.

Facts of cmd.exe: a line over 8,191 characters may vanish with exit code 0; a chain's own exit code says nothing, so
each program's code is printed behind a marker by ``call echo %^errorlevel%``; redirection stands first.
"""

from __future__ import annotations

import datetime
import re
import secrets
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError

from . import forbidden

SYSTEM32 = "%windir%\\System32"
TEMP = "%windir%\\Temp"
# Only administrators and the system write there, and only they read it as a rule.
SECURITY = "%windir%\\security"
PREFIX = "winmail-"
_STAMP = "%Y%m%dT%H%M%SZ"
_OURS = re.compile(r"\A(winmail-\d{8}T\d{6}Z-[0-9a-f]{12})\.[\w.]{1,20}\Z", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"winmail-[0-9a-z][0-9a-z.-]{0,60}", re.IGNORECASE | re.ASCII)


def utc_now() -> datetime.datetime:
    """The controller's clock."""
    return datetime.datetime.now(datetime.timezone.utc)


@dataclass(frozen=True)
class Files:
    r"""The names of one run's files, in ``%windir%\Temp`` as a rule: prefix, start time (UTC) and a random part.

    The time is the controller's and for people only: how old a file is, its host's clock says (leftovers.py).
    """

    stem: str
    folder: str = TEMP

    @staticmethod
    def fresh(now: datetime.datetime, folder: str = TEMP) -> Files:
        """Names that no other run has; ``now`` is aware and in UTC."""
        return Files(f"{PREFIX}{now.strftime(_STAMP)}-{secrets.token_hex(6)}", folder)

    def path(self, suffix: str) -> str:
        """The absolute path of one file, to be put between quotes."""
        return f"{self.folder}\\{self.stem}.{suffix}"

    def quoted(self, suffix: str) -> str:
        """The same, in its quotes."""
        return f'"{self.path(suffix)}"'

    def remove_one(self, suffix: str) -> str:
        """The command that removes one of them."""
        return f"(if exist {self.quoted(suffix)} del /f /q {self.quoted(suffix)})"

    def remove(self) -> str:
        """The command that removes whatever this run has written; bare, ``if`` would swallow the rest of the line."""
        return f'(if exist "{self.path("*")}" del /f /q "{self.path("*")}")'


def program(name: str) -> str:
    """A program of Windows by its absolute, quoted path."""
    return f'"{SYSTEM32}\\{name}"'


def is_ours(name: str) -> bool:
    """Whether a file's name is one that this collection gives: fit to be shown, whoever made the file."""
    return _NAME.fullmatch(name) is not None


def stem_of(name: str) -> str | None:
    """The stem of a file that a run of this collection made, by its name; anything else has none."""
    match = _OURS.match(name.strip())
    return None if match is None else match.group(1).lower()


def _alone(command: str) -> str:
    """A command that does not swallow what follows: ``if`` and ``for`` take the rest of the line as their body."""
    return f"({command})" if command.startswith(("if ", "for ")) else command


@dataclass
class Chain:
    """One command line of several commands, with markers between their outputs."""

    nonce: str = field(default_factory=lambda: secrets.token_hex(4))
    parts: list[str] = field(default_factory=list)

    def run(self, command: str, code: str | None = None) -> Chain:
        """Add a command; with ``code`` its exit code is printed behind a marker of that name."""
        alone = _alone(command)
        self.parts.append(alone if code is None else f"{alone}& {self.code(code)}")
        return self

    def code(self, name: str) -> str:
        """The command that prints the exit code of the one before it."""
        return f"call echo @@{self.nonce}:{name}=%^errorlevel%"

    def show(self, name: str, command: str) -> Chain:
        """Add a command whose output is wanted, between two markers (bare ``if`` and ``for`` would swallow them)."""
        self.parts.append(f"echo @@{self.nonce}:{name}[& ({command})& echo @@{self.nonce}:{name}]")
        return self

    def line(self) -> str:
        """The whole line; it begins and ends with a marker, and never begins with a quote."""
        return "& ".join([f"echo @@{self.nonce}:start", *self.parts, f"echo @@{self.nonce}:end"])

    def read(self, output: bytes) -> Sections:
        """Cut what came back at the markers; raises ReadError where the chain did not run to its end or has no end."""
        if not re.search(rb"@@" + self.nonce.encode() + rb":end\s*\Z", output):
            raise ReadError(
                forbidden.refusal(output)
                or "The command line on the host did not run to its end, so its answer proves nothing. "
                "Nothing can be said about the host's rights; run the task again."
            )
        return Sections(self.nonce, output)


@dataclass(frozen=True)
class Sections:
    """What a chain printed, cut at its markers as bytes: each part may have an encoding of its own."""

    nonce: str
    output: bytes

    def section(self, name: str) -> bytes | None:
        """The output between the two markers of ``name``, or None where one of them is missing."""
        start = f"@@{self.nonce}:{name}[".encode()
        stop = f"@@{self.nonce}:{name}]".encode()
        begin = self.output.find(start)
        end = self.output.find(stop, begin + len(start))
        if begin < 0 or end < 0:
            return None
        after = self.output[begin + len(start) : end]
        return after[2:] if after.startswith(b"\r\n") else after.removeprefix(b"\n")

    def code(self, name: str) -> int | None:
        """The exit code behind the marker ``name`` as an unsigned number, or None where no exit code was printed."""
        match = re.search(f"@@{self.nonce}:{name}=(-?\\d{{1,10}})(?!\\d)".encode(), self.output)
        number = None if match is None else int(match.group(1))
        # A number that no 32 bits hold is no exit code; cut to 32 bits it could pass for a success.
        return None if number is None or not -(1 << 31) <= number < 1 << 32 else number & 0xFFFFFFFF

    def text(self, name: str) -> str | None:
        """What stands behind the marker ``name`` on its line, or None where there is none."""
        match = re.search(f"@@{self.nonce}:{name}=([^\r\n]*)\r?\n".encode(), self.output)
        return None if match is None else match.group(1).decode("utf-8", "replace")
