# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the probe ask: banners, one request, and the part of a result that is compared."""

from __future__ import annotations

import dataclasses
from typing import Any

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.support.scripted import ScriptedServer

E50 = b"+OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready\r\n"
MODERN = b"+OK The Microsoft Exchange POP3 service is ready.\r\n"
PRIVILEGE = b"-ERR A required privilege is not held by the client.\r\n"
PASSWORD = "Tr0ub4dor&3"
# More than a busy machine needs beyond a deadline, and far less than any other limit.
SLACK = 1.5


def request(server: ScriptedServer, **changes: Any) -> Request:
    """One probe of a scripted server with a password, changed as a test wants it."""
    base = Request(
        server.host, server.port, login="credentials", user="CORP\\alice\\alice", password=PASSWORD, timeout=5.0
    )
    return dataclasses.replace(base, **changes)


def outcome(result: dict[str, Any]) -> tuple[str, ...]:
    """What a test of a verdict compares."""
    return tuple(result[key] for key in ("verdict", "confidence", "privilege", "stage"))
