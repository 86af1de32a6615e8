# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the same right put together, or left where nobody can say which of them was meant (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .model import Left, Named, Rule

_BETWEEN = " · "


def combined(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], tuple[Left, ...]]:
    """The rules that can stand in one task, and those that cannot.

    user_right refuses a right that is named twice: what several tasks gave or took one after another becomes one list,
    and what one of them overwrote is for a person to decide. Rules of one right on different conditions stay apart.
    """
    kept: list[Rule] = []
    left: list[Left] = []
    for rule in rules:
        same = [number for number, one in enumerate(kept) if one.right == rule.right]
        blocking = next((kept[number] for number in same if not _go_together(kept[number], rule)), None)
        if blocking is not None:
            left.append(Left(rule.line, rule.title, _why(blocking, rule), rule))
            continue
        like = [n for n in same if kept[n].conditions == rule.conditions and kept[n].verb == rule.verb]
        if like:
            kept[like[0]] = _joined(kept[like[0]], rule)
        else:
            kept.append(rule)
    return tuple(kept), tuple(left)


def _go_together(one: Rule, other: Rule) -> bool:
    """Whether both can be in force: on conditions of their own, or what is given and taken on the same ones."""
    if one.conditions != other.conditions:
        return bool(one.conditions and other.conditions)
    if "set" in (one.verb, other.verb) or one.template or other.template:
        return False
    return one.verb == other.verb or not {_key(a) for a in one.accounts} & {_key(a) for a in other.accounts}


def _why(one: Rule, other: Rule) -> str:
    where = f"the task in line {one.line} names {other.right} too"
    if one.conditions != other.conditions:
        return f"{where}, one of both without a condition: write one entry, or conditions that exclude each other"
    return f"{where}, on the same condition: which of both is meant, or what both make together, is for you to say"


def _joined(one: Rule, other: Rule) -> Rule:
    known = {_key(account) for account in one.accounts}
    more = tuple(account for account in other.accounts if _key(account) not in known)
    titles = (*one.title.split(_BETWEEN), other.title)
    title = _BETWEEN.join(part for part in dict.fromkeys(titles) if part)
    return replace(
        one,
        title=title,
        accounts=(*one.accounts, *more),
        tags=tuple(tag for tag in one.tags if tag in other.tags),
        comments=(*one.comments, *other.comments),
        below=(*one.below, *other.below),
    )


def _key(account: Named) -> str:
    return " ".join(account.text.split()).lower()
