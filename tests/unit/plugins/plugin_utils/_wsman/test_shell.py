# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chains, markers and our own files: proof that a line ran to its end, and that what it left can be found again."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.tests.support.lines import check_safe, commands

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
N = "0a1b2c3d"


def chain() -> shell.Chain:
    return shell.Chain(nonce=N)


def output(*parts: str) -> bytes:
    return "".join(f"{part}\r\n" for part in (f"@@{N}:start", *parts, f"@@{N}:end")).encode()


def test_the_names_of_a_run_carry_prefix_and_start_and_no_other_run_has_them() -> None:
    one, two = shell.Files.fresh(NOW), shell.Files.fresh(NOW)
    assert one.stem.startswith("winmail-20261124T090000Z-")
    assert one.stem != two.stem
    assert one.quoted("inf") == f'"%windir%\\Temp\\{one.stem}.inf"'


def test_a_line_begins_and_ends_with_a_marker_and_keeps_its_order() -> None:
    line = chain().run("first", code="a").show("b", "second").run("third").line()
    assert commands(line) == [
        f"echo @@{N}:start",
        "first",
        f"call echo @@{N}:a=%^errorlevel%",
        f"echo @@{N}:b[",
        "(second)",
        f"echo @@{N}:b]",
        "third",
        f"echo @@{N}:end",
    ]


def test_conditions_and_loops_do_not_swallow_the_rest_of_the_line() -> None:
    files = shell.Files.fresh(NOW)
    line = chain().run(files.remove()).show("a", 'if exist "x" dir "x"').show("b", "for %f in (*) do echo %f").line()
    check_safe(line)
    assert commands(line)[-1] == f"echo @@{N}:end"


def test_each_chain_has_markers_of_its_own() -> None:
    assert len({shell.Chain().nonce for dummy in range(20)}) == 20


def test_output_is_cut_at_the_markers_as_bytes() -> None:
    data = output(f"@@{N}:a=0", f"@@{N}:b[", "Gäst", f"@@{N}:b]", f"@@{N}:c=1332")
    sections = chain().read(data)
    assert sections.section("b") == "Gäst\r\n".encode()
    assert (sections.code("a"), sections.code("c"), sections.code("d")) == (0, 1332, None)


def test_a_part_keeps_an_encoding_of_its_own() -> None:
    raw = "[Version]\r\n".encode("utf-16-le")
    data = f"@@{N}:start\r\n@@{N}:b[\r\n".encode() + raw + f"@@{N}:b]\r\n@@{N}:end\r\n".encode()
    assert chain().read(data).section("b") == raw


@pytest.mark.parametrize(
    ("printed", "code"), [("-1", 0xFFFFFFFF), ("3221225786", 0xC000013A), ("-1073741510", 0xC000013A)]
)
def test_exit_codes_are_unsigned_whatever_cmd_prints(printed: str, code: int) -> None:
    assert chain().read(output(f"@@{N}:a={printed}")).code("a") == code


@pytest.mark.parametrize("printed", ["%errorlevel%", "", "abc"])
def test_an_exit_code_that_was_not_printed_is_unknown(printed: str) -> None:
    assert chain().read(output(f"@@{N}:a={printed}")).code("a") is None


@pytest.mark.parametrize("data", [b"", b"@@0a1b2c3d:start\r\n", b"The command line is too long.\r\n", output()[:-6]])
def test_without_the_end_marker_nothing_is_believed(data: bytes) -> None:
    with pytest.raises(ReadError, match="did not run to its end"):
        chain().read(data)


def test_the_end_marker_of_another_chain_does_not_count() -> None:
    with pytest.raises(ReadError):
        shell.Chain(nonce="ffffffff").read(output())


def test_an_end_marker_in_the_middle_does_not_count() -> None:
    with pytest.raises(ReadError):
        chain().read(output() + b"more")


@pytest.mark.parametrize("data", [output(f"@@{N}:b["), output(f"@@{N}:b]"), output(f"@@{N}:b]", f"@@{N}:b["), output()])
def test_a_part_without_both_markers_is_missing(data: bytes) -> None:
    assert chain().read(data).section("b") is None


@given(st.binary(max_size=200).filter(lambda data: b"@@" not in data))
def test_what_a_command_printed_comes_back_byte_for_byte(printed: bytes) -> None:
    data = f"@@{N}:start\r\n@@{N}:b[\r\n".encode() + printed + f"@@{N}:b]\r\n@@{N}:end\r\n".encode()
    assert chain().read(data).section("b") == printed


def test_a_file_of_ours_is_known_by_its_name() -> None:
    stem = shell.Files.fresh(NOW).stem
    assert [shell.stem_of(f"{stem}.{suffix}") for suffix in ("t.inf", "sdb", "out", "JFM")] == [stem.lower()] * 4
    assert shell.stem_of(f" {stem.upper()}.out\r\n") == stem.lower()


@pytest.mark.parametrize(
    "name",
    [
        "winmail-20200101T000000Z-0a1b2c3d4e5.inf",
        "winmail-20200101T000000Z-0a1b2c3d4e5f",
        "xwinmail-20200101T000000Z-0a1b2c3d4e5f.inf",
        "winmail-2020010\u0661T000000Z-0a1b2c3d4e5f.inf",
        'winmail-20200101T000000Z-0a1b2c3d4e5f" & del.inf',
    ],
)
def test_a_file_that_only_looks_like_ours_is_never_removed(name: str) -> None:
    assert shell.stem_of(name) is None


@given(st.text(max_size=60))
def test_whatever_lies_there_a_stem_is_safe_on_a_command_line(rest: str) -> None:
    for name in (f"winmail-{rest}", f"winmail-20200101T000000Z-0a1b2c3d4e5f{rest}"):
        found = shell.stem_of(name)
        if found is not None:
            check_safe(shell.Chain().run(shell.Files(found).remove()).line())
            assert found.isascii()
            assert found.replace("-", "").isalnum()
