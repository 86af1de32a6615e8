# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the probe tells, word by word: the whole result, refusals of options, and every way a connection can end."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import channel as channels
from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.advice import advise
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.connect import Address, connect
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.deadline import Deadline
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import Pop3Error
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.lines import LineReader
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.options import ARGUMENT_SPEC, read_request
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Judgement, Product, Request
from ansible_collections.winmail.exchange.tests.support.scripted import (
    Peer,
    closed_port,
    dialogue,
    serving,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.module_utils._pop3.asking import MODERN, request

LOGIN = {"login": "credentials", "login_user": "alice", "login_password": "s3cret"}
REQUEST = Request("127.0.0.1", 110)


def test_the_whole_result_of_a_logon() -> None:
    with serving(dialogue(MODERN, CAPA=b"+OK\r\nUSER\r\nSTLS\r\n.\r\n", USER=b"+OK\r\n", PASS=b"+OK in\r\n")) as server:
        result = probe(request(server)).as_result()
    times = result.pop("timing")
    assert result == {
        "changed": False,
        "host": server.host,
        "port": server.port,
        "address": "127.0.0.1",
        "verdict": "logon_ok",
        "confidence": "exact",
        "privilege": "unknown",
        "stage": "pass",
        "reply": "+OK in",
        "error": None,
        "banner": "+OK The Microsoft Exchange POP3 service is ready.",
        "product": {
            "family": "exchange",
            "name": "Microsoft Exchange Server 2007 or later",
            "generation": "2007+",
            "version": None,
        },
        "capabilities": ["USER", "STLS"],
        "tls": {
            "requested": "none",
            "established": False,
            "verified": False,
            "version": None,
            "cipher": None,
            "certificate_sha256": None,
            "certificate_not_after": None,
            "error": None,
        },
        "transcript": [
            "S> +OK The Microsoft Exchange POP3 service is ready.",
            "C> CAPA",
            "S> +OK",
            "S> USER",
            "S> STLS",
            "S> .",
            "C> USER CORP\\alice\\alice",
            "S> +OK",
            "C> PASS ********",
            "S> +OK in",
            "C> STAT",
            "S> +OK 0 0",
            "C> QUIT",
            "S> +OK",
        ],
        "advice": "Users can log on. There is nothing to do.",
    }
    assert {step for step, seconds in times.items() if seconds is None} == {"tls", "stls"}
    assert set(times) == {*values.STAGES, "quit", "total"}
    assert times["total"] >= max(seconds for step, seconds in times.items() if seconds is not None and step != "total")


def test_the_result_where_nobody_listens() -> None:
    port = closed_port()
    result = probe(Request("127.0.0.1", port, tls="starttls")).as_result()
    error = f"127.0.0.1 port {port}: Connection refused"
    assert (result["verdict"], result["confidence"], result["stage"]) == ("no_listener", "exact", "connect")
    assert (result["address"], result["reply"], result["error"]) == (None, None, error)
    assert result["transcript"] == [f"-- {error}"]
    assert (result["tls"]["requested"], result["tls"]["established"]) == ("starttls", False)
    assert result["capabilities"] is None


def test_a_server_that_closes_in_the_middle() -> None:
    def close(peer: Peer) -> None:
        peer.send(b"+OK ready\r\n")
        peer.close()

    with serving(close) as server:
        result = probe(request(server)).as_result()
    assert (result["verdict"], result["stage"], result["reply"]) == ("unclassified", "capa", None)
    assert result["error"].startswith(("the server closed the connection", "the connection broke: "))
    assert result["transcript"][-1] == f"-- {result['error']}"


OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "host": ({}, "The option host is missing: name the host whose POP3 service is meant."),
    "port": ({"host": "h", "port": 65536}, "The option port is 65536; a port is a number from 1 to 65535."),
    "no port": ({"host": "h", "port": 0}, "The option port is 0; a port is a number from 1 to 65535."),
    "timeout": (
        {"host": "h", "timeout": 3600.5},
        "The option timeout is 3600.5; it is a number of seconds above 0, 3600 at most.",
    ),
    "empty": (
        {"host": "h", **LOGIN, "login_user": ""},
        "The option login_user is empty; login=credentials needs it.",
    ),
    "long": (
        {"host": "h", **LOGIN, "login_password": "x" * 513},
        "The option login_password is longer than 512 characters, which no POP3 command holds.",
    ),
    "line break": (
        {"host": "h", **LOGIN, "login_password": "a\nb"},
        "The option login_password holds a line break or a NUL character, which no POP3 command can carry.",
    ),
    "no text": (
        {"host": "h", **LOGIN, "login_user": "\udc80"},
        "The option login_user is not valid Unicode text.",
    ),
}


@pytest.mark.parametrize(("given", "sentence"), OPTIONS.values(), ids=OPTIONS)
def test_a_refused_option_is_named_with_what_it_has_to_be(given: dict[str, Any], sentence: str) -> None:
    plain = {name: option.get("default") for name, option in ARGUMENT_SPEC.items()}
    with pytest.raises(Pop3Error) as refused:
        read_request({**plain, **given})
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "given",
    [
        {"port": 1},
        {"port": 65535},
        {"timeout": 3600},
        {"timeout": 0.001},
        {**LOGIN, "login_user": "x" * 512, "login_password": "ü" * 512},
    ],
    ids=["first port", "last port", "longest wait", "shortest wait", "longest words"],
)
def test_the_last_values_that_can_be_meant(given: dict[str, Any]) -> None:
    plain = {name: option.get("default") for name, option in ARGUMENT_SPEC.items()}
    asked = read_request({**plain, **given}, "h")
    assert (asked.port, asked.timeout) == (given.get("port", 110), given.get("timeout", 10.0))
    assert (asked.user, asked.password) == (given.get("login_user", ""), given.get("login_password", ""))


