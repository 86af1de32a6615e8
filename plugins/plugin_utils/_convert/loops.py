# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop over what the file itself lists, taken apart: one task for each turn (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

from .source import fields, items, scalar

KEYWORDS = ("loop", "with_items", "loop_control")


@dataclass(frozen=True)
class Turn:
    """One turn: the name of the loop's variable and its value; no name where the task has no loop."""

    variable: str = ""
    value: yaml.Node | None = None


def turns(task: Mapping[str, yaml.Node]) -> Sequence[Turn]:
    """The turns of a task, one for a task without a loop; raises InputError for a loop over what is not in the file."""
    over = task.get("loop", task.get("with_items"))
    if over is None:
        return (Turn(),)
    if not isinstance(over, yaml.SequenceNode):
        raise InputError(f"it loops over {scalar(over) or 'what is no list'}, which is not in the file")
    control = fields(task["loop_control"]) if "loop_control" in task else {}
    others = [key for key in control if key not in ("label", "loop_var")]
    if others:
        raise InputError(f"its loop_control has {', '.join(others)}")
    variable = scalar(control.get("loop_var")) or "item"
    if any(isinstance(one, yaml.SequenceNode) for one in items(over)):
        raise InputError("it loops over lists in a list")
    return tuple(Turn(variable, one) for one in items(over))


def filled(node: yaml.Node, turn: Turn) -> yaml.Node:
    """A node with the loop's variable replaced by its value; raises InputError where it is more than the whole text."""
    if isinstance(node, yaml.SequenceNode):
        inner = [filled(one, turn) for one in node.value]
        return yaml.SequenceNode(node.tag, inner, node.start_mark, node.end_mark, node.flow_style)
    text = scalar(node)
    if text is None or not turn.variable or not mentions(text, turn.variable):
        return node
    part = re.fullmatch(
        r"\s*\{\{\s*"
        + re.escape(turn.variable)
        + r"(?:\.(?P<key>\w+)|\[(?P<q>['\"])(?P<quoted>\w+)(?P=q)\])?\s*\}\}\s*",
        text,
    )
    if part is None or turn.value is None:
        raise InputError(f"it makes something of its loop's {turn.variable}: {text}")
    key = part["key"] or part["quoted"]
    if key is None:
        return turn.value
    found = fields(turn.value)
    if key not in found:
        raise InputError(f"a turn of its loop has no {key}")
    return found[key]


def mentions(text: str, name: str) -> bool:
    """Whether a word stands in an expression."""
    return re.search(rf"(?<![\w.]){re.escape(name)}\b", text) is not None
