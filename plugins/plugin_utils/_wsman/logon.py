# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the play's connection logs on: what is refused before a password is sent, and what a failed logon means."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, UnreachableError, WindowsError

from . import fault_codes, faults
from .look import status_at
from .unreached import GARBLED, Way, answered, explained

# What pywinrm and pypsrp call HTTP Basic; pywinrm's "ssl" is Basic too, whatever the scheme.
_BASIC = frozenset({"basic", "plaintext", "ssl"})
# Each library spells it in its own way: "pykerberos is not installed", "No module named 'requests_credssp'".
_LACKING = re.compile(
    r"(kerberos|requests[-_]credssp|credssp|requests[-_]ntlm|ntlm)\W[^,]*not installed"
    r"|No module named '(kerberos|gssapi|krb5|requests_credssp|requests_ntlm)",
    re.IGNORECASE,
)
# The extras of pywinrm and pypsrp that bring a library; requests_ntlm comes with pywinrm itself.
_EXTRAS = {
    **dict.fromkeys(("kerberos", "gssapi", "krb5"), "kerberos"),
    **dict.fromkeys(("credssp", "requests-credssp", "requests_credssp"), "credssp"),
    **dict.fromkeys(("ntlm", "requests-ntlm", "requests_ntlm"), ""),
}
_USERINFO = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True)
class Words:
    """How a connection plugin calls what a sentence may advise to set."""

    connection: str
    sealed: str
    https: str
    trust: str
    binding: str
    encryption: str
    scheme: str
    path: str
    ways: str
    library: str

    def way(self, host: object, port: object, path: object, *, secure: bool) -> Way:
        """Where a connection goes, in the words of its plugin."""
        number = int(port) if isinstance(port, (int, str)) and str(port).isdecimal() else 0
        return Way(str(host or "the host"), number, secure, str(path or "wsman"), self.scheme, self.path, self.trust)


WINRM = Words(
    "ansible.builtin.winrm",
    "ansible_winrm_transport: ntlm",
    "ansible_winrm_scheme: https with ansible_port: 5986",
    "ansible_winrm_ca_trust_path",
    "ansible_winrm_send_cbt",
    "ansible_winrm_message_encryption",
    "ansible_winrm_scheme",
    "ansible_winrm_path",
    "ansible_winrm_transport",
    "pywinrm",
)
PSRP = Words(
    "ansible.builtin.psrp",
    "ansible_psrp_auth: negotiate and ansible_psrp_message_encryption: auto",
    "ansible_psrp_protocol: https with ansible_port: 5986",
    "ansible_psrp_ca_cert",
    "ansible_psrp_negotiate_send_cbt",
    "ansible_psrp_message_encryption",
    "ansible_psrp_protocol",
    "ansible_psrp_path",
    "ansible_psrp_auth",
    "pypsrp",
)


