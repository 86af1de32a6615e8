# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of winmail.exchange.user_right_baseline_info: judges user rights against a baseline; changes nothing."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import options
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.folders import searched
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.options import BaselineOptions
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.read import load
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.survey import survey

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host


class ActionModule(WindowsAction[BaselineOptions]):
    WORDS = _words.USER_RIGHT_BASELINE_INFO
    ENTRY_WORDS = _words.USER_RIGHT_BASELINE_WAIVER
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {**options.ARGUMENT_SPEC}

    def parse(self, args: Mapping[str, t.Any]) -> BaselineOptions:
        """Read the baseline, and understand every control and waiver."""
        folders = searched({"ansible_search_path": self._task.get_search_path()}, self._loader.get_basedir())
        return options.parse(args, load(args["baseline"], folders))

    def work(self, host: Host, asked: BaselineOptions, task: TaskView) -> dict[str, t.Any]:
        """Read and judge."""
        return dict(survey(host, asked, task.warn))
