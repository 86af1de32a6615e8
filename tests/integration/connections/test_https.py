# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WinRM over HTTPS: certificates are verified, channel bindings are sent, and a refusal says which of them it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.connections.asking import GRANT, HOST
from ansible_collections.winmail.exchange.tests.support.harness import Controller, Outcome
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Iterator

BINDING = {"winrm": "ansible_winrm_send_cbt", "psrp": "ansible_psrp_negotiate_send_cbt"}
TRUST = {"winrm": "ansible_winrm_ca_trust_path", "psrp": "ansible_psrp_ca_cert"}
IGNORE = {
    "winrm": {"ansible_winrm_server_cert_validation": "ignore"},
    "psrp": {"ansible_psrp_cert_validation": "ignore"},
}
# Through TLS Basic is safe, and messages need no encryption of their own.
WAYS: dict[str, dict[str, dict[str, Any]]] = {
    "winrm": {
        "ntlm": {},
        "ntlm, sealed": {"ansible_winrm_message_encryption": "always"},
        "basic": {"ansible_winrm_transport": ["basic"]},
        "ansible's default": {"ansible_winrm_transport": None},
    },
    "psrp": {
        "ntlm": {"ansible_psrp_auth": "ntlm"},
        "ntlm, sealed": {"ansible_psrp_auth": "ntlm", "ansible_psrp_message_encryption": "always"},
        "negotiate": {},
        "basic": {"ansible_psrp_auth": "basic"},
    },
}
CASES = [pytest.param(name, way, id=f"{name} {label}") for name, ways in WAYS.items() for label, way in ways.items()]


@pytest.fixture(scope="module")
def standing_lab() -> Iterator[RunningLab]:
    """A host whose administrator demands channel bindings (CbtHardeningLevel strict)."""
    with running(scenario="pop3", winrm={"channel_bindings": "strict"}) as lab:
        yield lab


@pytest.fixture(params=["winrm", "psrp"])
def name(request: pytest.FixtureRequest) -> str:
    """One connection after the other."""
    return str(request.param)


def ask(lab: RunningLab, name: str, *, trust: bool = True, **more: Any) -> Outcome:
    """A grant over HTTPS."""
    over: dict[str, Any] = {
        "ansible_port": lab.hosts[HOST].https_port,
        "ansible_winrm_scheme": "https",
        "ansible_winrm_message_encryption": "auto",
        "ansible_psrp_protocol": "https",
        "ansible_psrp_message_encryption": "auto",
        **({TRUST[name]: str(lab.certificate_path)} if trust else {}),
    }
    return Controller(lab, HOST, connection=name, **{**over, **more}).run("user_right", **GRANT)


@pytest.mark.parametrize(("name", "way"), CASES)
def test_each_way_to_log_on_works_with_a_trusted_certificate(lab: RunningLab, name: str, way: dict[str, Any]) -> None:
    outcome = ask(lab, name, **way)
    assert (outcome.failed, outcome.unreachable, outcome.changed) == (None, None, True)
    sealed = way.get(f"ansible_{name}_message_encryption") == "always"
    assert {one.encrypted for one in lab.transcript(HOST)} == {sealed}
    assert lab.open_shells(HOST) == 0


def test_without_channel_binding_a_strict_host_refuses_and_the_option_is_named(lab: RunningLab, name: str) -> None:
    outcome = ask(lab, name, **{BINDING[name]: False})
    assert "the specified credentials were rejected" in str(outcome.unreachable)
    assert f"leave {BINDING[name]} at true" in str(outcome.unreachable)
    assert lab.transcript(HOST) == []


def test_a_certificate_that_nobody_vouches_for_is_unreachable(lab: RunningLab, name: str) -> None:
    outcome = ask(lab, name, trust=False)
    assert "CERTIFICATE_VERIFY_FAILED" in str(outcome.unreachable)
    assert f"name the certificate of its issuer with {TRUST[name]}" in str(outcome.unreachable)
    assert lab.requests(HOST) == 0


def test_whoever_asks_for_no_verification_gets_none(lab: RunningLab, name: str) -> None:
    outcome = ask(lab, name, trust=False, **IGNORE[name])
    assert (outcome.failed, outcome.unreachable, outcome.changed) == (None, None, True)


def test_plain_http_at_the_port_of_https_is_unreachable(lab: RunningLab, name: str) -> None:
    outcome = ask(lab, name, ansible_winrm_scheme="http", ansible_psrp_protocol="http")
    option = {"winrm": "ansible_winrm_scheme", "psrp": "ansible_psrp_protocol"}[name]
    assert "closed the connection without an answer" in str(outcome.unreachable)
    assert f"Look at {option}: a port for HTTPS does that" in str(outcome.unreachable)
    assert lab.requests(HOST) == 0
