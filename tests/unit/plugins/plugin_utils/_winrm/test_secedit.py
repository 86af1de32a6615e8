# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said to secedit: lines that fit, pieces that make the template again, and what its answers prove."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ApplyError, BusyError, ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf, private_database, secedit
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.tests.support.captures import capture
from ansible_collections.winmail.exchange.tests.support.lines import check_safe, commands

FILES = shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f")
LONG = [f"S-1-5-21-4294967295-4294967295-4294967295-{4294967295 - i}" for i in range(300)]
N = "0a1b2c3d"


def written_by(lines: list[str]) -> str:
    """The template file that these lines write: echo ends a line, set /p does not."""
    target, text = FILES.quoted("t.inf"), ""
    for line in lines:
        for command in commands(line):
            group = re.fullmatch(rf"\((.*)\)>>{re.escape(target)}", command)
            if group is None:
                assert target not in command.replace(f"(type {target})", "")
                continue
            for part in group.group(1).split("& "):
                echoed, piece = part.removeprefix("echo "), part.removeprefix("<nul set /p =")
                if echoed != part:
                    text += echoed + "\r\n"
                else:
                    assert piece != part
                    assert piece[0] not in ' =\t"'  # what set /p drops
                    assert len(piece) <= 1500
                    text += piece
    return text


SIDS = st.lists(st.sampled_from(LONG), max_size=300, unique=True)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(sorted(RIGHTS)), SIDS, min_size=1, max_size=6))
def test_the_pieces_make_exactly_the_template_and_every_line_fits(assignment: dict[str, list[str]]) -> None:
    lines = [chain.line() for chain in secedit.prepare_lines(FILES, inf.render(assignment))]
    for line in lines:
        check_safe(line)
    assert written_by(lines).encode() == inf.render(assignment).data


def test_300_holders_in_each_of_two_rights_take_a_handful_of_lines() -> None:
    assignment = {"SeTcbPrivilege": LONG, "SeServiceLogonRight": LONG}
    lines = [chain.line() for chain in secedit.prepare_lines(FILES, inf.render(assignment))]
    assert written_by(lines).encode() == inf.render(assignment).data
    assert len(lines) <= 8


def test_forty_rights_are_written_in_one_line() -> None:
    assignment = {right: ["S-1-5-32-544", "S-1-5-21-1-2-3-1107"] for right in sorted(RIGHTS)[:40]}
    assert len(secedit.prepare_lines(FILES, inf.render(assignment))) == 1


def test_only_the_last_line_exports_and_shows_the_template() -> None:
    chains = secedit.prepare_lines(FILES, inf.render({"SeTcbPrivilege": LONG}))
    assert len(chains) > 1
    assert [" /export " in chain.line() for chain in chains] == [False] * (len(chains) - 1) + [True]


FIXED = {
    "read": secedit.finish(secedit.add_read(shell.Chain(), FILES, "e"), FILES),
    "commit": secedit.commit_line(FILES),
    "commit without comparing": secedit.commit_line(FILES, compare=False),
    "rehearse": secedit.rehearse_line(FILES),
    "private": private_database.add_questions(shell.Chain(), FILES, ["CORP\\x"] * private_database.MOST),
}


@pytest.mark.parametrize("name", ["read", "commit", "commit without comparing", "rehearse"])
def test_every_fixed_line_is_safe(name: str) -> None:
    check_safe(FIXED[name].line())


def test_the_write_compares_configures_reads_and_removes_in_this_order() -> None:
    line = secedit.commit_line(FILES).line()
    steps = [
        f"/export /cfg {FILES.quoted('e2.inf')}",
        f'fc.exe" /b {FILES.quoted("e1.inf")} {FILES.quoted("e2.inf")} && (',
        f"/configure /db {FILES.quoted('sdb')} /cfg {FILES.quoted('t.inf')} /areas USER_RIGHTS /log",
        ":configure=%^errorlevel%",
        f"/export /cfg {FILES.quoted('r.inf')}",
        "del /f /q",
        ":left[",
        ":end",
    ]
    places = [line.index(step) for step in steps]
    assert places == sorted(places)
    assert line.count("/configure") == 1


@pytest.mark.parametrize("name", sorted(FIXED))
def test_every_run_of_secedit_names_its_area_its_log_and_is_quiet(name: str) -> None:
    runs = re.findall(r'secedit\.exe"( /[^&]*)', FIXED[name].line())
    assert runs
    for arguments in runs:
        assert "/areas " in arguments
        assert "/log " in arguments
        assert arguments.rstrip(" )").endswith("/quiet")


@pytest.mark.parametrize("name", ["rehearse", "private"])
def test_a_private_database_never_reaches_configure(name: str) -> None:
    line = FIXED[name].line()
    assert "/configure" not in line
    databases = set(re.findall(r'/db ("[^"]*")', line))
    written = set(re.findall(r'/db ("[^"]*")', secedit.commit_line(FILES).line()))
    assert databases
    assert not databases & written


