# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which groups Windows puts into the tokens of each type of logon, and which logon right is about which type (pure).

Nobody can be taken out of such a group, so it is everybody who logs on in that way. Sources: captured tokens (numbers
are files of tests/captures/whoami: 24 to 26 network, 27 to 29 console, 45 service, 46 batch, 47 Remote Desktop);
Microsoft, "Security identifiers" and "Special identities" (SI); MS-DTYP 2.4.2.4 (D).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from . import sid as sids


class Logon(enum.Enum):
    """How somebody logs on, as the logon rights tell them apart."""

    NETWORK = "network"
    LOCAL = "local"
    REMOTE_DESKTOP = "remote desktop"
    BATCH = "batch"
    SERVICE = "service"


ALLOWING: Mapping[str, Logon] = {
    "SeNetworkLogonRight": Logon.NETWORK,
    "SeInteractiveLogonRight": Logon.LOCAL,
    "SeRemoteInteractiveLogonRight": Logon.REMOTE_DESKTOP,
    "SeBatchLogonRight": Logon.BATCH,
    "SeServiceLogonRight": Logon.SERVICE,
}
DENYING: Mapping[str, Logon] = {
    "SeDenyNetworkLogonRight": Logon.NETWORK,
    "SeDenyInteractiveLogonRight": Logon.LOCAL,
    "SeDenyRemoteInteractiveLogonRight": Logon.REMOTE_DESKTOP,
    "SeDenyBatchLogonRight": Logon.BATCH,
    "SeDenyServiceLogonRight": Logon.SERVICE,
}

_ALL = frozenset(Logon)


@dataclass(frozen=True)
class TokenGroup:
    """A group that Windows puts into tokens of these types of logon; a ``sid`` that ends with ``-`` is a family.

    Some depend on how people proved who they are, or where their accounts live: many have them, and nobody can count on
    it. So they are everybody where they are denied, and nobody where they alone would let people in.
    """

    sid: str
    logons: frozenset[Logon]
    source: str

    def __contains__(self, sid: str) -> bool:
        return sid.startswith(self.sid) if self.sid.endswith("-") else sid == self.sid


TOKEN_GROUPS: tuple[TokenGroup, ...] = (
    TokenGroup(sids.EVERYONE, _ALL, "26 to 29, 45 to 47"),
    TokenGroup(sids.AUTHENTICATED_USERS, _ALL, "24 to 29, 45 to 47"),
    # Authenticated Users are its members unless somebody took them out (SI).
    TokenGroup("S-1-5-32-545", _ALL, "25 to 29, 45 to 47; SI"),
    TokenGroup("S-1-5-2", frozenset({Logon.NETWORK}), "24 to 26; SI"),
    # A Remote Desktop logon is interactive as well (47; SI).
    TokenGroup("S-1-5-4", frozenset({Logon.LOCAL, Logon.REMOTE_DESKTOP}), "27, 29, 47; SI"),
    TokenGroup("S-1-5-14", frozenset({Logon.REMOTE_DESKTOP}), "47; SI"),
    TokenGroup("S-1-5-13", frozenset({Logon.LOCAL, Logon.REMOTE_DESKTOP}), "SI: with Terminal Services"),
    TokenGroup("S-1-5-3", frozenset({Logon.BATCH}), "46; SI"),
    TokenGroup(sids.SERVICE, frozenset({Logon.SERVICE}), "45; SI"),
    TokenGroup(sids.ALL_SERVICES, frozenset({Logon.SERVICE}), "SI: all service processes"),
    TokenGroup(
        "S-1-2-0", frozenset({Logon.LOCAL, Logon.REMOTE_DESKTOP, Logon.BATCH, Logon.SERVICE}), "27, 45 to 47; SI"
    ),
    TokenGroup("S-1-2-1", frozenset({Logon.LOCAL, Logon.BATCH, Logon.SERVICE}), "27, 29, 45, 46; SI"),
    TokenGroup("S-1-5-15", _ALL, "24 to 29, 45 to 47, a local account in 26 too"),
    TokenGroup("S-1-5-64-10", _ALL, "NTLM: 24 to 26; SI"),
    TokenGroup("S-1-5-64-14", _ALL, "SChannel: SI"),
    TokenGroup("S-1-5-64-21", _ALL, "Digest: SI"),
    TokenGroup("S-1-5-64-36", _ALL, "cloud account: 27"),
    TokenGroup("S-1-5-65-1", _ALL, "This Organization Certificate: D"),
    # Asserted identity, key trust and their properties (47: S-1-18-1).
    TokenGroup("S-1-18-", _ALL, "47; SI"),
    # Claims and compound authentication.
    TokenGroup("S-1-5-21-0-0-0-", _ALL, "D"),
    # Integrity labels stand in the list of groups.
    TokenGroup("S-1-16-", _ALL, "24 to 28"),
)


def puts(sid: str, logon: Logon) -> bool:
    """Whether Windows puts this group into tokens of this type, so that to deny it is to deny all or very many."""
    return any(sid in group and logon in group.logons for group in TOKEN_GROUPS)


def by_windows(sid: str) -> bool:
    """Whether this is such a group at all, for any type of logon."""
    return any(sid in group for group in TOKEN_GROUPS)
