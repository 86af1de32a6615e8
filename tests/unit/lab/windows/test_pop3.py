# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The POP3 service of the lab over real sockets, against Q171435, docs/sources.md S9."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import pytest

from lab import pop3
from lab.tls import make_certificate
from lab.windows.computer import Computer

if TYPE_CHECKING:
    from pathlib import Path

Make = Callable[..., Computer]
Value = TypeVar("Value")
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"
PASSWORD = "Pop-hT4k8wZd6Nb-only"
LOGIN = ["USER CORP\\pop3test", f"PASS {PASSWORD}"]
DEADLINE = 10


class Client:
    """One connection; ``ask`` sends a line and returns the first line of the answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def line(self) -> str:
        return (await asyncio.wait_for(self.reader.readline(), DEADLINE)).decode().rstrip("\r\n")

    async def ask(self, text: str) -> str:
        self.writer.write(f"{text}\r\n".encode())
        return await self.line()

    async def rest(self) -> list[str]:
        """The further lines of a multi-line answer."""
        found: list[str] = []
        while (line := await self.line()) != ".":
            found.append(line)
        return found


def port_of(listener: pop3.Listener) -> int:
    port: int = listener.sockets[0].getsockname()[1]
    return port


async def connect(listener: pop3.Listener, context: ssl.SSLContext | None = None) -> Client:
    return Client(*await asyncio.open_connection("127.0.0.1", port_of(listener), ssl=context))


def served(computer: Computer, talk: Callable[[pop3.Listener], Awaitable[Value]]) -> Value:
    """Run a conversation against a listening computer and stop it."""

    async def main() -> Value:
        listener = await pop3.start(computer, "127.0.0.1", 0, None)
        try:
            return await asyncio.wait_for(talk(listener), 30)
        finally:
            listener.close()
            await listener.wait_closed()

    return asyncio.run(main())


def dialogue(computer: Computer, lines: list[str]) -> list[str]:
    """The banner and the first line of each answer."""

    async def talk(listener: pop3.Listener) -> list[str]:
        client = await connect(listener)
        answers = [await client.line()]
        answers += [await client.ask(line) for line in lines]
        client.writer.close()
        return answers

    return served(computer, talk)


def test_the_dialogue_of_the_article(make: Make) -> None:
    computer = make("exch50", "pop3")
    count = len(computer.machine.events.channels["Application"])
    assert dialogue(computer, LOGIN) == [
        "+OK Microsoft Exchange POP3 server version 5.0.1457.10 ready",
        "+OK",
        "-ERR A required privilege is not held by the client.",
    ]
    events = computer.machine.events.channels["Application"]
    assert len(events) == count + 1
    newest = events[-1]
    assert (newest.source, newest.event_id, newest.kind) == ("MSExchangePOP3", 11202, "audit_failure")
    assert newest.message.endswith(
        "has failed: HrLookupCredentials() call failed with error: A required privilege is not held by the client."
    )


def test_the_privilege_is_missed_before_any_password_is_looked_at(make: Make) -> None:
    answers = dialogue(make("exch50", "pop3"), ["USER nobody", "PASS wrong"])
    assert answers[2] == "-ERR A required privilege is not held by the client."


def test_the_error_is_in_the_language_of_the_computer_peers_d1(make: Make) -> None:
    computer = make("exch50", "pop3")
    computer.machine.language = "de"
    assert dialogue(computer, LOGIN)[2] == "-ERR Dem Client fehlt ein erforderliches Recht."


@pytest.mark.parametrize(
    ("host", "banner"),
    [
        ("gen50", "+OK Microsoft Exchange POP3 server version 5.0.1457.10 ready"),
        ("gen55", "+OK Microsoft Exchange POP3 server version 5.5.2653.23 ready"),
        ("gen2000", "+OK Microsoft Exchange 2000 POP3 server version 6.0.6249.0 (gen2000.corp.example) ready."),
        (
            "gen2003",
            "+OK Microsoft Exchange Server 2003 POP3 server version 6.5.6944.0 (gen2003.corp.example) ready.",
        ),
        ("gen2007", "+OK The Microsoft Exchange POP3 service is ready."),
        ("gen2010", "+OK The Microsoft Exchange POP3 service is ready."),
        ("gen2013", "+OK The Microsoft Exchange POP3 service is ready."),
        ("gense", "+OK The Microsoft Exchange POP3 service is ready."),
    ],
)
def test_banners_peers_e1(make: Make, host: str, banner: str) -> None:
    assert dialogue(make(host, "generations"), [])[0] == banner


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("gen50", "-ERR A required privilege is not held by the client."),
        ("gen55", "-ERR A required privilege is not held by the client."),
        ("gen55group", "+OK User successfully logged on"),
        ("gen2000", "+OK User successfully logged on."),
        ("gen2003", "+OK User successfully logged on."),
        ("gen2007", "-ERR Command is not valid in this state."),
        ("gen2010", "-ERR Command is not valid in this state."),
        ("gen2016", "-ERR Command is not valid in this state."),
        ("gen2019", "+OK User successfully logged on."),
    ],
)
def test_the_answer_to_a_clear_text_password_by_generation(make: Make, host: str, answer: str) -> None:
    assert dialogue(make(host, "generations"), LOGIN)[2] == answer


@pytest.mark.parametrize(
    ("user", "password", "answer"),
    [
        ("CORP\\pop3test\\pop3test", PASSWORD, "+OK User successfully logged on"),
        ("corp/pop3test/pop3test", PASSWORD, "+OK User successfully logged on"),
        ("pop3test", PASSWORD, "+OK User successfully logged on"),
        ("pop3test@corp.example", PASSWORD, "+OK User successfully logged on"),
        ("CORP\\pop3test\\other", PASSWORD, "-ERR The requested mailbox is not available on this server."),
        ("CORP\\pop3test", "wrong", "-ERR Logon failure: unknown user name or bad password."),
        ("OTHER\\pop3test", PASSWORD, "-ERR Logon failure: unknown user name or bad password."),
        ("CORP\\nobody", PASSWORD, "-ERR Logon failure: unknown user name or bad password."),
    ],
)
def test_account_forms_and_refusals_peers_e2(make: Make, user: str, password: str, answer: str) -> None:
    assert dialogue(make("exch55", "pop3"), [f"USER {user}", f"PASS {password}"])[2] == answer


def test_a_bad_password_on_5_5_is_event_13003(make: Make) -> None:
    computer = make("exch55", "pop3")
    dialogue(computer, ["USER pop3test", "PASS wrong"])
    newest = computer.machine.events.channels["Application"][-1]
    assert (newest.event_id, newest.kind) == (13003, "error")


def test_a_second_line_may_follow_a_refusal(make: Make) -> None:
    computer = make("exch55", "pop3", pop3_second_line="yes")
    answers = dialogue(computer, ["USER pop3test", "PASS wrong", "NOOP"])
    assert answers[3] == "Connection is closed. 21"


MAILBOX_OF_NOBODY = ["USER CORP\\exsvc", "PASS Svc-Qm4zT8pLs3-only"]
REFUSED = "-ERR Logon failure: unknown user name or bad password."
NOT_CONNECTED = "-ERR User is authenticated but not connected."


@pytest.mark.parametrize(
    ("world", "answers"),
    [
        pytest.param("at_once", [REFUSED, NOT_CONNECTED], id="at PASS"),
        pytest.param("later", ["+OK User successfully logged on.", NOT_CONNECTED], id="at STAT"),
    ],
)
def test_2007_and_later_accept_a_password_before_they_reach_the_mailbox(
    make: Make, world: str, answers: list[str]
) -> None:
    computer = make("exch2019", "pop3", pop3_not_connected=world)
    assert dialogue(computer, [*MAILBOX_OF_NOBODY, "STAT"])[2:] == answers


def test_a_wrong_password_leaves_nothing_accepted(make: Make) -> None:
    computer = make("exch2019", "pop3", pop3_not_connected="later")
    lines = ["USER CORP\\exsvc", "PASS wrong", "STAT"]
    assert dialogue(computer, lines)[2:] == [REFUSED, "-ERR Command is not valid in this state."]


def test_the_third_error_ends_a_session_of_2007_and_later(make: Make) -> None:
    computer = make("exch2019", "pop3")

    async def talk(listener: pop3.Listener) -> list[str]:
        client = await connect(listener)
        await client.line()
        seen = [await client.ask(line) for line in ("X", "AUTH NTLM", "USER J\u00fcrgen")]
        return [*seen, await client.line(), await client.line()]

    assert served(computer, talk) == [
        "-ERR Protocol error. 19",
        "-ERR Protocol error. 14",
        "-ERR Protocol error. 17",
        "Connection is closed. 21",
        "",
    ]


def test_a_grant_helps_after_a_restart_only(make: Make) -> None:
    computer = make("exch50", "pop3")
    services = computer.machine.services
    computer.machine.rights.grant("SeTcbPrivilege", EXSVC)
    assert dialogue(computer, LOGIN)[2].startswith("-ERR A required privilege")
    for name in ("MSExchangeIMC", "MSExchangeIS"):
        service = services.get(name)
        assert service is not None
        assert services.stop(service) == 0
        computer.advance(5)
    store = services.get("MSExchangeIS")
    assert store is not None
    assert services.start(store) == 0
    computer.advance(5)
    assert dialogue(computer, LOGIN)[2] == "+OK User successfully logged on"


def test_the_port_closes_and_opens_with_its_service(make: Make) -> None:
    computer = make("exch2019", "pop3")
    service = computer.machine.services.get("MSExchangePOP3")
    assert service is not None

    async def talk(listener: pop3.Listener) -> list[str]:
        seen = []
        client = await connect(listener)
        await client.line()
        computer.machine.services.stop(service)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await connect(listener)
        seen.append("refused")
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await client.reader.readexactly(1)
        seen.append("closed")
        computer.advance(5)
        computer.machine.services.start(service)
        for dummy in range(200):
            try:
                seen.append(await (await connect(listener)).line())
            except ConnectionError:
                await asyncio.sleep(0.02)
            else:
                break
        return seen

    assert served(computer, talk) == ["refused", "closed", "+OK The Microsoft Exchange POP3 service is ready."]


def test_a_cached_logon_hides_a_lost_right_for_15_idle_minutes_q166620(make: Make) -> None:
    computer = make("exch55", "pop3", pop3_credential_cache="on")
    assert dialogue(computer, LOGIN)[2].startswith("+OK")
    store = computer.machine.services.get("MSExchangeIS")
    assert store is not None
    assert store.process is not None
    object.__setattr__(store.process, "privileges", frozenset())
    assert dialogue(computer, LOGIN)[2].startswith("+OK")
    computer.advance(16 * 60)
    assert dialogue(computer, LOGIN)[2].startswith("-ERR A required privilege")


@pytest.fixture
def secure(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(server, client) contexts of a fresh certificate."""
    certificate = make_certificate(tmp_path, "127.0.0.1")
    client = ssl.create_default_context()
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    return certificate.context, client


