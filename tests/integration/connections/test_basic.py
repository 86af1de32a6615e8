# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unencrypted Basic is refused before anything is sent, and a host that refuses unencrypted messages is explained."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
import winrm.protocol

from ansible_collections.winmail.exchange.tests.integration.connections.asking import GRANT, HOST
from ansible_collections.winmail.exchange.tests.integration.connections.wire import wire_to
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Iterator

# What would put the password on the wire, over http.
CLEAR: dict[str, tuple[str, dict[str, Any]]] = {
    "winrm basic": ("winrm", {"ansible_winrm_transport": ["basic"]}),
    "winrm plaintext": ("winrm", {"ansible_winrm_transport": ["plaintext"]}),
    "winrm ssl": ("winrm", {"ansible_winrm_transport": ["ssl"]}),
    "winrm as a last resort": ("winrm", {"ansible_winrm_transport": ["ntlm", "basic"], "ansible_user": "CORP\\nobody"}),
    "winrm by default": ("winrm", {"ansible_winrm_transport": None}),
    "psrp auto": ("psrp", {"ansible_psrp_auth": "basic", "ansible_psrp_message_encryption": "auto"}),
    "psrp never": ("psrp", {"ansible_psrp_auth": "basic", "ansible_psrp_message_encryption": "never"}),
}
NEVER = {"ansible_winrm_message_encryption": "never", "ansible_psrp_message_encryption": "never"}


@pytest.fixture(scope="module")
def standing_lab() -> Iterator[RunningLab]:
    """A host that would take clear text: nobody but us is in the way of the password."""
    with running(scenario="pop3", winrm={"allow_unencrypted": True}) as lab:
        yield lab


def secrets_of(lab: RunningLab) -> tuple[str, bytes]:
    """The password, and user and password as Basic sends them."""
    variables = lab.hosts[HOST].variables
    user, password = str(variables["ansible_user"]), str(variables["ansible_password"])
    return password, base64.b64encode(f"{user}:{password}".encode())


@pytest.mark.parametrize(("connection", "options"), CLEAR.values(), ids=CLEAR.keys())
def test_basic_over_http_is_refused_before_anything_is_sent(
    lab: RunningLab, connection: str, options: dict[str, Any]
) -> None:
    host = lab.hosts[HOST]
    with wire_to(host.address, host.winrm_port) as wire:
        outcome = Controller(lab, HOST, connection=connection, ansible_port=wire.port, **options).run(
            "user_right", **GRANT
        )
        assert (wire.connections, wire.sent) == (0, b"")
    assert lab.requests(HOST) == 0
    assert outcome.unreachable is None
    assert "unencrypted over HTTP (Basic), so no connection was made" in str(outcome.failed)
    assert f"ansible_{connection}_" in str(outcome.failed)
    assert "ansible_port: 5986" in str(outcome.failed)
    assert secrets_of(lab)[0] not in str(outcome)


def test_a_client_that_does_not_refuse_shows_that_the_wire_would_have_seen_it(lab: RunningLab) -> None:
    host, (password, basic) = lab.hosts[HOST], secrets_of(lab)
    with wire_to(host.address, host.winrm_port) as wire:
        protocol = winrm.protocol.Protocol(
            f"http://127.0.0.1:{wire.port}/wsman",
            transport="basic",
            username=str(host.variables["ansible_user"]),
            password=password,
        )
        protocol.close_shell(protocol.open_shell())
        assert b"Authorization: Basic " + basic in wire.sent


def test_ntlm_with_message_encryption_shows_nothing_on_the_wire(lab: RunningLab, connection: str) -> None:
    host, (password, basic) = lab.hosts[HOST], secrets_of(lab)
    with wire_to(host.address, host.winrm_port) as wire:
        outcome = Controller(lab, HOST, connection=connection, ansible_port=wire.port).run("user_right", **GRANT)
        sent = wire.sent
    assert (outcome.failed, outcome.unreachable, outcome.changed) == (None, None, True)
    assert b"multipart/encrypted" in sent
    for word in (password.encode(), basic, b"secedit", b"SeTcbPrivilege", b"Envelope"):
        assert word not in sent
    assert {one.encrypted for one in lab.transcript(HOST)} == {True}


def test_whoever_turns_message_encryption_off_gets_what_the_host_allows(lab: RunningLab, connection: str) -> None:
    """NTLM proves the password without sending it, and the host's administrator allowed the rest."""
    host, (password, basic) = lab.hosts[HOST], secrets_of(lab)
    with wire_to(host.address, host.winrm_port) as wire:
        outcome = Controller(lab, HOST, connection=connection, ansible_port=wire.port, **NEVER).run(
            "user_right", **GRANT
        )
        sent = wire.sent
    assert (outcome.failed, outcome.unreachable, outcome.changed) == (None, None, True)
    assert {one.encrypted for one in lab.transcript(HOST)} == {False}
    assert b"secedit" in sent
    assert password.encode() not in sent
    assert basic not in sent


def test_a_host_that_refuses_unencrypted_messages_is_explained(connection: str) -> None:
    with running(scenario="pop3") as lab:
        outcome = Controller(lab, HOST, connection=connection, **NEVER).run("user_right", **GRANT)
    assert "AllowUnencrypted is false there" in str(outcome.unreachable)
    assert "message_encryption at auto" in str(outcome.unreachable)
