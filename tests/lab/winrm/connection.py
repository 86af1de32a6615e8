# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One TCP connection to a WinRM listener: HTTP in, logon, decryption, SOAP, and the way back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from spnego.exceptions import SpnegoError

from lab.winrm import http, sealed, soap
from lab.winrm.auth import Gate
from lab.winrm.fault import Fault
from lab.winrm.host import Exchange, Host, identity
from lab.winrm.interference import BareStatus, Drop, Interference
from lab.winrm.kerberos import KerberosError
from lab.winrm.reply import Reply

_SOAP_TYPE = ("Content-Type", "application/soap+xml;charset=UTF-8")


@dataclass(frozen=True)
class Latency:
    """Real time that the simulation takes: seconds for each request, and per simulated second of a command."""

    per_request: float = 0.0
    scale: float = 0.0


LATENCIES = {"none": Latency(), "wan": Latency(per_request=0.02, scale=1.0)}


class Connection:
    """Serves one connection until its end."""

    def __init__(
        self,
        host: Host,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        certificate: bytes | None,
        latency: Latency,
    ) -> None:
        self._host = host
        self._reader, self._writer = streams
        self._secure = certificate is not None
        self._latency = latency
        self._gate = Gate(host.settings, host.accounts, lambda: host.computer, certificate, host.door)
        peer = self._writer.get_extra_info("peername")
        self._client = peer[0] if peer else ""
        self.last_used = host.clock.now()

    def abort(self) -> None:
        """Close it now, without an answer."""
        self._writer.transport.abort()

    async def serve(self) -> None:
        """Answer request after request."""
        self._host.connections.add(self)
        raw = self._writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while await self._serve_one():
                pass
        except (ConnectionError, asyncio.TimeoutError):
            pass  # the other end is gone, or idle for too long
        finally:
            self._host.connections.discard(self)
            self._writer.close()
            with contextlib.suppress(ConnectionError, OSError):
                await self._writer.wait_closed()

    async def _serve_one(self) -> bool:
        """Read and answer one request; False at the end of the connection."""
        idle = self._host.settings.connection_idle_seconds
        try:
            request = await asyncio.wait_for(http.read_request(self._reader, self._writer), idle)
        except http.HttpError as exc:
            await self._write(http.Response(exc.status), keep_alive=False)
            return False
        if request is None:
            return False
        self.last_used = self._host.clock.now()
        if self._host.cut_if_restarted():
            return False
        interference = Interference(self._host.computer.faults, self._host.computer)
        try:
            response = await self._respond(request, interference)
        except Drop as drop:
            if drop.everyone:
                self._host.abort_connections()
            if drop.reset:
                self._forget()
            self.abort()
            return False
        if self._host.cut_if_restarted():
            return False
        if self._host.take_drop():
            self._host.abort_connections()
            return False
        if interference.truncate is not None:
            await self._write_cut(response, interference.truncate)
            return False
        await self._write(response, keep_alive=request.keep_alive)
        return request.keep_alive and not interference.close

    async def _write(self, response: http.Response, *, keep_alive: bool) -> None:
        self._writer.write(response.encode(keep_alive, self._host.computer.now()))
        await self._writer.drain()

    def _forget(self) -> None:
        """Let the end of the connection be a reset (RST) instead of an end in order."""
        raw = self._writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def _write_cut(self, response: http.Response, cut: Callable[[int], int]) -> None:
        """Send the head and the first bytes of the body, then nothing more."""
        whole, length = response.encode(date=self._host.computer.now()), len(response.body)
        self._writer.write(whole[: len(whole) - length + cut(length)])
        await self._writer.drain()

    async def _respond(self, request: http.Request, interference: Interference) -> http.Response:
        if self._latency.per_request:
            await asyncio.sleep(self._latency.per_request)
        refusal = self._check(request)
        if refusal is not None:
            self._host.requests["login" if refusal.status == 401 else "refused"] += 1
            return refusal
        if request.headers.get("wsmanidentify", "").lower() == "unauthenticated":
            self._host.requests["Identify"] += 1
            return _soap(200, soap.build("", identity("0.0.0"), ""))
        challenge = self._gate.admit(request.headers.get("authorization", ""))
        if challenge is not None:
            self._host.requests["login"] += 1
            if challenge.denied and self._host.settings.logon_refused == "fault":
                return _soap(500, soap.build_fault(Fault.denied(), self._host.computer.name, "", ""))
            return http.Response(401, [("WWW-Authenticate", v) for v in challenge.values])
        response = await self._admitted(request, interference)
        token = self._gate.take_last_token()
        if token is None:
            return response
        headers = [*response.headers, ("WWW-Authenticate", token)]
        return http.Response(response.status, headers, response.body)

    def _check(self, request: http.Request) -> http.Response | None:
        if request.target.partition("?")[0].rstrip("/").lower() != "/wsman":
            return http.Response(404)
        if request.method != "POST":
            return http.Response(405, [("Allow", "POST")])
        return None

    async def _admitted(self, request: http.Request, interference: Interference) -> http.Response:
        """Answer somebody who is logged on."""
        if not request.body:
            self._host.requests["login"] += 1
            return http.Response(200)
        protocol = sealed.protocol_of(request.headers)
        context = self._gate.context
        if protocol is None:
            if not (self._secure or self._host.settings.allow_unencrypted):
                self._host.requests["refused"] += 1
                return http.Response(500)  # no body: field reports of AllowUnencrypted=false
            return await self._soap(request.body, interference, encrypted=False)
        try:
            if context is None:
                raise sealed.SealedError("nobody who can seal is logged on")
            clear = sealed.unseal(context, request.body)
        except (sealed.SealedError, SpnegoError, KerberosError):
            self._host.requests["refused"] += 1
            return http.Response(400)
        response = await self._soap(clear, interference, encrypted=True)
        if not response.body or response.headers[:1] != [_SOAP_TYPE]:
            return response
        content_type, body = sealed.seal(context, response.body, protocol)
        return http.Response(response.status, [("Content-Type", content_type)], body)

    async def _soap(self, text: bytes, interference: Interference, *, encrypted: bool) -> http.Response:
        if len(text) > self._host.settings.max_envelope_kb * 1024:
            self._host.requests["refused"] += 1
            return http.Response(413)
        envelope, status, body = soap.Envelope(), 0, b""
        try:
            envelope = soap.parse(text)
            self._count(envelope)
            response = await self._answer(envelope, interference, text)
            status, body = response.status, response.body
        except BareStatus as bare:
            status, body = bare.code, bare.text.encode()
            response = http.Response(status, [("Content-Type", "text/plain")], body)
        except Fault as fault:
            response = self._fault(fault, envelope)
            status, body = response.status, response.body
        finally:
            clear = [part.decode(errors="replace") for part in (text, body)]
            exchange = Exchange(envelope.action, status, clear[0], clear[1], encrypted)
            self._host.transcript.append(exchange)
        return response

    def _count(self, envelope: soap.Envelope) -> None:
        name = envelope.action.rpartition("/")[2] or "Identify"
        self._host.requests[name] += 1

    async def _answer(self, envelope: soap.Envelope, interference: Interference, text: bytes) -> http.Response:
        caller = self._gate.caller
        assert caller is not None  # _respond let nobody else pass
        body = text.decode(errors="replace")
        line = self._host.shells.line_of(envelope)
        interference.at("http.request", action=envelope.action, body=body, line=line)
        reply = self._host.answer(envelope, caller, self._client, interference)
        if not self._host.computer.carried:
            raise Drop(everyone=True)  # the request stopped what its answer would travel on
        response = self._encode(reply, envelope)
        shown = response.body.decode(errors="replace")
        interference.at("http.response", action=envelope.action, body=shown, request=body, line=line)
        wait = interference.delay + reply.seconds * self._latency.scale
        if wait:
            await asyncio.sleep(wait)
        return response

    def _encode(self, reply: Reply, request: soap.Envelope) -> http.Response:
        if reply.fault is not None:
            return self._fault(reply.fault, request)
        return _soap(200, soap.build(reply.action, reply.body, request.message_id))

    def _fault(self, fault: Fault, request: soap.Envelope) -> http.Response:
        return _soap(500, soap.build_fault(fault, self._host.computer.name, request.message_id, request.to))


def _soap(status: int, body: bytes) -> http.Response:
    return http.Response(status, [_SOAP_TYPE], body)
