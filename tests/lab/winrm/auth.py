# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is at the other end: NTLM, Kerberos and Basic logons of one TCP connection."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import spnego
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from lab.seams import Caller, LogonDenied, Windows
from lab.winrm.kerberos import Acceptor, KerberosError, Keys, is_offered
from lab.winrm.settings import Settings

Credentials: TypeAlias = Sequence[tuple[str, str, str]]

_AV_CHANNEL_BINDINGS = 10
_AUTHENTICATE = b"NTLMSSP\x00\x03\x00\x00\x00"
# pyspnego's acceptor knows its accounts only through an environment variable, which belongs to the whole process.
_ENVIRONMENT = threading.Lock()


class CredentialFile:
    """The accounts of one host, in the file that pyspnego's acceptor reads (one line ``DOMAIN:USER:PASSWORD``)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: tuple[tuple[str, str, str], ...] | None = None

    def update(self, credentials: Credentials) -> None:
        """Write the accounts if they changed; raises ValueError for one that the file cannot hold."""
        wanted = tuple(credentials)
        if wanted == self._written:
            return
        for part in (part for entry in wanted for part in entry):
            if any(character in part for character in ":\r\n"):
                raise ValueError("a name or password of the lab must not hold a colon or a line end")
        text = "".join(f"{domain}:{user}:{password}\n" for domain, user, password in wanted)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        self._written = wanted

    def step(self, context: spnego.ContextProxy | None, token: bytes) -> tuple[spnego.ContextProxy, bytes | None]:
        """Give a token to the acceptor (a new one where there is none); raises SpnegoError."""
        with _ENVIRONMENT:
            before = os.environ.get("NTLM_USER_FILE")
            os.environ["NTLM_USER_FILE"] = str(self._path)
            try:
                acceptor = context or spnego.server(
                    service="HTTP",
                    protocol="negotiate",
                    options=spnego.NegotiateOptions.use_negotiate,
                )
                return acceptor, acceptor.step(token)
            finally:
                if before is None:
                    del os.environ["NTLM_USER_FILE"]
                else:
                    os.environ["NTLM_USER_FILE"] = before


@dataclass(frozen=True)
class Logon:
    """Somebody who was admitted.

    ``mechanism``: basic, ntlm or kerberos; ``claimed``: the name that was proven, a principal where it is Kerberos;
    ``account``: what Windows made of it; ``delegated``: whether credentials for use elsewhere were handed over.
    """

    mechanism: str
    claimed: str
    account: str
    delegated: bool = False


@dataclass
class Door:
    """What the gates of one host share besides its accounts: its Kerberos keys, and who was let in, oldest first."""

    keys: Keys | None = None
    logons: list[Logon] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Who proved who he is and may not log on, oldest first."""


@dataclass(frozen=True)
class Challenge:
    """Not (yet) admitted: the WWW-Authenticate values of a 401; ``denied``: a right forbids a logon that was proven."""

    values: Sequence[str]
    denied: bool = False


