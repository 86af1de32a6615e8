# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task of another tool says of one right, and what of a file could not be understood (values only)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

Verb = t.Literal["add", "remove", "set"]


@dataclass(frozen=True)
class Named:
    """One account as it was written: ``text`` is what it says, ``yaml`` how the file spells it, with its comments."""

    text: str
    yaml: str
    above: tuple[str, ...] = ()
    beside: str = ""

    @property
    def is_template(self) -> bool:
        """Whether only Ansible will know who it is."""
        return "{{" in self.text


@dataclass(frozen=True)
class Rule:
    """What one task (or one turn of a loop) asks for one right.

    ``template`` is the whole list where the file leaves it to a variable; then there are no ``accounts``.
    ``conditions`` are expressions without braces, all of which have to hold. ``below`` are comments behind the last
    account.
    """

    line: int
    title: str
    right: str
    verb: Verb
    accounts: tuple[Named, ...] = ()
    template: str = ""
    conditions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """What was left as it is: where it stands, why, and the rule as far as it was understood."""

    line: int
    title: str
    reason: str
    rule: Rule | None = None


@dataclass(frozen=True)
class Section:
    """The rules of one list of tasks: a task file has one, a playbook one for each play that has rules."""

    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Found:
    """All that a file says of user rights; ``remarks`` are sentences about what reads differently from now on."""

    sections: tuple[Section, ...]
    left: tuple[Left, ...]
    remarks: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all sections."""
        return tuple(rule for section in self.sections for rule in section.rules)
