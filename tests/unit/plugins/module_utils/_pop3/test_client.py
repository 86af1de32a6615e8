# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole probe against scripted servers on the loopback interface; what the server received is the observer."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import CANARY_USER, probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.support.scripted import (
    Peer,
    closed_port,
    dialogue,
    serving,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.module_utils._pop3.asking import (
    E50,
    MODERN,
    PASSWORD,
    PRIVILEGE,
    SLACK,
    outcome,
    request,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_article() -> None:
    with serving(dialogue(E50, USER=b"+OK\r\n", PASS=PRIVILEGE)) as server:
        result = probe(request(server)).as_result()
    assert outcome(result) == ("privilege_missing", "exact", "missing", "pass")
    assert server.received == [b"USER CORP\\alice\\alice", b"PASS " + PASSWORD.encode(), b"QUIT"]
    assert result["transcript"] == [
        "S> +OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready",
        "C> USER CORP\\alice\\alice",
        "S> +OK",
        "C> PASS ********",
        "S> -ERR A required privilege is not held by the client.",
        "C> QUIT",
        "S> +OK",
    ]
    assert result["address"] == "127.0.0.1"
    assert result["product"]["generation"] == "5.0"
    assert "SeTcbPrivilege" in result["advice"]
    assert "Q166620" in result["advice"]


@pytest.mark.parametrize("login", ["credentials", "canary"])
@pytest.mark.parametrize(
    ("pass_reply", "verdict"),
    [
        pytest.param(b"+OK User successfully logged on\r\n", "logon_ok", id="ok"),
        pytest.param(PRIVILEGE, "privilege_missing", id="privilege"),
        pytest.param(b"-ERR Logon failure: unknown user name or bad password.\r\n", "credentials_rejected", id="bad"),
        pytest.param(b"-ERR Ambiguous Alias\r\n", "mailbox_unavailable", id="alias"),
        pytest.param(b"-ERR [SYS/TEMP] later\r\n", "temporary_failure", id="temp"),
        pytest.param(b"-ERR nicht jetzt\r\n", "unclassified", id="german"),
    ],
)
def test_answers_to_pass(login: str, pass_reply: bytes, verdict: str) -> None:
    with serving(dialogue(E50, USER=b"+OK\r\n", PASS=pass_reply)) as server:
        result = probe(request(server, login=login)).as_result()
    assert (result["verdict"], result["stage"]) == (verdict, "pass")
    held = verdict == "logon_ok" and login == "credentials"
    expected = "held" if held else "missing" if verdict == "privilege_missing" else "unknown"
    assert result["privilege"] == expected


def test_the_canary_uses_a_name_that_nobody_has_and_another_password_each_time() -> None:
    with serving(dialogue(E50, USER=b"+OK\r\n", PASS=PRIVILEGE)) as server:
        results = [probe(request(server, login="canary", user="", password="")).as_result() for _run in range(2)]
    users = [line for line in server.received if line.startswith(b"USER")]
    passwords = [line for line in server.received if line.startswith(b"PASS")]
    assert users == [b"USER " + CANARY_USER.encode()] * 2
    assert len(set(passwords)) == 2
    # Windows allows none of these in a logon name, and 20 characters at most.
    assert set(CANARY_USER) & set('"/\\[]:;|=,+*?<>@')
    assert len(CANARY_USER) > 20
    for result, line in zip(results, passwords, strict=True):
        assert line.split(b" ")[1].decode() not in json.dumps(result)


def test_listening_sends_no_name() -> None:
    with serving(dialogue(MODERN, CAPA=b"+OK\r\nTOP\r\nSTLS\r\n.\r\n")) as server:
        result = probe(request(server, login="none")).as_result()
    assert outcome(result) == ("listening", "exact", "unknown", "banner")
    assert result["capabilities"] == ["TOP", "STLS"]
    assert server.received == [b"CAPA", b"QUIT"]


def test_no_listener() -> None:
    result = probe(Request("127.0.0.1", closed_port(), timeout=5.0)).as_result()
    assert outcome(result) == ("no_listener", "exact", "unknown", "connect")
    assert result["address"] is None
    assert "refused" in result["error"].lower()


def test_unreachable() -> None:
    result = probe(Request("no-such-host.invalid", 110, timeout=10.0)).as_result()
    assert outcome(result) == ("unreachable", "exact", "unknown", "resolve")


def test_ipv6() -> None:
    try:
        context = serving(dialogue(E50, USER=b"+OK\r\n", PASS=PRIVILEGE), host="::1")
        with context as server:
            result = probe(request(server)).as_result()
    except OSError:
        pytest.skip("this machine has no IPv6 on its loopback interface")
    assert (result["verdict"], result["address"]) == ("privilege_missing", "::1")


def test_several_addresses() -> None:
    """The name localhost has ::1 as well on many machines; the server listens on 127.0.0.1 only."""
    with serving(dialogue(E50, USER=b"+OK\r\n", PASS=PRIVILEGE)) as server:
        result = probe(request(server, host="localhost")).as_result()
    assert (result["verdict"], result["address"]) == ("privilege_missing", "127.0.0.1")


def in_pieces(peer: Peer) -> None:
    for piece in (E50[:1], E50[1:20], E50[20:-1], E50[-1:]):
        peer.send(piece)
        time.sleep(0.02)
    peer.line()
    peer.send(b"+")
    time.sleep(0.02)
    peer.send(b"OK\r")
    time.sleep(0.02)
    peer.send(b"\n")
    peer.line()
    for byte in PRIVILEGE:
        peer.send(bytes([byte]))
    peer.answer({"QUIT": b"+OK\r\n"})


def bare_lf(peer: Peer) -> None:
    peer.send(E50.replace(b"\r", b""))
    peer.answer({"USER": b"+OK\n", "PASS": PRIVILEGE.replace(b"\r", b""), "QUIT": b"+OK\n"})


def unended_and_gone(peer: Peer) -> None:
    peer.send(E50)
    peer.line()
    peer.send(b"+OK\r\n")
    peer.line()
    peer.send(PRIVILEGE.rstrip())


def silent_at_quit(peer: Peer) -> None:
    peer.send(E50)
    peer.answer({"USER": b"+OK\r\n", "PASS": PRIVILEGE})


def drops_at_quit(peer: Peer) -> None:
    peer.send(E50)
    for reply in (b"+OK\r\n", PRIVILEGE):
        peer.line()
        peer.send(reply)


@pytest.mark.parametrize("handler", [in_pieces, bare_lf, unended_and_gone, silent_at_quit, drops_at_quit])
def test_odd_servers_with_the_fault(handler: Callable[[Peer], None]) -> None:
    with serving(handler) as server:
        result = probe(request(server)).as_result()
    assert (result["verdict"], result["privilege"]) == ("privilege_missing", "missing")
    assert result["timing"]["total"] < 5


def test_the_second_line_of_5_5() -> None:
    error = b"-ERR Logon failure: unknown user name or bad password.\r\nConnection is closed. 21\r\n"

    def handle(peer: Peer) -> None:
        peer.send(E50)
        for reply in (b"+OK\r\n", error):
            peer.line()
            peer.send(reply)

    with serving(handle) as server:
        result = probe(request(server)).as_result()
    assert outcome(result) == ("credentials_rejected", "exact", "unknown", "pass")
    assert "S> Connection is closed. 21" in result["transcript"]


REPLIES = {"CAPA": b"-ERR\r\n", "USER": b"+OK\r\n", "PASS": b"+OK\r\n", "STAT": b"+OK 0 0\r\n"}


@pytest.mark.parametrize("stage", ["banner", "capa", "user", "pass", "stat"])
@pytest.mark.parametrize("how", ["silent", "close"])
def test_silent_or_closed_at_each_step(stage: str, how: str) -> None:
    def handle(peer: Peer) -> None:
        if stage != "banner":
            peer.send(MODERN)
            verb = ""
            while verb != stage.upper():
                verb = peer.line().split(b" ")[0].decode()
                if verb != stage.upper():
                    peer.send(REPLIES[verb])
        if how == "silent":
            peer.wait()

    start = time.monotonic()
    with serving(handle) as server:
        result = probe(request(server, timeout=0.4 if how == "silent" else 5.0)).as_result()
    assert outcome(result)[0::3] == ("timed_out" if how == "silent" else "unclassified", stage)
    assert result["privilege"] == "unknown"
    assert time.monotonic() - start < 0.4 + SLACK
    assert sum(line.startswith(b"PASS") for line in server.received) == (stage in ("pass", "stat"))


def drip(peer: Peer) -> None:
    """A byte now and then, for ever: each read succeeds, the line never ends."""
    while True:
        peer.send(b"x")
        time.sleep(0.02)


def drip_ok(peer: Peer) -> None:
    peer.send(b"+OK ")
    drip(peer)


def endless_lines(peer: Peer) -> None:
    peer.send(MODERN)
    peer.line()
    while True:
        peer.send(b"+OK\r\n")
        time.sleep(0.02)


def endless_capabilities(peer: Peer) -> None:
    peer.send(MODERN)
    peer.line()
    peer.send(b"+OK\r\n")
    drip(peer)


def drip_at_quit(peer: Peer) -> None:
    peer.send(E50)
    for reply in (b"+OK\r\n", PRIVILEGE):
        peer.line()
        peer.send(reply)
    drip(peer)


@pytest.mark.parametrize("handler", [drip, drip_ok, endless_lines, endless_capabilities, drip_at_quit])
@pytest.mark.parametrize("timeout", [0.3, 0.5])
def test_the_deadline_holds(handler: Callable[[Peer], None], timeout: float) -> None:
    with serving(handler) as server:
        start = time.monotonic()
        result = probe(request(server, timeout=timeout)).as_result()
        took = time.monotonic() - start
    assert took < timeout + SLACK
    assert result["verdict"] in values.VERDICTS
    assert result["timing"]["total"] <= took + 0.01


@pytest.mark.parametrize(
    ("banner", "verdict"),
    [
        pytest.param(b"220 mail.example.test ESMTP\r\n", "not_pop3", id="smtp"),
        pytest.param(b"* OK [CAPABILITY IMAP4rev1] ready\r\n", "not_pop3", id="imap"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2p1\r\n", "not_pop3", id="ssh"),
        pytest.param(b"\x16\x03\x01\x00\xa5\x01\n", "not_pop3", id="binary"),
        pytest.param(b"\xff\xfb\x01\xff\xfb\x03", "not_pop3", id="telnet-without-a-line"),
        pytest.param(b"x" * 20_000, "not_pop3", id="too-long"),
        pytest.param(b"+OK " + b"x" * 20_000 + b"\r\n", "unclassified", id="too-long-ok"),
        pytest.param(b"-ERR Verbindungen erschoepft\r\n", "unclassified", id="err-unknown"),
    ],
)
def test_other_protocols(banner: bytes, verdict: str) -> None:
    def handle(peer: Peer) -> None:
        peer.send(banner)
        peer.wait()

    with serving(handle) as server:
        result = probe(request(server, timeout=0.4)).as_result()
    assert (result["verdict"], result["stage"]) == (verdict, "banner")
    assert result["banner"]
    assert result["banner"].isprintable()
    assert not any(line.startswith((b"USER", b"PASS")) for line in server.received)


def test_an_antivirus_proxy_is_named() -> None:
    with serving(dialogue(b"+OK POP3 server ready\r\n", USER=b"+OK\r\n", PASS=b"+OK\r\n")) as server:
        result = probe(request(server)).as_result()
    assert (result["verdict"], result["privilege"], result["product"]["family"]) == ("logon_ok", "unknown", "proxy")


ECHOES = [
    pytest.param(lambda password: password, id="plain"),
    pytest.param(base64.b64encode, id="base64"),
    pytest.param(lambda password: base64.b64encode(b"\0alice\0" + password), id="sasl"),
    pytest.param(lambda password: password.decode().encode("utf-16-le"), id="utf-16"),
]


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("where", ["banner", "capa", "user", "pass", "stat"])
def test_the_password_is_nowhere(echo: Callable[[bytes], bytes], where: str) -> None:
    said = echo(PASSWORD.encode())
    replies = {"USER": b"+OK\r\n", "PASS": b"-ERR no\r\n", "CAPA": b"+OK\r\nTOP\r\n.\r\n"}
    if where == "capa":
        replies["CAPA"] = b"+OK\r\nX-" + said + b"\r\n.\r\n"
    elif where == "stat":
        replies |= {"PASS": b"+OK\r\n", "STAT": b"-ERR " + said + b" is wrong\r\n" + said + b"\r\n"}
    elif where != "banner":
        replies[where.upper()] = b"-ERR " + said + b" is wrong\r\n" + said + b"\r\n"
    banner = b"+OK hello " + (said if where == "banner" else b"") + b"\r\n"
    with serving(dialogue(banner, **replies)) as server:
        report = probe(request(server))
    text = json.dumps(report.as_result()) + repr(report)
    for form in (PASSWORD, said.decode("latin-1"), base64.b64encode(PASSWORD.encode()).decode()[:-3]):
        assert form not in text
    assert "\\u0000" not in text


def test_the_password_is_not_in_the_request_as_shown() -> None:
    assert PASSWORD not in repr(Request("h", 110, password=PASSWORD))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(max_size=200), max_size=6), st.booleans())
def test_any_bytes_get_a_verdict_in_time(pieces: list[bytes], stay: bool) -> None:
    def handle(peer: Peer) -> None:
        for piece in pieces:
            peer.send(piece)
        if stay:
            peer.wait()

    with serving(handle) as server:
        start = time.monotonic()
        result = probe(request(server, timeout=0.2)).as_result()
        assert time.monotonic() - start < 0.2 + SLACK
    assert result["verdict"] in values.VERDICTS
    assert result["verdict"] not in ("no_listener", "unreachable", "tls_failed")
    assert json.dumps(result)


def test_the_result_has_the_same_keys_whatever_happens() -> None:
    with serving(dialogue(E50, USER=b"+OK\r\n", PASS=b"+OK\r\n")) as server:
        good = probe(request(server)).as_result()
    bad = probe(Request("127.0.0.1", closed_port(), timeout=1.0)).as_result()
    assert good.keys() == bad.keys()
    for key in ("product", "tls", "timing"):
        assert good[key].keys() == bad[key].keys()
