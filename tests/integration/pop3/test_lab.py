# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe against the lab's Exchange 2019 in each world of a mailbox that is not reached."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.support import lab_hosts
from lab import pop3

PASSWORD = "Qz-7Wq9rT2"
WRONG = "Xk-2Vb8mN4"
DEADLINE = 20


@contextlib.contextmanager
def listening(worlds: dict[str, str]) -> Iterator[int]:
    """Run the POP3 port of an Exchange 2019 that has a mailbox for one of two users."""
    users = [{"name": name, "rid": rid, "password": PASSWORD} for name, rid in (("petra", 1101), ("anna", 1102))]
    computer = lab_hosts.host(
        worlds,
        {"users": users},
        generation="2019",
        plain_text_login=True,
        mailboxes={"petra": "EXAMPLES\\petra"},
    )
    ready = threading.Event()
    known: list[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        listener = await pop3.start(computer, "127.0.0.1", 0, None)
        stop = asyncio.Event()
        known.append((listener.sockets[0].getsockname()[1], asyncio.get_running_loop(), stop))
        ready.set()
        await stop.wait()
        listener.close()
        await listener.wait_closed()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(DEADLINE)
    port, loop, stop = known[0]
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(DEADLINE)
        assert not thread.is_alive()


@pytest.mark.parametrize("world", ["at_once", "later"])
@pytest.mark.parametrize(
    ("user", "password", "outcomes"),
    [
        pytest.param("petra", PASSWORD, {"at_once": ("logon_ok", "exact", "pass")}, id="mailbox"),
        pytest.param("petra", WRONG, {"at_once": ("credentials_rejected", "inferred", "pass")}, id="wrong password"),
        pytest.param(
            "anna",
            PASSWORD,
            {
                "at_once": ("credentials_rejected", "inferred", "pass"),
                "later": ("mailbox_unavailable", "exact", "stat"),
            },
            id="no mailbox",
        ),
    ],
)
def test_a_mailbox_that_is_not_reached(
    world: str, user: str, password: str, outcomes: dict[str, tuple[str, str, str]]
) -> None:
    with listening({"pop3_not_connected": world}) as port:
        request = Request(
            "127.0.0.1", port, login="credentials", user=f"EXAMPLES\\{user}", password=password, timeout=30
        )
        result = probe(request).as_result()
    expected = outcomes.get(world, outcomes["at_once"])
    assert (result["verdict"], result["confidence"], result["stage"]) == expected
    assert ("MSExchangePOP3BE" in result["advice"]) == (expected[0] != "logon_ok")
    assert password not in repr(result)


def test_a_name_outside_ascii_is_told_as_such() -> None:
    with listening({}) as port:
        request = Request("127.0.0.1", port, login="credentials", user="j\u00fcrgen", password=PASSWORD, timeout=30)
        result = probe(request).as_result()
    assert (result["verdict"], result["reply"], result["stage"]) == ("unclassified", "-ERR Protocol error. 17", "user")
    assert "ASCII" in result["advice"]
