# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of win_user_right and of SecurityPolicyDsc, as their own code takes them (pure).

Sources: ansible.windows plugins/modules/win_user_right.ps1 (spec, and what add, remove and set do), SecurityPolicyDsc
MSFT_UserRightsAssignment.psm1 (Ensure, Force, an empty Identity, names in brackets).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import canonical

from .model import Verb
from .source import fields, is_null, items, scalar

MODULES = (
    *("ansible.windows.win_user_right", "win_user_right"),
    *("ansible.windows.win_dsc", "win_dsc"),
)
_VERBS: Mapping[str, Verb] = {"add": "add", "remove": "remove", "set": "set"}
_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


@dataclass(frozen=True)
class Asked:
    """A right, what to do with it, and the node that names the accounts; None for nobody.

    ``remark`` is a sentence about something that was read with good will.
    """

    right: str
    verb: Verb
    who: yaml.Node | None
    remark: str = ""


def is_about_rights(module: str, args: Mapping[str, yaml.Node]) -> bool:
    """Whether a task of one of the modules is about user rights: win_dsc has many resources."""
    return "dsc" not in module or (scalar(args.get("resource_name")) or "").lower() == "userrightsassignment"


def asked(module: str, args: Mapping[str, yaml.Node]) -> Asked:
    """What a task asks for; raises InputError with the reason why it could not be understood, a clause."""
    return _dsc(args) if "dsc" in module else _user_right(args)


def _user_right(args: Mapping[str, yaml.Node]) -> Asked:
    _refuse_others(args, ("name", "users", "action"), "win_user_right")
    right = _right(args.get("name"))
    action = _plain("action", args.get("action"), "set").lower()
    if action not in _VERBS:
        raise InputError(f"action is {action!r}; it is add, remove or set")
    if "users" not in args:
        raise InputError("it has no users")
    users = args["users"]
    if not is_null(users):
        return Asked(right, _VERBS[action], users)
    if action != "set":
        raise InputError(f"users is empty, and action is {action}")
    return Asked(right, "set", None, f"users of {right} is null; it was taken for an empty list, nobody.")


def _dsc(args: Mapping[str, yaml.Node]) -> Asked:
    """Ensure is Present by default and Force false; a resource without Identity takes the right from everybody."""
    known = {key.lower(): node for key, node in args.items()}
    _refuse_others(known, ("resource_name", "module_version", "policy", "identity", "ensure", "force"), "the resource")
    right = _right(known.get("policy"))
    ensure = _plain("Ensure", known.get("ensure"), "Present").lower()
    force = _plain("Force", known.get("force"), "false").lower()
    if ensure not in ("present", "absent") or force not in (*_TRUE, *_FALSE):
        raise InputError(f"Ensure is {ensure!r} and Force is {force!r}")
    if _is_nobody(known.get("identity")):
        if ensure == "absent":
            raise InputError("Ensure is Absent and Identity is empty, which takes the right from everybody")
        return Asked(right, "set", None)
    if ensure == "absent":
        return Asked(right, "remove", known["identity"])
    return Asked(right, "set" if force in _TRUE else "add", known["identity"])


def _is_nobody(node: yaml.Node | None) -> bool:
    if node is None or is_null(node):
        return True
    names = [scalar(one) or "" for one in items(node)] if isinstance(node, yaml.SequenceNode) else [scalar(node)]
    return all((name or "").strip().lower() in ("", "null") for name in names)


def _refuse_others(args: Mapping[str, yaml.Node], known: tuple[str, ...], who: str) -> None:
    others = [key for key in args if key not in known]
    if others:
        raise InputError(f"it has {', '.join(others)}, which {who} does not have or this task cannot say")


def _right(node: yaml.Node | None) -> str:
    name = scalar(node)
    if name is None:
        raise InputError("it names no right")
    if "{{" in name:
        raise InputError(f"its right is a template, {name}")
    return canonical(name).constant


def _plain(option: str, node: yaml.Node | None, default: str) -> str:
    """The text of an option; null is as if it were not written."""
    if node is None or is_null(node):
        return default
    text = scalar(node)
    if text is None or "{{" in text:
        raise InputError(f"{option} is no plain word")
    return text.strip()


def args_of(node: yaml.Node) -> Mapping[str, yaml.Node]:
    """The options of a module; raises InputError where they are no mapping."""
    if not isinstance(node, yaml.MappingNode):
        raise InputError("its options are no mapping: write each on a line of its own")
    found = fields(node)
    if "<<" in found:
        raise InputError("it has a merge key (<<)")
    return found
