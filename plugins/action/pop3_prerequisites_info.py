# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of pop3_prerequisites_info: probe POP3, look at the server, judge, in one task and one logon.

It takes the role's variables from the host: what is no argument is in no callback, so the password needs no no_log, and
a worker need not template what has no template.
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import RequestError
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.options import read_request
from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.plugins.plugin_utils._arguments import validated
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    UnreachableError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.diagnosis import diagnose
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.options import ServerOptions, parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import report
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.survey import survey
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites import variables as role
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.look import Look

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host


class ActionModule(WindowsAction[ServerOptions]):
    WORDS = _words.POP3_PREREQUISITES_INFO
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        "audit": {"type": "bool", "default": False},
        "revoke": {"type": "bool", "default": False},
    }

    def perform(self, task: TaskView, variables: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Look and judge. In an audit whatever keeps from looking is a finding; else it fails the task."""
        chosen = validated(self._task.args, self.ARGUMENT_SPEC, self.RULES, self.WORDS)
        audit = bool(chosen["audit"])
        asked: dict[str, t.Any] = {
            "host": str(variables["inventory_hostname"]),
            "revoke": chosen["revoke"],
            "check_mode": task.check_mode and not audit,
        }
        fails = False
        try:
            values = validated(role.given(self._templated(variables)), role.SPEC, {}, {})
            asked |= role.judging(values)
            fails = bool(values["pop3_prerequisites_audit_fails"])
            probed = self._probe(variables, values)
        except (InputError, RequestError) as exc:
            # Nothing was asked: also in an audit there is nothing that could be judged.
            return _ended(Look(**asked, server={"msg": str(exc)}, failure=str(exc)), audit, fails)
        try:
            server = self.on_host(parse(role.server_options(values, probed["privilege"])), task, variables)
        except WinmailError as exc:
            if isinstance(exc, UnreachableError) and not audit:
                raise
            said = self.sentence(exc)
            return _ended(
                Look(**asked, probe=probed, server={"msg": said}, failure="" if audit else said), audit, fails
            )
        return _ended(Look(**asked, probe=probed, server=server), audit, fails)

    def work(self, host: Host, asked: ServerOptions, task: TaskView) -> dict[str, t.Any]:
        """What pop3_server_info does."""
        del task
        seen = survey(host, asked)
        return dict(report(seen, diagnose(seen, asked), asked))

    def _probe(self, variables: t.Mapping[str, t.Any], values: role.Values) -> dict[str, t.Any]:
        """What pop3_probe does; raises InputError for variables that cannot be meant, and RequestError."""
        mistakes = role.mistakes(variables, values)
        if mistakes:
            raise InputError(" ".join(mistakes))
        address = variables.get("ansible_host") or variables["inventory_hostname"]
        return probe(read_request(role.probe_options(values), str(self._templar.template(address)))).as_result()

    def _templated(self, variables: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        return {name: self._templar.template(variables[name]) for name in role.SPEC if name in variables}


def _ended(look: Look, audit: bool, fails: bool) -> dict[str, t.Any]:
    """The result of a look, also of one that did not come to its end: as a result, so that it is kept of the host.

    ``fails``: whether an audit ends with an error for a host whose users cannot log on, as far as is known.
    """
    found = look.result()
    if audit:
        finding = found["verdict_before"] is None or (fails and not found["compliant"])
        return {**found, "finding": found["advice"] if finding else ""}
    return {**found, "msg": found["failure"], "failed": True} if look.failure else found
