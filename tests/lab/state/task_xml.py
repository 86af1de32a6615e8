# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The XML of a scheduled task: what Task Scheduler takes from it, and what it refuses (docs/sources.md S13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from lab.state import task_schema as schema
from lab.state.task_nodes import (
    INVALID_VALUE,
    MALFORMED,
    MISSING_NODE,
    UNEXPECTED_NODE,
    WRONG_NAMESPACE,
    Node,
    TaskXmlError,
    moment,
    seconds,
)

if TYPE_CHECKING:
    import datetime as dt

# The declarations that fit text of 16 bits, as a string has it; for any other MSXML is "unable to switch the encoding".
_WIDE = ("utf-16", "ucs-2", "unicode")
_DECLARED = re.compile(r"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"'][^>]*\?>")


@dataclass(frozen=True)
class Trigger:
    """One trigger: its element, its boundaries as written and as moments (naive ones are local time), its delay."""

    kind: str
    enabled: bool
    start: dt.datetime | None
    end: dt.datetime | None
    delay: float
    node: Node


@dataclass(frozen=True)
class Action:
    """One program, as written: variables are not yet expanded."""

    command: str
    arguments: str
    folder: str


@dataclass(frozen=True)
class Definition:
    """What a task says of itself."""

    xml: str
    root: Node
    triggers: tuple[Trigger, ...]
    actions: tuple[Action, ...]
    user: str
    group: str
    policy: str
    on_demand: bool
    enabled: bool
    on_batteries: bool
    """Whether it starts, and goes on, while the computer runs on batteries."""
    longest: float
    """Seconds after which an instance is ended; infinite: never."""
    delete_after: float | None
    """Seconds after the end of all triggers; None: it is never removed."""

    def part(self, name: str) -> Node:
        """A section of the task, an empty one where it has none."""
        return self.root.child(name) or Node(name, 0, 0, {})


_BATTERIES = ("DisallowStartIfOnBatteries", "StopIfGoingOnBatteries")


def parse(text: str, newest: tuple[int, int]) -> Definition:
    """Read a task; raises TaskXmlError.

    Args:
        text: the XML as a string; what its declaration says must fit a string of 16 bits.
        newest: the highest version of the schema that this Windows knows.
    """
    check_declaration(text, _WIDE)
    root = _tree(text)
    if root.name != "Task":
        raise root.refused(UNEXPECTED_NODE)
    version = _version(root, newest)
    schema.check(root, version)
    return _definition(text, root)


def check_declaration(text: str, fitting: tuple[str, ...]) -> None:
    """Refuse a declaration that names another encoding; raises TaskXmlError."""
    declared = _DECLARED.match(text)
    if declared and declared.group(1).casefold() not in fitting:
        # (1,40) behind a declaration of UTF-8: docs/sources.md S13 [C]
        raise TaskXmlError(MALFORMED, f"(1,{declared.end() + 2})::ERROR: unable to switch the encoding")


def _tree(text: str) -> Node:
    parser = expat.ParserCreate("utf-8", namespace_separator="|")
    stack: list[Node] = [Node("", 0, 0, {})]

    def opened(tag: str, attributes: dict[str, str]) -> None:
        namespace, dummy, name = tag.rpartition("|")
        node = Node(name, parser.CurrentLineNumber, parser.CurrentColumnNumber + 2, attributes)
        if namespace != schema.NAMESPACE and not any(n.name == "Data" for n in stack):
            raise node.refused(WRONG_NAMESPACE)
        stack[-1].children.append(node)
        stack.append(node)

    def text_of(data: str) -> None:
        stack[-1].text += data

    def closed(dummy: str) -> None:
        stack.pop()

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, text_of
    try:
        parser.Parse(_DECLARED.sub("", text, count=1).encode("utf-8", "surrogatepass"), True)
    except (expat.ExpatError, UnicodeError) as exc:
        place = f"({getattr(exc, 'lineno', 1)},{getattr(exc, 'offset', 0) + 1})"
        raise TaskXmlError(MALFORMED, f"{place}::ERROR: {exc}") from exc
    return stack[0].children[0]


def _version(root: Node, newest: tuple[int, int]) -> tuple[int, int]:
    said = root.attributes.get("version", "1.2")
    if not re.fullmatch(r"\d+\.\d+", said) or not (1, 0) < _pair(said) <= newest:
        raise TaskXmlError(INVALID_VALUE, f"({root.line},{root.column}):version:{said}")
    return _pair(said)


def _pair(text: str) -> tuple[int, int]:
    major, dummy, minor = text.partition(".")
    return int(major), int(minor)


def _definition(text: str, root: Node) -> Definition:
    settings = root.child("Settings") or Node("Settings", root.line, root.column, {})
    triggers = tuple(_trigger(node) for node in (root.child("Triggers") or Node("", 0, 0, {})).children)
    principal = (root.child("Principals") or Node("", 0, 0, {})).child("Principal") or Node("", 0, 0, {})
    expiring = settings.child("DeleteExpiredTaskAfter")
    if expiring is not None and (not triggers or any(t.end is None for t in triggers)):
        raise TaskXmlError(MISSING_NODE, f"({expiring.line},{expiring.column}):EndBoundary:")
    actions = root.child("Actions")
    assert actions is not None  # the schema saw to it
    return Definition(
        text,
        root,
        triggers,
        tuple(_action(node) for node in actions.children if node.name == "Exec"),
        principal.value("UserId"),
        principal.value("GroupId"),
        settings.value("MultipleInstancesPolicy", "IgnoreNew"),
        _true(settings.value("AllowStartOnDemand", "true")),
        _true(settings.value("Enabled", "true")),
        all(settings.value(name, "true") in ("false", "0") for name in _BATTERIES),
        _longest(settings),
        None if expiring is None else seconds(expiring),
    )


def _longest(settings: Node) -> float:
    """ExecutionTimeLimit: three days where nothing is said, PT0S for no limit."""
    limit = settings.child("ExecutionTimeLimit")
    return 3 * 86400.0 if limit is None else seconds(limit) or float("inf")


def _trigger(node: Node) -> Trigger:
    delay = node.child("Delay")
    return Trigger(
        node.name,
        _true(node.value("Enabled", "true")),
        moment(node.child("StartBoundary")),
        moment(node.child("EndBoundary")),
        0.0 if delay is None else seconds(delay),
        node,
    )


def _action(node: Node) -> Action:
    return Action(node.value("Command"), node.value("Arguments"), node.value("WorkingDirectory"))


def _true(text: str) -> bool:
    return text in ("true", "1")
