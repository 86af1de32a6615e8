# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of the security engine (captures/logs/21, 22 and sample 11): indented by tabs, blank lines between areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state.files import FileError

if TYPE_CHECKING:
    import datetime as dt

    from lab.windows.call import Call

TEMPLATE = "----Reading Configuration Template info..."
RIGHTS = "----Configure User Rights..."
GROUPS = "----Configure Group Membership..."
END = "----Un-initialize configuration engine..."
# What a run over all areas writes for those that change nothing here (captures/logs/22).
OTHER_AREAS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("----Configure 64-bit Registry Keys...", ("Configuration of Registry Keys was completed successfully.",)),
    ("----Configure 32-bit Registry Keys...", ()),
    ("----Configure File Security...", ("File Security configuration was completed successfully.",)),
    ("----Configure General Service Settings...", ("General Service configuration was completed successfully.",)),
    (
        "----Configure available attachment engines...",
        ("Configuration of attachment engines was completed successfully.",),
    ),
)
SECURITY_POLICY = "----Configure Security Policy..."
SECURITY_POLICY_LINES = (
    "System Access configuration was completed successfully.",
    "Configuration of Registry Values was completed successfully.",
    "Audit/Log configuration was completed successfully.",
)


def moment(now: dt.datetime) -> str:
    """``Friday, July 7, 2017 5:09:45 PM``: no leading zeros."""
    return f"{now:%A, %B} {now.day}, {now.year} {now.hour % 12 or 12}:{now:%M:%S %p}"


class Log:
    """The log of one run: written at its end, over what was there."""

    def __init__(self, call: Call, path: str, *, quiet: bool) -> None:
        self._call = call
        self._path = call.path(path)
        self._silent = quiet and call.host.worlds["quiet_log"] == "suppressed"
        self._lines = [
            "-------------------------------------------",
            moment(call.host.machine.clock.local()),
            "----Configuration engine was initialized successfully.----",
            "",
        ]

    def line(self, text: str, indent: int = 0) -> None:
        """Add a line; indentation is part of the log."""
        self._lines.append("\t" * indent + text)

    def lines(self, *texts: str) -> None:
        """Add lines as they are."""
        self._lines += texts

    def other_areas(self) -> None:
        """What stands there for the areas that this lab does not configure."""
        for head, ends in OTHER_AREAS:
            self.lines(head, "", *([text for end in ends for text in (f"\t{end}", "", "")] or [""]))
        self.lines(SECURITY_POLICY, "\tConfigure password information.")
        for end in SECURITY_POLICY_LINES:
            self.lines("", f"\t{end}")
        self.lines("", "")

    def save(self) -> None:
        """Write the file; a log that cannot be written is no error of the run."""
        if self._silent:
            return
        text = "".join(f"{line}\r\n" for line in self._lines)
        wide = self._call.host.worlds["secedit_log_encoding"] == "utf16"
        data = b"\xff\xfe" + text.encode("utf-16-le") if wide else text.encode("cp1252", "replace")
        try:
            self._call.host.write(self._call.caller, self._path, data)
        except FileError:
            return
