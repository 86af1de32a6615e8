"""Each option is documented as it is: the documentation of a module is the argument spec of its action."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.unit.project._documentation import (
    COLLECTION,
    MODULES,
    documentation,
    specification,
)

# How each option of a spec is told, and what it is where the spec does not say.
PARTS: dict[str, Any] = {
    "type": "str",
    "elements": None,
    "default": None,
    "required": False,
    "choices": [],
    "aliases": [],
}
# What only the spec has (Ansible's documentation has no word for it), and what only the documentation has.
SPEC_ONLY = {"no_log", "options"}
DOC_ONLY = {"description", "suboptions", "version_added"}
SECRETS = {("pop3_probe", "login_password")}


def told(option: dict[str, Any]) -> dict[str, Any]:
    """The parts of an option, of a spec or of a documentation."""
    parts = {part: option.get(part, default) for part, default in PARTS.items()}
    # ansible-doc sorts choices that have a description each.
    return {**parts, "choices": sorted(parts["choices"])}


def compare(documented: dict[str, Any], spec: dict[str, Any], path: str) -> None:
    """Fail where the two differ in anything, in options inside options as well."""
    assert set(documented) == set(spec), path
    for name, option in spec.items():
        here = f"{path}.{name}"
        assert set(option) - SPEC_ONLY <= set(PARTS), f"{here} has a part that this test does not know"
        assert set(documented[name]) - DOC_ONLY <= set(PARTS), f"{here} has a part that this test does not know"
        assert told(documented[name]) == told(option), here
        compare(documented[name].get("suboptions", {}), option.get("options", {}), here)


def secrets(spec: dict[str, Any], module: str) -> set[tuple[str, str]]:
    return {(module, name) for name, option in spec.items() if option.get("no_log")}


@pytest.mark.parametrize("module", MODULES)
def test_the_options_are_those_of_the_action(module: str) -> None:
    compare(documentation()[module]["doc"]["options"], specification(module)[0], module)


@pytest.mark.parametrize("module", MODULES)
def test_the_rules_between_options_are_told(module: str) -> None:
    rules = dict(specification(module)[1])
    texts = {name: text_of(option) for name, option in documentation()[module]["doc"]["options"].items()}
    for option, value, needed in rules.pop("required_if", ()):
        assert [name for name in needed if f"O({option}={value})" not in texts[name]] == [], f"{option}={value}"
    for rule in ("mutually_exclusive", "required_together", "required_one_of"):
        for names in rules.pop(rule, ()):
            assert any(all(f"O({other})" in texts[name] for other in set(names) - {name}) for name in names), (
                f"no description of {' or '.join(names)} names the other: they are {rule}"
            )
    assert rules == {}, "rules that this test does not know"


def text_of(option: dict[str, Any]) -> str:
    description = option["description"]
    return description if isinstance(description, str) else " ".join(description)


def test_only_secrets_are_kept_out_of_logs() -> None:
    specs = {module: specification(module)[0] for module in MODULES}
    assert set().union(*(secrets(spec, module) for module, spec in specs.items())) == SECRETS


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_use_options_that_exist(module: str) -> None:
    tasks = yaml.safe_load(documentation()[module]["examples"])
    used = [(name.rpartition(".")[2], task[name]) for task in tasks for name in task if name.startswith(COLLECTION)]
    assert module in {name for name, _options in used}
    for name, options in used:
        spec, _rules = specification(name)
        for option, value in (options or {}).items():
            values = value if isinstance(value, list) else [value]
            assert "choices" not in spec[option] or "{{" in str(value) or set(values) <= set(spec[option]["choices"])


def test_the_probe_is_the_same_as_a_module() -> None:
    plugins = f"ansible_collections.{COLLECTION}.plugins"
    module = importlib.import_module(f"{plugins}.modules.pop3_probe")
    spec, rules = specification("pop3_probe")
    assert module.ARGUMENT_SPEC is spec
    assert rules["required_if"] is module.REQUIRED_IF
