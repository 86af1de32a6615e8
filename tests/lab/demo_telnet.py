# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The telnet test of the article by hand: a socket, four lines, nothing of the collection."""

from __future__ import annotations

import socket
from dataclasses import dataclass

TIMEOUT_SECONDS = 30
MASK = "********"


@dataclass(frozen=True)
class Dialogue:
    """The lines in the form of the article, and the server's answer to PASS."""

    lines: tuple[str, ...]
    answer: str


def telnet(address: str, port: int, user: str, password: str) -> Dialogue:
    """Log on once; the password is in no line. Raises OSError where nobody listens."""
    lines = []
    answer = ""
    with socket.create_connection((address, port), TIMEOUT_SECONDS) as connection:
        stream = connection.makefile("rwb")
        lines.append(f"S> {_line(stream.readline())}")
        for command, shown in (
            (f"USER {user}", f"USER {user}"),
            (f"PASS {password}", f"PASS {MASK}"),
            ("QUIT", "QUIT"),
        ):
            stream.write(f"{command}\r\n".encode())
            stream.flush()
            reply = _line(stream.readline())
            lines += [f"C> {shown}", f"S> {reply}"]
            if command.startswith("PASS"):
                answer = reply
        stream.close()
    return Dialogue(tuple(lines), answer)


def _line(received: bytes) -> str:
    return received.decode("utf-8", "replace").rstrip("\r\n")
