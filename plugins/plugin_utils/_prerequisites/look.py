# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at a host, judged: its outcome as long as nothing is changed, and what the role goes on with (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.winmail.exchange.plugins.module_utils._printable import told
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict

from .decision import decide
from .options import Registered, Run
from .outcome import outcome
from .result import SENTENCES, Outcome

# Where the remedy asks for nothing and the probe saw one of these, there is nothing to explain.
_QUIET = ("logon_ok", "listening")
_NOTHING_ASKED = ("none", "not_applicable")
_CANARY, _REJECTED = "canary", "credentials_rejected"


@dataclass(frozen=True)
class Look:
    """What was seen of one host, and what was asked for.

    ``probe`` and ``server`` are results of pop3_probe and pop3_server_info; of a server that could not be looked at it
    is ``{"msg": why}``. ``failure`` is why the look itself failed, or empty.
    """

    host: str
    probe: Registered = field(default_factory=dict)
    server: Registered = field(default_factory=dict)
    failure: str = ""
    gpo_conflict: GpoConflict = "warn"
    named: bool = False
    login: str = "none"
    revoke: bool = False
    check_mode: bool = False

    def result(self) -> dict[str, t.Any]:
        """The outcome, a sentence about it and, where the role has something to do, ``look``: what it needs for it."""
        cure = decide(self.server, self.gpo_conflict, named=self.named, revoke=self.revoke).as_result()
        run = Run(
            self.host,
            cure,
            self.server,
            self.probe,
            check_mode=self.check_mode,
            failure=self.failure,
            login=self.login,
            revoke=self.revoke,
        )
        shown = outcome(run)
        found = told({**shown, "msg": sentence(shown, revoke=self.revoke)}, (*SENTENCES, "msg"))
        if self.failure or (cure["action"] in _NOTHING_ASKED and self._quiet()):
            return found
        return {**found, "look": {"probe": self.probe, "server": self.server, "cure": told(cure, SENTENCES)}}

    def _quiet(self) -> bool:
        """Whether the probe saw nothing that asks for an explanation: a canary is meant to be rejected."""
        verdict = self.probe.get("verdict")
        return verdict in _QUIET or (verdict == _REJECTED and self.login == _CANARY)


def sentence(shown: Outcome, *, revoke: bool = False) -> str:
    """What somebody reads of a host who does not know the words of the outcome."""
    if shown["unknown"]:
        return f"Not known whether POP3 users can log on. {shown['advice']}"
    if revoke:
        return shown["reason"]
    if not shown["compliant"]:
        return f"POP3 users cannot log on, or something is left to do. {shown['advice']}"
    if shown["verdict_after"] == "logon_ok":
        return "POP3 users can log on."
    return "Nothing keeps POP3 users from logging on, as far as was seen; no logon was tried that could prove it."
