# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's variables of one host: what each may be, and what probe and look take of them (pure).

The specification says the same as the role's meta/argument_specs.yml, as a test holds.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

from .words import POP3

Values = Mapping[str, t.Any]

SPEC: dict[str, dict[str, t.Any]] = {
    "pop3_prerequisites_service": {"type": "str", "default": "auto"},
    "pop3_prerequisites_account": {"type": "str", "default": "auto"},
    "pop3_prerequisites_rights": {"type": "list", "elements": "str", "default": ["auto"]},
    "pop3_prerequisites_restart": {"type": "str", "choices": ["never", "service"], "default": "never"},
    "pop3_prerequisites_restart_dependents": {"type": "bool", "default": True},
    "pop3_prerequisites_restart_timeout": {"type": "int", "default": 120},
    "pop3_prerequisites_gpo_conflict": {"type": "str", "choices": ["warn", "fail", "ignore"], "default": "warn"},
    "pop3_prerequisites_probe_login": {
        "type": "str",
        "choices": ["none", "canary", "credentials"],
        "default": "none",
    },
    "pop3_prerequisites_login_user": {"type": "str"},
    "pop3_prerequisites_login_password": {"type": "str", "no_log": True},
    "pop3_prerequisites_probe_host": {"type": "str"},
    "pop3_prerequisites_port": {"type": "int"},
    "pop3_prerequisites_probe_timeout": {"type": "float", "default": 10.0},
    "pop3_prerequisites_tls": {"type": "str", "choices": ["none", "starttls", "implicit"], "default": "none"},
    "pop3_prerequisites_validate_certs": {"type": "bool", "default": True},
    "pop3_prerequisites_ca_path": {"type": "path"},
    "pop3_prerequisites_secure_logging": {"type": "bool", "default": True},
    "pop3_prerequisites_report_dir": {"type": "str", "default": ""},
    "pop3_prerequisites_audit_fails": {"type": "bool", "default": False},
}
# The options of the probe that are called otherwise there; without a value each is as good as not written.
_PROBE = {
    "host": "pop3_prerequisites_probe_host",
    "port": "pop3_prerequisites_port",
    "tls": "pop3_prerequisites_tls",
    "validate_certs": "pop3_prerequisites_validate_certs",
    "ca_path": "pop3_prerequisites_ca_path",
    "login": "pop3_prerequisites_probe_login",
    "login_user": "pop3_prerequisites_login_user",
    "login_password": "pop3_prerequisites_login_password",
    "timeout": "pop3_prerequisites_probe_timeout",
}


def given(values: Values) -> dict[str, t.Any]:
    """The variables as they are checked: an empty one without a default counts as not written."""
    return {name: value for name, value in values.items() if value not in ("", None) or "default" in SPEC[name]}


def mistakes(names: Iterable[str], values: Values) -> list[str]:
    """A sentence for each variable of a host that nobody knows, and for a logon without a name and a password."""
    found = POP3.unknown_variables(names)
    if values["pop3_prerequisites_probe_login"] == "credentials" and not (
        values["pop3_prerequisites_login_user"] and values["pop3_prerequisites_login_password"]
    ):
        found.append(
            "pop3_prerequisites_probe_login is credentials: set pop3_prerequisites_login_user and "
            "pop3_prerequisites_login_password, or choose canary or none."
        )
    return found


def probe_options(values: Values) -> dict[str, t.Any]:
    """What the probe is asked for, by the names of its options."""
    return {option: values[name] for option, name in _PROBE.items()}


def server_options(values: Values, privilege: str) -> dict[str, t.Any]:
    """What the look at the server is asked for; ``privilege`` is what the probe said of it."""
    return {
        "service": values["pop3_prerequisites_service"],
        "account": values["pop3_prerequisites_account"],
        "rights": values["pop3_prerequisites_rights"],
        "since": "7d",
        "max_events": 20,
        "probe_privilege": privilege,
    }


def judging(values: Values) -> dict[str, t.Any]:
    """What the judgement takes: the choice about policies, whether rights were named, and how the probe logs on."""
    return {
        "gpo_conflict": values["pop3_prerequisites_gpo_conflict"],
        "named": values["pop3_prerequisites_rights"] != ["auto"],
        "login": values["pop3_prerequisites_probe_login"],
    }
