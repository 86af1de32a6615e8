# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""The YAML of a scenario, as far as it is checked before anything is built from it.

A scenario has ``description``, ``base`` (another scenario whose domain, policies and vars it takes over), ``worlds``,
``domain`` (netbios, dns, sid, users, groups, gmsas, computers), ``policies`` (short name to guid, name, link
domain|ou, rights), ``vars`` (for the inventory), ``defaults`` (of every host) and ``hosts``. A host may say:

name, kind (member|workgroup|dc), release (a key of ``machine.RELEASES``), language (en|de|fr|ru|zh), sid
clock_offset (seconds by which its clock is ahead), time_zone (minutes by which its local time is ahead of UTC)
    what it is; ``count: N`` with ``name: "mail{n:04}"`` makes N of it (``--hosts`` overrides N)
users, groups, members, passwords (a group of the domain with ``scope: local`` is a domain-local one)
    its own accounts: name and rid, password, member_of; group to members; password of a built-in account
rights, grant, holders
    right to the whole list; right to more holders; right to a number of orphaned domain SIDs
generation, site_account, service_accounts, service_modes, services, stuck, stuck_starting, plain_text_login,
mailboxes, events
    Exchange (a key of ``exchange.GENERATIONS``), its accounts and start modes, services beside those of every Windows
    (state/system_services.py), which never stop, which never end to start, clear-text POP3 after 2007, mailbox to
    account, events in the log (source, id, type, data, message, age)
policies, domain_reachable, registry, files, worlds
    what applies to it and lies on it; answers that hold for this host only
device_management
    what sets user rights besides: ``by`` (mdm, osconfig) and ``settings``, a name of the Policy CSP to a list of tokens
features (hyperv, iis), app_pools, virtual_machines
    what is installed and gets rights by default (state/default_rights.yml), pools by name, machines by GUID
logon, shell_sids, winrm, vars, lab_only
    who connects (its password comes from the accounts), who else may open a shell, settings of its WinRM service
    (winrm/settings.py), inventory variables, and the mark of a combination that exists in the lab only

Accounts are written as a SID, ``DOMAIN\x``, ``.\x`` or an English well-known name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Spec = Mapping[str, object]

HOST_KEYS = frozenset(
    {
        "name",
        "kind",
        "release",
        "language",
        "sid",
        "generation",
        "site_account",
        "services",
        "service_accounts",
        "stuck",
        "stuck_starting",
        "rights",
        "grant",
        "users",
        "groups",
        "members",
        "policies",
        "app_pools",
        "domain_reachable",
        "lab_only",
        "vars",
        "logon",
        "shell_sids",
        "worlds",
        "mailboxes",
        "registry",
        "device_management",
        "events",
        "files",
        "plain_text_login",
        "holders",
        "passwords",
        "service_modes",
        "winrm",
        "clock_offset",
        "features",
        "virtual_machines",
        "time_zone",
    }
)


def check_host(spec: Spec) -> None:
    """Raise ValueError when a host has keys that nobody reads."""
    unknown = set(spec) - HOST_KEYS
    if unknown or "name" not in spec:
        raise ValueError(f"host {spec.get('name')}: unknown keys {', '.join(sorted(unknown))}")


def mapping(value: object) -> Mapping[str, object]:
    """A mapping of the YAML, empty when it is not there."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"a mapping is needed, not {value!r}")
    return value


def items(value: object) -> Sequence[object]:
    """A list of the YAML, empty when it is not there."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError(f"a list is needed, not {value!r}")
    return value
