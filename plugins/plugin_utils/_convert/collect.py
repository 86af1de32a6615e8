# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a file of tasks to its rules: what each task of another tool asks, and what has to be left as it is (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

from . import accounts, loops, peers, walk
from .combine import combined
from .model import Found, Left, Named, Rule, Section
from .source import Comment, Source, items, last_line, own_tag

_KEYWORDS = ("name", "when", "tags", *loops.KEYWORDS)
_ELSEWHERE = ("include_tasks", "import_tasks", "include_role", "import_role", "import_playbook")


def collect(text: str, name: str) -> Found:
    """Every rule about user rights in a task file or playbook; raises InputError for what is neither."""
    try:
        return _collect(Source(text, name))
    except RecursionError as exc:
        raise InputError(f"{name} holds itself by an alias, which no list of tasks does.") from exc


def _collect(source: Source) -> Found:
    found = walk.leaves(source)
    reader = _Reader(source, walk.registered(found))
    for leaf in found:
        reader.take(leaf)
    sections = {leaf.around.section: list[Rule]() for leaf in found}
    for section, rule in reader.rules:
        sections[section].append(rule)
    left, kept = list(reader.left), []
    for title, rules in sections.items():
        one, refused = combined(rules)
        left.extend(refused)
        if one:
            kept.append(Section(title, one))
    left.sort(key=lambda one: one.line)
    return Found(tuple(kept), tuple(left), tuple(_remarks(reader, found)))


def _remarks(reader: _Reader, found: Sequence[walk.Leaf]) -> Iterator[str]:
    """What reads differently from now on, and what was not looked into."""
    yield from reader.remarks
    lines = [str(rule.line) for dummy, rule in reader.rules if rule.template or _has_template(rule.accounts)]
    if lines:
        yield (
            f"Accounts of the tasks in line {', '.join(lines)} are templates: whom they name was not looked at, and "
            "user_right says so when a run names somebody that it does not know."
        )
    rules = [rule for dummy, rule in reader.rules]
    if any(rule.tags != rules[0].tags for rule in rules):
        yield "Tags that chose single rules are gone, for a task has one set of tags: enabled chooses rules now."
    others = [leaf.line for leaf in found if any(key.rpartition(".")[2] in _ELSEWHERE for key in leaf.keys)]
    if others:
        yield (
            f"The tasks in line {', '.join(map(str, others))} take in other files or roles, which were not looked into."
        )


def _has_template(named: Sequence[Named]) -> bool:
    return any(account.is_template for account in named)