def test_starttls_lifts_the_refusal_of_2016(make: Make, secure: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    computer = make("gen2016", "generations")
    computer.pop3_tls = secure[0]

    async def talk(listener: pop3.Listener) -> list[str]:
        client = await connect(listener)
        seen = [await client.line(), await client.ask("CAPA")]
        before = await client.rest()
        seen.append(await client.ask("STLS"))
        loop = asyncio.get_running_loop()
        protocol = client.writer.transport.get_protocol()
        transport = await loop.start_tls(client.writer.transport, protocol, secure[1])
        assert transport is not None
        answers = []
        for line in ["CAPA", *LOGIN]:
            transport.write(f"{line}\r\n".encode())
            answers.append(await client.line())
            if line == "CAPA":
                after = await client.rest()
        assert "STLS" in before
        assert "USER" not in before
        assert "USER" in after
        assert "STLS" not in after
        transport.close()
        return [*seen, *answers]

    assert served(computer, talk)[2:] == [
        "+OK Begin TLS negotiation.",
        "+OK",
        "+OK",
        "+OK User successfully logged on.",
    ]


def test_implicit_tls(make: Make, secure: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    computer = make("gen2016", "generations")

    async def main() -> str:
        listener = await pop3.start(computer, "127.0.0.1", 0, secure[0])
        client = await connect(listener, secure[1])
        await client.line()
        await client.ask(LOGIN[0])
        answer = await client.ask(LOGIN[1])
        client.writer.close()
        listener.close()
        await listener.wait_closed()
        return answer

    assert asyncio.run(main()) == "+OK User successfully logged on."


@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        ({"at": "pop3.banner", "do": "reply", "text": "+OK POP3 server ready"}, ["+OK POP3 server ready", "+OK"]),
        ({"at": "pop3.user", "do": "reply", "text": "-ERR Ambiguous Alias"}, [None, "-ERR Ambiguous Alias"]),
        ({"at": "pop3.user", "do": "drop"}, [None, ""]),
        ({"at": "pop3.user", "do": "truncate", "bytes": 2}, [None, "+O"]),
        ({"at": "pop3.user", "do": "reply", "hex": "2b4f4b200a"}, [None, "+OK "]),
    ],
)
def test_faults_of_the_dialogue(make: Make, rule: dict[str, object], answers: list[str | None]) -> None:
    computer = make("exch55", "pop3")
    computer.faults.add(rule)

    async def talk(listener: pop3.Listener) -> list[str]:
        client = await connect(listener)
        banner = await client.line()
        try:
            return [banner, await client.ask("USER x")]
        except ConnectionError:
            return [banner, ""]

    found = served(computer, talk)
    assert [a for a, wanted in zip(found, answers, strict=True) if wanted is not None] == [
        wanted for wanted in answers if wanted is not None
    ]


def test_a_refused_connection(make: Make) -> None:
    computer = make("exch55", "pop3")
    computer.faults.add({"at": "pop3.connect", "do": "refuse"})

    async def talk(listener: pop3.Listener) -> bytes:
        client = await connect(listener)
        return await client.reader.read()

    with pytest.raises(ConnectionResetError):
        served(computer, talk)
