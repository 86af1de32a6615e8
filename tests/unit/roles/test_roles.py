# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Of each role, the argument_specs, defaults, README, tasks and the words that its playbooks know say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.action import user_right_baseline_host
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.words import BASELINE, CHOICES
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.words import POP3
from ansible_collections.winmail.exchange.plugins.plugin_utils._vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Role:
    """The files of a role, read."""

    vocabulary: Vocabulary

    @property
    def name(self) -> str:
        return self.vocabulary.prefix.rstrip("_")

    @property
    def folder(self) -> Path:
        return ROOT / "roles" / self.name

    @cached_property
    def readme(self) -> str:
        return (self.folder / "README.md").read_text(encoding="utf-8")

    @cached_property
    def tasks(self) -> list[Path]:
        return sorted((self.folder / "tasks").glob("*.yml"))

    @cached_property
    def specs(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = load(self.folder / "meta" / "argument_specs.yml")["argument_specs"]
        return found

    @cached_property
    def defaults(self) -> dict[str, Any]:
        found: dict[str, Any] = load(self.folder / "defaults" / "main.yml")
        return found

    @cached_property
    def options(self) -> dict[str, Any]:
        """Every option; where two entry points have one of a name, the first describes it."""
        return {
            name: option
            for spec in reversed(list(self.specs.values()))
            for name, option in reversed(list(spec["options"].items()))
        }

    def __str__(self) -> str:
        return self.name


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


ROLES = (Role(POP3), Role(BASELINE))
every_role = pytest.mark.parametrize("role", ROLES, ids=str)


def test_no_role_is_left_out() -> None:
    assert {role.name for role in ROLES} == {path.name for path in (ROOT / "roles").iterdir()}


@every_role
def test_each_entry_point_has_its_tasks(role: Role) -> None:
    assert set(role.specs) <= {path.stem for path in role.tasks}
    rows = re.findall(
        r"^\| `(\w+)` \| [^|]+ \|$", role.readme.partition("## Entry points")[2].partition("\n## ")[0], re.MULTILINE
    )
    assert rows == list(role.specs)


@every_role
def test_the_defaults_are_those_of_the_specification(role: Role) -> None:
    for spec in role.specs.values():
        options = spec["options"]
        assert {name: option["default"] for name, option in options.items() if "default" in option} == {
            name: value for name, value in role.defaults.items() if name in options
        }
    assert set(role.defaults) <= set(role.options)


@every_role
def test_an_option_of_several_entry_points_is_the_same_in_all(role: Role) -> None:
    parts = ("type", "elements", "choices", "default", "no_log", "required", "options")
    for name in role.options:
        found = [spec["options"][name] for spec in role.specs.values() if name in spec["options"]]
        assert len({json.dumps([option.get(part) for part in parts]) for option in found}) == 1, name


@every_role
def test_the_words_that_are_known_are_those_that_are_documented(role: Role) -> None:
    assert set(role.vocabulary.words) == {*role.options, f"{role.name}_result"}


@pytest.mark.parametrize(
    ("role", "path"), [pytest.param(role, path, id=f"{role}-{path.stem}") for role in ROLES for path in role.tasks]
)
def test_a_file_of_tasks_is_short_and_its_tasks_carry_its_name(role: Role, path: Path) -> None:
    assert path.parent.parent == role.folder
    assert path.read_text(encoding="utf-8").count("\n") < 60
    prefix = "" if path.stem == "main" else f"{path.stem} | "
    assert [name for name in names_of(load(path)) if not name.startswith(prefix)] == []


def names_of(tasks: list[dict[str, Any]]) -> list[str]:
    """The names of tasks and of blocks, those inside included."""
    found = []
    for task in tasks:
        found.append(task["name"])
        for part in ("block", "rescue", "always"):
            found += names_of(task.get(part, []))
    return found


MINE = Role(BASELINE)


def test_every_option_is_used_and_every_variable_is_specified() -> None:
    paths = [*MINE.tasks, MINE.folder / "vars" / "main.yml"]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    used = set(re.findall(r"(?<![_a-z])user_rights_baseline_[a-z_]+", texts))
    assert used - {"user_rights_baseline_result"} == set(MINE.options)


def test_internal_variables_are_those_of_the_role() -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in MINE.tasks)
    names = re.findall(r"^ +(?:register|loop_var): (\S+)$", texts, re.MULTILINE)
    assert [name for name in names if not name.startswith("__user_rights_baseline_")] == ["user_rights_baseline_result"]


def test_the_look_checks_what_the_specification_says() -> None:
    """So that the playbooks can do without Ansible's own task for that."""
    parts = ("type", "elements", "choices", "options")

    def told(spec: Mapping[str, Any]) -> dict[str, Any]:
        return {part: spec[part] for part in parts if part in spec}

    options = {
        f"user_rights_baseline_{name}": spec
        for name, spec in user_right_baseline_host.ActionModule.ARGUMENT_SPEC.items()
    }
    checked = {name: spec for name, spec in {**options, **CHOICES}.items() if name in MINE.options}
    assert set(checked) == set(MINE.options)
    for name, spec in checked.items():
        documented = MINE.options[name]
        plain_options = {
            inner: {part: value for part, value in one.items() if part != "description"}
            for inner, one in documented.get("options", {}).items()
        }
        assert told(spec) == {**told(documented), **({"options": plain_options} if plain_options else {})}, name


def plain(text: str) -> str:
    """A sentence of the documentation without its markup."""
    known = re.sub(r"[OM]\(winmail\.exchange\.(\w+)#module:(\w+)\)", r"`\2` of `winmail.exchange.\1`", text)
    return re.sub(r"[VOCM]\(([^)]*)\)", r"`\1`", known)


def row(role: Role, name: str, option: dict[str, Any]) -> str:
    """The line of an option in the README's table."""
    described = option["description"]
    first = described if isinstance(described, str) else described[0]
    kind = f"{option['type']} of {option['elements']}" if "elements" in option else option["type"]
    choices = "<br>".join(f"`{choice}`" for choice in option.get("choices", [])) or kind
    default = f"`{json.dumps(option['default'])}`" if "default" in option else ""
    entries = ", ".join(entry for entry in role.specs if name in role.specs[entry]["options"])
    return f"| `{name}` | {choices} | {default} | {entries} | {plain(first)} |"


@every_role
def test_the_readme_lists_every_option_as_it_is(role: Role) -> None:
    table = role.readme.partition(
        "| variable | value | default | entry points | meaning |\n| --- | --- | --- | --- | --- |\n"
    )[2]
    assert table.partition("\n\n")[0].splitlines() == [row(role, name, option) for name, option in role.options.items()]
