# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe and Dovecot agree; Dovecot's own log is the observer."""

from __future__ import annotations

import dataclasses
import poplib
import ssl
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.integration.pop3.servers import (
    BROKEN,
    DOMAIN,
    HOMELESS,
    PASSWORD,
    USER,
    Server,
    dovecot,
)

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

    from ansible_collections.winmail.exchange.tests.support.certificates import Certificates


@pytest.fixture(scope="module")
def server(need_program: Callable[[str], pathlib.Path], certificates: Certificates) -> Iterator[Server]:
    with dovecot(need_program("dovecot"), certificates) as running:
        yield running


def ask(server: Server, certificates: Certificates, **changes: Any) -> dict[str, Any]:
    """Probe with credentials and TLS at once, unless told otherwise."""
    port = server.ports["pop3s" if changes.get("tls", "implicit") == "implicit" else "pop3"]
    base = Request(
        server.host,
        port,
        tls="implicit",
        ca_path=str(certificates.authority),
        login="credentials",
        user=USER,
        password=PASSWORD,
        timeout=20.0,
    )
    report = probe(dataclasses.replace(base, **changes))
    assert PASSWORD not in repr(report)
    return report.as_result()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize(
    ("user", "password", "verdict", "logged"),
    [
        pytest.param(USER, PASSWORD, "logon_ok", f"in: user=<{USER}>", id="good"),
        pytest.param(USER, "wrong", "credentials_rejected", "Password mismatch", id="bad-password"),
        pytest.param(f"nobody@{DOMAIN}", PASSWORD, "credentials_rejected", "unknown user", id="unknown-user"),
        pytest.param(BROKEN, PASSWORD, "temporary_failure", "Couldn't lock POP3 session", id="temporary"),
    ],
)
def test_logons(
    server: Server, certificates: Certificates, *, tls: str, user: str, password: str, verdict: str, logged: str
) -> None:
    since = len(server.log.read_text())
    result = ask(server, certificates, tls=tls, user=user, password=password)
    assert (result["verdict"], result["confidence"], result["stage"]) == (verdict, "exact", "pass")
    assert result["privilege"] == "unknown"
    assert result["product"]["family"] == "dovecot"
    assert (result["tls"]["established"], result["tls"]["verified"]) == (True, True)
    assert "AUTH-RESP-CODE" in result["capabilities"]
    assert server.logs(logged, since)


def test_a_server_that_says_nothing_and_closes(server: Server, certificates: Certificates) -> None:
    result = ask(server, certificates, user=HOMELESS)
    assert (result["verdict"], result["stage"], result["reply"]) == ("unclassified", "pass", None)
    assert "closed" in result["error"]
    assert server.logs("Internal login failure (pid")


def test_clear_text_is_refused(server: Server, certificates: Certificates) -> None:
    result = ask(server, certificates, tls="none")
    assert (result["verdict"], result["confidence"], result["stage"]) == ("cleartext_refused", "exact", "user")
    assert "PASS" not in " ".join(result["transcript"])


def test_canary(server: Server, certificates: Certificates) -> None:
    result = ask(server, certificates, login="canary")
    assert (result["verdict"], result["privilege"]) == ("credentials_rejected", "unknown")


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
def test_listening(server: Server, certificates: Certificates, tls: str) -> None:
    result = ask(server, certificates, tls=tls, login="none")
    assert (result["verdict"], result["tls"]["established"]) == ("listening", tls != "none")
    assert result["capabilities"]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_the_systems_authorities_do_not_know_this_one(server: Server, certificates: Certificates, tls: str) -> None:
    result = ask(server, certificates, tls=tls, ca_path=None)
    assert (result["verdict"], result["stage"]) == ("tls_failed", "tls")
    unverified = ask(server, certificates, tls=tls, ca_path=None, validate_certs=False)
    assert (unverified["verdict"], unverified["tls"]["verified"]) == ("logon_ok", False)


def test_tls_on_the_wrong_port(server: Server, certificates: Certificates) -> None:
    result = ask(server, certificates, port=server.ports["pop3"])
    assert (result["verdict"], result["stage"]) == ("tls_failed", "tls")
    silent = ask(server, certificates, tls="none", port=server.ports["pop3s"], timeout=1.0)
    assert (silent["verdict"], silent["stage"]) == ("timed_out", "banner")
    assert "tls=implicit" in silent["advice"]


def test_a_mailbox_in_use(server: Server, certificates: Certificates) -> None:
    context = ssl.create_default_context(cafile=str(certificates.authority))
    other = poplib.POP3_SSL(server.host, server.ports["pop3s"], timeout=20, context=context)
    try:
        other.user(USER)
        other.pass_(PASSWORD)
        result = ask(server, certificates)
    finally:
        other.quit()
    assert (result["verdict"], result["confidence"]) == ("mailbox_unavailable", "exact")
    assert "[IN-USE]" in result["reply"]
