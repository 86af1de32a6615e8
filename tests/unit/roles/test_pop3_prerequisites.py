# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's argument_specs, defaults, README, tasks and outcome say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.decision import decide
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import Run
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.outcome import outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.variables import (
    SPEC,
    judging,
    probe_options,
    server_options,
)

ROOT = Path(__file__).resolve().parents[3]
ROLE = ROOT / "roles" / "pop3_prerequisites"
README = (ROLE / "README.md").read_text(encoding="utf-8")
LOOK = "winmail.exchange.pop3_prerequisites_info"
TASKS = sorted((ROLE / "tasks").glob("*.yml"))


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


SPECS: dict[str, dict[str, Any]] = load(ROLE / "meta" / "argument_specs.yml")["argument_specs"]
DEFAULTS: dict[str, Any] = load(ROLE / "defaults" / "main.yml")
# Every option; where two entry points have one of a name, the first describes it.
OPTIONS: dict[str, Any] = {
    name: option for spec in reversed(list(SPECS.values())) for name, option in reversed(list(spec["options"].items()))
}


def test_each_entry_point_has_its_tasks() -> None:
    assert set(SPECS) == {"main", "audit", "revoke"}
    assert set(SPECS) <= {path.stem for path in TASKS}


@pytest.mark.parametrize("entry", SPECS)
def test_the_defaults_are_those_of_the_specification(entry: str) -> None:
    options = SPECS[entry]["options"]
    assert {name: option["default"] for name, option in options.items() if "default" in option} == {
        name: value for name, value in DEFAULTS.items() if name in options
    }


def test_every_default_is_specified() -> None:
    assert set(DEFAULTS) <= set(OPTIONS)


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_of_several_entry_points_is_the_same_in_all(name: str) -> None:
    found = [spec["options"][name] for spec in SPECS.values() if name in spec["options"]]
    parts = ("type", "elements", "choices", "default", "no_log")
    assert len({json.dumps([option.get(part) for part in parts]) for option in found}) == 1


def test_every_option_is_used_and_every_variable_is_specified() -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in [*TASKS, ROLE / "vars" / "main.yml"])
    used = set(re.findall(r"(?<![_a-z])pop3_prerequisites_[a-z_]+", texts))
    asked: set[str] = set()
    probe_options(Asked(asked))
    server_options(Asked(asked), "unknown")
    judging(Asked(asked))
    assert (used - {"pop3_prerequisites_result", "pop3_prerequisites_info"}) | asked == set(OPTIONS)


class Asked(dict[str, Any]):
    """Notes which variables are asked for."""

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self.names = names

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return None


def test_the_look_checks_what_the_specification_says() -> None:
    """So that the playbooks can do without Ansible's own task for that."""
    parts = ("type", "elements", "choices", "default")
    told = {name: {part: option[part] for part in parts if part in option} for name, option in OPTIONS.items()}
    assert {name: {part: one[part] for part in parts if part in one} for name, one in SPEC.items()} == told
    assert [name for name, one in SPEC.items() if one.get("no_log")] == ["pop3_prerequisites_login_password"]


def test_internal_variables_are_those_of_the_role() -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in TASKS)
    names = re.findall(r"^ +(?:register|loop_var): (\S+)$", texts, re.MULTILINE)
    assert len(names) > 5
    mine = [name for name in names if not name.startswith("__pop3_prerequisites_")]
    assert set(mine) == {"pop3_prerequisites_result"}, "the outcome alone is for others"


@pytest.mark.parametrize("path", TASKS, ids=lambda path: path.stem)
def test_a_file_of_tasks_is_short_and_its_tasks_carry_its_name(path: Path) -> None:
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


def test_a_task_that_gets_the_password_is_kept_out_of_logs() -> None:
    def walk(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for task in tasks for one in (task, *walk(task.get("block", [])))]

    probes = [task for path in TASKS for task in walk(load(path)) if "winmail.exchange.pop3_probe" in task]
    (again,) = probes
    assert again["no_log"] == "{{ pop3_prerequisites_secure_logging }}"
    # The look gets no password: it takes it from the variables. Both ask the same.
    looks = [walk(load(ROLE / "tasks" / f"{name}.yml")) for name in ("main", "audit")]
    tasks = [one[LOOK] for found in looks for one in found if LOOK in one]
    assert [set(options) for options in tasks] == [{"revoke"}, {"audit"}]
    assert set(again["winmail.exchange.pop3_probe"]) == set(probe_options(dict.fromkeys(OPTIONS)))


def plain(text: str) -> str:
    """A sentence of the documentation without its markup."""
    return re.sub(r"[VOC]\(([^)]*)\)", r"`\1`", text)


def row(name: str, option: dict[str, Any]) -> str:
    """The line of an option in the README's table."""
    described = option["description"]
    first = described if isinstance(described, str) else described[0]
    kind = f"{option['type']} of {option['elements']}" if "elements" in option else option["type"]
    choices = "<br>".join(f"`{choice}`" for choice in option.get("choices", [])) or kind
    default = f"`{json.dumps(option['default'])}`" if "default" in option else ""
    entries = ", ".join(entry for entry in SPECS if name in SPECS[entry]["options"])
    return f"| `{name}` | {choices} | {default} | {entries} | {plain(first)} |"


def test_the_readme_lists_every_option_as_it_is() -> None:
    table = README.partition(
        "| variable | value | default | entry points | meaning |\n| --- | --- | --- | --- | --- |\n"
    )[2]
    assert table.partition("\n\n")[0].splitlines() == [row(name, option) for name, option in OPTIONS.items()]


def test_the_readme_and_the_schema_list_every_field_of_the_outcome() -> None:
    fields = list(outcome(Run("host", decide({"msg": "It is down."}).as_result())))
    table = README.partition("| field | meaning |\n| --- | --- |\n")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) == fields
    schema = json.loads((ROOT / "docs" / "schema" / "pop3-audit.json").read_text(encoding="utf-8"))["$defs"]["outcome"]
    assert set(schema["properties"]) == set(schema["required"]) == set(fields)
