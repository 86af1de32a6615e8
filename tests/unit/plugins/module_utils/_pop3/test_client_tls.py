# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe over TLS: verified by default, and never a password without the TLS that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import RequestError
from ansible_collections.winmail.exchange.tests.support.scripted import (
    Peer,
    dialogue,
    serving,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.module_utils._pop3.asking import (
    E50,
    MODERN,
    PASSWORD,
    request,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.winmail.exchange.tests.support.certificates import Certificates


ANSWERS = {
    "CAPA": b"+OK\r\nUSER\r\n.\r\n",
    "USER": b"+OK\r\n",
    "PASS": b"+OK\r\n",
    "STAT": b"+OK 0 0\r\n",
    "QUIT": b"+OK\r\n",
}


def starttls_server(certificates: Certificates) -> Callable[[Peer], None]:
    def handle(peer: Peer) -> None:
        peer.send(MODERN)
        assert peer.line() == b"STLS"
        peer.send(b"+OK Begin TLS negotiation.\r\n")
        peer.start_tls(certificates.server_context())
        peer.answer(ANSWERS)

    return handle


def implicit_server(certificates: Certificates) -> Callable[[Peer], None]:
    def handle(peer: Peer) -> None:
        peer.start_tls(certificates.server_context())
        peer.send(MODERN)
        peer.answer(ANSWERS)

    return handle


SERVERS = {"starttls": starttls_server, "implicit": implicit_server}


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_tls_with_a_private_authority(certificates: Certificates, tls: str, host: str) -> None:
    with serving(SERVERS[tls](certificates)) as server:
        result = probe(request(server, host=host, tls=tls, ca_path=str(certificates.authority))).as_result()
    assert (result["verdict"], result["stage"]) == ("logon_ok", "pass")
    facts = result["tls"]
    assert (facts["requested"], facts["established"], facts["verified"], facts["error"]) == (tls, True, True, None)
    assert facts["version"].startswith("TLSv1.")
    assert "_" in facts["cipher"] or "-" in facts["cipher"]
    assert f"-- {facts['version']} with {facts['cipher']}, certificate verified" in result["transcript"]
    assert len(facts["certificate_sha256"]) == 64
    assert facts["certificate_not_after"].endswith("Z")
    assert sum(line.startswith(b"PASS") for line in server.received) == 1


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_tls_unverified_where_asked_for(certificates: Certificates, tls: str) -> None:
    with serving(SERVERS[tls](certificates)) as server:
        result = probe(request(server, tls=tls, validate_certs=False)).as_result()
    assert result["verdict"] == "logon_ok"
    assert (result["tls"]["established"], result["tls"]["verified"]) == (True, False)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_an_authority_that_is_not_trusted(certificates: Certificates, tls: str) -> None:
    with serving(SERVERS[tls](certificates)) as server:
        result = probe(request(server, tls=tls)).as_result()
    assert (result["verdict"], result["stage"]) == ("tls_failed", "tls")
    assert "not trusted" in result["tls"]["error"]
    assert not any(line.startswith((b"USER", b"PASS")) for line in server.received)


def test_another_name_than_the_certificate(certificates: Certificates) -> None:
    with serving(implicit_server(certificates), host="127.0.0.2") as server:
        result = probe(request(server, tls="implicit", ca_path=str(certificates.authority))).as_result()
    assert (result["verdict"], result["stage"]) == ("tls_failed", "tls")
    assert "127.0.0.2" in result["tls"]["error"]


@pytest.mark.parametrize(
    ("tls", "handler", "verdict", "stage"),
    [
        pytest.param("implicit", dialogue(E50), "tls_failed", "tls", id="no-tls-there"),
        pytest.param("implicit", Peer.wait, "timed_out", "tls", id="silent"),
        pytest.param("implicit", Peer.close, "tls_failed", "tls", id="closed"),
        pytest.param("starttls", dialogue(E50, STLS=b"-ERR what\r\n"), "tls_failed", "stls", id="stls-refused"),
        pytest.param("starttls", dialogue(E50, STLS=b"+OK\r\n+OK\r\n+OK\r\n"), "tls_failed", "stls", id="injected"),
        pytest.param("starttls", dialogue(E50, STLS=b"+OK\r\n"), "timed_out", "tls", id="no-handshake"),
    ],
)
def test_no_password_without_the_tls_that_was_asked_for(
    tls: str, handler: Callable[[Peer], None], verdict: str, stage: str
) -> None:
    with serving(handler) as server:
        result = probe(request(server, tls=tls, validate_certs=False, timeout=0.5)).as_result()
    assert (result["verdict"], result["stage"]) == (verdict, stage)
    assert result["tls"]["established"] is False
    assert not any(PASSWORD.encode() in line for line in server.received)


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"], ids=["missing", "empty", "other"])
def test_a_ca_path_that_cannot_be_used_stops_before_the_connection(tmp_path: Any, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with serving(dialogue(E50)) as server:
        with pytest.raises(RequestError, match=str(path)):
            probe(request(server, tls="implicit", ca_path=str(path)))
        assert server.received == []
