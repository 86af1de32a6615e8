# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file of tasks asks for, and what is left as it is with its reason."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.collect import collect
from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.model import Left, Rule
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError


def rule(text: str) -> Rule:
    """The one rule of a file from which nothing is left."""
    found = collect(text, "f.yml")
    assert found.left == ()
    (one,) = found.rules
    return one


def left(text: str) -> Left:
    """What is left of a file from which nothing can be taken."""
    found = collect(text, "f.yml")
    assert found.rules == ()
    (one,) = found.left
    return one


def task(options: str, keywords: str = "") -> str:
    return f"- name: t\n  ansible.windows.win_user_right: {options}\n{keywords}"


@pytest.mark.parametrize(
    ("options", "right", "verb", "accounts"),
    [
        ("{name: SeTcbPrivilege, users: [a, 'B\\c'], action: add}", "SeTcbPrivilege", "add", ["a", "B\\c"]),
        ("{name: SeTcbPrivilege, users: [a], action: remove}", "SeTcbPrivilege", "remove", ["a"]),
        ("{name: setcbprivilege, users: [a]}", "SeTcbPrivilege", "set", ["a"]),
        ("{name: SeTcbPrivilege, users: [], action: set}", "SeTcbPrivilege", "set", []),
        ("{name: SeTcbPrivilege, users: Guests, action: set}", "SeTcbPrivilege", "set", ["Guests"]),
        ("{name: SeTcbPrivilege, users: 'Guests, x', action: set}", "SeTcbPrivilege", "set", ["Guests", "x"]),
        ("{name: SeSystemTimePrivilege, users: [a], action: null}", "SeSystemtimePrivilege", "set", ["a"]),
        ("{name: SeTcbPrivilege, users: [Nobody], action: remove}", "SeTcbPrivilege", "remove", ["Nobody"]),
    ],
)
def test_the_options_of_win_user_right_as_its_own_code_takes_them(
    options: str, right: str, verb: str, accounts: list[str]
) -> None:
    found = rule(task(options))
    assert (found.right, found.verb, [one.text for one in found.accounts]) == (right, verb, accounts)


