# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a task wrote to its options: every refusal is one sentence, the same on every ansible-core.

Ansible's own validator makes the values; what it would say differs between cores, and does not know other tools' words.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import (
    check_type_bool,
    check_type_dict,
    check_type_float,
    check_type_int,
)

from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

Spec = Mapping[str, t.Mapping[str, t.Any]]


def validated(
    written: Mapping[str, t.Any],
    spec: Spec,
    rules: Mapping[str, t.Any],
    words: _words.Words,
    entry_words: _words.Words | None = None,
) -> dict[str, t.Any]:
    """The options of a task with their defaults; an option that is null counts as not written. Raises InputError."""
    given = _given(written)
    _refuse(given, spec, words, entry_words or {}, "")
    found = ArgumentSpecValidator(dict(spec), **rules).validate(given)
    if found.error_messages:
        raise InputError(f"{found.error_messages[0].strip().rstrip('.')}.")
    return dict(found.validated_parameters)


def _given(written: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What was written without nulls, in entries of a list too: nobody is not the same as an empty list."""
    return {str(name): _without_nulls(value) for name, value in written.items() if value is not None}


def _without_nulls(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_given(entry) if isinstance(entry, Mapping) else entry for entry in value]
    return value


def _refuse(given: Mapping[str, t.Any], spec: Spec, words: _words.Words, entry_words: _words.Words, where: str) -> None:
    """Raise InputError for a word that is no option and for a value that cannot become what the option takes."""
    refusal = _words.unknown(given, tuple(spec), words)
    if refusal is not None:
        raise InputError(f"{where[:-1]}: {refusal}" if where else refusal)
    for name, value in given.items():
        for sentence in _troubles(f"{where}{name}", value, spec[name]):
            raise InputError(sentence)
        for index, entry in _entries(value, spec[name]):
            _refuse(entry, spec[name]["options"], entry_words, {}, f"{where}{name}[{index}].")


def _entries(value: object, rule: Mapping[str, t.Any]) -> Iterator[tuple[int, dict[str, t.Any]]]:
    if "options" in rule and isinstance(value, (list, tuple)):
        for index, entry in enumerate(value):
            yield index, _given(check_type_dict(entry))


def _troubles(name: str, value: object, rule: Mapping[str, t.Any]) -> Iterator[str]:
    kind = rule.get("type", "str")
    if kind == "list":
        yield from _troubles_of_list(name, value, rule)
    elif kind == "dict":
        if not isinstance(value, Mapping):
            yield f"{name} is {_kind(value)}; it has to be a dictionary."
    elif isinstance(value, (Mapping, list, tuple)):
        yield f"{name} is {_kind(value)}; it has to be {_WANTED[kind]}."
    elif kind in _CHECKS:
        try:
            _CHECKS[kind](value)
        except (TypeError, ValueError):
            yield f"{name} is {value!r}; it has to be {_WANTED[kind]}."
    elif "choices" in rule and str(value) not in rule["choices"]:
        yield _no_choice(
            f"value of {name} must be one of: {', '.join(rule['choices'])}, got: {value}.", name, str(value)
        )


def _troubles_of_list(name: str, value: object, rule: Mapping[str, t.Any]) -> Iterator[str]:
    if isinstance(value, Mapping) or (rule["elements"] == "dict" and not isinstance(value, (list, tuple))):
        yield f"{name} is {_kind(value)}; it has to be a list{_example(rule)}."
        return
    # Text is split at its commas, as Ansible does for every list.
    for index, one in enumerate(value if isinstance(value, (list, tuple)) else str(value).split(",")):
        if rule["elements"] == "dict":
            try:
                check_type_dict(one)
            except (TypeError, ValueError):
                yield f"{name}[{index}] is {_kind(one)}; it has to be a dictionary{_example(rule)}."
        elif one is None or isinstance(one, (Mapping, list, tuple)):
            yield f"{name}[{index}] is {_kind(one)}; it has to be text{_inside(one)}."
        elif "choices" in rule and str(one) not in rule["choices"]:
            choices = ", ".join(rule["choices"])
            yield _no_choice(
                f"value of {name} must be one or more of: {choices}. Got no match for: {one}.", name, str(one)
            )


def _no_choice(sentence: str, name: str, value: str) -> str:
    """A refusal with the value of ours that other tools call so, if they do."""
    instead = _words.VALUES.get(name.rpartition(".")[2], {}).get(value.lower())
    return f"{sentence} What is called {value} elsewhere is {instead} here." if instead else sentence


def _inside(one: object) -> str:
    """How to take the SIDs out of what our own results hold."""
    if isinstance(one, Mapping) and "sid" in one:
        return ", and the SID is one: map(attribute='sid') takes the SIDs out of a result"
    if isinstance(one, (list, tuple)):
        return ": there is a list in the list (flatten makes one of both)"
    return ""


def _example(rule: Mapping[str, t.Any]) -> str:
    return f" with an entry of {', '.join(rule['options'])} for each" if "options" in rule else ""


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "a dictionary"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "text" if isinstance(value, str) else repr(value)


_CHECKS: Mapping[str, t.Callable[[t.Any], t.Any]] = {
    "bool": check_type_bool,
    "int": check_type_int,
    "float": check_type_float,
}
_WANTED: Mapping[str, str] = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "path": "a path",
}
