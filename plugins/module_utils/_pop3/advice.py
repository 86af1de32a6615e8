# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do next after each verdict, in a sentence or two."""

from __future__ import annotations

import typing as t

from . import texts, values
from .values import Judgement, Product, Request

_ADVICE = {
    values.LOGON_OK: "Users can log on. There is nothing to do.",
    values.PRIVILEGE_MISSING: (
        'Grant the account that the POP3 service runs under the right "Act as part of the operating system"'
        " (SeTcbPrivilege), then restart the service: a process keeps the rights it started with."
    ),
    values.CREDENTIALS_REJECTED: (
        "Check login_user and login_password. Do not repeat this often: it can lock the account."
    ),
    values.CLEARTEXT_REFUSED: "The server wants TLS before a logon: probe with tls=starttls or tls=implicit.",
    values.MAILBOX_UNAVAILABLE: (
        "Look at the mailbox: whether it is on this server, enabled, and not in use; where an alias is ambiguous,"
        " log on as Domain\\User\\Mailbox."
    ),
    values.TEMPORARY_FAILURE: "Probe again later; if it stays so, read the server's own log.",
    values.LISTENING: "A POP3 server answers; no logon was tried. Probe with login=credentials to try one.",
    values.NOT_POP3: "Something else has this port: check host and port, and what listens there.",
    values.NO_LISTENER: "Nothing listens there: check that the POP3 service is started, and its port.",
    values.UNREACHABLE: "Check the name, the address and the network between the two hosts.",
    values.TIMED_OUT: (
        "The server did not answer in time: check firewalls and the load of the server, or allow a longer timeout."
    ),
    values.TLS_FAILED: (
        "TLS was asked for and not obtained, so no password was sent: check the certificate, ca_path, and whether"
        " the server offers TLS in this way on this port."
    ),
    values.UNCLASSIFIED: (
        "This answer is not known, so nothing is concluded from it: read the reply and the transcript."
    ),
}
_REPEAT = " Do not repeat this often: it can lock the account."
# What a text tells beyond its verdict.
_CAUSES = {
    texts.LOGON_FAILURE: (
        "Exchange 2007 and later say this for a wrong name or password, and also where the password is right: where"
        " POP3 is disabled for the mailbox (Get-CASMailbox), or where the mailbox's server or its POP3 back end is not"
        " reached (service MSExchangePOP3BE, the proxy from the front end). Check login_user and login_password, then"
        " these." + _REPEAT
    ),
    texts.ACCOUNT: (
        "The server knows this account and does not take it: the reply says why (disabled, expired, locked, or its"
        " password has to be changed). Put the account in order in the directory." + _REPEAT
    ),
    texts.LOGON_TYPE: (
        "Windows does not let this user log on at that server in the way that POP3 does it: give the users the right"
        ' "Log on locally" (SeInteractiveLogonRight) there, and look for a right that denies it.'
    ),
    texts.NO_PASSWORDS: (
        "The server takes no passwords any more (basic authentication is switched off); clients have to use OAuth,"
        " which this probe does not."
    ),
    texts.APP_PASSWORD: (
        "The provider wants another password or a logon in its web page first: the reply says which. Check what it"
        " demands of mail programs." + _REPEAT
    ),
    texts.PROTOCOL_OFF: (
        "POP3 may be switched off for this mailbox or account: enable it there, then check login_user and"
        " login_password."
    ),
    texts.NOT_CONNECTED: (
        "The server accepted the user and the password, and did not reach the mailbox: check that POP3 is enabled for"
        " it (Get-CASMailbox), that its database is mounted, and the POP3 back end (service MSExchangePOP3BE) on its"
        " server."
    ),
    texts.BACK_END: (
        "What answers here stands in front of another server and did not reach it: check the server behind it, on"
        " Exchange 2013 and later its POP3 back end (service MSExchangePOP3BE), and the way there."
    ),
    texts.SERVER_ERROR: (
        "Exchange met an error of its own, temporary or not. Probe again later; if it stays so, switch the POP3"
        " protocol log on (Set-PopSettings -ProtocolLogEnabled) and read the error there."
    ),
    texts.DOMAIN_NOT_REACHED: (
        "The server did not reach a controller of the domain, or the domain does not trust it, so nobody judged the"
        " user and the password: check on the server its Netlogon service, the way to the domain controllers, and its"
        " membership (nltest /sc_verify). Then probe again."
    ),
    texts.NOT_ASCII: (
        "The server takes ASCII only, and login_user (or login_password) holds letters outside ASCII: use another name"
        " of this account, its address for instance."
    ),
    texts.ARGUMENTS: (
        "The server did not accept the form of the command: look for blanks, letters outside ASCII or an unusual form"
        " in login_user; Domain\\User, Domain\\User\\Mailbox and the address are the usual ones."
    ),
    texts.NOT_UNDERSTOOD: "The server did not know the command, so it is no POP3 server as the standard wants it.",
    texts.NO_CERTIFICATE: (
        "The server has no certificate for TLS: assign one to its POP3 service (Enable-ExchangeCertificate)."
    ),
    texts.SESSION_ENDED: "The server ended the session by itself: probe again; if it stays so, read its log.",
    texts.CLIENT_REFUSED: (
        "The server does not talk to this address: probe from another host, or allow this one in the server's settings."
    ),
}
# Where this is so, the verdict's own sentence says it better.
_OWN_SENTENCE = {texts.LOGON_FAILURE: values.AFFECTED_GENERATIONS}
_ACCEPTED = " The user and the password were accepted before (+OK to PASS): do not look for the fault there."
_SAID_OK = " The server said +OK to PASS before, which alone proves no working logon."
_NAME_HINT = (
    " login_user holds letters outside ASCII, which POP3 knows only where the server lists UTF8 USER (RFC 6856): try"
    " another name of this account, its address for instance."
)
_CACHE = (
    " Exchange 5.x keeps accepted logons in a cache for 15 minutes idle, 120 minutes at most (Q166620), which can hide"
    " a fault or its cure: probe again later, or with another account."
)
_CACHED = (values.LOGON_OK, values.PRIVILEGE_MISSING)
_CANARY_REJECTED = (
    "The account that cannot exist was rejected, as it should be. That proves nothing about the right: probe with"
    " login=credentials."
)
_CANARY_ACCEPTED = (
    "The server accepted an account that cannot exist, so it checks no logon: find out what answers there."
)
_NOT_COUNTED = (
    "The server accepted user and password, and its answer to STAT counts no messages: read the transcript, and try"
    " with a mail program."
)
_UNENCRYPTED_HINT = " A server that expects TLS at once stays silent like this: try tls=implicit."


