# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own format is read whole, or refused by file, line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import read
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import (
    Condition,
    Control,
    Expected,
    OptionalMember,
    Principal,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName

HEAD = "title: Ours\nrelease: '1'\nsource: us\n"
WHOLE = (
    HEAD
    + """controls:
  - id: A-1
    title: Who may debug
    right: debug programs
    operator: at_most
    expected: [Administrators, 'S-1-5-21-<domain>-512']
    optional:
      - {account: S-1-5-83-0, when: {service: vmms}, reason: Hyper-V makes links}
    applies_to: [member_server]
    severity: high
    references: {cci: [CCI-000366, CCI-002235], stig_id: A}
  - {id: A-1, title: On others, right: SeDebugPrivilege, operator: nobody, applies_to: [domain_controller]}
  - {id: A-2, title: Guests, right: SeDenyNetworkLogonRight, operator: at_least,
     expected: [{any_of: [S-1-5-114, S-1-5-113]}, 'S-1-5-21-<root-domain>-519']}
  - {id: A-3, title: Orphans, concerns: orphans, operator: nobody}
"""
)


def sid(text: str, written: str | None = None) -> Principal:
    return Principal(written or text, name=AccountName(written or text, sid=text))


def test_every_part_of_it_is_kept() -> None:
    baseline = read.read(WHOLE.encode(), "ours.yml")
    assert (baseline.name, baseline.title, baseline.release, baseline.source) == ("ours.yml", "Ours", "1", "us")
    domain = Principal("S-1-5-21-<domain>-512", relative="domain", rid=512)
    root = Principal("S-1-5-21-<root-domain>-519", relative="root_domain", rid=519)
    local = Expected((sid("S-1-5-114"), sid("S-1-5-113")))
    assert baseline.controls == (
        Control(
            id="A-1",
            title="Who may debug",
            right="SeDebugPrivilege",
            operator="at_most",
            expected=(Expected((sid("S-1-5-32-544", "Administrators"),)), Expected((domain,))),
            optional=(OptionalMember(sid("S-1-5-83-0"), "Hyper-V makes links", Condition("vmms")),),
            applies_to=frozenset({"member_server"}),
            severity="high",
            references={"cci": ("CCI-000366", "CCI-002235"), "stig_id": "A"},
        ),
        Control("A-1", "On others", "SeDebugPrivilege", "nobody", applies_to=frozenset({"domain_controller"})),
        Control("A-2", "Guests", "SeDenyNetworkLogonRight", "at_least", (local, Expected((root,)))),
        Control("A-3", "Orphans", None, "nobody", concerns="orphans"),
    )


REFUSED = [
    ("", "o.yml is no baseline in a known format."),
    ("controls: []", "o.yml, line 1: the file has no title and no release and no source."),
    (HEAD + "controls: []", "o.yml, line 4: controls is empty; a baseline has at least one control."),
    (HEAD + "controls: {}", "o.yml, line 4: controls must be a list, and is a mapping."),
    (HEAD + "kontrols: 1\ncontrols: []", "o.yml, line 4: the file has an unknown key, 'kontrols'. Known are: title, "),
    (HEAD + "controls:\n  - 1", "o.yml, line 5: control 1 must be a mapping, and is a number."),
    (HEAD + "controls:\n  - title: x", "o.yml, line 5: control 1 has no id."),
    (HEAD + "controls: [\n", "o.yml, line 5: this is no valid YAML: "),
    (WHOLE.replace("'1'", "1"), "o.yml, line 2: release must be text, and is a number. Put it in quotation marks."),
    (WHOLE.replace("operator: at_most", "operater: x"), "o.yml, line 8: control 'A-1' has an unknown key, 'operater'."),
    (
        WHOLE.replace("at_most", "atmost"),
        "o.yml, line 8: control 'A-1': operator is 'atmost', which is none of: at_most",
    ),
    (
        WHOLE.replace("debug programs", "SeDebug"),
        "o.yml, line 7: control 'A-1': right cannot be meant. Unknown user right",
    ),
    (
        WHOLE.replace("right: debug programs", "severity: low"),
        "o.yml, line 13: control 1 has the key 'severity' twice.",
    ),
    (
        WHOLE.replace("Administrators", "''"),
        "o.yml, line 9: control 'A-1': expected, entry 1 must be one line of text, and",
    ),
    (
        WHOLE.replace("Administrators", "No One"),
        "o.yml, line 9: control 'A-1': expected, entry 1 cannot be meant. The acc",
    ),
    (
        WHOLE.replace("<domain>", "<forest>"),
        "o.yml, line 9: control 'A-1': expected, entry 2 cannot be meant. The account",
    ),
    (
        WHOLE.replace("[member_server]", "[server]"),
        "o.yml, line 12: control 'A-1': applies_to, entry 1 is 'server', which",
    ),
    (WHOLE.replace("[member_server]", "[]"), "o.yml, line 12: control 'A-1': applies_to must name each role once"),
    (
        WHOLE.replace("[domain_controller]", "[member_server]"),
        "o.yml, line 15: control 'A-1' stands in the file already, fo",
    ),
    (
        WHOLE.replace("nobody, app", "nobody, expected: [A], app"),
        "o.yml, line 15: control 'A-1': expected has accounts, and",
    ),
    (
        WHOLE.replace("{service: vmms}", "{role: x}"),
        "o.yml, line 11: control 'A-1': optional, entry 1: when has an unknown",
    ),
    (WHOLE.replace(", S-1-5-113]", "]"), "o.yml, line 17: control 'A-2': expected, entry 1: any_of needs two accounts"),
    (
        WHOLE.replace("at_least", "at_most"),
        "o.yml, line 17: control 'A-2': expected, entry 1: any_of says which of several",
    ),
    (
        WHOLE.replace("orphans, o", "orphans, right: SeTcbPrivilege, o"),
        "o.yml, line 18: control 'A-3' concerns orphans in",
    ),
    (WHOLE.replace("cci:", "Cci:"), "o.yml, line 14: control 'A-1': references: Cci has a name with other signs than"),
    (
        HEAD.replace("Ours", "&a Ours") + "controls: *a",
        "o.yml, line 4: a baseline has no aliases (*a). Write the part out.",
    ),
    (HEAD + "controls: " + "[" * 40, "o.yml, line 4: nothing in a baseline is nested more than 16 deep."),
    ("controls: b: c", "o.yml, line 1: this is no valid YAML: "),
]


@pytest.mark.parametrize(("text", "begins"), REFUSED, ids=[begins[:60] for dummy, begins in REFUSED])
def test_what_cannot_be_meant_is_refused_by_its_line(text: str, begins: str) -> None:
    with pytest.raises(InputError) as refused:
        read.read(text.encode(), "o.yml")
    assert str(refused.value).startswith(begins)


def test_an_unknown_right_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="SeDebugPrivilege"):
        read.read(WHOLE.replace("debug programs", "SeDebug").encode(), "o.yml")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_changes_nothing(encoding: str) -> None:
    assert read.read(WHOLE.encode(encoding), "ours.yml") == read.read(WHOLE.encode(), "ours.yml")


