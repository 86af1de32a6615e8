# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of service_restart, understood before any host is asked (pure)."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

from .plan import key_name

_LONGEST = 3600


@dataclass(frozen=True)
class RestartOptions:
    """A service's key name, whether its dependents may be restarted with it, and the seconds to wait for each state."""

    name: str
    dependents: bool = True
    timeout: int = 120


def parse(args: Mapping[str, t.Any]) -> RestartOptions:
    """The options from the arguments of a task; raises InputError for a name or a time to wait that cannot be."""
    name = key_name(args["name"])
    if not 1 <= args["timeout"] <= _LONGEST:
        raise InputError(f"timeout is {args['timeout']}; it has to be between 1 and {_LONGEST} seconds.")
    return RestartOptions(name, args["dependents"], args["timeout"])
