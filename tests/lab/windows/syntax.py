# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a cmd.exe command line: what parsing.py makes and console.py runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Redirect:
    """``handle`` to ``target``; ``mode`` is <, >, >> or & (then the target is another handle)."""

    handle: int
    mode: str
    target: str


@dataclass(frozen=True)
class Simple:
    """A command with its arguments as text: quotes kept, carets gone."""

    text: str
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True)
class Group:
    """A line in parentheses."""

    body: Node
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True)
class Chain:
    """Two commands joined by ``&``, ``&&``, ``||`` or ``|``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class If:
    """``kind`` is exist, defined, errorlevel, == or a word such as EQU."""

    kind: str
    negated: bool
    any_case: bool
    first: str
    second: str
    then: Node
    otherwise: Node | None


@dataclass(frozen=True)
class For:
    """``switch`` is empty, ``/f`` or ``/l``."""

    switch: str
    options: str
    variable: str
    items: str
    body: Node


Node = Simple | Group | Chain | If | For | None
