"""Write a baseline in the YAML of this collection, in the form in which the shipped ones stand in the repository."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable

import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import (
    HOST_ROLES,
    Baseline,
    Control,
    Expected,
    OptionalMember,
    Principal,
)


class _Dumper(yaml.SafeDumper):
    """Lists stand inside the mapping that has them, as yamllint wants it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's own name
        super().increase_indent(flow, False)


class _Words(dict[str, t.Any]):
    """A mapping that is written on one line."""


_Dumper.add_representer(
    _Words,
    lambda dumper, words: dumper.represent_mapping("tag:yaml.org,2002:map", words.items(), flow_style=True),
)


def render(baseline: Baseline, comment: Iterable[str]) -> str:
    """The text of the file, with ``comment`` at its top."""
    head = {"title": baseline.title, "release": baseline.release, "source": baseline.source}
    top = "".join(f"# {line}".rstrip() + "\n" for line in comment)
    controls = "\n".join(
        _dump({"controls": [_control(control)]}).removeprefix("controls:\n") for control in baseline.controls
    )
    return f"---\n{top}{_dump(head)}controls:\n{controls}"


def _dump(value: dict[str, t.Any]) -> str:
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return str(text)


def _control(control: Control) -> dict[str, t.Any]:
    written: dict[str, t.Any] = {"id": control.id, "title": control.title}
    if control.right is None:
        written["concerns"] = control.concerns
    else:
        written["right"] = control.right
    written["operator"] = control.operator
    if control.expected:
        written["expected"] = [_expected(one) for one in control.expected]
    if control.optional:
        written["optional"] = [_optional(one) for one in control.optional]
    if control.applies_to != frozenset(HOST_ROLES):
        written["applies_to"] = [role for role in HOST_ROLES if role in control.applies_to]
    written["severity"] = control.severity
    if control.references:
        written["references"] = {
            key: list(value) if isinstance(value, tuple) else value for key, value in control.references.items()
        }
    if control.note:
        written["note"] = control.note
    return written


def _expected(one: Expected) -> str | dict[str, list[str]]:
    accounts = [_account(account) for account in one.any_of]
    return accounts[0] if len(accounts) == 1 else {"any_of": accounts}


def _optional(one: OptionalMember) -> dict[str, t.Any]:
    written: dict[str, t.Any] = {"account": _account(one.account)}
    if one.when is not None:
        written["when"] = {"service": one.when.service}
    return {**written, "reason": one.reason}


def _account(account: Principal) -> str:
    return account.written
