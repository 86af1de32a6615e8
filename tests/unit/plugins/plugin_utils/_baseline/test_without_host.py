# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A baseline as input of other tasks: what can be said without a host is said, the rest is refused or named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import without_host
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.without_host import AtMost, Domains
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

TEXT = """
title: t
release: '1'
source: s
controls:
  - {id: A, title: a, right: SeDebugPrivilege, operator: at_most, expected: [S-1-5-32-544, Guests],
     optional: [{account: S-1-5-83-0, reason: r, when: {service: vmms}}]}
  - {id: B, title: b, right: SeDenyBatchLogonRight, operator: at_least, applies_to: [member_server],
     expected: ['S-1-5-21-<root-domain>-519', 'S-1-5-21-<domain>-512', {any_of: [S-1-5-114, S-1-5-113]}]}
  - {id: B, title: b, right: SeDenyBatchLogonRight, operator: exactly, applies_to: [domain_controller],
     expected: ['CORP\\dba']}
  - {id: C, title: c, right: SeTcbPrivilege, operator: nobody}
  - {id: D, title: d, concerns: orphans, operator: nobody}
"""
OWN, ROOT = "S-1-5-21-1-2-3", "S-1-5-21-7-8-9"
BOTH = Domains(OWN, ROOT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where b.yml is."""
    (tmp_path / "b.yml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_a_task_adds_and_sets_and_leaves_out_what_is_at_most(folder: Path) -> None:
    rights = without_host.rights(without_host.chosen("b.yml", [folder], "member_server", []), "warn", BOTH)
    assert rights.entries == (
        {"name": "SeDenyBatchLogonRight", "add": [f"{ROOT}-519", f"{OWN}-512", "S-1-5-114"]},
        {"name": "SeTcbPrivilege", "set": []},
    )
    assert rights.left_out == ("A",)


def test_a_task_states_whole_lists_where_that_is_asked_for(folder: Path) -> None:
    rights = without_host.rights(without_host.chosen("b.yml", [folder], "domain_controller", []), "set", Domains())
    assert rights.entries == (
        {"name": "SeDebugPrivilege", "set": ["S-1-5-32-544", "Guests"]},
        {"name": "SeDenyBatchLogonRight", "set": ["CORP\\dba"]},
        {"name": "SeTcbPrivilege", "set": []},
    )
    assert rights.left_out == ()


@pytest.mark.parametrize(("optional", "more"), [(False, ""), (True, ",*S-1-5-83-0")])
def test_a_policy_states_whole_lists_of_sids(folder: Path, optional: bool, more: str) -> None:
    controls = without_host.chosen("b.yml", [folder], "member_server", [])
    assert without_host.gpttmpl(controls, BOTH, optional=optional) == (
        '\ufeff[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n[Privilege Rights]\r\n'
        f"SeDebugPrivilege = *S-1-5-32-544,*S-1-5-32-546{more}\r\n"
        f"SeDenyBatchLogonRight = *{ROOT}-519,*{OWN}-512,*S-1-5-114\r\nSeTcbPrivilege =\r\n"
    )


def test_a_policy_holds_no_name(folder: Path) -> None:
    with pytest.raises(InputError, match=r"^Control B: the account 'CORP\\\\dba' has its SID on a host only"):
        without_host.gpttmpl(without_host.chosen("b.yml", [folder], "domain_controller", []), BOTH, optional=False)


@pytest.mark.parametrize(
    ("domains", "says"),
    [
        (
            Domains(),
            r"^Control B: the account S-1-5-21-<root-domain>-519 has its SID in a domain\. Give root_domain_sid\.",
        ),
        (
            Domains(root=ROOT),
            r"^Control B: the account S-1-5-21-<domain>-512 has its SID in a domain\. Give domain_sid\.",
        ),
    ],
)
@pytest.mark.parametrize("at_most", ["warn", "ignore", "set"])
def test_an_account_of_a_domain_needs_the_domain(folder: Path, domains: Domains, says: str, at_most: AtMost) -> None:
    controls = without_host.chosen("b.yml", [folder], "member_server", [])
    with pytest.raises(InputError, match=says):
        without_host.rights(controls, at_most, domains)
    with pytest.raises(InputError, match=says):
        without_host.gpttmpl(controls, domains, optional=False)


@pytest.mark.parametrize("written", ["CORP", "S-1-5-32-544", "S-1-5-21-1-2-3-500", ""])
def test_a_domain_is_given_by_its_sid(written: str) -> None:
    with pytest.raises(InputError, match=r"^domain_sid is "):
        Domains.parse(written, None)
    with pytest.raises(InputError, match=r"^root_domain_sid is "):
        Domains.parse(OWN, written)
    assert Domains.parse("s-1-5-21-01-2-3", None) == Domains(OWN)


def test_some_controls_alone(folder: Path) -> None:
    assert [c.id for c in without_host.chosen("b.yml", [folder], "workgroup_member", ["C", "A"])] == ["A", "C"]
    with pytest.raises(InputError, match="has no control 'X'"):
        without_host.chosen("b.yml", [folder], "workgroup_member", ["X"])


def test_the_role_is_named(folder: Path) -> None:
    with pytest.raises(InputError, match=r"^host_role is 'auto'; it is one of: member_server"):
        without_host.chosen("b.yml", [folder], "auto", [])


def test_two_controls_of_one_right_that_differ_are_refused(folder: Path) -> None:
    more = TEXT.replace("id: C, title: c, right: SeTcbPrivilege", "id: C, title: c, right: SeDebugPrivilege")
    (folder / "b.yml").write_text(more, encoding="utf-8")
    controls = without_host.chosen("b.yml", [folder], "workgroup_member", [])
    with pytest.raises(
        InputError, match=r"^The controls A and C ask different things of SeDebugPrivilege, and one list"
    ):
        without_host.gpttmpl(controls, BOTH, optional=False)
    with pytest.raises(
        InputError, match=r"^The controls A and C ask different things of SeDebugPrivilege, and one list"
    ):
        without_host.rights(controls, "set", BOTH)


def test_nothing_to_write_is_said(folder: Path) -> None:
    controls = without_host.chosen("b.yml", [folder], "member_server", ["D"])
    with pytest.raises(InputError, match="so there is nothing to write"):
        without_host.gpttmpl(controls, BOTH, optional=False)
