# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios: a YAML file becomes computers with what the inventory needs to know about each."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from lab import building
from lab import spec as spec_rules
from lab.windows.computer import Computer
from lab.worlds import ON_THE_WIRE, Worlds

if TYPE_CHECKING:
    from lab.state.accounts import Authority

FOLDER = Path(__file__).parent / "scenarios"

SCENARIO_KEYS = frozenset({"description", "base", "worlds", "domain", "policies", "defaults", "hosts", "vars"})
SHARED_KEYS = ("domain", "policies", "vars")


@dataclass(frozen=True)
class Scenario:
    """A loaded scenario; ``variables`` by host name, ``settings`` is what each host's YAML said."""

    name: str
    description: str
    computers: list[Computer]
    variables: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def inventory_vars(self, computer: Computer) -> dict[str, object]:
        """The variables of one host: its WinRM logon and what the scenario adds."""
        return dict(self.variables[computer.name])


def names() -> list[str]:
    """The scenarios that come with the lab."""
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


def load(name_or_path: str | Path, worlds: Mapping[str, str] | None = None, hosts: int | None = None) -> Scenario:
    """Load a scenario by name or file; raises ValueError for what it does not understand.

    Args:
        name_or_path: ``pop3`` or the path of a YAML file.
        worlds: answers on top of the scenario's own (world name to value).
        hosts: how many hosts a template with ``count`` makes.
    """
    path = Path(name_or_path)
    if path.suffix not in (".yml", ".yaml"):
        path = FOLDER / f"{name_or_path}.yml"
    if not path.is_file():
        raise ValueError(f"no scenario {name_or_path}; there are {', '.join(names())}")
    data = _read(path)
    answers = Worlds(_answers(data)).merged(worlds or {})
    domain = building.domain(spec_rules.mapping(data.get("domain")))
    policies = building.policies(spec_rules.mapping(data.get("policies")), domain)
    computers, variables, settings = [], {}, {}
    for spec in _expanded(data, hosts):
        spec_rules.check_host(spec)
        answers_here = answers.merged(_answers(spec)).merged(worlds or {})
        machine = building.machine(spec, domain, policies, answers_here)
        computer = Computer(str(spec["name"]), machine, answers_here)
        computer.winrm = spec_rules.mapping(spec.get("winrm"))
        computer.refresh_policy()
        computers.append(computer)
        variables[computer.name] = _variables(data, spec, domain)
        wire = {name: answers_here[name] for name in ON_THE_WIRE}
        settings[computer.name] = {**spec, "winrm": {**wire, **spec_rules.mapping(spec.get("winrm"))}}
    return Scenario(path.stem, str(data.get("description", "")), computers, variables, settings)


def _answers(spec: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in spec_rules.mapping(spec.get("worlds")).items()}


def _read(path: Path) -> dict[str, object]:
    """The file with the domain, policies and variables of its ``base`` (beside it, or the lab's) under its own."""
    data = copy.deepcopy(_parsed(path, path.stat().st_mtime_ns))
    if not isinstance(data, dict):
        raise ValueError(f"{path.name} is not a mapping")
    unknown = set(data) - SCENARIO_KEYS
    if unknown:
        raise ValueError(f"{path.name} has keys the lab does not know: {', '.join(sorted(unknown))}")
    if "base" in data:
        base = _read(_base(path.parent / f"{data['base']}.yml"))
        for key in SHARED_KEYS:
            more = spec_rules.mapping(base.get(key))
            data[key] = {**more, **spec_rules.mapping(data.get(key))}
    return data


def _base(beside: Path) -> Path:
    """The file beside a scenario if it is one, else the lab's own of that name."""
    found = beside.is_file() and isinstance(_parsed(beside, beside.stat().st_mtime_ns), dict)
    return beside if found else FOLDER / beside.name


@functools.lru_cache(maxsize=16)
def _parsed(path: Path, changed: int) -> object:
    """The YAML of a file; parsing is slow and a lab resets often."""
    del changed  # part of the key
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _expanded(data: Mapping[str, object], hosts: int | None) -> Sequence[dict[str, object]]:
    """One mapping for each host: defaults under it, templates with ``count`` multiplied."""
    defaults = data.get("defaults") or {}
    listed = data.get("hosts")
    if not isinstance(defaults, Mapping) or not isinstance(listed, list) or not listed:
        raise ValueError("a scenario needs a list of hosts (and defaults, if any, as a mapping)")
    found = []
    for entry in listed:
        spec = {**copy.deepcopy(dict(defaults)), **entry}
        count = spec.pop("count", None)
        if count is None:
            found.append(spec)
            continue
        for number in range(1, (hosts or int(count)) + 1):
            one = copy.deepcopy(spec)
            one["name"] = str(spec["name"]).format(n=number)
            found.append(one)
    return found


def _variables(data: Mapping[str, object], spec: Mapping[str, object], domain: Authority | None) -> dict[str, object]:
    user = str(spec.get("logon", "CORP\\labadmin"))
    found: dict[str, object] = {"ansible_user": user}
    found["ansible_password"] = _password(user, spec, domain)
    for source in (data.get("vars"), spec.get("vars")):
        if isinstance(source, Mapping):
            found.update(source)
    if spec.get("lab_only"):
        found["lab_only"] = True
    return found


def _password(user: str, spec: Mapping[str, object], domain: Authority | None) -> str:
    domain_name, dummy, name = user.rpartition("\\")
    found = ""
    if domain_name in (".", str(spec["name"])):
        for entry in spec_rules.items(spec.get("users")):
            local = spec_rules.mapping(entry)
            found = str(local.get("password", "")) if local["name"] == name else found
        found = str(spec_rules.mapping(spec.get("passwords")).get(name, found))
    elif domain:
        account = domain.by_upn(user) if "@" in user else domain.by_name(name)
        found = account.password if account else ""
    if not found:
        raise ValueError(f"the logon {user} of {spec['name']} has no password in the scenario")
    return found
