# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What other POP3 servers, gateways and proxies say after -ERR: whatever stands in front of Exchange, or in its place.

Each row names the public repository and file that has the text, or the transcript. No banner makes them exact, but for
the two servers that the integration tests start. What they have in common is in ``texts_common``.
"""

from __future__ import annotations

from . import texts as t
from . import values
from .texts import Known

_REJECTED = values.CREDENTIALS_REJECTED
_CLEARTEXT = values.CLEARTEXT_REFUSED
_MAILBOX = values.MAILBOX_UNAVAILABLE
_LATER = values.TEMPORARY_FAILURE

_DOVECOT = "dovecot/core src/login-common/login-common.h"
_DOVECOT_AUTH = "dovecot/core src/login-common/client-common-auth.c"
_COURIER = "svarshavchik/courier-libs imap/pop3login.C"
_CYRUS = "cyrusimap/cyrus-imapd imap/pop3d.c"
_HMAIL = "hmailserver/hmailserver source/Server/POP3/POP3Connection.cpp"
_ZIMBRA = "Zimbra/zm-mailbox store/src/java/com/zimbra/cs/pop3/Pop3Handler.java"
_GROMOX = "gromox (grommunio) pop3 resource.cpp"
_DAVMAIL = "mguessan/davmail src/java/davmailmessages.properties"
_PERDITION = "horms/perdition perdition/perdition.c"

DOVECOT = (
    # "Plaintext" up to 2.3, "Cleartext" since 2.4.
    *Known(_CLEARTEXT, _DOVECOT, speakers=("dovecot",), in_clear=True).of(
        "Cleartext authentication disallowed on non-secure (SSL/TLS) connections."
    ),
    *Known(_CLEARTEXT, _DOVECOT_AUTH, in_clear=True).of(
        "Authentication disallowed on non-secure (SSL/TLS) connections."
    ),
    *Known(_REJECTED, _DOVECOT).of("Authentication failed."),
    *Known(_REJECTED, _DOVECOT_AUTH).of("Authorization failed"),
    *Known(_REJECTED, _DOVECOT_AUTH, cause=t.ACCOUNT).of("Login disabled for this user"),
    *Known(_LATER, _DOVECOT, stages=t.ANYWHERE).of("Temporary authentication failure."),
    *Known(_LATER, "dovecot/core src/login-common/login-proxy.h", stages=t.ANYWHERE).of(
        "Account is temporarily unavailable."
    ),
    *Known(_LATER, "dovecot/core src/login-common/sasl-proxy.c", stages=t.ANYWHERE).of(
        "Maximum number of connections from user+IP exceeded*"
    ),
    *Known(
        _LATER, "dovecot/core src/lib-storage/mail-error.h, src/login-common/client-common-auth.c", stages=t.ANYWHERE
    ).of(
        "Internal error occurred. Refer to server log for more information.",
        "Internal login failure. Refer to server log for more information.",
    ),
    *Known(_LATER, "dovecot/core src/lib-master/master-service.h", stages=t.ANYWHERE).of("Server shutting down"),
)

UNIX = (
    *Known(_REJECTED, _COURIER).of("Login failed."),
    *Known(_CLEARTEXT, _COURIER, in_clear=True).of("TLS required to log in."),
    *Known(_LATER, _COURIER, stages=t.ANYWHERE).of("Temporary problem, please try again later"),
    *Known(_REJECTED, _CYRUS).of("Invalid login", "Invalid user", "authentication failure"),
    *Known(_CLEARTEXT, _CYRUS, in_clear=True).of("USER command only available under a layer"),
    *Known(_LATER, _CYRUS, stages=t.ANYWHERE).of("Too many open connections*"),
    *Known(_LATER, _CYRUS).of("Logins must be at least *"),
    *Known(_MAILBOX, _CYRUS, stages=t.MAILDROP).of(
        "Unable to open maildrop: *", "Unable to lock maildrop: *", "Maildrop has been (re)moved"
    ),
    *Known(_MAILBOX, _CYRUS, cause=t.BACK_END, stages=t.MAILDROP).of("Authentication to backend server failed"),
    *Known(_REJECTED, "uw-imap/imap src/ipopd/ipop3d.c, Orc/vm-pop3d-cc vm-pop3d.h, mailutils pop3d/cmd.c").of(
        "Bad login"
    ),
    *Known(_REJECTED, "uw-imap, older ipop3d.c").of("Too many login failures"),
    *Known(_MAILBOX, "uw-imap/imap src/ipopd/ipop3d.c", stages=t.MAILDROP).of(
        "Unable to open user's INBOX", "Can't get lock. Mailbox in use"
    ),
    *Known(_MAILBOX, "Orc/vm-pop3d-cc vm-pop3d.h", stages=t.MAILDROP).of("Mailbox in use", "Unable to lock mailbox"),
    *Known(_LATER, "uw-imap/imap ipop3d.c, hmailserver, Orc/vm-pop3d-cc extra.c, dovecot/core", stages=t.ANYWHERE).of(
        "Autologout", "Autologout; idle too long", "Session timed out", "Disconnected for inactivity."
    ),
    *Known(_LATER, "Orc/vm-pop3d-cc extra.c", stages=t.ANYWHERE).of("Out of memory, quitting", "Quitting on signal"),
    *Known(
        _CLEARTEXT,
        "Distrotech/mailutils pop3d/cmd.c",
        speakers=("mailutils",),
        stages=(values.USER,),
        in_clear=True,
        elsewhere=False,
    ).of("Incorrect state"),
    *Known(_REJECTED, "Qpopper 4.0.5 (transcript in VMime's POP3 client)").of(
        'Password supplied for "*" is incorrect.'
    ),
    *Known(_MAILBOX, "Qpopper pop_dropcopy.c", stages=t.MAILDROP).of(
        "* lock busy! Is another session active?", "Maildrop lock busy! Is another session active?"
    ),
    *Known(_REJECTED, "qmail's qmail-popup (transcript in scapy's documentation)").of("authorization failed"),
    *Known(_REJECTED, "Tblue/solid-pop3d src/main.c").of("authentication failed", "unknown username"),
    *Known(_MAILBOX, "Tblue/solid-pop3d src/mailbox.c", stages=t.MAILDROP).of(
        "can't open mailbox file", "can't lock mailbox file"
    ),
    *Known(_MAILBOX, "Tblue/solid-pop3d src/maildir.c", stages=t.MAILDROP).of("can't open maildir"),
    *Known(_REJECTED, "colinmkeith/tpop3d pop3.c").of(
        "Lies! Try again!", "Too many authentication attempts.", "This is ridiculous. I give up."
    ),
    *Known(_LATER, "colinmkeith/tpop3d netloop.c", stages=t.ANYWHERE).of(
        "Sorry, I'm too busy right now", "Something bad happened, and I just can't go on. Sorry."
    ),
    *Known(_MAILBOX, "colinmkeith/tpop3d netloop.c", stages=t.MAILDROP).of(
        "Unable to open mailbox; it may be locked by another concurrent session."
    ),
    *Known(_REJECTED, "Citadel's serv_pop3.c").of("That is NOT the password.", "That is NOT the password! Go away!"),
    *Known(_MAILBOX, "Citadel's serv_pop3.c", stages=t.MAILDROP).of("Can't open your mailbox"),
    *Known(_REJECTED, "dbmail/dbmail src/pop3.c").of("username/password incorrect"),
    *Known(_CLEARTEXT, "dbmail/dbmail src/pop3.c", in_clear=True).of("try STLS"),
)

SUITES = (
    *Known(_REJECTED, _HMAIL).of(
        "Invalid user name or password. Too many invalid logon attempts.",
        "Invalid user name or password. Please use full email address as user name.",
    ),
    *Known(_CLEARTEXT, _HMAIL, in_clear=True).of("A SSL/TLS-connection is required for authentication."),
    *Known(_MAILBOX, _HMAIL, stages=t.MAILDROP).of("Your mailbox is already locked", "Unable to access mailbox."),
    *Known(_REJECTED, _ZIMBRA).of("LOGIN failed"),
    *Known(_REJECTED, _ZIMBRA, cause=t.ACCOUNT).of("your password has expired"),
    *Known(_MAILBOX, _ZIMBRA, cause=t.PROTOCOL_OFF, stages=t.MAILDROP).of("pop access not enabled for account"),
    # Their own spelling.
    *Known(_LATER, _ZIMBRA, stages=t.ANYWHERE).of(
        "your account is having maintenance peformed. please try again later", "Temporarily unavailable"
    ),
    *Known(_CLEARTEXT, _ZIMBRA, in_clear=True).of("only valid after entering TLS mode"),
    *Known(_MAILBOX, "apache/james-project protocols/pop3 and server/protocols/protocols-pop3", stages=t.MAILDROP).of(
        "Unexpected error accessing mailbox"
    ),
    *Known(_CLEARTEXT, "stalwartlabs/stalwart crates/pop3/src/client.rs", in_clear=True).of(
        "Cannot authenticate over plain-text."
    ),
    *Known(_LATER, "stalwartlabs/stalwart crates/pop3/src/session.rs", stages=t.ANYWHERE).of("Connection timed out."),
    *Known(_REJECTED, _GROMOX).of(
        "Wrong username or password, or administratively blocked", "access denied by user filter for *"
    ),
    *Known(_LATER, _GROMOX, stages=t.ANYWHERE).of(
        "too many failures, user will be blocked for a while",
        "* pop service unavailable",
        "error internal",
        "midb read/write error",
    ),
    *Known(_MAILBOX, _GROMOX, stages=t.MAILDROP).of(
        "cannot get mailbox location from database", "failed to open/read inbox index"
    ),
    *Known(values.UNCLASSIFIED, _GROMOX, cause=t.CLIENT_REFUSED, stages=t.ANYWHERE).of(
        "access denied by ipaddr filter for *"
    ),
    *Known(_REJECTED, "MailEnable (an audit script of OpenVAS), Coremail at pop.163.com (transcripts)").of(
        "Unable to log on"
    ),
    *Known(_REJECTED, "Mercury/32 (transcripts)").of("Username or password is invalid or incorrect."),
    *Known(_REJECTED, "XMail POP3Svr.cpp").of("Invalid auth or access denied"),
    *Known(_LATER, "CommuniGate Pro (nmap-service-probes)", stages=t.ANYWHERE).of(
        "access from your network is temporarily disabled"
    ),
    *Known(
        values.UNCLASSIFIED,
        "CommuniGate Pro, Classic Hamster (nmap-service-probes)",
        stages=(values.BANNER,),
        cause=t.CLIENT_REFUSED,
    ).of("access from your network is denied", "Permission denied - closing connection."),
)

PROVIDERS = (
    *Known(_REJECTED, "Gmail (transcripts), nodemailer/wildduck lib/pop3/connection.js").of(
        "Username and password not accepted."
    ),
    *Known(_REJECTED, "Gmail (transcripts)", cause=t.APP_PASSWORD).of("Application-specific password required*"),
    *Known(_REJECTED, "Gmail (transcripts)", cause=t.APP_PASSWORD).of("Web login required*"),
    *Known(_LATER, "Gmail (transcripts, Google's page on POP errors)", stages=t.ANYWHERE).of(
        "Account exceeded pop command or bandwidth limits*",
        "Temporary system problem. Please try again later.",
        "Exceeded the login limit*",
    ),
    *Known(_MAILBOX, "Gmail (transcripts)", cause=t.PROTOCOL_OFF, stages=t.MAILDROP).of(
        "Your account is not enabled for POP*", "POP access is disabled for your domain."
    ),
    *Known(_REJECTED, "Yandex (transcript of 2012)", cause=t.PROTOCOL_OFF).of(
        "login failure or POP3 disabled, try later*", "login failure or POP3 disabled"
    ),
)

PROXIES = (
    # nginx with ``starttls only`` knows no USER before STLS.
    *Known(
        _CLEARTEXT,
        "nginx/nginx src/mail/ngx_mail_pop3_handler.c; cyrus: Unrecognized command; courier: Invalid command.",
        in_clear=True,
        no_user_yet=True,
        stages=(values.USER,),
    ).of("invalid command", "Unrecognized command", "unknown command"),
    *Known(_LATER, "nginx/nginx src/mail/ngx_mail_pop3_module.c", stages=t.ANYWHERE).of("internal server error"),
    *Known(_LATER, "nginx.org, ngx_mail_auth_http_module", stages=t.ANYWHERE).of(
        "Temporary server problem, try again later"
    ),
    *Known(_REJECTED, "horms/perdition perdition/pop3_in.c, perdition/perdition.c").of(
        "Authentication failure, mate", "failed: Re-Authentication Failure", "Re-Authentication Failure"
    ),
    *Known(_CLEARTEXT, "horms/perdition perdition/pop3_in.c", in_clear=True).of("Mate, try: STLS"),
    *Known(_LATER, _PERDITION, cause=t.BACK_END, stages=t.ANYWHERE).of(
        "failed: Could not connect to server",
        "Could not connect to server",
        "failed: Connection Negotiation Failure",
        "Connection Negotiation Failure",
    ),
    # DavMail speaks POP3 in front of Exchange's web access.
    *Known(_REJECTED, _DAVMAIL).of(
        "Authentication failed: invalid user or password",
        "Authentication failed: invalid user or password, retry with domain\\user or use default domain setting",
    ),
    *Known(_REJECTED, _DAVMAIL, cause=t.ACCOUNT).of("Authentication failed: password expired ?"),
    *Known(_LATER, _DAVMAIL, cause=t.BACK_END, stages=t.ANYWHERE).of(
        "All network interfaces down or host unreachable !", "Unable to connect to OWA at *"
    ),
    *Known(
        _LATER, "POPFile Proxy/POP3.pm; AVG and Avast (nmap-service-probes)", cause=t.BACK_END, stages=t.ANYWHERE
    ).of(
        "failed to connect to *",
        "AVG POP3 Proxy Server: Cannot connect to the mail server!",
        "Cannot connect to POP server *",
    ),
    *Known(values.UNCLASSIFIED, "PGP Universal (nmap-service-probes)", cause=t.BACK_END, stages=t.ANYWHERE).of(
        "PGP Universal no pop3 service here"
    ),
)
