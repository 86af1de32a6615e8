# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Exchange says after -ERR, each row with its source.

Q… are articles of Microsoft's Knowledge Base. "Pop3 15.0" are the strings of Microsoft.Exchange.Pop3 of Exchange 2013
(Pop3ResponseFactory, Pop3Server), as public repositories show them. "system error" is the text that Windows NT and 2000
have for a code: Exchange 5.x prints the text of the code that LogonUser ends with (Q171435: 1314, Q298944: 1326).
"""

from __future__ import annotations

from . import texts as t
from . import values
from .texts import Known

_FIVE = values.AFFECTED_GENERATIONS
_MODERN = ("2007+",)
_EVERY = ("5.0", "5.5", "2000", "2003", "2007+", values.EXCHANGE)
_SYSTEM = "system error"
_NO_ACCOUNT = "have a computer account for this workstation trust relationship."
_POP3 = "Pop3 15.0"

EXCHANGE = (
    *Known(values.PRIVILEGE_MISSING, "Q171435 (5.0), Q189732 (5.5)", speakers=_FIVE, stages=(values.PASS,)).of(
        "A required privilege is not held by the client."
    ),
    # On 5.x the text of LogonUser's code. From 2007 on also what is said where the password is right and the mailbox or
    # the back end is not reached: TryToConnect failed, whatever the reason.
    *Known(
        values.CREDENTIALS_REJECTED,
        "Q298944 (5.5), system error 1326; Pop3 15.0, DoConnect",
        speakers=_FIVE,
        cause=t.LOGON_FAILURE,
    ).of("Logon failure: unknown user name or bad password."),
    *Known(
        values.CREDENTIALS_REJECTED,
        "Pop3 15.0, AuthenticationFailureString; Microsoft's page on OAuth for POP",
        cause=t.LOGON_FAILURE,
    ).of("Authentication failure: unknown user name or bad password."),
    *Known(
        values.MAILBOX_UNAVAILABLE,
        "Exchange 2013's own probes; form: PopImap.Core 15.0, GetAuthError",
        cause=t.BACK_END,
    ).of(
        'Logon failure: unknown user name or bad password. [Error="Failed to connect*',
        'Authentication failure: unknown user name or bad password. [Error="Failed to connect*',
    ),
    # What else LogonUser ends with.
    *(
        row
        for code, text in (
            (1327, "Logon failure: user account restriction."),
            (1328, "Logon failure: account logon time restriction violation."),
            (1329, "Logon failure: user not allowed to log on to this computer."),
            (1330, "Logon failure: the specified account password has expired."),
            (1331, "Logon failure: account currently disabled."),
            (1793, "The user's account has expired."),
            (1907, "The user must change his password before he logs on the first time."),
            (1907, "The user's password must be changed before logging on the first time."),
            (1909, "The referenced account is currently locked out and may not be logged on to."),
        )
        for row in Known(values.CREDENTIALS_REJECTED, f"{_SYSTEM} {code}", cause=t.ACCOUNT).of(text)
    ),
    *Known(values.CREDENTIALS_REJECTED, f"{_SYSTEM} 1385", cause=t.LOGON_TYPE).of(
        "Logon failure: the user has not been granted the requested logon type at this computer."
    ),
    # The server cannot ask its domain: the user and the password were judged by nobody.
    *(
        row
        for code, text in (
            (1311, "There are currently no logon servers available to service the logon request."),
            (1355, "The specified domain did not exist."),
            (1355, "The specified domain either does not exist or could not be contacted."),
            (1722, "The RPC server is unavailable."),
            (1786, "The workstation does not have a trust secret."),
            (1787, f"The security database on the server does not {_NO_ACCOUNT}"),
            (1787, f"The SAM database on the Windows NT Server does not {_NO_ACCOUNT}"),
            (1788, "The trust relationship between the primary domain and the trusted domain failed."),
            (1789, "The trust relationship between this workstation and the primary domain failed."),
            (1792, "An attempt was made to logon, but the network logon service was not started."),
            (1908, "Could not find the domain controller for this domain."),
        )
        for row in Known(
            values.TEMPORARY_FAILURE, f"{_SYSTEM} {code}", stages=t.ANYWHERE, cause=t.DOMAIN_NOT_REACHED
        ).of(text)
    ),
    *Known(
        values.CLEARTEXT_REFUSED,
        "outlook.office365.com, port 110, a valid user (captures/pop3/42); Pop3 15.0; nodemailer/wildduck",
        speakers=_MODERN,
        in_clear=True,
    ).of("Command is not valid in this state."),
    *Known(
        values.MAILBOX_UNAVAILABLE,
        "Pop3 15.0, ProcessInvalidState: accepted, but no connection to the mailbox",
        speakers=_MODERN,
        stages=t.MAILDROP,
        cause=t.NOT_CONNECTED,
    ).of("User is authenticated but not connected."),
    *Known(values.MAILBOX_UNAVAILABLE, "Q198143 (5.5)", speakers=_EVERY, stages=t.MAILDROP).of(
        "The requested mailbox is not available on this server."
    ),
    *Known(
        values.MAILBOX_UNAVAILABLE,
        "public transcripts of 5.5 to 2003",
        speakers=_EVERY,
        stages=t.MAILDROP,
        elsewhere=False,
    ).of("The requested item could not be found."),
    *Known(values.MAILBOX_UNAVAILABLE, "Q181917 (5.x)", speakers=_FIVE, elsewhere=False).of("Ambiguous alias"),
    # Any error of its own, temporary or not; the number is always the same.
    *Known(
        values.TEMPORARY_FAILURE,
        "Pop3 15.0, ProcessException; jaapwesselius.com, March 2012",
        stages=t.ANYWHERE,
        cause=t.SERVER_ERROR,
    ).of("Server Unavailable."),
    # 10 and 12: too slow; 11: the service stops; 22: the connection to the mailbox failed.
    *Known(values.TEMPORARY_FAILURE, _POP3, stages=t.ANYWHERE).of(
        "Connection is closed. 10", "Connection is closed. 11", "Connection is closed. 12", "Connection is closed. 22"
    ),
    *Known(values.TEMPORARY_FAILURE, f"{_POP3}, MaxConnectionsError", stages=t.ANYWHERE).of("BYE Connection refused"),
    *Known(values.UNCLASSIFIED, f"{_POP3}, NoSslCertificateError", stages=t.ANYWHERE, cause=t.NO_CERTIFICATE).of(
        "Connection is closed. 13"
    ),
    # Too many errors before this one.
    *Known(values.UNCLASSIFIED, _POP3, stages=t.ANYWHERE, cause=t.SESSION_ENDED).of("Connection is closed. 21"),
    *Known(values.UNCLASSIFIED, f"{_POP3}, AccountInvalidatedString", stages=t.ANYWHERE, cause=t.SESSION_ENDED).of(
        "Session invalidated - *"
    ),
    # 14 answers an argument that cannot be, AUTH with SPA or NTLM among them (captures/pop3/42); 16 a wrong number of
    # arguments; 17 bytes that are not ASCII; 19 a command that it does not know.
    *Known(values.UNCLASSIFIED, _POP3, stages=t.ANYWHERE, cause=t.NOT_ASCII).of("Protocol error. 17"),
    *Known(values.UNCLASSIFIED, _POP3, cause=t.ARGUMENTS).of("Protocol error. 14", "Protocol error. 16"),
    *Known(values.UNCLASSIFIED, f"{_POP3}, CommandTooLong", cause=t.ARGUMENTS).of(
        "Protocol error. Connection is closed. 10"
    ),
    *Known(values.UNCLASSIFIED, _POP3, stages=t.ANYWHERE, cause=t.NOT_UNDERSTOOD).of("Protocol error. 19"),
    *Known(
        values.CREDENTIALS_REJECTED,
        "Outlook.com (SuperMonster003/AutoJs6-Plugin-Angus-Mail, its provider matrix)",
        cause=t.NO_PASSWORDS,
    ).of("Basic authentication is disabled."),
    # Seen from 2003 to 2013 without a reason; elsewhere it is a wording like others.
    *Known(values.UNCLASSIFIED, "public transcripts of 2003 to 2013", speakers=_EVERY, elsewhere=False).of(
        "LOGIN FAILURE", "Unspecified error"
    ),
)
