# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The acceptor's side of Kerberos: tickets for the keys of a keytab, taken by the system's own GSS-API (python-gssapi).

pyspnego, which is the acceptor of NTLM, has no part in it: so neither of the two ever chooses between mechanisms, and
pypsrp's client, which is pyspnego, meets somebody else's code here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import gssapi
    import gssapi.raw
except ImportError:  # built from source, with the headers of MIT Kerberos: most people do without
    gssapi = None

# DER of the two OIDs under which Kerberos is offered: RFC 4121, and Windows' own (MS-SPNG 3.1.5.2).
_KERBEROS = (bytes.fromhex("06092a864886f712010202"), bytes.fromhex("06092a864882f712010202"))
_CHANNEL_BOUND = 2048  # GSS_C_CHANNEL_BOUND_FLAG of MIT Kerberos 1.19: the initiator sent our own binding


class KerberosError(Exception):
    """A ticket, token or message that is not accepted."""


@dataclass(frozen=True)
class Sealed:
    """A sealed message (see lab.winrm.sealed.Sealed)."""

    header: bytes
    data: bytes
    padding_length: int


def is_offered(token: bytes) -> bool:
    """Whether a first token is Kerberos, bare or as a choice of SPNEGO (RFC 4178)."""
    return any(oid in token for oid in _KERBEROS)


class Keys:
    """The long-term keys of the services here, as a Windows has those of its machine account."""

    def __init__(self, keytab: str) -> None:
        if gssapi is None:
            raise ValueError("Kerberos needs the Python module gssapi in this environment: make setup-kerberos")
        if not Path(keytab).is_file():
            raise ValueError(f"there is no keytab {keytab}")
        # No environment variable: that would be the whole process's, clients of a test among them.
        replays = Path(keytab).with_suffix(".rcache")
        self._store = {"keytab": f"FILE:{keytab}", "rcache": f"file2:{replays}"}

    def acceptor(self, binding: bytes | None) -> Acceptor:
        """Somebody who takes one ticket; ``binding`` is the application data of the channel to be bound to."""
        credentials = gssapi.Credentials(usage="accept", store=self._store)
        expected = gssapi.raw.ChannelBindings(application_data=binding) if binding else None
        return Acceptor(gssapi.SecurityContext(creds=credentials, usage="accept", channel_bindings=expected))


class Acceptor:
    """One logon, and then the context that seals (see lab.winrm.sealed.Context)."""

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - gssapi may not be installed
        self._context = context

    def step(self, token: bytes) -> bytes | None:
        """Take a token and give the answer to it; raises KerberosError."""
        try:
            answer: bytes | None = self._context.step(token)
        except gssapi.exceptions.GSSError as exc:
            raise KerberosError(str(exc)) from exc
        return answer

    @property
    def complete(self) -> bool:
        """Whether the logon is over."""
        return bool(self._context.complete)

    @property
    def principal(self) -> str:
        """Who logged on: ``user@REALM``."""
        return str(self._context.initiator_name).rstrip("\0")

    @property
    def delegated(self) -> bool:
        """Whether the caller handed over credentials (a forwarded ticket) with which to act as him elsewhere."""
        flag = gssapi.RequirementFlag.delegate_to_peer
        return flag in self._context.actual_flags or self._context.delegated_creds is not None

    @property
    def bound(self) -> bool:
        """Whether the caller sent the channel binding that was expected."""
        return bool(int(self._context.actual_flags) & _CHANNEL_BOUND)

    def wrap_winrm(self, data: bytes) -> Sealed:
        """Seal ``data``."""
        kinds = gssapi.raw.IOVBufferType
        buffers = gssapi.raw.IOV(kinds.header, data, kinds.padding, std_layout=False)
        gssapi.raw.wrap_iov(self._context, buffers, confidential=True)
        header, sealed, padding = (buffer.value or b"" for buffer in buffers)
        return Sealed(header, sealed + padding, len(padding))

    def unwrap_winrm(self, header: bytes, data: bytes) -> bytes:
        """Open what was sealed; raises KerberosError, also for what is signed only."""
        try:
            clear = gssapi.raw.unwrap(self._context, header + data)
        except gssapi.exceptions.GSSError as exc:
            raise KerberosError(str(exc)) from exc
        if not clear.encrypted:
            raise KerberosError("a message is signed but not encrypted")
        message: bytes = clear.message
        return message
