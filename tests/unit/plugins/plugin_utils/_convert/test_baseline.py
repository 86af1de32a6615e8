# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules as a baseline: what the reader of baselines makes of the file that was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import Baseline, Control
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.read import read
from ansible_collections.winmail.exchange.plugins.plugin_utils._convert import baseline
from ansible_collections.winmail.exchange.plugins.plugin_utils._convert.collect import collect
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def made(text: str, roles: Mapping[str, Sequence[str]] | None = None) -> baseline.Controls:
    return baseline.controls(collect(text, "f.yml"), roles or {})


def read_back(controls: baseline.Controls) -> Baseline:
    """The baseline as the collection reads it, which refuses what it does not understand."""
    text = baseline.baseline_text(controls, 'Rights of "f"', "SHA-256 0", "f.yml")
    return read(text.encode(), "f")


def one(text: str, roles: Mapping[str, Sequence[str]] | None = None) -> Control:
    (control,) = read_back(made(text, roles)).controls
    return control


def task(options: str, when: str = "") -> str:
    return f"- name: t\n  win_user_right: {options}\n" + (f"  when: {when}\n" if when else "")


@pytest.mark.parametrize(
    ("options", "operator", "expected"),
    [
        ("{name: SeTcbPrivilege, users: [], action: set}", "nobody", []),
        ("{name: SeTcbPrivilege, users: [Guests, guests], action: set}", "exactly", ["Guests", "guests"]),
        ("{name: SeTcbPrivilege, users: [Guests], action: add}", "at_least", ["Guests"]),
        ("{name: SeDenyBatchLogonRight, users: [Guests], action: set}", "at_least", ["Guests"]),
        ("{name: SeDenyBatchLogonRight, users: [], action: set}", "nobody", []),
        (
            "{name: SeDenyBatchLogonRight, users: [Domain Admins, enterprise admins], action: set}",
            "at_least",
            ["S-1-5-21-<domain>-512", "S-1-5-21-<root-domain>-519"],
        ),
    ],
)
def test_what_a_task_asks_as_an_operator(options: str, operator: str, expected: list[str]) -> None:
    control = one(task(options))
    assert control.operator == operator
    assert [account.any_of[0].written for account in control.expected] == expected
    assert len(control.applies_to) == 3


@pytest.mark.parametrize(
    ("when", "roles"),
    [
        ("ansible_windows_domain_role == 'Primary domain controller'", {"domain_controller"}),
        ('''"ansible_facts['windows_domain_role'] == 'Member server'"''', {"member_server"}),
        ('''ansible_facts.windows_domain_role == "Stand-alone server"''', {"workgroup_member"}),
        ("ansible_windows_domain_member", {"member_server", "domain_controller"}),
        ("""not ansible_facts['windows_domain_member'] | bool""", {"workgroup_member"}),
        ('''"'controller' not in ansible_facts['windows_domain_role']"''', {"member_server", "workgroup_member"}),
        ("[rule_1 | bool, mine]", {"member_server"}),
        ("[not mine, ansible_windows_domain_member]", {"domain_controller"}),
        ("rule_1 or rule_2", {"member_server", "domain_controller", "workgroup_member"}),
    ],
)
def test_a_condition_says_for_which_hosts_a_control_is(when: str, roles: set[str]) -> None:
    control = one(task("{name: SeTcbPrivilege, users: []}", when), {"mine": ["member_server"]})
    assert control.applies_to == roles


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (task("{name: SeTcbPrivilege, users: [a], action: remove}"), "it takes a right away"),
        (task("{name: SeTcbPrivilege, users: [], action: add}"), "it gives the right to nobody"),
        (task("{name: SeTcbPrivilege, users: '{{ x }}'}"), "its accounts are templates"),
        (task("{name: SeTcbPrivilege, users: ['{{ x }}y']}"), "its accounts are templates"),
        (task("{name: SeTcbPrivilege, users: []}", "x == 1"), "says nothing of a host's role that is known: x == 1"),
        (task("{name: SeTcbPrivilege, users: []}", "not iis"), "that is known: not iis"),
        (
            task("{name: SeTcbPrivilege, users: []}", '''"ansible_windows_domain_role == 'Server'"'''),
            "says nothing of a host's role",
        ),
        (
            task(
                "{name: SeTcbPrivilege, users: []}",
                "[ansible_windows_domain_role == 'Member server', not ansible_windows_domain_member]",
            ),
            "its conditions hold for no role of a host",
        ),
    ],
)
def test_what_no_baseline_can_say_is_left(text: str, reason: str) -> None:
    controls = made(text)
    assert controls.controls == ()
    assert reason in controls.left[0].reason


def test_one_right_has_one_control_for_a_role() -> None:
    text = task("{name: SeTcbPrivilege, users: []}", "a") + task("{name: SeTcbPrivilege, users: [x]}", "b")
    controls = made(text)
    assert [one.operator for one in controls.controls] == ["nobody"]
    assert "is there already for domain_controller, member_server, workgroup_member" in controls.left[0].reason
    apart = made(text.replace("name: t", "name: 1.2 t", 1))
    assert "control 1.2 is about SeTcbPrivilege too and for the same roles" in apart.left[0].reason
    both = made(text, {"a": ["member_server"], "b": ["domain_controller"]})
    assert [one.id for one in read_back(both).controls] == ["SeTcbPrivilege"] * 2


def test_tags_and_names_of_hardening_roles_are_ids_severities_and_references() -> None:
    control = one(
        task("{name: SeTcbPrivilege, users: []}")
        + "  tags: [CAT1, CCI-002235, CCI-000366, WN22-UR-000020, SV-254492r958726_rule, V-254492, NIST800-53_AC-6]\n"
    )
    assert (control.id, control.severity) == ("V-254492", "high")
    assert dict(control.references) == {
        "cci": ("CCI-002235", "CCI-000366"),
        "rule": ("SV-254492r958726_rule",),
        "stig_id": ("WN22-UR-000020",),
        "nist": ("NIST800-53_AC-6",),
    }
    assert one(task("{name: SeTcbPrivilege, users: []}").replace("name: t", "name: 2.2.4 | x")).id == "2.2.4"
    assert one(task("{name: SeTcbPrivilege, users: []}") + "  tags: rule_2.2.4\n").id == "2.2.4"
    assert one("- win_user_right: {name: SeTcbPrivilege, users: []}\n").title == "Set SeTcbPrivilege"


def test_the_remarks_name_what_a_baseline_cannot_say() -> None:
    controls = made(
        task("{name: SeDenyBatchLogonRight, users: [x]}", "a")
        + task("{name: SeTcbPrivilege, users: []}", "[b, c]")
        + task("{name: SeDebugPrivilege, users: []}", "d")
    )
    denials, switches = controls.remarks
    assert denials.startswith("Lists that deny (line 1) became at_least")
    assert switches.startswith("4 conditions switch rules on and off (a, b, c, …): a baseline has no variables.")


def test_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="host_roles names dc; the roles are member_server, domain_controller, work"):
        made(task("{name: SeTcbPrivilege, users: []}"), {"x": ["dc"]})
