# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why nobody got as far as a logon: from what a library said to what happened and what to look at.

The texts are those of requests, urllib3, Python's ssl and sockets, pywinrm 0.4.3 and 0.5, pypsrp 0.8 and 0.9, as
tests/integration/connections/test_unreached.py has them from ports that are no WinRM.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

# Where a request really went: a redirection names another address.
_POOL = re.compile(r"(HTTPS?)ConnectionPool\(host='([^']{1,255})', port=(\d{1,5})\)")
_WAITED = re.compile(r"\((?:connect|read) timeout=([\d.]{1,9})\)")
# The innermost words: a number of the system or of TLS with its text, else what the last exception holds.
_CORE = re.compile(r"\[Errno -?\d+\] [\w ,'-]{1,80}\w|\[SSL: \w+\] [^'\")(]{1,160}\w")
_LAST = re.compile(r"\(['\"]([^'\"]{1,200})['\"]\)+\s*\Z")
_STATUS = re.compile(r"\b(?:Code|HTTP) (\d{3})\b")
_LISTENERS = (
    "WinRM listens at 5985 for HTTP and at 5986 for HTTPS; on the host, 'winrm enumerate winrm/config/listener' shows "
    "where, and 'winrm quickconfig' makes a listener with its firewall rule"
)


@dataclass(frozen=True)
class Way:
    """Where a connection goes, and how its plugin calls what a sentence may advise to set."""

    host: str = "the host"
    port: int = 0
    secure: bool = False
    path: str = "wsman"
    scheme: str = "the scheme of the connection"
    path_option: str = "its path"
    trust: str = "the option of the connection for it"

    @property
    def address(self) -> str:
        """The address of the listener that is meant."""
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}/{self.path.lstrip('/')}"


@dataclass(frozen=True)
class Cause:
    """One thing that happens before a logon: how libraries say it, what it is, what to look at.

    ``{at}`` is the address that is meant, ``{host}`` and ``{place}`` (with its port) where the request really went,
    ``{option}`` the option that sets the scheme.
    """

    said: re.Pattern[str]
    happened: str
    look: str


def _cause(said: str, happened: str, look: str) -> Cause:
    return Cause(re.compile(said, re.IGNORECASE), happened, look)


