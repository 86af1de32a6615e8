# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a rule: each with its spelling and its comments, checked as far as one can without a host."""

from __future__ import annotations

import json
from collections.abc import Sequence

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse

from .model import Named, Verb
from .source import Comment, Source, items, scalar

# SecurityPolicyDsc takes each for a list of accounts that it looks up at the time.
_LOOKED_UP = ("[local account]", "[local account|administrator]")


def whole_list(node: yaml.Node | None) -> str:
    """The template that stands for the whole list; nothing where accounts are named."""
    text = scalar(node)
    whole = text is not None and text.strip().startswith("{{") and text.strip().endswith("}}")
    return str(text).strip() if whole else ""


def named(node: yaml.Node | None, source: Source, comments: Sequence[Comment]) -> tuple[Named, ...]:
    """Every account of a list, or of a text with commas, in its order; raises InputError for what is no name."""
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode):
        return _of_text(node, source)
    found, previous = [], node.start_mark.line
    for item in items(node):
        text = scalar(item)
        if text is None or not isinstance(item, yaml.ScalarNode):
            raise InputError("an entry of its accounts is no text")
        line = item.start_mark.line
        own = () if node.flow_style else _between(comments, previous, line)
        beside = "" if node.flow_style else _beside(comments, line)
        found.append(Named(text, source.spelled(item), own, beside))
        previous = line
    return tuple(found)


def placed(node: yaml.Node | None, comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """The comments that stand with an account of a list: above it, or beside it."""
    if not isinstance(node, yaml.SequenceNode) or node.flow_style or not node.value:
        return ()
    lines = [item.start_mark.line for item in node.value]
    return tuple(one for one in comments if one.line in lines or (one.own_line and lines[0] < one.line < lines[-1]))


def _of_text(node: yaml.Node, source: Source) -> tuple[Named, ...]:
    text = scalar(node)
    if text is None or not isinstance(node, yaml.ScalarNode):
        raise InputError("its accounts are no list")
    if "," not in text:
        return (Named(text, source.spelled(node)),)
    if "{{" in text:
        raise InputError("its accounts are a text with templates and commas: write a list")
    parts = [part.strip() for part in text.split(",")]
    return tuple(Named(part, json.dumps(part, ensure_ascii=False)) for part in parts)


def _between(comments: Sequence[Comment], first: int, last: int) -> tuple[str, ...]:
    return tuple(one.text for one in comments if one.own_line and first < one.line < last)


def _beside(comments: Sequence[Comment], line: int) -> str:
    return next((one.text for one in comments if not one.own_line and one.line == line), "")


def check(accounts: Sequence[Named], verb: Verb) -> None:
    """Raise InputError for the first name that user_right would refuse; templates are for Ansible to fill in."""
    for account in accounts:
        if account.text.strip().lower() in _LOOKED_UP:
            raise InputError(
                f"'{account.text}' means every such account, one by one, to SecurityPolicyDsc. The group of all local "
                r"accounts is NT AUTHORITY\Local account, S-1-5-113; that of local administrators S-1-5-114"
            )
        if not account.is_template:
            parse(account.text, removing=verb == "remove")