class Gate:
    """The logon of one connection.

    ``caller`` is set once somebody is logged on; ``context`` seals messages after an NTLM or Kerberos logon.
    Nothing but a ticket is ever given to the acceptor of Kerberos, nor a ticket to that of NTLM: which Python modules
    are installed changes nothing for a host that has no keys.
    """

    def __init__(
        self,
        settings: Settings,
        accounts: CredentialFile,
        computer: Callable[[], Windows],
        certificate: bytes | None,
        door: Door,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._computer = computer
        self._certificate = certificate  # DER, on TLS
        self._door = door
        self._pending: spnego.ContextProxy | Acceptor | None = None
        self.context: spnego.ContextProxy | Acceptor | None = None
        self.caller: Caller | None = None
        self._last_token: str | None = None

    def take_last_token(self) -> str | None:
        """The WWW-Authenticate value that the answer to the last leg of a SPNEGO logon must carry."""
        token, self._last_token = self._last_token, None
        return token

    def admit(self, authorization: str) -> Challenge | None:
        """Take the Authorization header of a request ("": none); None means that the caller is logged on."""
        scheme, dummy, value = authorization.partition(" ")
        name = scheme.lower()
        if not authorization:
            return None if self.caller is not None else self._offer()
        if name == "basic" and self._settings.basic:
            return self._basic(value)
        if name in {"negotiate", "ntlm", "kerberos"} and self._settings.negotiate:
            return self._negotiate(scheme, value)
        return self._refuse()

    def _offer(self) -> Challenge:
        values = ["Negotiate"] if self._settings.negotiate else []
        if values and self._door.keys is not None:
            values.append("Kerberos")
        return Challenge([*values, 'Basic realm="WSMAN"'] if self._settings.basic else values)

    def _refuse(self) -> Challenge:
        self._pending = self.context = self.caller = None
        return self._offer()

    def _basic(self, value: str) -> Challenge | None:
        self._pending = self.context = self.caller = None
        try:
            name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return self._refuse()
        domain, dummy, user = name.rpartition("\\")
        known = any(
            domain.lower() == d.lower()
            and user.lower() == u.lower()
            and hmac.compare_digest(password.encode(), p.encode())
            for d, u, p in self._computer().credentials()
        )
        return self._log_on("basic", domain, user) if colon and known else self._refuse()

    def _negotiate(self, scheme: str, value: str) -> Challenge | None:
        try:
            token = base64.b64decode(value.strip(), validate=True)
        except binascii.Error:
            return self._refuse()
        if self.caller is not None:  # a new logon on a connection that has one
            self._pending = self.context = self.caller = None
        if isinstance(self._pending, Acceptor) or (self._pending is None and is_offered(token)):
            return self._kerberos(scheme, token)
        return self._ntlm(scheme, token)

    def _kerberos(self, scheme: str, token: bytes) -> Challenge | None:
        """Take a ticket; a host that is in no realm refuses it, as one whose clock or key is wrong."""
        if self._door.keys is None:
            return self._refuse()
        try:
            acceptor = self._pending or self._door.keys.acceptor(self._end_point())
            assert isinstance(acceptor, Acceptor)  # _negotiate saw to it
            answer = acceptor.step(token)
        except KerberosError:
            return self._refuse()
        if not acceptor.complete:
            return self._go_on(scheme, acceptor, answer)
        if self._end_point() and self._settings.channel_bindings == "strict" and not acceptor.bound:
            return self._refuse()
        self._finish(scheme, acceptor, answer)
        # The domain says who the holder of a ticket is: never an account of the computer's own.
        return self._log_on("kerberos", "", acceptor.principal, delegated=acceptor.delegated)

    def _end_point(self) -> bytes | None:
        if self._certificate is None or self._settings.channel_bindings == "none":
            return None
        return end_point(self._certificate)

    def _ntlm(self, scheme: str, token: bytes) -> Challenge | None:
        assert not isinstance(self._pending, Acceptor)  # _negotiate saw to it
        try:
            if scheme.lower() == "kerberos" or not self._bindings_agree(token):
                return self._refuse()
            self._accounts.update(self._computer().credentials())
            context, answer = self._accounts.step(self._pending, token)
        except (SpnegoError, ValueError, struct.error, IndexError, KeyError):
            return self._refuse()
        if not context.complete:
            return self._go_on(scheme, context, answer)
        self._finish(scheme, context, answer)
        domain, dummy, user = (context.client_principal or "").rpartition("\\")
        return self._log_on("ntlm", domain, user)

    def _go_on(self, scheme: str, context: spnego.ContextProxy | Acceptor, answer: bytes | None) -> Challenge:
        self._pending = context
        return Challenge([f"{scheme} {base64.b64encode(answer or b'').decode()}"])

    def _finish(self, scheme: str, context: spnego.ContextProxy | Acceptor, answer: bytes | None) -> None:
        self._pending, self.context = None, context
        if answer:
            self._last_token = f"{scheme} {base64.b64encode(answer).decode()}"

    def _log_on(self, mechanism: str, domain: str, user: str, *, delegated: bool = False) -> Challenge | None:
        claimed = f"{domain}\\{user}" if domain else user
        try:
            self.caller = self._computer().logon(domain, user)
        except LogonDenied:
            self._door.refused.append(claimed)
            return Challenge(self._refuse().values, denied=True)
        self._door.logons.append(Logon(mechanism, claimed, self.caller.name, delegated))
        return None

    def _bindings_agree(self, token: bytes) -> bool:
        """CbtHardeningLevel: relaxed takes a client that sends no channel binding, but no wrong one."""
        at = token.find(_AUTHENTICATE)
        if self._certificate is None or self._settings.channel_bindings == "none" or at < 0:
            return True
        sent = sent_bindings(token[at:])
        if sent is None:
            return self._settings.channel_bindings == "relaxed"
        return hmac.compare_digest(sent, expected_bindings(self._certificate))


def end_point(certificate: bytes) -> bytes:
    """The ``tls-server-end-point`` of a certificate (DER, signed with SHA-256; RFC 5929)."""
    return b"tls-server-end-point:" + hashlib.sha256(certificate).digest()


def expected_bindings(certificate: bytes) -> bytes:
    """The MD5 that NTLM carries for a ``tls-server-end-point`` binding to a certificate."""
    packed = GssChannelBindings(application_data=end_point(certificate)).pack()
    return hashlib.md5(packed, usedforsecurity=False).digest()


def sent_bindings(message: bytes) -> bytes | None:
    """The channel binding in an NTLM AUTHENTICATE message, None when there is none (MS-NLMP 2.2.1.3, 2.2.2.1)."""
    length, dummy, offset = struct.unpack_from("<HHI", message, 20)
    response = message[offset : offset + length]
    position = 16 + 28  # the proof, then the fixed part of the client challenge
    while position + 4 <= len(response):
        kind, size = struct.unpack_from("<HH", response, position)
        value = response[position + 4 : position + 4 + size]
        if kind == 0:
            break
        if kind == _AV_CHANNEL_BINDINGS:
            return value if value.strip(b"\x00") else None
        position += 4 + size
    return None
