# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the POP3 probe: here, in the controller's worker, or as a module on the POSIX host that a task delegates to."""

from __future__ import annotations

import typing as t

from ansible import constants
from ansible.plugins.action import ActionBase

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import RequestError
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.options import (
    ARGUMENT_SPEC,
    REQUIRED_IF,
    read_request,
    unmet_expectation,
)
from ansible_collections.winmail.exchange.plugins.module_utils._printable import told
from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._arguments import validated
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

_MODULE = "winmail.exchange.pop3_probe"
# Connections to hosts that cannot run a module written in Python.
_WINDOWS_TRANSPORTS = ("winrm", "psrp")


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    # The probe goes from here to the server's POP3 port; the connection of the play is left alone.
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Probe and return the report; failed only where it is not what ``expect`` says."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        del tmp
        variables = task_vars or {}
        try:
            rules = {"required_if": REQUIRED_IF}
            options = validated(self._task.args, ARGUMENT_SPEC, rules, _words.POP3_PROBE)
            if self._is_for_another_host():
                result.update(self._run_there(options["host"], variables))
            else:
                result.update(self._run_here(options, variables))
        except (InputError, RequestError) as exc:
            # As a result and not as an exception, which would pass failed_when and until by.
            result.update(failed=True, msg=str(exc))
        return told(result)

    def _is_for_another_host(self) -> bool:
        """Whether the task delegates to a host that is not simply this one."""
        target = self._task.delegate_to
        if not target:
            return False
        return target not in constants.LOCALHOST or self._connection.transport != "local"

    def _run_here(self, options: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        report = probe(read_request(options, self._default_host(variables)))
        result = report.as_result()
        failure = unmet_expectation(report, options["expect"])
        if failure:
            result.update(failed=True, msg=failure)
        return result

    def _run_there(self, host: str | None, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        transport = self._connection.transport
        if transport in _WINDOWS_TRANSPORTS:
            raise InputError(
                f"The probe cannot run on {self._task.delegate_to}, which is reached by {transport}: the module needs"
                " Python on a POSIX host. Delegate the task to such a host, or leave delegate_to out to probe from the"
                " controller."
            )
        written = {name: value for name, value in self._task.args.items() if value is not None}
        arguments = {**written, "host": host or self._default_host(variables)}
        result: dict[str, t.Any] = self._execute_module(module_name=_MODULE, module_args=arguments, task_vars=variables)
        return result

    def _default_host(self, variables: dict[str, t.Any]) -> str | None:
        """Return the address of the play's host, also where the task delegates."""
        address = variables.get("ansible_host") or variables.get("inventory_hostname")
        return None if address is None else str(self._templar.template(address))
