# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: every form that Windows and people write is read without losing a token; only SIDs are written."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import token_sid
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import doubtful
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf
from ansible_collections.winmail.exchange.tests.support.captures import capture, read_inf

EXPORT = (
    "[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\nSeBackupPrivilege = *S-1-5-32-544,Gäst,Łukasz\r\n"
    'SeDenyNetworkLogonRight = Guest\r\n[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n'
)


def rights(text: str) -> dict[str, tuple[str, ...]]:
    return dict(inf.parse(text.encode()).privilege_rights)


def test_a_whole_export_of_windows_11_is_read_right_by_right() -> None:
    parsed = inf.parse(capture("05"))
    assert parsed.whole
    assert parsed.sections == ("unicode", "privilege rights", "version")
    assert len(parsed.privilege_rights) == 32
    assert parsed.privilege_rights["SeInteractiveLogonRight"] == (
        "Guest",
        "*S-1-5-32-544",
        "*S-1-5-32-545",
        "*S-1-5-32-551",
    )
    assert parsed.privilege_rights["SeServiceLogonRight"] == ("*S-1-5-80-0", "*S-1-5-83-0", "*S-1-5-99-0")
    assert "SeTcbPrivilege" not in parsed.privilege_rights
    assert parsed.stray == ()


def test_an_excerpt_of_windows_10_has_rights_but_is_not_whole() -> None:
    parsed = inf.parse(capture("06"))
    assert parsed.privilege_rights["SeDenyNetworkLogonRight"] == ("Guest",)
    assert not parsed.whole


def test_the_template_of_a_controllers_policy_is_read_with_version_first_and_another_case() -> None:
    parsed = inf.parse(capture("07"))
    assert parsed.whole
    assert parsed.privilege_rights["SeSystemTimePrivilege"] == ("*S-1-5-19", "*S-1-5-32-544", "*S-1-5-32-549")
    assert parsed.by_constant["SeSystemtimePrivilege"] == parsed.privilege_rights["SeSystemTimePrivilege"]
    assert len(parsed.privilege_rights["SeAuditPrivilege"]) == 8


def test_blank_values_of_windows_2000_mean_nobody() -> None:
    parsed = inf.parse(capture("08"))
    assert parsed.whole
    for right in ("SeTcbPrivilege", "SeMachineAccountPrivilege", "SeServiceLogonRight"):
        assert parsed.privilege_rights[right] == ()


def test_bare_names_of_a_fixture_are_kept_verbatim() -> None:
    assert inf.parse(capture("10")).privilege_rights["SeServiceLogonRight"] == ("DB2ADMNS", "db2admin")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        pytest.param("utf-16-le", codecs.BOM_UTF16_LE, id="utf-16-le with mark"),
        pytest.param("utf-16-le", b"", id="utf-16-le"),
        pytest.param("utf-16-be", codecs.BOM_UTF16_BE, id="utf-16-be with mark"),
        pytest.param("utf-16-be", b"", id="utf-16-be"),
        pytest.param("utf-8", codecs.BOM_UTF8, id="utf-8 with mark"),
        pytest.param("utf-8", b"", id="utf-8"),
    ],
)
def test_an_export_is_read_in_every_encoding(encoding: str, mark: bytes) -> None:
    parsed = inf.parse(mark + EXPORT.encode(encoding))
    assert parsed.whole
    assert parsed.privilege_rights["SeBackupPrivilege"] == ("*S-1-5-32-544", "Gäst", "Łukasz")


