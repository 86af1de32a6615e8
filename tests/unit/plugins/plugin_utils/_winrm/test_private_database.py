# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last fallback: a private database that turns names into SIDs and is applied to nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import private_database
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.lookup_names import Asked
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.tests.support.lines import LIMIT, commands

FILES = shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f")
N = "0a1b2c3d"
SID = "S-1-5-21-1-2-3-1107"


def answer(text: str, encoding: str = "utf-16") -> shell.Sections:
    data = f"@@{N}:qi=0\r\n@@{N}:qe=0\r\n@@{N}:answers[\r\n".encode() + text.encode(encoding)
    return shell.Chain(nonce=N).read(data + f"@@{N}:answers]\r\n@@{N}:end\r\n".encode())


def test_each_name_is_the_only_member_of_a_group_of_its_own() -> None:
    line = private_database.add_questions(shell.Chain(), FILES, ["CORP\\one", "two@corp.example"]).line()
    written = [command.split(" echo ", 1)[1] for command in commands(line) if command.startswith(">>")]
    assert written == [
        "[Unicode]",
        "Unicode=yes",
        "[Group Membership]",
        "*S-1-5-32-544__Members = CORP\\one",
        "*S-1-5-32-545__Members = two@corp.example",
        "[Version]",
        'signature="$CHICAGO$"',
        "Revision=1",
    ]
    assert "/configure" not in line


def test_as_many_long_names_as_one_chain_takes_fit_in_a_line() -> None:
    line = private_database.add_questions(shell.Chain(), FILES, ["x" * 120] * private_database.MOST).line()
    assert len(line.replace("%windir%", "C:\\Windows")) + 400 < LIMIT


def test_a_value_that_came_back_as_a_sid_is_the_answer_and_any_other_is_none() -> None:
    lines = ("*S-1-5-32-545__Members = bare", f"*S-1-5-32-544__MEMBERS=*{SID}", "*S-1-5-32-546__Memberof =")
    text = "".join(f"{line}\r\n" for line in ("[Group Membership]", *lines))
    found = private_database.read_answers(answer(text), ["one", "two", "three"])
    assert found["one"] == Asked(SID, "secedit")
    for name in ("two", "three"):
        assert found[name].trustee is None
        assert "exit codes 0 and 0" in found[name].why


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(f"*S-1-5-32-544__Members = *{SID},*S-1-1-0\r\n", id="two members"),
        pytest.param(f"*S-1-5-32-544__Members = {SID}\r\n", id="no asterisk"),
        pytest.param(f"*S-1-5-32-544__Memberof = *{SID}\r\n", id="member of"),
        pytest.param(f"Power Users__Members = *{SID}\r\n", id="group by name"),
    ],
)
def test_what_is_not_proven_is_no_answer(text: str) -> None:
    assert private_database.read_answers(answer(text), ["one"])["one"].trustee is None


@pytest.mark.parametrize(
    ("value", "absent"),
    [
        ("one", True),
        ("ONE", True),
        ("", False),
        ("other", False),
        (f"*{SID},*S-1-1-0", False),
        ("*S-1-5-21-1-2-3", True),
    ],
)
def test_only_a_name_that_comes_back_is_one_that_nobody_has(value: str, absent: bool) -> None:
    """The SID of a domain is its name's, and no account's."""
    found = private_database.read_answers(answer(f"*S-1-5-32-544__Members = {value}\r\n"), ["one"])["one"]
    assert (found.trustee, found.absent) == (None, absent)


@pytest.mark.parametrize("name", ["CORP\\exsvc", "gmsa$", "x@corp.example", "a b", "o'neil", "a-b_c.d"])
def test_a_plain_name_can_be_asked(name: str) -> None:
    assert private_database.askable(name)


@pytest.mark.parametrize(
    "name", ["", "Büro", "a&b", "a^b", "a(b)", "a,b", "a=b", "a;b", 'a"b', "%x%", "a<b", "a|b", "x" * 121, "a\n"]
)
def test_a_name_that_could_break_the_line_or_the_file_is_not_asked(name: str) -> None:
    assert not private_database.askable(name)


@given(st.text(min_size=1, max_size=130))
def test_an_askable_name_holds_nothing_that_cmd_or_the_file_takes_for_syntax(name: str) -> None:
    if private_database.askable(name):
        assert not set(name) & set('&|<>^()%"=,;[]!\r\n\t')
        assert name.isascii()