# The order matters: a text may hold the words of several, and the first says most.
_CAUSES = (
    _cause(
        r"ProxyError|Cannot connect to proxy|Unable to connect to proxy|HTTP 407|Code 407",
        "The proxy on the way to {at} refused or could not be reached",
        "Look at the variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the controller and at the proxy options of the "
        "connection",
    ),
    _cause(
        r"NameResolutionError|Name or service not known|nodename nor servname|getaddrinfo failed"
        r"|Temporary failure in name resolution|No address associated with hostname|label (?:empty|too long)",
        "The name {host} could not be resolved",
        "Look at ansible_host of this host, and at the names that the controller knows (DNS, hosts file)",
    ),
    _cause(
        r"Connection refused|WinError 10061",
        "Nothing listens at {place}",
        f"Look at ansible_port and {{option}}, and whether the host's WinRM service runs: {_LISTENERS}",
    ),
    _cause(
        r"No route to host|Network is unreachable|Host is (?:down|unreachable)",
        "There is no way to {host} from the controller",
        "Look at ansible_host, and at the networks and firewalls between",
    ),
    _cause(
        r"ConnectTimeout|connect timeout|Connection to \S+ timed out|Connection timed out|attempt timed out"
        r"|Operation timed out",
        "Nobody answered at {place}",
        "Look whether the host is up, at ansible_host and ansible_port, and at the firewalls between (on the host, the "
        f"rules of Windows Remote Management): {_LISTENERS}",
    ),
    _cause(
        r"Read timed out|ReadTimeout|handshake operation timed out",
        "Something at {place} takes connections and does not answer",
        f"Look whether that is WinRM's port and whether {{option}} fits it: a listener for HTTPS is silent when it is "
        f"spoken to in HTTP, and the other way round. {_LISTENERS}",
    ),
    _cause(
        r"Hostname mismatch|IP address mismatch|doesn't match|not valid for",
        "The certificate of {host} is one for another name",
        "Use a name that is in the certificate as ansible_host",
    ),
    _cause(
        r"certificate has expired|certificate is not yet valid",
        "The certificate of {host} has expired or is not yet valid",
        "Give the host's listener a new certificate, and look at the controller's clock",
    ),
    _cause(
        r"CERTIFICATE_VERIFY_FAILED",
        "The certificate of {host} is not trusted",
        "Look who issued it, and name the certificate of its issuer with {trust}",
    ),
    _cause(
        r"WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL",
        "What listens at {place} does not speak TLS",
        f"Look at {{option}} and ansible_port: {_LISTENERS}",
    ),
    _cause(
        r"\[SSL|SSLError|SSLEOFError|UNEXPECTED_EOF",
        "What listens at {place} and the controller did not agree on TLS",
        f"Look at {{option}} and ansible_port, and which versions of TLS both sides allow: {_LISTENERS}",
    ),
    _cause(
        r"BadStatusLine|IncompleteRead|LineTooLong|InvalidHeader|got more than \d+ headers",
        "What listens at {place} does not speak HTTP",
        f"Look at ansible_port: {_LISTENERS}",
    ),
    _cause(
        r"Connection aborted|RemoteDisconnected|Connection reset|Broken pipe|ConnectionReset|Connection broken",
        "What listens at {place} closed the connection without an answer",
        "Look at {option}: a port for HTTPS does that when it is spoken to in HTTP. Where it fits, look at what stands "
        "between, and at the host's WinRM service",
    ),
    _cause(
        r"requires a (?:username|password)|(?:ntlm|negotiate): .*No username or password was specified",
        "There is no name or no password to log on with",
        "Set ansible_user and ansible_password for this host",
    ),
    _cause(
        r"invalid message_encryption arg|must be specified for|invalid (?:transport|auth)",
        "An option of the connection cannot be meant",
        "Correct it in the inventory; nothing was sent",
    ),
    _cause(
        r"Failed to parse|InvalidURL|Invalid URL|Port out of range",
        "{at} is no address that can be reached",
        "Look at ansible_host, ansible_port and {path_option}",
    ),
)
# What HTTP itself says (RFC 9110); a WinRM answers 200 with SOAP, 401, and 500 with a fault.
_STATUSES: t.Mapping[int, tuple[str, str]] = {
    404: ("there is no WinRM at that path", "Look at ansible_port and {path_option} (/wsman)"),
    405: ("what is there takes no such request", "Look at ansible_port and {path_option} (/wsman)"),
    403: ("the request is forbidden", "Look at what stands before the host, and at the filters of its WinRM service"),
    503: (
        "the service is unavailable",
        "Look whether the host's WinRM service runs, and at what stands before it (a proxy, a load balancer)",
    ),
}
_OTHER_STATUS = (
    "that is no answer of WinRM",
    f"Look at ansible_port, {{option}} and {{path_option}}, and at what stands before the host: {_LISTENERS}",
)
# What the libraries make of an answer that is no WinRM's; they say nothing of the answer itself.
GARBLED = re.compile(
    r"'?NoneType'?|bytes-like object|syntax error: line|not well-formed|mismatched tag|no element found"
    r"|No details returned by the server|Encryption|multipart|\A\w*:? ?'[\w.:-]+'\Z|no shell"
)


def explained(said: str, way: Way) -> str | None:
    """What happened before a logon and what to look at, or None where a logon was tried or nobody can tell."""
    pool = _POOL.search(said)
    host, port = (pool.group(2), int(pool.group(3))) if pool else (way.host, way.port)
    names = {
        "at": way.address,
        "host": host,
        "place": f"{host} port {port}" if port else host,
        "option": way.scheme,
        "path_option": way.path_option,
        "trust": way.trust,
    }
    moved = f" ({way.address} sent the request there)" if way.port not in (0, port) else ""
    for cause in _CAUSES:
        if cause.said.search(said):
            return f"{cause.happened.format(**names)}{moved}: {_core(said)}. {cause.look.format(**names)}."
    status = _STATUS.search(said)
    return None if status is None else answered(int(status.group(1)), way)


def answered(status: int, way: Way) -> str | None:
    """The sentence for a status of HTTP that is no answer of WinRM; None for one that is."""
    if status in (401, 500):
        return None
    happened, look = _STATUSES.get(status, _OTHER_STATUS)
    advice = look.format(option=way.scheme, path_option=way.path_option)
    return f"{way.address} answered with HTTP {status}: {happened}. {advice}."


def _core(said: str) -> str:
    """What of a library's text says something to people."""
    waited = _WAITED.search(said)
    if waited is not None:
        return f"waited {waited.group(1)} s"
    found = _CORE.search(said)
    if found is not None:
        return found.group()
    last = _LAST.search(said)
    return (last.group(1) if last else said).replace("\\r", "").replace("\\n", "").strip().rstrip(".")
