# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's XML as Windows writes it back: with its URI and every setting (capture tasks/37, docs/sources.md S13)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from lab.state.task_schema import NAMESPACE

if TYPE_CHECKING:
    from lab.state.task_nodes import Node
    from lab.state.tasks import Task

# The settings of capture tasks/37, in its order; IdleSettings stand between the two groups.
DEFAULTS = (
    ("MultipleInstancesPolicy", "IgnoreNew"),
    ("DisallowStartIfOnBatteries", "true"),
    ("StopIfGoingOnBatteries", "true"),
    ("AllowHardTerminate", "true"),
    ("StartWhenAvailable", "false"),
    ("RunOnlyIfNetworkAvailable", "false"),
    ("AllowStartOnDemand", "true"),
    ("Enabled", "true"),
    ("Hidden", "false"),
    ("RunOnlyIfIdle", "false"),
    ("WakeToRun", "false"),
    ("ExecutionTimeLimit", "P3D"),
    ("Priority", "7"),
)


def exported(task: Task) -> str:
    """The whole task, two blanks for each level, lines of CR LF."""
    root = task.definition.root
    lines = ['<?xml version="1.0" encoding="UTF-16"?>']
    lines.append(f'<Task version={quoteattr(root.attributes.get("version", "1.2"))} xmlns="{NAMESPACE}">')
    for name in ("RegistrationInfo", "Triggers", "Principals", "Settings", "Data", "Actions"):
        section = task.definition.part(name)
        if name == "RegistrationInfo":
            lines += ["  <RegistrationInfo>", *_children(section, 2)]
            if section.child("URI") is None:
                lines.append(f"    <URI>{escape(task.path + task.name)}</URI>")
            lines.append("  </RegistrationInfo>")
        elif name == "Settings":
            lines += ["  <Settings>", *_settings(task), "  </Settings>"]
        elif section.children:
            lines += _element(section, 1)
        elif name == "Triggers":
            lines.append("  <Triggers />")
    return "\r\n".join([*lines, "</Task>"])


def _settings(task: Task) -> list[str]:
    section = task.definition.part("Settings")
    found = []
    for name, default in DEFAULTS:
        value = section.value(name, default)
        if name == "Enabled":
            value = str(task.enabled).lower()
        found.append(f"    <{name}>{escape(value)}</{name}>")
    known = {name for name, dummy in DEFAULTS}
    return found + [line for child in section.children if child.name not in known for line in _element(child, 2)]


def _children(node: Node, depth: int) -> list[str]:
    return [line for child in node.children for line in _element(child, depth)]


def _element(node: Node, depth: int) -> list[str]:
    blanks = "  " * depth
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    if node.children:
        inner = _children(node, depth + 1)
        return [f"{blanks}<{node.name}{attributes}>", *inner, f"{blanks}</{node.name}>"]
    text = escape(node.text)
    return [
        f"{blanks}<{node.name}{attributes}>{text}</{node.name}>" if text else f"{blanks}<{node.name}{attributes} />"
    ]
