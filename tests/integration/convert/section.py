# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section of a hardening role read by PyYAML and Jinja alone: which task holds for a host, what it would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jinja2
import yaml

from ansible_collections.winmail.exchange.tests.support.player import ROOT

SECTION = ROOT / "tests" / "support" / "hardening_role.yml"
ALL_RULES = {**{f"rule_{number:02}": True for number in range(1, 50)}, "skip_what_may_cut_off": False}
# What is left by the converter: its condition needs another task.
LEFT = "SeAuditPrivilege"
MEMBERS = ("member", "german", "r2", "deaddomain")
# What the English names of the section mean on every Windows; Microsoft, "Security identifiers".
SIDS = {
    "Administrators": "S-1-5-32-544",
    "Authenticated Users": "S-1-5-11",
    "ENTERPRISE DOMAIN CONTROLLERS": "S-1-5-9",
    "Guests": "S-1-5-32-546",
    "Local Account": "S-1-5-113",
    "LOCAL SERVICE": "S-1-5-19",
    "NETWORK SERVICE": "S-1-5-20",
    "Remote Desktop Users": "S-1-5-32-555",
    "SERVICE": "S-1-5-6",
    "Window Manager\\Window Manager Group": "S-1-5-90-0",
    # sc showsid of that service.
    "NT SERVICE\\WdiServiceHost": "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420",
}


@dataclass(frozen=True)
class Task:
    """One task that holds for a host: the number of its rule, its right, what it does and to whom."""

    rule: str
    right: str
    action: str
    sids: frozenset[str]

    def after(self, held: set[str]) -> set[str]:
        """Who holds the right when win_user_right has run."""
        return held | self.sids if self.action == "add" else set(self.sids)


def tasks_for(host: str) -> list[Task]:
    """The tasks that hold for a host, in their order; without the one that is left."""
    facts = {
        **ALL_RULES,
        "is_domain_controller": host == "dc",
        "is_domain_member": host in MEMBERS,
        "hyperv_installed": False,
        "iis_installed": False,
        "exchange_in_domain": False,
    }
    environment = jinja2.Environment(autoescape=True)
    environment.filters["bool"] = bool
    found = []
    for name, task, conditions in _tasks(yaml.safe_load(SECTION.read_text(encoding="utf-8"))):
        if task["name"] == LEFT or not all(environment.compile_expression(one)(**facts) for one in conditions):
            continue
        users = task["users"]
        if users == "{{ scheduling_priority }}":
            users = ["Administrators", "Window Manager\\Window Manager Group"]
        sids = frozenset(SIDS.get(user, user) for user in ([users] if isinstance(users, str) else users))
        found.append(Task(name.split()[1].strip(","), task["name"].lower(), task["action"], sids))
    return found


def _tasks(
    nodes: list[dict[str, Any]], conditions: tuple[str, ...] = ()
) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    for node in nodes:
        when = node.get("when", [])
        mine = (*conditions, *([when] if isinstance(when, str) else when))
        if "block" in node:
            yield from _tasks(node["block"], mine)
        elif "ansible.windows.win_user_right" in node:
            yield node["name"], node["ansible.windows.win_user_right"], list(mine)


def made_of(host: str, before: dict[str, list[str]]) -> dict[str, set[str]]:
    """What the tasks make of a host's rights, one after another, as win_user_right does it."""
    after = {right.lower(): set(holders) for right, holders in before.items()}
    for task in tasks_for(host):
        after[task.right] = task.after(after.get(task.right, set()))
    return {right: holders for right, holders in after.items() if holders}
