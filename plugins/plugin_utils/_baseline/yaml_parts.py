# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a YAML file with the lines they stand on: each is taken as what it must be, or refused by its line."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

# What a person can read on one line. The same pattern stands in docs/schema/user-rights-baseline.json.
_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*")
# No baseline is nested so deeply; PyYAML builds its nodes by recursion.
_DEEPEST = 16
_LOADER: t.Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {"str": "text", "int": "a number", "float": "a number", "bool": "true or false", "null": "nothing"}


@dataclass(frozen=True)
class Part:
    """One node of a file: ``file`` and ``what`` ("control V-1: expected") are for its messages."""

    file: str
    node: t.Any
    what: str

    def refuse(self, why: str) -> InputError:
        """The error for this part: file, line and what it is, then ``why``."""
        return InputError(f"{self.file}, line {self.node.start_mark.line + 1}: {self.what} {why}")

    def _is(self) -> str:
        if isinstance(self.node, yaml.MappingNode):
            return "a mapping"
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        return _KINDS.get(str(self.node.tag).rpartition(":")[2], "something else")

    def named(self, what: str) -> Part:
        """The same part under another name."""
        return Part(self.file, self.node, what)

    def mapping(self, required: Collection[str] = (), optional: Collection[str] | None = ()) -> Mapping[str, Part]:
        """The parts of a mapping by their keys; ``optional`` None lets any key pass. Raises InputError."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.refuse(f"must be a mapping, and is {self._is()}.")
        parts: dict[str, Part] = {}
        for key_node, value in self.node.value:
            key = Part(self.file, key_node, f"a key of {self.what}").text()
            if key in parts:
                raise Part(self.file, key_node, self.what).refuse(f"has the key {key!r} twice.")
            if optional is not None and key not in required and key not in optional:
                known = ", ".join((*required, *optional))
                raise Part(self.file, key_node, self.what).refuse(f"has an unknown key, {key!r}. Known are: {known}.")
            parts[key] = Part(self.file, value, f"{self.what}: {key}")
        missing = [key for key in required if key not in parts]
        if missing:
            raise self.refuse(f"has no {' and no '.join(missing)}.")
        return parts

    def sequence(self) -> list[Part]:
        """The parts of a list; raises InputError."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.refuse(f"must be a list, and is {self._is()}.")
        return [Part(self.file, node, f"{self.what}, entry {number}") for number, node in enumerate(self.node.value, 1)]

    def text(self) -> str:
        """The text of a scalar of one line; raises InputError."""
        if not isinstance(self.node, yaml.ScalarNode) or self._is() != "text":
            quote = "" if not isinstance(self.node, yaml.ScalarNode) else " Put it in quotation marks."
            raise self.refuse(f"must be text, and is {self._is()}.{quote}")
        text = str(self.node.value)
        if _ONE_LINE.fullmatch(text) is None:
            why = "a line break or another control character in it" if text.strip() else "nothing in it"
            raise self.refuse(f"must be one line of text, and has {why}.")
        return text

    def choice(self, words: Collection[str]) -> str:
        """The text of a scalar that is one of ``words``; raises InputError."""
        text = self.text()
        if text not in words:
            raise self.refuse(f"is {text!r}, which is none of: {', '.join(words)}.")
        return text

    def raw(self) -> str:
        """The text of a scalar of any kind, as it is written; raises InputError."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.refuse(f"must be one value, and is {self._is()}.")
        return str(self.node.value)

    def has(self, key: str) -> bool:
        """Whether this is a mapping with this key."""
        return self.is_mapping and any(
            isinstance(node, yaml.ScalarNode) and node.value == key for node, dummy in self.node.value
        )

    @property
    def is_mapping(self) -> bool:
        """Whether this is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_sequence(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.node, yaml.SequenceNode)


def compose(text: str, file: str) -> Part | None:
    """The one document of a file as a part, None where it is empty; raises InputError with the line for no YAML."""
    try:
        _refuse_depth(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise InputError(f"{file}{line}: this is no valid YAML: {problem}.") from error
    return None if node is None else Part(file, node, "the file")


def _refuse_depth(text: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            why = f"a baseline has no aliases (*{event.anchor}). Write the part out"
            raise InputError(f"{file}, line {_line(event)}: {why}.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise InputError(f"{file}, line {_line(event)}: nothing in a baseline is nested more than {_DEEPEST} deep.")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1