def advise(
    judgement: Judgement, stage: str, product: Product, request: Request, capabilities: t.Sequence[str] = ()
) -> str:
    """Return what to do next."""
    verdict = judgement.verdict
    if request.login == values.LOGIN_CANARY:
        if verdict == values.CREDENTIALS_REJECTED:
            return _CANARY_REJECTED
        if verdict == values.LOGON_OK:
            return _CANARY_ACCEPTED
    text = _about(judgement, product)
    if product.affected and verdict in _CACHED:
        text += _CACHE
    if verdict == values.TIMED_OUT and stage == values.BANNER and request.tls == values.TLS_NONE:
        text += _UNENCRYPTED_HINT
    if stage == values.STAT and judgement.cause != texts.NOT_CONNECTED:
        text += _SAID_OK if verdict == values.UNCLASSIFIED else _ACCEPTED
    if _name_may_be_the_reason(judgement, request, capabilities):
        text += _NAME_HINT
    return text


def _about(judgement: Judgement, product: Product) -> str:
    """Return the sentence of the cause where there is one, else that of the verdict."""
    if judgement.verdict == values.LOGON_OK and judgement.confidence == values.INFERRED:
        return _NOT_COUNTED
    if product.generation in _OWN_SENTENCE.get(judgement.cause, ()):
        return _ADVICE[judgement.verdict]
    return _CAUSES.get(judgement.cause) or _ADVICE[judgement.verdict]


def _name_may_be_the_reason(judgement: Judgement, request: Request, capabilities: t.Sequence[str]) -> bool:
    """Whether a name outside ASCII was sent to a server that does not promise to take it."""
    if (
        judgement.verdict not in (values.CREDENTIALS_REJECTED, values.UNCLASSIFIED)
        or judgement.cause == texts.NOT_ASCII
    ):
        return False
    promised = any(line.upper().split()[:1] == ["UTF8"] and "USER" in line.upper().split() for line in capabilities)
    return not request.user.isascii() and not promised
