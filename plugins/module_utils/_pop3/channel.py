# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connected socket as the dialogue's channel: one deadline for every wait, TLS, limits."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import ssl
import typing as t

from .deadline import SocketTimeout
from .dialogue import Channel
from .errors import ClosedError, LineTooLongError, SilentError, TlsError
from .lines import LineReader
from .values import TlsFacts

if t.TYPE_CHECKING:
    from .deadline import Deadline
    from .values import Request

_CHUNK = 4096
# Bounds what a server can make us read while we only look at what it sent unasked.
_MAX_PENDING_READS = 16


def tls_context(request: Request) -> ssl.SSLContext:
    """Return the settings for TLS; raises OSError (ssl.SSLError is one) where ca_path cannot be used."""
    context = ssl.create_default_context(cafile=request.ca_path)
    if not request.validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class SocketChannel(Channel):
    """Lines over a socket. Close it when done."""

    def __init__(
        self,
        sock: socket.socket,
        request: Request,
        deadline: Deadline,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._sock = sock
        self._request = request
        self._deadline = deadline
        self._context = context
        self._reader = LineReader()

    def close(self) -> None:
        """Close the socket at once."""
        self._sock.close()

    def send(self, line: bytes) -> None:
        """Send a line."""
        try:
            self._sock.settimeout(self._time_left())
            self._sock.sendall(line + b"\r\n")
        except SocketTimeout as exc:
            raise SilentError("the server took nothing more before the deadline") from exc
        except (OSError, ValueError) as exc:
            raise ClosedError(_told("the connection broke", exc)) from exc

    def hasten(self, seconds: float) -> None:
        """Bring the deadline forward."""
        self._deadline = self._deadline.sooner(seconds)

    def read_line(self) -> bytes:
        """Return the next line."""
        while True:
            line = self._reader.next_line()
            if line is not None:
                return line
            self._reader.feed(self._receive())

    def pending(self) -> list[bytes]:
        """Return what came unasked."""
        try:
            self._sock.settimeout(0)
            for _read in range(_MAX_PENDING_READS):
                data = self._sock.recv(_CHUNK)
                if not data:
                    break  # The next command meets the closed connection and says so.
                self._reader.feed(data)
            else:
                # What is left would pass for the answer to the next command.
                raise LineTooLongError(f"the server sent more than {_MAX_PENDING_READS * _CHUNK} bytes unasked")
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        except (OSError, ValueError) as exc:
            raise ClosedError(_told("the connection broke", exc)) from exc
        lines = []
        line = self._reader.next_line()
        while line is not None:
            lines.append(line)
            line = self._reader.next_line()
        rest = self._reader.take_rest()
        return [*lines, rest] if rest else lines

    def start_tls(self) -> TlsFacts:
        """Do the handshake."""
        if self._context is None:
            raise TlsError("no TLS was asked for")
        try:
            self._sock.settimeout(self._time_left())
            secure = self._context.wrap_socket(
                self._sock, server_hostname=self._request.host, do_handshake_on_connect=False
            )
            self._sock = secure
            secure.do_handshake()
        except SocketTimeout as exc:
            raise SilentError("the TLS handshake did not end before the deadline") from exc
        except (OSError, ValueError) as exc:
            raise TlsError(_tls_text(exc)) from exc
        return _facts(secure, self._request)

    def _receive(self) -> bytes:
        try:
            self._sock.settimeout(self._time_left())
            data = self._sock.recv(_CHUNK)
        except (SocketTimeout, SilentError) as exc:
            raise SilentError("no answer before the deadline", self._reader.take_rest()) from exc
        except (OSError, ValueError) as exc:
            raise ClosedError(_told("the connection broke", exc), self._reader.take_rest()) from exc
        if not data:
            raise ClosedError("the server closed the connection", self._reader.take_rest())
        return data

    def _time_left(self) -> float:
        """Return a timeout for the socket; zero would mean "do not wait" there, so it is the end here."""
        seconds = self._deadline.remaining()
        if seconds <= 0:
            raise SilentError("the deadline passed")
        return seconds


def _facts(secure: ssl.SSLSocket, request: Request) -> TlsFacts:
    raw = secure.getpeercert(binary_form=True)
    # The decoded form is empty where the certificate was not verified.
    try:
        until = (secure.getpeercert() or {}).get("notAfter")
    except ValueError:  # names in it that are no text
        until = None
    cipher = secure.cipher()
    return TlsFacts(
        requested=request.tls,
        established=True,
        verified=request.validate_certs,
        version=secure.version(),
        cipher=cipher[0] if cipher else None,
        certificate_sha256=hashlib.sha256(raw).hexdigest() if raw else None,
        certificate_not_after=_iso_time(str(until)) if until else None,
    )


def _iso_time(text: str) -> str | None:
    """Return the time of a certificate, or None for one that is none (fractions of seconds, a date of no calendar)."""
    try:
        seconds = ssl.cert_time_to_seconds(text)
        moment = dt.datetime.fromtimestamp(seconds, dt.timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _tls_text(exc: Exception) -> str:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted: {exc.verify_message}"
    if isinstance(exc, ssl.SSLError) and exc.reason:
        return f"the TLS handshake failed: {exc.reason.replace('_', ' ').lower()}"
    return _told("the TLS handshake failed", exc)


def _told(what: str, exc: Exception) -> str:
    detail = getattr(exc, "strerror", None) or str(exc)
    return f"{what}: {detail}" if detail else what