def test_what_a_run_makes_is_what_it_removes() -> None:
    pattern = f"%windir%\\Temp\\{FILES.stem}."
    for chain in FIXED.values():
        for path in re.findall(r'"([^"]*)"', chain.line()):
            if "\\Temp\\" in path:
                assert path.startswith(pattern)
    assert FILES.remove() == f'(if exist "{pattern}*" del /f /q "{pattern}*")'


def sections(*parts: bytes) -> shell.Sections:
    data = b"".join([f"@@{N}:start\r\n".encode(), *parts, f"@@{N}:end\r\n".encode()])
    return shell.Chain(nonce=N).read(data)


def code(name: str, number: object) -> bytes:
    return f"@@{N}:{name}={number}\r\n".encode()


def part(name: str, content: bytes) -> bytes:
    return f"@@{N}:{name}[\r\n".encode() + content + f"@@{N}:{name}]\r\n".encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_a_whole_export_is_read_in_the_encoding_it_came_in(encoding: str) -> None:
    text = capture("05").decode().replace("\n", "\r\n").encode(encoding)
    parsed = secedit.read_export(sections(code("e", 0), part("e", text), part("elog", b"")), "e")
    assert len(parsed.privilege_rights) == 32


@pytest.mark.parametrize(
    ("number", "error"), [(1, BusyError), (2, ReadError), (3, ReadError), (740, ReadError), (0xC000013A, ReadError)]
)
def test_an_export_that_failed_is_refused_with_its_log(number: int, error: type[Exception]) -> None:
    answer = sections(code("e", number), part("e", capture("05")), part("elog", b"\tAccess denied.\r\n\r\n"))
    with pytest.raises(error, match=f"exit code {number} .*Windows said: Access denied"):
        secedit.read_export(answer, "e")


def test_an_export_without_an_exit_code_proves_nothing() -> None:
    answer = sections(code("e", "%errorlevel%"), part("e", capture("05")))
    with pytest.raises(ReadError, match="did not tell with which exit code"):
        secedit.read_export(answer, "e")


def test_an_export_without_its_file_is_refused() -> None:
    with pytest.raises(ReadError, match="Windows said: nothing"):
        secedit.read_export(sections(code("e", 0)), "e")


@pytest.mark.parametrize("content", [b"", capture("06"), capture("05")[:900]])
def test_an_export_that_is_not_whole_is_refused_though_secedit_ended_well(content: bytes) -> None:
    with pytest.raises(ReadError, match="is not whole"):
        secedit.read_export(sections(code("e", 0), part("e", content)), "e")


def test_the_last_lines_of_a_log_are_quoted_trimmed() -> None:
    log = secedit.log_lines(capture("11").replace(b"\n", b"\r\n").decode().encode("utf-16"))
    assert log[-1] == "Error assigning SeSystemtimePrivilege to Administrators"
    assert "User Rights configuration was completed with one or more errors." in log
    assert len(log) == 20
    assert all(line == line.strip() and line for line in log)
    assert secedit.log_lines(None) == ()


def test_a_message_tells_how_secedit_ended_and_the_end_of_its_log() -> None:
    assert secedit.said(3, list("1234567")) == (
        "secedit ended with exit code 3",
        "its log says: 2 / 3 / 4 / 5 / 6 / 7",
    )
    assert secedit.said(0, ()) == ("secedit ended with exit code 0", "its log says: nothing")


ASSIGNMENT = {"SeTcbPrivilege": ["S-1-5-18"]}


@pytest.mark.parametrize("encode", [lambda data: data, lambda data: data.decode().encode("utf-16")])
def test_a_template_that_stands_there_as_meant_is_accepted(encode: object) -> None:
    data = encode(inf.render(ASSIGNMENT).data)  # type: ignore[operator]  # a function of bytes
    secedit.check_written(sections(part("t", data)), inf.render(ASSIGNMENT))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(None, id="not shown"),
        pytest.param(b"", id="empty"),
        pytest.param(inf.render(ASSIGNMENT).data[:-2], id="without its last line end"),
        pytest.param(inf.render(ASSIGNMENT).data[:40], id="cut off"),
        pytest.param(inf.render({"SeTcbPrivilege": ["S-1-5-19"]}).data, id="somebody else's"),
        pytest.param(inf.render(ASSIGNMENT).data * 2, id="twice"),
        pytest.param(inf.render(ASSIGNMENT).data.replace(b" =", b"  ="), id="a blank more"),
    ],
)
def test_a_template_that_differs_by_a_byte_is_never_applied(data: bytes | None) -> None:
    answer = sections() if data is None else sections(part("t", data))
    with pytest.raises(ApplyError, match=r"disk full or the folder protected\?\)\.\Z"):
        secedit.check_written(answer, inf.render(ASSIGNMENT))


def test_only_a_very_long_line_is_rehearsed() -> None:
    assert not secedit.must_rehearse(inf.render({"SeTcbPrivilege": LONG[:50], "SeAuditPrivilege": LONG[:50]}))
    assert secedit.must_rehearse(inf.render({"SeTcbPrivilege": LONG}))
