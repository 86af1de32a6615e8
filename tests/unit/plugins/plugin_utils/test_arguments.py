# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may write: each refusal is one sentence with the right word, whatever the ansible-core."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.options import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.winmail.exchange.plugins.plugin_utils import _words
from ansible_collections.winmail.exchange.plugins.plugin_utils._arguments import validated
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

pytestmark = pytest.mark.case("A1")

WINDOWS = ("user_right", "user_right_info", "user_right_baseline_info", "pop3_server_info", "service_restart")
NAMED = {"name": "SeTcbPrivilege", "accounts": ["S-1-5-19"]}


def take(action: str, written: dict[str, Any]) -> dict[str, Any]:
    """The options of a task as its action takes them."""
    if action == "pop3_probe":
        return validated(written, ARGUMENT_SPEC, {"required_if": REQUIRED_IF}, _words.POP3_PROBE)
    cls = importlib.import_module(f"ansible_collections.winmail.exchange.plugins.action.{action}").ActionModule
    one = cls.__new__(cls)
    one.refuse(written)
    return validated(written, cls.ARGUMENT_SPEC, cls.RULES, cls.WORDS, cls.ENTRY_WORDS)


def refused(action: str, written: dict[str, Any]) -> str:
    with pytest.raises(InputError) as found:
        take(action, written)
    return str(found.value)


@pytest.mark.parametrize(
    ("action", "written", "right"),
    [
        ("user_right", {"name": "SeTcbPrivilege", "users": ["x"]}, "here it is accounts, a list"),
        ("user_right", {**NAMED, "action": "set"}, "state: pure for set (the default of win_user_right)"),
        (
            "user_right",
            {"permission": "SeTcbPrivilege", "accounts": []},
            "permission (here it is name)",
        ),
        ("user_right", {"privilege": "SeTcbPrivilege", "principal": ["x"]}, "here it is name"),
        ("user_right", {"Policy": "x", "Identity": ["x"]}, "Identity (here it is accounts"),
        ("user_right", {**NAMED, "Force": True}, "state: pure"),
        ("user_right", {**NAMED, "Ensure": "Absent"}, "state: present or state: absent"),
        ("user_right", {"name": "SeTcbPrivilege", "acounts": []}, "did you mean accounts?"),
        (
            "user_right",
            {**NAMED, "zzz": 1},
            (
                "supported parameters: accounts, allow_lockout, confirm, confirm_timeout, gpo_conflict, name, rights, "
                "state."
            ),
        ),
        (
            "user_right",
            {"rights": [{"name": "x", "accounts": ["x"]}]},
            "rights[0]: Unsupported parameters: accounts (here it is add",
        ),
        (
            "user_right",
            {"rights": [{"name": "x", "add": []}, {"name": "x", "state": "pure"}]},
            "rights[1]: Unsupported parameters: state (here",
        ),
        (
            "user_right",
            {"resource_name": "UserRightsAssignment", "Policy": "x", "Identity": []},
            "resource_name (here it is nothing: name alone says which right), Policy (here it is name), Identity (here",
        ),
        (
            "user_right",
            {"policy_setting": "x", "policy_type": "x", "policy_value": "x"},
            (
                "policy_setting (here it is name), policy_type (here it is nothing: name alone says which right), "
                "policy_value (here it is accounts"
            ),
        ),
        ("user_right", {"computer_policy": {"x": ["y"]}}, "here it is rights, a list with an entry for each right"),
        ("user_right", {**NAMED, "when": "x"}, "a keyword of the task, beside the module"),
        ("user_right", {**NAMED, "enabled": True}, "a word of an entry of rights; a whole task has when"),
        (
            "user_right",
            {"rights": [{"name": "x", "users": ["x"], "action": "add"}]},
            (
                "rights[0]: Unsupported parameters: users (here it is add, remove or set), action (here it is the word "
                "itself: add: […], remove: […] or set: […] (set is the default of win_user_right))"
            ),
        ),
        (
            "user_right",
            {"rights": [{"Policy": "x", "Identity": ["x"], "Force": True}]},
            "Policy (here it is name), Identity (here it is add, remove or set), Force (here it is set, for exactly",
        ),
        ("user_right", {"rights": [{"name": "x", "principal": "x"}]}, "principal (here it is add, remove or set)"),
        ("user_right", {"rights": [{"name": "x", "add": ["x"], "when": True}]}, "when (here it is enabled, with a"),
        ("user_right_info", {"name": "SeTcbPrivilege"}, "here it is names, a list"),
        ("user_right_info", {"users": ["x"]}, "here it is accounts, a list"),
        ("user_right_baseline_info", {"profile": "x"}, "here it is baseline"),
        ("user_right_baseline_info", {"baseline": "x", "rules": ["x"]}, "here it is controls, a list of ids"),
        (
            "user_right_baseline_info",
            {"baseline": "x", "waivers": [{"control": "x", "expiration_date": "2027-03-31"}]},
            "waivers[0]: Unsupported parameters: expiration_date (here it is until, as YYYY-MM-DD)",
        ),
        ("pop3_server_info", {"service_name": "x"}, "here it is service"),
        ("pop3_server_info", {"acount": "x"}, "did you mean account?"),
        ("service_restart", {"service": "x"}, "here it is name"),
        ("service_restart", {"name": "x", "state": "restarted"}, "this task always restarts"),
        ("service_restart", {"name": "x", "force_dependent_services": True}, "here it is dependents"),
        ("pop3_probe", {"server": "x"}, "here it is host"),
        ("pop3_probe", {"username": "x"}, "here it is login_user"),
        ("pop3_probe", {"prot": 110}, "did you mean port?"),
    ],
)
def test_a_word_of_another_tool_is_answered_with_ours(action: str, written: dict[str, Any], right: str) -> None:
    assert right.lower() in refused(action, written).lower()


