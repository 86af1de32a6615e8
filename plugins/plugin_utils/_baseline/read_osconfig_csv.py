# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft's OSConfig baseline as CSV: of 300 settings the user rights, one column of expectations for each role.

The columns "Expected Value" are judged: ContainsAtMost, ContainsAtLeast, ContainsExactly with SIDs, Equals('') for
nobody, empty where the setting is not for that role. (Files before 2504 have no such columns.) A control is called as
the Policy CSP calls its right, which stays the same from release to release and in the YAML files of OSConfig.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.csp import CSP_NAMES

from . import csv_rows, once, principal
from .model import Baseline, Control, Expected, HostRole, Operator, Principal, Severity

_ROLES: Mapping[str, HostRole] = {
    "Expected Value: Member Server": "member_server",
    "Expected Value: Domain Controller": "domain_controller",
    "Expected Value: Workgroup Member": "workgroup_member",
}
COLUMNS = ("Name", "ExtraId", "Control Name", "CSP Path", *_ROLES, "Severity")
_AREA = "config/userrights/"
# The words of Microsoft's column, in its order (Critical first), as ours.
_SEVERITIES: Mapping[str, Severity] = {
    "Critical": "critical",
    "Important": "high",
    "Warning": "medium",
    "Informational": "informational",
}
_OPERATORS: Mapping[str, Operator] = {
    "ContainsAtMost": "at_most",
    "ContainsAtLeast": "at_least",
    "ContainsExactly": "exactly",
}
_CALL = re.compile(r"(?P<word>[A-Za-z]+)\((?P<members>(?:'[^']*')(?:, *'[^']*')*)\)")
_MEMBER = re.compile(r"'([^']*)'")

Asked = tuple[Operator, tuple[str, ...]]


def read(text: str, name: str, release: str) -> Baseline:
    """The baseline in a file called ``name``; raises InputError."""
    controls: list[Control] = []
    seen = once.Seen()
    for row in csv_rows.rows(text, name, COLUMNS):
        if _AREA not in row.cells["CSP Path"].lower():
            continue
        for control in _controls(row):
            why = seen.why_not(control)
            if why is not None:
                raise InputError(f"{row.where}: control {control.id!r} {why}")
            controls.append(control)
    if not controls:
        raise InputError(f"{name} has no user right: no CSP Path in it has Config/UserRights/.")
    return Baseline(name, "OSConfig security baseline", release, f"{name}, OSConfig CSV", tuple(controls))


def _controls(row: csv_rows.Row) -> list[Control]:
    """One control, or one for each group of roles of which the row asks different things."""
    called = row.cells["CSP Path"].rpartition("/")[2]
    if called not in CSP_NAMES:
        raise row.refuse("CSP Path", "which ends with no user right that is known.")
    severity = _SEVERITIES.get(row.cells["Severity"])
    if severity is None:
        raise row.refuse("Severity", f"which is none of: {', '.join(_SEVERITIES)}.")
    roles: dict[Asked, list[HostRole]] = {}
    for column, role in _ROLES.items():
        asked = _asked(row, column)
        if asked is not None:
            roles.setdefault(asked, []).append(role)
    if not roles:
        raise InputError(f"{row.where}: {called} is expected of no role.")
    extra = row.cells["ExtraId"].strip()
    references = {"cce" if extra.startswith("CCE-") else "azure": extra} if extra else {}
    return [
        Control(
            id=called,
            title=" ".join(row.cells["Control Name"].split()),
            right=CSP_NAMES[called],
            operator=operator,
            expected=tuple(Expected((_principal(row, member),)) for member in members),
            applies_to=frozenset(applies_to),
            severity=severity,
            references=references,
        )
        for (operator, members), applies_to in roles.items()
    ]


def _principal(row: csv_rows.Row, member: str) -> Principal:
    try:
        return principal.parse(member)
    except InputError as error:
        raise InputError(f"{row.where}: {error}") from error


def _asked(row: csv_rows.Row, column: str) -> Asked | None:
    written = row.cells[column].strip()
    if not written:
        return None
    call = _CALL.fullmatch(written)
    members = tuple(_MEMBER.findall(call["members"])) if call is not None else ()
    if call is not None and call["word"] == "Equals" and members == ("",):
        return "nobody", ()
    operator = _OPERATORS.get(call["word"]) if call is not None else None
    if operator is None or not all(members):
        raise row.refuse(
            column,
            "where ContainsAtMost, ContainsAtLeast or ContainsExactly with SIDs in quotation marks, Equals('') or "
            "nothing is expected.",
        )
    return operator, tuple(member.removeprefix("*") for member in members)
