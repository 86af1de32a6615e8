# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the task: defined once for the action and the module, checked before anything is sent."""

from __future__ import annotations

import typing as t

from . import values
from .errors import RequestError
from .values import Report, Request

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "host": {"type": "str"},
    "port": {"type": "int"},
    "tls": {"type": "str", "default": values.TLS_NONE, "choices": list(values.TLS_MODES)},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "login": {"type": "str", "default": values.LOGIN_NONE, "choices": list(values.LOGIN_MODES)},
    "login_user": {"type": "str"},
    "login_password": {"type": "str", "no_log": True},
    "timeout": {"type": "float", "default": 10.0},
    "expect": {
        "type": "list",
        "elements": "str",
        "default": [],
        "choices": list(values.VERDICTS),
    },
}
REQUIRED_IF = (("login", values.LOGIN_CREDENTIALS, ("login_user", "login_password")),)

_PORT = 110
_PORT_IMPLICIT = 995
_MAX_TIMEOUT = 3600.0
# RFC 2449 allows 255 octets for a command; some servers more.
_MAX_LENGTH = 512
# They would end the command and begin another.
_LINE_BREAKERS = "\r\n\0"


def read_request(params: t.Mapping[str, t.Any], default_host: str | None = None) -> Request:
    """Return the request that the checked options of a task make.

    ``default_host`` is used where the option ``host`` is not given. Raises RequestError for what cannot be meant.
    """
    host = params.get("host") or default_host
    if not host:
        raise RequestError("The option host is missing: name the host whose POP3 service is meant.")
    port = params.get("port")
    if port is None:
        port = _PORT_IMPLICIT if params["tls"] == values.TLS_IMPLICIT else _PORT
    if not 0 < port < 65536:
        raise RequestError(f"The option port is {port}; a port is a number from 1 to 65535.")
    timeout = float(params["timeout"])
    if not 0 < timeout <= _MAX_TIMEOUT:
        raise RequestError(
            f"The option timeout is {timeout}; it is a number of seconds above 0, {_MAX_TIMEOUT:.0f} at most."
        )
    user, password = _credentials(params)
    return Request(
        host=_bare(host),
        port=port,
        tls=params["tls"],
        validate_certs=params["validate_certs"],
        ca_path=params.get("ca_path"),
        login=params["login"],
        user=user,
        password=password,
        timeout=timeout,
    )


def _bare(host: str) -> str:
    """Return an IPv6 address without the brackets of a URL."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def _credentials(params: t.Mapping[str, t.Any]) -> tuple[str, str]:
    """Return user and password where they will be used; their values are never part of a message."""
    if params["login"] != values.LOGIN_CREDENTIALS:
        return "", ""
    for name in ("login_user", "login_password"):
        value = params.get(name)
        if not value:
            raise RequestError(f"The option {name} is empty; login=credentials needs it.")
        if len(value) > _MAX_LENGTH:
            raise RequestError(
                f"The option {name} is longer than {_MAX_LENGTH} characters, which no POP3 command holds."
            )
        if any(char in value for char in _LINE_BREAKERS):
            raise RequestError(
                f"The option {name} holds a line break or a NUL character, which no POP3 command can carry."
            )
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            # The error itself holds the value.
            raise RequestError(f"The option {name} is not valid Unicode text.") from None
    return params["login_user"], params["login_password"]


def unmet_expectation(report: Report, expect: t.Sequence[str]) -> str | None:
    """Return why a report is not what was expected, as sentences for the user; None where it is."""
    judgement = report.judgement
    if not expect or judgement.verdict in expect:
        return None
    said = f"The server said: {report.reply}" if report.reply else "The server said nothing"
    if report.error:
        said = f"What happened: {report.error}"
    return (
        f"POP3 at {report.host} port {report.port}: {judgement.verdict} ({judgement.confidence}) at the step"
        f" {report.stage}; expected {' or '.join(expect)}. {said.rstrip('.')}. {report.advice}"
    )
