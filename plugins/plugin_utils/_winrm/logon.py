# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the play's connection logs on: what is refused before a password is sent, and what a failed logon means.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, UnreachableError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import faults

# What pywinrm and pypsrp call HTTP Basic; pywinrm's "ssl" is Basic too, whatever the scheme.
_BASIC = frozenset({"basic", "plaintext", "ssl"})
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


WINRM = Words(
    "ansible.builtin.winrm",
    "ansible_winrm_transport: ntlm",
    "ansible_winrm_scheme: https with ansible_port: 5986",
    "ansible_winrm_ca_trust_path",
    "ansible_winrm_send_cbt",
    "ansible_winrm_message_encryption",
)
PSRP = Words(
    "ansible.builtin.psrp",
    "ansible_psrp_auth: negotiate and ansible_psrp_message_encryption: auto",
    "ansible_psrp_protocol: https with ansible_port: 5986",
    "ansible_psrp_ca_cert",
    "ansible_psrp_negotiate_send_cbt",
    "ansible_psrp_message_encryption",
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
        """The sentence for a logon that failed; ``said`` is what the library or Ansible said of it."""
        shown = self.masked(said).strip().rstrip(".")
        sentence = f"Logging on to the host as {self.user or 'nobody'} failed: {shown}."
        return UnreachableError(f"{sentence}{self._advice(said)}")

    def masked(self, text: str) -> str:
        """A text without the password of this logon and without what stands before the host in an address."""
        shown = _USERINFO.sub("//", text)
        return shown.replace(self.password, "********") if self.password else shown

    def _advice(self, said: str) -> str:
        words = self.words
        if "CERTIFICATE_VERIFY_FAILED" in said:
            return f" The host's certificate is not trusted: name the certificate of its issuer with {words.trust}."
        if "rejected" in said and self.secure and not self.binding:
            return f" The host may demand channel binding: leave {words.binding} at true."
        if re.search("Password incorrect|Preauthentication failed", said):
            return " Check ansible_user (a principal: name@REALM) and ansible_password."
        if re.search("Can't find client principal|No Kerberos credentials|has expired|Ticket expired", said):
            return " Get a ticket with kinit on the controller, or give ansible_password."
        if "not found in Kerberos database" in said:
            return " Use the name under which the host is in the domain as ansible_host."
        if "rejected" in said:
            return " Check ansible_user and ansible_password, and whether this account may log on over the network."
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
        return self.failure(str(exc))


def words_of(value: t.Any) -> tuple[str, ...]:  # noqa: ANN401 - an option of a connection plugin: text, a list or None
    """An option that is one word or several, in lower case."""
    many = [value] if isinstance(value, str) else list(value or ())
    return tuple(str(one).lower() for one in many)
