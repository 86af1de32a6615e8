# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe and GNU Mailutils' pop3d agree; pop3d's own log is the observer."""

from __future__ import annotations

import dataclasses
import os
import socket
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.integration.pop3.servers import (
    DOMAIN,
    PASSWORD,
    USER,
    Server,
    mailutils,
)

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

    from ansible_collections.winmail.exchange.tests.support.certificates import Certificates


@pytest.fixture(scope="module")
def program(need_program: Callable[[str], pathlib.Path]) -> pathlib.Path:
    found = need_program("pop3d")
    if os.geteuid() != 0:
        pytest.skip("Mailutils' pop3d changes to the group mail when it starts, which only root may")
    need_program("openssl")
    return found


@pytest.fixture(scope="module")
def server(program: pathlib.Path, certificates: Certificates) -> Iterator[Server]:
    with mailutils(program, certificates) as running:
        yield running


@pytest.fixture(scope="module")
def family(server: Server) -> str | None:
    """Who this is by its banner: up to 3.15 it has the stamp of APOP, 3.19 says no more than that it is ready."""
    with socket.create_connection((server.host, server.ports["pop3"]), 20) as client:
        banner = client.makefile("rb").readline()
    assert banner.startswith(b"+OK POP3 Ready")
    return "mailutils" if b" <" in banner else None


def ask(server: Server, port: str, **changes: Any) -> dict[str, Any]:
    base = Request(
        server.host,
        server.ports[port],
        validate_certs=False,
        login="credentials",
        user=USER,
        password=PASSWORD,
        timeout=20.0,
    )
    report = probe(dataclasses.replace(base, **changes))
    assert PASSWORD not in repr(report)
    return report.as_result()


@pytest.mark.parametrize(
    ("port", "tls"),
    [("pop3", "none"), ("pop3", "starttls"), ("required", "starttls"), ("pop3s", "implicit")],
)
@pytest.mark.parametrize(
    ("user", "password", "verdict", "logged"),
    [
        pytest.param(USER, PASSWORD, "logon_ok", "POP3 login: user `alice'", id="good"),
        pytest.param(USER, "wrong", "credentials_rejected", f"user `{USER}': authentication failed", id="bad-password"),
        pytest.param(f"nobody@{DOMAIN}", PASSWORD, "credentials_rejected", "nonexistent", id="unknown-user"),
    ],
)
def test_logons(
    server: Server, family: str | None, *, port: str, tls: str, user: str, password: str, verdict: str, logged: str
) -> None:
    since = len(server.log.read_text())
    result = ask(server, port, tls=tls, user=user, password=password)
    assert (result["verdict"], result["confidence"], result["stage"]) == (verdict, "exact", "pass")
    assert (result["privilege"], result["product"]["family"]) == ("unknown", family)
    assert result["tls"]["established"] == (tls != "none")
    assert server.logs(logged, since)


def test_clear_text_is_refused(server: Server, family: str | None) -> None:
    """By "Incorrect state", which means this where the banner shows whose words they are."""
    result = ask(server, "required")
    judged = ("cleartext_refused", "exact") if family else ("unclassified", "inferred")
    assert (result["verdict"], result["confidence"], result["stage"]) == (*judged, "user")
    assert result["reply"] == "-ERR Incorrect state"


def test_canary_and_listening(server: Server) -> None:
    assert ask(server, "pop3", login="canary")["verdict"] == "credentials_rejected"
    assert ask(server, "pop3", login="none")["verdict"] == "listening"


def test_a_certificate_for_another_name(server: Server, certificates: Certificates) -> None:
    result = ask(server, "pop3s", tls="implicit", validate_certs=True, ca_path=str(certificates.authority))
    assert (result["verdict"], result["stage"]) == ("tls_failed", "tls")


def test_logging_on_too_often(program: pathlib.Path, certificates: Certificates) -> None:
    with mailutils(program, certificates, login_delay=600) as server:
        ask(server, "pop3")
        # The server makes this file with a mode that it then refuses to use.
        (server.log.parent / "statistics").chmod(0o600)
        first, second = ask(server, "pop3"), ask(server, "pop3")
    assert first["verdict"] == "logon_ok"
    assert (second["verdict"], second["confidence"], second["stage"]) == ("temporary_failure", "exact", "pass")
    assert "[LOGIN-DELAY]" in second["reply"]
