# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of the actions: from a task to a host, and from our errors to a user's sentence."""

from __future__ import annotations

import traceback
import typing as t
from dataclasses import dataclass

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import connection_loader
from ansible.utils.display import Display

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable, printable_lines, told
from ansible_collections.winmail.exchange.plugins.plugin_utils._arguments import validated
from ansible_collections.winmail.exchange.plugins.plugin_utils._back_end import is_ours, reach
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    UnreachableError,
    WinmailError,
)

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._back_end import BackEnd
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host
    from ansible_collections.winmail.exchange.plugins.plugin_utils._words import Words

display = Display()

# Ansible imports an action before it forks a worker for each host. What the documentation of a connection says of its
# options is read here for all of them, or else each worker reads that YAML anew.
for _name in ("ansible.builtin.winrm", "ansible.builtin.psrp"):
    connection_loader.get(_name, class_only=True)

# What an action understands of its arguments: the frozen options of its room.
Asked = t.TypeVar("Asked")


def _left(back_end: BackEnd | None) -> str:
    """The sentence about files that could not be removed from the host, or nothing; only names of ours are shown."""
    left = back_end.host.left_behind() if back_end is not None else ()
    if not left:
        return ""
    ours = [name for name in left if is_ours(name)]
    others = f"{' and ' if ours else ''}{len(left) - len(ours)} with other names" if len(ours) < len(left) else ""
    return f" These files of this task could not be removed from %windir%\\Temp: {', '.join(ours)}{others}."


@dataclass(frozen=True)
class TaskView:
    """What an action may know of its task: check mode, diff mode, and a way to warn."""

    check_mode: bool
    diff: bool
    warnings: list[str]

    def warn(self, message: str) -> None:
        """Show a warning with the result."""
        if message not in self.warnings:
            self.warnings.append(message)


class WindowsAction(ActionBase, t.Generic[Asked]):
    """One action on a Windows host: ``parse``, connect, ``work``, and end every error in one clear sentence."""

    TRANSFERS_FILES = False
    _requires_connection = True
    _supports_check_mode = True
    _supports_async = False

    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {}
    RULES: t.ClassVar[dict[str, t.Any]] = {}
    # What other tools call an option, and an option of an entry in a list.
    WORDS: t.ClassVar[Words] = {}
    ENTRY_WORDS: t.ClassVar[Words] = {}

    # Whether the action can change the host at all: one that only reads has nothing to say of changes.
    CHANGES = False

    back_end: BackEnd | None = None
    connected = False
    # Whether an error was made a sentence, which names what was left behind.
    explained = False
    # The host as people call it, for what is said while a task runs.
    inventory_name = ""

    def work(self, host: Host, asked: Asked, task: TaskView) -> dict[str, t.Any]:
        """Do the task; what it returns becomes the result."""
        raise NotImplementedError

    def refuse(self, written: t.Mapping[str, t.Any]) -> None:
        """Refuse what was written in a way that its values no longer show; raises InputError."""

    def parse(self, args: t.Mapping[str, t.Any]) -> Asked:
        """What the task asks for, understood once, before the host is asked anything; raises InputError."""
        raise NotImplementedError

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Ansible's entry."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        del tmp
        task = TaskView(bool(self._task.check_mode), bool(self._task.diff), [])
        try:
            result.update(self.perform(task, task_vars or {}))
        except WinmailError as exc:
            sentence = self.sentence(exc)
            if isinstance(exc, UnreachableError):
                # Not chained: Ansible would print the same sentence twice. The chain is in the lines of -vvv above.
                raise AnsibleConnectionFailure(printable(sentence)) from None
            # As a result and not as an exception, which would pass failed_when and until by.
            result.update(failed=True, msg=sentence)
        else:
            if not self.explained and _left(self.back_end):
                task.warn(_left(self.back_end).strip())
        if task.warnings:
            result["warnings"] = [*result.get("warnings", []), *task.warnings]
        return told(result)

    def perform(self, task: TaskView, variables: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """From what the task wrote to its result; raises errors of this collection."""
        self.refuse(self._task.args)
        args = validated(self._task.args, self.ARGUMENT_SPEC, self.RULES, self.WORDS, self.ENTRY_WORDS)
        return self.on_host(self.parse(args), task, variables)

    def on_host(self, asked: Asked, task: TaskView, variables: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Log on and ``work``; raises errors of this collection."""
        self.inventory_name = printable(str(variables.get("inventory_hostname", "")))
        self.back_end = reach(self._connection, self._task.delegate_to)
        self._refuse_become(variables)
        return self._work_connected(self.back_end, asked, task)

    def sentence(self, exc: WinmailError) -> str:
        """What a person reads of an error: what was seen, what became of the task, and what was left behind."""
        self.explained = True
        self._tell_the_developer(traceback.format_exc())
        return f"{exc}{self._became(exc)}{_left(self.back_end)}"

    def _work_connected(self, back_end: BackEnd, asked: Asked, task: TaskView) -> dict[str, t.Any]:
        try:
            back_end.line.connect()
            self.connected = True
            return self.work(back_end.host, asked, task)
        finally:
            back_end.line.leave()

    def _became(self, exc: WinmailError) -> str:
        """What became of a task that failed; nothing where no host was reached, of which nobody expects a change."""
        if not (self.CHANGES and self.connected and self.back_end is not None):
            return ""
        sentence = self.back_end.line.changes.sentence(exc)
        return f" {sentence}" if sentence else ""

    def _tell_the_developer(self, story: str) -> None:
        """Show a traceback with ``-vvv``; what libraries and Ansible said is in it as they said it."""
        display.vvv(printable_lines(story if self.back_end is None else self.back_end.line.masked(story)))

    def _refuse_become(self, task_vars: t.Mapping[str, t.Any]) -> None:
        """Refuse what Ansible settled, by the keyword or by a variable: it gave the connection a plugin for it."""
        if self._connection.become is None:
            return
        target = self._task.delegate_to
        of_host = task_vars.get("ansible_delegated_vars", {}).get(target, {}) if target else task_vars
        by_variable = of_host.get("ansible_become") is not None
        off = (
            "The variable ansible_become is set for this host, and a variable wins over the keyword: write "
            "vars: {ansible_become: false} on this task, or take it out of the inventory or of -e"
            if by_variable
            else "Write become: false on this task"
        )
        raise InputError(
            f"{self._task.action} works as the account that ansible_user names: become needs PowerShell, which is not "
            f"used. {off}, and log on as an administrator of the host."
        )