@dataclass(frozen=True)
class Logon:
    """What of a connection's options matters to the safety of a logon and to the sentence about a failed one.

    ``methods`` are the ways to log on that may be tried, in the plugin's words; ``secure`` means TLS; ``encryption``
    is auto, always or never; ``binding`` says whether channel bindings are sent.
    """

    words: Words
    user: str
    secure: bool
    methods: tuple[str, ...]
    encryption: str = "auto"
    binding: bool = True
    password: str = field(default="", repr=False)
    way: Way = field(default_factory=Way)

    def refuse_clear_text(self) -> None:
        """Raise InputError where a logon could send the password in the clear: nothing was sent yet."""
        if self.secure or not _BASIC.intersection(self.methods):
            return
        raise InputError(
            f"{self.words.connection} would send the password of {self.user or 'the user'} unencrypted over HTTP "
            f"(Basic), so no connection was made. Set {self.words.sealed}: that encrypts every message over HTTP as "
            f"well; or use HTTPS ({self.words.https})."
        )

    def failure(self, said: str) -> UnreachableError:
        """The sentence for a logon that failed, or for what happened before one; ``said`` is what the library said."""
        shown = self.masked(said).strip().rstrip(".")
        before = explained(shown, self.way) or self._missing(shown)
        if before is None and GARBLED.search(shown):
            status = status_at(self.way)
            before = None if status is None else answered(status, self.way)
        if before is not None:
            return UnreachableError(before)
        sentence = f"Logging on to the host as {self.user or 'nobody'} failed: {shown}."
        return UnreachableError(f"{sentence}{self._advice(said)}")

    def masked(self, text: str) -> str:
        """A text without the password of this logon and without what stands before the host in an address."""
        shown = _USERINFO.sub("//", text)
        return shown.replace(self.password, "********") if self.password else shown

    def _missing(self, said: str) -> str | None:
        """The sentence for a library of one way to log on that the controller lacks, or None."""
        found = _LACKING.search(said)
        if found is None:
            return None
        what = _EXTRAS[found.group(1).lower()] if found.group(1) else _EXTRAS[found.group(2).lower()]
        package = f"{self.words.library}[{what}]" if what else "requests-ntlm"
        return (
            f"A library of this way to log on is not installed on the controller ({said}). Install it: "
            f"python3 -m pip install '{package}', or choose another way with {self.words.ways}."
        )

    def _advice(self, said: str) -> str:
        words = self.words
        if "rejected" in said and self.secure and not self.binding:
            return f" The host may demand channel binding: leave {words.binding} at true."
        if re.search("Password incorrect|Preauthentication failed", said):
            return " Check ansible_user (a principal: name@REALM) and ansible_password."
        if re.search("Can't find client principal|No Kerberos credentials|has expired|Ticket expired", said):
            return " Get a ticket with kinit on the controller, or give ansible_password."
        if "not found in Kerberos database" in said:
            return " Use the name under which the host is in the domain as ansible_host."
        if "rejected" in said:
            return (
                " Check ansible_user and ansible_password, whether this account may log on over the network, and that "
                f"the host takes this way of logging on ({words.ways}; winrm get winrm/config/service/auth)."
            )
        if "did not respond with" in said:
            return f" The host may not take this way of logging on: choose another with {words.ways}."
        if re.search(r"\b500\b", said) and self.encryption == "never" and not self.secure:
            return (
                f" The host refuses unencrypted messages (AllowUnencrypted is false there): leave {words.encryption} "
                "at auto."
            )
        return ""

    def refusal(self, exc: WindowsError) -> UnreachableError:
        """The sentence for a logon that succeeded while Windows refused the shell."""
        denied = sorted(exc.codes & faults.ACCESS_DENIED)
        if denied:
            return UnreachableError(
                f"Windows accepts the logon of {self.user} but refuses it "
                f"the command shell (access denied, code {denied[0]}). It must be an administrator of the host with a "
                "full token: a domain account in Administrators, or LocalAccountTokenFilterPolicy=1 for a local one."
            )
        if faults.MAX_SHELLS in exc.codes:
            return UnreachableError(
                f"Windows refuses {self.user} another command shell, and went on doing so for half a minute: "
                f"{exc.text} (code {faults.MAX_SHELLS}, MaxShellsPerUser). Let other runs end, wait until shells that "
                "were left open idle out, or raise the quota there: "
                'winrm set winrm/config/winrs @{MaxShellsPerUser="30"}.'
            )
        if not exc.codes:
            return self.failure(str(exc))
        said = (exc.text or "no text").strip().rstrip(".")
        codes = ", ".join(map(str, sorted(exc.codes)))
        refused = f"Windows accepts the logon of {self.user} but refuses it the command shell: {said} (code {codes})."
        return UnreachableError(f"{refused} {fault_codes.advice((exc.code, exc.inner))}".rstrip())


def words_of(value: t.Any) -> tuple[str, ...]:  # noqa: ANN401 - an option of a connection plugin: text, a list or None
    """An option that is one word or several, in lower case."""
    many = [value] if isinstance(value, str) else list(value or ())
    return tuple(str(one).lower() for one in many)
