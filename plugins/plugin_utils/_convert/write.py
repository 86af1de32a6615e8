# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules as the text of one user_right task, comments kept, with what was left behind it (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .model import Found, Left, Named, Rule, Section

# How a file of ours is known again: nothing else is ever written over.
MARK = "# Made by winmail.exchange.user_right_convert from "
_WIDTH = 100


def task_text(found: Found, name: str) -> str:
    """A file of tasks: one for each section, then what was left, as comments with a proposal for each."""
    lines = ["---", f"{MARK}{_one_line(name)}: {count(found)}."]
    for number, section in enumerate(found.sections):
        lines += [*([""] if number else []), *_task(section)]
    if not found.sections:
        lines.append("[]")
    return "\n".join([*lines, *_left(found.left)]) + "\n"


def count(found: Found) -> str:
    """How many rules became how many entries, in words."""
    entries = sum(len(grouped(section.rules)) for section in found.sections)
    tasks = f"{len(found.sections)} task{'' if len(found.sections) == 1 else 's'}"
    left = f", {len(found.left)} left as they were" if found.left else ""
    return f"{_plural(len(found.rules), 'rule')} in {_plural(entries, 'entry', 'entries')} of {tasks}{left}"


def _plural(number: int, word: str, words: str = "") -> str:
    return f"{number} {word if number == 1 else words or word + 's'}"


def grouped(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules by entry: those of one right on the same conditions stand together, in the order of the first."""
    entries: dict[tuple[str, tuple[str, ...]], list[Rule]] = {}
    for rule in rules:
        entries.setdefault((rule.right, rule.conditions), []).append(rule)
    return list(entries.values())


def _task(section: Section) -> Iterator[str]:
    rules = section.rules
    conditions = [one for one in rules[0].conditions if all(one in rule.conditions for rule in rules)]
    tags = [tag for tag in dict.fromkeys(rules[0].tags) if all(tag in rule.tags for rule in rules)]
    title = f"Set user rights ({_one_line(section.title)})" if section.title else "Set user rights"
    yield f"- name: {quoted(title)}" if section.title else f"- name: {title}"
    if conditions:
        yield "  when:"
        yield from (f"    - {quoted(one)}" for one in conditions)
    if tags:
        yield f"  tags: [{', '.join(quoted(tag) for tag in tags)}]"
    yield "  winmail.exchange.user_right:"
    yield "    rights:"
    for entry in grouped(rules):
        yield from (f"      {line}" for line in entry_lines(entry, conditions))


def entry_lines(entry: Sequence[Rule], common: Sequence[str] = ()) -> Iterator[str]:
    """One entry of ``rights``: what the task was called and said as comments, then the entry."""
    for rule in entry:
        yield from (f"# {_one_line(text)}" for text in (rule.title, *rule.comments) if text)
    yield f"- name: {entry[0].right}"
    for rule in entry:
        yield from (f"  {line}" for line in _accounts(rule))
    conditions = [one for one in entry[0].conditions if one not in common]
    if conditions:
        yield f"  enabled: {quoted('{{ ' + expression(conditions) + ' }}')}"


def expression(conditions: Sequence[str]) -> str:
    """All conditions in one expression; what binds weaker than ``and`` is put into brackets."""
    if len(conditions) == 1:
        return conditions[0]
    return " and ".join(f"({one})" if " or " in one or " if " in one else one for one in conditions)


def _accounts(rule: Rule) -> Iterator[str]:
    if rule.template:
        yield f"{rule.verb}: {quoted(rule.template)}"
        return
    commented = rule.below or any(one.above or one.beside for one in rule.accounts)
    flow = f"{rule.verb}: [{', '.join(one.yaml for one in rule.accounts)}]"
    if not commented and len(flow) <= _WIDTH:
        yield flow
        return
    yield f"{rule.verb}:{'' if rule.accounts else ' []'}"
    for account in rule.accounts:
        yield from (f"  {line}" for line in _account(account))
    yield from (f"  # {_one_line(text)}" for text in rule.below)


def _account(account: Named) -> Iterator[str]:
    yield from (f"# {_one_line(text)}" for text in account.above)
    yield f"- {account.yaml}{' # ' + _one_line(account.beside) if account.beside else ''}"


def _left(left: Sequence[Left]) -> Iterator[str]:
    if not left:
        return
    yield ""
    yield f"# Left as {'it was' if len(left) == 1 else 'they were'}. What stands below a reason is a proposal."
    for one in left:
        yield f"# {told(one)}"
        if one.rule is not None:
            yield from (f"#   {line}" for line in entry_lines([one.rule]))


def told(left: Left) -> str:
    """Where something was left, and why: one sentence."""
    title = f", {_one_line(left.title)}" if left.title else ""
    return f"Line {left.line}{title}: {_one_line(left.reason)}."


def quoted(text: str) -> str:
    """A text as a YAML scalar in quotation marks, in double ones where it needs no escapes in them."""
    if '"' not in text and "\\" not in text and text.isprintable():
        return f'"{text}"'
    return "'" + _one_line(text).replace("'", "''") + "'"


def _one_line(text: str) -> str:
    return " ".join(text.split())
