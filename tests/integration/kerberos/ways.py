# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The people and hosts of the realm, and the variables with which an inventory asks for Kerberos."""

from __future__ import annotations

from ansible.release import __version__ as core

from ansible_collections.winmail.exchange.tests.integration.kerberos.kdc import REALM

DOMAIN = REALM.lower()
HOSTS = ("exch50", "exch55", "exch2019", "exchgpo")
WINRM, PSRP = "ansible.builtin.winrm", "ansible.builtin.psrp"
# Which of a host's names each connection asks a ticket for; psrp chose another one in ansible-core 2.21.
SERVICES = {WINRM: "HTTP", PSRP: "host" if tuple(map(int, core.split(".")[:2])) >= (2, 21) else "WSMAN"}

ADMINISTRATOR = f"labadmin@{REALM}"
ORDINARY = f"pop3test@{REALM}"
GHOST = f"ghost@{REALM}"  # the KDC knows him, the domain of the lab does not
# Other passwords than those that the lab knows: what logs on with them is Kerberos and nothing else.
PASSWORDS = {
    ADMINISTRATOR: "Kdc-Wm5tQ8vXz2-only",
    ORDINARY: "Kdc-Lr7nB3kHy9-only",
    GHOST: "Kdc-Tf6cJ1pGs4-only",
}

Variables = dict[str, object]


def winrm(host: str = "exch50", user: str = ADMINISTRATOR) -> Variables:
    """Over winrm: Ansible gets the ticket itself, with the password."""
    return {
        "ansible_user": user,
        "ansible_password": PASSWORDS[user],
        "ansible_winrm_transport": "kerberos",
        "ansible_winrm_kinit_mode": "managed",
        # Ansible starts kinit with an empty environment.
        "ansible_winrm_kinit_env_vars": ["KRB5_CONFIG"],
        # The lab is reached by address, and tickets are for names.
        "ansible_winrm_kerberos_hostname_override": f"{host}.{DOMAIN}",
        "ansible_winrm_message_encryption": "always",
    }


def winrm_with_ticket() -> Variables:
    """Over winrm, with the ticket that is there."""
    return {**winrm(), "ansible_winrm_kinit_mode": "manual", "ansible_password": None}


def psrp(host: str = "exch50", user: str = ADMINISTRATOR) -> Variables:
    """Over psrp: pypsrp gets the ticket itself, with the password."""
    return {
        "ansible_user": user,
        "ansible_password": PASSWORDS[user],
        "ansible_psrp_auth": "kerberos",
        "ansible_psrp_negotiate_hostname_override": f"{host}.{DOMAIN}",
        "ansible_psrp_message_encryption": "always",
    }


def psrp_with_ticket() -> Variables:
    """Over psrp, with the ticket that is there."""
    return {**psrp(), "ansible_password": None}
