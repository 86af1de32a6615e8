# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of winmail.exchange.user_right_info: who holds which user right, by right and by account; changes nothing."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import QueryOptions, parse_query
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.query import overview

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host


class ActionModule(WindowsAction[QueryOptions]):
    WORDS = _words.USER_RIGHT_INFO
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        "names": {"type": "list", "elements": "str", "default": []},
        "accounts": {"type": "list", "elements": "str", "default": []},
    }

    def parse(self, args: Mapping[str, t.Any]) -> QueryOptions:
        """Understand every right and account."""
        return parse_query(args)

    def work(self, host: Host, asked: QueryOptions, task: TaskView) -> dict[str, t.Any]:
        """Read and tell."""
        return overview(host, asked.rights, asked.accounts, task.warn)
