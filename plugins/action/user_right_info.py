# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of winmail.exchange.user_right_info: who holds which user right, by right and by account; changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.query import overview
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import canonical

if TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host


# What people write for every right; it is what the task tells of where names is left out.
_EVERYTHING = ("", "*", "all", "any")


class ActionModule(WindowsAction):
    WORDS = _words.USER_RIGHT_INFO
    ARGUMENT_SPEC: ClassVar[dict[str, Any]] = {
        "names": {"type": "list", "elements": "str", "default": []},
        "accounts": {"type": "list", "elements": "str", "default": []},
    }

    def check(self, args: dict[str, Any]) -> None:
        """Understand every right and account before the host is asked."""
        for name in args["names"]:
            if name.strip().lower() in _EVERYTHING:
                raise InputError(f"names is {name!r}, which is no right. Leave names out to be told of every right.")
            canonical(name)
        for account in args["accounts"]:
            parse(account)

    def work(self, host: Host, args: dict[str, Any], task: TaskView) -> dict[str, Any]:
        """Read and tell."""
        del task
        rights = tuple(dict.fromkeys(canonical(name).constant for name in args["names"]))
        return overview(host, rights, tuple(parse(account) for account in args["accounts"]))
