# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the POP3 server of each Exchange generation answers; no sockets here.

Whole dialogues: tests/captures/pop3, 39 (Exchange Online, 2016), 40 (2003), 41 (2000); refusals of Exchange Online: 42.
The articles for 5.x, and the numbers behind the errors of 2013: docs/sources.md S9.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.state.services import RUNNING
from lab.windows.messages import message

if TYPE_CHECKING:
    from lab.state.exchange import Generation
    from lab.state.services import Service
    from lab.windows.computer import Computer

BAD_LOGON = "Logon failure: unknown user name or bad password."
NO_MAILBOX = "The requested mailbox is not available on this server."
NOT_CONNECTED = "User is authenticated but not connected."
CLOSING = "Connection is closed. 21"
# From the third on an error ends the session of 2007 and later.
ERRORS_ALLOWED = 2
CAPABILITIES_2003 = ("TOP", "USER", "PIPELINING", "EXPIRE NEVER", "UIDL")  # capture 40
CACHE_AGE = dt.timedelta(minutes=120)  # Q166620
CACHE_IDLE = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Answer:
    """One reply (without its line end) and what happens then."""

    text: str
    close: bool = False
    start_tls: bool = False


def service_of(computer: Computer) -> Service | None:
    """The service that hosts POP3; None on a computer without Exchange."""
    generation = computer.machine.generation
    return computer.machine.services.get(generation.pop3_service) if generation else None


def listening(computer: Computer) -> bool:
    """Whether port 110 is open: its service runs."""
    service = service_of(computer)
    return service is not None and service.state == RUNNING


class Dialogue:
    """One connection's state: USER given, logged on, TLS."""

    def __init__(self, computer: Computer, *, tls: bool, can_start_tls: bool) -> None:
        generation = computer.machine.generation
        if generation is None:
            raise ValueError(f"{computer.name} has no Exchange")
        self._computer = computer
        self._generation: Generation = generation
        self._can_start_tls = can_start_tls and generation.modern
        self.tls = tls
        self._user = ""
        self._logged_on = False
        # 2007 and later: the password was right, and the mailbox is not reached.
        self._not_connected = False
        self._errors = 0
        self._expects_sasl = False

    def banner(self) -> str:
        """The greeting."""
        return self._generation.banner.format(host=self._computer.machine.fqdn)

    def answer(self, line: str) -> Answer:
        """The reply to one line of the client."""
        if self._expects_sasl:
            self._expects_sasl = False
            return self._sasl(line)
        verb, dummy, rest = line.partition(" ")
        if self._generation.modern and verb.upper() != "PASS" and not line.isascii():
            return self.refuse("Protocol error. 17")
        handlers = {
            "USER": self._take_user,
            "PASS": self._password,
            "CAPA": self._capabilities,
            "STLS": self._start_tls,
            "AUTH": self._auth,
            "QUIT": self._quit,
            "NOOP": self._in_mailbox,
            "STAT": self._in_mailbox,
            "LIST": self._in_mailbox,
            "UIDL": self._in_mailbox,
            "RSET": self._in_mailbox,
        }
        handler = handlers.get(verb.upper())
        if handler is None:
            return self._unknown()
        return handler(rest if verb.upper() in ("USER", "PASS", "AUTH") else verb.upper())

    def refuse(self, text: str) -> Answer:
        """An error; from 2007 on the third one ends the session."""
        self._errors += 1
        if self._generation.modern and self._errors > ERRORS_ALLOWED:
            return Answer(f"-ERR {text}\r\n{CLOSING}", close=True)
        return Answer(f"-ERR {text}")

    def too_long(self) -> Answer:
        """The answer to a line beyond every limit."""
        text = "Protocol error. Connection is closed. 10" if self._generation.modern else "Command is not valid."
        return Answer(f"-ERR {text}", close=True)

    def _unknown(self) -> Answer:
        return self.refuse("Protocol error. 19" if self._generation.modern else "Command is not valid.")

    def _invalid_state(self) -> Answer:
        return self.refuse(NOT_CONNECTED if self._not_connected else "Command is not valid in this state.")

    def _clear_text_refused(self) -> bool:
        machine = self._computer.machine
        return self._generation.modern and not self.tls and not machine.plain_text_login

    def _take_user(self, name: str) -> Answer:
        if self._logged_on:
            return self._invalid_state()
        at_user = self._computer.worlds["pop3_cleartext_at"] == "user"
        if self._clear_text_refused() and at_user:
            return self._invalid_state()
        self._user = name.strip()
        return Answer("+OK")

    def _password(self, password: str) -> Answer:
        if not self._user or self._logged_on or self._clear_text_refused():
            return self._invalid_state()
        return self._log_on(self._user, password)

    def _log_on(self, user: str, password: str) -> Answer:
        refusal = logon_refusal(self._computer, user, password)
        self._not_connected = self._generation.modern and refusal == NO_MAILBOX
        told_later = self._not_connected and self._computer.worlds["pop3_not_connected"] == "later"
        if refusal is None or told_later:
            self._logged_on = not told_later
            return Answer("+OK User successfully logged on" + self._full_stop())
        self._user = ""
        if self._not_connected:
            refusal = BAD_LOGON
        if refusal == BAD_LOGON and self._computer.worlds["pop3_second_line"] == "yes":
            return Answer(f"-ERR {refusal}\r\n{CLOSING}", close=True)
        return Answer(f"-ERR {refusal}")

    def _capabilities(self, dummy: str) -> Answer:
        if self._generation.key == "2003":
            return Answer("\r\n".join(["+OK Capability list follows", *CAPABILITIES_2003, "."]))
        if not self._generation.modern:
            return self._unknown()
        names = ["TOP", "UIDL"]
        if not self._clear_text_refused():
            names += ["SASL PLAIN", "USER"]
        if self._can_start_tls and not self.tls:
            names.append("STLS")
        return Answer("\r\n".join(["+OK", *names, "."]))

    def _start_tls(self, dummy: str) -> Answer:
        if not self._can_start_tls:
            return self._unknown()
        if self.tls or self._logged_on:
            return self._invalid_state()
        self._user = ""
        return Answer("+OK Begin TLS negotiation.", start_tls=True)

    def _auth(self, rest: str) -> Answer:
        mechanism, dummy, initial = rest.partition(" ")
        if self._logged_on:
            return self._invalid_state()
        if self._generation.modern and mechanism.upper() != "PLAIN":
            return self.refuse("Protocol error. 14")  # capture 42
        if mechanism.upper() == "NTLM":
            return self.refuse("The NTLM Authentication package has been disabled for this protocol.")  # Q191558
        if not self._generation.modern:
            return self._unknown()
        if self._clear_text_refused():
            return self._invalid_state()
        if initial:
            return self._sasl(initial)
        self._expects_sasl = True
        return Answer("+ ")

    def _sasl(self, text: str) -> Answer:
        try:
            parts = base64.b64decode(text, validate=True).decode().split("\0")
        except (binascii.Error, UnicodeDecodeError):
            parts = []
        if len(parts) != 3:
            return self.refuse("The AUTH protocol exchange was canceled by the client.")
        return self._log_on(parts[1], parts[2])

    def _in_mailbox(self, verb: str) -> Answer:
        if not self._logged_on:
            return self._invalid_state()
        texts = {"STAT": "+OK 0 0", "LIST": "+OK 0 0\r\n.", "UIDL": "+OK\r\n."}
        return Answer(texts.get(verb, "+OK"))

    def _quit(self, dummy: str) -> Answer:
        if self._generation.modern:
            year = " 2016" if self._generation.key == "2016" else ""  # capture 39
            return Answer(f"+OK Microsoft Exchange Server{year} POP3 server signing off.", close=True)
        # The greeting without the host (captures 40, 41), for which 5.x has no room.
        name = self.banner().removeprefix("+OK ").split(" ready")[0].split(" (")[0]
        return Answer(f"+OK {name} signing off{self._full_stop()}", close=True)

    def _full_stop(self) -> str:
        """Captures 39 to 41 have it at the end of a sentence; of 5.x there is no capture, and Q171435 has none."""
        return "." if self._generation.modern or self._generation.key in ("2000", "2003") else ""


