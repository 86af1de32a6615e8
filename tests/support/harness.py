# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one action as Ansible's task executor would, in this process, over winrm or psrp to a lab host."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins import loader as plugins
from ansible.template import Templar

from lab.server import RunningLab

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Gives the lab of a scenario (a name or a file) as it is at its start.
LabOf: TypeAlias = Callable[[str | Path], RunningLab]
# How psrp reaches a host of the lab, for whoever writes an inventory too.
PSRP = {
    "ansible_psrp_protocol": "http",
    "ansible_psrp_auth": "negotiate",
    "ansible_psrp_message_encryption": "always",
}


@dataclass(frozen=True)
class Outcome:
    """What a task ended with: its result, or the sentence of its failure."""

    result: dict[str, Any]
    failed: str | None = None
    unreachable: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the task reports a change."""
        return bool(self.result.get("changed"))

    @property
    def warnings(self) -> str:
        """Every warning in one text."""
        return "\n".join(self.result.get("warnings", []))


class Controller:
    """An Ansible controller for one host of the lab."""

    def __init__(
        self, lab: RunningLab, host: str, *, connection: str = "ansible.builtin.winrm", **variables: object
    ) -> None:
        address = lab.hosts[host]
        self._plugin = connection
        self._variables: dict[str, Any] = {
            "inventory_hostname": host,
            "ansible_host": address.address,
            "ansible_port": address.winrm_port,
            "ansible_winrm_scheme": "http",
            "ansible_winrm_transport": ["ntlm"],
            "ansible_winrm_message_encryption": "always",
            "ansible_winrm_connection_timeout": 20,
            **PSRP,
            **{name: value for name, value in address.variables.items() if name.startswith("ansible_")},
            **variables,
        }

    def run(self, action: str, *, connection: str | None = None, **options: Any) -> Outcome:
        """Run ``winmail.exchange.<action>``; task keywords have an underscore (``_check``, ``_diff``, ``_become``)."""
        return self.loop(action, [options], connection=connection)[0]

    def loop(self, action: str, items: Sequence[Mapping[str, Any]], *, connection: str | None = None) -> list[Outcome]:
        """Run an action for several items, which share one connection as in a loop of Ansible."""
        link = connection_of(connection or self._plugin, self._variables)
        try:
            return [self._run_item(action, link, dict(item)) for item in items]
        finally:
            with contextlib.suppress(Exception):  # as Ansible's task executor does
                link.close()

    def _run_item(self, action: str, link: Any, options: dict[str, Any]) -> Outcome:
        keywords = {name: options.pop(name) for name in list(options) if name.startswith("_")}
        become = self._variables.get("ansible_become", keywords.get("_become"))
        link.set_become_plugin(plugins.become_loader.get("runas") if become else None)
        name = f"winmail.exchange.{action}"
        task = Task.load({"name": "test", name: options, **_of_task(keywords)})
        module = plugins.action_loader.get(
            name,
            task=task,
            connection=link,
            play_context=PlayContext(),
            loader=DataLoader(),
            templar=Templar(loader=DataLoader(), variables=self._variables),
            shared_loader_obj=None,
        )
        try:
            return _outcome(module.run(task_vars=dict(self._variables)))
        except AnsibleConnectionFailure as exc:
            return Outcome({}, unreachable=str(exc))
        except AnsibleActionFail as exc:
            return Outcome({}, failed=str(exc))


def connection_of(name: str, variables: Mapping[str, Any]) -> Any:
    """Ansible's own connection with the options of an inventory, as its task executor makes it; nothing is sent."""
    made = plugins.connection_loader.get(name, PlayContext(), "/dev/null")
    # What the plugin does not declare goes to its library.
    mine = {variable for variable in variables if variable.startswith(f"ansible_{made.transport}_")}
    extras = {variable: variables[variable] for variable in mine.difference(declared(made))}
    made.set_options(var_options={**variables, "_extras": extras})
    return made


def declared(connection: Any) -> set[str]:
    """The variables that a connection plugin has options for."""
    return set(constants.config.get_plugin_vars("connection", connection._load_name))


def _of_task(keywords: Mapping[str, Any]) -> dict[str, Any]:
    names = {"_check": "check_mode", "_diff": "diff", "_become": "become", "_async": "async"}
    return {names[name]: value for name, value in keywords.items()}


def _outcome(result: dict[str, Any]) -> Outcome:
    if result.get("failed"):
        return Outcome(result, failed=str(result.get("msg")))
    return Outcome(result)
