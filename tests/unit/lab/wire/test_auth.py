"""Logons of one connection, driven by pyspnego's own client: who gets in, who does not, and under which bindings."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import spnego
from spnego.channel_bindings import GssChannelBindings

from ansible_collections.winmail.exchange.tests.support.tiny_windows import PASSWORD, USER, FakeWindows
from lab.winrm.auth import Challenge, CredentialFile, Door, Gate, Logon
from lab.winrm.kerberos import Keys
from lab.winrm.settings import settings_from

CERTIFICATE = b"a certificate as DER"
Settings: TypeAlias = "dict[str, object]"
MakeGate: TypeAlias = Callable[..., Gate]


@pytest.fixture
def make_gate(tmp_path: Path) -> MakeGate:
    def make(
        settings: Settings | None = None,
        certificate: bytes | None = None,
        windows: FakeWindows | None = None,
        door: Door | None = None,
    ) -> Gate:
        computer = windows or FakeWindows()
        accounts = CredentialFile(tmp_path / "accounts")
        return Gate(settings_from(settings or {}), accounts, lambda: computer, certificate, door or Door())

    return make


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def binding(certificate: bytes) -> GssChannelBindings:
    return GssChannelBindings(application_data=b"tls-server-end-point:" + hashlib.sha256(certificate).digest())


def log_on(
    gate: Gate, user: str, password: str, bindings: GssChannelBindings | None = None, protocol: str = "ntlm"
) -> Challenge | None:
    """The last answer of a whole handshake."""
    client = spnego.client(
        user,
        password,
        protocol=protocol,
        channel_bindings=bindings,
        options=spnego.NegotiateOptions.use_negotiate if protocol == "negotiate" else spnego.NegotiateOptions.use_ntlm,
    )
    token = client.step()
    answer: Challenge | None = None
    for dummy in range(3):
        answer = gate.admit("Negotiate " + base64.b64encode(token or b"").decode())
        if answer is None or " " not in answer.values[0]:
            return answer
        token = client.step(base64.b64decode(answer.values[0].split(" ")[1]))
    return answer


def test_without_a_header_the_ways_in_are_offered(make_gate: MakeGate) -> None:
    assert make_gate().admit("") == Challenge(["Negotiate", 'Basic realm="WSMAN"'])
    assert make_gate({"basic": False}).admit("") == Challenge(["Negotiate"])


@pytest.mark.parametrize("user", [USER, "LABADMIN", f"FAKE1\\{USER}"])
@pytest.mark.parametrize("protocol", ["ntlm", "negotiate"])
def test_the_right_password_logs_on_and_stays_logged_on(make_gate: MakeGate, user: str, protocol: str) -> None:
    gate = make_gate()
    assert log_on(gate, user, PASSWORD, protocol=protocol) is None
    assert gate.caller is not None
    assert gate.caller.administrator
    assert gate.context is not None
    assert gate.admit("") is None


@pytest.mark.parametrize(
    ("user", "password"),
    [
        pytest.param(USER, "wrong", id="wrong password"),
        pytest.param("nobody", PASSWORD, id="unknown user"),
        pytest.param(f"OTHER\\{USER}", PASSWORD, id="unknown domain"),
        pytest.param(USER, "", id="empty password"),
    ],
)
def test_anybody_else_stays_outside(make_gate: MakeGate, user: str, password: str) -> None:
    gate = make_gate()
    assert log_on(gate, user, password) == gate.admit("")
    assert gate.caller is None
    assert gate.admit(basic(user, password)) is not None
    assert gate.caller is None


def test_a_logon_that_windows_denies_is_no_logon(make_gate: MakeGate) -> None:
    gate = make_gate(windows=FakeWindows(denied={USER}))
    assert log_on(gate, USER, PASSWORD) is not None
    assert gate.admit(basic(USER, PASSWORD)) is not None
    assert gate.caller is None


def test_basic_logs_on_unless_it_is_turned_off(make_gate: MakeGate) -> None:
    gate = make_gate()
    assert gate.admit(basic(USER, PASSWORD)) is None
    assert gate.context is None
    assert make_gate({"basic": False}).admit(basic(USER, PASSWORD)) == Challenge(["Negotiate"])


@pytest.mark.parametrize(
    "header",
    ["Basic !", "Basic " + base64.b64encode(b"\xff\xfe").decode(), "Negotiate !", "Negotiate AAAA", "Digest x"],
)
def test_a_header_that_makes_no_sense_is_refused(make_gate: MakeGate, header: str) -> None:
    gate = make_gate()
    assert gate.admit(header) == gate.admit("")
    assert gate.caller is None


@pytest.mark.parametrize("scheme", ["Negotiate", "Kerberos"])
@pytest.mark.parametrize("oid", ["06092a864886f712010202", "06092a864882f712010202"], ids=["RFC 4121", "Windows"])
def test_a_host_in_no_realm_neither_offers_kerberos_nor_takes_a_ticket(
    make_gate: MakeGate, scheme: str, oid: str
) -> None:
    gate = make_gate()
    token = base64.b64encode(b"\x60\x0d" + bytes.fromhex(oid) + b"\x01\x00").decode()
    assert gate.admit(f"{scheme} {token}") == gate.admit("") == Challenge(["Negotiate", 'Basic realm="WSMAN"'])
    assert (gate.caller, gate.context) == (None, None)


def test_a_realm_without_a_keytab_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no keytab|make setup-kerberos"):
        Keys(str(tmp_path / "nowhere"))


def test_the_door_tells_who_was_let_in_and_how(make_gate: MakeGate) -> None:
    door = Door()
    gate = make_gate(door=door)
    assert log_on(gate, USER, "wrong") is not None
    assert log_on(gate, f"FAKE1\\{USER}", PASSWORD) is None
    assert gate.admit(basic(USER, PASSWORD)) is None
    account = f"FAKE\\{USER}"
    assert door.logons == [Logon("ntlm", f"FAKE1\\{USER}", account), Logon("basic", USER, account)]


def test_a_failed_second_logon_ends_the_first(make_gate: MakeGate) -> None:
    gate = make_gate()
    assert log_on(gate, USER, PASSWORD) is None
    assert log_on(gate, USER, "wrong") is not None
    assert gate.caller is None
    assert gate.admit("") is not None


@pytest.mark.parametrize(
    ("hardening", "sent", "admitted"),
    [
        ("relaxed", CERTIFICATE, True),
        ("relaxed", None, True),
        ("relaxed", b"another certificate", False),
        ("strict", CERTIFICATE, True),
        ("strict", None, False),
        ("strict", b"another certificate", False),
        ("none", b"another certificate", True),
    ],
)
@pytest.mark.parametrize("protocol", ["ntlm", "negotiate"])
def test_channel_bindings_are_checked_on_tls(
    make_gate: MakeGate, hardening: str, sent: bytes | None, protocol: str, *, admitted: bool
) -> None:
    gate = make_gate({"channel_bindings": hardening}, CERTIFICATE)
    answer = log_on(gate, USER, PASSWORD, binding(sent) if sent else None, protocol)
    assert (answer is None) == admitted


def test_the_account_file_is_private_and_holds_what_ntlm_needs(tmp_path: Path) -> None:
    accounts = CredentialFile(tmp_path / "accounts")
    accounts.update([("CORP", "exsvc", "p w"), ("", "admin", "x")])
    assert (tmp_path / "accounts").read_text() == "CORP:exsvc:p w\n:admin:x\n"
    assert stat.S_IMODE((tmp_path / "accounts").stat().st_mode) == 0o600
    accounts.update([("CORP", "exsvc", "new")])
    assert (tmp_path / "accounts").read_text() == "CORP:exsvc:new\n"


@pytest.mark.parametrize("password", ["a:b", "a\nb"])
def test_an_account_that_the_file_cannot_hold_is_refused(tmp_path: Path, password: str) -> None:
    with pytest.raises(ValueError, match="colon"):
        CredentialFile(tmp_path / "accounts").update([("", "admin", password)])


def test_the_environment_is_as_before(make_gate: MakeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NTLM_USER_FILE", "somebody-else")
    assert log_on(make_gate(), USER, PASSWORD) is None
    assert os.environ["NTLM_USER_FILE"] == "somebody-else"
