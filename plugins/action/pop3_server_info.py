# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of pop3_server_info: from the arguments to options, from the answer to a result.

Reads only. At most 24 HTTP requests with login and logout; _exchange/survey.py counts them one by one.
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.diagnosis import diagnose
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.options import Privilege, ServerOptions, parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.result import report
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange.survey import survey

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host


class ActionModule(WindowsAction[ServerOptions]):
    WORDS = _words.POP3_SERVER_INFO
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        "service": {"type": "str", "default": "auto"},
        "account": {"type": "str", "default": "auto"},
        "rights": {"type": "list", "elements": "str", "default": ["auto"]},
        "since": {"type": "str", "default": "7d"},
        "max_events": {"type": "int", "default": 20},
        "probe_privilege": {
            "type": "str",
            "choices": list(t.get_args(Privilege)),
            "default": "unknown",
        },
    }

    def parse(self, args: t.Mapping[str, t.Any]) -> ServerOptions:
        """Refuse an unknown right, an impossible name or a length of time that is none."""
        return parse(args)

    def work(self, host: Host, asked: ServerOptions, task: TaskView) -> dict[str, t.Any]:
        """Ask and report; check mode is no different, for nothing is changed in either."""
        del task
        seen = survey(host, asked)
        return {"changed": False, **report(seen, diagnose(seen, asked), asked)}
