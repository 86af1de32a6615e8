# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of winmail.exchange.user_right: give, take or set Windows user rights over WinRM, without PowerShell."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.confirm_words import not_needed
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import (
    ChangeOptions,
    GpoConflict,
    parse,
    refuse_mixture,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host

_NAMES = {"type": "list", "elements": "str"}


class ActionModule(WindowsAction[ChangeOptions]):
    WORDS = _words.USER_RIGHT
    ENTRY_WORDS = _words.USER_RIGHT_ENTRY
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        "name": {"type": "str"},
        "accounts": _NAMES,
        "state": {"type": "str", "default": "present", "choices": ["present", "absent", "pure"]},
        "rights": {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"type": "str", "required": True},
                "add": _NAMES,
                "remove": _NAMES,
                "set": _NAMES,
                "enabled": {"type": "bool", "default": True},
            },
        },
        "gpo_conflict": {"type": "str", "default": "warn", "choices": list(t.get_args(GpoConflict))},
        "allow_lockout": {"type": "bool", "default": False},
        "confirm": {"type": "bool", "default": False},
        "confirm_timeout": {"type": "int", "default": 300},
    }
    RULES: t.ClassVar[dict[str, t.Any]] = {
        "mutually_exclusive": [("name", "rights"), ("accounts", "rights")],
        "required_one_of": [("name", "rights")],
        "required_together": [("name", "accounts")],
    }

    CHANGES = True

    def refuse(self, written: Mapping[str, t.Any]) -> None:
        """Refuse words of the short form beside rights."""
        refuse_mixture(written)

    def parse(self, args: Mapping[str, t.Any]) -> ChangeOptions:
        """Understand every right and account."""
        return parse(args)

    def work(self, host: Host, asked: ChangeOptions, task: TaskView) -> dict[str, t.Any]:
        """Read, plan, apply unless in check mode, read back."""
        if not asked.rights:
            return {"changed": False, "rights": [], "restore": [], **not_needed(asked.confirm)}
        choices = Choices(asked.gpo_conflict, asked.allow_lockout, task.check_mode, asked.confirm)
        result, diff = RightsChange(host, asked.rights, choices, task.warn).run()
        return {**result, "diff": diff} if task.diff else result
