# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy's GptTmpl.inf or any other security template as a baseline: its rights, each to be held by exactly those.

An empty line of a right means nobody, and a right without a line is not judged. A template that may be cut off, or that
Windows would understand in another way than it looks, is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import inf
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS, canonical, display_name
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import is_name

from . import principal
from .model import Baseline, Control, Expected, Principal

_SECTIONS = frozenset({inf.RIGHTS_SECTION, inf.VERSION_SECTION, "unicode"})


def is_template(data: bytes) -> bool:
    """Whether bytes have a section that every security template has; never raises."""
    return not _SECTIONS.isdisjoint(inf.parse(data).sections)


def read(data: bytes, name: str, release: str) -> Baseline:
    """The baseline in a file called ``name``; raises InputError."""
    template = inf.parse(data)
    _refuse_doubtful(template, name)
    controls = tuple(_control(name, right, tokens) for right, tokens in template.privilege_rights.items())
    return Baseline(name, f"User rights of {name}", release, f"{name}, security template", controls)


def _refuse_doubtful(template: inf.Template, name: str) -> None:
    if inf.RIGHTS_SECTION not in template.sections:
        raise InputError(
            f"{name} is a security template without the section [Privilege Rights]: it says nothing of rights."
        )
    if template.stray:
        raise InputError(f"{name}: the line {template.stray[0]!r} of [Privilege Rights] is no RIGHT = ACCOUNTS.")
    if template.repeated:
        raise InputError(
            f"{name}: {template.repeated[0]} stands on two lines of [Privilege Rights]. Leave one of them."
        )
    if not template.privilege_rights:
        raise InputError(f"{name}: the section [Privilege Rights] is empty, so there is nothing to judge.")
    if inf.VERSION_SECTION not in template.sections:
        raise InputError(f"{name} has no section [Version], which every security template has: it may be cut off.")
    if not template.ended:
        raise InputError(f"{name} ends in the middle of a line: it may be cut off. A whole one ends with a line end.")


def _control(name: str, spelled: str, tokens: Sequence[str]) -> Control:
    right = next((constant for constant in RIGHTS if constant.lower() == spelled.lower()), None)
    if right is None:
        raise InputError(f"{name}: {_unknown(spelled)}")
    expected = tuple(Expected((_account(name, right, token),)) for token in tokens)
    return Control(right, display_name(right), right, "exactly" if expected else "nobody", expected)


def _unknown(spelled: str) -> str:
    try:
        right = canonical(spelled)
    except InputError as error:
        return str(error)
    return f"[Privilege Rights] takes constants; for {spelled!r} write {right.constant}."


def _account(name: str, right: str, token: str) -> Principal:
    where = f"{name}, {right}"
    if sids.is_sid(token):
        raise InputError(f"{where}: {token} has no asterisk, so Windows takes it for a name. Write *{token}.")
    if not token.startswith("*") and not is_name(token):
        raise InputError(f"{where}: {token!r} is no name of an account; it may be the rest of one that was lost.")
    try:
        return principal.parse(token)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