def test_a_lossy_ansi_export_marks_its_token_as_doubtful_and_leaves_the_others_alone() -> None:
    parsed = inf.parse(EXPORT.replace("Łukasz", "?ukasz").encode("cp1252"))
    _administrators, guest, lukasz = parsed.privilege_rights["SeBackupPrivilege"]
    assert doubtful(guest)
    assert doubtful(lukasz)
    assert not doubtful(parsed.privilege_rights["SeDenyNetworkLogonRight"][0])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[privilege rights]\nSeTcbPrivilege=a\n[VERSION]\nRevision=1\n", id="case of sections"),
        pytest.param("[Version]\nRevision=1\n[Privilege Rights]\nSeTcbPrivilege=a\n", id="version first"),
        pytest.param("[ Privilege Rights ]\nSeTcbPrivilege=a\n[ Version ]\n", id="blanks in brackets"),
        pytest.param("[Privilege Rights]\rSeTcbPrivilege = a\r[Version]\r", id="carriage returns"),
        pytest.param("[Privilege Rights]\r\n\r\n ; note\r\n\tSeTcbPrivilege\t=\ta\t\r\n[Version]", id="blank lines"),
        pytest.param(
            "[System Access]\nSeTcbPrivilege = other\n[Privilege Rights]\nSeTcbPrivilege=a\n[Version]", id="area"
        ),
        pytest.param("\ufeff[Privilege Rights]\nSeTcbPrivilege=a,\n[Version]\n\x1a", id="end of file mark"),
        pytest.param("[Version]\n[Privilege Rights]\nSeTcbPrivilege=a\n\x1a", id="version first, end of file mark"),
        pytest.param("[Version]\r[Privilege Rights]\rSeTcbPrivilege = a\r", id="version first, carriage returns"),
    ],
)
def test_order_case_and_blanks_do_not_matter(text: str) -> None:
    parsed = inf.parse(text.encode())
    assert dict(parsed.privilege_rights) == {"SeTcbPrivilege": ("a",)}
    assert parsed.whole
    assert parsed.stray == ()


def test_a_comment_behind_the_name_of_a_section_hides_no_right() -> None:
    lines = [
        "[Version] ; by hand",
        "[ Privilege Rights ]\t;rights",
        "SeTcbPrivilege = *S-1-5-18",
        "[Other;]",
        "SeX = 1",
    ]
    parsed = inf.parse("".join(f"{line}\r\n" for line in lines).encode("utf-16"))
    assert parsed.privilege_rights == {"SeTcbPrivilege": ("*S-1-5-18",)}
    assert parsed.sections == ("version", "privilege rights", "other;")
    assert parsed.whole


def test_all_forms_of_a_token_are_kept_verbatim_and_only_a_starred_sid_is_known() -> None:
    tokens = (
        "*S-1-5-32-544",
        "*s-1-5-32-0545",
        "Guest",
        "NT-AUTORITÄT\\Lokaler Dienst",
        "&544",
        "S-1-5-18",
        "*Guest",
        "X",
    )
    line = "[Privilege Rights]\nSeTcbPrivilege = " + ", ".join(tokens) + "\n"
    assert rights(line) == {"SeTcbPrivilege": tokens}
    assert [token_sid(token) for token in tokens] == ["S-1-5-32-544", "S-1-5-32-545", *[None] * 6]


def test_repeated_lines_are_merged_and_two_spellings_of_a_right_count_as_one() -> None:
    parsed = inf.parse(
        b"[Privilege Rights]\nSeTcbPrivilege=a\nSeTcbPrivilege=b,a\n[Version]\n[Privilege Rights]\nsetcbprivilege=c\n"
    )
    assert parsed.privilege_rights == {"SeTcbPrivilege": ("a", "b", "a"), "setcbprivilege": ("c",)}
    assert parsed.by_constant == {"SeTcbPrivilege": ("a", "b", "a", "c")}


def test_300_holders_are_read_in_order() -> None:
    holders = tuple(f"*S-1-5-21-1-2-3-{1000 + i}" for i in range(300))
    assert rights(f"[Privilege Rights]\nSeTcbPrivilege = {','.join(holders)}\n")["SeTcbPrivilege"] == holders


@pytest.mark.parametrize("line", ["nobody expects this", "= a", "*S-1-5-18", "="])
def test_what_is_no_assignment_gives_nobody_a_right(line: str) -> None:
    assert rights(f"[Privilege Rights]\nSeBackupPrivilege = b\n{line}\n") == {"SeBackupPrivilege": ("b",)}


@pytest.mark.parametrize(
    "line", ["nobody expects this", "= a", "*S-1-5-18", "SeTcb\ufffdPrivilege = a", "Se Tcb = a", "SeTcb?rivilege = a"]
)
def test_a_line_that_sets_no_right_is_remembered_as_stray(line: str) -> None:
    parsed = inf.parse(f"[Privilege Rights]\nSeBackupPrivilege = b\n{line}\n[Version]\n".encode())
    assert parsed.stray == (line,)
    assert parsed.privilege_rights["SeBackupPrivilege"] == ("b",)


