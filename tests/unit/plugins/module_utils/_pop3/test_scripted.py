# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripted server keeps to its script whatever bytes a client sends."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.support.scripted import (
    PATIENCE,
    Peer,
    dialogue,
    serving,
)


@pytest.mark.parametrize("handler", [Peer.wait, dialogue(b"")], ids=["wait", "answer"])
def test_empty_lines_are_no_farewell(handler: Callable[[Peer], None]) -> None:
    """A greeting of TLS holds two line feeds in a row now and then."""
    with serving(handler) as server, socket.create_connection((server.host, server.port), PATIENCE) as client:
        client.sendall(b"\x16\x03\n\n\r\n\nQUIT\n")
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass
    assert server.received == [b"\x16\x03", b"", b"", b"", b"QUIT"]
