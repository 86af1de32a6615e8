# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of pop3_server_info, understood before any host is asked (pure)."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._services import plan as services
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import account_name as accounts
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import canonical

from . import duration

AUTO = "auto"
MOST_EVENTS = 500
# What the POP3 probe said of the privilege.
Privilege = t.Literal["held", "missing", "unknown"]


@dataclass(frozen=True)
class ServerOptions:
    """What the user asked: a service (None: find it), an account (None: the service's), rights (None: what is needed).

    ``since_seconds`` and ``max_events`` bound the events (0 events: do not read the log); ``probe`` is what the POP3
    probe said of the privilege before: held, missing or unknown.
    """

    service: str | None = None
    account: accounts.AccountName | None = None
    rights: tuple[str, ...] | None = None
    since_seconds: int = 7 * 86400
    max_events: int = 20
    probe: Privilege = "unknown"


def parse(args: Mapping[str, t.Any]) -> ServerOptions:
    """The options from the arguments of a task; raises InputError for what cannot be meant."""
    service, account = args["service"].strip(), args["account"].strip()
    most = args["max_events"]
    if not 0 <= most <= MOST_EVENTS:
        raise InputError(f"max_events is {most}; it has to be between 0 (do not read the log) and {MOST_EVENTS}.")
    return ServerOptions(
        service=None if service.lower() == AUTO else services.key_name(service),
        account=None if account.lower() == AUTO else accounts.parse(account),
        rights=_rights(args["rights"]),
        since_seconds=duration.seconds(args["since"]),
        max_events=most,
        probe=args["probe_privilege"],
    )


def _rights(written: Sequence[str]) -> tuple[str, ...] | None:
    if [name.strip().lower() for name in written] == [AUTO]:
        return None
    if not written:
        raise InputError("rights is empty; name at least one user right, or use auto.")
    return tuple(dict.fromkeys(canonical(name).constant for name in written))