def test_the_line_that_names_a_gpo_is_found_wherever_it_stands() -> None:
    path = "{31B2F340-016D-11D2-945F-00C04FB984F9}\\MACHINE"
    assert inf.parse(f"GPOPath={path}\n[Version]\n".encode()).gpo_path == path
    assert inf.parse(f"[Privilege Rights]\ngpopath = {path}\n".encode()).gpo_path == path
    assert inf.parse(b"[Version]\n").gpo_path is None


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        pytest.param(b"", "no user rights", id="nothing"),
        pytest.param(b"[Unicode]\nUnicode=yes\n[Version]\n", "no user rights", id="no rights"),
        pytest.param(b"[Privilege Rights]\nSeTcbPrivilege = a\n", "no [Version] section", id="no version"),
        pytest.param(b"[Version]\nx=1\n[Privilege Rights]\nSeTcbPrivilege = *S-1", "end of its last line", id="torn"),
    ],
)
def test_an_export_that_may_be_cut_off_is_refused(data: bytes, missing: str) -> None:
    with pytest.raises(ReadError, match="is not whole") as refused:
        inf.parse_whole(data, "The export")
    assert missing in str(refused.value)
    assert f"{len(data)} bytes" in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_an_export_cut_off_anywhere_before_its_version_is_refused(encoding: str) -> None:
    data = EXPORT.encode(encoding)
    end = len(EXPORT[: EXPORT.index("[Version]") + len("[Version]")].encode(encoding))
    for length in range(end):
        with pytest.raises(ReadError):
            inf.parse_whole(data[:length], "The export")
    assert inf.parse_whole(data[:end], "The export").by_constant == inf.parse(data).by_constant


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    parsed = inf.parse(data)
    assert all(isinstance(token, str) and token for tokens in parsed.privilege_rights.values() for token in tokens)


TEXT = st.text(
    alphabet=st.one_of(st.sampled_from("[]=,;*&\r\n \tSePrivilegeRights"), st.characters(exclude_categories=["Cs"])),
    max_size=200,
)


@given(TEXT)
def test_no_token_of_a_right_is_ever_dropped(text: str) -> None:
    clean = text.replace("\r", " ").replace("\n", " ")
    parsed = inf.parse(f"[Privilege Rights]\nSeTcbPrivilege = {clean}\n[Version]\n".encode("utf-16"))
    wanted = [part.strip(" \t") for part in clean.rstrip(" \t\x00\ufeff\x1a").split(",")]
    assert list(parsed.privilege_rights["SeTcbPrivilege"]) == [token for token in wanted if token]


SIDS = st.lists(st.integers(500, (1 << 32) - 1).map(lambda rid: f"S-1-5-21-1-2-3-{rid}"), max_size=40, unique=True)
NAMES = st.sampled_from(["SeTcbPrivilege", "SeBackupPrivilege", "SeServiceLogonRight", "SeNewerPrivilege"])


@given(st.dictionaries(NAMES, SIDS))
def test_what_is_written_is_read_the_same_by_us_and_by_another_reader(assignment: dict[str, list[str]]) -> None:
    data = inf.render(assignment).data
    starred = {right: ["*" + sid for sid in holders] for right, holders in assignment.items()}
    parsed = inf.parse(data)
    assert {right: list(tokens) for right, tokens in parsed.privilege_rights.items()} == starred
    assert read_inf(data) == starred
    assert parsed.sections == ("unicode", "privilege rights", "version")
    assert parsed.stray == ()
    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_right_for_nobody_is_written_as_a_blank_line_of_its_own() -> None:
    assert b"\r\nSeTcbPrivilege =\r\n" in inf.render({"SeTcbPrivilege": []}).data


def test_a_written_sid_is_spelled_normally_and_has_one_asterisk() -> None:
    data = inf.render({"SeTcbPrivilege": ["*s-1-5-32-0544", "S-1-1-0"]}).data
    assert b"SeTcbPrivilege = *S-1-5-32-544,*S-1-1-0\r\n" in data


@pytest.mark.parametrize(
    "holder", ["Guest", "CORP\\exsvc", "&544", "", "*", "**S-1-5-18", "S-1-5-18,S-1-1-0", "S-1-5-18\n", "*Guest"]
)
def test_a_name_never_reaches_a_written_line(holder: str) -> None:
    with pytest.raises(ValueError, match="a written line holds SIDs only"):
        inf.render({"SeTcbPrivilege": ["S-1-5-18", holder]})


@pytest.mark.parametrize("right", ["", "SeTcb Privilege", "SeX = a\r\nSeY", "[Version]", "SeÄ", 'a"b', "a&b"])
def test_what_is_no_right_never_reaches_a_written_line(right: str) -> None:
    with pytest.raises(ValueError, match="is no user right"):
        inf.render({right: ["S-1-5-18"]})