def test_other_encodings_are_refused_by_their_line() -> None:
    with pytest.raises(InputError, match=r"^o\.yml, line 1: this is neither UTF-8 nor UTF-16 text"):
        read.read("title: Größe\n".encode("latin-1"), "o.yml")


def test_a_file_is_looked_for_in_each_folder_in_order(tmp_path: Path) -> None:
    for folder, title in (("a", "first"), ("b", "second")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.yml").write_text(WHOLE.replace("Ours", title), encoding="utf-8")
    (tmp_path / "b" / "a.yml").write_text("no baseline", encoding="utf-8")
    folders = [tmp_path / "a", tmp_path / "b"]
    assert read.load("a.yml", folders).title == "first"
    assert read.load("b.yml", folders).title == "second"
    assert read.load(str(tmp_path / "b" / "b.yml"), []).title == "second"


@pytest.mark.parametrize("written", ["none.yml", "", "a\0b", "microsoft"])
def test_what_is_not_there_is_answered_with_what_is_shipped(written: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Write the path of a file on the controller, or one of: .*microsoft_windows"):
        read.load(written, [tmp_path])


def test_a_folder_or_a_huge_file_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no baseline"):
        read.load(str(tmp_path), [])
    huge = tmp_path / "huge.yml"
    with huge.open("wb") as file:
        file.truncate(9_000_000)
    with pytest.raises(InputError, match="more than 8,000,000 bytes"):
        read.load(str(huge), [])
