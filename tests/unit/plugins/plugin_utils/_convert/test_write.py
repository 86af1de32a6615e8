# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of the one task: it says what the rules say, with every comment, and YAML reads it so."""

from __future__ import annotations

import re
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.collect import collect
from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.write import task_text
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS

SECTION = """---
# Above all.
- name: First
  # Of the first.
  win_user_right:
    name: SeTcbPrivilege
    users: [] # nobody
  when: [common, a or b]
  tags: [x, one]

# Above the second.
- name: Second
  win_user_right:
    name: SeDenyBatchLogonRight
    users:
      - Guests # always
      # Above this one.
      - 'CORP\\svc' # a "service"
      # - Administrators
    action: add
  when:
    - common
    - c == "d"
  tags: x, two
- name: Third
  win_user_right: {name: SeAuditPrivilege, users: "{{ auditors }}"}
  when: common
  tags: x
  register: y
- name: Fourth
  win_user_right: {name: SeDebugPrivilege, users: "{{ debuggers }}"}
  when: common
  tags: x
"""
TASK = """---
# Made by winmail.exchange.user_right_convert from f.yml: 3 rules in 3 entries of 1 task, 1 left as they were.
- name: Set user rights
  when:
    - "common"
  tags: ["x"]
  winmail.exchange.user_right:
    rights:
      # First
      # Above all.
      # Of the first.
      # nobody
      - name: SeTcbPrivilege
        set: []
        enabled: "{{ a or b }}"
      # Second
      # Above the second.
      - name: SeDenyBatchLogonRight
        add:
          - Guests # always
          # Above this one.
          - 'CORP\\svc' # a "service"
          # - Administrators
        enabled: '{{ c == "d" }}'
      # Fourth
      - name: SeDebugPrivilege
        set: "{{ debuggers }}"

# Left as it was. What stands below a reason is a proposal.
# Line 25, Third: it has register, which a task for all rules cannot have for one.
#   # Third
#   - name: SeAuditPrivilege
#     set: "{{ auditors }}"
#     enabled: "{{ common }}"
"""


def test_a_section_becomes_one_task_with_its_comments() -> None:
    assert task_text(collect(SECTION, "f.yml"), "f.yml") == TASK


def test_each_play_has_a_task_of_its_own() -> None:
    text = (
        "- hosts: a\n  name: 'Some \"play\"'\n  tasks:\n    - win_user_right: {name: SeTcbPrivilege, users: []}\n"
        "- hosts: b\n  tasks:\n    - win_user_right: {name: SeDebugPrivilege, users: []}\n"
    )
    tasks = yaml.safe_load(task_text(collect(text, "f"), "f"))
    assert [task["name"] for task in tasks] == ['Set user rights (Some "play")', "Set user rights (hosts: b)"]


def test_nothing_understood_is_an_empty_list() -> None:
    text = task_text(collect("- win_user_right: x\n", "f"), "f")
    assert yaml.safe_load(text) == []
    assert "# Line 1: its options are no mapping" in text


ACCOUNTS = st.sampled_from(
    ["Administrators", "CORP\\svc", ".\\o'neill", "S-1-5-19", "{{ domain }}\\x", "x@corp.example"]
)
COMMENT = st.sampled_from(["", "why", "- Guests", 'it\'s "so": # really', "ä"])
RULE = st.fixed_dictionaries(
    {
        "accounts": st.lists(st.tuples(ACCOUNTS, COMMENT), max_size=4, unique_by=lambda pair: pair[0].lower()),
        "action": st.sampled_from(["add", "remove", "set"]),
        "title": COMMENT,
        "above": COMMENT,
        "when": st.sampled_from(["", "a", "b or c", "x == 'y'", 'x == "y"', "z is defined"]),
        "flow": st.booleans(),
    }
)


def written(right: str, rule: dict[str, Any]) -> str:
    """A task as somebody may have written it, with comments in many places."""
    lines = [f"# {rule['above']}"] if rule["above"] else []
    lines.append("- win_user_right:")
    lines.append(f"    name: {right}")
    quoted = ["'" + name.replace("'", "''") + "'" for name, dummy in rule["accounts"]]
    if rule["flow"] or not quoted:
        lines.append(f"    users: [{', '.join(quoted)}]")
    else:
        lines.append("    users:")
        for name, (dummy, comment) in zip(quoted, rule["accounts"], strict=True):
            lines.append(f"    - {name}{' # ' + comment if comment else ''}")
    lines.append(f"    action: {rule['action']}")
    if rule["when"]:
        lines.append("  when: " + "'" + rule["when"].replace("'", "''") + "'")
    if rule["title"]:
        lines.append("  name: " + "'" + rule["title"].replace("'", "''") + "'")
    return "\n".join(lines) + "\n"


@given(st.dictionaries(st.sampled_from(sorted(RIGHTS)), RULE, min_size=1, max_size=5))
def test_the_task_says_what_the_tasks_said_and_no_comment_is_lost(rules: dict[str, Any]) -> None:
    source = "".join(written(right, rule) for right, rule in rules.items())
    found = collect(source, "f.yml")
    assert found.left == ()
    text = task_text(found, "f.yml")
    (task,) = yaml.safe_load(text)
    common = set(task.get("when", []))
    entries = {entry.pop("name"): entry for entry in task["winmail.exchange.user_right"]["rights"]}
    assert list(entries) == list(rules)
    for right, rule in rules.items():
        entry = entries[right]
        enabled = entry.pop("enabled", None)
        assert entry == {rule["action"]: [name for name, dummy in rule["accounts"]]}
        assert (enabled is None) == (not rule["when"] or rule["when"] in common)
        if enabled is not None:
            assert enabled == f"{{{{ {rule['when']} }}}}"
    said = re.findall(r"# (.*)$", text, re.MULTILINE)
    for rule in rules.values():
        beside = [] if rule["flow"] else [comment for dummy, comment in rule["accounts"]]
        for comment in filter(None, [rule["title"], rule["above"], *beside]):
            assert any(comment in one for one in said), comment
