# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What any POP3 server may say after -ERR: the examples of the standard, and the wordings that many servers share.

Nobody lists all servers, and "Incorrect login or password." cannot mean another thing than "Invalid user name or
password.": such wordings are written as shapes. A shape is matched by a whole text, as a row is. Members that were
seen, by shape:

- wrong credentials: "unknown user name or bad password" (system error 1326), "Invalid login or password" (nginx.org),
  "Invalid user name or password." (hMailServer), "username/password incorrect" (dbmail), "Bad login" (UW), "No such
  user." (Citadel), "LOGIN failed, invalid user name or password !" (a public server in C#)
- clear text: "STLS is required." (hMailServer), "must issue a STLS command first" (gromox), "Authentication requires
  TLS." (James), "TLS required to log in." (Courier)
- temporary: "internal server error" (nginx), "Server Busy. Max Connection Reached" (QuickServer)
- mailbox: "Your mailbox is already locked" (hMailServer), "Unable to lock mailbox" (vm-pop3d)
"""

from __future__ import annotations

from . import texts as t
from . import values
from .texts import Known

_WORDING = "wording: the head of this file has its members"

# The examples of RFC 1081, 1225, 1460, 1725 and 1939.
STANDARD = (
    *Known(values.CREDENTIALS_REJECTED, "RFC 1939, 7 (USER, PASS)").of(
        "never heard of mailbox name",
        "never heard of name",
        "sorry, no mailbox for * here",
        "sorry, * doesn't get his mail here",
        "permission denied",
    ),
    *Known(values.MAILBOX_UNAVAILABLE, "RFC 1939, 7 (PASS)", stages=t.MAILDROP).of(
        "maildrop already locked", "unable to lock *"
    ),
)

_MORE = r"(?:[.,;:]? .{1,80})?"
_SORRY = r"(?:sorry,? |error:? )?"
_YOUR = r"(?:your |the |this )?"
_IS = r"(?:(?:is|are|was|were) )?"
_HAS_BEEN = r"(?:(?:is|was|has been) )?"

_NAME = r"(?:(?:username|user|log[io]n|account|mailbox)(?: name| id)?|e-?mail(?: address)?)"
_SECRET = r"(?:password|passwd|pass|pwd)"
_JOINT = r"(?: or | and | ?/ ?|, ?)"
_CREDENTIALS = r"(?:(?:log[io]n|authentication|user) )?credentials"
_BOTH = (
    rf"(?:{_NAME}{_JOINT}{_SECRET}|{_SECRET}{_JOINT}{_NAME}|{_CREDENTIALS}|{_NAME}|{_SECRET})"
    r"(?: combination| supplied| given| specified)?"
)
_BAD = r"(?:invalid|incorrect|wrong|bad|unknown)"
_WRONG = (
    rf"{_YOUR}(?:{_BAD} {_BOTH}"
    rf"|{_BAD} {_NAME}{_JOINT}{_BAD} {_SECRET}|{_BAD} {_SECRET}{_JOINT}{_BAD} {_NAME}"
    rf"|{_BOTH} {_IS}(?:not (?:accepted|valid|correct)|invalid|incorrect|wrong|rejected)"
    r"|(?:no such|nonexistent) (?:user|username|account|mailbox)(?: here)?"
    rf"|(?:user|username|account) {_IS}(?:unknown|not found|not known|not authenticated)(?: here)?)"
)
_FAILED = (
    r"(?:user )?(?:log[io]n|log (?:on|in)|authentication|authori[sz]ation|auth|password)(?: attempt)?(?: has)?"
    r" (?:failed|failure|denied|rejected|refused|incorrect|unsuccessful)"
)

_SAFE = r"(?:tls|ssl|stls|encryption|(?:secure|encrypted) (?:connection|session))"
_PLAIN = r"(?:plaintext|unencrypted|insecure|non-?secure)"
_NOT_ALLOWED = r"not (?:allowed|permitted|supported|accepted|enabled)"
_DISABLED = rf"(?:disabled|disallowed|{_NOT_ALLOWED}|forbidden|refused|rejected|prohibited|turned off)"

_DROP = r"(?:mailbox|mail ?drop|inbox)"
_SERVER = r"(?:(?:mail |pop3? |authentication )?(?:server|service)|system|back ?end(?: server)?)"
_DOWN = r"(?:unavailable|not available|busy|overloaded|down|shutting down)"

WORDINGS = (
    *Known(values.MAILBOX_UNAVAILABLE, _WORDING, stages=t.MAILDROP, cause=t.PROTOCOL_OFF).shaped(
        rf"pop3?(?: access| service| protocol)? {_HAS_BEEN}{_DISABLED}{_MORE}"
    ),
    *Known(values.MAILBOX_UNAVAILABLE, _WORDING, stages=t.MAILDROP).shaped(
        rf"{_SORRY}{_YOUR}{_DROP} {_IS}(?:already |currently )?(?:locked|in use|busy|opened){_MORE}",
        rf"{_SORRY}(?:unable to|cannot|can't|could not|failed to) (?:open|lock|access|read) (?:user's )?{_YOUR}{_DROP}",
        rf"{_SORRY}{_YOUR}{_DROP} {_IS}(?:unavailable|not available|disabled)",
    ),
    *Known(values.UNCLASSIFIED, _WORDING, stages=t.ANYWHERE, cause=t.CLIENT_REFUSED).shaped(
        rf"{_YOUR}(?:ip|host|network|ip address|address) .{{0,40}}(?:blocked|banned|blacklisted|denied|refused){_MORE}"
    ),
    *Known(values.TEMPORARY_FAILURE, _WORDING, stages=t.ANYWHERE).shaped(
        rf"{_YOUR}(?:user )?account {_HAS_BEEN}temporarily .{{1,80}}"
    ),
    *Known(values.CREDENTIALS_REJECTED, _WORDING, cause=t.ACCOUNT).shaped(
        rf"{_YOUR}(?:user )?account {_HAS_BEEN}(?:disabled|locked|locked out|blocked|suspended|expired|inactive){_MORE}"
    ),
    *Known(values.CREDENTIALS_REJECTED, _WORDING).shaped(
        rf"{_SORRY}{_WRONG}",
        rf"{_SORRY}{_FAILED}",
        rf"{_SORRY}{_FAILED}(?: ?[.,:;] ?| - ){_WRONG}",
        rf"access {_IS}denied",
    ),
    *Known(values.CLEARTEXT_REFUSED, _WORDING, in_clear=True).shaped(
        rf"(?:an? )?{_SAFE}(?: connection)? (?:is )?(?:required|needed|mandatory){_MORE}",
        r"(?:you )?(?:must |need to )?(?:please )?(?:issue|use|try|start|send) (?:an? )?(?:stls|tls|ssl)(?: command)?"
        r"(?: first| before .{1,40})?",
        rf"(?:authentication|log[io]n) (?:requires|needs) (?:an? )?{_SAFE}",
        rf"{_PLAIN} (?:authentication|auth|log[io]ns?|passwords?)(?: mechanisms?)? {_IS}{_DISABLED}{_MORE}",
    ),
    *Known(values.TEMPORARY_FAILURE, _WORDING, stages=t.ANYWHERE).shaped(
        rf"{_SORRY}(?:the |this )?{_SERVER} {_IS}(?:temporarily |currently |too )?{_DOWN}{_MORE}",
        rf"{_SORRY}(?:too many|maximum|maximum number of) (?:concurrent |simultaneous |open )?"
        rf"(?:connections|sessions){_MORE}",
        r"too many (?:failed |invalid |bad )?(?:log[io]n|authentication) (?:attempts|failures)[.,;:] .{1,80}",
        rf"(?:connection|session) limit {_IS}(?:exceeded|reached){_MORE}",
        rf"{_SORRY}(?:a )?(?:temporary|transient) (?:server |system |authentication |local )?"
        rf"(?:error|failure|problem){_MORE}",
        rf"internal (?:server |system )?(?:error|failure){_MORE}",
        r"(?:.{1,80}[.,;:] )?(?:please )?(?:re)?try (?:again )?later",
    ),
)
