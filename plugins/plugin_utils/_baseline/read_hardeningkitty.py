# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of HardeningKitty as a baseline: of its many settings the user rights, which it compares for equality.

Names are parted by ";". Operator "=" is exactly these (none: nobody), "contains" at least these. A name that ends with
"(DC)", "(DC only)" or "(Member)" is meant for those computers (docs/sources.md S12); other remarks are no roles.
"""

from __future__ import annotations

import re

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import canonical

from . import csv_rows, once, principal
from .model import HOST_ROLES, Baseline, Control, Expected, HostRole, Operator, Principal, Severity

COLUMNS = ("ID", "Name", "Method", "MethodArgument", "RecommendedValue", "Operator", "Severity")
_METHOD = "accesschk"
_REMARK = re.compile(r".*\((?P<remark>[^()]*)\)\s*")
_ROLES: dict[str, frozenset[HostRole]] = {
    "dc": frozenset({"domain_controller"}),
    "dc only": frozenset({"domain_controller"}),
    "member": frozenset({"member_server", "workgroup_member"}),
}
_SEVERITIES: dict[str, Severity] = {"low": "low", "medium": "medium", "high": "high"}
_THIS_COMPUTER = "computername\\"


def read(text: str, name: str, release: str) -> Baseline:
    """The baseline in a file called ``name``; raises InputError."""
    controls: list[Control] = []
    seen = once.Seen()
    for row in csv_rows.rows(text, name, COLUMNS):
        if row.cells["Method"].strip().lower() != _METHOD:
            continue
        control = _control(row)
        why = seen.why_not(control)
        if why is not None:
            raise InputError(f"{row.where}: control {control.id!r} {why}")
        controls.append(control)
    if not controls:
        raise InputError(f"{name} has no user right: no row of it has the method {_METHOD}.")
    return Baseline(name, f"HardeningKitty list {name}", release, f"{name}, HardeningKitty CSV", tuple(controls))


def _control(row: csv_rows.Row) -> Control:
    identifier = " ".join(row.cells["ID"].split())
    if not identifier:
        raise row.refuse("ID", "where the id of the row is expected.")
    try:
        right = canonical(row.cells["MethodArgument"]).constant
    except InputError as error:
        raise InputError(f"{row.where}: {error}") from error
    severity = _SEVERITIES.get(row.cells["Severity"].strip().lower())
    if severity is None:
        raise row.refuse("Severity", f"which is none of: {', '.join(_SEVERITIES)}.")
    members = [part.strip() for part in row.cells["RecommendedValue"].split(";") if part.strip()]
    remark = _REMARK.fullmatch(row.cells["Name"])
    return Control(
        id=identifier,
        title=" ".join(row.cells["Name"].split()),
        right=right,
        operator=_operator(row, members),
        expected=tuple(Expected((_account(row, member),)) for member in members),
        applies_to=_ROLES.get(remark["remark"].strip().lower() if remark else "", frozenset(HOST_ROLES)),
        severity=severity,
    )


def _operator(row: csv_rows.Row, members: list[str]) -> Operator:
    word = row.cells["Operator"].strip()
    if word == "=":
        return "exactly" if members else "nobody"
    if word == "contains" and members:
        return "at_least"
    if word == "contains":
        raise row.refuse("RecommendedValue", "where the accounts are expected that the right must contain.")
    raise row.refuse("Operator", "which says nothing that can be judged of a list of accounts; = and contains do.")


def _account(row: csv_rows.Row, member: str) -> Principal:
    if member.lower().startswith(_THIS_COMPUTER):
        member = f".\\{member[len(_THIS_COMPUTER) :]}"
    try:
        return principal.parse(member)
    except InputError as error:
        raise InputError(f"{row.where}: {error}") from error
