# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every task of a file in its order, with the conditions and tags of the blocks around it, and its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

from .source import Comment, Source, fields, items, last_line, scalar

_TASK_LISTS = ("pre_tasks", "tasks", "post_tasks", "handlers")
_OF_BLOCK = ("name", "block", "when", "tags", "rescue", "always")
_DEPTH = 20


@dataclass(frozen=True)
class Around:
    """What the blocks around a task give it; ``trouble`` is why nothing in them can be taken out, a clause."""

    section: str = ""
    conditions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Leaf:
    """One task: its keys, where it stands, what is around it and which comments are its own."""

    node: yaml.Node
    keys: Mapping[str, yaml.Node]
    around: Around
    comments: tuple[Comment, ...] = field(default=())

    @property
    def line(self) -> int:
        """The line of the task as people count."""
        return int(self.node.start_mark.line) + 1

    @property
    def title(self) -> str:
        """Its name; empty where it has none."""
        return scalar(self.keys.get("name")) or ""


def leaves(source: Source) -> tuple[Leaf, ...]:
    """Every task of a task file or playbook; raises InputError for a file that is neither."""
    if not isinstance(source.root, yaml.SequenceNode):
        raise InputError(f"{source.name} is no list of tasks or plays.")
    found: list[Leaf] = []
    for item in items(source.root):
        keys = fields(item)
        if "hosts" in keys:
            found.extend(_play(keys))
        else:
            found.extend(_task(item, Around(), 0))
    return _with_comments(found, source)


def _play(keys: Mapping[str, yaml.Node]) -> Iterator[Leaf]:
    title = scalar(keys.get("name")) or f"hosts: {scalar(keys['hosts']) or '…'}"
    trouble = _defaults(keys)
    for name in _TASK_LISTS:
        around = Around(title, trouble="it is a handler" if name == "handlers" else trouble)
        for item in items(keys.get(name)):
            yield from _task(item, around, 0)


def _task(node: yaml.Node, around: Around, depth: int) -> Iterator[Leaf]:
    keys = fields(node)
    if "block" not in keys:
        yield Leaf(node, keys, around)
        return
    if depth > _DEPTH:
        raise InputError(f"There are more than {_DEPTH} blocks in each other.")
    inner = _inside(keys, around)
    for name in ("block", "rescue", "always"):
        for item in items(keys.get(name)):
            of_part = inner if name == "block" else replace(inner, trouble=f"it stands in {name}")
            yield from _task(item, of_part, depth + 1)


def _inside(keys: Mapping[str, yaml.Node], around: Around) -> Around:
    """What a block gives its tasks, beside what is around it."""
    others = [key for key in keys if key not in _OF_BLOCK]
    trouble = around.trouble or _defaults(keys)
    if others and not trouble:
        trouble = f"its block has {', '.join(others)}"
    if "rescue" in keys and not trouble:
        trouble = "its block has a rescue"
    try:
        conditions = conditions_of(keys)
    except InputError as exc:
        conditions, trouble = (), trouble or str(exc)
    return Around(
        around.section,
        (*around.conditions, *conditions),
        (*around.tags, *tags_of(keys)),
        trouble,
    )


def _defaults(keys: Mapping[str, yaml.Node]) -> str:
    """Why what module_defaults give a task cannot be seen in it; nothing where there are none for it."""
    names = list(fields(keys["module_defaults"])) if "module_defaults" in keys else []
    about = [name for name in names if "user_right" in name or "dsc" in name or name.startswith("group/")]
    return f"module_defaults of {', '.join(about)} hold for it" if about else ""


def conditions_of(keys: Mapping[str, yaml.Node]) -> tuple[str, ...]:
    """The expressions of ``when``, all of which have to hold; raises InputError for what is no expression."""
    node = keys.get("when")
    if node is None:
        return ()
    found = []
    for one in items(node) if isinstance(node, yaml.SequenceNode) else (node,):
        text = scalar(one)
        if text is None or "{{" in text or "{%" in text:
            raise InputError("its when is no plain expression")
        found.append(" ".join(text.split()))
    return tuple(found)


def tags_of(keys: Mapping[str, yaml.Node]) -> tuple[str, ...]:
    """The tags of a task or block."""
    node = keys.get("tags")
    if node is None:
        return ()
    texts = [scalar(one) or "" for one in (items(node) if isinstance(node, yaml.SequenceNode) else (node,))]
    return tuple(part for text in texts for part in re.split(r"\s*,\s*", text.strip()) if part)


def registered(found: Sequence[Leaf]) -> Mapping[str, int]:
    """The variables that tasks of the file register, with the line of the task."""
    names = {scalar(leaf.keys.get("register")): leaf.line for leaf in found}
    return {name: line for name, line in names.items() if name}


def _with_comments(found: Sequence[Leaf], source: Source) -> tuple[Leaf, ...]:
    """Give each comment to the task that it stands in, follows at once or stands before."""
    given: list[list[Comment]] = [[] for dummy in found]
    spans = [(leaf.node.start_mark.line, last_line(leaf.node), leaf.node.start_mark.column) for leaf in found]
    index = 0
    for comment in source.comments:
        while index < len(found) and spans[index][1] < comment.line:
            index += 1
        before = spans[index - 1] if index else None
        if before is not None and comment.column >= before[2] and _follows(source, before[1], comment.line):
            given[index - 1].append(comment)
        elif index < len(found):
            given[index].append(comment)
    return tuple(replace(leaf, comments=tuple(own)) for leaf, own in zip(found, given, strict=True))


def _follows(source: Source, last: int, line: int) -> bool:
    """Whether only comments stand between the end of a task and a line."""
    return all(text.lstrip().startswith("#") for text in source.lines[last + 1 : line])
