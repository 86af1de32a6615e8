# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own format of a baseline, in YAML (docs/schema/user-rights-baseline.json): read whole, or refused by its line.

What a schema cannot say is refused here as well: an unknown right, an account that cannot be meant, one id twice for a
role.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import canonical

from . import once, principal
from .model import (
    HOST_ROLES,
    Baseline,
    Condition,
    Control,
    Expected,
    HostRole,
    Operator,
    OptionalMember,
    Principal,
    Severity,
)
from .yaml_parts import Part

FILE_KEYS = ("title", "release", "source", "controls")
CONTROL_KEYS = ("id", "title", "operator")
CONTROL_OPTIONAL = ("right", "concerns", "expected", "optional", "applies_to", "severity", "references", "note")
_REFERENCE = re.compile(r"[a-z][a-z0-9_]*")


def read(whole: Part, name: str) -> Baseline:
    """The baseline in a file, which is called ``name`` in results; raises InputError."""
    parts = whole.mapping(FILE_KEYS)
    entries = parts["controls"].named("controls").sequence()
    if not entries:
        raise parts["controls"].named("controls").refuse("is empty; a baseline has at least one control.")
    controls = []
    seen = once.Seen()
    for entry in entries:
        control = _control(entry)
        why = seen.why_not(control)
        if why is not None:
            raise entry.named(f"control {control.id!r}").refuse(why)
        controls.append(control)
    head = {key: parts[key].named(key).text() for key in ("title", "release", "source")}
    return Baseline(name, head["title"], head["release"], head["source"], tuple(controls))


def _control(entry: Part) -> Control:
    own = entry.named(entry.what.replace("controls, entry", "control"))
    identifier = own.mapping(("id",), None)["id"].text()
    own = own.named(f"control {identifier!r}")
    parts = own.mapping(CONTROL_KEYS, CONTROL_OPTIONAL)
    operator = t.cast("Operator", parts["operator"].choice(t.get_args(Operator)))
    right, concerns = _right(own, parts, operator)
    return Control(
        id=identifier,
        title=parts["title"].text(),
        right=right,
        operator=operator,
        expected=_expected(own, parts.get("expected"), operator),
        optional=_optional(parts.get("optional"), operator),
        applies_to=_applies_to(parts.get("applies_to")),
        severity=t.cast("Severity", parts["severity"].choice(t.get_args(Severity)))
        if "severity" in parts
        else "medium",
        references=_references(parts.get("references")),
        concerns=concerns,
        note=parts["note"].text() if "note" in parts else "",
    )


def _right(own: Part, parts: Mapping[str, Part], operator: Operator) -> tuple[str | None, t.Literal["all", "orphans"]]:
    if "concerns" in parts:
        parts["concerns"].choice(("orphans",))
        beside = [key for key in ("right", "expected", "optional") if key in parts]
        if beside or operator != "nobody":
            wrong = f"has {beside[0]}" if beside else f"has operator {operator}"
            raise own.refuse(f"concerns orphans in every right, and {wrong}. It takes operator nobody and no right.")
        return None, "orphans"
    if "right" not in parts:
        raise own.refuse("has no right. Write a constant such as SeTcbPrivilege or its English display name.")
    written = parts["right"].text()
    try:
        return canonical(written).constant, "all"
    except InputError as error:
        raise parts["right"].refuse(f"cannot be meant. {error}") from error


def _expected(own: Part, part: Part | None, operator: Operator) -> tuple[Expected, ...]:
    entries = part.sequence() if part is not None else []
    if operator == "nobody" and entries and part is not None:
        raise part.refuse("has accounts, and the operator is nobody. Take them out, or write another operator.")
    if operator != "nobody" and not entries:
        raise own.refuse(
            f"has operator {operator} and expects no account. Write operator: nobody where nobody is meant."
        )
    return tuple(_one(entry, operator) for entry in entries)


def _one(entry: Part, operator: Operator) -> Expected:
    if not entry.is_mapping:
        return Expected((_account(entry),))
    several = entry.mapping(("any_of",))["any_of"]
    if operator == "at_most":
        raise several.refuse("says which of several must hold the right, and with at_most nobody must. List them all.")
    accounts = several.sequence()
    if len(accounts) < 2:
        raise several.refuse("needs two accounts or more.")
    return Expected(tuple(_account(account) for account in accounts))


def _account(part: Part) -> Principal:
    written = part.text()
    try:
        return principal.parse(written)
    except InputError as error:
        raise part.refuse(f"cannot be meant. {error}") from error


def _optional(part: Part | None, operator: Operator) -> tuple[OptionalMember, ...]:
    if part is None:
        return ()
    if operator == "at_least":
        raise part.refuse("says who else may hold the right, and with at_least everybody may. Take it out.")
    members = []
    for entry in part.sequence():
        keys = entry.mapping(("account", "reason"), ("when",))
        when = None
        if "when" in keys:
            when = Condition(keys["when"].mapping(("service",))["service"].text())
        members.append(OptionalMember(_account(keys["account"]), keys["reason"].text(), when))
    return tuple(members)


def _applies_to(part: Part | None) -> frozenset[HostRole]:
    if part is None:
        return frozenset(HOST_ROLES)
    roles = [t.cast("HostRole", entry.choice(HOST_ROLES)) for entry in part.sequence()]
    if not roles or len(set(roles)) != len(roles):
        raise part.refuse(f"must name each role once, and at least one of: {', '.join(HOST_ROLES)}.")
    return frozenset(roles)


def _references(part: Part | None) -> Mapping[str, str | tuple[str, ...]]:
    found: dict[str, str | tuple[str, ...]] = {}
    for key, value in part.mapping((), None).items() if part is not None else ():
        if _REFERENCE.fullmatch(key) is None:
            raise value.refuse("has a name with other signs than small letters, digits and underscores.")
        found[key] = tuple(entry.text() for entry in value.sequence()) if value.is_sequence else value.text()
    return found