@pytest.mark.parametrize(
    ("options", "verb", "accounts"),
    [
        ("Identity: [a, b]", "add", ["a", "b"]),
        ("Identity: a, Ensure: Present, Force: false", "add", ["a"]),
        ("Identity: [a], Force: true", "set", ["a"]),
        ("Identity: [a], force: yes, ensure: present", "set", ["a"]),
        ("Identity: [a], Ensure: Absent", "remove", ["a"]),
        ("Identity: [a], Ensure: absent, Force: true", "remove", ["a"]),
        ("Identity: ''", "set", []),
        ("Identity: [NULL], module_version: latest", "set", []),
        ("Identity: []", "set", []),
    ],
)
def test_the_options_of_security_policy_dsc_as_its_own_code_takes_them(
    options: str, verb: str, accounts: list[str]
) -> None:
    dsc = f"{{resource_name: UserRightsAssignment, Policy: Log_on_as_a_service, {options}}}"
    for module in ("ansible.windows.win_dsc", "win_dsc"):
        found = rule(f"- {module}: {dsc}\n")
        assert (found.right, found.verb) == ("SeServiceLogonRight", verb)
        assert [one.text for one in found.accounts] == accounts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (task("{users: [a]}"), "it names no right"),
        (task("{name: SeTcbPrivilege}"), "it has no users"),
        (task("{name: SeTcbPrivilege, users: null, action: add}"), "users is empty, and action is add"),
        (task("{name: SeTcbPrivilege, users: [a], action: grant}"), "action is 'grant'; it is add, remove or set"),
        (task("{name: SeTcbPrivilege, users: [a], action: '{{ x }}'}"), "action is no plain word"),
        (task("{name: SeTcbPrivilege, users: [a], state: x}"), "it has state, which win_user_right does not have"),
        (task("{name: '{{ x }}', users: [a]}"), "its right is a template, {{ x }}"),
        (task("{name: SeFooPrivilege, users: [a]}"), "Unknown user right 'SeFooPrivilege'. The nearest are: "),
        (task("{name: SeTcbPrivilege, users: [No One]}"), "means nobody in other tools"),
        (task("{name: SeTcbPrivilege, users: ['']}"), "is empty"),
        (task("{name: SeTcbPrivilege, users: [[a]]}"), "an entry of its accounts is no text"),
        (task("{name: SeTcbPrivilege, users: [null]}"), "an entry of its accounts is no text"),
        (task("{name: SeTcbPrivilege, users: '{{ a }},b'}"), "a text with templates and commas"),
        (task("name=SeTcbPrivilege users=x"), "its options are no mapping"),
        (task("{<<: *x}").replace("- name", "- &x {a: 1}\n- name"), "it has a merge key"),
        (task("{name: SeTcbPrivilege, users: !vault x}"), "it has !vault, which says how its value is read"),
        ("- action: win_user_right name=x\n", "it is written with action"),
        ("- local_action: {module: win_user_right}\n", "it is written with local_action"),
        (task("{name: SeTcbPrivilege, users: [a]}", "  register: x\n  notify: y\n"), "it has register, notify, which"),
        (task("{name: SeTcbPrivilege, users: [a]}", "  tags: [x, never]\n"), "it has the tag never"),
        (task("{name: SeTcbPrivilege, users: [a]}", "  when: '{{ x }}'\n"), "its when is no plain expression"),
        (task("{name: SeTcbPrivilege, users: [a]}", "  loop: '{{ x }}'\n"), "it loops over {{ x }}, which is not in"),
        (task("{name: SeTcbPrivilege, users: [a]}", "  with_items: [[a]]\n"), "it loops over lists in a list"),
        (task("{name: SeTcbPrivilege, users: [a]}", "  with_dict: {a: b}\n"), "it has with_dict, which"),
        (task("{name: SeTcbPrivilege, users: [a]}", "  loop: []\n"), "its loop is empty"),
        (task("{name: '{{ item ~ x }}', users: [a]}", "  loop: [a]\n"), "makes something of its loop's item"),
        (task("{name: '{{ item.b }}', users: [a]}", "  loop: [{a: 1}]\n"), "a turn of its loop has no b"),
        (
            task("{name: '{{ item }}', users: [a]}", "  loop: [SeTcbPrivilege]\n  when: item != 'x'\n"),
            "depend on the turn of its loop: item != 'x'",
        ),
        (
            task("{name: '{{ item }}', users: [a]}", "  loop: [SeTcbPrivilege]\n  loop_control: {pause: 3}\n"),
            "its loop_control has pause",
        ),
        (
            "- win_shell: x\n  register: seen\n" + task("{name: SeTcbPrivilege, users: [a]}", "  when: seen.rc == 0\n"),
            "it depends on seen, which the task in line 1 registers",
        ),
        (
            "- win_shell: x\n  register: seen\n" + task("{name: SeTcbPrivilege, users: '{{ seen.stdout_lines }}'}"),
            "it depends on seen, which the task in line 1 registers",
        ),
        (
            "- block:\n    - win_user_right: {name: SeTcbPrivilege, users: [a]}\n  become: true\n",
            "its block has become",
        ),
        ("- block: []\n  rescue:\n    - win_user_right: {name: SeTcbPrivilege, users: []}\n", "it stands in rescue"),
        (
            "- block:\n    - win_user_right: {name: SeTcbPrivilege, users: []}\n  rescue: []\n",
            "its block has a rescue",
        ),
        (
            (
                "- block:\n    - win_user_right: {name: SeTcbPrivilege, users: []}\n"
                "  module_defaults: {win_user_right: {action: add}}\n"
            ),
            "module_defaults of win_user_right hold for it",
        ),
        (
            (
                "- hosts: a\n  module_defaults: {group/windows: {}}\n"
                "  tasks:\n    - win_user_right: {name: SeTcbPrivilege, users: []}\n"
            ),
            "module_defaults of group/windows hold for it",
        ),
        ("- hosts: a\n  handlers:\n    - win_user_right: {name: SeTcbPrivilege, users: []}\n", "it is a handler"),
        (
            "- win_dsc: {resource_name: userrightsassignment, Policy: Debug_programs, Identity: '[Local Account]'}\n",
            "means every such account, one by one, to SecurityPolicyDsc",
        ),
        (
            "- win_dsc: {resource_name: UserRightsAssignment, Policy: Debug_programs, Ensure: Absent}\n",
            "Ensure is Absent and Identity is empty, which takes the right from everybody",
        ),
        (
            "- win_dsc: {resource_name: UserRightsAssignment, Policy: Debug_programs, Identity: a, PsDscRunAs: x}\n",
            "it has psdscrunas, which the resource does not have",
        ),
        (
            task("{name: SeTcbPrivilege, users: !unsafe ['{{ x }}']}"),
            "it has !unsafe, which says how its value is read",
        ),
        (
            "- win_dsc: {resource_name: UserRightsAssignment, Policy: Debug_programs, Identity: [a, !vault b]}\n",
            "it has !vault, which says how its value is read",
        ),
    ],
)
def test_what_is_not_understood_is_left_with_its_reason(text: str, reason: str) -> None:
    assert reason in left(text).reason


def test_a_task_about_something_else_is_passed_over() -> None:
    found = collect("- win_dsc: {resource_name: File, x: y}\n- win_ping:\n- debug: {msg: win_user_right}\n", "f.yml")
    assert (found.rules, found.left, found.sections) == ((), (), ())


