# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the role user_rights_baseline and of its playbooks (pure)."""

from __future__ import annotations

import difflib
import re
import typing as t
from collections.abc import Mapping

from ansible_collections.winmail.exchange.plugins.plugin_utils import _vocabulary
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import GpoConflict

from .read import shipped_names

BASELINE = _vocabulary.Vocabulary(
    "user_rights_baseline_",
    (
        "allow_lockout",
        "baseline",
        "confirm",
        "confirm_timeout",
        "controls",
        "exclude_controls",
        "fails",
        "gpo_conflict",
        "host_role",
        "max_failed",
        "report",
        "report_dir",
        "result",
        "waivers",
    ),
    elsewhere={"fails": "baseline_fails", "profile": "baseline", "benchmark": "baseline"},
)
# The variables that no task gets as an option before the host is asked, as argument_specs.yml has them.
CHOICES: Mapping[str, Mapping[str, t.Any]] = {
    "user_rights_baseline_allow_lockout": {"type": "bool"},
    "user_rights_baseline_confirm": {"type": "bool"},
    "user_rights_baseline_confirm_timeout": {"type": "int"},
    "user_rights_baseline_fails": {"type": "bool"},
    "user_rights_baseline_gpo_conflict": {"type": "str", "choices": list(t.get_args(GpoConflict))},
    "user_rights_baseline_max_failed": {"type": "float"},
    "user_rights_baseline_report": {"type": "bool"},
    "user_rights_baseline_report_dir": {"type": "path"},
}
_BARE = re.compile(r"\A\w+\Z", re.ASCII)


def refusal(word: str, value: object) -> str:
    """Why the value of a playbook's word cannot be meant, with what can be; empty where it can."""
    if word == "baseline":
        return _slip(str(value))
    return _vocabulary.refusal(word, value)


def _slip(name: str) -> str:
    """A name that is nearly one of those that are shipped is a slip; any other may be a file that is found later."""
    shipped = shipped_names()
    if name in shipped or not _BARE.match(name):
        return ""
    near = difflib.get_close_matches(name.lower(), shipped, n=1, cutoff=0.8)
    return f"baseline is {name!r}: no such baseline comes with the collection. Write {near[0]}." if near else ""
