# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formats of others: what cannot be judged whole is refused by file, line and what was expected."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import read
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

INF = '[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature="$CHICAGO$"\r\n[Privilege Rights]\r\n'
INF += "SeTcbPrivilege =\r\nSeDebugPrivilege = *S-1-5-32-544,CORP\\dba\r\n"
HK = "ID,Name,Method,MethodArgument,RecommendedValue,Operator,Severity\n"
HK += '7,"Debug (Member)",accesschk,SeDebugPrivilege,"BUILTIN\\Administrators;COMPUTERNAME\\dba",=,Medium\n'
HK += "8,Firewall,Registry,,1,>=,Low\n9,Deny,accesschk,SeDenyBatchLogonRight,BUILTIN\\Guests;,contains,High\n"
OSC_CSV = (
    "Name,ExtraId,Control Name,CSP Path,Expected Value: Domain Controller,Expected Value: Member Server,"
    "Expected Value: Workgroup Member,Severity\n"
    "a,CCE-1,Debug,Config/UserRights/DebugPrograms,\"ContainsExactly('*S-1-5-32-544')\",,Equals(''),Critical\n"
    "b,,Audit,Config/Audit/X,,,,Nothing\n"
)
OSC = """resources:
  - name: Debug
    type: Microsoft.OSConfig/Test
    properties:
      resource:
        type: Microsoft.Windows/CSP
        properties: {path: ./Vendor/MSFT/Policy/Config/UserRights/DebugPrograms, value: '*S-1-5-32-544'}
      schema: {items: {enum: ['*S-1-5-32-544']}}
  - name: Tcb
    type: Microsoft.Windows/UserRightsAssignment
    properties:
      name: SeTcbPrivilege
      value: []
  - name: Guests
    type: Microsoft.OSConfig/Test
    properties:
      resource: {type: Microsoft.Windows/UserRightsAssignment, properties: {name: SeDenyBatchLogonRight}}
      schema: {allOf: [{contains: {const: '*S-1-5-32-546'}}, {contains: {const: '*S-1-5-113'}}]}
  - {name: Key, type: Microsoft.Windows/Registry, properties: {keyPath: HKLM}}
  - {name: Other, type: Microsoft.OSConfig/Test, properties: {resource: {type: Microsoft.Windows/File, properties: {}}}}
"""


def told(text: str, name: str = "f") -> list[tuple[str, str, list[str], set[str]]]:
    return [
        (c.id, c.operator, [one.any_of[0].written for one in c.expected], set(c.applies_to))
        for c in read.read(text.encode(), name).controls
    ]


ROLES = {"member_server", "domain_controller", "workgroup_member"}