def test_blocks_give_their_conditions_and_tags() -> None:
    found = rule(
        "- when: a\n  tags: [x]\n  block:\n    - when: [b or c]\n      tags: y, z\n      block:\n"
        "        - win_user_right: {name: SeTcbPrivilege, users: []}\n          when: d\n"
    )
    assert found.conditions == ("a", "b or c", "d")
    assert found.tags == ("x", "y", "z")


def test_a_loop_over_the_file_is_taken_apart() -> None:
    found = collect(
        task(
            "{name: '{{ it.right }}', users: \"{{ it['who'] }}\", action: add}",
            "  loop:\n    - {right: SeTcbPrivilege, who: [a, b]}\n    - {right: SeAuditPrivilege, who: c}\n"
            "  loop_control: {loop_var: it, label: x}\n",
        ),
        "f.yml",
    )
    assert [(one.right, [account.text for account in one.accounts]) for one in found.rules] == [
        ("SeTcbPrivilege", ["a", "b"]),
        ("SeAuditPrivilege", ["c"]),
    ]


def test_what_several_tasks_give_becomes_one_list() -> None:
    options = ("users: [a], action: add", "users: [A, b], action: add", "users: [c], action: remove")
    found = collect("".join(task(f"{{name: SeTcbPrivilege, {one}}}") for one in options), "f.yml")
    assert [(one.verb, [account.text for account in one.accounts]) for one in found.rules] == [
        ("add", ["a", "b"]),
        ("remove", ["c"]),
    ]
    assert [one.title for one in found.rules] == ["t", "t"], "an equal name is said once"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("users: [a]", "users: [b], action: add", "the task in line 1 names SeTcbPrivilege too, on the same condition"),
        ("users: [a], action: add", "users: [A], action: remove", "on the same condition"),
        ("users: '{{ x }}', action: add", "users: [A], action: add", "on the same condition"),
    ],
)
def test_two_lists_of_one_right_are_for_a_person_to_decide(first: str, second: str, reason: str) -> None:
    found = collect("".join(task(f"{{name: SeTcbPrivilege, {one}}}") for one in (first, second)), "f.yml")
    assert len(found.rules) == 1
    assert reason in found.left[0].reason
    assert found.left[0].line == 3


def test_one_right_with_and_without_a_condition_is_for_a_person_to_decide() -> None:
    found = collect(
        task("{name: SeTcbPrivilege, users: []}") + task("{name: SeTcbPrivilege, users: [a]}", "  when: x\n"), "f.yml"
    )
    assert "one of both without a condition" in found.left[0].reason
    apart = task("{name: SeTcbPrivilege, users: []}", "  when: not x\n")
    assert len(collect(apart + task("{name: SeTcbPrivilege, users: [a]}", "  when: x\n"), "f.yml").rules) == 2


def test_a_playbook_has_a_section_for_each_play() -> None:
    found = collect(
        "- hosts: a\n  name: One\n  pre_tasks:\n    - win_user_right: {name: SeTcbPrivilege, users: []}\n"
        "- hosts: b\n  tasks:\n    - win_user_right: {name: SeTcbPrivilege, users: [x]}\n- hosts: c\n",
        "f.yml",
    )
    assert [section.title for section in found.sections] == ["One", "hosts: b"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [\n", "f.yml, line 2, is no YAML: "),
        ("a: 1\n", "f.yml is no list of tasks or plays."),
        ("", "f.yml is no list of tasks or plays."),
        ("- &a\n  - *b\n", "f.yml, line 2, is no YAML: found undefined alias 'b'."),
        ("- \x00\n", "f.yml"),
        ("- block: " * 60, "f.yml"),
        ("".join(f"{'  ' * n}- block:\n" for n in range(30)) + f"{'  ' * 31}- x:\n", "more than 20 blocks"),
        ("- &a\n  block:\n    - *a\n", "more than 20 blocks in each other"),
    ],
)
def test_what_is_no_file_of_tasks_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        collect(text, "f.yml")
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_remarks_say_what_reads_differently() -> None:
    found = collect(
        "- include_tasks: other.yml\n"
        + task("{name: SeTcbPrivilege, users: '{{ x }}'}", "  tags: a\n")
        + task("{name: SeDebugPrivilege, users: null}", "  tags: b\n"),
        "f.yml",
    )
    assert len(found.remarks) == 4
    null, templates, tags, others = found.remarks
    assert null == "Line 5: users of SeDebugPrivilege is null; it was taken for an empty list, nobody."
    assert templates.startswith("Accounts of the tasks in line 2 are templates: ")
    assert tags.startswith("Tags that chose single rules are gone")
    assert others == "The tasks in line 1 take in other files or roles, which were not looked into."
