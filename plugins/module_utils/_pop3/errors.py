# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of a POP3 probe: one base, leaves for the caller's mistakes and for what a connection can do."""

from __future__ import annotations


class Pop3Error(Exception):
    """Base of everything the probe raises on purpose."""


class RequestError(Pop3Error):
    """The request cannot be meant; ``str()`` is a sentence for the user. The only error that leaves ``probe``."""


class ChannelError(Pop3Error):
    """The conversation cannot go on. ``partial`` holds the bytes of a line that never ended."""

    def __init__(self, message: str, partial: bytes = b"") -> None:
        super().__init__(message)
        self.partial = partial


class SilentError(ChannelError):
    """The deadline passed."""


class ClosedError(ChannelError):
    """The server closed or reset the connection."""


class LineTooLongError(ChannelError):
    """A line, or an answer of many lines, passed every limit."""


class TlsError(ChannelError):
    """TLS was asked for and not obtained; the message is the library's own text."""


class ConnectError(Pop3Error):
    """No connection came about: ``verdict`` and ``stage`` say how, the message is the system's own text."""

    def __init__(self, message: str, verdict: str, stage: str) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.stage = stage