def logon_refusal(computer: Computer, user: str, password: str) -> str | None:
    """Why a logon fails, in the server's words; None when it succeeds. Writes 5.x's events.

    On 5.x the process needs SeTcbPrivilege before any password is looked at: LogonUser fails with 1314.
    """
    machine, generation = computer.machine, computer.machine.generation
    service = service_of(computer)
    process = service.process if service else None
    if generation is None or process is None:
        return "Unspecified error"
    cached = generation.needs_tcb and _cached(computer, process.pid, user, password)
    if generation.needs_tcb and not cached and "SeTcbPrivilege" not in process.privileges:
        text = message(1314, machine.language)
        _write_failure(computer, 11202, "audit_failure", text)
        return text
    refusal = None if cached else _check(computer, user, password)
    if refusal == BAD_LOGON and generation.key == "5.5":
        _write_failure(computer, 13003, "error", BAD_LOGON)
    elif refusal == BAD_LOGON and generation.needs_tcb:
        _write_failure(computer, 11202, "audit_failure", BAD_LOGON)
    if refusal is None and generation.needs_tcb:
        _remember(computer, process.pid, user, password)
    return refusal


def _write_failure(computer: Computer, number: int, kind: str, error: str) -> None:
    texts = {
        11202: f"Logon attempt from  to  has failed: HrLookupCredentials() call failed with error: {error}",
        13003: f"POP3 logon failure. {error}",
    }
    computer.machine.events.write("MSExchangePOP3", number, kind, ("", "", error), texts[number])


def _check(computer: Computer, user: str, password: str) -> str | None:
    r"""Domain\\User\\Mailbox, domain/user/mailbox, DOMAIN\\user, a UPN or a user name alone."""
    machine = computer.machine
    parts = user.replace("/", "\\").split("\\")
    domain = machine.domain
    name = parts[0] if len(parts) == 1 else parts[1]
    local = len(parts) > 1 and parts[0].casefold() == machine.name.casefold()
    authority = machine.local if local or domain is None else domain
    if len(parts) > 1 and not local and (domain is None or parts[0].casefold() not in _spellings(computer)):
        return BAD_LOGON
    account = authority.by_upn(name) if "@" in name else authority.by_name(name)
    if account is None or not account.enabled or not account.password or account.password != password:
        return BAD_LOGON
    wanted = parts[2] if len(parts) > 2 else account.name
    return None if wanted.casefold() in {m.casefold() for m in machine.mailboxes} else NO_MAILBOX


def _spellings(computer: Computer) -> set[str]:
    domain = computer.machine.domain
    return {domain.netbios.casefold(), domain.dns.casefold()} if domain else set()


def _cached(computer: Computer, pid: int, user: str, password: str) -> bool:
    if computer.worlds["pop3_credential_cache"] == "off":
        return False
    times = computer.pop3_cache.get((pid, user, password))
    now = computer.machine.clock.now()
    if times is None or now - times[0] > CACHE_AGE or now - times[1] > CACHE_IDLE:
        return False
    computer.pop3_cache[pid, user, password] = (times[0], now)
    return True


def _remember(computer: Computer, pid: int, user: str, password: str) -> None:
    now = computer.machine.clock.now()
    computer.pop3_cache.setdefault((pid, user, password), (now, now))
