# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a baseline names an account: a SID, a name, or an account of the host's own or of its root domain."""

from __future__ import annotations

import re

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse as parse_name

from .model import Principal

# Microsoft, "Security identifiers": S-1-5-21-<domain>-512 is Domain Admins, S-1-5-21-<root domain>-519 Enterprise
# Admins.
_RELATIVE = re.compile(r"\*?S-1-5-21-<(?P<whose>domain|root[- ]domain)>-(?P<rid>[0-9]{1,10})", re.IGNORECASE)


def parse(written: str) -> Principal:
    """Understand one account of a baseline; raises InputError, a sentence that names it."""
    relative = _RELATIVE.fullmatch(written.strip())
    if relative is None:
        if "<" in written:
            raise InputError(
                f"The account {written!r} has a placeholder that is not known. Write S-1-5-21-<domain>-512 for an "
                "account of the host's own domain, S-1-5-21-<root-domain>-519 for one of the root of its forest."
            )
        return Principal(written, name=parse_name(written))
    rid = int(relative["rid"])
    if rid >= 1 << 32:
        raise InputError(f"The account {written!r} has a last number that no SID may have.")
    return Principal(written, relative="domain" if relative["whose"].lower() == "domain" else "root_domain", rid=rid)
