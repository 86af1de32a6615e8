# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document of Microsoft's OSConfig (.osc.yaml) as a baseline: what is tested of a right, not what would be written.

The schemas that Microsoft's own documents have: items.enum is at most these, with unevaluatedItems: false exactly these
(and not the empty list, which the schema lets pass), maxItems: 0 nobody, allOf of contains.const at least these. Any
other is refused, because it would be judged by half. The document does not say for which role it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.csp import CSP_NAMES

from . import once, principal
from .model import Baseline, Control, Expected, Operator, Principal
from .yaml_parts import Part

_TEST = "microsoft.osconfig/test"
_CSP = "microsoft.windows/csp"
_RIGHTS = "microsoft.windows/userrightsassignment"
_AREA = "config/userrights/"
_KNOWN = (
    "has a schema that is not known for a list of accounts. Known are items.enum (with or without unevaluatedItems: "
    "false), maxItems: 0, contains.const and allOf of several."
)

# What a test or a resource asks: the operator, and the accounts as parts of the document.
Asked = tuple[Operator, list[Part]]


def read(whole: Part, name: str, release: str) -> Baseline:
    """The baseline in a document; raises InputError."""
    controls: list[Control] = []
    seen = once.Seen()
    for entry in whole.mapping(("resources",), None)["resources"].named("resources").sequence():
        control = _resource(entry)
        if control is None:
            continue
        why = seen.why_not(control)
        if why is not None:
            raise entry.named(f"control {control.id!r}").refuse(why)
        controls.append(control)
    if not controls:
        raise InputError(f"{name} has no user right: no resource of it is one.")
    return Baseline(name, f"OSConfig document {name}", release, f"{name}, OSConfig document", tuple(controls))


def _resource(entry: Part) -> Control | None:
    """The control of a resource, None where it is about something else."""
    keys = entry.mapping(("name", "type", "properties"), None)
    title = keys["name"].text()
    named = entry.named(f"resource {title!r}")
    properties = keys["properties"].named(named.what)
    if keys["type"].text().lower() == _TEST:
        return _tested(named, properties.mapping((), None), title)
    right = _right(keys["type"], properties)
    if right is None:
        return None
    accounts = properties.mapping(("name", "value"), None)["value"].sequence() if right.written_as_list else None
    if accounts is None:
        raise named.refuse("writes a user right and tests none. Wrap it into Microsoft.OSConfig/Test with a schema.")
    return _control(right, title, ("exactly" if accounts else "nobody", accounts))


def _tested(named: Part, properties: Mapping[str, Part], title: str) -> Control | None:
    if "resource" not in properties:
        return None
    inner = properties["resource"].named(named.what).mapping(("type", "properties"), None)
    right = _right(inner["type"], inner["properties"].named(named.what))
    if right is None:
        return None
    if "schema" not in properties:
        raise named.refuse("tests a user right by something else than a schema, which cannot be judged here.")
    return _control(right, title, _asked(properties["schema"].named(f"{named.what}: schema")))


class _Right:
    """The user right that a resource is about."""

    def __init__(self, identifier: str, constant: str, *, written_as_list: bool) -> None:
        self.id = identifier
        self.constant = constant
        self.written_as_list = written_as_list


def _right(kind: Part, properties: Part) -> _Right | None:
    word = kind.text().lower()
    if word == _RIGHTS:
        name = properties.mapping(("name",), None)["name"]
        constant = name.choice(tuple(RIGHTS))
        return _Right(constant, constant, written_as_list=True)
    if word != _CSP:
        return None
    path = properties.mapping(("path",), None)["path"]
    called = path.text().rpartition("/")[2]
    if _AREA not in path.text().lower():
        return None
    if called not in CSP_NAMES:
        raise path.refuse(f"is {path.text()!r}, which ends with no user right that is known.")
    return _Right(called, CSP_NAMES[called], written_as_list=False)


def _asked(schema: Part) -> Asked:
    keys = schema.mapping((), None)
    words = set(keys)
    if words == {"maxItems"} and keys["maxItems"].raw() == "0":
        return "nobody", []
    if words == {"items"} or (words == {"items", "unevaluatedItems"} and keys["unevaluatedItems"].raw() == "false"):
        listed = keys["items"].mapping(("enum",))["enum"].sequence()
        if not listed:
            raise keys["items"].refuse("allows no account. Where nobody is meant, OSConfig writes maxItems: 0.")
        return ("exactly" if "unevaluatedItems" in keys else "at_most"), listed
    if words == {"contains"}:
        return "at_least", [_const(schema)]
    if words == {"allOf"} and keys["allOf"].sequence():
        return "at_least", [_const(part) for part in keys["allOf"].sequence()]
    raise schema.refuse(_KNOWN)


def _const(part: Part) -> Part:
    return part.mapping(("contains",))["contains"].mapping(("const",))["const"]


def _control(right: _Right, title: str, asked: Asked) -> Control:
    operator, accounts = asked
    expected = tuple(Expected((_account(part),)) for part in accounts)
    return Control(right.id, title, right.constant, operator, expected)


def _account(part: Part) -> Principal:
    written = part.text()
    try:
        return principal.parse(written.removeprefix("*"))
    except InputError as error:
        raise part.refuse(f"cannot be meant. {error}") from error
