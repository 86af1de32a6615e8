# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A YAML file with what PyYAML drops: where its comments stand, and how its scalars are spelled."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

_LONGEST = 4_000_000
_YAMLS_OWN = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Comment:
    """A comment without its mark; ``own_line`` where nothing stands before it. Lines and columns begin with 0."""

    line: int
    column: int
    text: str
    own_line: bool


class Source:
    """The text of one YAML file, its root node and its comments."""

    def __init__(self, text: str, name: str) -> None:
        """Read it; raises InputError, in one sentence with the line, for what is no YAML."""
        if len(text) > _LONGEST:
            raise InputError(f"{name} has more than {_LONGEST:,} characters; a file of tasks has not.")
        self.name = name
        self.lines = text.split("\n")
        self._text = text
        try:
            self.root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
            self.comments = tuple(self._find_comments())
        except (yaml.YAMLError, ValueError, RecursionError) as exc:
            mark = getattr(exc, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark is not None else ""
            problem = getattr(exc, "problem", None) or str(exc).split("\n", maxsplit=1)[0] or type(exc).__name__
            raise InputError(f"{name}{where}, is no YAML: {problem}.") from exc

    def _find_comments(self) -> Iterator[Comment]:
        """Every comment: a hash at the start of a line or behind a blank, and not inside a scalar."""
        inside: dict[int, list[tuple[int, int]]] = {}
        for token in yaml.scan(self._text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.ScalarToken):
                for line, start, end in _spans(token):
                    inside.setdefault(line, []).append((start, end))
        for number, written in enumerate(self.lines):
            column = _hash(written, inside.get(number, ()))
            if column is not None:
                yield Comment(number, column, written[column + 1 :].strip(), not written[:column].strip())

    def spelled(self, node: yaml.ScalarNode) -> str:
        """The scalar as the file has it where that is one line and may stand in any list; else as JSON has it."""
        start, end = node.start_mark, node.end_mark
        written = self._text[start.index : end.index] if start.line == end.line else ""
        plain = written and (node.style in ("'", '"') or not set(written) & set(",[]{}"))
        return written if plain else json.dumps(node.value, ensure_ascii=False)

    def text_of(self, node: yaml.Node) -> str:
        """The lines of a node, for a proposal that is shown as it stands."""
        return self._text[node.start_mark.index : node.end_mark.index].rstrip()


def _spans(token: yaml.ScalarToken) -> Iterator[tuple[int, int, int]]:
    """The parts of lines that a scalar covers: line, first column, column behind the last."""
    first, last = token.start_mark.line, token.end_mark.line
    for line in range(first, last + 1):
        yield (
            line,
            token.start_mark.column if line == first else 0,
            token.end_mark.column if line == last else 1 << 30,
        )


def _hash(line: str, covered: Sequence[tuple[int, int]]) -> int | None:
    for column, char in enumerate(line):
        if char != "#" or (column and line[column - 1] not in " \t"):
            continue
        if not any(start <= column < end for start, end in covered):
            return column
    return None


def fields(node: yaml.Node) -> Mapping[str, yaml.Node]:
    """The values of a mapping by their keys, the last of equal ones; nothing for another node."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def items(node: yaml.Node | None) -> Sequence[yaml.Node]:
    """The entries of a sequence; nothing for another node."""
    return t.cast("list[yaml.Node]", node.value) if isinstance(node, yaml.SequenceNode) else ()


def scalar(node: yaml.Node | None) -> str | None:
    """The text of a scalar; None for another node, for null, and for one with a tag of its own such as ``!vault``."""
    if not isinstance(node, yaml.ScalarNode) or is_null(node):
        return None
    return str(node.value) if node.tag.startswith(_YAMLS_OWN) else None


def own_tag(node: yaml.Node) -> str:
    """The first tag in a node that is not YAML's own, such as ``!vault`` and ``!unsafe``; empty where there is none."""
    return next((str(part.tag) for part in _parts(node) if not part.tag.startswith(_YAMLS_OWN)), "")


def is_null(node: yaml.Node | None) -> bool:
    """Whether a key has no value, or null."""
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def last_line(node: yaml.Node) -> int:
    """The line on which the last scalar of a node ends; PyYAML's own mark of a block stands behind blank lines."""
    last = int(node.start_mark.line)
    for part in _parts(node):
        if isinstance(part, yaml.ScalarNode):
            behind = part.end_mark.line > part.start_mark.line and part.end_mark.column == 0
            last = max(last, part.end_mark.line - (1 if behind else 0))
    return last


def _parts(node: yaml.Node) -> Iterator[yaml.Node]:
    """A node and all that is in it, each once."""
    waiting, seen = [node], set[int]()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:  # an alias, whose anchor may even be around it
            continue
        seen.add(id(part))
        yield part
        if isinstance(part, yaml.MappingNode):
            waiting.extend(one for pair in part.value for one in pair)
        else:
            waiting.extend(items(part))