def test_how_tls_is_verified_is_passed_on() -> None:
    plain = {name: option.get("default") for name, option in ARGUMENT_SPEC.items()}
    asked = read_request({**plain, "tls": "implicit", "validate_certs": False, "ca_path": "/etc/ca.pem"}, "h")
    assert asked == Request("h", 995, tls="implicit", validate_certs=False, ca_path="/etc/ca.pem")


@pytest.mark.parametrize("host", ["[::1", "::1]"])
def test_half_a_bracket_is_left_as_it_is(host: str) -> None:
    plain = {name: option.get("default") for name, option in ARGUMENT_SPEC.items()}
    assert read_request(plain, host).host == host


E55 = Product("exchange", "Microsoft Exchange Server 5.5", "5.5")
CACHE = (
    " Exchange 5.x keeps accepted logons in a cache for 15 minutes idle, 120 minutes at most (Q166620), which can hide"
    " a fault or its cure: probe again later, or with another account."
)
SILENT = "The server did not answer in time: check firewalls and the load of the server, or allow a longer timeout."
WAITS = " A server that expects TLS at once stays silent like this: try tls=implicit."


@pytest.mark.parametrize(
    ("verdict", "stage", "asked", "advice"),
    [
        ("logon_ok", "pass", Request("h", 110), "Users can log on. There is nothing to do." + CACHE),
        ("timed_out", "banner", Request("h", 110), SILENT + WAITS),
        ("timed_out", "banner", Request("h", 110, "implicit"), SILENT),
        ("timed_out", "pass", Request("h", 110), SILENT),
        ("no_listener", "banner", Request("h", 110), "Nothing listens there: check that the POP3 service is started,"),
        (
            "logon_ok",
            "pass",
            Request("h", 110, login="canary"),
            "The server accepted an account that cannot exist, so it checks no logon: find out what answers there.",
        ),
    ],
)
def test_the_advice(verdict: str, stage: str, asked: Request, advice: str) -> None:
    text = advise(Judgement(verdict), stage, E55, asked)
    assert text == advice or (advice.endswith(",") and text.startswith(advice))


def reading(data: bytes, seconds: float, *, gone: bool = True) -> Callable[[], object]:
    """Read a line of a server that sends this, and then closes or stays."""

    def read() -> object:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(data)
            if gone:
                theirs.close()
            return channels.SocketChannel(ours, REQUEST, Deadline(seconds)).read_line()

    return read


def shake() -> None:
    """Begin TLS with a server that says nothing."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        context = channels.tls_context(Request("localhost", 110, validate_certs=False))
        channels.SocketChannel(ours, REQUEST, Deadline(0.5), context).start_tls()


def send_too_late() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channels.SocketChannel(ours, REQUEST, Deadline(0)).send(b"QUIT")


def send_too_much() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        much = b"x" * 10_000_000
        channels.SocketChannel(ours, REQUEST, Deadline(0.5)).send(much)


def send_to_nobody() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.close()
        channels.SocketChannel(ours, REQUEST, Deadline(5)).send(b"QUIT")


def look_at_a_broken_connection() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        ours.close()
        channels.SocketChannel(ours, REQUEST, Deadline(5)).pending()


IN_PEM = "It has to hold certificates in PEM form."
ENDS: dict[str, tuple[Callable[[], object], str, bytes]] = {
    "closed": (reading(b"+OK h", 5), "the server closed the connection", b"+OK h"),
    "silent": (reading(b"+OK h", 0.5, gone=False), "no answer before the deadline", b"+OK h"),
    "late": (reading(b"+OK h", 0, gone=False), "no answer before the deadline", b""),
    "a long line": (reading(b"x" * 9000, 5), "a line is longer than 8192 bytes", b"x" * 8193),
    "no handshake": (shake, "the TLS handshake did not end before the deadline", b""),
    "too late to send": (send_too_late, "the deadline passed", b""),
    "nobody takes it": (send_too_much, "the server took nothing more before the deadline", b""),
    "gone": (send_to_nobody, f"the connection broke: {os.strerror(errno.EPIPE)}", b""),
    "broken": (look_at_a_broken_connection, f"the connection broke: {os.strerror(errno.EBADF)}", b""),
    "no time": (
        lambda: connect([Address(socket.AF_INET, ("127.0.0.1", 9))], Deadline(0)),
        "127.0.0.1 port 9: no time left",
        b"",
    ),
    "no address": (lambda: connect([], Deadline(1)), "the name has no address", b""),
    "no TLS": (
        lambda: channels.SocketChannel(socket.socket(), REQUEST, Deadline(1)).start_tls(),
        "no TLS was asked for",
        b"",
    ),
    "a file that is none": (
        lambda: probe(Request("h", 110, tls="implicit", ca_path="/no/such.pem")),
        f"The file of ca_path, /no/such.pem, cannot be used: {os.strerror(errno.ENOENT)}. {IN_PEM}",
        b"",
    ),
}


@pytest.mark.parametrize(("end", "words", "partial"), ENDS.values(), ids=ENDS)
def test_how_it_ends_is_told(end: Callable[[], object], words: str, partial: bytes) -> None:
    with pytest.raises(Pop3Error) as caught:
        end()
    assert str(caught.value) == words
    assert getattr(caught.value, "partial", b"")[: len(partial)] == partial


def test_a_line_of_the_longest_length_is_a_line_and_one_more_byte_is_not() -> None:
    reader = LineReader(4)
    reader.feed(b"abcd\nabcde\nab\r\n")
    assert reader.next_line() == b"abcd"
    with pytest.raises(Pop3Error, match="a line is longer than 4 bytes"):
        reader.next_line()
    assert reader.next_line() == b"ab"
