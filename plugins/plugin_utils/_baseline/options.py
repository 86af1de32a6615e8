# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of user_right_baseline_info, understood before any host is asked: baseline, role, controls, waivers."""

from __future__ import annotations

import datetime
import difflib
import re
import typing as t
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse as parse_name

from .model import HOST_ROLES, Baseline, Control, HostRole

AUTO: t.Final = "auto"
# What every task that judges a host takes.
ARGUMENT_SPEC: t.Final[Mapping[str, t.Any]] = {
    "baseline": {"type": "str", "required": True},
    "host_role": {"type": "str", "default": AUTO, "choices": [AUTO, *HOST_ROLES]},
    "controls": {"type": "list", "elements": "str", "default": []},
    "waivers": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "control": {"type": "str", "required": True},
            "accounts": {"type": "list", "elements": "str", "required": True},
            "reason": {"type": "str", "required": True},
            "until": {"type": "str"},
        },
    },
}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True)
class Waiver:
    """An agreed exception: these accounts are no finding of this control, up to and with that day (None: no end)."""

    control: str
    accounts: tuple[AccountName, ...]
    reason: str
    until: datetime.date | None


@dataclass(frozen=True)
class BaselineOptions:
    """All that a task asks for; ``host_role`` of None is for the host to tell, no ``controls`` mean all.

    ``excluded`` are the ids that are judged and have no remedy.
    """

    baseline: Baseline
    host_role: HostRole | None
    controls: frozenset[str]
    waivers: tuple[Waiver, ...]
    excluded: frozenset[str] = frozenset()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that are judged, in the order of the baseline."""
        ids = dict.fromkeys(control.id for control in self.baseline.controls)
        return tuple(one for one in ids if not self.controls or one in self.controls)

    @property
    def judged_waivers(self) -> tuple[Waiver, ...]:
        """The waivers of controls that are judged."""
        judged = set(self.ids)
        return tuple(waiver for waiver in self.waivers if waiver.control in judged)

    def control(self, wanted: str, role: HostRole) -> Control | None:
        """The control of this id for a host of that role, or None where the id does not apply to it."""
        for control in self.baseline.controls:
            if control.id == wanted and role in control.applies_to:
                return control
        return None


def parse(args: Mapping[str, t.Any], baseline: Baseline) -> BaselineOptions:
    """The options from the arguments of a task and the baseline that they name; raises InputError."""
    ids = {control.id for control in baseline.controls}
    excluded = args.get("exclude_controls", ())
    for name, wanted in (("controls", args["controls"]), ("exclude_controls", excluded)):
        for one in wanted:
            _known(name, str(one), ids, baseline)
    waivers = tuple(_waiver(f"waivers[{index}]", entry) for index, entry in enumerate(args["waivers"]))
    for index, waiver in enumerate(waivers):
        _known(f"waivers[{index}].control", waiver.control, ids, baseline)
    role = next((one for one in HOST_ROLES if one == args["host_role"]), None)
    return BaselineOptions(
        baseline, role, frozenset(map(str, args["controls"])), waivers, frozenset(map(str, excluded))
    )


def _known(where: str, wanted: str, ids: Collection[str], baseline: Baseline) -> None:
    """Raise InputError for an id that the baseline does not have: a control that is never judged looks like a pass."""
    if wanted in ids:
        return
    near = difflib.get_close_matches(wanted, sorted(ids), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise InputError(f"{where}: {baseline.name} has no control {wanted!r}.{hint}")


def _waiver(where: str, entry: Mapping[str, t.Any]) -> Waiver:
    accounts: Sequence[str] = entry["accounts"]
    reason = str(entry["reason"]).strip()
    if not accounts:
        raise InputError(
            f"{where} names no accounts. Say whom it excepts: a waiver is for accounts, not for a control."
        )
    if not reason:
        raise InputError(f"{where} gives no reason. Say who agreed to it, and why: that is what an auditor asks.")
    # A SID that is nobody's can stand in a right, so it can be excepted.
    names = tuple(parse_name(str(account), removing=True) for account in accounts)
    return Waiver(str(entry["control"]), names, reason, _until(where, entry.get("until")))


def _until(where: str, written: object) -> datetime.date | None:
    """The last day of a waiver; raises InputError."""
    if written is None:
        return None
    text = str(written).strip()
    try:
        if _DATE.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(f"{where}.until is {text!r}; it has to be the last day as YYYY-MM-DD, such as 2027-03-31.")