def test_a_template() -> None:
    assert told(INF) == [
        ("SeTcbPrivilege", "nobody", [], ROLES),
        ("SeDebugPrivilege", "exactly", ["*S-1-5-32-544", "CORP\\dba"], ROLES),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_template_in_each_encoding(encoding: str) -> None:
    data = INF.replace("dba", "Größe").encode(encoding)
    assert read.read(data, "f").controls == read.read(INF.replace("dba", "Größe").encode(), "f").controls


def test_a_list_of_hardeningkitty() -> None:
    assert told(HK) == [
        ("7", "exactly", ["BUILTIN\\Administrators", ".\\dba"], {"member_server", "workgroup_member"}),
        ("9", "at_least", ["BUILTIN\\Guests"], ROLES),
    ]


def test_a_csv_of_osconfig() -> None:
    assert told(OSC_CSV) == [
        ("DebugPrograms", "exactly", ["S-1-5-32-544"], {"domain_controller"}),
        ("DebugPrograms", "nobody", [], {"workgroup_member"}),
    ]


@pytest.mark.parametrize("text", [HK, OSC_CSV, OSC], ids=["hk", "csv", "document"])
def test_line_ends_and_a_byte_order_mark_change_nothing(text: str) -> None:
    windows = text.replace("\n", "\r\n").encode("utf-8-sig")
    assert read.read(windows, "f").controls == read.read(text.encode(), "f").controls


def test_a_document_of_osconfig() -> None:
    assert told(OSC) == [
        ("DebugPrograms", "at_most", ["S-1-5-32-544"], ROLES),
        ("SeTcbPrivilege", "nobody", [], ROLES),
        ("SeDenyBatchLogonRight", "at_least", ["S-1-5-32-546", "S-1-5-113"], ROLES),
    ]


REFUSED = [
    (INF[: INF.index("[Priv")], "f is a security template without the section [Privilege Rights]"),
    (INF[: INF.index("SeTcb")], "f: the section [Privilege Rights] is empty, so there is nothing to judge."),
    (INF[:-6], "f ends in the middle of a line: it may be cut off."),
    (INF.replace('[Version]\r\nsignature="$CHICAGO$"\r\n', ""), "f has no section [Version], which every security"),
    (INF + "hello\r\n", "f: the line 'hello' of [Privilege Rights] is no RIGHT = ACCOUNTS."),
    (INF + "sedebugprivilege =\r\n", "f: sedebugprivilege stands on two lines of [Privilege Rights]."),
    (INF.replace("SeTcb", "SeTcp"), "f: Unknown user right 'SeTcpPrivilege'. The nearest are: SeTcbPrivilege"),
    (
        INF.replace("SeTcbPrivilege", "DebugPrograms"),
        "f: [Privilege Rights] takes constants; for 'DebugPrograms' write SeD",
    ),
    (
        INF.replace("*S-1-5-32", "S-1-5-32"),
        "f, SeDebugPrivilege: S-1-5-32-544 has no asterisk, so Windows takes it for",
    ),
    (
        INF.replace("dba", "d?a"),
        "f, SeDebugPrivilege: 'CORP\\\\d?a' is no name of an account; it may be the rest of one",
    ),
    (
        INF.replace("*S-1-5-32-544", "*S-1-5-21"),
        "f, SeDebugPrivilege: The account name '*S-1-5-21' is the beginning of SIDs",
    ),
    (INF.replace("CORP\\dba", "NULL"), "f, SeDebugPrivilege: The account name 'NULL' means nobody in other tools."),
    (
        HK.replace("RecommendedValue", "Value"),
        "f, line 1: the first row must name each of these columns once: Recommended",
    ),
    (HK.replace(",=,", ",=,x,"), "f, line 2: this row has 8 cells, and the first row names 7 columns."),
    (HK.replace('"BUILTIN', '"B"x'), "f, line 2: this row is no valid CSV: "),
    (
        HK.replace(",=,", ",<=,"),
        "f, line 2: Operator is '<=', which says nothing that can be judged of a list of accounts",
    ),
    (
        HK.replace("BUILTIN\\Guests;", ""),
        "f, line 4: RecommendedValue is '', where the accounts are expected that the rig",
    ),
    (HK.replace("Medium", "Passed"), "f, line 2: Severity is 'Passed', which is none of: low, medium, high."),
    (
        HK.replace("SeDebug", "SeDebbug"),
        "f, line 2: Unknown user right 'SeDebbugPrivilege'. The nearest are: SeDebugPriv",
    ),
    (HK.replace("\n9,", "\n7,"), "f, line 4: control '7' stands in the file already, for member_server too."),
    (HK.replace("\n9,", "\n,"), "f, line 4: ID is '', where the id of the row is expected."),
    (HK.replace("BUILTIN\\G", "BUILTINS\\G"), "f, line 4: The account name 'BUILTINS\\Guests' is misspelled."),
    (HK.replace("accesschk", "secedit"), "f has no user right: no row of it has the method accesschk."),
    (
        OSC_CSV.replace("Expected Value: D", "D"),
        "f, line 1: the first row must name each of these columns once: Expected",
    ),
    (
        OSC_CSV.replace("Exactly", "Some"),
        "f, line 2: Expected Value: Domain Controller is \"ContainsSome('*S-1-5-32-544')\", whe",
    ),
    (
        OSC_CSV.replace("*S-1-5-32-544", ""),
        "f, line 2: Expected Value: Domain Controller is \"ContainsExactly('')\", where",
    ),
    (
        OSC_CSV.replace("DebugPrograms", "Debugging"),
        "f, line 2: CSP Path is 'Config/UserRights/Debugging', which ends with",
    ),
    (
        OSC_CSV.replace("Critical", "Huge"),
        "f, line 2: Severity is 'Huge', which is none of: Critical, Important, Warning, In",
    ),
    (
        OSC_CSV.replace("\"ContainsExactly('*S-1-5-32-544')\",,Equals('')", ",,"),
        "f, line 2: DebugPrograms is expected of no r",
    ),
    (OSC_CSV.replace("*S-1-5-32-544", "*S-1-5-32"), "f, line 2: The account name 'S-1-5-32' is the beginning of SIDs"),
    (OSC_CSV.replace("UserRights", "Rights"), "f has no user right: no CSP Path in it has Config/UserRights/."),
    (
        OSC.replace("items: {", "items: {type: string, "),
        "f, line 8: resource 'Debug': schema: items has an unknown key, 'type'",
    ),
    (
        OSC.replace("enum: ['*S-1-5-32-544']", "enum: []"),
        "f, line 8: resource 'Debug': schema: items allows no account.",
    ),
    (
        OSC.replace("schema: {items", "schema: {not"),
        "f, line 8: resource 'Debug': schema has a schema that is not known",
    ),
    (
        OSC.replace("schema: {items", "expression: {items"),
        "f, line 2: resource 'Debug' tests a user right by something else",
    ),
    (
        OSC.replace("['*S-1-5-32-544']", "['*S-1-5-32']"),
        "f, line 8: resource 'Debug': schema: items: enum, entry 1 cannot be",
    ),
    (
        OSC.replace("DebugPrograms", "Debugging"),
        "f, line 7: resource 'Debug': path is './Vendor/MSFT/Policy/Config/UserRights",
    ),
    (
        OSC.replace("name: SeTcbPrivilege", "name: SeTcb"),
        "f, line 12: resource 'Tcb': name is 'SeTcb', which is none of: Se",
    ),
    (OSC.replace("      value: []\n", ""), "f, line 12: resource 'Tcb' has no value."),
    (
        OSC.replace("SeDenyBatchLogonRight", "SeTcbPrivilege"),
        "f, line 14: control 'SeTcbPrivilege' stands in the file already",
    ),
    ("resources: []", "f has no user right: no resource of it is one."),
    ("resources: {}", "f, line 1: resources must be a list, and is a mapping."),
    ("hello", "f is no baseline in a known format. Known are: "),
]


@pytest.mark.parametrize(("text", "begins"), REFUSED, ids=[begins[:60] for dummy, begins in REFUSED])
def test_what_cannot_be_judged_whole_is_refused(text: str, begins: str) -> None:
    with pytest.raises(InputError) as refused:
        read.read(text.encode(), "f")
    assert str(refused.value)[: len(begins)] == begins


@pytest.mark.parametrize("whole", [INF.encode("utf-16"), HK.encode(), OSC_CSV.encode()])
def test_a_file_that_was_cut_says_nothing_else_than_the_whole_one(whole: bytes) -> None:
    """Cut anywhere: refused, or the first controls as they are in the whole file; never a shorter list of a control."""
    expected = read.read(whole, "f").controls
    for end in range(len(whole)):
        try:
            found = read.read(whole[:end], "f").controls
        except InputError:
            continue
        assert found == expected[: len(found)]
