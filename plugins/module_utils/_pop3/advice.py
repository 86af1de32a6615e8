# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do next after each verdict, in a sentence or two.

This module util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import (
    Judgement,
    Product,
    Request,
)

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
_UNENCRYPTED_HINT = " A server that expects TLS at once stays silent like this: try tls=implicit."


def advise(judgement: Judgement, stage: str, product: Product, request: Request) -> str:
    """Return what to do next."""
    verdict = judgement.verdict
    if request.login == values.LOGIN_CANARY:
        if verdict == values.CREDENTIALS_REJECTED:
            return _CANARY_REJECTED
        if verdict == values.LOGON_OK:
            return _CANARY_ACCEPTED
    text = _ADVICE[verdict]
    if product.affected and verdict in _CACHED:
        text += _CACHE
    if verdict == values.TIMED_OUT and stage == values.BANNER and request.tls == values.TLS_NONE:
        text += _UNENCRYPTED_HINT
    return text
