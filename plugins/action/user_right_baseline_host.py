# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of winmail.exchange.user_right_baseline_host: a host's outcome for the role, whatever becomes of the look.

It does in one task what would be five: judge, keep what undoes the remedy, tell apart a mistake, a host that broke and
one that is not there, and put the outcome together. A fleet of a thousand hosts pays for each task a thousand times.
"""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._action import TaskView, WindowsAction
from ansible_collections.winmail.exchange.plugins.plugin_utils._arguments import validated
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import options, outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.folders import searched
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.keep import keep, would_keep
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.options import BaselineOptions
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.predicted import ordered, planned, predicted
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.read import load
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.survey import survey
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.words import BASELINE, CHOICES
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    InputError,
    UnreachableError,
    WinmailError,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host


@dataclass(frozen=True)
class Asked:
    """What to judge, where to keep what undoes the remedy, and of a second look the first one and the change."""

    options: BaselineOptions
    restore_dir: Path | None
    first: outcome.Outcome | None
    change: Mapping[str, t.Any]


class ActionModule(WindowsAction[Asked]):
    WORDS = _words.USER_RIGHT_BASELINE_INFO
    ENTRY_WORDS = _words.USER_RIGHT_BASELINE_WAIVER
    ARGUMENT_SPEC: t.ClassVar[dict[str, t.Any]] = {
        **options.ARGUMENT_SPEC,
        "exclude_controls": {"type": "list", "elements": "str", "default": []},
        "restore_dir": {"type": "path", "default": ""},
        "first": {"type": "dict"},
        "change": {"type": "dict"},
    }
    RULES: t.ClassVar[dict[str, t.Any]] = {"required_together": [("first", "change")]}

    variables: Mapping[str, t.Any] = {}
    asked: Asked | None = None

    def perform(self, task: TaskView, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """An outcome, whatever happens: who is missing in a report is taken for one who is well.

        What the user wrote wrongly fails. A host that broke is a finding, with a warning.
        """
        self.variables = variables
        try:
            return super().perform(task, variables)
        except WinmailError as exc:
            sentence = self.sentence(exc)
            status: outcome.Status = "unreachable" if isinstance(exc, UnreachableError) else "failed"
            shown = outcome.unseen(self._name(), status, sentence, check_mode=task.check_mode)
            if self.asked is not None and self.asked.first is not None:
                shown = outcome.cured(self.asked.first, self.asked.change, shown)
            if status == "unreachable":
                # As a result and not as an exception, of which Ansible would keep the sentence alone.
                return {**shown, "unreachable": True, "msg": sentence}
            if isinstance(exc, InputError):
                return {**shown, "failed": True, "msg": sentence}
            task.warn(f"{self._name()} could not be judged: {sentence}")
            return dict(shown)

    def parse(self, args: Mapping[str, t.Any]) -> Asked:
        """Read the baseline, and understand every control and waiver; refuse what no variable of the role can be."""
        unknown = BASELINE.unknown_variables(self.variables)
        if unknown:
            raise InputError(" ".join(unknown))
        given = {name: self._templar.template(self.variables[name]) for name in CHOICES if name in self.variables}
        validated(given, CHOICES, {}, {})
        chosen = options.parse(args, load(args["baseline"], self._folders()))
        folder = Path(args["restore_dir"]).absolute() if args["restore_dir"] else None
        self.asked = Asked(chosen, folder, t.cast("outcome.Outcome | None", args["first"]), args["change"] or {})
        return self.asked

    def work(self, host: Host, asked: Asked, task: TaskView) -> dict[str, t.Any]:
        """Judge, and keep what undoes the remedy before anybody carries it out."""
        # What check mode did not write is judged as if it were written; nothing was planned where it was refused.
        after = planned(asked.change.get("rights", ()))
        view = (predicted if task.check_mode else ordered)(host, after) if after else host
        said: list[str] = []

        def warn(sentence: str) -> None:
            said.append(sentence)
            task.warn(sentence)

        found = survey(view, asked.options, warn)
        shown = outcome.seen(self._name(), found, said, check_mode=task.check_mode)
        if asked.first is not None:
            return dict(outcome.cured(asked.first, asked.change, shown))
        if asked.restore_dir is None or not shown["remedy"]:
            return dict(shown)
        if task.check_mode:
            would_keep(asked.restore_dir)
        else:
            now = datetime.datetime.now(datetime.timezone.utc)
            undo = outcome.undo(shown["remedy"])
            shown["restore_file"] = str(keep(asked.restore_dir, self._name(), shown["computer"], undo, now))
        return dict(shown)

    def _name(self) -> str:
        return str(self.variables.get("inventory_hostname", ""))

    def _folders(self) -> list[Path]:
        """Where Ansible looks for the files of this task, and then where the run was started.

        The playbooks of a collection are in a folder of which people on the command line know nothing.
        """
        told = {"ansible_search_path": self._task.get_search_path()}
        return [*searched(told, self._loader.get_basedir()), Path.cwd()]