@pytest.mark.parametrize(
    ("action", "written", "said"),
    [
        (
            "user_right",
            {**NAMED, "state": "add"},
            "one of: present, absent, pure, got: add. What is called add elsewhere is present here.",
        ),
        ("user_right", {**NAMED, "state": "set"}, "is pure here."),
        ("user_right", {**NAMED, "state": "remove"}, "is absent here."),
        ("user_right", {**NAMED, "state": "clear"}, "is pure with accounts: [] here."),
        (
            "user_right",
            {"rights": [{"name": "x", "add": ["x"]}, {"name": "x", "add": ["x"], "enabled": None}]},
            "rights[1].enabled is null; it has to be true or false. A variable that may be empty says which",
        ),
        (
            "user_right",
            {"rights": [{"name": "x", "add": ["x"], "enabled": "rule_1"}]},
            "rights[0].enabled is 'rule_1'; it has to be true or false.",
        ),
        ("user_right", {**NAMED, "state": "gone"}, "value of state must be one of: present, absent, pure, got: gone."),
        ("user_right", {**NAMED, "allow_lockout": "maybe"}, "allow_lockout is 'maybe'; it has to be true or false."),
        (
            "user_right",
            {"name": ["a", "b"], "accounts": []},
            "name is a list; it takes one right. For several write rights",
        ),
        ("user_right", {"name": "x", "accounts": {"a": 1}}, "accounts is a dictionary; it has to be a list."),
        (
            "user_right",
            {"name": "x", "accounts": [{"sid": "S-1-5-18", "name": "x"}]},
            "accounts[0] is a dictionary; it has to be text, and the SID is one: map(",
        ),
        (
            "user_right",
            {"name": "x", "accounts": [["x"]]},
            "accounts[0] is a list; it has to be text: there is a list in the list",
        ),
        ("user_right", {"name": "x", "accounts": ["x", None]}, "accounts[1] is null; it has to be text."),
        (
            "user_right",
            {"rights": {"SeTcbPrivilege": ["x"]}},
            "rights is a dictionary; it has to be a list with an entry of name, add, remove, set, enabled for each",
        ),
        ("user_right", {"rights": ["SeTcbPrivilege"]}, "rights[0] is text; it has to be a dictionary with an entry"),
        ("user_right", {"rights": [None]}, "rights[0] is null; it has to be a dictionary"),
        ("user_right", {"rights": "SeTcbPrivilege"}, "rights is text; it has to be a list"),
        (
            "user_right",
            {"rights": [{"name": "x", "add": {"a": 1}}]},
            "rights[0].add is a dictionary; it has to be a list.",
        ),
        ("user_right", {"rights": [{"add": ["x"]}]}, "missing required arguments: name found in rights."),
        ("user_right", {"name": "x"}, "parameters are required together: name, accounts."),
        ("user_right", {}, "one of the following is required: name, rights."),
        ("service_restart", {"name": "x", "timeout": "2m"}, "timeout is '2m'; it has to be a whole number."),
        ("service_restart", {}, "missing required arguments: name."),
        ("pop3_probe", {"timeout": "soon"}, "timeout is 'soon'; it has to be a number."),
        (
            "pop3_probe",
            {"tls": "ssl"},
            "one of: none, starttls, implicit, got: ssl. What is called ssl elsewhere is implicit here.",
        ),
        ("pop3_probe", {"tls": False}, "is none here."),
        ("pop3_probe", {"expect": "logon_ok,ok"}, "Got no match for: ok."),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_in_the_same_words_everywhere(
    action: str, written: dict[str, Any], said: str
) -> None:
    sentence = refused(action, written)
    assert said in sentence
    assert "<class" not in sentence


@pytest.mark.parametrize(
    "beside", [{"state": "pure"}, {"state": "present"}, {"name": "x", "accounts": []}, {"accounts": []}]
)
def test_words_of_the_short_form_beside_rights_are_refused(beside: dict[str, Any]) -> None:
    sentence = refused("user_right", {"rights": [{"name": "SeTcbPrivilege", "add": ["x"]}], **beside})
    assert sentence.startswith(f"rights stands beside {' and '.join(beside)}.")
    assert "set for state: pure: {name: …, set: […]}" in sentence


@pytest.mark.parametrize("state", ["present", "absent", "pure"])
def test_accounts_that_are_null_are_not_an_empty_list(state: str) -> None:
    """A variable that turned out to be nothing must not clear a right."""
    assert "required together" in refused("user_right", {"name": "SeTcbPrivilege", "accounts": None, "state": state})


def test_null_means_not_written() -> None:
    taken = take("user_right", {**NAMED, "state": None, "rights": None, "gpo_conflict": None})
    assert (taken["state"], taken["rights"], taken["gpo_conflict"]) == ("present", None, "warn")
    entry = take("user_right", {"rights": [{"name": "x", "add": ["y"], "set": None}]})["rights"][0]
    assert (entry["add"], entry["set"]) == (["y"], None)


def test_what_may_be_meant_is_taken_as_ansible_takes_it() -> None:
    assert take("user_right", {"name": "x", "accounts": "a,b"})["accounts"] == ["a", "b"]
    assert take("user_right", {"name": 1, "accounts": 5})["accounts"] == ["5"]
    assert take("user_right", {**NAMED, "allow_lockout": "yes"})["allow_lockout"] is True
    assert take("service_restart", {"name": "x", "timeout": "90"})["timeout"] == 90
    assert take("pop3_probe", {"expect": "logon_ok,listening"})["expect"] == ["logon_ok", "listening"]
    assert take("user_right", {"rights": []})["rights"] == []


def test_no_sentence_repeats_a_password() -> None:
    sentence = refused("pop3_probe", {"host": "x", "login_password": {"hunter2": "hunter2"}})
    assert "login_password is a dictionary" in sentence
    assert "hunter2" not in sentence


@pytest.mark.parametrize("action", [*WINDOWS, "pop3_probe"])
def test_no_word_of_another_tool_is_an_option_of_ours(action: str) -> None:
    words: dict[str, Any] = dict(getattr(_words, action.upper()))
    if action == "pop3_probe":
        spec: dict[str, Any] = ARGUMENT_SPEC
    else:
        spec = importlib.import_module(
            f"ansible_collections.winmail.exchange.plugins.action.{action}"
        ).ActionModule.ARGUMENT_SPEC
    assert not set(words) & set(spec)
    assert all(word == word.lower() for word in words)