class _Reader:
    """Reads task after task; ``rules`` are pairs of a section and a rule."""

    def __init__(self, source: Source, registered: Mapping[str, int]) -> None:
        self._source = source
        self._registered = registered
        self.rules: list[tuple[str, Rule]] = []
        self.left: list[Left] = []
        self.remarks: list[str] = []

    def take(self, leaf: walk.Leaf) -> None:
        """Read one task, if it is about user rights."""
        module = next((key for key in peers.MODULES if key in leaf.keys), None)
        if module is None:
            self._take_other_form(leaf)
            return
        try:
            args = peers.args_of(leaf.keys[module])
            if not peers.is_about_rights(module, args):
                return
            tag = own_tag(leaf.keys[module])
            if tag:
                raise InputError(f"it has {tag}, which says how its value is read")
            turns = loops.turns(leaf.keys)
        except InputError as exc:
            self._leave(leaf, str(exc))
            return
        if not turns:
            self._leave(leaf, "its loop is empty")
        for number, turn in enumerate(turns):
            self._turn(leaf, module, args, turn, first=number == 0)

    def _take_other_form(self, leaf: walk.Leaf) -> None:
        """Name a task that is written with ``action:`` or ``local_action:``."""
        for key in ("action", "local_action"):
            node = leaf.keys.get(key)
            text = self._source.text_of(node) if node is not None else ""
            if "win_user_right" in text or "UserRightsAssignment" in text:
                self._leave(leaf, f"it is written with {key}: write the module as a key of the task")

    def _turn(
        self, leaf: walk.Leaf, module: str, args: Mapping[str, yaml.Node], turn: loops.Turn, *, first: bool
    ) -> None:
        rule = None
        try:
            asked = peers.asked(module, {key: loops.filled(node, turn) for key, node in args.items()})
            own = _of_turn(leaf, turn, first=first)
            rule = self._rule(leaf, asked, own)
            rule = replace(rule, conditions=(*leaf.around.conditions, *walk.conditions_of(leaf.keys)))
            accounts.check(rule.accounts, rule.verb)
            self._refuse(leaf, module, rule, turn)
        except InputError as exc:
            self._leave(leaf, str(exc), rule)
            return
        if asked.remark:
            self.remarks.append(f"Line {leaf.line}: {asked.remark}")
        self.rules.append((leaf.around.section, rule))

    def _rule(self, leaf: walk.Leaf, asked: peers.Asked, own: Sequence[Comment]) -> Rule:
        """What is understood, with every comment at its place; raises InputError for accounts that are no names."""
        template = accounts.whole_list(asked.who)
        named = () if template else accounts.named(asked.who, self._source, own)
        below = _below(asked.who, own)
        placed = (*below, *(accounts.placed(asked.who, own) if named else ()))
        rest = [one.text for one in own if one not in placed]
        return Rule(
            leaf.line,
            leaf.title,
            asked.right,
            asked.verb,
            named,
            template,
            (),
            (*leaf.around.tags, *walk.tags_of(leaf.keys)),
            tuple(text for text in rest if text),
            tuple(one.text for one in below),
        )

    def _refuse(self, leaf: walk.Leaf, module: str, rule: Rule, turn: loops.Turn) -> None:
        """Raise InputError for what one task for all rules cannot say for this one."""
        if leaf.around.trouble:
            raise InputError(leaf.around.trouble)
        others = [key for key in leaf.keys if key not in (*_KEYWORDS, module)]
        if others:
            raise InputError(f"it has {', '.join(others)}, which a task for all rules cannot have for one")
        if "never" in rule.tags:
            raise InputError("it has the tag never")
        texts = [*rule.conditions, rule.template, *(one.text for one in rule.accounts if one.is_template)]
        for text in texts:
            if turn.variable and loops.mentions(text, turn.variable):
                raise InputError(f"its condition or its accounts depend on the turn of its loop: {text}")
            for name, line in self._registered.items():
                if loops.mentions(text, name):
                    raise InputError(f"it depends on {name}, which the task in line {line} registers")

    def _leave(self, leaf: walk.Leaf, reason: str, rule: Rule | None = None) -> None:
        self.left.append(Left(leaf.line, leaf.title, reason.rstrip("."), rule))


def _of_turn(leaf: walk.Leaf, turn: loops.Turn, *, first: bool) -> tuple[Comment, ...]:
    """The comments of one turn: those in and above its entry of the loop; the first has those of the task as well."""
    node = leaf.keys.get("loop", leaf.keys.get("with_items"))
    if turn.value is None or node is None:
        return leaf.comments
    mine, last = turn.value.start_mark.line, last_line(turn.value)
    before = max((last_line(one) for one in items(node) if last_line(one) < mine), default=mine - 1)
    of_turn = [one for one in leaf.comments if before < one.line <= last]
    begin, end = node.start_mark.line, last_line(node)
    others = [one for one in leaf.comments if not begin <= one.line <= end]
    return (*(others if first else ()), *of_turn)


def _below(who: yaml.Node | None, comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """The comments behind the last account of a list with a line for each, often accounts that somebody took out."""
    if not isinstance(who, yaml.SequenceNode) or who.flow_style or not who.value:
        return ()
    last = who.value[-1].start_mark.line
    found = [one for one in comments if one.own_line and one.line > last and one.column >= who.start_mark.column]
    return tuple(one for number, one in enumerate(found) if one.line == last + 1 + number)
