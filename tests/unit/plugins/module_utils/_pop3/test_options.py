# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be asked for, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import RequestError
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.options import (
    ARGUMENT_SPEC,
    read_request,
    unmet_expectation,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import (
    UNKNOWN_PRODUCT,
    Judgement,
    Report,
    Request,
    TlsFacts,
)


def options(**given: Any) -> dict[str, Any]:
    return {**{name: option.get("default") for name, option in ARGUMENT_SPEC.items()}, **given}


LOGIN = {"login": "credentials", "login_user": "alice", "login_password": "s3cret"}


def test_defaults() -> None:
    assert read_request(options(), "mail") == Request("mail", 110)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"tls": "implicit"}, Request("h", 995, "implicit"), id="implicit"),
        pytest.param({"tls": "implicit", "port": 110}, Request("h", 110, "implicit"), id="implicit-port"),
        pytest.param({"tls": "starttls"}, Request("h", 110, "starttls"), id="starttls"),
        pytest.param({"host": "[::1]"}, Request("::1", 110), id="brackets"),
        pytest.param({"host": "other"}, Request("other", 110), id="host-wins"),
        pytest.param(LOGIN, Request("h", 110, login="credentials", user="alice", password="s3cret"), id="login"),
        pytest.param({**LOGIN, "login": "none"}, Request("h", 110), id="unused-password-is-not-taken"),
        pytest.param({**LOGIN, "login": "canary"}, Request("h", 110, login="canary"), id="canary-takes-none"),
    ],
)
def test_requests(given: dict[str, Any], expected: Request) -> None:
    assert read_request(options(**given), "h") == expected


@pytest.mark.parametrize(
    ("given", "named"),
    [
        pytest.param({"port": 65536}, "port is 65536", id="port-high"),
        pytest.param({"port": -1}, "port is -1", id="port-low"),
        pytest.param({"timeout": 0}, "timeout is 0", id="timeout-zero"),
        pytest.param({"timeout": -1}, "timeout is -1", id="timeout-negative"),
        pytest.param({"timeout": float("inf")}, "timeout is inf", id="timeout-inf"),
        pytest.param({"timeout": float("nan")}, "timeout is nan", id="timeout-nan"),
        pytest.param({**LOGIN, "login_user": ""}, "login_user is empty", id="no-user"),
        pytest.param({**LOGIN, "login_password": ""}, "login_password is empty", id="no-password"),
        pytest.param({**LOGIN, "login_user": "a" * 513}, "login_user is longer than 512", id="user-long"),
        pytest.param({**LOGIN, "login_password": "s3cret" * 100}, "login_password is longer", id="password-long"),
        pytest.param({**LOGIN, "login_user": "a\r\nDELE 1"}, "login_user holds", id="user-crlf"),
        pytest.param({**LOGIN, "login_user": "a\nb"}, "login_user holds", id="user-lf"),
        pytest.param({**LOGIN, "login_password": "s3cret\rx"}, "login_password holds", id="password-cr"),
        pytest.param({**LOGIN, "login_password": "s3cret\0x"}, "login_password holds", id="password-nul"),
        pytest.param({**LOGIN, "login_password": "s3cret\udc80"}, "login_password is not valid", id="surrogate"),
    ],
)
def test_refused(given: dict[str, Any], named: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_request(options(**given), "h")
    assert named in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_host_is_needed() -> None:
    with pytest.raises(RequestError, match="option host is missing"):
        read_request(options())


def report(verdict: str, *, reply: str | None, error: str | None) -> Report:
    return Report(
        host="mail",
        port=110,
        address="192.0.2.1",
        judgement=Judgement(verdict),
        stage="pass",
        reply=reply,
        error=error,
        banner=None,
        product=UNKNOWN_PRODUCT,
        capabilities=None,
        tls=TlsFacts(),
        timing={},
        transcript=(),
        advice="Do this.",
    )


@pytest.mark.parametrize("expect", [[], ["logon_ok"], ["listening", "logon_ok"]])
def test_met(expect: list[str]) -> None:
    assert unmet_expectation(report(values.LOGON_OK, reply="+OK", error=None), expect) is None


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        ("-ERR No.", None, "The server said: -ERR No."),
        (None, "192.0.2.1 port 110: Connection refused", "What happened: 192.0.2.1 port 110: Connection refused."),
        (None, None, "The server said nothing."),
    ],
)
def test_unmet(reply: str | None, error: str | None, said: str) -> None:
    message = unmet_expectation(report(values.UNCLASSIFIED, reply=reply, error=error), ["logon_ok", "listening"])
    assert message == (
        f"POP3 at mail port 110: unclassified (exact) at the step pass; expected logon_ok or listening. {said} Do this."
    )
